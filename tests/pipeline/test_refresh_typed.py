"""Plain values of ours that somebody typed over: replaced, and named as typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import DONE
from tests.pipeline.portfolio_folder import ADA, BEA, fresh_folder, refresh, source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the portfolio workbook of two accounts and its source."""
    return fresh_folder(tmp_path)


def edit(folder: Path, *cells: tuple[str, str, Any], drop: str = "") -> None:
    """Type values into *Accounts* (account id, header, value)."""
    path = folder / "portfolio.xlsx"
    book: Any = openpyxl.load_workbook(path)
    sheet = book["Accounts"]
    heads = {c.value: c for c in sheet[4] if c.value}
    rows = {sheet.cell(row, 1).value: row for row in (5, 6)}
    for account, header, value in cells:
        sheet.cell(rows[account], heads[header].column).value = value
    if drop:
        for row in (5, 6):
            sheet.cell(row, heads[drop].column).value = None
    book.save(path)


def changes(folder: Path) -> list[tuple[Any, ...]]:
    """Account, what, before and after on *Changes*."""
    sheet: Any = openpyxl.load_workbook(folder / "portfolio.xlsx")["Changes"]
    rows = sheet.iter_rows(min_row=6, min_col=3, max_col=6, values_only=True)
    return [row for row in rows if any(row)]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_typed_value_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Cell, what was typed, ours, and where it belongs; what the source changed is not typed."""
    edit(folder, ("A-1", "ARR", 9999), ("A-2", "CSM", "Zed"))
    source(folder, ADA.replace("2027-02-01", "2027-03-01"), BEA)
    assert refresh(folder) == DONE
    out = capsys.readouterr().out
    assert "! 2 values typed over ours" in out
    assert "CSM: Zed → Bo" in out
    assert "ARR: 9,999 → 1,000" in out
    assert "Correct the source; a score or tier of your own belongs on its sheet Overrides." in out
    told = changes(folder)
    assert [line for line in told if str(line[1]).startswith("Typed over")] == [
        ("Ada Ltd", "Typed over: ARR", "9,999", "1,000"),
        ("Bea Inc", "Typed over: CSM", "Zed", "Bo"),
    ]
    assert ("Ada Ltd", "Renewal date", "1 Feb 2027", "1 Mar 2027") in told
    sheet: Any = openpyxl.load_workbook(folder / "portfolio.xlsx")["Accounts"]
    assert {sheet["E5"].value, sheet["E6"].value} == {1000, 2000}
    assert refresh(folder) == DONE
    assert "typed over" not in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_who_typed_what_the_source_says_now(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is replaced, so nothing is said; where the letters are gone, it is a change."""
    edit(folder, ("A-1", "ARR", 3000))
    source(folder, ADA.replace(",1000,", ",3000,"), BEA)
    assert refresh(folder, "--json") == DONE
    assert json.loads(capsys.readouterr().out)["typed_over"] == []
    edit(folder, ("A-1", "ARR", 7), drop="As written")
    assert refresh(folder, "--json") == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["typed_over"] == []
    assert [(x["what"], x["before"], x["after"]) for x in told["changes"]] == [
        ("ARR", "7", "3,000")
    ]
    edit(folder, ("A-1", "ARR", 8))
    assert refresh(folder, "--dry-run", "--json") == DONE
    (typed,) = json.loads(capsys.readouterr().out)["typed_over"]
    assert (typed["header"], typed["value"], typed["now"]) == ("ARR", "8", "3,000")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_typed_score_is_no_fall(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """99 was never its score: it is told as typed over, and in no count of what rose or fell."""
    edit(folder, ("A-1", "Score", 99), ("A-1", "Tier", "so so"))
    assert refresh(folder, "--json") == DONE
    told = json.loads(capsys.readouterr().out)
    assert [t["value"] for t in told["typed_over"]] == ["99", "so so"]
    assert (told["scores"], told["tiers"]) == ([], [])
