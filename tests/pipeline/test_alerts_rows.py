"""A history as the rows that triggers look at."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pipeline.alerts.found import told_before
from pipeline.alerts.rows import history_rows, unwatched
from pipeline.sources import read_history
from scoring.alerts import HistoryRow, find_alerts
from scoring.history import smooth
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.rollup import TIERS, tier_code
from scoring.timeline import snapshots
from tests.pipeline.alert_tables import TODAY, write_history
from tests.pipeline.tables import Cell, Rows, write_csv, write_xlsx

FOUR, SUPPORT, SCORECARD = (load_preset(n) for n in ("four-dimension", "support", "scorecard"))


def rows_of(path: Path, model: ScoreModel = FOUR) -> dict[tuple[str, date], HistoryRow]:
    """The rows of a source by account and day."""
    rows = history_rows(read_history(path, model), model, as_of=TODAY)
    found = {(r.account, r.day): r for r in rows}
    assert len(found) == len(rows)
    return found


def test_facts(tmp_path: Path) -> None:
    """Today's row comes from the accounts, earlier ones from the history, events on their day."""
    rows = rows_of(write_history(tmp_path / "a.xlsx"))
    now = rows["002", TODAY]
    assert now.score == pytest.approx(0.35 * 55 + 0.25 * 50 + 0.25 * 48 + 0.15 * 60)
    assert (now.tier, now.usage, now.csat, now.login_gap) == ("red", 55.0, 2.4, 22.0)
    assert now.renewal == date(2026, 12, 31)
    assert (now.payment_failed, now.stakeholder_left) == (False, False)
    assert rows["003", TODAY].payment_failed is True
    before = rows["002", date(2026, 11, 16)]
    assert (before.score, before.tier, before.csat, before.login_gap) == (70.0, "amber", 2.5, 3.0)
    assert math.isnan(before.usage)
    event = rows["001", date(2026, 11, 17)]
    assert event.stakeholder_left == "Champion of the project left"
    assert math.isnan(event.score)
    assert not any(account == "009" for account, _ in rows)


def test_an_event_joins_the_row_of_its_day(tmp_path: Path) -> None:
    """An event on the day of a snapshot is part of that row, not instead of it."""
    events: Rows = [["Account ID", "Date", "Event"], ["002", "2026-11-16", "Invoice bounced"]]
    row = rows_of(write_history(tmp_path / "a.xlsx", Events=events))["002", date(2026, 11, 16)]
    assert (row.payment_failed, row.score) == ("Invoice bounced", 70.0)


def test_metrics_that_are_too_old(tmp_path: Path) -> None:
    """A value that no longer counts in the score fires nothing either."""
    rows: Rows = [
        ["Account ID", "CSAT (1–5)", "CSAT (1–5) as of"],
        ["fresh", 2.0, "2026-11-20"],
        ["stale", 2.0, "2020-01-01"],
    ]
    found = rows_of(write_csv(tmp_path / "a.csv", rows), SUPPORT)
    assert found["fresh", TODAY].csat == 2.0
    assert math.isnan(found["stale", TODAY].csat)


def test_a_new_account_has_no_score(tmp_path: Path) -> None:
    """The neutral score of an account's first days is no score to fall to."""
    accounts: Rows = [
        ["Account ID", "Start date", "Usage", "Engagement", "Sentiment", "Financial"],
        ["new", "2026-11-15", 90, 90, 90, 90],
    ]
    row = rows_of(write_csv(tmp_path / "a.csv", accounts))["new", TODAY]
    assert math.isnan(row.score)
    assert row.tier == ""


@pytest.mark.parametrize(("said", "tier"), [("Green", "green"), ("Amber", "amber"), ("Red", "red")])
def test_a_decision_is_no_fall(tmp_path: Path, said: str, tier: str) -> None:
    """A tier that a person set calls off a worse one of the model, and never makes an alert."""
    overrides: Rows = [
        ["Account ID", "Tier", "Reason", "Author", "Expires"],
        ["002", said, "Sample reason", "Sample CSM 1", "2026-12-31"],
        ["001", said, "Sample reason", "Sample CSM 1", "2026-12-31"],
    ]
    rows = rows_of(write_history(tmp_path / "a.xlsx", Overrides=overrides))
    assert rows["002", TODAY].tier == tier
    assert rows["002", TODAY].score == pytest.approx(52.75)
    assert rows["001", TODAY].tier == "green"


