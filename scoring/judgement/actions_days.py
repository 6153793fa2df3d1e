"""By when: days inside a horizon, before the renewal, and on a working day."""

from __future__ import annotations

from datetime import date, timedelta

from scoring.judgement.records import HORIZONS, Horizon
from scoring.workdays import due_day

__all__ = ["MONTH_DAYS", "WEEK_DAYS", "due_in", "horizon_of", "working_before"]

WEEK_DAYS, MONTH_DAYS = 7, 31
"""Days from today that "This week" and "This month" reach."""
_WEEK, _MONTH, _RENEWAL = HORIZONS
_READY = 14
"""Days before the renewal at which what belongs "Before renewal" is to be done (ours)."""
_QUARTER = 90
"""Days from today where no renewal date is known (ours)."""
_SATURDAY = 5
_ALIASES = {"immediate": _WEEK, "week": _WEEK, "month": _MONTH, "renewal": _RENEWAL}


def horizon_of(word: str, due: date | None, as_of: date) -> Horizon:
    """One of the three horizons, by its words or else by its day."""
    text = word.casefold().strip().rstrip(":").split(" (")[0]
    for horizon in HORIZONS:
        if horizon.casefold() == text:
            return horizon
    for part, horizon in _ALIASES.items():
        if part in text:
            return horizon
    if due is None:
        return _MONTH
    days = (due - as_of).days
    return _WEEK if days <= WEEK_DAYS else _MONTH if days <= MONTH_DAYS else _RENEWAL


def working_before(day: date) -> date:
    """The last working day on or before a day."""
    return day - timedelta(days=max(day.weekday() - _SATURDAY + 1, 0))


def due_in(
    horizon: Horizon, within_hours: int, *, as_of: date, renewal: date | None, start: date | None
) -> date:
    """The day by which something is due.

    Args:
        horizon: when it is wanted.
        within_hours: 24 are one working day; 0 takes the end of the horizon.
        as_of: today.
        renewal: nothing is due on it or later, unless no working day is left before it.
        start: the day it counts from, where that is not today; then it may be overdue.

    Returns:
        A working day. Counted from today it is today or later.
    """
    if start is not None:
        return due_day(start, within_hours)
    first = due_day(as_of, 0)
    if horizon == _RENEWAL:
        end = as_of + timedelta(days=_QUARTER)
        if renewal is not None and renewal > as_of:
            # Two weeks early; where fewer are left, half of the time.
            end = renewal - timedelta(days=min(_READY, max((renewal - as_of).days // 2, 1)))
    else:
        end = as_of + timedelta(days=WEEK_DAYS if horizon == _WEEK else MONTH_DAYS)
    if renewal is not None and renewal > as_of:
        end = min(end, renewal - timedelta(days=1))
    last = max(working_before(end), first)
    return min(due_day(as_of, within_hours), last) if within_hours else last
