"""What a decline could cost: churn of some accounts as they stand, and if it goes on.

The shares are an illustration until a calibration is fitted; the range says which.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.renewal import ILLUSTRATION, Bracket, Chances

__all__ = ["AHEAD_DAYS", "ChurnRange", "churn_range"]

AHEAD_DAYS = 90
"""Days that a decline is thought to go on: 001's churn shares are within 90 days."""


@dataclass(frozen=True, slots=True)
class ChurnRange:
    """Churn of a group of accounts.

    Attributes:
        low, high: mean share 0–1 that churns: at today's scores, and at those that today's
            velocity leads to in `AHEAD_DAYS`; NaN where no account has a score.
        arr_low, arr_high: the ARR that they lose on average; NaN where none of it is known.
        label: what the shares are, as in the middle of a sentence.
    """

    low: float
    high: float
    arr_low: float
    arr_high: float
    label: str = ILLUSTRATION.said


def churn_range(
    frame: pd.DataFrame,
    rows: NDArray[np.intp],
    arr: Floats,
    *,
    chances: Chances = ILLUSTRATION,
    days: int = AHEAD_DAYS,
) -> ChurnRange:
    """Churn of the accounts at *rows*.

    Args:
        frame: a portfolio frame; score and velocity are read.
        rows: positions of accounts.
        arr: (n,) amounts of all accounts in one currency, NaN where not known.
        chances: churn by score.
        days: how long today's velocity goes on; an account that rises stays where it is.
    """
    score = frame["score"].to_numpy(float)[rows]
    speed = np.nan_to_num(frame["velocity"].to_numpy(float)[rows])
    later = np.clip(score + np.minimum(speed, 0.0) * days, 0.0, 100.0)
    known = ~np.isnan(score)
    if not known.any():
        return ChurnRange(math.nan, math.nan, math.nan, math.nan, chances.said)
    shares = chances.brackets
    now, then = _churn(score[known], shares), _churn(later[known], shares)
    size = arr[rows][known]
    told = not np.isnan(size).all()
    return ChurnRange(
        float(now.mean()),
        float(then.mean()),
        math.fsum(np.nan_to_num(now * size)) if told else math.nan,
        math.fsum(np.nan_to_num(then * size)) if told else math.nan,
        chances.said,
    )


def _churn(score: Floats, brackets: Sequence[Bracket]) -> Floats:
    """Share that churns, by the score as displayed: rounded half up."""
    shown = np.floor(score + 0.5 + 1e-9)
    starts = np.array([b.starts_at for b in brackets])
    shares = np.array([b.churn for b in brackets])
    at = np.clip(np.searchsorted(starts, shown, side="right") - 1, 0, len(starts) - 1)
    return np.asarray(shares[at])
