"""Tables grow and shrink, and everything that spans them follows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.workbook_templates.books import (
    CHART,
    SHEET1,
    SHEET2,
    card,
    cell,
    cells,
    changed,
    draw,
    part,
    rewrite,
)
from workbook_templates.fill import Template, Value
from workbook_templates.ooxml.problems import CannotShift, DoesNotFit
from workbook_templates.package import Package

BOOK = draw(card)
TEMPLATE = Template(BOOK)
TABLE = "xl/tables/table1.xml"


def _rows(n: int) -> Any:
    return [{"when": f"m{k}", "SCORE": 10.5 * k} for k in range(1, n + 1)]


def test_rows_by_header_leave_other_columns_alone() -> None:
    """Rows by header leave other columns alone."""
    after = TEMPLATE.fill({}, {"Hist": _rows(2)})
    assert cells(after, "History")["B3"] == 21
    assert cell(after, SHEET2, "C2") == '<c r="C2"><f>[[#This Row],Score]*2</f></c>'
    assert part(after, TABLE) == part(BOOK, TABLE)


def test_plain_rows_pass_cached_values_of_formula_columns() -> None:
    """Plain rows pass cached values of formula columns."""
    full: list[list[Value]] = [["a", 1, 2], ["b", 3, 6]]
    short: list[list[Value]] = [["a", 1]]
    after = TEMPLATE.fill({"twice": 2}, {"Hist": full})
    assert cell(after, SHEET2, "C3") == '<c r="C3"><f>[[#This Row],Score]*2</f><v>6</v></c>'
    with pytest.raises(DoesNotFit, match="has 3 columns, but a row of 2"):
        TEMPLATE.fill({}, {"Hist": short})


@pytest.mark.parametrize("n", [1, 3, 40])
def test_a_table_takes_any_number_of_rows_and_what_spans_it_follows(n: int) -> None:
    """A table takes any number of rows and what spans it follows."""
    after = TEMPLATE.fill({}, {"Hist": _rows(n)})
    last = n + 1
    table = part(after, TABLE)
    assert f' ref="A1:C{last}" ' in table
    assert f'<autoFilter ref="A1:C{last}"/>' in table
    sheet, chart = part(after, SHEET2), part(after, CHART)
    assert f'sqref="{"B2" if n == 1 else f"B2:B{last}"}"' in sheet
    assert f'sqref="{"A2" if n == 1 else f"A2:A{last}"}"' in sheet
    assert f"<xm:f>History!B2:B{last}</xm:f>" in sheet
    assert f"<c:f>History!$B$2:$B${last}</c:f>" in chart
    assert f'<c:ptCount val="{n}"/>' in chart
    assert chart.count("<c:pt ") == 2 * n
    assert f'<c:pt idx="{n - 1}"><c:v>{10.5 * n}</c:v></c:pt>' in chart
    assert cells(after, "Card", values=False)["B5"] == f"=SUM(History!$B$2:$B${last})"
    values = cells(after, "History")
    assert [values.get(f"A{r}") for r in range(2, last + 2)] == [
        *(f"m{k}" for k in range(1, n + 1)),
        None,
    ]
    assert "C" + str(last) in cells(after, "History", values=False)
    assert int(re.search(r'<dimension ref="A1:C(\d+)"', sheet)[1]) >= last  # type: ignore[index]


def test_no_rows_leave_one_blank_row_with_its_formula() -> None:
    """No rows leave one blank row with its formula."""
    after = TEMPLATE.fill({}, {"Hist": []})
    assert ' ref="A1:C2" ' in part(after, TABLE)
    assert cells(after, "History", values=False).keys() == {"A1", "B1", "C1", "C2"}


def test_growth_leaves_every_other_part_alone() -> None:
    """Growth leaves every other part alone."""
    after = TEMPLATE.fill({}, {"Hist": _rows(5)})
    assert changed(BOOK, after) == {SHEET1, SHEET2, CHART, TABLE}


def _report(book: Any) -> None:
    """A Table with styled rows and a totals row, and things below and beside it."""
    sheet, other = book.add_worksheet("Report"), book.add_worksheet("Other")
    money = book.add_format({"num_format": "#,##0"})
    sheet.set_row(2, 33)
    columns = [
        {"header": "Name", "total_string": "Total"},
        {"header": "ARR", "format": money, "total_function": "sum"},
        {"header": "Twice"},
        {"header": "Note"},
    ]
    sheet.add_table("A2:D5", {"name": "Deals", "columns": columns, "total_row": True})
    for row, (name, arr) in enumerate((("a", 10), ("b", 20)), 2):
        sheet.write(row, 0, name)
        sheet.write(row, 1, arr, money)
        sheet.write_formula(row, 2, f"=B{row + 1}*2", None, 2 * arr)
        sheet.write(row, 3, f"note {name}")
    sheet.write("A8", "below")
    sheet.write_formula("B8", "=SUM(B3:B4)+B5", None, 60)
    sheet.merge_range("A9:B9", "merged")
    sheet.write_url("A10", "internal:Report!A8", string="link")
    sheet.write_comment("A8", "a note")
    sheet.conditional_format("A8:B8", {"type": "no_blanks"})
    sheet.data_validation("A11", {"validate": "list", "source": "=$B$3:$B$4"})
    sheet.set_h_pagebreaks([7])
    sheet.print_area("A1:D9")
    book.define_name("footer", "=Report!$A$8")
    book.define_name("arr", "=Report!$B$3:$B$4")
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"categories": "=Report!$A$3:$A$4", "values": "=Report!$B$3:$B$4"})
    sheet.insert_chart("F8", chart)
    sheet.insert_textbox("F1", "fixed", {"object_position": 3})
    sheet.add_sparkline("D3", {"range": "Report!A3:C3"})
    sheet.add_sparkline("D4", {"range": "Report!A4:C4"})
    other.write_formula("A1", "=Report!A8&Report!B5", None, "below30")
    other.write_formula("A2", "=SUM(arr)", None, 30)


REPORT = draw(_report)
DEALS: Any = [{"Name": f"n{k}", "ARR": k} for k in range(6)]


def test_rows_are_inserted_when_something_stands_below() -> None:
    """Rows are inserted when something stands below."""
    after = Template(REPORT).fill({"footer": "moved"}, {"Deals": DEALS})
    sheet = part(after, SHEET1)
    values, formulas = cells(after, "Report"), cells(after, "Report", values=False)
    assert (values["A8"], values["B8"], values["A9"]) == ("n5", 5, "Total")
    assert formulas["B9"] == "=SUBTOTAL(109,[ARR])"
    assert values["A12"] == "moved"
    assert formulas["B12"] == "=SUM(B3:B8)+B9"
    assert [formulas[f"C{r}"] for r in (3, 4, 5, 8)] == ["=B3*2", "=B4*2", "=B5*2", "=B8*2"]
    assert (values["D3"], values["D4"]) == ("note a", "note b")
    assert "D5" not in values
    assert ' ref="A2:D9" ' in part(after, TABLE)
    assert '<autoFilter ref="A2:D8"/>' in part(after, TABLE)
    assert '<mergeCell ref="A13:B13"/>' in sheet
    assert '<hyperlink ref="A14" location="Report!A12"' in sheet
    assert '<conditionalFormatting sqref="A12:B12">' in sheet
    assert 'sqref="A15"><formula1>$B$3:$B$8</formula1>' in sheet
    assert '<brk id="11"' in sheet
    for row in (5, 8):
        assert (
            f'<row r="{row}" ht="33" customHeight="1">' in sheet or f'<row r="{row}" spans' in sheet
        )
        assert f'<c r="B{row}" s="1">' in sheet


def test_inserted_rows_move_names_charts_drawings_comments_and_other_sheets() -> None:
    """Inserted rows move names charts drawings comments and other sheets."""
    after = Template(REPORT).fill({}, {"Deals": DEALS})
    workbook = part(after, "xl/workbook.xml")
    assert ">Report!$A$12<" in workbook
    assert ">Report!$B$3:$B$8<" in workbook
    assert ">Report!$A$1:$D$13<" in workbook
    assert "<c:f>Report!$B$3:$B$8</c:f>" in part(after, CHART)
    drawing = part(after, "xl/drawings/drawing1.xml")
    assert (
        "<xdr:from><xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>11</xdr:row>" in drawing
    )
    assert "<xdr:row>0</xdr:row>" in drawing
    assert '<comment ref="A12"' in part(after, "xl/comments1.xml")
    assert "<x:Row>11</x:Row>" in part(after, "xl/drawings/vmlDrawing1.vml")
    other = cells(after, "Other", values=False)
    assert other["A1"] == "=Report!A12&Report!B9"
    assert "<f>SUM(arr)</f></c>" in part(after, SHEET2)


def test_sparklines_of_a_tables_rows_follow_the_rows() -> None:
    """Sparklines of a tables rows follow the rows."""
    sheet = part(Template(REPORT).fill({}, {"Deals": DEALS}), SHEET1)
    for row in range(3, 9):
        assert f"<xm:f>Report!A{row}:C{row}</xm:f><xm:sqref>D{row}</xm:sqref>" in sheet
    less = part(Template(REPORT).fill({}, {"Deals": DEALS[:1]}), SHEET1)
    assert less.count("<x14:sparkline>") == 1
    assert less.count("<x14:sparklineGroup ") == 1


def test_a_shrinking_table_takes_its_totals_along_and_moves_nothing_else() -> None:
    """A shrinking table takes its totals along and moves nothing else."""
    after = Template(REPORT).fill({}, {"Deals": DEALS[:1]})
    values, formulas = cells(after, "Report"), cells(after, "Report", values=False)
    assert values["A4"] == "Total"
    assert "A5" not in values
    assert values["A8"] == "below"
    assert formulas["B8"] == "=SUM(B3:B3)+B4"
    assert ' ref="A2:D4" ' in part(after, TABLE)
    assert cells(after, "Other", values=False)["A1"] == "=Report!A8&Report!B4"


def test_growing_and_shrinking_back_gives_the_same_references() -> None:
    """Growing and shrinking back gives the same references."""
    grown = Template(TEMPLATE.fill({}, {"Hist": _rows(9)}))
    back = grown.fill({}, {"Hist": _rows(2)})
    straight = TEMPLATE.fill({}, {"Hist": _rows(2)})
    for name in ("xl/workbook.xml", TABLE, CHART, SHEET1):
        assert part(back, name) == part(straight, name)


def test_two_tables_on_one_sheet_grow_together() -> None:
    """Two tables on one sheet grow together."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        for name, top in (("Up", 0), ("Down", 6)):
            columns = [{"header": "K"}, {"header": "V"}]
            sheet.add_table(top, 0, top + 2, 1, {"name": name, "columns": columns})
            sheet.write(top + 1, 0, name)
        sheet.write_formula("E1", "=SUM(B8:B9)+B8", None, 0)

    up: list[dict[str, Value]] = [{"K": f"u{k}", "V": k} for k in range(9)]
    down: list[dict[str, Value]] = [{"K": f"d{k}", "V": k} for k in range(3)]
    after = Template(draw(build)).fill({}, {"Up": up, "Down": down})
    values = cells(after, "S")
    assert [values[f"A{r}"] for r in (2, 10)] == ["u0", "u8"]
    header = next(r for r in range(11, 30) if values.get(f"A{r}") == "K")
    assert [values[f"A{header + k}"] for k in (1, 2, 3)] == ["d0", "d1", "d2"]
    formula = cells(after, "S", values=False)["E1"]
    assert formula == f"=SUM(B{header + 1}:B{header + 3})+B{header + 1}"


