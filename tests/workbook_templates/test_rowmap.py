"""Where the rows of a Table go, as a map says it."""

from __future__ import annotations

import pytest

from workbook_templates.ooxml.problems import DoesNotFit
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.refs import MAX_COL, MAX_ROW, Area, parse_area
from workbook_templates.ooxml.rowmap import RowMap


@pytest.mark.parametrize("source", [(2,), (-1,), (0, 0)])
def test_a_map_must_fit_its_table(source: tuple[int, ...]) -> None:
    """Rows that are not there, or in two places, are refused."""
    with pytest.raises(DoesNotFit, match="Table 'T'"):
        RowMap("T", source).check(2)


def _move(goes: tuple[int, ...], count: int, *, whole: bool = True) -> RowMove:
    columns = (1, MAX_COL) if whole else (1, 3)
    return RowMove("S", "p", Area(5, 1, 4 + len(goes), 3), 5 + len(goes), *columns, goes, count)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("B4", "B4"),
        ("B5", None),
        ("B6", "B5"),
        ("B9", "B7"),
        ("B5:B8", "B5:B6"),
        ("B5:B6", "B5"),
        ("B1:B8", "B1:B6"),
        ("B6:B20", "B5:B18"),
        ("B5:B5", None),
        ("5:8", "5:6"),
        ("A:C", "A:C"),
        (f"B2:B{MAX_ROW}", f"B2:B{MAX_ROW - 2}"),
    ],
)
def test_areas_shrink_as_sheet_rows_are_deleted(text: str, after: str | None) -> None:
    """Rows 5 and 7 of 5 to 8 leave: what is left of an area is the rest of its rows."""
    move = _move((-1, 0, -1, 1), 2)
    area = parse_area(text)
    assert area is not None
    found = move.area(area)
    expected = parse_area(after) if after else None
    assert found == expected
    assert move.touches(area) == (area.r1 <= 5 <= area.r2 or area.r1 <= 7 <= area.r2)


def test_new_rows_take_the_places_of_those_that_leave() -> None:
    """What is below stays, and a range past the Table's end keeps its length."""
    move = _move((-1, 0, 1, 2), 4)
    assert move.news == (3,)
    assert move.shift == 0
    assert move.area(Area(6, 2, 20, 2)) == Area(5, 2, 20, 2)
    assert move.area(Area(5, 2, 8, 2)) == Area(5, 2, 8, 2)
    assert move.area(Area(6, 2, 8, 2)) == Area(5, 2, 7, 2)


def test_where_columns_travel_only_they_are_followed() -> None:
    """References that reach beside them stay, and the totals close up."""
    move = _move((-1, 0, 1, 2), 3, whole=False)
    assert move.area(Area(6, 2, 6, 2)) == Area(5, 2, 5, 2)
    assert move.area(Area(6, 2, 6, 9)) == Area(6, 2, 6, 9)
    assert move.area(Area(9, 2, 9, 2)) == Area(8, 2, 8, 2)
    assert move.area(Area(20, 2, 20, 2)) == Area(20, 2, 20, 2)
    assert move.touches(Area(5, 2, 8, 9))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("B6*$C$6", "B7*$C$7"),  # its own row, however it is written
        ("B5", "B8"),  # another row: where that went
        ("SUM(B$5:B6)", "SUM(B$5:B7)"),  # a running total
        ("SUM(B6:B$8)", "SUM(B7:B$8)"),
        ("SUM($B$5:$B$6)", "SUM($B$5:$B$6)"),  # fixed places
        ("SUM(B5:B8)", "SUM(B5:B8)"),  # the whole column
        ("SUM(B5:B6)", "SUM(B6:B7)"),  # as if it were copied
        ("Other!B6", "Other!B6"),
        ("S!B6+'S'!B5", "S!B7+'S'!B8"),
        ("SUM(A:A)", "SUM(A:A)"),
    ],
)
def test_formulas_of_rows_in_another_order(text: str, after: str) -> None:
    """Row 6 becomes row 7 where the rows 5 to 8 turn round."""
    assert _move((3, 2, 1, 0), 4).formula(text, "S", 6) == after


def test_of_several_areas_those_that_are_left_stay_in_order() -> None:
    """What cannot be read as an area stays as it is."""
    move = _move((-1, 0, -1, 1), 2)
    moved = move.sqref("B5 B6 A1:A9 #REF! C7:C20")
    assert moved is not None
    assert (moved.text, moved.old, moved.new) == ("B5 A1:A7 #REF! C6:C18", (1, 1), (1, 1))
    assert move.sqref("A1:C4 #REF!") is None
    gone = move.sqref("B5 B7")
    assert gone is not None
    assert gone.text == ""
