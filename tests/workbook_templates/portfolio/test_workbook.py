"""The portfolio workbook as a file: valid, safe, set up for print, told to screen readers."""

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
from tests.workbook_templates.plain import workbook_text
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.test_report_valid import HOSTILE
from workbook_templates.drawing.portfolio.template import draw_portfolio_template
from workbook_templates.portfolio.names import ACCOUNTS, MODEL, SHEETS, SUMMARY, WORKINGS
from workbook_templates.portfolio.sheets import portfolio_tables

GOLDEN = ROOT / "tests" / "golden" / "portfolio-template.txt"
RENEW = "HEALTHSHEET_RENEW_GOLDEN"


def _saved(data: bytes, folder: Path) -> Path:
    path = folder / "portfolio.xlsx"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("count", [3, 64])
def test_excel_would_open_it(tmp_path: Path, count: int) -> None:
    """Three accounts and the demo's break no rule of the format."""
    assert_valid(_saved(samples.filled(samples.demo(count=count)), tmp_path))


@pytest.mark.parametrize("name", ["scorecard", "support"])
def test_hard_accounts_are_valid(tmp_path: Path, name: str) -> None:
    """Accounts of every kind, new, stale, overridden and without data; one preset smooths."""
    assert_valid(_saved(samples.filled(samples.hard(load_preset(name))), tmp_path))


def test_an_empty_portfolio_is_valid_and_says_so(tmp_path: Path) -> None:
    """Without accounts there are words where lists would be."""
    model = load_preset("scorecard")
    path = _saved(samples.filled(samples.of(model, {"account_id": [], "account_name": []})),
                  tmp_path)  # fmt: skip
    assert_valid(path)
    summary = load_workbook(path, data_only=True)[SUMMARY]
    assert summary["B1"].value == "No accounts yet"
    assert summary["B22"].value == "No account is below Green."
    assert summary["H15"].value == "No earlier snapshot to compare with."
    assert summary["N18"].value == "No renewal within 180 days."


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Names that look like formulas, links and escapes are texts in every list they reach."""
    path = _saved(samples.filled(samples.with_names(list(HOSTILE.values()))), tmp_path)
    assert_valid(path)
    with zipfile.ZipFile(path) as package:
        sheets = [n for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
        told = b"".join(package.read(n) for n in sheets)
    formulas = b"".join(re.findall(rb"<f[ >].*?</f>", told, re.S))
    assert b"cmd|" not in formulas
    assert b"<hyperlink" not in told
    names = [c.value for c in load_workbook(path, data_only=True)[ACCOUNTS]["B"][4:]]
    assert HOSTILE["formula"] in names
    assert HOSTILE["plus"] in names


def test_golden() -> None:
    """The scorecard preset's portfolio template is as it was."""
    text = workbook_text(draw_portfolio_template(load_preset("scorecard")))
    if os.environ.get(RENEW):
        GOLDEN.write_text(text, encoding="utf-8")
    golden = GOLDEN.read_text(encoding="utf-8")
    if text != golden:
        lines = difflib.unified_diff(
            golden.splitlines(), text.splitlines(), str(GOLDEN), "now", lineterm="", n=1
        )
        told = "\n".join(list(lines)[:80])
        pytest.fail(f"{told}\n\nIf this is meant: {RENEW}=1 pytest {__file__}", pytrace=False)


def test_it_opens_on_the_summary_and_hides_only_the_workings() -> None:
    """First sheet, first cell, one hidden sheet."""
    book = load_workbook(io.BytesIO(samples.filled(samples.demo(count=3))))
    assert tuple(book.sheetnames) == SHEETS
    assert book.active is not None
    assert book.active.title == SUMMARY
    assert book.active.sheet_view.selection[-1].activeCell == "B1"
    assert [s.title for s in book.worksheets if s.sheet_state != "visible"] == [WORKINGS]


def test_pages_are_set_up_for_print() -> None:
    """Landscape and one page wide, Model two; Summary one page high; lists repeat their header."""
    book = load_workbook(io.BytesIO(samples.filled(samples.demo(count=3))))
    for sheet in book.worksheets:
        if sheet.title == WORKINGS:
            continue
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
        # The many columns of Model would be too small on one page.
        assert bool(sheet.col_breaks.brk) == (sheet.title == MODEL), sheet.title
    assert book[SUMMARY].page_setup.fitToHeight in (None, 1)
    assert book[ACCOUNTS].print_title_rows == "$4:$4"


def test_every_chart_says_what_it_shows() -> None:
    """A screen reader gets each chart's own numbers."""
    data = samples.filled(samples.demo(count=3))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [n for n in package.namelist() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", n)]
        frames = [
            tag for n in names for tag in re.findall(r"<xdr:cNvPr [^>]*>", package.read(n).decode())
        ]
    assert len(frames) >= 3
    for frame in frames:
        said = re.search(r'descr="([^"]*)"', frame)
        assert said is not None, frame
        assert re.search(r"\d|No ", said[1]), frame


@pytest.mark.parametrize("name", preset_names())
def test_every_column_of_a_table_has_its_place(name: str) -> None:
    """A defined name stands at each header cell, so that refresh finds a renamed column."""
    model = load_preset(name)
    book = load_workbook(io.BytesIO(draw_portfolio_template(model)))
    for spec in portfolio_tables(model).values():
        heads = [c.header.casefold() for c in spec.columns]
        assert len(heads) == len(set(heads)), spec.name
        for column in spec.columns:
            place = book.defined_names[f"hs_{spec.name.lower()}_{column.key}"]
            ((sheet, cell),) = place.destinations
            assert book[sheet][cell.replace("$", "")].value == column.header
