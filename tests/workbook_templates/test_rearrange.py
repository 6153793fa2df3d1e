"""Rows of a Table leave, change places and are added: what hangs on them follows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.validity import assert_valid
from tests.workbook_templates.books import (
    SHEET1,
    SHEET2,
    cell,
    cells,
    changed,
    draw,
    part,
    rewrite,
)
from tests.workbook_templates.moving import moved
from tests.workbook_templates.rich_book import FIRST, LAST, rich
from workbook_templates.fill import Template
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.grow import resize_table
from workbook_templates.ooxml.problems import CannotShift, DoesNotFit, MissingPlace
from workbook_templates.ooxml.rearrange import rearrange
from workbook_templates.ooxml.rowmap import RowMap
from workbook_templates.package import Package

RICH = rich()
ALL = tuple(range(LAST - FIRST + 1))
ORDER = (0, 3, 2, 5, None, 9, None)
"""Five of ten rows stay, two of them in another order, and two are new."""
CHART1 = "xl/charts/chart1.xml"


@pytest.fixture(scope="module")
def mixed() -> bytes:
    """The rich workbook in the order of `ORDER`."""
    return moved(RICH, Accounts_T=ORDER)


def test_a_map_that_changes_nothing_changes_no_byte() -> None:
    """The very same workbook comes back, with nothing changed in it."""
    book = Book(Package(RICH))
    assert rearrange(book, [RowMap("Accounts_T", ALL)]) is book
    assert rearrange(book, []) is book


def test_new_rows_at_the_end_are_a_larger_table() -> None:
    """Rows that are only added give what growing the Table gives."""
    book = Book(Package(RICH))
    ours = rearrange(book, [RowMap("accounts_t", (*ALL, None, None, None))])
    theirs = resize_table(book, "Accounts_T", len(ALL) + 3)
    assert ours.changed == theirs.changed
    assert ours.uncalculated == theirs.uncalculated


def test_rows_travel_with_all_their_cells_and_their_looks(mixed: bytes) -> None:
    """Cells beside the Table, height, style and hiding go with the row."""
    values = cells(mixed, "Accounts")
    for row, k in ((5, 0), (6, 3), (7, 2), (8, 5), (10, 9)):
        found = [values[f"{c}{row}"] for c in "ABDFK"]
        assert found == [f"key {k}", 100 * k, 200 * k, f"view {k}", f"go {k}"]
    sheet = part(mixed, SHEET1)
    assert '<row r="7" spans="1:11" s="1" customFormat="1" ht="41.25"' in sheet
    assert re.findall(r'<row r="(\d+)"[^>]* hidden="1"', sheet) == ["6"]


def test_a_table_alone_leaves_what_stands_beside_it() -> None:
    """With *alone* only the Table's own cells move; what stands in the same rows stays."""
    book = Book(Package(RICH))
    before = cells(RICH, "Accounts")
    out = rearrange(book, [RowMap("Accounts_T", ALL[1:], alone=True)])
    after = cells(out.package.render(out.changed, out.removed), "Accounts")
    assert [after[f"A{row}"] for row in (5, 6, 7)] == ["key 1", "key 2", "key 3"]
    beside = [[v for k, v in c.items() if k[0] in "FK"] for c in (before, after)]
    assert "go 0" in beside[0]
    assert beside[0] == beside[1]


def test_new_rows_are_made_like_the_first(mixed: bytes) -> None:
    """They have its styles and the formulas of the Table, without values."""
    formula = "<f>Accounts_T[[#This Row],[ARR]]*2</f>"
    for row in (9, 11):
        assert cell(mixed, SHEET1, f"D{row}") == f'<c r="D{row}">{formula}</c>'
        assert cell(mixed, SHEET1, f"B{row}") == f'<c r="B{row}" s="2"/>'
        assert cell(mixed, SHEET1, f"F{row}") == ""


