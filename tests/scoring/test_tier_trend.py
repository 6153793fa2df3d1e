"""Accounts and ARR by tier over time."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from scoring.tier_trend import month_ends, monthly_trend, snapshot_days, tier_trend
from tests.scoring.portfolios import scored
from tests.scoring.rows import AS_OF, day


def now(**values: float | None) -> pd.DataFrame:
    """Today's accounts by id, each with one value for all four metrics; ARR 10, 20, …."""
    rows = [
        {"account_id": name, **({} if v is None else dict.fromkeys("abcd", v)), "arr": 10.0 * n,
         "currency": "USD"}
        for n, (name, v) in enumerate(values.items(), start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def then(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """History: id, days back, value of all four metrics."""
    return pd.DataFrame(
        [{"account_id": i, "date": day(b), **dict.fromkeys("abcd", v)} for i, b, v in rows]
    )


def test_by_hand() -> None:
    """Two snapshots and today: counts, shares, ARR of today and the mean score."""
    frame, line = scored(
        now(A=90, B=50), then(("A", 60, 70), ("B", 60, 70), ("A", 30, 90), ("B", 30, 70))
    )
    points = tier_trend(line, frame)
    assert [p.day for p in points] == [day(60), day(30), AS_OF] == list(snapshot_days(line))
    assert [p.accounts for p in points] == [(0, 2, 0), (1, 1, 0), (1, 0, 1)]
    assert [p.arr for p in points] == [(0, 30, 0), (10, 20, 0), (10, 0, 20)]
    assert [p.average for p in points] == [70, 80, 70]
    assert points[1].shares == (0.5, 0.5, 0.0)


def test_a_missing_week_is_bridged() -> None:
    """An account that a snapshot lacks keeps its last score while that may stand."""
    history = then(("A", 60, 90), ("B", 60, 70), ("A", 30, 90))
    frame, line = scored(now(A=90, B=70), history)
    assert [p.accounts for p in tier_trend(line, frame)] == [(1, 1, 0), (1, 1, 0), (1, 1, 0)]
    short = tier_trend(line, frame, stands_days=20)
    assert [p.accounts for p in short] == [(1, 1, 0), (1, 0, 0), (1, 1, 0)]


def test_back_dated_rows_count_on_their_day() -> None:
    """A row that comes late stands in the order of its date, not of the file."""
    late = then(("A", 20, 50), ("A", 40, 90))
    frame, line = scored(now(A=70), late)
    assert [p.accounts for p in tier_trend(line, frame)] == [(1, 0, 0), (0, 0, 1), (0, 1, 0)]


def test_today_is_the_frame() -> None:
    """Who has no score today is in no tier, however good the last one was."""
    frame, line = scored(now(A=90, B=None), then(("A", 10, 90), ("B", 10, 90)))
    assert [sum(p.accounts) for p in tier_trend(line, frame)] == [2, 1]


def test_who_left_is_told_once() -> None:
    """An account that the source lacks is gone at the first snapshot without it."""
    history = then(("A", 90, 90), ("Z", 90, 50), ("A", 60, 90), ("Z", 60, 50), ("A", 30, 90))
    frame, line = scored(now(A=90), history)
    points = tier_trend(line, frame)
    assert [p.gone for p in points] == [0, 0, 1, 0]
    assert [p.accounts for p in points] == [(1, 0, 1), (1, 0, 1), (1, 0, 0), (1, 0, 0)]
    # What it paid is not known any more; a tier of it alone has no ARR.
    assert math.isnan(points[0].arr[2])


def test_months() -> None:
    """Month ends and today, from the first month with a score."""
    assert month_ends(date(2026, 11, 22), 3) == (
        date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 22),
    )  # fmt: skip
    assert month_ends(date(2026, 3, 1), 2) == (date(2026, 2, 28), date(2026, 3, 1))
    assert month_ends(date(2026, 2, 28), 2) == (date(2026, 1, 31), date(2026, 2, 28))
    assert month_ends(date(2026, 2, 28), 0) == ()
    frame, line = scored(now(A=90), then(("A", 70, 70), ("A", 40, 50)))
    points = monthly_trend(line, frame)
    assert [(p.day, p.accounts) for p in points] == [
        (date(2026, 9, 30), (0, 1, 0)), (date(2026, 10, 31), (0, 0, 1)), (AS_OF, (1, 0, 0)),
    ]  # fmt: skip


def test_without_history() -> None:
    """The first snapshot is a trend of one point; no account at all is a point of nobody."""
    frame, line = scored(now(A=90))
    assert [p.accounts for p in tier_trend(line, frame)] == [(1, 0, 0)]
    assert len(monthly_trend(line, frame)) == 1
    empty, line = scored(now(A=90).iloc[:0])
    (point,) = tier_trend(line, empty)
    assert point.accounts == (0, 0, 0)
    assert math.isnan(point.average)
    assert monthly_trend(line, empty) == ()


def test_shares_of_a_point_sum_to_one() -> None:
    """Three tiers of one account each: the thousandths still make one."""
    frame, line = scored(now(A=90, B=70, C=50))
    (point,) = tier_trend(line, frame)
    assert sum(round(s * 1000) for s in point.shares) == 1000
    assert point.shares == pytest.approx((0.334, 0.333, 0.333))
