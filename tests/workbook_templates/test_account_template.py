"""The drawn account template and a filled workbook, as files."""

from __future__ import annotations

import difflib
import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from scoring.presets import load_preset, preset_names
from tests.modules import ROOT
from tests.validity import assert_valid
from tests.workbook_templates.plain import filled_text, workbook_text
from tests.workbook_templates.samples import filled
from workbook_templates.drawing.account.canvas import SCORECARD, SHEETS
from workbook_templates.drawing.account.template import draw_account_template

GOLDEN = ROOT / "tests" / "golden"
RENEW = "HEALTHSHEET_RENEW_GOLDEN"


@pytest.mark.parametrize("name", ["template", "filled"])
def test_golden(name: str) -> None:
    """The scorecard preset's template and one filled workbook are as they were."""
    template = draw_account_template(load_preset("scorecard"))
    text = workbook_text(template)
    if name == "filled":
        text = filled_text(filled("mixed"), template)
    path = GOLDEN / f"scorecard-{name}.txt"
    if os.environ.get(RENEW):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    golden = path.read_text(encoding="utf-8")
    if text != golden:
        lines = difflib.unified_diff(
            golden.splitlines(), text.splitlines(), str(path), "now", lineterm="", n=1
        )
        told = "\n".join(list(lines)[:80])
        pytest.fail(f"{told}\n\nIf this is meant: {RENEW}=1 pytest {__file__}", pytrace=False)


def _parts(data: bytes, pattern: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [n for n in package.namelist() if re.fullmatch(pattern, n)]
        return {n: package.read(n).decode() for n in names}


@pytest.mark.parametrize("preset", preset_names())
def test_every_chart_says_what_it_shows(preset: str) -> None:
    """A screen reader gets each chart's own numbers."""
    told = []
    for kind in ("mixed", "nothing"):
        for text in _parts(filled(kind, preset), r"xl/drawings/drawing\d+\.xml").values():
            told += re.findall(r"<xdr:cNvPr [^>]*>", text)
    assert len(told) == 8
    for frame in told:
        said = re.search(r'descr="([^"]*)"', frame)
        assert said is not None, frame
        assert len(said.group(1)) >= len("No score yet."), frame


def test_the_alt_text_of_the_waterfall_names_its_steps() -> None:
    """It tells both ends and each amount."""
    drawings = "".join(_parts(filled("mixed"), r"xl/drawings/drawing\d+\.xml").values())
    (said,) = re.findall(r'descr="(Waterfall: [^"]*)"', drawings)
    assert said.startswith("Waterfall: Score on 22 Oct 2026 ")
    assert "Score on 22 Nov 2026 60." in said


def test_properties_name_the_account() -> None:
    """A file's title in a folder or a mail is the account's, and its author the product."""
    properties = load_workbook(io.BytesIO(filled("mixed"))).properties
    assert properties.title == "Customer health scorecard: Sample mixed"
    assert (properties.creator, properties.subject) == ("HealthSheet", "Customer health")


def test_it_opens_on_the_scorecard() -> None:
    """First sheet, first cell, nothing else selected, nothing hidden."""
    book = load_workbook(io.BytesIO(filled("mixed")))
    assert tuple(book.sheetnames) == SHEETS
    assert book.active is not None
    assert book.active.title == SCORECARD
    assert book.active.sheet_view.selection[-1].activeCell == "B1"
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [SCORECARD]
    assert {s.sheet_state for s in book.worksheets} == {"visible"}


def test_every_page_is_set_up_for_print() -> None:
    """Landscape, one page wide, with a footer."""
    for sheet in load_workbook(io.BytesIO(filled("mixed"))).worksheets:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.center is not None
        assert sheet.oddFooter.center.text == "Confidential", sheet.title


@pytest.mark.parametrize("preset", preset_names())
def test_excel_would_open_it(preset: str, tmp_path: Path) -> None:
    """Template and filled workbooks break no rule of the format."""
    for kind in ("mixed", "nothing"):
        path = tmp_path / f"{kind}.xlsx"
        path.write_bytes(filled(kind, preset))
        assert_valid(path)
