"""A portfolio workbook and the backtest it shows: named, remembered, forgotten, never known."""

from __future__ import annotations

import re
import zipfile
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
    old.write_bytes(_before_the_sheet(old))
    source(folder, ADA, BEA, CYD)
    assert refresh(folder, "--backtest", str(folder / "backtest.json")) == DONE
    assert "new ones also have the sheet Backtest" in capsys.readouterr().out
    book = openpyxl.load_workbook(old, data_only=True)
    assert [row[1].value for row in book["Accounts"].iter_rows(min_row=5, max_row=7)] == [
        "Ada Ltd", "Bea Inc", "Cyd plc"]  # fmt: skip
    assert book["Changes"]["I1"].value is None


def _before_the_sheet(path: Path) -> bytes:
    """The workbook as an earlier version made it: no name and no Table of the sheet's."""
    target = path.with_name("old.xlsx")
    with zipfile.ZipFile(path) as new, zipfile.ZipFile(target, "w") as made:
        tables = {n for n in new.namelist()
                  if n.startswith("xl/tables/") and b'"Probabilities"' in new.read(n)}  # fmt: skip
        for name in new.namelist():
            data = new.read(name)
            if name == "xl/workbook.xml":
                ours = rb'<definedName name="hs_(backtest|probabilities)_[^<]*</definedName>'
                data = re.sub(ours, b"", data)
            if name.startswith("xl/worksheets/") and any(
                Path(t).name.encode() in new.read(_rels(name)) for t in tables
                if _rels(name) in new.namelist()
            ):  # fmt: skip
                data = re.sub(rb"<tableParts.*?</tableParts>", b"", data)
            if name == "[Content_Types].xml":
                for t in tables:
                    data = re.sub(rb'<Override PartName="/%b"[^>]*/>' % t.encode(), b"", data)
            if name not in tables:
                made.writestr(name, data)
    return target.read_bytes()


def _rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"
