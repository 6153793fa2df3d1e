"""Filling places: what changes, what stays byte for byte, what goes stale."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from typing import Any

import pytest
from defusedxml import ElementTree

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
from workbook_templates.fill import CellError, ChartChange, Template
from workbook_templates.package import DoesNotFit, MissingPlace, Package

BOOK = draw(card)
TEMPLATE = Template(BOOK)
WORKBOOK = "xl/workbook.xml"


def _without_full_calc(text: str) -> str:
    return text.replace(' fullCalcOnLoad="1"', "")


QUIET = rewrite(BOOK, {WORKBOOK: _without_full_calc})


def test_places_and_tables_are_listed_with_sheet_and_reference() -> None:
    """Places and tables are listed with sheet and reference."""
    places = TEMPLATE.places
    assert (places["score"].sheet, places["score"].ref) == ("Card", "B2")
    block = places["block"]
    assert (block.ref, block.rows, block.cols) == ("D6:E8", 3, 2)
    assert (places["title"].ref, places["title"].rows, places["title"].cols) == ("D1:F2", 1, 1)
    hist = TEMPLATE.tables["Hist"]
    assert (hist.sheet, hist.ref, hist.columns) == ("History", "A1:C3", ("When", "Score", "Double"))
    assert TEMPLATE.charts["Chart 1"].alt_text == "old alt"
    assert TEMPLATE.sheets == ("Card", "History")


def test_filling_one_cell_changes_one_part_and_in_it_one_cell() -> None:
    """Filling one cell changes one part and in it one cell."""
    after = Template(QUIET).fill({"account": "Ada"})
    assert changed(QUIET, after) == {SHEET1}
    old, new = cell(BOOK, SHEET1, "B1"), cell(after, SHEET1, "B1")
    assert new == '<c r="B1" s="1" t="inlineStr"><is><t>Ada</t></is></c>'
    assert part(after, SHEET1).replace(new, old) == part(BOOK, SHEET1)


def test_filling_nothing_gives_the_same_parts() -> None:
    """Filling nothing gives the same parts."""
    assert changed(BOOK, TEMPLATE.fill({})) == set()


def test_a_formula_stays_and_its_value_becomes_the_cached_one() -> None:
    """A formula stays and its value becomes the cached one."""
    for value, xml in (
        (15, '<c r="B3"><f>B2*2</f><v>15</v></c>'),
        ("n/a", '<c r="B3" t="str"><f>B2*2</f><v>n/a</v></c>'),
        (True, '<c r="B3" t="b"><f>B2*2</f><v>1</v></c>'),
        (CellError("#N/A"), '<c r="B3" t="e"><f>B2*2</f><v>#N/A</v></c>'),
        (None, '<c r="B3" t="str"><f>B2*2</f><v></v></c>'),
        ("a & b", '<c r="B3" t="str"><f>B2*2</f><v>a &amp; b</v></c>'),
    ):
        assert cell(TEMPLATE.fill({"twice": value}), SHEET1, "B3") == xml


def test_dependents_without_a_new_value_lose_theirs_and_the_book_asks_to_be_calculated() -> None:
    """Dependents without a new value lose theirs and the book asks to be calculated."""
    after = Template(QUIET).fill({"score": 9})
    assert cell(after, SHEET1, "B3") == '<c r="B3"><f>B2*2</f></c>'
    assert 'fullCalcOnLoad="1"' in part(after, WORKBOOK)
    assert cell(after, SHEET1, "B5") == cell(BOOK, SHEET1, "B5")
    both = Template(QUIET).fill({"score": 9, "twice": 18})
    assert changed(QUIET, both) == {SHEET1}


def test_dependents_are_followed_through_other_sheets_tables_and_names() -> None:
    """Dependents are followed through other sheets tables and names."""

    def build(book: Any) -> None:
        card(book)
        sheet = book.add_worksheet("More")
        book.define_name("Rate", "=Card!$B$2")
        for row, formula in enumerate(
            (
                "=Rate*2",
                "=A1+1",
                "=SUM(Hist[Score])",
                "=Card!H30",
                '=INDIRECT("x")',
                "=History!A2",
                "=SUM(Card!B:B)",
            )
        ):
            sheet.write_formula(row, 0, formula, None, 5)

    template = Template(draw(build))
    more = "xl/worksheets/sheet3.xml"

    def stale(data: bytes) -> list[int]:
        return [row for row in range(1, 8) if "<v>" not in cell(data, more, f"A{row}")]

    assert stale(template.fill({"score": 3, "twice": 6})) == [1, 2, 5, 7]
    assert stale(template.fill({"missing": 3})) == [4, 5]
    table = {"Hist": [{"Score": 1}, {"Score": 2}]}
    assert stale(template.fill({}, table)) == [3, 5, 7]


def test_a_block_takes_rows_and_its_rest_becomes_blank() -> None:
    """A block takes rows and its rest becomes blank."""
    template = Template(TEMPLATE.fill({"block": [[1, 2], [3, 4], [5, 6]]}))
    after = cells(template.fill({"block": [[7], ["x", 8]]}), "Card")
    assert (after["D6"], after["D7"], after["E7"]) == (7, "x", 8)
    assert {"E6", "D8", "E8"} & after.keys() == set()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"block": [[1, 2, 3]]}, r"'block' \(Card!D6:E8\) has room for 3 × 2 cells, but 1 × 3"),
        ({"block": [[1]] * 4}, "4 × 1 were given"),
        ({"block": 5}, "give a list of rows"),
        ({"block": [1, 2]}, "where a row"),
        ({"score": [[1, 2]]}, "room for 1 × 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_places_name(values: Any, why: str) -> None:
    """What does not fit is refused with the places name."""
    with pytest.raises(DoesNotFit, match=why):
        TEMPLATE.fill(values)


def test_unknown_names_are_refused_with_what_there_is() -> None:
    """Unknown names are refused with what there is."""
    with pytest.raises(MissingPlace, match=r"no place named 'scor'; it has: .*score"):
        TEMPLATE.fill({"scor": 1})
    with pytest.raises(MissingPlace, match="no Table named 'Hits'; it has: Hist"):
        TEMPLATE.fill({}, {"Hits": []})
    with pytest.raises(MissingPlace, match="has no column 'Sore'; it has When, Score, Double"):
        TEMPLATE.fill({}, {"Hist": [{"Sore": 1}]})
    with pytest.raises(MissingPlace, match="no chart named 'Pie'"):
        TEMPLATE.fill({}, charts={"Pie": ChartChange(axis_min=0)})
    assert cells(TEMPLATE.fill({"SCORE": 3}), "Card")["B2"] == 3


def test_a_merged_place_is_filled_at_its_anchor() -> None:
    """A merged place is filled at its anchor."""
    after = TEMPLATE.fill({"title": "Q4"})
    assert cells(after, "Card")["D1"] == "Q4"
    assert '<mergeCell ref="D1:F2"/>' in part(after, SHEET1)


def test_missing_rows_and_cells_come_in_order_with_the_columns_style_and_dimension() -> None:
    """Missing rows and cells come in order with the columns style and dimension."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        percent, bold = book.add_format({"num_format": "0%"}), book.add_format({"bold": True})
        sheet.set_column("C:C", 9, percent)
        sheet.set_row(6, 20, bold)
        sheet.write("B2", 1)
        sheet.write("D2", 2)
        sheet.write("B9", 3)
        for name, at in {"p_a": "C2", "p_b": "C4", "p_c": "E7", "p_d": "C20", "p_e": "A1"}.items():
            book.define_name(name, f"=S!${at[0]}${at[1:]}")

    after = Template(draw(build)).fill({"p_a": 1, "p_b": 2, "p_c": 3, "p_d": 4, "p_e": 5})
    text = part(after, SHEET1)
    inside = text[text.index("<sheetData>") : text.index("</sheetData>")]
    refs = [piece.split('"')[0] for piece in inside.split(' r="')[1:]]
    assert refs == ["1", "A1", "2", "B2", "C2", "D2", "4", "C4", "7", "E7", "9", "B9", "20", "C20"]
    assert '<c r="C2" s="1">' in text
    assert '<c r="C20" s="1">' in text
    assert '<c r="E7" s="2">' in text
    assert '<dimension ref="A1:E20"/>' in text


