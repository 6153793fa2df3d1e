"""A Table filled by columns gives what the same rows give one by one."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from tests.validity import assert_valid
from tests.workbook_templates.books import SHEET1, SHEET2, cells, part
from tests.workbook_templates.bulkbooks import (
    both,
    given,
    parts,
    people,
    reshaped,
    short_pieces,
    some,
)
from workbook_templates.fill import Template
from workbook_templates.ooxml import bulkpack
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.bulk import Bulk
from workbook_templates.ooxml.cells import CellError
from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.problems import CannotShift, DoesNotFit, MissingPlace
from workbook_templates.ooxml.rearrange import rearrange
from workbook_templates.ooxml.rowmap import RowMap
from workbook_templates.package import Package

BOOKS = {n: people(n) for n in (1, 2, 9)}

_FIRST = datetime(1900, 1, 1)  # noqa: DTZ001 - cells know no time zone
_LAST = datetime(2180, 1, 1)  # noqa: DTZ001
_text = st.text(st.characters(exclude_categories=()), max_size=6) | st.sampled_from(
    ["a", "b & c", " x", "x\n", "_x0041_", "=1+1", "", "\u3000é", "\ud800", "<&>"]
)
_number = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([-0.0, 1e15, 0.1])
_moment = st.datetimes(_FIRST, _LAST) | st.dates(date(1900, 1, 1), date(2200, 1, 1))
_any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    _number | st.sampled_from([float("inf"), float("-inf")]),
    _text,
    _moment,
    st.just(CellError("#N/A")),
)


def _column(rows: int) -> st.SearchStrategy[list[Any]]:
    kinds: list[st.SearchStrategy[Any]] = [
        _text, _number, st.integers(-9, 9), st.booleans(), _any, st.dates(date(1900, 1, 1)),
        st.datetimes(_FIRST, _LAST), st.sampled_from(["s", "t"]),
    ]  # fmt: skip
    lists = [
        st.lists(one, min_size=rows, max_size=rows)
        for kind in kinds
        for one in (kind, kind | st.none())
    ]
    return st.one_of(lists)


@settings(max_examples=60, deadline=None)
@for_all(st.data())
def test_columns_give_what_rows_give(data: st.DataObject) -> None:
    """Values of all kinds, in Tables that grow, shrink and stay, are written alike both ways."""
    book = BOOKS[data.draw(st.sampled_from(sorted(BOOKS)))]
    rows = data.draw(st.integers(1, 12))
    heads = ("Id", "Name", "ARR", "Day", "Live", "Twice")
    columns = Columns({head: data.draw(_column(rows)) for head in heads}, rows)
    new, old = both(book, columns)
    assert new == old


@pytest.mark.parametrize("rows", [1, 5, 9, 14])
@pytest.mark.parametrize("heads", [("Id",), ("ARR", "Mine"), ("Name", "Twice"), ("Day", "Live")])
def test_columns_that_are_not_given_keep_what_they_hold(rows: int, heads: tuple[str, ...]) -> None:
    """Only the given columns change, and cached values that read them go."""
    columns = given([[f"v{k}"] * len(heads) for k in range(rows)], heads)
    new, old = both(BOOKS[9], columns)
    assert new == old


def _bare(text: str) -> str:
    """Rows without cells, cells without a row, a row that is not there."""
    text = re.sub(r'<row r="5".*?</row>', '<row r="5" ht="44" customHeight="1"/>', text)
    text = re.sub(r'<row r="7".*?</row>', "", text)
    return re.sub(r'<row r="8"(.*?)>.*?</row>', r'<row r="8"\1 s="1" customFormat="1"></row>', text)


def _shared(text: str) -> str:
    """Formulas shared as Excel saves them."""
    text = text.replace("<f>F3-1</f>", '<f t="shared" ref="J3:J11" si="0">F3-1</f>')
    text = re.sub(r"<f>F\d+-1</f>", '<f t="shared" si="0"/>', text)
    return text.replace("<f>C6*2+Sum!$B$1</f>", "<f>C6*3</f>")


def _loose(text: str) -> str:
    """Attributes in another order, in single quotes; a bare > in a text."""
    text = re.sub(r'<c r="(C\d+)" s="(\d+)"', r"<c s='\2' r='\1'", text)
    return text.replace("beside 6 &amp; co", "beside > 6")


def _odd(text: str) -> str:
    """People's own formula in a row; one that spans the Table; one where there was a value."""
    text = text.replace("<f>F6-1</f>", "<f>SUM($C$3:$C$11)-C6</f>")
    text = text.replace("<f>F7-1</f>", "<f>SUM(C$3:C7)</f>")
    text = re.sub(r'(<c r="A6")[^>]*>.*?</c>', r"\1><f>1+1</f><v>2</v></c>", text)
    return re.sub(r'<c r="I8"[^>]*>.*?</c>', '<c r="I8"><f>Sum!A1</f><v>7</v></c>', text)


