"""Every planted fault is caught, and by the rule that names it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.validity import assert_valid, problems, sdk, structure
from tests.validity.samples import plant, swap, write_sample

BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
OTHER = "xl/worksheets/sheet2.xml"
TABLE = "xl/tables/table1.xml"
TABLE_2 = "xl/tables/table2.xml"
STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"
CHART = "xl/charts/chart1.xml"
DRAWING = "xl/drawings/drawing1.xml"
COMMENTS = "xl/comments1.xml"
STRINGS = "xl/sharedStrings.xml"
CELL = '<c r="B2" s="2"><v>1</v></c>'
PRINT = "Data!$A$1:$G$12"
LIST = '<formula1>"Green,Amber,Red"</formula1>'
VALIDATION = 'sqref="E8"><formula1>"Gr'
SUM = "SUM(Scores[Points])"
NAME = '<definedName name="Best">'
CUSTOM = 'formatCode="0.0 &quot;pts&quot;;[Red]-0.0"'
NESTED = "ABS(" * 65 + "1" + ")" * 65

# rule, part, what stands there, what stands there instead
FAULTS = [
    ("xml-malformed", SHEET, "</sheetData>", ""),
    ("xml-doctype", STYLES, "<styleSheet", "<!DOCTYPE styleSheet><styleSheet"),
    ("override-without-part", TYPES, "/xl/styles.xml", "/xl/style.xml"),
    ("part-without-content-type", TYPES, 'Extension="vml"', 'Extension="vmx"'),
    ("extension-content-type", TYPES, "spreadsheetml.sheet.main", "spreadsheetml.template.main"),
    ("relation-duplicate-id", RELS, 'Id="rId2"', 'Id="rId3"'),
    ("relation-target-missing", RELS, "drawing1.xml", "drawing9.xml"),
    ("relation-dangling", SHEET, '<drawing r:id="rId2"/>', '<drawing r:id="rId22"/>'),
    ("url-too-long", RELS, "a?b=1", "a?b=" + "1" * 2100),
    ("url-malformed", RELS, "a?b=1", "a b"),
    ("sheet-name-length", BOOK, "It's more", "x" * 32),
    ("sheet-name-characters", BOOK, "It's more", "a/b"),
    ("sheet-name-duplicate", BOOK, "It's more", "DATA"),
    ("sheet-name-reserved", BOOK, "It's more", "History"),
    ("sheet-id-duplicate", BOOK, 'sheetId="2"', 'sheetId="1"'),
    ("view-index", BOOK, "<workbookView ", '<workbookView activeTab="2" '),
    ("view-id", SHEET, 'workbookViewId="0"', 'workbookViewId="1"'),
    ("view-reference", SHEET, 'topLeftCell="A2"', 'topLeftCell="A0"'),
    ("view-zoom", SHEET, "<sheetView ", '<sheetView zoomScale="500" '),
    ("name-duplicate", BOOK, NAME, NAME.replace("Best", "best") + "1</definedName>" + NAME),
    ("name-syntax", BOOK, '"Best"', '"AB12"'),
    ("name-syntax", BOOK, '"Best"', '"two words"'),
    ("name-scope", BOOK, 'Area" localSheetId="0"', 'Area" localSheetId="7"'),
    ("name-formula", BOOK, "Data!$B$2<", "Gone!$B$2<"),
    ("print-range", BOOK, PRINT, "Data!$A$1:$XFE$12"),
    ("print-range", BOOK, PRINT, "$A$1:$G$12"),
    ("print-range", BOOK, PRINT, "'It''s more'!$A$1:$G$12"),
    ("cell-format-index", STYLES, 'fontId="2"', 'fontId="12"'),
    ("number-format", STYLES, CUSTOM, 'formatCode="0.0 &quot;pts"'),
    ("number-format", STYLES, CUSTOM, 'formatCode="0.0 pts"'),
    ("number-format", STYLES, CUSTOM, 'formatCode="[Rot]0"'),
    ("number-format", STYLES, CUSTOM, 'formatCode="0;0;0;@;0"'),
    ("number-format-missing", STYLES, 'numFmtId="164" fontId', 'numFmtId="165" fontId'),
    ("font-size", STYLES, '<sz val="11"/>', '<sz val="500"/>'),
    ("row-order", SHEET, '<row r="3"', '<row r="2"'),
    ("row-height", SHEET, '<row r="3"', '<row ht="500" r="3"'),
    ("outline-level", SHEET, '<row r="3"', '<row outlineLevel="8" r="3"'),
    ("cell-off-grid", SHEET, '<c r="B2"', '<c r="XFE2"'),
    ("cell-row", SHEET, '<c r="B2"', '<c r="B3"'),
    ("cell-order", SHEET, '<c r="B2"', '<c r="A2"'),
    ("cell-style", SHEET, CELL, CELL.replace('s="2"', 's="20"')),
    ("cell-number", SHEET, CELL, CELL.replace("<v>1", "<v>NaN")),
    ("cell-string-index", SHEET, 't="s"><v>3<', 't="s"><v>99<'),
    ("cell-boolean", SHEET, 't="b"><v>1<', 't="b"><v>yes<'),
    ("cell-error", SHEET, "<v>#N/A</v>", "<v>N/A</v>"),
    ("text-length", STRINGS, "<t>site<", f"<t>{'x' * 32_768}<"),
    ("formula", OTHER, SUM, SUM + ")"),
    ("formula", OTHER, SUM, "SUM(1;2)"),
    ("formula", OTHER, SUM, "Gone!A1"),
    ("formula", OTHER, SUM, NESTED),
    ("formula", OTHER, SUM, "=" + SUM),
    ("formula", OTHER, SUM, "1+"),
    ("formula", OTHER, SUM, "LEN(&quot;" + "x" * 256 + "&quot;)"),
    ("formula", OTHER, SUM, "1" + "+1" * 4096),
    ("formula-prefix", OTHER, SUM, "IFNA(1,2)"),
    ("dimension", SHEET, 'dimension ref="A1:G12"', 'dimension ref="A1:G3"'),
    ("columns-overlap", SHEET, "</cols>", '<col min="2" max="4" width="9"/></cols>'),
    ("column-width", SHEET, 'width="14.7109375"', 'width="300"'),
    ("column-off-grid", SHEET, 'max="3"', 'max="16385"'),
    ("page-scale", SHEET, 'scale="80"', 'scale="5"'),
    ("page-scale", SHEET, 'scale="80"', 'scale="401"'),
    ("page-fit", SHEET, 'scale="80"', 'fitToWidth="40000"'),
    ("header-length", SHEET, "CHealth", "C" + "x" * 256),
    ("merge-overlap", SHEET, "</mergeCells>", '<mergeCell ref="C12:D13"/></mergeCells>'),
    ("merge-in-table", SHEET, '"A12:C12"', '"A4:A5"'),
    ("merge-off-grid", SHEET, '"A12:C12"', '"C12:A12"'),
    ("hyperlink-off-grid", SHEET, '<hyperlink ref="G1"', '<hyperlink ref="G1048577"'),
    ("filter-over-table", SHEET, "<mergeCells", '<autoFilter ref="A1:B5"/><mergeCells'),
    ("table-id-duplicate", TABLE_2, 'id="2" name="Second"', 'id="1" name="Second"'),
    ("table-name-duplicate", TABLE_2, 'displayName="Second"', 'displayName="scores"'),
    ("table-name-taken", TABLE_2, 'displayName="Second"', 'displayName="Best"'),
    ("table-name-syntax", TABLE_2, 'displayName="Second"', 'displayName="A1"'),
    ("table-column-count", TABLE, 'ref="A1:C5" totals', 'ref="A1:D5" totals'),
    ("table-column-duplicate", TABLE, 'name="Good"', 'name="NAME"'),
    ("table-column-id", TABLE, '<tableColumn id="3"', '<tableColumn id="2"'),
    ("table-without-rows", TABLE, 'ref="A1:C5" totals', 'ref="A1:C1" totals'),
    ("table-off-grid", TABLE, 'ref="A1:C5" totals', 'ref="A0:C5" totals'),
    ("table-filter", TABLE, '<autoFilter ref="A1:C5"', '<autoFilter ref="A1:D5"'),
    ("table-header", TABLE, 'name="Good"', 'name="Fine"'),
    ("validation-range", SHEET, VALIDATION, VALIDATION.replace("E8", "E0")),
    ("validation-text", SHEET, 'sqref="E8"', f'promptTitle="{"x" * 33}" sqref="E8"'),
    ("validation-list", SHEET, LIST, f'<formula1>"{"x," * 128}"</formula1>'),
    ("validation-formula", SHEET, "<formula1>Data!", "<formula1>Gone!"),
    ("condition-range", SHEET, 'Formatting sqref="E2"', 'Formatting sqref=""'),
    ("condition-style", SHEET, 'dxfId="1"', 'dxfId="2"'),
    ("condition-formula", SHEET, "<formula>$B$2&gt;1", "<formula>($B$2&gt;1"),
    ("sparkline-cell", SHEET, "<xm:sqref>F2<", "<xm:sqref>F0<"),
    ("sparkline-range", SHEET, "<xm:f>Data!", "<xm:f>Gone!"),
    ("sheet-child-order", SHEET, "</mergeCells>", "</mergeCells><cols/>"),
    ("anchor-off-grid", DRAWING, "<xdr:col>14<", "<xdr:col>16384<"),
    ("chart-cache-number", CHART, "<c:v>3</c:v>", "<c:v>NaN</c:v>"),
    ("chart-cache-index", CHART, '<c:ptCount val="4"/>', '<c:ptCount val="2"/>'),
    ("chart-formula", CHART, "<c:f>Data!", "<c:f>Gone!"),
    ("comment-author", COMMENTS, 'authorId="0"', 'authorId="1"'),
    ("comment-off-grid", COMMENTS, 'ref="A1"', 'ref="A0"'),
    ("comments-without-drawing", SHEET, '<legacyDrawing r:id="rId3"/>', ""),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample") / "sample.xlsx")


def test_clean_workbook(sample: Path) -> None:
    """A workbook as XlsxWriter writes it has no problem, by our rules and by Microsoft's."""
    assert_valid(sample)


