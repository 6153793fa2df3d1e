"""A churn probability for each score, fitted to outcomes and checked on held-out accounts.

Churn is a curve of the displayed score that never rises with it; contraction is one of those that
did not churn. Both are told only where they were better than the plain share on accounts that
they were not fitted to, and neither too bold nor too timid there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.score import MANY
from scoring.validation.auc import auc_interval
from scoring.validation.cases import WINDOW_DAYS, Cases
from scoring.validation.churn_curve import SHAPES, Shape, curve, curve_interval
from scoring.validation.held_out import Gain, folds, mean_gain
from scoring.validation.intervals import Z95
from scoring.validation.records import Calibration, Verdict

__all__ = ["FEWEST", "FOLDS", "Fit", "fit_calibration"]

FEWEST = 20
"""Churned cases, and cases that stayed, below which nothing is fitted (ours; ten for each of the
two numbers of a logistic curve, Peduzzi et al. 1996)."""
FOLDS = 10
"""Parts of the accounts; each is predicted by a fit to the others."""
STEPS_FROM = 100
"""Churned cases from which a shape other than the logistic curve is tried (ours)."""
_BOLD, _TIMID = 0.7, 1 / 0.7
"""Slopes between which a calibration is near enough (ours, as Van Calster et al. 2019 judge)."""


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


@dataclass(frozen=True)
class _Known:
    """The k cases with a score at their landmark.

    Attributes:
        rows: positions among all cases. score: displayed. group: a number an account.
    """

    rows: NDArray[np.intp]
    score: Floats
    churned: NDArray[np.bool_]
    contracted: NDArray[np.bool_]
    group: NDArray[np.intp]


@dataclass(frozen=True)
class _Held:
    """Predictions for accounts that were held out, (k,) each: by the curve, by the plain share."""

    churn: Floats
    base: Floats


def fit_calibration(
    cases: Cases, *, made: date, days: int, seed: int, verdict: Verdict | None = None
) -> Fit:
    """Fit churn and contraction to the score.

    Args:
        cases: joined; their landmark is what is fitted to.
        made: the day of the fit.
        days: the horizon of the landmark.
        seed: of the folds.
        verdict: without evidence that the score tells churn apart there is no calibration.
    """
    from threadpoolctl import threadpool_limits

    nothing = np.full(len(cases), np.nan)
    known = _known(cases)
    churned = int(known.churned.sum())
    if few := _too_few(churned, len(known.rows) - churned):
        return Fit(None, few, nothing)
    # Fits this small lose more by waiting for other threads than they gain by them.
    with threadpool_limits(limits=1):
        shape, held = _best(known, list(folds(known.churned, known.group, FOLDS, seed)))
    held_out = nothing.copy()
    held_out[known.rows] = held.churn
    slope, intercept, error = _agreement(held.churn, known)
    reason = _unproven(verdict) or _no_better(known, held) or _off(slope, error)
    if reason:
        return Fit(None, reason, held_out)
    with threadpool_limits(limits=1):
        found = _calibration(cases, known, held, shape, (made, days, seed), (slope, intercept))
    return Fit(found, "", held_out)


def _known(cases: Cases) -> _Known:
    total = cases.snapshots.total
    place = np.asarray(cases.landmark)
    score = np.where(place >= 0, total[np.maximum(place, 0)], np.nan) if len(total) else np.empty(0)
    rows = np.flatnonzero(~np.isnan(score))
    shown = np.clip(round_half_up(score[rows], MANY), 0, 100)
    outcome = cases.frame["outcome"].to_numpy(object)[rows]
    _, group = np.unique(cases.accounts[rows], return_inverse=True)
    return _Known(rows, shown, outcome == "churned", outcome == "contracted", group)


def _too_few(churned: int, stayed: int) -> str:
    """Why there are not enough cases, "" where there are."""
    if churned < FEWEST:
        return (
            f"{_counted(churned, 'churned case')} with a score before: not enough evidence for a "
            f"probability. It needs {FEWEST}, {FEWEST - churned} more."
        )
    if stayed < FEWEST:
        return (
            f"{_counted(stayed, 'case')} that stayed with a score before: not enough evidence for "
            f"a probability. It needs {FEWEST}, {FEWEST - stayed} more."
        )
    return ""


def _unproven(verdict: Verdict | None) -> str:
    if verdict is None or verdict.key == "evidence":
        return ""
    if verdict.key == "wrong way":
        return "Churn rises with the score here, so no probability falls with it."
    more = verdict.needed_churned
    need = f" It would take about {_counted(more, 'more churned case')}." if more else ""
    return f"No evidence that the score tells churn apart, so no probability by score.{need}"


def _best(known: _Known, fold: Sequence[NDArray[np.bool_]]) -> tuple[Shape, _Held]:
    """The logistic curve, or another shape where that is clearly better on held-out accounts."""
    found = _predicted(known, fold, "logistic")
    best: Shape = "logistic"
    if int(known.churned.sum()) >= STEPS_FROM:
        for shape in SHAPES[1:]:
            other = _predicted(known, fold, shape)
            gain = _gain(known, found.churn, other.churn)
            if gain.value > Z95 * gain.error:
                best, found = shape, other
    return best, found


def _predicted(known: _Known, fold: Sequence[NDArray[np.bool_]], shape: Shape) -> _Held:
    churn, base = np.full((2, len(known.rows)), np.nan)
    at = known.score.astype(np.intp)
    for out in fold:
        hit = known.churned[~out]
        churn[out] = curve(known.score[~out], hit, shape)[at[out]]
        base[out] = hit.mean()
    return _Held(churn, base)


def _gain(known: _Known, before: Floats, after: Floats) -> Gain:
    """How much smaller the Brier score got, accounts drawn whole."""
    return mean_gain((before - known.churned) ** 2 - (after - known.churned) ** 2, known.group)


def _no_better(known: _Known, held: _Held) -> str:
    """Why the curve says no more than the plain share, "" where it does."""
    gain = _gain(known, held.base, held.churn)
    if gain.value > Z95 * gain.error:
        return ""
    share, churned = float(known.churned.mean()), int(known.churned.sum())
    text = (
        f"{share:.0%} churned, and on held-out accounts a probability by score was not surely "
        "better than that share for all"
    )
    if gain.value <= 0:
        return f"{text}. More cases help only where the score foretells churn."
    more = max(gain.needed(gain.value, churned), 1)
    return f"{text}. About {_counted(more, 'more churned case')} could show it."


def _agreement(predicted: Floats, known: _Known) -> tuple[float, float, float]:
    """Slope and intercept of what happened on predicted log odds, and the slope's standard error.

    Source: Cox 1958, "Two further applications of a model for binary regression".
    """
    odds = np.log(predicted / (1 - predicted))
    x = np.column_stack([np.ones(len(odds)), odds])
    at = np.array([0.0, 1.0])
    spread = np.zeros((2, 2))
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ at, -30, 30)))
        spread = np.linalg.pinv(x.T @ (x * (p * (1 - p))[:, None]))
        step = spread @ (x.T @ (known.churned - p))
        at = at + np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-9:
            break
    pull = np.zeros((int(known.group.max()) + 1, 2))
    np.add.at(pull, known.group, x * (known.churned - p)[:, None])
    robust = spread @ (pull.T @ pull) @ spread
    return float(at[1]), float(at[0]), math.sqrt(max(float(robust[1, 1]), 0.0))


def _off(slope: float, error: float) -> str:
    """Why predicted and observed disagree, "" where they are near enough."""
    if _BOLD <= slope <= _TIMID or abs(slope - 1) <= Z95 * error:
        return ""
    word = "too bold" if slope < 1 else "too timid"
    return (
        f"{slope:.2f} is the calibration slope on held-out accounts, where 1 agrees: the "
        f"probabilities would be {word}. Look at the calibration curve."
    )


def _calibration(
    cases: Cases,
    known: _Known,
    held: _Held,
    shape: Shape,
    when: tuple[date, int, int],
    agreement: tuple[float, float],
) -> Calibration:
    made, days, seed = when
    churn = curve(known.score, known.churned, shape)
    low, high = curve_interval(known.score, known.churned, known.group, shape, seed)
    rest, how = _contraction(known)
    dates = cases.frame["date"].iloc[known.rows]
    model = cases.snapshots.model
    tens = np.bincount(np.minimum(known.score // 10, 10).astype(np.intp), minlength=11)
    return Calibration(
        fitted=made,
        expires=Calibration.last_day(made),
        since=dates.min().date(),
        until=dates.max().date(),
        days=0 if cases.design == "windows" else days,
        meaning=_meaning(cases.design, days),
        model=model.label,
        digest=model.digest,
        cases=len(known.rows),
        churned=int(known.churned.sum()),
        contracted=int(known.contracted.sum()),
        accounts=int(known.group.max()) + 1,
        churn=_rounded(churn),
        contraction=_rounded((1 - churn) * rest),
        low=_rounded(low),
        high=_rounded(high),
        auc=auc_interval(known.score, known.churned, known.group, seed=seed, draws=0),
        brier=float(((held.churn - known.churned) ** 2).mean()),
        brier_base=float(((held.base - known.churned) ** 2).mean()),
        slope=round(agreement[0], 6),
        intercept=round(agreement[1], 6),
        scores=tuple((tens / tens.sum()).round(6).tolist()),
        method=f"{_METHOD[shape]}; {how}",
    )


_METHOD: dict[Shape, str] = {
    "logistic": "logistic curve of the score",
    "isotonic": "steps that fall with the score (isotonic)",
    "blend": "mean of a logistic curve and of steps that fall with the score",
}


def _contraction(known: _Known) -> tuple[Floats, str]:
    """Share of those that did not churn that contracts, (101,), and how it was found."""
    stayed = ~known.churned
    count = int(known.contracted.sum())
    if not count:
        return np.zeros(101), "no contraction is listed, so none is expected"
    if count >= FEWEST and int(stayed.sum()) - count >= FEWEST:
        rest = curve(known.score[stayed], known.contracted[stayed])
        return rest, "contraction likewise, of those that stay"
    share = count / int(stayed.sum())
    return np.full(101, share), f"contraction as its share {share:.0%} of those that stay"


def _meaning(design: str, days: int) -> str:
    if design == "windows":
        return f"churn within {WINDOW_DAYS} days"
    return f"churn at a renewal, by the score {days} days before"


def _rounded(shares: Floats) -> tuple[float, ...]:
    """Shares as they are kept: four decimals."""
    return tuple(np.asarray(shares).round(4).tolist())


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
