"""A portfolio workbook and the backtest it shows: named, remembered, forgotten, never known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.backtest_file import save_backtest
from pipeline.cli import DONE, IMPOSSIBLE
from pipeline.refresh_source import backtest_of
from scoring.presets import load_preset
from tests.pipeline.portfolio_folder import ADA, BEA, CYD, fresh_folder, refresh, source
from tests.scoring.validation import documents
from tests.workbook_templates.earlier import before_backtest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a portfolio, its source and a backtest of their model."""
    save_backtest(tmp_path / "backtest.json", documents.evidence(load_preset("four-dimension")))
    return fresh_folder(tmp_path)


def page(folder: Path) -> dict[str, Any]:
    """Title, sentence on use, and the remembered file, as they stand in the workbook."""
    book = openpyxl.load_workbook(folder / "portfolio.xlsx", data_only=True)
    sheet = book["Backtest"]
    table = sheet.tables["Probabilities"].ref
    return {"title": sheet["B1"].value, "use": sheet["N3"].value, "table": table,
            "basis": sheet["F43"].value, "file": book["Changes"]["I1"].value}  # fmt: skip


def test_a_backtest_is_named_once_and_forgotten_when_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page and the probabilities come, stay with the next refresh, and go together."""
    assert page(folder)["title"].startswith("No backtest yet")
    assert refresh(folder, "--backtest", str(folder / "backtest.json")) == DONE
    shown = page(folder)
    assert shown["title"].startswith("Low scores came before churn")
    assert shown["basis"].startswith("Calibrated on 412 outcomes")
    assert shown["file"] == "backtest.json"
    monkeypatch.chdir("/")
    source(folder, ADA, BEA, CYD)
    assert refresh(folder) == DONE
    assert page(folder) == shown
    assert refresh(folder, "--no-backtest") == DONE
    cleared = page(folder)
    assert cleared["title"].startswith("No backtest yet")
    assert (cleared["file"], cleared["table"]) == (None, "B42:F46")
    assert cleared["basis"] == "Illustration, not calibrated"


def test_the_settings_count_before_what_the_workbook_remembers(folder: Path) -> None:
    """healthsheet.toml names another file, or none: what the workbook knew is forgotten."""
    assert refresh(folder, "--backtest", str(folder / "backtest.json")) == DONE
    workbook, accounts = folder / "portfolio.xlsx", str(folder / "accounts.csv")
    assert backtest_of(workbook, None, accounts) == (str(folder / "backtest.json"), "backtest.json")
    (folder / "healthsheet.toml").write_text('backtest = "none"\n')
    assert backtest_of(workbook, None, accounts) == (None, "")
    assert refresh(folder) == DONE
    assert page(folder)["title"].startswith("No backtest yet")


def test_a_remembered_backtest_that_is_gone_stops_the_refresh_and_says_the_way_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing wrong is shown instead; --no-backtest goes on."""
    assert refresh(folder, "--backtest", str(folder / "backtest.json")) == DONE
    before = (folder / "portfolio.xlsx").read_bytes()
    (folder / "backtest.json").unlink()
    assert refresh(folder) == IMPOSSIBLE
    told = capsys.readouterr().err
    assert "backtest.json does not exist" in told
    assert "--no-backtest" in told
    assert (folder / "portfolio.xlsx").read_bytes() == before
    assert refresh(folder, "--no-backtest") == DONE


def test_a_workbook_made_before_the_sheet_is_refreshed_as_before(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it lacks is told once; the accounts follow, with and without a backtest."""
    old = folder / "portfolio.xlsx"
    old.write_bytes(before_backtest(old.read_bytes()))
    source(folder, ADA, BEA, CYD)
    assert refresh(folder, "--backtest", str(folder / "backtest.json")) == DONE
    assert "new ones also have the sheet Backtest" in capsys.readouterr().out
    book = openpyxl.load_workbook(old, data_only=True)
    assert [row[1].value for row in book["Accounts"].iter_rows(min_row=5, max_row=7)] == [
        "Ada Ltd", "Bea Inc", "Cyd plc"]  # fmt: skip
    assert book["Changes"]["I1"].value is None