def test_cells_without_references_prefixes_and_comments_are_understood() -> None:
    """Cells without references prefixes and comments are understood."""

    def strip(text: str) -> str:
        head, tail = text.split("<sheetData>", 1)
        inside, rest = tail.split("</sheetData>", 1)
        inside = (
            '<row><c t="str"><v>Account</v></c><c/></row><!-- > note -->'
            "<row><c/><c><v>1</v></c></row><row/>"
        )
        plain = head + "<sheetData>" + inside + "</sheetData>" + rest
        for tag in ("worksheet", "sheetData", "row", "c", "v", "dimension", "mergeCells"):
            for end in (">", " ", "/>"):
                plain = plain.replace(f"<{tag}{end}", f"<x:{tag}{end}")
            plain = plain.replace(f"</{tag}>", f"</x:{tag}>")
        return plain.replace("<x:worksheet xmlns=", "<x:worksheet xmlns:x=").replace(
            "<sheetViews>", "<x:sheetViews>"
        )

    odd = rewrite(BOOK, {SHEET1: strip})
    after = part(Template(odd).fill({"score": 5, "account": "é"}), SHEET1)
    assert '<x:c r="B2"><x:v>5</x:v></x:c>' in after
    assert '<x:c r="B1" t="inlineStr"><x:is><x:t>é</x:t></x:is></x:c>' in after


