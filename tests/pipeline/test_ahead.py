"""Goals, strategies and forecasts for programs: `score --json --judgement`, `refresh --json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import IMPOSSIBLE, main
from pipeline.portfolio_ahead import ahead_data
from tests.pipeline.portfolio_folder import fresh_folder, refresh
from tests.pipeline.tables import write_xlsx
from tests.pipeline.test_cli_score import ACCOUNTS, ARGS
from tests.workbook_templates.portfolio import samples


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A workbook of four accounts."""
    return write_xlsx(tmp_path / "accounts.xlsx", {"Accounts": ACCOUNTS})


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The document that was printed."""
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_scores_alone_carry_no_judgement(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What takes longer than scoring is told only when it is asked for."""
    main(["score", str(source), *ARGS, "--json"])
    assert "judgement" not in said(capsys)


def test_score_tells_goal_strategy_and_outlook(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Account 002 rated 3 throughout: from 60 to 67 or more, renewing on 31 Dec at 96,000."""
    main(["score", str(source), *ARGS, "--json", "--judgement"])
    found = said(capsys)["judgement"]
    assert list(found) == ["001", "002", "003", "004"]
    goal, outlook = found["002"]["goal"], found["002"]["outlook"]
    assert (goal["start"], goal["target"], goal["by"]) == (60.0, 67.0, "2026-12-23")
    assert goal["reached"] >= 67
    assert [(m["start"], m["to"]) for m in goal["moves"]] == [(3.0, 4.0)] * len(goal["moves"])
    assert [s["probability"] for s in outlook["scenarios"]] == [0.4, 0.26, 0.34]
    assert outlook["label"] == "Illustration, not calibrated"
    assert outlook["play"]["reason"] == "Amber and renews within 90 days"
    assert "Renews in 38 days; near is 90" in outlook["play"]["facts"]
    steps = found["002"]["strategy"]
    assert all(step["due"] and step["role"] and step["why"] for step in steps)
    assert found["004"]["goal"] is None
    assert found["004"]["outlook"]["scenarios"] == []


def test_judgement_without_json_is_refused(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table has no room for it; the message says what has."""
    assert main(["score", str(source), *ARGS, "--judgement"]) == IMPOSSIBLE
    assert "--judgement is told with --json" in capsys.readouterr().err


def test_refresh_tells_goals_and_renewals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run of a refresh says what a month can reach and what a year could lose."""
    folder = fresh_folder(tmp_path)
    capsys.readouterr()
    refresh(folder, "--json", "--dry-run")
    found = said(capsys)
    assert found["goals"]["days"] == 30
    assert sum(found["goals"]["accounts_then"].values()) == sum(
        found["goals"]["accounts_now"].values()
    )
    rows = found["renewal_forecast"]["rows"]
    assert len(rows) == 16
    assert rows[12]["renews_in"] == "Next 12 months"
    assert found["renewal_forecast"]["basis"] == "Illustration, not calibrated"


def test_plain_data_says_what_the_sheet_says() -> None:
    """Rows sum up, a lift names its moves, and JSON takes all of it."""
    p = samples.demo()
    data = ahead_data(p)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    rows = data["renewal_forecast"]["rows"]
    assert rows[12]["expected_loss"] == pytest.approx(sum(r["expected_loss"] for r in rows[:12]))
    for row in rows:
        parts = row["expected_renewed"] + row["expected_loss"] + row["arr_without_tier"]
        assert parts == pytest.approx(row["arr"])
    assert p.goals is not None
    for told, lift in zip(data["goals"]["lifts"], p.goals.lifts, strict=True):
        assert sum(m["days_of_work"] for m in told["moves"]) == told["days_of_work"] == lift.days
