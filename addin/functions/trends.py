"""Arrows, velocities, days and survey points: one result for each cell."""

from __future__ import annotations

import math

from addin.broadcast import broadcast
from addin.cells import Cell, CellProblem, Result, Results, shown, today
from addin.readers import SCORE, read_date, read_number
from scoring import trend

__all__ = [
    "csat_points",
    "days_to_renewal",
    "health_trend",
    "health_velocity",
    "nps_points",
    "velocity_label",
]

_TOLERANCE, _NPS = (0.0, None), (-100.0, 100.0)
_CSAT_MOST = 5.0


def health_trend(score: object, previous: object, tolerance: object = None) -> Results:
    """Arrow from an earlier score to this one.

    Args:
        score: 0–100, or a range of them.
        previous: the earlier score, 0–100.
        tolerance: differences up to this many points count as level; 0 when left out or blank.

    Returns:
        ``↑``, ``→`` or ``↓``; an empty text where either score is blank.

    Raises:
        CellProblem: no number; a score off its scale; a tolerance below zero.
    """
    return broadcast(_arrow, score, previous, tolerance)


def _arrow(score: Cell, previous: Cell, tolerance: Cell) -> Result:
    now, before = read_number(score, "Score", SCORE), read_number(previous, "Previous score", SCORE)
    return trend.trend_arrow(now, before, read_number(tolerance, "Tolerance", _TOLERANCE, blank=0))


def health_velocity(score: object, previous: object, days: object = None) -> Results:
    """Change of a score in points a day.

    Args:
        score: 0–100, or a range of them.
        previous: the earlier score, 0–100.
        days: days between the two, above zero; 30 when left out or blank.

    Returns:
        Points a day; an empty text where either score is blank.

    Raises:
        CellProblem: no number; a score off its scale; no time between the two.
    """
    return broadcast(_velocity, score, previous, days)


def _velocity(score: Cell, previous: Cell, days: Cell) -> Result:
    now, before = read_number(score, "Score", SCORE), read_number(previous, "Previous score", SCORE)
    between = read_number(days, "Days", blank=trend.VELOCITY_DAYS)
    if between <= 0:
        text = f"Days: {shown(between)}. There must be time between the scores; type days above 0."
        raise CellProblem("#NUM!", text)
    speed = trend.velocity(now, before, between)
    return "" if math.isnan(speed) else speed


def velocity_label(velocity: object) -> Results:
    """Class of a velocity in words.

    Args:
        velocity: points a day, or a range of them.

    Returns:
        ``Declining fast``, ``Declining``, ``Stable``, ``Improving`` or ``Improving fast``; an
        empty text for a blank.

    Raises:
        CellProblem: no number.
    """
    return broadcast(_label, velocity)


def _label(velocity: Cell) -> Result:
    return trend.velocity_label(read_number(velocity, "Velocity"))


def nps_points(nps: object) -> Results:
    """Points 0–100 of an NPS index −100…100: its middle 0 gives 50.

    Raises:
        CellProblem: no number, or one off the scale.
    """
    return broadcast(_nps, nps)


def _nps(nps: Cell) -> Result:
    return (read_number(nps, "NPS", _NPS) + 100.0) / 2.0


def csat_points(csat: object, scale_max: object = None) -> Results:
    """Points 0–100 of a survey mean: 1 gives 0, the best answer 100.

    Args:
        csat: the mean, from 1 to the best answer; or a range of them.
        scale_max: the best answer, above 1; 5 when left out or blank.

    Raises:
        CellProblem: no number, or one off its scale.
    """
    return broadcast(_csat, csat, scale_max)


def _csat(csat: Cell, scale_max: Cell) -> Result:
    most = read_number(scale_max, "Best answer", blank=_CSAT_MOST)
    if most <= 1:
        text = f"Best answer: {shown(most)}. The scale starts at 1; type a number above 1."
        raise CellProblem("#NUM!", text)
    return (read_number(csat, "CSAT", (1.0, most)) - 1.0) / (most - 1.0) * 100.0


def days_to_renewal(date: object, as_of: object = None) -> Results:
    """Days from a day to a renewal date; below zero when the date has passed.

    Args:
        date: the renewal date, or a range of them.
        as_of: day to count from; today when left out or blank.

    Raises:
        CellProblem: no date.
    """
    return broadcast(_days, date, as_of)


def _days(date: Cell, as_of: Cell) -> Result:
    due = read_date(date, "Renewal date")
    start = read_date(as_of, "As of") or today()
    return "" if due is None else float((due - start).days)