@pytest.mark.parametrize(("rule", "part", "old", "new"), FAULTS)
def test_fault(sample: Path, tmp_path: Path, rule: str, part: str, old: str, new: str) -> None:
    """One fault in an otherwise clean workbook is caught by its rule."""
    broken = plant(sample, tmp_path / "broken.xlsx", swap(part, old, new))
    assert rule in {problem.rule for problem in structure.check(broken)}


def test_tables_overlap(sample: Path, tmp_path: Path) -> None:
    """Two tables over the same cells are caught."""

    def edit(parts: dict[str, bytes]) -> None:
        swap(RELS, "</Relationships>", "")(parts)
        parts[RELS] += (
            b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/table" Target="../tables/table2.xml"/></Relationships>'
        )
        swap(SHEET, "</tableParts>", '<tablePart r:id="rId9"/></tableParts>')(parts)

    broken = plant(sample, tmp_path / "broken.xlsx", edit)
    assert "tables-overlap" in {problem.rule for problem in structure.check(broken)}


def test_stale_calculation_chain(sample: Path, tmp_path: Path) -> None:
    """A calculation chain that lists a cell without a formula is caught."""

    def edit(parts: dict[str, bytes]) -> None:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts["xl/calcChain.xml"] = (
            f'<calcChain xmlns="{main}"><c r="A1" i="2"/><c r="E2"/><c r="B2" i="1"/></calcChain>'
        ).encode()
        rel = (
            '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/calcChain" Target="calcChain.xml"/></Relationships>'
        )
        swap("xl/_rels/workbook.xml.rels", "</Relationships>", rel)(parts)

    broken = plant(sample, tmp_path / "broken.xlsx", edit)
    found = [p.detail for p in structure.check(broken) if p.rule == "calculation-chain-stale"]
    assert found == ["1!B2"]


