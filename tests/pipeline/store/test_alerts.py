"""Alerts over a recorded history, in either kind of database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.store import names_history
from tests.pipeline.alert_tables import ACCOUNTS, EVENTS
from tests.pipeline.tables import Rows, write_xlsx

MODEL = ["-m", "four-dimension"]
WEEK_AGO, TODAY = "2026-11-16", "2026-11-23"
FALLEN: Rows = [[*row[:8], 20, 20, 20, *row[11:]] if row[0] == "003" else row for row in ACCOUNTS]
OVERRIDE: Rows = [
    ["Account ID", "Tier", "Reason", "Author", "Expires"],
    ["003", "Red", "Sample reason", "Sample CSM 2", "2026-12-31"],
]
Captured = pytest.CaptureFixture[str]


def source(folder: Path, accounts: Rows, **more: Rows) -> str:
    """Today's accounts with their events, and no earlier row."""
    sheets = {"Accounts": accounts, "Events": EVENTS, **more}
    return str(write_xlsx(folder / "accounts.xlsx", sheets))


def alerts(capsys: Captured, named: str, *more: str) -> list[dict[str, object]]:
    """What the command tells of a source for today."""
    capsys.readouterr()
    assert main(["alerts", named, *MODEL, "--as-of", TODAY, "--json", *more]) in (0, 1)
    told: list[dict[str, object]] = json.loads(capsys.readouterr().out)["alerts"]
    return told


def record(named: str, place: str, day: str) -> None:
    options = ["--as-of", day, "--history", place, "--correct"]
    assert main(["score", named, *MODEL, *options]) in (0, 1)


def test_what_was_recorded_alerts(tmp_path: Path, place: str, capsys: Captured) -> None:
    """Two recorded days tell what the same days tell as a table, and the events beside them."""
    record(source(tmp_path, ACCOUNTS), place, WEEK_AGO)
    assert "enters_red" not in {a["trigger"] for a in alerts(capsys, place)}
    workbook = source(tmp_path, FALLEN)
    record(workbook, place, TODAY)
    told = alerts(capsys, place)
    fell = [a for a in told if a["account_id"] == "003" and a["trigger"] == "enters_red"]
    assert [a["date"] for a in fell] == [TODAY]
    assert fell[0]["arr"] == 410000.0
    assert fell[0]["csm"] == "Sample CSM 2"
    assert "stakeholder_left" in {a["trigger"] for a in told}
    assert (
        main(["history", "export", *MODEL, "--history", place, "-o", str(tmp_path / "h.csv")]) == 0
    )
    same = alerts(capsys, str(tmp_path / "h.csv"))
    events = {"stakeholder_left"}
    assert _keys(told, events) == _keys(same, events)


def _keys(told: list[dict[str, object]], but: set[str]) -> set[tuple[object, ...]]:
    return {(a["trigger"], a["account_id"], a["date"]) for a in told if a["trigger"] not in but}


def test_an_override_is_no_fall(tmp_path: Path, place: str, capsys: Captured) -> None:
    """A tier that a person set below the model's does not alert as a fall."""
    record(source(tmp_path, ACCOUNTS), place, WEEK_AGO)
    record(source(tmp_path, ACCOUNTS, Overrides=OVERRIDE), place, TODAY)
    assert main(["history", "show", "003", "--history", place]) == 0
    assert "Overridden" in capsys.readouterr().out
    fired = {a["trigger"] for a in alerts(capsys, place) if a["account_id"] == "003"}
    assert not fired & {"enters_red", "drop_10", "drop_over_15"}


def test_what_cannot_be_told(tmp_path: Path, place: str, capsys: Captured) -> None:
    """A day before all snapshots, or a sheet of a history, is named with the next step."""
    record(source(tmp_path, ACCOUNTS), place, TODAY)
    assert main(["alerts", place, *MODEL, "--as-of", "2026-01-01"]) == 2
    assert "holds no snapshot up to 2026-01-01. Give a later day" in capsys.readouterr().err
    assert main(["alerts", place, *MODEL, "--sheet", "2026"]) == 2
    assert "has no sheets. Leave out --sheet." in capsys.readouterr().err


def test_names_of_histories(tmp_path: Path, place: str) -> None:
    """An address is known from a file that people keep accounts in."""
    workbook = source(tmp_path, ACCOUNTS)
    record(workbook, place, TODAY)
    assert names_history(place)
    assert names_history("${SAMPLE_HISTORY}")
    assert not names_history(workbook)
    assert not names_history(str(tmp_path))
    assert not names_history(str(tmp_path / "absent.db"))
