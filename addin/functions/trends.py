"""Arrows, velocities, days and survey points: one result for each cell."""

from __future__ import annotations

from addin.cells import Results

__all__ = [
    "csat_points",
    "days_to_renewal",
    "health_trend",
    "health_velocity",
    "nps_points",
    "velocity_label",
]


def health_trend(score: object, previous: object, tolerance: object = None) -> Results:
    """Arrow from an earlier score to this one."""
    raise NotImplementedError


def health_velocity(score: object, previous: object, days: object = None) -> Results:
    """Points a day."""
    raise NotImplementedError


def velocity_label(velocity: object) -> Results:
    """Class of a velocity in words."""
    raise NotImplementedError


def nps_points(nps: object) -> Results:
    """Points 0–100 of an NPS index −100…100."""
    raise NotImplementedError


def csat_points(csat: object, scale_max: object = None) -> Results:
    """Points 0–100 of a survey mean from 1 to its maximum."""
    raise NotImplementedError


def days_to_renewal(date: object, as_of: object = None) -> Results:
    """Days from a day to a renewal date."""
    raise NotImplementedError