def test_all_sheets_hidden(sample: Path, tmp_path: Path) -> None:
    """A workbook that shows no sheet is caught."""

    def edit(parts: dict[str, bytes]) -> None:
        parts[BOOK] = parts[BOOK].replace(b"<sheet ", b'<sheet state="hidden" ')

    broken = plant(sample, tmp_path / "broken.xlsx", edit)
    assert "all-sheets-hidden" in {problem.rule for problem in structure.check(broken)}


def test_no_zip(tmp_path: Path) -> None:
    """A file that is no zip is one problem."""
    broken = tmp_path / "broken.xlsx"
    broken.write_text("no zip")
    assert [problem.rule for problem in structure.check(broken)] == ["zip-unreadable"]


def test_duplicate_and_unsafe_entries(sample: Path, tmp_path: Path) -> None:
    """Entries that differ only in case, or leave the archive, are caught."""
    broken = plant(sample, tmp_path / "broken.xlsx", lambda parts: None)
    with zipfile.ZipFile(broken, "a") as archive:
        archive.writestr("xl/Styles.xml", "<a/>")
        archive.writestr("../evil.xml", "<a/>")
    found = {problem.rule for problem in structure.check(broken)}
    assert {"zip-duplicate-entry", "zip-entry-name"} <= found


@pytest.mark.parametrize("part", [TYPES, BOOK])
def test_missing_part(sample: Path, tmp_path: Path, part: str) -> None:
    """A package without its content types or its workbook is caught."""

    def edit(parts: dict[str, bytes]) -> None:
        del parts[part]

    broken = plant(sample, tmp_path / "broken.xlsx", edit)
    rule = "content-types-missing" if part == TYPES else "workbook-missing"
    assert rule in {problem.rule for problem in structure.check(broken)}


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, 'state="frozen"', 'state="icy"'),
        (SHEET, "<pageMargins ", "<pageMargin "),
        (STYLES, "<b/>", "<bolder/>"),
        (CHART, "<c:lineChart>", "<c:lineChart><c:nonsense/>"),
    ],
)
def test_schema_fault(sample: Path, tmp_path: Path, part: str, old: str, new: str) -> None:
    """Microsoft's validator catches what breaks the schema, and the checked file stays as it is."""
    broken = plant(sample, tmp_path / "broken.xlsx", swap(part, old, new))
    before = broken.read_bytes()
    assert sdk.check(broken)
    assert broken.read_bytes() == before


def test_font_children_in_another_order(sample: Path, tmp_path: Path) -> None:
    """The one harmless alarm about workbooks that openpyxl saved is not raised."""
    bold = '<font><b/><sz val="11"/><color theme="1"/>'
    turned = '<font><sz val="11"/><b/><color theme="1"/>'
    assert_valid(plant(sample, tmp_path / "turned.xlsx", swap(STYLES, bold, turned)))


def test_message_names_every_problem(sample: Path, tmp_path: Path) -> None:
    """The assertion says which rule, which part and what."""
    broken = plant(sample, tmp_path / "broken.xlsx", swap(SHEET, 'scale="80"', 'scale="5"'))
    assert problems(broken)
    with pytest.raises(AssertionError, match=r"page-scale: xl/worksheets/sheet1\.xml 5"):
        assert_valid(broken)
