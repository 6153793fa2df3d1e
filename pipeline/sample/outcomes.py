"""Sample renewals of two years: monthly metrics of accounts, and what became of them.

The relation is planted and said to be: an account's hidden health shows in its metrics, and the
health of about two months before a renewal decides how likely it churns. The model's first metric
shows health two months early, its last one has nothing to do with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.sample.metrics import DECIMALS
from scoring.columns import OUTCOMES
from scoring.model import LinearCurve, Metric, ScoreModel, StateCurve
from scoring.prepare import Floats

__all__ = ["HISTORY_FILE", "OUTCOMES_FILE", "SampleOutcomes", "sample_outcomes", "write_outcomes"]

HISTORY_FILE, OUTCOMES_FILE = "history.csv", "outcomes.csv"

_BEFORE = 12
"""Monthly rows an account has up to its renewal."""
_EARLY = 2
"""Months that the first metric shows health before the others do."""
_STRENGTH, _CHURN = 1.1, 0.16
"""Log odds of churn for each standard deviation of health; churn at its mean."""
_SMALLER, _LARGER, _MISSING = 0.1, 0.12, 0.04
_REASONS = ("Price", "Low use", "Sponsor left", "Went elsewhere", "")


@dataclass(frozen=True)
class SampleOutcomes:
    """A company's renewals and what was known before.

    Attributes:
        history: account, date, the model's metrics under their names; one row a month.
        outcomes: account, outcome, date, ARR before and after, reason, under `OUTCOMES` headers.
    """

    history: pd.DataFrame
    outcomes: pd.DataFrame


def sample_outcomes(
    model: ScoreModel, *, as_of: date, accounts: int = 240, seed: int = 7
) -> SampleOutcomes:
    """Make sample renewals for a model; the same arguments give the same frames.

    Args:
        model: each of its metrics gets values from its own curve and scale.
        as_of: renewals lie in the 14 months before.
        accounts: each renews once; ids are ``SR-001`` and on, names say that they are samples.
        seed: of everything random.
    """
    rng = np.random.default_rng([seed, 11])
    level = _levels(accounts, rng)
    # Rows are of first days of months: the third last is the latest that is always 60 days old.
    decides = level[:, _BEFORE - 3]
    spread = (decides - decides.mean()) / decides.std()
    odds = np.log(_CHURN / (1 - _CHURN)) - _STRENGTH * spread
    lost = rng.random(accounts) < 1 / (1 + np.exp(-odds))
    days = pd.Timestamp(as_of) - pd.to_timedelta(rng.integers(3, 420, accounts), unit="D")
    ids = np.array([f"SR-{n:03d}" for n in range(1, accounts + 1)], dtype=object)
    names = np.array([f"Sample Renewal {n:03d}" for n in range(1, accounts + 1)], dtype=object)
    history = _history(model, ids, names, days, level, rng)
    return SampleOutcomes(history, _outcomes(ids, names, days, lost, rng))


def write_outcomes(folder: Path, model: ScoreModel, *, as_of: date) -> None:
    """Write ``history.csv`` and ``outcomes.csv`` into a folder.

    Raises:
        OSError: they cannot be written.
    """
    made = sample_outcomes(model, as_of=as_of)
    for name, frame in ((HISTORY_FILE, made.history), (OUTCOMES_FILE, made.outcomes)):
        # A mark of UTF-8, as Excel writes and wants it.
        frame.to_csv(folder / name, index=False, date_format="%Y-%m-%d", encoding="utf-8-sig")


def _levels(accounts: int, rng: np.random.Generator) -> Floats:
    """(accounts, _BEFORE + _EARLY) hidden health a month, the last ones after the renewal."""
    own = rng.normal(72, 13, (accounts, 1))
    slope = rng.normal(0, 1.2, (accounts, 1)) * np.arange(_BEFORE + _EARLY)
    drift = rng.normal(0, 3, (accounts, _BEFORE + _EARLY)).cumsum(axis=1)
    levels: Floats = np.clip(own + slope + drift, 3, 99)
    return levels


def _history(
    model: ScoreModel,
    ids: NDArray[np.object_],
    names: NDArray[np.object_],
    renewals: pd.DatetimeIndex,
    level: Floats,
    rng: np.random.Generator,
) -> pd.DataFrame:
    count = len(ids)
    months = renewals.to_numpy().astype("datetime64[M]")
    when = months[:, None] - np.arange(_BEFORE - 1, -1, -1)[None, :]
    columns: dict[str, Any] = {
        "Account ID": np.repeat(ids, _BEFORE),
        "Account": np.repeat(names, _BEFORE),
        "Date": pd.DatetimeIndex(when.ravel().astype("datetime64[s]")),
    }
    metrics = model.metrics
    for at, metric in enumerate(metrics):
        shown = level[:, _EARLY:] if at == 0 else level[:, :_BEFORE]
        if at == len(metrics) - 1:
            shown = rng.normal(72, 14, (count, 1)) + rng.normal(0, 4, (count, _BEFORE))
        own = rng.normal(0, 12, (count, 1))
        points = np.clip(shown + own + rng.normal(0, 6, shown.shape), 0, 100)
        values = raw_values(metric, points, rng.uniform(0.15, 0.95, (count, 1)))
        values[rng.random(shown.shape) < _MISSING] = None
        columns[metric.name] = values.ravel()
    if not metrics:
        for dimension in model.dimensions:
            noise = rng.normal(0, 8, (count, _BEFORE))
            columns[dimension.name] = _rated(model, np.clip(level[:, :_BEFORE] + noise, 0, 100))
    return pd.DataFrame(columns)


def _rated(model: ScoreModel, points: Floats) -> Floats:
    rated = np.clip(np.round(points / 20), 1, 5) if model.typed == "rating" else np.round(points)
    return np.asarray(rated.ravel(), dtype=float)


def raw_values(metric: Metric, points: Floats, caution: Floats) -> NDArray[np.object_]:
    """Raw values worth about so many points each, as the metric's unit is written.

    Args:
        metric: any.
        points: 0–100.
        caution: 0–1, of the same shape or one a row; how far towards the better word of a state
            it takes to be called so.
    """
    curve = metric.curve
    if isinstance(curve, StateCurve):
        return _words(curve, points, caution)
    xs, ys = _branch(curve)
    found = np.round(np.interp(points, ys, xs), DECIMALS.get(metric.unit, 0))
    low, high = metric.scale
    return (np.clip(found, low, high) + 0.0).astype(object)  # −0.0 would be written as −0


def _words(curve: StateCurve, points: Floats, caution: Floats) -> NDArray[np.object_]:
    rising = sorted(curve.points, key=lambda p: p[1])
    found = np.full(points.shape, rising[0][0], dtype=object)
    for (_, low), (word, high) in pairwise(rising):
        found[points >= low + caution * (high - low)] = word
    return found


def _branch(curve: LinearCurve) -> tuple[Floats, Floats]:
    """Raw values and points of the curve's longest stretch that only rises or falls, by points."""
    xs, ys = (np.array(column, dtype=float) for column in zip(*curve.points, strict=True))
    top = int(ys.argmax())
    left, right = (xs[: top + 1], ys[: top + 1]), (xs[top:], ys[top:])
    x, y = left if np.ptp(left[1]) >= np.ptp(right[1]) else right
    order = np.argsort(y, kind="stable")
    return x[order], y[order]


def _outcomes(
    ids: NDArray[np.object_],
    names: NDArray[np.object_],
    days: pd.DatetimeIndex,
    lost: NDArray[np.bool_],
    rng: np.random.Generator,
) -> pd.DataFrame:
    count = len(ids)
    drawn = rng.random(count)
    word = np.select(
        [lost, drawn < _SMALLER, drawn < _SMALLER + _LARGER],
        ["churned", "contracted", "expanded"],
        "renewed",
    )
    factor = np.select(
        [lost, word == "contracted", word == "expanded"],
        [0.0, rng.uniform(0.5, 0.9, count), rng.uniform(1.1, 1.5, count)],
        1.0,
    )
    arr = rng.lognormal(10.6, 0.9, count).round(-2)
    why = np.where(lost, rng.choice(np.array(_REASONS, dtype=object), count), "")
    head = {c.key: c.name for c in OUTCOMES}
    return pd.DataFrame({
        head["account_id"]: ids, head["account_name"]: names, head["outcome"]: word,
        head["date"]: days, head["arr"]: arr, head["arr_after"]: (arr * factor).round(-2),
        head["currency"]: "USD", head["reason"]: why,
    }).sort_values(head["date"], ignore_index=True)  # fmt: skip
