"""What a change gains on accounts that it was not fitted to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.intervals import Z95
from scoring.validation.records import Interval

__all__ = [
    "FOLDS",
    "FROM_FITS",
    "LEAST_CHURNED",
    "REPEATS",
    "Gain",
    "auc_gain",
    "folds",
    "mean_gain",
]

FOLDS, REPEATS = 5, 3
"""Each account is held out once in every repeat."""
LEAST_CHURNED = 30
"""With fewer churned accounts, or fewer that stayed, nothing is tried: six a fold (ours)."""
FROM_FITS = (1 + FOLDS / (FOLDS - 1)) ** 0.5
"""A standard error over cases grows by this where fits jump with the cases that they are made of:
fits of two folds share most of theirs (Nadeau and Bengio 2003)."""
_POWER = NormalDist().inv_cdf(0.8)
"""Standard errors that a true gain must lie beyond the interval's reach for 80 % power."""


@dataclass(frozen=True)
class Gain:
    """A difference on held-out accounts.

    Attributes:
        value: new less current.
        error: its standard error, accounts drawn whole.
    """

    value: float
    error: float

    def wider(self, factor: float) -> Gain:
        """The same with a larger standard error."""
        return Gain(self.value, self.error * factor)

    @property
    def interval(self) -> Interval:
        """With its 95 % interval."""
        reach = Z95 * self.error
        return Interval(value=self.value, low=self.value - reach, high=self.value + reach)

    def needed(self, size: float, churned: int, least: float = 0.0) -> int:
        """Churned cases more with which a gain of *size* would show with 80 % power.

        Args:
            size: of the gain.
            churned: cases there are.
            least: a standard error that this kind of change has at least; a change that was
                hardly tried has none of its own.
        """
        ratio = (Z95 + _POWER) * max(self.error, least) / size
        return max(0, math.ceil(churned * ratio * ratio) - churned)


def folds(
    churned: NDArray[np.bool_], accounts: NDArray[np.intp], count: int, seed: int
) -> Iterator[NDArray[np.bool_]]:
    """Masks (n,) of held-out cases: whole accounts, lost ones spread evenly; in turn all."""
    names, place = np.unique(accounts, return_inverse=True)
    lost = np.zeros(len(names), dtype=bool)
    np.logical_or.at(lost, place, churned)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(lost[order], kind="stable")]
    fold = np.empty(len(names), dtype=np.intp)
    fold[order] = np.arange(len(names)) % count
    for number in range(count):
        yield fold[place] == number


def auc_gain(
    pairs: Sequence[tuple[NDArray[np.intp], Floats, Floats]],
    churned: NDArray[np.bool_],
    accounts: NDArray[np.intp],
) -> Gain:
    """How much better a churned case is told from one that stayed, within each fold.

    Only cases of one fold are compared: scores of two folds come from two fits.

    Args:
        pairs: for each fold of each repeat: its cases, their current and their new score.
        churned: (n,) of all cases.
        accounts: (n,) a number an account, of all cases.
    """
    shift = np.zeros(len(churned))
    values, sizes = [], []
    for rows, was, new in pairs:
        lost = churned[rows]
        if not lost.any() or lost.all():
            continue
        ahead = _places(new, lost) - _places(was, lost)
        value = float(ahead[lost].mean())
        values.append(value)
        sizes.append(len(rows))
        for side in (lost, ~lost):
            shift[rows[side]] += len(rows) * (ahead[side] - value) / side.sum()
    if not values:
        return Gain(0.0, 0.0)
    total = float(np.sum(sizes))
    return Gain(float(np.dot(values, sizes)) / total, _error(shift / total, accounts))


def mean_gain(gains: Floats, accounts: NDArray[np.intp]) -> Gain:
    """The mean of a held-out difference of each case (n,), accounts drawn whole."""
    value = float(gains.mean())
    return Gain(value, _error((gains - value) / len(gains), accounts))


def _places(score: Floats, lost: NDArray[np.bool_]) -> Floats:
    """(n,) share of the other side that a case is on the right side of; equal counts half."""
    out = np.empty(len(score))
    for side, sign in ((lost, 1.0), (~lost, -1.0)):
        others = np.sort(sign * score[~side])
        mine = sign * score[side]
        after = len(others) - np.searchsorted(others, mine, side="right")
        level = len(others) - np.searchsorted(others, mine, side="left") - after
        out[side] = (after + level / 2.0) / len(others)
    return out


def _error(shift: Floats, accounts: NDArray[np.intp]) -> float:
    """Standard error of a sum of what cases add, accounts drawn whole (Obuchowski 1997)."""
    _, place = np.unique(accounts, return_inverse=True)
    whole = np.bincount(place, weights=shift)
    n = len(whole)
    return float(np.sqrt(np.sum(whole**2) * n / max(n - 1, 1)))
