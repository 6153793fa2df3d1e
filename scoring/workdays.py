"""Deadlines that fall on working days, Monday to Friday; public holidays are not known."""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["due_day"]

_FRIDAY = 4


def due_day(start: date, hours: int) -> date:
    """The day by which something is due.

    Args:
        start: the day it came up; its hour is not known, so 24 hours are one working day.
        hours: 0 is the same day.

    Returns:
        The start, or as many working days after it; where it falls on a weekend, the Monday.
    """
    day = start
    for _ in range(-(-hours // 24)):
        day = _working(day + timedelta(days=1))
    return _working(day)


def _working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > _FRIDAY else day
