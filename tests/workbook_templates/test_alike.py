"""Formulas that read alike are taken together, and each still says what it said."""

from __future__ import annotations

from hypothesis import given, settings

from tests.workbook_templates.alikes import PARTS, Cells, book, columns
from workbook_templates.ooxml.alike import SheetFormulas, sheet_formulas
from workbook_templates.ooxml.formulas import read_formulas, row_formulas
from workbook_templates.ooxml.sheet import SheetXml

_HEAD = b'<worksheet xmlns="x"><sheetData>'


def _sheet(rows: bytes) -> SheetXml:
    return SheetXml(_HEAD + rows + b"</sheetData></worksheet>", "sheet")


def _same_as_one_by_one(sheet: SheetXml) -> SheetFormulas:
    found = sheet_formulas(sheet)
    one_by_one = read_formulas(sheet)
    assert len(found) == len(one_by_one)
    for item, f in enumerate(one_by_one):
        assert (found.row[item], found.col(item), found.text(item)) == (f.row, f.col, f.text)
        assert (found.start[item], found.end[item]) == (f.start, f.end)
        assert found.columns[f.col] >> f.row & 1
        assert found.in_row(f.row)[f.col] == f.text
        assert f in row_formulas(sheet, f.row)
    assert sum(rows.bit_count() for rows in found.columns.values()) == len(one_by_one)
    return found


@settings(max_examples=40)
@given(formulas=columns())
def test_each_says_what_it_said(formulas: Cells) -> None:
    """Rows, columns, texts and bytes are those of the formulas read one by one."""
    made = book(formulas)
    for part in PARTS:
        sheet = made.sheet(part)
        found = _same_as_one_by_one(sheet)
        for group in found.groups:
            for item, row in zip(group.items, group.rows, strict=True):
                start, end = found.text_span(item)
                assert sheet.data[start:end] == group.key.replace(b"\0", b"%d" % row)


def test_a_column_filled_down_is_one_group() -> None:
    """A hundred rows of two columns of formulas are two groups, and sound."""
    cells = b'<row r="%d"><c r="C%d"><f>$B%d*2</f><v>1</v></c><c r="D%d"><f>SUM(A$7)</f></c></row>'
    found = _same_as_one_by_one(_sheet(b"".join(cells % ((r,) * 4) for r in range(20, 120))))
    assert [(g.col, g.key, g.sound) for g in found.groups] == [
        (3, b"$B\0*2", True), (4, b"SUM(A$7)", True),
    ]  # fmt: skip


def test_a_number_that_happens_to_be_the_row_is_no_reference() -> None:
    """LEFT(A7,7) in row 7 reads like LEFT(A8,8) in row 8, but is not the same formula."""
    cells = b'<row r="%d"><c r="C%d"><f>LEFT(A%d,%d)</f></c></row>'
    found = _same_as_one_by_one(_sheet(cells % ((7,) * 4) + cells % ((8,) * 4)))
    assert [(len(g.rows), g.sound) for g in found.groups] == [(2, False)]


def test_however_programs_write_them() -> None:
    """Attributes in any order, shared and array formulas, and empty elements."""
    rows = (
        b'<row r="1"><c s="2" r="A1"><f ca="1">B1</f></c>'
        b'<c r="B1"><f t="shared" ref="B1:B3" si="0">C1&amp;"x"</f><v>1</v></c></row>'
        b'<row r="2"><c r="A2"><f>B2</f></c><c r="B2"><f t="shared" si="0"/><v>1</v></c></row>'
        b'<row r="3"><c r="A3"><f/></c><c r="B3"><f si="0" t="shared"/></c>'
        b'<c r="C3"><f t="array" ref="C3:D4">A1:A2*2</f></c></row>'
    )
    found = _same_as_one_by_one(_sheet(rows))
    assert {f.kind for f in found.others.values()} == {"shared", "array"}
    assert found.in_row(3) == {1: "", 2: 'C3&"x"', 3: "A1:A2*2"}


def test_a_prefix_and_no_formula() -> None:
    """A namespace prefix is read along; a sheet of numbers has no formulas."""
    data = (
        b'<x:worksheet xmlns:x="x"><x:sheetData><x:row r="5"><x:c r="A5"><x:f>B5</x:f></x:c>'
        b"</x:row></x:sheetData></x:worksheet>"
    )
    assert _same_as_one_by_one(SheetXml(data, "sheet")).in_row(5) == {1: "B5"}
    assert len(sheet_formulas(_sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>'))) == 0