def _prefixed(text: str) -> str:
    """Every element with a prefix, as some programs write them."""
    text = re.sub(r"<(/?)(?=[a-z])(?!\?)", r"<\1x:", text)
    return text.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=")


def _spaced(text: str) -> str:
    """Line ends between rows and cells."""
    return text.replace("</c><c", "</c>\n<c").replace("</row><row", "</row>\n  <row")


def _calc(text: str) -> str:
    """Formulas as LibreOffice writes them."""
    return text.replace("<f>", '<f aca="false">')


@pytest.mark.parametrize("rows", [4, 9, 13])
@pytest.mark.parametrize("shape", [_bare, _shared, _loose, _odd, _prefixed, _spaced, _calc])
def test_rows_are_read_however_they_are_written(shape: Any, rows: int) -> None:
    """Other programs' XML and people's own formulas give the same by columns as by rows."""
    book = reshaped(BOOKS[9], shape)
    new, old = both(book, some(rows))
    assert _cells(new) == _cells(old)
    new.pop(SHEET1), old.pop(SHEET1)
    assert new == old


def _cells(found: dict[str, str]) -> list[str]:
    """The sheet tag by tag; a blank cell or row in its short form, attributes in order."""
    text = re.sub(r"\s*\n\s*", "", found[SHEET1]).replace("'", '"')
    text = re.sub(r"<((?:x:)?(?:row|c))((?:\s[^>]*[^/])?)></\1>", r"<\1\2/>", text)
    tags = re.findall(r"<[^>]*>|[^<]+", text)
    return [" ".join(sorted(t.strip("<>").split(" "))) if t.startswith("<") else t for t in tags]


def test_other_cells_stay_byte_for_byte() -> None:
    """Cells beside the Table and columns that are not ours keep every byte, rows their height."""
    book = reshaped(BOOKS[9], lambda t: t.replace('<c r="I4"', '<c cm="1" r="I4"'))
    with short_pieces():
        after = part(Template(book).fill({}, {"T": some(9)}), SHEET1)
    before = part(book, SHEET1)
    for pattern in (
        r'<c (?:cm="1" )?r="I\d+".*?</c>',
        r"<row [^>]*>",
        r"<sheetFormatPr.*?<sheetData>",
    ):
        assert re.findall(pattern, after) == re.findall(pattern, before)
    styles = r'<c r="[C-D]\d+"( s="\d+")'
    assert re.findall(styles, after) == re.findall(styles, before)
    assert len(set(re.findall(styles, after))) == 3
    assert before[before.index("</sheetData>") :] == after[after.index("</sheetData>") :]


def _below(book: Any, sheet: Any) -> None:
    sheet.write("A20", "below")
    sheet.write_formula("B20", "=SUM(C3:C11)", None, 1)


def test_rows_below_move_down_when_the_table_meets_them() -> None:
    """Whole rows are inserted where something stands below, as when rows are given one by one."""
    book = people(9, _below)
    new, old = both(book, some(40))
    assert new == old
    assert '<c r="A20" t="inlineStr"><is><t>id17' in new[SHEET1]


def test_a_table_beside_is_filled_too() -> None:
    """Two Tables in the same rows, charts' titles and places in the rows are all filled right."""

    def beside(book: Any, sheet: Any) -> None:
        sheet.add_table("L2:M4", {"name": "U", "columns": [{"header": "K"}, {"header": "L"}]})
        book.define_name("inside", "=Data!$I$5")

    book = people(9, beside)
    second = Columns.of({"K": ["u", "v"], "L": [1, 2]})
    for more in ({"tables": {"U": second}}, {"values": {"inside": "here"}}):
        new, old = both(book, some(9), **more)
        assert new == old
    assert cells(Template(book).fill({}, {"T": some(9), "U": second}), "Data")["M4"] == 2