def test_a_table_beside_it_or_an_array_formula_stops_insertion() -> None:
    """A table beside it or an array formula stops insertion."""

    def beside(book: Any) -> None:
        _report(book)
        sheet = book.get_worksheet_by_name("Report")
        sheet.add_table("J3:K9", {"name": "Beside"})

    with pytest.raises(CannotShift, match=r"Table 'Beside' at Report!J3:K9 stands beside"):
        Template(draw(beside)).fill({}, {"Deals": DEALS})

    def array(book: Any) -> None:
        _report(book)
        sheet = book.get_worksheet_by_name("Report")
        sheet.write_array_formula("J3:J9", "{=A3:A9}", None, "")

    with pytest.raises(CannotShift, match=r"array formula at Report!J3 fills J3:J9"):
        Template(draw(array)).fill({}, {"Deals": DEALS})


def test_shared_formulas_that_are_torn_apart_are_written_out() -> None:
    """Shared formulas that are torn apart are written out."""

    def share(text: str) -> str:
        text = text.replace("<f>B3*2</f>", '<f t="shared" ref="C3:C4" si="0">B3*2</f>')
        return text.replace("<f>B4*2</f>", '<f t="shared" si="0"/>')

    after = Template(rewrite(REPORT, {SHEET1: share})).fill({}, {"Deals": DEALS})
    formulas = cells(after, "Report", values=False)
    assert [formulas[f"C{r}"] for r in range(3, 9)] == [f"=B{r}*2" for r in range(3, 9)]
    assert "shared" not in part(after, SHEET1)