def test_shared_and_array_formulas_stay() -> None:
    """Shared and array formulas stay."""

    def share(text: str) -> str:
        shared = '<c r="B2"><f t="shared" ref="B2:B4" si="0">A2*2</f><v>1</v></c>'
        text = text.replace(cell(BOOK, SHEET1, "B2"), shared)
        child = '<c r="B3"><f t="shared" si="0"/><v>2</v></c>'
        text = text.replace(cell(BOOK, SHEET1, "B3"), child)
        array = (
            '<c r="D6" cm="1"><f t="array" ref="D6:E6">A1:B1</f><v>3</v></c><c r="E6"><v>4</v></c>'
        )
        return text.replace('<row r="9"', f'<row r="6">{array}</row><row r="9"')

    template = Template(rewrite(BOOK, {SHEET1: share}))
    after = template.fill({"score": 5, "twice": "t", "block": [["u", "v"]]})
    assert '<f t="shared" ref="B2:B4" si="0">A2*2</f><v>5</v>' in cell(after, SHEET1, "B2")
    assert cell(after, SHEET1, "B3") == '<c r="B3" t="str"><f t="shared" si="0"/><v>t</v></c>'
    assert cell(after, SHEET1, "D6").startswith('<c r="D6" cm="1" t="str"><f t="array"')
    assert cell(after, SHEET1, "E6") == '<c r="E6" t="str"><v>v</v></c>'


def test_a_cells_picture_marker_goes_when_it_gets_a_value() -> None:
    """A cells picture marker goes when it gets a value."""

    def mark(text: str) -> str:
        return text.replace('<c r="B1" s="1"', '<c r="B1" s="1" vm="1" cm="2"')

    after = Template(rewrite(BOOK, {SHEET1: mark})).fill({"account": 1})
    assert cell(after, SHEET1, "B1") == '<c r="B1" s="1"><v>1</v></c>'


def test_properties_are_set_or_added() -> None:
    """Properties are set or added."""
    after = TEMPLATE.fill({}, properties={"title": "A & B", "keywords": "health"})
    core = part(after, "docProps/core.xml")
    assert "<dc:title>A &amp; B</dc:title>" in core
    assert "<cp:keywords>health</cp:keywords>" in core
    assert changed(BOOK, after) == {"docProps/core.xml"}
    with pytest.raises(MissingPlace, match="no document property 'author'"):
        TEMPLATE.fill({}, properties={"author": "x"})