def test_what_stands_below_moves_up(mixed: bytes) -> None:
    """Totals, notes below, page breaks and the print area follow as if rows were deleted."""
    values, formulas = cells(mixed, "Accounts"), cells(mixed, "Accounts", values=False)
    assert (values["A12"], formulas["B12"]) == ("Total", "=SUBTOTAL(109,[ARR])")
    assert (values["A15"], formulas["B15"]) == ("below", "=SUM(B5:B11)")
    sheet, workbook = part(mixed, SHEET1), part(mixed, "xl/workbook.xml")
    assert '<brk id="14"' in sheet
    assert '<dimension ref="A1:K15"/>' in sheet
    assert 'activeCell="B8" sqref="B8"' in sheet
    assert 'topLeftCell="B5"' in sheet
    for text in ("Accounts!$A$1:$K$15", "Accounts!$1:$4", "Accounts!$A$15", "Accounts!$A$5:$A$11"):
        assert f">{text}<" in workbook
    assert ' ref="A4:E12" ' in part(mixed, "xl/tables/table1.xml")
    assert '<autoFilter ref="A4:E11"/>' in part(mixed, "xl/tables/table1.xml")


def test_references_to_rows_follow_them_or_are_lost(mixed: bytes) -> None:
    """Cells, names and links on other sheets name the row they named, or nothing."""
    other = cells(mixed, "Summary", values=False)
    assert [other[f"A{k}"] for k in range(1, 11)] == [
        "=Accounts!A5", "=#REF!", "=Accounts!A7", "=Accounts!A6", "=#REF!", "=Accounts!A8",
        "=#REF!", "=#REF!", "=#REF!", "=Accounts!A10",
    ]  # fmt: skip
    assert ">Accounts!$A$6<" in part(mixed, "xl/workbook.xml")
    assert 'location="Accounts!A6"' in part(mixed, SHEET2)
    assert 'ref="K10" location="Summary!A10"' in part(mixed, SHEET1)


def test_rules_keep_their_cells(mixed: bytes) -> None:
    """Formats and validations of the column stay whole, those of a row go with it."""
    sheet = part(mixed, SHEET1)
    for area in ("B5:B11", "A5:F11", "C5:C11"):
        assert f'<conditionalFormatting sqref="{area}">' in sheet
    assert "<formula>$C5&gt;$B$2</formula>" in sheet
    one = '<conditionalFormatting sqref="F7"><cfRule type="expression" dxfId="1" priority="3">'
    assert f"{one}<formula>C7&gt;0.1</formula>" in sheet
    assert "<xm:sqref>C5:C11</xm:sqref>" in sheet
    assert '<dataValidations count="1">' in sheet
    assert 'sqref="F5:F11"><formula1>"a,b"' in sheet
    assert '<protectedRange sqref="F5:F11"' in sheet
    assert '<ignoredError sqref="A5:A11"' in sheet
    assert '<mergeCells count="1"><mergeCell ref="I7:J7"/>' in sheet


def test_sparklines_notes_and_pictures_go_with_their_rows(mixed: bytes) -> None:
    """What lies in a row goes with it; notes of rows that leave go, too."""
    sheet = part(mixed, SHEET1)
    lines = set(re.findall(r"Accounts!B(\d+):C\1</xm:f><xm:sqref>E\1<", sheet))
    assert lines == {str(row) for row in range(5, 12)}
    comments = part(mixed, "xl/comments1.xml")
    assert re.findall(r'<comment ref="(\w+)"', comments) == ["A5", "A7", "A10"]
    boxes = part(mixed, "xl/drawings/vmlDrawing1.vml")
    assert re.findall(r"<x:Row>(\d+)", boxes) == ["4", "6", "9"]
    assert boxes.count('ObjectType="Note"') == 3
    drawing = part(mixed, "xl/drawings/drawing1.xml")
    anchors = re.findall(r"<xdr:from>.*?<xdr:row>(\d+)</xdr:row>.*?</xdr:from>", drawing)
    assert anchors == ["6", "1", "16"]


