"""Deadlines on working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.workdays import due_day

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [(0, 0, 0), (0, 24, 1), (0, 48, 2), (0, 25, 2), (3, 48, 7), (4, 0, 4), (4, 24, 7), (5, 0, 7),
     (5, 24, 7), (6, 48, 8), (0, 120, 7), (4, 240, 18)],
)  # fmt: skip
def test_due_day(start: int, hours: int, due: int) -> None:
    """A Friday's next day is Monday, and what comes up on a weekend is due from Monday on."""
    day = MONDAY + timedelta(days=start)
    assert due_day(day, hours) == MONDAY + timedelta(days=due)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_working_days_between(start: date, days: int) -> None:
    """There are exactly as many working days after the start, the last of them the due day."""
    due = due_day(start, 24 * days)
    after = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert due.weekday() <= 4
    assert sum(day.weekday() <= 4 for day in after) == (days or start.weekday() > 4)
