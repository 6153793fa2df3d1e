"""Moved rows in parts that no drawing library writes: pieces of XML as Excel saves them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workbook_templates.books import SHEET1, draw, part, rewrite
from tests.workbook_templates.moving import moved
from workbook_templates.ooxml.rearrange_drawn import control_anchors, drawing_edits, vml_edits
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_rest import areas_moved, move_head, move_rest
from workbook_templates.ooxml.refs import MAX_COL, Area
from workbook_templates.ooxml.xml import splice
from workbook_templates.package import Package

LESS = RowMove("S", "p", Area(5, 1, 14, 5), 0, 1, MAX_COL, (0, 1, -1, -1, 2, 3, 4, 5, 6, 7), 8)
"""Rows 7 and 8 of 5 to 14 leave, and whole sheet rows travel."""
TURNED = RowMove("S", "p", Area(5, 1, 8, 5), 0, 1, MAX_COL, (3, 2, 1, 0), 4)
"""Rows 5 to 8 the other way round."""
NARROW = RowMove("S", "p", Area(5, 1, 8, 5), 0, 1, 5, (-1, 0, 1, 2), 3)
"""Row 5 leaves, and only columns A to E travel."""


def _rest(text: str, move: RowMove = LESS) -> str:
    return move_rest(text.encode(), "S", move).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<cellWatches><cellWatch r="B7"/></cellWatches><x/>', "<x/>"),
        (
            '<cellWatches><cellWatch r="B7"/><cellWatch r="B9"/></cellWatches>',
            '<cellWatches><cellWatch r="B7"/></cellWatches>',
        ),
        (
            ('<scenarios><scenario name="a" count="2"><inputCells r="B8" val="1"/>'
            '<inputCells r="B20" val="2"/></scenario></scenarios>'),
            ('<scenarios><scenario name="a" count="1"><inputCells r="B18" val="2"/>'
            "</scenario></scenarios>"),
        ),
        ('<hyperlink ref="A9" location="S!B20"/>', '<hyperlink ref="A7" location="S!B18"/>'),
        ('<rowBreaks count="1"><brk id="7"/></rowBreaks>', ('<rowBreaks count="1"><brk id="6"/>'
         "</rowBreaks>")),
        (
            '<customSheetView><selection activeCell="B9" sqref="B9"/></customSheetView>',
            '<customSheetView><selection activeCell="B7" sqref="B7"/></customSheetView>',
        ),
        ('<protectedRange sqref="A5:B8 D7 C20"/>', '<protectedRange sqref="A5:B6 C18"/>'),
        ('<controlPr linkedCell="$B$9" listFillRange="$A$5:$A$14"/>',
         '<controlPr linkedCell="$B$7" listFillRange="$A$5:$A$12"/>'),
        (
            ('<autoFilter ref="A4:E14"><sortState ref="A5:E14"><sortCondition ref="B5:B14"/>'
            "</sortState></autoFilter>"),
            ('<autoFilter ref="A4:E12"><sortState ref="A5:E12"><sortCondition ref="B5:B12"/>'
            "</sortState></autoFilter>"),
        ),
    ],
)  # fmt: skip
def test_areas_behind_the_cells(before: str, after: str) -> None:
    """Each element's area moves, and an element with none left is taken out with its holder."""
    assert _rest(before) == after


def test_rules_for_many_cells_are_read_from_their_first() -> None:
    """Relative references keep their distance from the first cell, absolute ones follow."""
    rule = (
        '<conditionalFormatting sqref="{0}"><cfRule><formula>{1}</formula>'
        '<cfvo type="num" val="{2}"/></cfRule></conditionalFormatting>'
    )
    before = rule.format("B7:B14", "B7&gt;C$9+$D$20", "$B$9")
    assert _rest(before) == rule.format("B7:B12", "B7&gt;C$7+$D$18", "$B$7")
    before = rule.format("B5:B8", "B5&gt;B4", "1")
    assert _rest(before, TURNED) == before
    before = rule.format("B6", "B6&gt;B5", "1")
    assert _rest(before, TURNED) == rule.format("B7", "B7&gt;B8", "1")


