"""A refresh for another day than today: what it records, archives and says."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import scored
from pipeline.cli import DONE, IMPOSSIBLE, main, today
from pipeline.store import use
from tests.pipeline.portfolio_folder import ADA, BEA, CYD, fresh_folder, refresh, source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the portfolio workbook of two accounts and its source."""
    return fresh_folder(tmp_path)


def test_the_archive_has_the_day_of_the_refresh(folder: Path) -> None:
    """What left on a past day carries that day; the moment of the run stands on Changes."""
    path = folder / "portfolio.xlsx"
    book: Any = openpyxl.load_workbook(path)
    sheet = book["Accounts"]
    last = 1 + next(c.column for c in reversed(sheet[4]) if c.value)
    sheet.cell(6 if sheet["A6"].value == "A-2" else 5, last).value = "call them"
    book.save(path)
    source(folder, ADA)
    assert refresh(folder, "--as-of", "2026-10-05") == DONE
    after: Any = openpyxl.load_workbook(path)
    archive = after["Archive"]
    heads = {c.value: c.column for c in archive[5]}
    assert archive.cell(6, heads["Content"]).value == "call them"
    assert archive.cell(6, heads["Archived"]).value.date() == date(2026, 10, 5)
    note = after["Changes"]["B2"].value
    assert f"Refreshed {today().day} {today():%b %Y} " in note
    assert " · as of 5 Oct 2026 · " in note


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_no_future_is_recorded(
    folder: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """A day after today is refused where it would be recorded; workbook and history stay."""
    before = (folder / "portfolio.xlsx").read_bytes()
    source(folder, ADA, BEA, CYD)
    history = folder / "history.db"
    history.touch()
    ahead = (today() + timedelta(days=3)).isoformat()
    more = ("--as-of", ahead, "--history", str(history), *options)
    assert refresh(folder, *more) == IMPOSSIBLE
    said = capsys.readouterr().err
    assert f"{ahead} is after today, {today()}" in said
    assert "add --no-history" in said
    assert (folder / "portfolio.xlsx").read_bytes() == before
    assert history.read_bytes() == b""
    assert refresh(folder, "--as-of", ahead) == DONE


def test_score_records_no_future_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same day is refused by the command that records every day."""
    source(tmp_path, ADA)
    ahead = (today() + timedelta(days=1)).isoformat()
    options = ("--as-of", ahead, "--history", str(tmp_path / "h.db"), "-m", "four-dimension")
    assert main(["score", str(tmp_path / "accounts.csv"), *options]) == IMPOSSIBLE
    assert "a history records no future" in capsys.readouterr().err


def test_accounts_are_scored_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was shown is what is recorded: the scores are not worked out again for the history."""
    days: list[date] = []
    real = scored.score_inputs

    def counted(*args: object, as_of: date) -> scored.Scored:
        days.append(as_of)
        return real(*args, as_of=as_of)  # type: ignore[arg-type]

    monkeypatch.setattr(use, "score_inputs", counted)
    source(folder, ADA, BEA, CYD)
    assert refresh(folder, "--history", str(folder / "history.db")) == DONE
    assert days == [date(2026, 11, 22)]
    assert main(["history", "list", "--history", str(folder / "history.db")]) == DONE
