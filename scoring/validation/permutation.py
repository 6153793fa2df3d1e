"""Whether points have anything to do with churn: outcomes dealt out anew many times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats

__all__ = ["SHUFFLES", "Shuffled", "permutation_p", "shuffle_test"]

SHUFFLES = 1999
"""Outcomes dealt out anew so often: p is a multiple of 0.0005."""
CHUNK = 2_000_000
"""Numbers held at once while dealing."""


@dataclass(frozen=True)
class Shuffled:
    """What came of a test of k columns of points.

    Attributes:
        z: (k,) standardised difference; above 0 where churned cases had fewer points. NaN where
            nothing can be compared.
        p: (k,) of each column alone, two-sided; NaN where nothing can be compared.
        p_all: that the largest of all is as large as this if none has to do with churn; NaN.
        critical: the largest |z| must reach it for p_all of 0.05; NaN.
    """

    z: Floats
    p: Floats
    p_all: float
    critical: float


def permutation_p(
    points: Floats,
    churned: NDArray[np.bool_],
    accounts: NDArray[np.intp],
    *,
    seed: int,
    draws: int = SHUFFLES,
    strata: NDArray[np.intp] | None = None,
) -> float | None:
    """Two-sided p of "no relation" for one column; see `shuffle_test`. None: nothing to compare."""
    found = shuffle_test(points[:, None], churned, accounts, seed=seed, draws=draws, strata=strata)
    return None if np.isnan(found.p_all) else found.p_all


def shuffle_test(
    points: Floats,
    churned: NDArray[np.bool_],
    accounts: NDArray[np.intp],
    *,
    seed: int,
    draws: int = SHUFFLES,
    strata: NDArray[np.intp] | None = None,
) -> Shuffled:
    """Deal the outcomes out anew, and see how often chance does as well.

    The measure is the difference of mean ranks (the AUC, rescaled) over its standard error, and
    that error counts whole accounts. So the test is exact where every account has one case, and
    its rate is right too where cases of an account are alike in points and in outcome.

    Args:
        points: (n, k), NaN where there is none; the same deals serve all columns.
        churned: (n,).
        accounts: (n,) a number an account.
        seed: of the deals.
        draws: how many.
        strata: (n,) outcomes change places only within these (the same 90 days).

    Source: studentised permutation, Neubert and Brunner 2007, Chung and Romano 2013; the maximum
    over columns, Westfall and Young 1993.
    """
    n, k = points.shape
    empty = Shuffled(np.full(k, np.nan), np.full(k, np.nan), np.nan, np.nan)
    if not n or churned.all() or not churned.any():
        return empty
    columns = [_Column.of(points[:, c], accounts) for c in range(k)]
    groups = np.zeros(n, dtype=np.intp) if strata is None else strata
    expected = _expected(churned, groups)
    rng = np.random.default_rng(seed)
    real = np.flatnonzero(churned)[None, :]
    z = np.array([column.z(real, expected)[0] for column in columns])
    if np.isnan(z).all():
        return empty
    step = max(CHUNK // n, 1)
    dealt = [
        _deal(rng, churned, groups, min(step, draws - first)) for first in range(0, draws, step)
    ]
    chance = np.array([np.concatenate([c.z(some, expected) for some in dealt]) for c in columns])
    size = np.nan_to_num(np.abs(chance), posinf=np.inf)
    least = np.abs(z) - 1e-9
    p = (1 + np.sum(size >= least[:, None], axis=1)) / (draws + 1)
    largest = size.max(axis=0)
    p_all = (1 + np.sum(largest >= np.nanmax(least))) / (draws + 1)
    critical = float(np.quantile(largest, 0.95, method="higher"))
    return Shuffled(z, np.where(np.isnan(z), np.nan, p), float(p_all), critical)


@dataclass(frozen=True)
class _Column:
    """Centred mid-ranks of a column, and their sums by account.

    Attributes:
        rank: (n,) 0 where there are no points; ``there``: (n,) 1.0 where there are.
        account: (n,) numbers 0 to a − 1. ``sums``, ``cases``: (a,) of ranks and of cases.
    """

    rank: Floats
    there: Floats
    account: NDArray[np.intp]
    sums: Floats
    cases: Floats

    @classmethod
    def of(cls, points: Floats, accounts: NDArray[np.intp]) -> _Column:
        known = ~np.isnan(points)
        _, account = np.unique(accounts, return_inverse=True)
        ordered = np.sort(points[known])
        middle = np.searchsorted(ordered, points, "left") + np.searchsorted(
            ordered, points, "right"
        )
        rank = np.where(known, middle / 2 - len(ordered) / 2, 0.0)
        there = known.astype(float)
        sums = np.asarray(np.bincount(account, rank), dtype=float)
        cases = np.asarray(np.bincount(account, there), dtype=float)
        return cls(rank, there, account, sums, cases)

    def z(self, churned: NDArray[np.intp], expected: Floats) -> Floats:
        """(b,) standardised mean rank of stayed less churned, for (b, c) positions that churned.

        Args:
            churned: which cases.
            expected: (n,) chance of each case to be dealt churn.
        """
        deals, accounts = len(churned), len(self.sums)
        cell = (self.account[churned] + np.arange(deals)[:, None] * accounts).ravel()
        shape = (deals, accounts)
        rank = np.bincount(cell, self.rank[churned].ravel(), deals * accounts).reshape(shape)
        lost = np.bincount(cell, self.there[churned].ravel(), deals * accounts).reshape(shape)
        n1, n0 = lost.sum(axis=1), self.there.sum() - lost.sum(axis=1)
        r1 = rank.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            m1, m0 = r1 / n1, (self.sums.sum() - r1) / n0
            part = (rank - lost * m1[:, None]) / n1[:, None]
            rest = self.sums - rank - (self.cases - lost) * m0[:, None]
            error = np.sqrt(np.sum((part - rest / n0[:, None]) ** 2, axis=1))
            # Ranks are centred: dealt by chance, the churned would sum up to this.
            chance = float(expected @ self.rank)
            gap = (chance - r1) * (1 / n1 + 1 / n0)
            # Two levels that separate perfectly have no error: infinite, the most there can be.
            return np.where((n1 > 0) & (n0 > 0), gap / error, np.nan)


def _expected(churned: NDArray[np.bool_], groups: NDArray[np.intp]) -> Floats:
    """(n,) share churned of each case's stratum."""
    _, code = np.unique(groups, return_inverse=True)
    return np.asarray((np.bincount(code, churned) / np.bincount(code))[code], dtype=float)


def _deal(
    rng: np.random.Generator, churned: NDArray[np.bool_], groups: NDArray[np.intp], size: int
) -> NDArray[np.intp]:
    """(size, c) positions that churn is dealt to, as many of each stratum as there were."""
    parts = []
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        count = int(churned[members].sum())
        if count:
            keys = rng.random((size, len(members)))
            last = min(count, len(members) - 1)
            parts.append(members[np.argpartition(keys, last, axis=1)[:, :count]])
    return np.concatenate(parts, axis=1)