def test_the_newer_validations_keep_their_inner_formulas() -> None:
    """Their formula stands in an element of its own and stays one."""
    rule = (
        '<extLst><ext><x14:dataValidations count="1"><x14:dataValidation><x14:formula1><xm:f>{0}'
        "</xm:f></x14:formula1><xm:sqref>{1}</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst>"
    )
    before = rule.format("Other!$A$1:$A$9", "B5:B14")
    assert _rest(before) == rule.format("Other!$A$1:$A$9", "B5:B12")
    assert _rest(rule.format("S!$A$5:$A$14", "B20")) == rule.format("S!$A$5:$A$12", "B18")
    assert _rest(rule.format("1", "B7:B8")) == ""


def test_a_sparkline_whose_cells_are_lost_has_no_source() -> None:
    """On any sheet it stays, and shows nothing; the others of its group show their rows."""
    line = "<x14:sparkline><xm:f>{0}</xm:f><xm:sqref>{1}</xm:sqref></x14:sparkline>"
    before = line.format("S!B7:D7", "A1") + line.format("S!B9:D9", "A2")
    kept = "<x14:sparkline><xm:sqref>A1</xm:sqref></x14:sparkline>"
    for sheet in ("S", "Other"):
        after = move_rest(before.encode(), sheet, LESS).decode()
        assert after == kept + line.format("S!B7:D7", "A2")


def test_views_keep_their_place() -> None:
    """What is shown stays where it was on the sheet, and the active cell in the selection."""
    head = (
        '<dimension ref="A1:F20"/><sheetView topLeftCell="A9"><pane ySplit="4" topLeftCell="A9" '
        'state="frozen"/><selection activeCell="B8" sqref="B5:B8"/></sheetView>'
    )
    assert move_head(head.encode(), LESS).decode() == (
        '<dimension ref="A1:F18"/><sheetView topLeftCell="A7"><pane ySplit="4" topLeftCell="A7" '
        'state="frozen"/><selection activeCell="B7" sqref="B7"/></sheetView>'
    )
    assert move_head(head.encode(), NARROW) == head.encode()


def test_comments_of_both_kinds_follow() -> None:
    """A threaded comment goes with its cell, all its replies too, or leaves with it."""
    for element in ("comment", "threadedComment"):
        data = f'<{element} ref="B7">x</{element}><{element} ref="B9">y</{element}>'.encode()
        edits, removed = areas_moved(data, LESS)
        assert splice(data, edits).decode() == f'<{element} ref="B7">y</{element}>'
        assert removed


def _anchor(first: int, last: int, kind: str = "", column: int = 2) -> bytes:
    edge = "<row>{0}</row><rowOff>9</rowOff>"
    return (
        f"<twoCellAnchor{kind}><from><col>{column}</col>{edge.format(first)}</from>"
        f"<to><col>{column}</col>{edge.format(last)}</to></twoCellAnchor>"
    ).encode()


@pytest.mark.parametrize(
    ("rows", "kind", "move", "after"),
    [
        ((8, 8), "", LESS, (6, 6)),  # in a row that moves
        ((6, 6), "", LESS, (6, 6)),  # in a row that leaves: it stays in its place
        ((19, 25), "", LESS, (17, 23)),  # below
        ((4, 9), "", LESS, (4, 9)),  # it covers rows that leave, and keeps its height
        ((8, 12), ' editAs="oneCell"', LESS, (6, 10)),
        ((19, 25), ' editAs="absolute"', LESS, (19, 25)),
        ((4, 4), "", TURNED, (7, 7)),
        ((4, 6), "", TURNED, (4, 6)),  # taller than a row: it keeps its place
        ((6, 6), "", NARROW, (5, 5)),
        ((19, 25), "", NARROW, (19, 25)),
    ],
)
def test_drawings_move_with_their_rows(
    rows: tuple[int, int], kind: str, move: RowMove, after: tuple[int, int]
) -> None:
    """Anchors in one row go with it, others keep their place on the sheet as Excel has it."""
    data = _anchor(*rows, kind)
    assert splice(data, drawing_edits(data, "S", move)) == _anchor(*after, kind)
    assert drawing_edits(data, "Other", move) == []


def test_drawings_beside_the_columns_that_travel_stay() -> None:
    """Where only some columns travel, what is drawn beside them does not."""
    data = _anchor(6, 6, column=8)
    assert drawing_edits(data, "S", NARROW) == []


