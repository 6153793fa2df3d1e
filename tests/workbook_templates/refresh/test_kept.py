"""What people made stays: every part that need not change byte for byte, the rest in substance."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.validity import assert_valid
from tests.workbook_templates.books import cells, changed, part
from tests.workbook_templates.refresh.small import (
    ADA,
    BEA,
    CYD,
    OWN,
    grid,
    refreshed,
    today,
    workbook,
)
from workbook_templates.package import Package, SignedWorkbook

_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_PIVOT = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def people(book: Any) -> None:
    """Sheets of people's round ours: chart, picture, comments, sparkline, rules, protection."""
    accounts, mine = book.get_worksheet_by_name("Accounts"), book.add_worksheet("Mine")
    bold = book.add_format({"bold": True, "bg_color": "#FFEE00", "num_format": "0.00"})
    mine.write("A1", "As it was", bold)
    mine.write_formula("A2", "=SUM(Accounts!F4:F6)", bold, 5160)
    mine.write_formula("A3", "=SUMPRODUCT((Accounts!D4:D6>50)*Accounts!F4:F6)", None, 4600)
    mine.write_rich_string("A4", "half ", bold, "bold", " text")
    mine.write_url("A5", "https://example.com/", string="a link")
    mine.add_sparkline("B1", {"range": "Accounts!D4:D6"})
    mine.insert_image("D2", "dot.png", {"image_data": io.BytesIO(_DOT)})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Accounts!$D$4:$D$6", "categories": "=Accounts!$C$4:$C$6"})
    mine.insert_chart("F2", chart)
    mine.protect("", {"sort": True})
    mine.data_validation("B5", {"validate": "list", "source": "=Accounts!$B$4:$B$6"})
    accounts.write_comment("C5", "ask Bea", {"author": "Bo"})
    accounts.write_comment("H4", "ask Ada", {"author": "Bo"})
    accounts.conditional_format("D4:D6", {"type": "data_bar"})
    accounts.set_row(3, 33)
    book.define_name("Best", "=MAX(Accounts!$D$4:$D$6)")
    book.set_custom_property("Team", "EMEA")


def enriched() -> bytes:
    """The small workbook with people's sheets, and with parts that no library here writes."""
    heads = [*OWN, ("", "Notes")]
    rows = [[*row, note] for row, note in zip((ADA, BEA, CYD), ("x", "keep me", None), strict=True)]
    package = Package(workbook(rows, heads, more=people))
    for name, content in _PARTS.items():
        package.add(name, content)
    _append(package, "[Content_Types].xml", "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in _TYPES.items()
    ))  # fmt: skip
    _append(package, "xl/_rels/workbook.xml.rels", "".join(
        f'<Relationship Id="rIdX{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(_BOOK_RELATIONS)
    ))  # fmt: skip
    _append(package, "xl/worksheets/_rels/sheet1.xml.rels", (
        '<Relationship Id="rIdT" Type="http://schemas.microsoft.com/office/2017/10/relationships/'
        'threadedComment" Target="../threadedComments/threadedComment1.xml"/>'
    ))  # fmt: skip
    return package.to_bytes()


def _append(package: Package, name: str, xml: str) -> None:
    raw = package.read(name)
    at = raw.rindex(b"</")
    package.replace(name, raw[:at] + xml.encode() + raw[at:])