def test_moments_are_set_or_added() -> None:
    """Created and modified keep their kind, and a book without them gets it with them."""
    told = {"created": "2026-01-31T00:00:00Z", "modified": "2026-02-01T00:00:00Z"}
    core = part(TEMPLATE.fill({}, properties=told), "docProps/core.xml")
    moments = re.findall(r'<dcterms:(\w+)[^>]*xsi:type="dcterms:W3CDTF"[^>]*>([^<]*)</', core)
    assert dict(moments) == told

    def forget(text: str) -> str:
        return re.sub(r"<dcterms:.*</dcterms:\w+>", "", text)

    bare = rewrite(BOOK, {"docProps/core.xml": forget})
    core = part(Template(bare).fill({}, properties=told), "docProps/core.xml")
    found = {e.tag.rsplit("}")[-1]: e.text for e in ElementTree.fromstring(core)}
    assert found.items() >= told.items()


def test_properties_of_a_book_without_any_get_a_part() -> None:
    """Properties of a book without any get a part."""

    def forget(text: str) -> str:
        at = text.index('<Relationship Id="rId2"')
        return text[:at] + text[text.index("/>", at) + 2 :]

    package = Package(rewrite(BOOK, {"_rels/.rels": forget}))
    package.remove("docProps/core.xml")
    bare = package.to_bytes()
    after = Template(bare).fill({}, properties={"title": "T"})
    assert "<dc:title>T</dc:title>" in part(after, "docProps/core.xml")
    assert cells(after, "Card")["A1"] == "Account"


def test_a_charts_axis_title_and_alt_text_change() -> None:
    """A charts axis title and alt text change."""
    change = ChartChange(
        axis_min=0, axis_max=100, major_unit=25, title="<New>", alt_text='say "hi"'
    )
    after = TEMPLATE.fill({}, charts={"Chart 1": change})
    text = part(after, CHART)
    assert '<c:orientation val="minMax"/><c:max val="100"/><c:min val="0"/></c:scaling>' in text
    assert '<c:crossBetween val="between"/><c:majorUnit val="25"/>' in text
    assert "<a:t>&lt;New&gt;</a:t>" in text
    assert 'descr="say &quot;hi&quot;"' in part(after, "xl/drawings/drawing1.xml")
    again = Template(after).fill({}, charts={"Chart 1": ChartChange(axis_max=80, major_unit=20)})
    assert '<c:max val="80"/><c:min val="0"/>' in part(again, CHART)
    assert part(again, CHART).count("majorUnit") == 1


def test_a_sheet_scoped_name_is_a_place_too() -> None:
    """A sheet scoped name is a place too."""

    def build(book: Any) -> None:
        card(book)
        book.define_name("History!score", "=History!$H$1")
        book.define_name("History!only", "=History!$H$2")
        book.define_name("formula", "=Card!$A$1+1")
        book.define_name("whole", "=Card!$A:$A")
        book.define_name("constant", "=5")

    template = Template(draw(build))
    after = template.fill({"score": 1, "History!score": 2, "only": 3})
    assert cells(after, "Card")["B2"] == 1
    assert (cells(after, "History")["H1"], cells(after, "History")["H2"]) == (2, 3)
    assert {"formula", "whole", "constant"} & template.places.keys() == set()


def _in_worker(template: Template) -> bytes:
    return template.fill({"score": 4, "day": date(2026, 1, 1)})


def test_a_template_works_in_a_worker_process() -> None:
    """A template works in a worker process."""
    assert pickle.loads(pickle.dumps(TEMPLATE)).places.keys() == TEMPLATE.places.keys()
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(_in_worker, TEMPLATE).result() == _in_worker(TEMPLATE)


def test_a_filled_book_can_be_filled_again() -> None:
    """A filled book can be filled again."""
    once = TEMPLATE.fill({"account": "a", "score": 1, "twice": 2})
    assert Template(once).fill({"account": "a", "score": 1, "twice": 2}) == once
    assert changed(once, Template(once).fill({"account": "b"})) == {SHEET1}
    assert SHEET2 not in changed(BOOK, once)