def test_a_removed_rows_note_leaves_with_its_box() -> None:
    """The comment and the shape of a row that leaves are both gone."""
    after = moved(RICH, Accounts_T=[k for k in ALL if k != 2])
    assert re.findall(r'<comment ref="(\w+)"', part(after, "xl/comments1.xml")) == ["A5", "A13"]
    assert part(after, "xl/drawings/vmlDrawing1.vml").count('ObjectType="Note"') == 2
    assert "wide" not in str(cells(after, "Accounts"))
    assert "<mergeCells" not in part(after, SHEET1)


def test_cached_values_are_true_or_gone(mixed: bytes) -> None:
    """What reads rows that left has no value, and what does not keeps its own."""
    other = cells(mixed, "Summary")
    assert {k: other.get(f"B{k}") for k in range(1, 6)} == {
        1: None, 2: None, 3: 0.5, 4: None, 5: "key 3"}  # fmt: skip
    assert other["A4"] == "key 3"
    values = cells(mixed, "Accounts")
    assert [c for c in values if c[0] in "GH"] == []
    assert 'fullCalcOnLoad="1"' in part(mixed, "xl/workbook.xml")


def test_formulas_that_tell_where_they_stand_are_calculated_anew() -> None:
    """What says its own row, or may read any cell, has no value after its row moved."""
    texts = ("ROW()", "A{0}+1", 'INDIRECT("A2")', "$B$9", "SUM($E$2:$E$3)+A{0}", 'F{0}&""')

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        columns = [{"header": h} for h in "KVABCDE"]
        sheet.add_table("A1:G5", {"name": "T", "columns": columns})
        for row in range(2, 6):
            sheet.write(f"A{row}", row)
            for column, text in zip("BCDEFG", texts, strict=True):
                sheet.write_formula(f"{column}{row}", f"={text.format(row)}", None, row * 10)

    after = cells(moved(draw(build), T=[0, 2, 3]), "S")
    known = {row: "".join(c for c in "BCDEFG" if f"{c}{row}" in after) for row in (2, 3, 4)}
    # E2:E3 loses a row, so F is not known any more, nor G which reads it.
    assert known == {2: "BCE", 3: "CE", 4: "CE"}


def test_charts_follow_with_their_copies_of_the_cells(mixed: bytes) -> None:
    """References span the Table, and cached points are those of the rows that stayed."""
    for name in (CHART1, "xl/charts/chart2.xml", "xl/charts/chart3.xml"):
        assert "$5:$B$11" in part(mixed, name) or "$5:$C$11" in part(mixed, name)
    points = re.findall(r'<c:pt idx="(\d)"><c:v>([^<]*)', part(_chart(mixed), "chart"))
    keys = [("0", "key 0"), ("1", "key 3"), ("2", "key 2"), ("3", "key 5"), ("5", "key 9")]
    amounts = [(k, str(100 * int(key[-1]))) for k, key in keys]
    assert points == keys + amounts


def _chart(data: bytes) -> bytes:
    """A package whose part "chart" is the chart with categories."""
    names = [f"xl/charts/chart{k}.xml" for k in (1, 2, 3)]
    found = next(n for n in names if "<c:cat>" in part(data, n))
    package = Package(data)
    package.add("chart", package.read(found))
    return package.to_bytes()


def test_the_result_is_a_valid_workbook(mixed: bytes, tmp_path: Path) -> None:
    """The structural rules and Microsoft's validator find nothing, also with no rows left."""
    for k, data in enumerate((mixed, moved(RICH, Accounts_T=[]))):
        path = tmp_path / f"book{k}.xlsx"
        path.write_bytes(data)
        assert_valid(path)


def test_parts_that_need_not_change_stay_byte_for_byte(mixed: bytes) -> None:
    """Styles, strings, pictures, theme and relationships are as they were."""
    for name in changed(RICH, mixed):
        assert re.search(r"sheet[12]\.xml|chart\d|drawing|comments1|table1|workbook\.xml$", name)