def test_two_tables_on_two_sheets_are_both_written_by_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Formulas over one Table in the rows of another follow it."""

    def second(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("More")
        other.add_table("A1:B3", {"name": "U", "columns": [{"header": "K"}, {"header": "L"}]})
        for row in (2, 3):
            other.write_formula(f"B{row}", f"=SUM(Data!$C$3:$C$11)*A{row}", None, 0)
        sheet.write_formula("H4", "=SUM(More!$A$2:$A$3)", None, 0)
        sheet.write_formula("H5", "=SUM(More!$A$2:$A$3)", None, 0)

    book, made = people(9, second), list[int]()
    of = Bulk.of

    def seen(*args: Any) -> Bulk:
        made.append(len(args[1]))
        return of(*args)

    monkeypatch.setattr(Bulk, "of", seen)
    new, old = both(book, some(12), tables={"U": Columns.of({"K": [1, 2, 3, 4]})})
    assert made[0] == 2
    assert "<f>SUM(More!$A$2:$A$5)</f>" in new[SHEET1]
    again, _ = both(book, some(12), tables={"U": [{"K": k} for k in (1, 2, 3, 4)]})
    assert new == again
    assert new == old


def test_charts_repeat_the_values() -> None:
    """A chart over the Table's columns carries their values."""
    new, _ = both(BOOKS[2], some(5))
    chart = new["xl/charts/chart1.xml"]
    assert "<c:f>Data!$C$3:$C$7</c:f>" in chart
    assert '<c:pt idx="4"><c:v>4.25</c:v></c:pt>' in chart
    assert '<c:pt idx="4"><c:v>id4</c:v></c:pt>' in chart


@pytest.mark.parametrize("gone", [r"3", r"\d|10|11", r"[4-9]|10|11"])
def test_rows_that_are_not_there_are_made(gone: str) -> None:
    """A Table in whose place the sheet has no rows at all, or not the first, is filled."""
    book = reshaped(BOOKS[9], lambda t: re.sub(rf'<row r="(?!2")(?:{gone})".*?</row>', "", t))
    assert '<row r="2"' in part(book, SHEET1)
    for rows in (5, 9, 12):
        new, old = both(book, some(rows))
        # The area in use may be stated larger than it is, never smaller.
        for found in (new, old):
            found[SHEET1] = re.sub(r"<dimension[^>]*>", "", found[SHEET1])
        assert new == old


def test_rows_that_changed_places_are_filled() -> None:
    """After rows left and others were added, columns give what rows give."""
    source = (8, 0, None, 3, 4, None)
    moved = rearrange(Book(Package(BOOKS[9])), [RowMap("T", source)])
    rows = some(6)
    with short_pieces():
        new = parts(Template.of(moved, "It").fill({"zero": 1}, {"T": rows}))
    old = parts(Template.of(moved, "It").fill({"zero": 1}, {"T": rows.mappings()}))
    assert new == old
    assert 'fullCalcOnLoad="1"' in new["xl/workbook.xml"]


def test_columns_have_one_length() -> None:
    """A column that is longer or shorter than the others is refused at once."""
    with pytest.raises(ValueError, match="different lengths"):
        Columns.of({"a": [1], "b": [1, 2]})
    with pytest.raises(ValueError, match="'b' has 2 values for 1 rows"):
        Columns({"a": [1], "b": [1, 2]}, 1)


def test_no_rows_leave_one_blank_row() -> None:
    """Columns without rows leave the Table one blank row."""
    empty = Columns({"Id": [], "ARR": []}, 0)
    found = cells(Template(BOOKS[9]).fill({}, {"T": empty}), "Data")
    assert "A3" not in found
    assert "C3" not in found


@pytest.mark.parametrize("totals", [4, 12])
def test_totals_move_with_the_rows(totals: int) -> None:
    """A totals row stands below the last row, however many there are."""

    def total(book: Any, sheet: Any) -> None:
        columns = [{"header": "K"}, {"header": "L", "total_function": "sum"}]
        options = {"name": "U", "total_row": True, "columns": columns}
        book.add_worksheet("More").add_table("A1:B8", options)

    columns = Columns.of({"K": [f"k{k}" for k in range(totals)], "L": [1.0] * totals})
    new, old = both(people(2, total), columns, table="U")
    assert new == old


