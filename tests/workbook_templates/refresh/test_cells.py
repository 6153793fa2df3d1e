"""Cells of many rows, read at once, hold what each cell holds when read alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook_templates.books import SHEET1, draw, rewrite
from tests.workbook_templates.bulkbooks import short_pieces
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import CellError, Value
from workbook_templates.ooxml.problems import NotAWorkbook
from workbook_templates.ooxml.reading import area_formulas, area_values, cell_value
from workbook_templates.ooxml.refs import Area
from workbook_templates.package import Package
from workbook_templates.refresh.cells import read_cells

STRINGS = ("first", "second & co", "")
_BLANK = draw(lambda book: book.add_worksheet().write("A1", "x"))
_KINDS = {
    "": st.sampled_from(["1", "-2.5", "1E-7", "1.5e300", "0.1", "12345678901234567", " 7 ", ""]),
    "str": st.sampled_from(["plain", "", "a &amp; b", "&#65;&lt;", "ü€", " x "]),
    "s": st.sampled_from(["0", "1", "2", "9"]),
    "b": st.sampled_from(["0", "1"]),
    "e": st.sampled_from(["#N/A", "#REF!"]),
    "d": st.just("2026-01-31"),
}
_FORMULAS = ("", "<f>A1+1</f>", '<f t="shared" si="0"/>', '<f t="array" ref="B2">SUM(1)</f>')
_INLINE = (
    "<is><t>text</t></is>",
    "<is><t>a &gt; b</t></is>",
    '<is><t xml:space="preserve"> a</t></is>',
    "<is><r><t>rich</t></r><r><t> text</t></r></is>",
    "<is><t></t></is>",
    "<is><t/></is>",
)


@st.composite
def _cell(draw_one: st.DrawFn) -> str:
    """Attributes and content of a cell as some program may write it; "" for none."""
    kind = draw_one(st.sampled_from([*_KINDS, "inlineStr", "blank", "none"]))
    style = draw_one(st.sampled_from(["", ' s="3"', ' s="3" cm="1"', " "]))
    if kind == "none":
        return ""
    if kind == "blank":
        return style + draw_one(st.sampled_from(["/>", "></c>"]))
    if kind == "inlineStr":
        return f'{style} t="inlineStr">{draw_one(st.sampled_from(_INLINE))}</c>'
    value = f"<v>{draw_one(_KINDS[kind])}</v>"
    formula = draw_one(st.sampled_from(_FORMULAS))
    inside = draw_one(st.sampled_from([formula + value, formula, value]))
    return style + (f' t="{kind}"' if kind else "") + f">{inside}</c>"


def _book(rows: list[list[str]], change: Callable[[str], str] = str) -> Book:
    """A workbook whose first sheet has these cells, from A1 on."""
    lines = (
        f'<row r="{n}">'
        + "".join(f'<c r="{chr(65 + k)}{n}"{cell}' for k, cell in enumerate(row) if cell)
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    data = f"<sheetData>{''.join(lines)}</sheetData>"
    sheet = rewrite(
        _BLANK,
        {
            SHEET1: lambda text: change(re.sub("<sheetData>.*</sheetData>", data, text)),
            "xl/sharedStrings.xml": lambda text: re.sub(
                "<si>.*</si>",
                "<si><t>first</t></si><si><r><t>second</t></r><r><t> &amp; co</t></r></si>"
                "<si><t/></si>",
                text,
            ),
        },
    )
    return Book(Package(sheet))


def _check(book: Book, count: int) -> None:
    area = Area(1, 1, count, 3)
    with short_pieces():
        read = read_cells(book, SHEET1, area, {1, 2, 3})
    alone, sheet = area_values(book, SHEET1, area), book.sheet(SHEET1)
    formulas = area_formulas(book, SHEET1, area)
    for row in range(1, count + 1):
        for col in (1, 2, 3):
            found, value = read.values[col][row - 1], alone.get((row, col))
            cell = sheet.cell(row, col)
            # A text cell without content is as good as none.
            value = value if cell is not None and cell.body else None
            assert (type(found), found) == (type(value), value), (row, col)
            assert (row - 1 in read.formulas[col]) == ((row, col) in formulas)


@given(rows=st.lists(st.lists(_cell(), min_size=3, max_size=3), min_size=1, max_size=12))
def test_cells_at_once_are_cells_alone(rows: list[list[str]]) -> None:
    """Whatever stands in the cells, in however many ways it is written."""
    _check(_book(rows), len(rows))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: re.sub(r'<c r="(\w+)" s="3"', r'<c s="3" r="\1"', text),
        lambda text: re.sub(r"<(/?)(worksheet|sheetData|row|c|v|f|is|t)\b", r"<\1x:\2", text)
        .replace('xmlns="', 'xmlns:x="', 1),
        lambda text: text.replace("</c><c", "</c>\n <c"),
    ],
)  # fmt: skip
def test_other_programs_write_otherwise(change: Callable[[str], str]) -> None:
    """Attributes in another order, a prefix, blanks between cells: read one by one."""
    cells = [' s="3"><v>1.5</v></c>', ' s="3" t="s"><v>1</v></c>', ' t="inlineStr">']
    cells[2] += "<is><t>x</t></is></c>"
    _check(_book([cells] * 5, change), 5)


def test_empty_texts_and_unknown_strings() -> None:
    """A formula's empty text is a text; a shared string that is not there is an empty one."""
    book = _book(
        [[' t="str"><f>A9</f><v></v></c>', ' t="s"><v>7</v></c>', ' t="e"><v>#N/A</v></c>']]
    )
    read = read_cells(book, SHEET1, Area(1, 1, 2, 3), {1, 2, 3})
    found: list[Value] = [read.values[c][0] for c in (1, 2, 3)]
    assert found == ["", "", CellError("#N/A")]
    assert [read.values[c][1] for c in (1, 2, 3)] == [None] * 3
    assert [list(read.formulas[c]) for c in (1, 2, 3)] == [[0], [], []]


@pytest.mark.parametrize("items", ["<si>", "<si >", "<si\n>"])
def test_shared_strings_are_read_plain_and_rich(items: str) -> None:
    """Plain ones, rich ones and empty ones, in their order, however they are written."""
    book = _book([[' t="s"><v>1</v></c>']])
    part = "xl/sharedStrings.xml"
    book.changed[part] = book.read(part).replace(b"<si>", items.encode())
    assert book.strings == STRINGS
    assert cell_value(book, book.sheet(SHEET1).cell(1, 1)) == "second & co"


def test_shared_strings_cut_short_are_refused() -> None:
    """An item that is never closed is a damaged workbook."""
    book = _book([[' t="s"><v>1</v></c>']])
    part = "xl/sharedStrings.xml"
    book.changed[part] = book.read(part).replace(b"</si></sst>", b"</sst>")
    with pytest.raises(NotAWorkbook):
        _ = book.strings