def test_a_moved_workbook_can_be_filled(mixed: bytes) -> None:
    """New rows take values, and rows that stayed keep what is not given."""
    rows: Any = [{"ARR": k} for k in range(7)]
    after = cells(Template(mixed).fill({}, {"Accounts_T": rows}), "Accounts")
    assert [after[f"B{row}"] for row in range(5, 12)] == list(range(7))
    assert after["F6"] == "view 3"


def test_all_rows_removed_leave_one_blank_row() -> None:
    """The Table keeps one row with its formula, and ranges over it stay ranges."""
    after = moved(RICH, Accounts_T=[])
    assert ' ref="A4:E6" ' in part(after, "xl/tables/table1.xml")
    values, formulas = cells(after, "Accounts"), cells(after, "Accounts", values=False)
    assert [c for c in formulas if c[1:] == "5"] == ["D5"]
    assert values["A6"] == "Total"
    assert formulas["B9"] == "=SUM(B5:B5)"
    assert cells(after, "Summary", values=False)["A1"] == "=#REF!"


def test_with_another_table_beside_it_only_its_columns_travel() -> None:
    """The Table and the headed column beside it move, the other Table and the rest stay."""
    before = rich(beside=True)
    after = moved(before, Accounts_T=[9, 0, 1])
    values, old = cells(after, "Accounts"), cells(before, "Accounts")
    assert [values[f"A{r}"] for r in (5, 6, 7, 8)] == ["key 9", "key 0", "key 1", "Total"]
    assert [values[f"F{r}"] for r in (5, 6, 7)] == ["view 9", "view 0", "view 1"]
    assert "F8" not in values
    for place in ("K5", "K14", "A18", "L5"):
        assert values[place] == old[place]
    assert ' ref="A4:E8" ' in part(after, "xl/tables/table1.xml")
    assert ' ref="L5:M8" ' in part(after, "xl/tables/table2.xml")
    assert cells(after, "Accounts", values=False)["B18"] == "=SUM(B5:B7)"


def test_cells_merged_over_rows_that_move_stop_what_they_stand_in(tmp_path: Path) -> None:
    """Beside the Table they keep only its columns moving; inside it the move is refused."""
    after = moved(rich(crossing=True), Accounts_T=[1, 0])
    assert '<mergeCell ref="M7:M8"/>' in part(after, SHEET1)
    assert [cells(after, "Accounts")[f"A{r}"] for r in (5, 6)] == ["key 1", "key 0"]

    def inside(text: str) -> str:
        return text.replace('ref="I7:J7"', 'ref="B7:B8"')

    book = rewrite(RICH, {SHEET1: inside})
    with pytest.raises(CannotShift, match=r"The merged area at Accounts!B7:B8 takes up several"):
        moved(book, Accounts_T=[1, 0])


def test_an_array_formula_over_the_rows_is_not_torn() -> None:
    """Over several rows of the Table it stops the move, in one row it goes along."""

    def build(area: str) -> bytes:
        def drawn(book: Any) -> None:
            sheet = book.add_worksheet("S")
            sheet.add_table("A1:B4", {"name": "T", "columns": [{"header": "K"}, {"header": "V"}]})
            sheet.write_array_formula(area, "{=A3*2}", None, 0)

        return draw(drawn)

    with pytest.raises(CannotShift, match=r"array formula at S!B2:B4"):
        moved(build("B2:B4"), T=[2, 0, 1])
    after = moved(build("B3:B3"), T=[1, 0])
    assert '<c r="B2"><f t="array" ref="B2">A2*2</f>' in part(after, SHEET1)