def test_smoothed_tiers(tmp_path: Path) -> None:
    """Where the model smooths, each day's tier follows the mean of its last thirty days."""
    scores = [80, 75, 20, 30, 75, 64, 71, 39, 10, 90]
    days = [TODAY - timedelta(days=9 * (10 - n)) for n in range(10)]
    rows: list[list[Cell]] = [["Account", "Date", "Score"]]
    rows += [[account, d, s] for account in "BA" for d, s in zip(days, scores, strict=True)]
    found = rows_of(write_xlsx(tmp_path / "a.xlsx", {"Score history": rows}), SUPPORT)
    past = pd.DataFrame({"account_id": "A", "date": pd.to_datetime(days), "score": scores})
    for day, score in zip(days, scores, strict=True):
        now = pd.DataFrame({"account_id": ["A"], "score": [float(score)]})
        mean = float(smooth(past, now, as_of=day, days=30)[0])
        row = found["A", day]
        assert row.score == score
        assert row.tier == TIERS[int(tier_code(SUPPORT, mean))]
        assert found["B", day].tier == row.tier


def test_csat_of_ten_and_given_changes(tmp_path: Path) -> None:
    """The scorecard's CSAT is of ten, and its ticket trend tells of the tickets."""
    rows: Rows = [
        ["Account ID", "CSAT", "Ticket trend", "Product adoption"],
        ["1", 4, "60%", 1],
    ]
    row = rows_of(write_csv(tmp_path / "a.csv", rows), SCORECARD)["1", TODAY]
    assert (row.csat_10, row.ticket_change, row.usage) == (4.0, 0.6, 20.0)
    assert math.isnan(row.csat)


def test_what_is_not_watched(tmp_path: Path) -> None:
    """Columns without any value are named; a sheet of events watches what it can tell."""
    history = read_history(write_history(tmp_path / "a.xlsx"), FOUR)
    rows = history_rows(history, FOUR, as_of=TODAY)
    assert unwatched(history, rows) == ["Tickets"]
    bare = read_history(
        write_csv(tmp_path / "b.csv", [["Account", "Date", "Score"], ["A", "2026-11-23", 5]]), FOUR
    )
    assert unwatched(bare, history_rows(bare, FOUR, as_of=TODAY)) == [
        "Renewal date", "Usage", "CSAT", "Days since login", "Tickets", "Payment failed",
        "Stakeholder left",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "low", "told"),
    [
        (7, [0, 7, 14], [0, 7]),
        (7, [0, 14], []),
        (30, [0, 30], [0]),
        (30, [0, 60], []),
        (1, [0, 1, 2, 3, 4, 5, 6, 7, 8], [0]),
        (1, [0, 9], []),
        (1, [0, 3, 8], []),
    ],
)
def test_told_before(step: int, low: list[int], told: list[int]) -> None:
    """A state that went on was told before; one that ended and came back is new."""
    first = date(2026, 9, 1)
    rows = [
        HistoryRow("A", first + timedelta(days=n), 90, usage=30 if n in low else 90)
        for n in range(0, 61, step)
    ]
    found = told_before(find_alerts(rows, FOUR), rows)
    assert sorted(found.values()) == [first + timedelta(days=n) for n in told]


def test_an_event_is_always_new() -> None:
    """What falls twice is told twice, neither of them again."""
    days = [date(2026, 11, 2) + timedelta(days=7 * n) for n in range(4)]
    rows = [HistoryRow("A", d, s) for d, s in zip(days, [95, 80, 95, 80], strict=True)]
    assert told_before(find_alerts(rows, FOUR), rows) == {}


@pytest.mark.parametrize("model", [FOUR, SUPPORT], ids=lambda m: m.name)
def test_scores_that_somebody_has(tmp_path: Path, model: ScoreModel) -> None:
    """Snapshots that are handed over give the rows that scoring anew gives, smoothed or not."""
    read = read_history(write_history(tmp_path / "a.xlsx"), model)
    past = snapshots(read.inputs.history, model, TODAY)
    assert past
    given = history_rows(read, model, as_of=TODAY, past=past)
    assert repr(given) == repr(history_rows(read, model, as_of=TODAY))
