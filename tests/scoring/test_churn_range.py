"""Churn of a group: at today's scores, and where today's velocity leads."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from scoring.churn_range import churn_range
from scoring.renewal import BRACKETS, scenarios

ARR = np.array([100.0, 200.0, math.nan, 400.0])


def frame(score: list[float], velocity: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"score": score, "velocity": velocity})


def test_by_hand() -> None:
    """85 falling 0.1 a day goes from 3 % to 76, 12 %; 65 stays at 34 %."""
    found = churn_range(frame([85.0, 65.0], [-0.1, 0.2]), np.array([0, 1]), ARR[:2])
    assert found.low == pytest.approx((0.03 + 0.34) / 2)
    assert found.high == pytest.approx(0.23)
    assert found.arr_low == pytest.approx(3 + 68)
    assert found.arr_high == pytest.approx(12 + 68)


def test_shares_are_those_of_the_renewal() -> None:
    """Every displayed score has the churn that its own renewal scenario shows."""
    for score in np.arange(0.0, 100.25, 0.25):
        found = churn_range(frame([score], [math.nan]), np.array([0]), ARR[:1])
        shown = math.floor(score + 0.5)
        assert found.low == found.high == scenarios(shown, 1.0, math.nan)[2].probability


def test_missing_is_not_zero() -> None:
    """No score is left out; no known ARR is not known; no velocity goes on as it stands."""
    one = churn_range(frame([math.nan, 50.0], [-1.0, math.nan]), np.array([0, 1]), ARR[:2])
    assert (one.low, one.high) == (0.78, 0.78)
    assert one.arr_low == pytest.approx(156)
    none = churn_range(frame([math.nan], [0.0]), np.array([0]), ARR[:1])
    assert math.isnan(none.low)
    unknown = churn_range(frame([50.0], [0.0]), np.array([0]), np.array([math.nan]))
    assert unknown.low == BRACKETS[0].churn
    assert math.isnan(unknown.arr_low)