def test_shared_formulas_are_written_out_where_they_move() -> None:
    """Each cell of a shared formula still says what it said; one that stays keeps sharing."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.add_table("A1:B6", {"name": "T", "columns": [{"header": "K"}, {"header": "V"}]})
        for row in range(2, 7):
            sheet.write_formula(f"B{row}", f"=A{row}*$D$1+A$1", None, row)
        for row in range(9, 12):
            sheet.write_formula(f"F{row}", f"=G{row}", None, row)

    def share(text: str) -> str:
        for row in range(2, 7):
            new = '<f t="shared" ref="B2:B6" si="0">A2*$D$1+A$1</f>' if row == 2 else ""
            text = text.replace(f"<f>A{row}*$D$1+A$1</f>", new or '<f t="shared" si="0"/>')
        return text

    book = rewrite(draw(build), {SHEET1: share})
    after = moved(book, T=[3, 1, 4])
    formulas = cells(after, "S", values=False)
    assert [formulas[f"B{r}"] for r in (2, 3, 4)] == [f"=A{r}*$D$1+A$1" for r in (2, 3, 4)]
    assert [cells(after, "S")[f"B{r}"] for r in (2, 3, 4)] == [5, 3, 6]
    assert "shared" not in part(after, SHEET1)


def test_a_running_total_goes_with_its_row() -> None:
    """In a new order a range that ends in its own row ends in its new row."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.add_table("A1:B5", {"name": "T", "columns": [{"header": "V"}, {"header": "Run"}]})
        for row in range(2, 6):
            sheet.write_formula(f"B{row}", f"=SUM(A$2:A{row})", None, 0)

    formulas = cells(moved(draw(build), T=[3, 0, 2, 1]), "S", values=False)
    assert [formulas[f"B{r}"] for r in range(2, 6)] == [f"=SUM(A$2:A{r})" for r in range(2, 6)]


def test_what_does_not_fit_is_told() -> None:
    """Unknown Tables, rows that are not there and rows named twice are refused in words."""
    for source, words in (((0, 10), "there is no row 11"), ((1, 1), "was given two places")):
        with pytest.raises(DoesNotFit, match=words):
            moved(RICH, Accounts_T=source)
    with pytest.raises(MissingPlace, match="has no Table 'Nobody'; it has: Accounts_T"):
        moved(RICH, Nobody=[0])


def test_the_chain_of_calculation_is_dropped() -> None:
    """A chain that names moved cells would make Excel ask for repair."""
    rel = '<Relationship Id="rId99" Type="http://x/calcChain" Target="calcChain.xml"/>'
    kind = '<Override PartName="/xl/calcChain.xml" ContentType="c"/>'
    book = rewrite(RICH, {
        "[Content_Types].xml": lambda t: t.replace("</Types>", kind + "</Types>"),
        "xl/_rels/workbook.xml.rels":
            lambda t: t.replace("</Relationships>", rel + "</Relationships>"),
    })  # fmt: skip
    package = Package(book)
    package.add("xl/calcChain.xml", b'<calcChain xmlns="x"><c r="D5" i="1"/></calcChain>')
    assert "xl/calcChain.xml" not in Package(moved(package.to_bytes(), Accounts_T=[1]))


@pytest.mark.parametrize("source", [[0, 1, 2, 3, None], [None, 2, 1, 0, 3, None], [None, 1, 3]])
def test_new_rows_look_as_most_rows_do(source: list[int | None]) -> None:
    """Somebody coloured the first row and made it higher: rows that come are plain, as the rest."""

    def build(book: Any) -> None:
        ws, loud = book.add_worksheet("Data"), book.add_format({"bg_color": "#ff0000"})
        plain = book.add_format({"num_format": "0.0"})
        for row in range(4):
            ws.write(1 + row, 0, row, plain if row else loud)
            ws.write(1 + row, 1, "x", plain if row else None)
        ws.set_row(1, 60)
        ws.add_table(0, 0, 4, 1, {"name": "T", "columns": [{"header": "N"}, {"header": "Note"}]})

    before = draw(build)
    sheet = "xl/worksheets/sheet1.xml"
    style = cell(before, sheet, "A3").split(' s="')[1][0]
    after = moved(before, T=source)
    for row, was in enumerate(source, 2):
        if was is None:
            assert cell(after, sheet, f"A{row}") == f'<c r="A{row}" s="{style}"/>'
            assert cell(after, sheet, f"B{row}") == f'<c r="B{row}" s="{style}"/>'
            text = Package(after).read(sheet).decode()
            assert "ht=" not in text.split(f'<row r="{row}"')[1].split(">")[0]
