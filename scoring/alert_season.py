"""A fall that came in the same weeks a year ago too: usual for the season, and no alert."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from scoring.units import short

__all__ = ["NEAR_DAYS", "USUAL", "YEAR_DAYS", "usual_fall"]

YEAR_DAYS = 364
"""52 weeks, so that weekdays meet weekdays."""
NEAR_DAYS = 10
"""A snapshot so many days off still stands for a day of a year ago (ours)."""
USUAL = 3.0
"""Points by which a fall may pass that of a year ago and still is the usual one (ours)."""


def usual_fall(
    days: Sequence[date], scores: Sequence[float], then: int, day: date, score: float
) -> str:
    """What fell in the same weeks a year ago, where that explains a fall of an account's score.

    Args:
        days: n days with a score, rising, all before *day*.
        scores: n scores 0–100.
        then: place of the score that the fall counts from.
        day: of the score after the fall.
        score: after the fall.

    Returns:
        ``84 → 65 a year before``, or "" where the history does not reach that far, or the score
        fell more than `USUAL` points beyond.
    """
    before = _near(days, days[then] - timedelta(days=YEAR_DAYS))
    after = _near(days, day - timedelta(days=YEAR_DAYS))
    if before is None or after is None or before >= after:
        return ""
    fell = scores[before] - scores[after]
    if fell <= 0 or (scores[then] - score) - fell > USUAL + 1e-9:
        return ""
    return f"{short(scores[before])} → {short(scores[after])} a year before"


def _near(days: Sequence[date], wanted: date) -> int | None:
    """Place of the day nearest to *wanted*, of equals the older; None where none is near."""
    at = bisect_left(days, wanted)
    near = [k for k in (at - 1, at) if 0 <= k < len(days)]
    best = min(near, key=lambda k: abs((days[k] - wanted).days), default=None)
    return best if best is not None and abs((days[best] - wanted).days) <= NEAR_DAYS else None
