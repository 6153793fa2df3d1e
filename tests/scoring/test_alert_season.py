"""A fall as deep as that of the same weeks a year ago is no alert, and is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scoring.alert_season import NEAR_DAYS, USUAL, YEAR_DAYS, usual_fall
from scoring.alerts import HistoryRow, account_alerts, find_alerts
from scoring.presets import load_preset

MODEL = load_preset("scorecard")
DAY = date(2026, 12, 28)
YEAR = timedelta(days=YEAR_DAYS)
WEEK = timedelta(days=7)


def weeks(before: float, after: float, then: float = 84.0, fell: float = 64.0) -> list[HistoryRow]:
    """Two weeks a year ago, and the same two weeks now."""
    days = (DAY - YEAR - WEEK, DAY - YEAR, DAY - WEEK, DAY)
    return [HistoryRow("A", d, s) for d, s in zip(days, (then, fell, before, after), strict=True)]


def keys(rows: list[HistoryRow], day: date = DAY) -> list[str]:
    """Triggers that fire on a day."""
    return [a.trigger for a in account_alerts(rows, MODEL) if a.day == day]


def test_the_same_fall_a_year_ago_is_no_alert() -> None:
    """A holiday dip fired in its first year, and is not an alarm in the second."""
    rows = weeks(86, 66)
    assert keys(rows, DAY - YEAR) == ["enters_amber", "drop_over_15"]
    assert keys(rows) == []
    said = [a for a in find_alerts(rows, MODEL, seasonal=True) if a.season]
    assert [(a.trigger, a.season) for a in said] == [
        ("drop_over_15", "84 → 64 a year before"),
        ("enters_amber", "84 → 64 a year before"),
    ]


@pytest.mark.parametrize(("after", "quiet"), [(66 - USUAL, True), (65.9 - USUAL, False)])
def test_a_deeper_fall_is_an_alert(after: float, quiet: bool) -> None:
    """More than three points beyond a year ago is no season any more."""
    assert (keys(weeks(86, after)) == []) == quiet


def test_a_year_that_rose_explains_nothing() -> None:
    """Where the score rose or stood a year ago, a fall now is an alert."""
    assert keys(weeks(86, 66, then=64, fell=84)) == ["enters_amber", "drop_over_15"]
    assert keys(weeks(86, 66, then=70, fell=70)) == ["enters_amber", "drop_over_15"]


def test_a_history_that_does_not_reach_is_no_season() -> None:
    """One week of a year ago, or weeks too far off, leave every alert as it was."""
    late = timedelta(days=NEAR_DAYS + 1)
    rows = weeks(86, 66)
    moved = [HistoryRow("A", r.day - late, r.score) for r in rows[:2]]
    for past in (rows[:1], rows[1:2], moved):
        assert keys([*past, *rows[2:]]) == ["enters_amber", "drop_over_15"]


def test_facts_know_no_season() -> None:
    """A failed payment or low usage at Christmas is an alert as at any time."""
    rows = weeks(86, 66)
    rows[-1] = HistoryRow("A", DAY, 66, payment_failed=True, usage=20.0)
    assert keys(rows) == ["payment_failed", "usage_below_40"]


def test_what_the_season_held_back_silences_nothing() -> None:
    """A further fall in the same week is told, as nothing was told before it."""
    rows = [*weeks(86, 66), HistoryRow("A", DAY + timedelta(days=2), 40)]
    assert "enters_red" in keys(rows, DAY + timedelta(days=2))


def test_the_nearest_day_counts() -> None:
    """Of two snapshots the nearer one stands for the day, of equally near ones the older."""
    days = [DAY - YEAR + timedelta(days=n) for n in (-31, -2, 1, 9)]
    scores = [90.0, 80.0, 70.0, 60.0]
    own = [*days, DAY - timedelta(days=30)]
    found = usual_fall(own, [*scores, 88.0], 4, DAY, 70.0)
    assert found == "90 → 70 a year before"