def test_drawings_of_one_cell_and_linked_texts() -> None:
    """A low picture goes with its row, a tall one stays; a text box still shows its cell."""
    one = (
        "<oneCellAnchor><from><col>1</col><row>{0}</row></from><ext cx='9' cy=\"{1}\"/>"
        '<sp textlink="$B$9"/></oneCellAnchor>'
    )
    data = one.format(4, 100_000).encode()
    new = splice(data, drawing_edits(data, "S", TURNED)).decode()
    assert new == one.format(7, 100_000)
    data = one.format(4, 900_000).encode()
    assert splice(data, drawing_edits(data, "S", TURNED)) == data
    data = one.format(8, 9).encode()
    assert "<row>6</row>" in splice(data, drawing_edits(data, "S", LESS)).decode()
    assert 'textlink="$B$7"' in splice(data, drawing_edits(data, "S", LESS)).decode()


def test_controls_move_with_their_cells() -> None:
    """Anchors in the sheet and in the older drawing move alike, with their linked cells."""
    edge = "<{0}><xdr:col>3</xdr:col><xdr:row>{1}</xdr:row></{0}>"
    data = f'<anchor moveWithCells="1">{edge.format("from", 19)}{edge.format("to", 21)}</anchor>'
    new = splice(data.encode(), control_anchors(data.encode(), LESS)).decode()
    assert "<xdr:row>17</xdr:row>" in new
    assert "<xdr:row>19</xdr:row>" in new
    shape = (
        '<v:shape><x:ClientData ObjectType="Drop"><x:SizeWithCells/><x:Anchor>3, 0, {0}, 0, 4, 0, '
        "{1}, 0</x:Anchor><x:FmlaLink>$B${2}</x:FmlaLink></x:ClientData></v:shape>"
    )
    old = shape.format(19, 21, 20).encode()
    assert splice(old, vml_edits(old, "S", LESS)).decode() == shape.format(17, 19, 18)
    assert splice(old, vml_edits(old, "Other", LESS)) == old


def test_sources_of_pivot_tables_queries_and_links_follow() -> None:
    """Parts of the workbook that name cells of the sheet name them still."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.add_table("A1:B5", {"name": "T", "columns": [{"header": "K"}, {"header": "V"}]})
        sheet.write_url("D1", "https://example.com/", string="x")

    kinds = {
        "pivotCacheDefinition": '<p xmlns="m"><worksheetSource ref="A1:B5" sheet="S"/></p>',
        "connections": '<c><parameter cell="S!$B$5"/></c>',
    }
    book = draw(build)
    rels = "".join(
        f'<Relationship Id="x{k}" Type="http://x/{kind}" Target="{kind}.xml"/>'
        for k, kind in enumerate(kinds)
    )
    book = rewrite(book, {
        "xl/_rels/workbook.xml.rels":
            lambda t: t.replace("</Relationships>", rels + "</Relationships>"),
        "xl/worksheets/_rels/sheet1.xml.rels":
            lambda t: t.replace('"https://example.com/"', '"#S!A5"'),
    })  # fmt: skip
    package = Package(book)
    for kind, text in kinds.items():
        package.add(f"xl/{kind}.xml", text.encode())
    after = moved(package.to_bytes(), T=[0, 3])
    assert '<worksheetSource ref="A1:B3" sheet="S"/>' in part(after, "xl/pivotCacheDefinition.xml")
    assert '<parameter cell="S!$B$3"/>' in part(after, "xl/connections.xml")
    assert 'Target="#S!A3"' in part(after, "xl/worksheets/_rels/sheet1.xml.rels")


def test_rows_without_numbers_and_other_quotes_are_understood() -> None:
    """Sheets that leave out places or quote otherwise move like any other."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("S")
        sheet.add_table("A1:B4", {"name": "T", "columns": [{"header": "K"}, {"header": "V"}]})
        for row in (1, 2, 3):
            sheet.write(row, 0, row * 11)
            sheet.write(row, 1, '2" and 3" and 4"')

    book = draw(build)
    quoted = rewrite(book, {SHEET1: lambda t: t.replace('<c r="A3">', "<c r='A3'>")})
    bare = rewrite(book, {SHEET1: lambda t: _bare(t)})
    for data in (book, quoted, bare):
        sheet = part(moved(data, T=[1, 2]), SHEET1)
        assert "<v>22</v>" in sheet.split('r="3"')[0]
        assert "<v>11</v>" not in sheet


def _bare(text: str) -> str:
    for row in range(1, 5):
        text = text.replace(f'<row r="{row}" spans="1:2">', "<row>")
        for column in "AB":
            text = text.replace(f'<c r="{column}{row}"', "<c")
    return text
