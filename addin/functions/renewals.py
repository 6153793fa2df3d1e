"""Renewals: `RENEWAL_FORECAST`, `RENEWAL_PLAY`."""

from __future__ import annotations

from addin.cells import Results

__all__ = ["renewal_forecast", "renewal_play"]


def renewal_forecast(score: object, arr: object, calibration: object = None) -> Results:
    """Renewal scenarios of one account with probability and ARR at risk."""
    raise NotImplementedError


def renewal_play(
    score: object, velocity: object, days_to_renewal: object, expansion: object = None
) -> Results:
    """What to do about a renewal."""
    raise NotImplementedError
