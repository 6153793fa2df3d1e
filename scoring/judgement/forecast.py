"""What renewals of the coming months could lose: the portfolio's roll-up, month by month.

Each account's renewal has three outcomes, see `scoring.renewal.scenarios`; outcomes of different
accounts count as independent. The range is the normal approximation of their sum: expected loss
± 1.2816 standard deviations, never below 0 or above what could be lost. Probabilities are the
illustration until a calibration is fitted, and every face says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.amounts import by_currency, main_currency, own_amounts
from scoring.renewal import CONTRACTION_SHARE, ILLUSTRATION, Chances
from scoring.rollup import round_half_up
from scoring.score import MANY

__all__ = [
    "MONTHS",
    "SPREAD",
    "Forecast",
    "ForecastRow",
    "account_losses",
    "contraction_shares",
    "renewal_forecast",
]

MONTHS = 12
SPREAD = 1.2816
"""Standard deviations to either side that hold 80% of a normal distribution."""

Floats = NDArray[Any]


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """Renewals of a span; amounts in one currency.

    Attributes:
        label: ``Dec 2026``, ``Next 12 months``, ``Later``, ``Passed``, ``Date not known``.
        first: first day of the month; None where it is none.
        accounts: that renew then.
        arr: what they pay a year, where it is known.
        unscored: part of it of accounts without a tier, of which nothing is forecast.
        loss: expected loss of the rest. low, high: its 80% range.
    """

    label: str
    first: date | None
    accounts: int
    arr: float
    unscored: float
    loss: float
    low: float
    high: float

    @property
    def renewed(self) -> float:
        """ARR that is expected to renew, of accounts with a tier."""
        return self.arr - self.unscored - self.loss

    @property
    def grr(self) -> float:
        """Gross revenue retention: expected share of ARR that renews; NaN of nothing."""
        base = self.arr - self.unscored
        return self.renewed / base if base > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Forecast:
    """The roll-up: months ahead, their sum, and what is in none of them.

    Attributes:
        currency: of all amounts. label: what the probabilities are.
        months: the running one first, from today on.
        ahead: all months together. later, passed, unknown: renewals outside of them.
        others: currency → ARR that is in no row.
    """

    currency: str
    label: str
    months: tuple[ForecastRow, ...]
    ahead: ForecastRow
    later: ForecastRow
    passed: ForecastRow
    unknown: ForecastRow
    others: dict[str, float]

    @property
    def rows(self) -> tuple[ForecastRow, ...]:
        """All rows in the order they are listed."""
        return (*self.months, self.ahead, self.later, self.passed, self.unknown)


def contraction_shares(accounts: pd.DataFrame) -> Floats:
    """Share of ARR that each account loses when it contracts, (n,): the seats not in use.

    Args:
        accounts: n rows; seats_active_share, seats_active, seats_licensed count.
    """
    given, active, licensed = (
        _numbers(accounts, key) for key in ("seats_active_share", "seats_active", "seats_licensed")
    )
    with np.errstate(all="ignore"):
        counted = np.where(licensed > 0, active / licensed, np.nan)
    used = np.where(np.isnan(given), counted, given)
    return np.where(used < 1, 1 - used, CONTRACTION_SHARE)


def _numbers(accounts: pd.DataFrame, key: str) -> Floats:
    if key not in accounts:
        return np.full(len(accounts), np.nan)
    return np.asarray(pd.to_numeric(accounts[key]).to_numpy(float, na_value=np.nan))


def account_losses(frame: pd.DataFrame, chances: Chances = ILLUSTRATION) -> tuple[Floats, Floats]:
    """Expected loss and its variance of each account's renewal, (n,) each.

    Args:
        frame: a portfolio frame: score, tier, arr, currency, contraction.
        chances: the illustration, or a calibration.

    Returns:
        In the main currency and its square; NaN without tier or without ARR in it.
    """
    score = round_half_up(frame["score"].to_numpy(float), MANY)
    known = (frame["tier"] != "").to_numpy(bool) & ~np.isnan(score)
    starts = np.array([b.starts_at for b in chances.brackets])
    at = np.clip(np.searchsorted(starts, np.nan_to_num(score), side="right") - 1, 0, None)
    churn = np.array([b.churn for b in chances.brackets])[at]
    shrink = np.array([b.contraction for b in chances.brackets])[at]
    arr = np.where(known, own_amounts(frame).to_numpy(float), np.nan)
    part = arr * frame["contraction"].to_numpy(float)
    loss = churn * arr + shrink * part
    # Dust below zero has no root.
    return loss, np.maximum(churn * arr**2 + shrink * part**2 - loss**2, 0.0)


def renewal_forecast(frame: pd.DataFrame, as_of: date, chances: Chances = ILLUSTRATION) -> Forecast:
    """The roll-up of a portfolio in its main currency.

    Args:
        frame: a portfolio frame: account_id, score, tier, arr, currency, contraction,
            renewal_date.
        as_of: today; the running month counts from it.
        chances: the illustration, or a calibration.
    """
    loss, variance = account_losses(frame, chances)
    own = own_amounts(frame).to_numpy(float)
    day = pd.to_datetime(frame["renewal_date"])
    today = pd.Timestamp(as_of)
    starts = pd.date_range(today.replace(day=1), periods=MONTHS + 1, freq="MS")

    def row(label: str, inside: pd.Series[bool], first: date | None = None) -> ForecastRow:
        mask = inside.to_numpy(bool)
        return _row(label, first, own[mask], loss[mask], variance[mask])

    months = tuple(
        row(f"{a:%b %Y}", (day >= max(a, today)) & (day < b), a.date()) for a, b in pairwise(starts)
    )
    main = main_currency(frame)
    return Forecast(
        currency=main,
        label=chances.label,
        months=months,
        ahead=row(f"Next {MONTHS} months", (day >= today) & (day < starts[-1])),
        later=row("Later", day >= starts[-1]),
        passed=row("Passed", day < today),
        unknown=row("Date not known", day.isna()),
        others={t.currency: t.arr for t in by_currency(frame) if t.currency != main},
    )


def _row(
    label: str, first: date | None, own: Floats, loss: Floats, variance: Floats
) -> ForecastRow:
    scored = ~np.isnan(loss)
    arr, base = math.fsum(own[~np.isnan(own)]), math.fsum(own[scored])
    expected = math.fsum(loss[scored])
    spread = SPREAD * math.sqrt(math.fsum(variance[scored]))
    low, high = max(0.0, expected - spread), min(base, expected + spread)
    return ForecastRow(label, first, len(own), arr, arr - base, expected, low, high)