def test_what_does_not_fit_is_refused() -> None:
    """Faults in columns are told as those in rows are."""
    template = Template(BOOKS[2])
    with pytest.raises(MissingPlace, match="no column 'Nothing'"):
        template.fill({}, {"T": Columns.of({"Nothing": [1, 2, 3]})})
    with pytest.raises(MissingPlace, match="no Table named 'X'"):
        template.fill({}, {"X": some(2)})
    with pytest.raises(DoesNotFit, match="more digits"):
        template.fill({}, {"T": Columns.of({"ARR": [2**60, 1]})})
    zoned = pd.Series(pd.to_datetime(["2026-01-31"], utc=True))
    with pytest.raises(DoesNotFit, match="time zone"):
        template.fill({}, {"T": Columns({"Day": zoned}, 1)})
    with pytest.raises(DoesNotFit, match="the sheet ends before"):
        template.fill({}, {"T": Columns({"ARR": np.zeros(1_100_000)}, 1_100_000)})


def test_array_formulas_over_several_cells_stop_growth() -> None:
    """An array formula that would be torn apart is refused, as it is row by row."""

    def array(book: Any, sheet: Any) -> None:
        sheet.write_array_formula("G3:G11", "{=A3:A11}", None, "")

    book = people(9, array)
    new, old = both(book, some(9))
    assert new == old
    with pytest.raises(CannotShift, match="array formula"):
        Template(book).fill({}, {"T": some(10)})


def test_array_formulas_of_one_row_are_left_to_the_careful_way() -> None:
    """An array formula over two cells of a row is filled as it is row by row."""

    def array(book: Any, sheet: Any) -> None:
        sheet.write_array_formula("L3:M3", "{=A3:B3}", None, "")
        sheet.write_array_formula("G3", "{=SUM(C3:D3*2)}", None, 0)

    new, old = both(people(3, array), some(5))
    assert new == old
    new, old = both(people(3, lambda b, s: s.write_array_formula("G3", "{=C3}")), some(5))
    assert new == old
    assert '<f t="array" ref="G7">C7</f>' in new[SHEET1]


def test_a_formula_shared_from_above_is_left_to_the_careful_way() -> None:
    """A first row whose formula says what one above the Table says is filled all the same."""

    def shared(text: str) -> str:
        above = '<c r="J2"><f t="shared" ref="J2:J11" si="4">F2-1</f><v>0</v></c></row><row r="3"'
        text = text.replace('</row><row r="3"', above)
        return text.replace("<f>F3-1</f>", '<f t="shared" si="4"/>')

    book = reshaped(BOOKS[9], shared)
    for rows in (9, 11):
        new, old = both(book, some(rows))
        assert new == old


def test_the_calculation_is_asked_for_only_where_values_are_missing() -> None:
    """Formulas outside lose their cached values, and the workbook says so."""
    new = parts(Template(BOOKS[2]).fill({}, {"T": some(4)}))
    assert "<f>SUM(Data!$C$3:$C$6)</f></c>" in new[SHEET2]
    assert 'fullCalcOnLoad="1"' in new["xl/workbook.xml"]


def test_filled_workbooks_open_in_excel(tmp_path: Path) -> None:
    """Rows by columns in a fresh and in a worked-in workbook pass Excel's rules."""
    texts = ["a & <b>", "_x0041_", " x ", "line\nbreak", "=1+1", "\x01", "é" * 40_000]
    columns = {"Id": texts, "ARR": [1.5, None, -0.0, 1e300, 5.0, 6.0, 7.0], "Twice": texts}
    for k, book in enumerate((BOOKS[2], BOOKS[9], people(3, _below))):
        path = tmp_path / f"{k}.xlsx"
        path.write_bytes(Template(book).fill({}, {"T": Columns(columns, len(texts))}))
        assert_valid(path)


def test_many_threads_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces written at the same time end up in their order, the same every time."""
    with short_pieces():
        found = {Template(BOOKS[9]).fill({}, {"T": some(50)}) for _ in range(3)}
        monkeypatch.setattr(bulkpack, "_THREADS", 1)
        found.add(Template(BOOKS[9]).fill({}, {"T": some(50)}))
    assert len(found) == 1


def test_a_fault_in_a_piece_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that no cell holds stops the filling, on whichever thread it is met."""
    monkeypatch.setattr(bulkpack, "_CELLS", 16)
    values: list[Any] = [*range(30), object()]
    with pytest.raises(DoesNotFit, match="cannot stand in a cell"):
        Template(BOOKS[2]).fill({}, {"T": Columns.of({"Id": values})})
