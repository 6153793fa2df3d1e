"""Scores at which tiers would start so that they tell more of churn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.score import MANY
from scoring.validation.held_out import FOLDS, FROM_FITS, REPEATS, Gain, folds, mean_gain
from scoring.validation.reweigh import Sample

__all__ = ["LEAST_SHARE", "REACH", "Cuts", "NewCuts", "best_cuts", "cuts_of", "find_cuts"]

Cuts = tuple[int, int]
"""Displayed whole scores at which green and amber start."""

REACH = 20
"""No cut moves further: people know what green means (ours)."""
LEAST_SHARE = 0.05
"""No tier may hold a smaller share of the cases (ours)."""
HOLD = 2.0
"""Log likelihood that a move of ten points must gain, four times as much for twenty (ours)."""
_PLANNED = 0.27
"""Standard error of a gain with one churned case, about: simulated companies whose score tells
churn. Where tiers tell next to nothing it would look smaller than it is (ours)."""


@dataclass(frozen=True)
class NewCuts:
    """Cuts by all cases, and what the way to them gained where it was held out.

    Attributes:
        cuts: the current ones where they stay.
        gain: share of churn's deviance that tiers explain more.
        least_error: standard error of a move that was made in any case.
        explained: that share under the current cuts, on held-out accounts.
    """

    cuts: Cuts
    gain: Gain
    least_error: float
    explained: float


def cuts_of(model: ScoreModel) -> Cuts:
    """The cuts that a model has, as the displayed score meets them."""
    green, amber, _ = (int(np.ceil(t.starts_at)) for t in model.tiers)
    return green, amber


def find_cuts(sample: Sample, *, seed: int, repeats: int = REPEATS) -> NewCuts:
    """Fit cuts to all cases, and go the same way without each fifth of accounts in turn."""
    shown = np.asarray(round_half_up(sample.followed, MANY)).astype(int)
    now, lost = cuts_of(sample.model), sample.churned
    gain, tried, base = (np.zeros(len(sample)) for _ in range(3))
    none = np.zeros(len(sample))
    for number in range(repeats):
        for test in folds(lost, sample.accounts, FOLDS, seed + number):
            train = ~test
            told = (shown[train], lost[train], shown[test], lost[test])
            was = _held_loss(now, *told)
            gain[test] += was - _held_loss(best_cuts(*told[:2], now), *told)
            tried[test] += was - _held_loss(best_cuts(*told[:2], now, hold=0.0), *told)
            base[test] += was
            none[test] += _held_loss((101, 0), *told)
    whole = float(none.mean())
    if whole <= 0.0:
        return NewCuts(now, Gain(0.0, 0.0), 0.0, 0.0)
    planned = _PLANNED / float(lost.sum()) ** 0.5
    return NewCuts(
        best_cuts(shown, lost, now),
        mean_gain(gain / whole, sample.accounts).wider(FROM_FITS),
        max(mean_gain(tried / whole, sample.accounts).wider(FROM_FITS).error, planned),
        1.0 - float(base.mean()) / whole,
    )


def best_cuts(
    shown: NDArray[np.int_], churned: NDArray[np.bool_], now: Cuts, *, hold: float = HOLD
) -> Cuts:
    """The cuts whose tiers explain churn best, less what the way from the current ones costs.

    Churn must fall from red over amber to green, and no tier may be nearly empty; where no such
    cuts do better, the current ones stay.

    Args:
        shown: (n,) displayed whole scores.
        churned: (n,).
        now: the current cuts.
        hold: as `HOLD`.
    """
    greens, ambers = np.meshgrid(_near(now[0]), _near(now[1]), indexing="ij")
    above = greens > ambers
    green, amber = greens[above], ambers[above]
    size = _by_tier(shown, green, amber)
    lost = _by_tier(shown[churned], green, amber)
    share = (lost + 0.5) / (size + 1.0)
    likely = np.sum(lost * np.log(share) + (size - lost) * np.log(1.0 - share), axis=0)
    likely -= hold * ((green - now[0]) ** 2 + (amber - now[1]) ** 2) / 100.0
    fits = (size >= LEAST_SHARE * len(shown)).all(axis=0)
    fits &= (share[0] > share[1]) & (share[1] > share[2])
    current = (green == now[0]) & (amber == now[1])
    likely = np.where(fits | current, likely, -np.inf)
    best = int(np.argmax(likely))
    if likely[best] <= likely[current][0] + 1e-9:
        return now
    return int(green[best]), int(amber[best])


def _by_tier(shown: NDArray[np.int_], green: NDArray[Any], amber: NDArray[Any]) -> Floats:
    """(3, q) cases in red, amber and green under each of q pairs of cuts."""
    upto = np.bincount(shown, minlength=101).cumsum()
    red, low = upto[amber - 1], upto[green - 1]
    return np.array([red, low - red, upto[100] - low], dtype=float)


def _near(cut: int) -> NDArray[np.int_]:
    return np.arange(max(cut - REACH, 1), min(cut + REACH, 100) + 1)


def _held_loss(
    cuts: Cuts,
    shown: NDArray[np.int_],
    churned: NDArray[np.bool_],
    other: NDArray[np.int_],
    lost: NDArray[np.bool_],
) -> Floats:
    """(q,) log loss of held-out cases under the churn shares of the tiers they fall into."""
    tier, place = _tier(cuts, shown), _tier(cuts, other)
    size, hits = np.bincount(tier, minlength=3), np.bincount(tier[churned], minlength=3)
    # Half a case: a tier in which nobody churned yet may see one.
    share = ((hits + churned.mean()) / (size + 1.0))[place]
    happened = np.where(lost, share, 1.0 - share)
    return np.asarray(-np.log(np.maximum(happened, 1e-9)))


def _tier(cuts: Cuts, shown: NDArray[np.int_]) -> NDArray[np.intp]:
    return (shown >= cuts[1]).astype(np.intp) + (shown >= cuts[0])