def test_the_calculation_chain_is_dropped_rather_than_left_stale() -> None:
    """The calculation chain is dropped rather than left stale."""
    chain = '<calcChain xmlns="x"><c r="C3" i="1"/></calcChain>'
    rel = '<Relationship Id="rId99" Type="http://x/calcChain" Target="calcChain.xml"/>'
    kind = '<Override PartName="/xl/calcChain.xml" ContentType="c"/>'
    types, rels = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    book = rewrite(
        REPORT,
        {
            types: lambda t: t.replace("</Types>", kind + "</Types>"),
            rels: lambda t: t.replace("</Relationships>", rel + "</Relationships>"),
        },
    )
    package = Package(book)
    package.add("xl/calcChain.xml", chain.encode())
    book = package.to_bytes()
    assert "xl/calcChain.xml" not in changed(book, Template(book).fill({"footer": 1}))
    after = Template(book).fill({}, {"Deals": DEALS})
    assert "xl/calcChain.xml" not in Package(after)
    assert "calcChain" not in part(after, types) + part(after, rels)


def test_columns_of_a_running_total_do_not_grow() -> None:
    """Columns of a running total do not grow."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        columns = [{"header": "V"}, {"header": "Run"}]
        sheet.add_table("A1:B3", {"name": "T", "columns": columns})
        for row in (2, 3):
            sheet.write_formula(f"B{row}", f"=SUM(A$2:A{row})", None, 0)

    formulas = cells(Template(draw(build)).fill({}, {"T": [{"V": 1}] * 4}), "S", values=False)
    assert [formulas[f"B{r}"] for r in (2, 3, 4, 5)] == [f"=SUM(A$2:A{r})" for r in (2, 3, 4, 5)]


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    """More rows than a sheet has are refused."""

    class Many(list[Any]):
        def __len__(self) -> int:
            return 1_100_000

    with pytest.raises(DoesNotFit, match="the sheet ends before"):
        TEMPLATE.fill({}, {"Hist": Many([{"When": 1}])})


def test_sizes_taken_one_after_the_other_do_not_disturb_each_other() -> None:
    """A template filled with Tables of many sizes gives what a fresh one gives."""
    template = Template(REPORT)
    for n in (6, 1, 3, 6, 2, 1):
        given = {"Deals": DEALS[:n]}
        values: dict[str, Value] = {"footer": f"n={n}"}
        assert template.fill(values, given) == Template(REPORT).fill(values, given)


def test_a_place_inside_a_table_wins_over_the_tables_rows() -> None:
    """Of two values for one cell the place's is written, whatever the order."""

    def build(book: Any) -> None:
        card(book)
        book.define_name("first_score", "=History!$B$2")

    after = Template(draw(build)).fill({"first_score": 99}, {"Hist": _rows(4)})
    assert [cells(after, "History")[f"B{r}"] for r in (2, 3, 5)] == [99, 21, 42]
