"""References: reading them in formulas, shifting them, leaving everything else alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.refs import (
    MAX_COL,
    MAX_ROW,
    Area,
    NameToken,
    RefToken,
    StructToken,
    col_name,
    col_number,
    map_refs,
    parse_area,
    shift_formula,
    tokens,
)


@given(st.integers(1, MAX_COL))
def test_column_letters_round_trip(number: int) -> None:
    """Column letters round trip."""
    assert col_number(col_name(number)) == number


def _found(formula: str) -> list[str]:
    return [formula[t.start : t.end] for t in tokens(formula) if isinstance(t, RefToken)]


@pytest.mark.parametrize(
    ("formula", "refs"),
    [
        ("SUM(A1:B$2,$C3)", ["A1:B$2", "$C3"]),
        ("'It''s A1'!B2+Sheet1!$A:$A+$1:$3", ["'It''s A1'!B2", "Sheet1!$A:$A", "$1:$3"]),
        ('"A1"&LOG10(C4)&ATAN2(D1,E1)', ["C4", "D1", "E1"]),
        ("Table1[A1]+[@[B2]]+TAX2024x+Name.A1", []),
        ("[1]Sheet1!A1+'[2]My sheet'!B2", ["[1]Sheet1!A1", "'[2]My sheet'!B2"]),
        ("Jan:Mar!A1+#REF!+1E5+A1#", ["Jan:Mar!A1", "A1"]),
        ("_xlfn.LET(x,D2,x*2)", ["D2"]),
        ("ZZZ1+A9999999+übung!A1", ["übung!A1"]),
        ("a1:b2", ["a1:b2"]),
    ],
)
def test_references_in_a_formula(formula: str, refs: list[str]) -> None:
    """References in a formula."""
    assert _found(formula) == refs


def test_names_and_structured_references_are_told_apart() -> None:
    """Names and structured references are told apart."""
    found = tokens("rate*SUM(Hist[Score])+[@Owner]")
    assert [t.name for t in found if isinstance(t, NameToken)] == ["rate", "SUM"]
    assert [(t.table, t.inner) for t in found if isinstance(t, StructToken)] == [
        ("Hist", "Score"),
        ("", "@Owner"),
    ]


@pytest.mark.parametrize("text", ["A0", "XFE1", "A1048577", "Sheet1!A1", "A1+B1", ""])
def test_what_is_no_area_of_the_sheet(text: str) -> None:
    """What is no area of the sheet."""
    assert parse_area(text) is None


cells = st.tuples(st.integers(1, 900), st.integers(1, 200), st.booleans(), st.booleans())


@given(cells, cells, st.integers(-3000, 3000), st.integers(-900, 900))
def test_a_shift_moves_relative_parts_only_and_can_be_undone(
    a: tuple[int, int, bool, bool], b: tuple[int, int, bool, bool], rows: int, cols: int
) -> None:
    """A shift moves relative parts only and can be undone."""

    def text(cell: tuple[int, int, bool, bool]) -> str:
        return f"{'$' * cell[2]}{col_name(cell[1])}{'$' * cell[3]}{cell[0]}"

    formula = f'IF(x>1,{text(a)},"A1")&Sheet1!{text(b)}'
    there = shift_formula(formula, rows, cols)
    fits = all(
        (cell[3] or 1 <= cell[0] + rows <= MAX_ROW) and (cell[2] or 1 <= cell[1] + cols <= MAX_COL)
        for cell in (a, b)
    )
    if fits:
        assert shift_formula(there, -rows, -cols) == formula
    else:
        assert "#REF!" in there
    assert '"A1"' in there


@given(st.text(alphabet="A1$:!'\"[]()+@#B2 ,Té.", max_size=40))
def test_any_text_can_be_read_and_is_kept_when_nothing_moves(text: str) -> None:
    """Any text can be read and is kept when nothing moves."""
    assert map_refs(text, lambda token: token.area) == text
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)


def _change(last: int, inserted: int = 0, totals: int = 0) -> RowChange:
    return RowChange("History", "s.xml", Area(2, 1, 3, 3), 1, last, inserted, totals)


@pytest.mark.parametrize(
    ("formula", "grown"),
    [
        ("SUM(History!$B$2:$B$3)", "SUM(History!$B$2:$B$10)"),
        ("COUNTA(history!A1:C3)", "COUNTA(history!A1:C10)"),
        ("SUM(History!B2:D3)", "SUM(History!B2:D3)"),
        ("SUM(History!B2:B2)+History!B3", "SUM(History!B2:B2)+History!B3"),
        ("SUM(B2:B3)", "SUM(B2:B3)"),
        ("SUM(History!B:B)", "SUM(History!B:B)"),
    ],
)
def test_only_ranges_that_span_the_tables_rows_grow(formula: str, grown: str) -> None:
    """Only ranges that span the tables rows grow."""
    assert _change(10).formula(formula, "Card") == grown


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("History!B4+History!$B$9", "History!B11+History!$B$16"),
        ("SUM(History!A3:A5)", "SUM(History!A3:A12)"),
        ("SUM(History!$2:$4)", "SUM(History!$2:$11)"),
        ("Card!B4+History!B3", "Card!B4+History!B3"),
        ("History!B1048575", "History!#REF!"),
        ('"History!B4"&History!C:C', '"History!B4"&History!C:C'),
    ],
)
def test_inserted_rows_move_what_is_below(formula: str, moved: str) -> None:
    """Inserted rows move what is below."""
    assert _change(10, inserted=7).formula(formula, "Card") == moved


@given(st.integers(1, 500), st.integers(0, 80), st.integers(1, 400))
def test_insertion_keeps_every_row_of_a_range(row: int, more: int, inserted: int) -> None:
    """A range that starts above the Table holds the same cells, moved, and the new ones."""
    area = _change(3 + inserted, inserted=inserted).area(Area(row, 9, row + more, 9))
    assert area is not None
    rows = {r if r < 4 else r + inserted for r in range(row, row + more + 1)}
    assert rows <= set(range(area.r1, area.r2 + 1))
    assert area.r1 in rows
    assert area.r2 in rows