_PARTS = {
    "xl/persons/person.xml": (
        f'<personList xmlns="{_THREADS}"><person displayName="Cleo" id="{{1}}" userId="c" '
        'providerId="None"/></personList>'
    ).encode(),
    "xl/threadedComments/threadedComment1.xml": (
        f'<ThreadedComments xmlns="{_THREADS}"><threadedComment ref="C5" '
        'dT="2026-01-01T00:00:00.00" personId="{1}" id="{2}"><text>who &amp; why?</text>'
        "</threadedComment></ThreadedComments>"
    ).encode(),
    "customXml/item1.xml": b'<brand xmlns="urn:example:brand">teal</brand>',
    "xl/vbaProject.bin": bytes(range(256)) * 8,
    "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
    "xl/pivotCache/pivotCacheDefinition1.xml": b"<pivotCacheDefinition/>",
    "xl/slicers/slicer1.xml": b"<slicers/>",
}
_TYPES = {
    "xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
    "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
    "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
    "xl/externalLinks/externalLink1.xml": f"{_PIVOT}externalLink+xml",
    "xl/pivotCache/pivotCacheDefinition1.xml": f"{_PIVOT}pivotCacheDefinition+xml",
    "xl/slicers/slicer1.xml": "application/vnd.ms-excel.slicer+xml",
}
_BOOK_RELATIONS = (
    ("http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
    (f"{_RELATION}/customXml", "../customXml/item1.xml"),
    ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
    (f"{_RELATION}/externalLink", "externalLinks/externalLink1.xml"),
    (f"{_RELATION}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
    ("http://schemas.microsoft.com/office/2007/relationships/slicer", "slicers/slicer1.xml"),
)
RICH = enriched()
FELL = [*ADA[:2], 50.0, "■ Red", 1200.0, "call"]


def names(data: bytes) -> set[str]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return set(package.namelist())


def test_every_other_part_is_the_same() -> None:
    """A changed score: its sheet, what reads it, and Changes; all else byte for byte."""
    out = refreshed(RICH, today(FELL, BEA, CYD))
    assert names(out) == names(RICH)
    assert changed(RICH, out) == {
        "xl/worksheets/sheet1.xml",  # Accounts
        "xl/worksheets/sheet3.xml",  # Changes
        "xl/worksheets/sheet5.xml",  # Mine: its formulas read the score
        "xl/charts/chart1.xml",
        "xl/tables/table3.xml",
    }
    assert (
        cells(out, "Mine", values=False)["A3"] == "=SUMPRODUCT((Accounts!D4:D6>50)*Accounts!F4:F6)"
    )


def test_rows_that_move_take_what_refers_to_them_along() -> None:
    """One account gone, one new: only what refers to the rows changes, and it is still theirs."""
    dan = ["A-4", "Dan AG", 65.0, "▲ Amber", 10.0, None]
    out = refreshed(RICH, today(FELL, CYD, dan))
    for name in ("xl/media/image1.png", "xl/vbaProject.bin", "customXml/item1.xml",
                 "xl/styles.xml", "xl/theme/theme1.xml", "xl/persons/person.xml",
                 "docProps/custom.xml", "xl/slicers/slicer1.xml"):  # fmt: skip
        assert name not in changed(RICH, out)
    assert [row[0] for row in grid(out)] == ["A-1", "A-3", "A-4"]
    mine = cells(out, "Mine", values=False)
    assert [mine[at] for at in ("A1", "A2", "A5")] == [
        "As it was", "=SUM(Accounts!F4:F6)", "a link",
    ]  # fmt: skip
    assert "half" in str(mine["A4"])
    assert "<sheetProtection" in part(out, "xl/worksheets/sheet5.xml")
    assert "x14:sparkline" in part(out, "xl/worksheets/sheet5.xml")
    kept = [(row[3], row[4], row[5], row[6]) for row in grid(out, "Archive")]
    assert kept == [
        ("Notes", "text", "keep me", None), ("Account", "note", "who & why?", "Cleo"),
    ]  # fmt: skip
    # Its comment left with the row; the other one is where its account is.
    comments = part(out, "xl/comments1.xml")
    assert 'ref="H4"' in comments
    assert "ask Ada" in comments
    assert 'ref="C5"' not in comments


def test_the_refreshed_workbook_opens_in_excel(tmp_path: Path) -> None:
    """Rows gone, new and archived leave no fault that would make Excel ask for repair."""
    heads = [*OWN, ("", "Notes")]
    rows = [[*row, "n"] for row in (ADA, BEA, CYD)]
    data = workbook(rows, heads, more=people)
    (tmp_path / "before.xlsx").write_bytes(data)
    assert_valid(tmp_path / "before.xlsx")
    out = refreshed(data, today(CYD, FELL, ["A-4", "Dan & Co <x>", 65.0, "▲ Amber", 10.0, None]))
    (tmp_path / "after.xlsx").write_bytes(out)
    assert_valid(tmp_path / "after.xlsx")


def test_a_signed_workbook_is_refused() -> None:
    """Any change would break the signature; even a comparison says so."""
    package = Package(workbook())
    package.add("_xmlsignatures/origin.sigs", b"")
    with pytest.raises(SignedWorkbook, match="Remove the signature in Excel"):
        refreshed(package.to_bytes(), today(FELL, BEA, CYD))
