"""Whether there is evidence over all horizons together, and how much more it would need."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoring.judgement.phrases import counted
from scoring.prepare import Floats
from scoring.validation.auc import DRAWS, auc_effect, auc_interval, auc_variance
from scoring.validation.cases import Cases
from scoring.validation.permutation import SHUFFLES, Shuffled, shuffle_test
from scoring.validation.records import Interval, Verdict
from scoring.validation.score_groups import scores_at

__all__ = ["FEWEST", "LEVEL", "SEEN", "needed_churned", "verdict_of"]

FEWEST = 10
"""With fewer churned cases, or fewer that stayed, nothing is concluded (ours)."""
LEVEL = 0.05
"""Where no score has to do with churn, so many backtests say evidence or wrong way."""
SEEN, POWER = 0.65, 0.8
"""An AUC worth acting on (ours), to be seen with this chance."""
STAYED_EACH = 4.0
"""Cases that stay for each that churns, where nothing tells (ours)."""


def verdict_of(cases: Cases, *, seed: int, draws: int = DRAWS, shuffles: int = SHUFFLES) -> Verdict:
    """One answer for all horizons: the largest of their differences against chance.

    Args:
        cases: joined.
        seed: of both.
        draws: of the bootstrap.
        shuffles: of the permutation.
    """
    days = sorted(cases.at)
    points = np.array([scores_at(cases, cases.at[d]) for d in days], dtype=float)
    points = points.T if len(days) else np.empty((len(cases), 0))
    churned = cases.churned
    lost = np.sum(~np.isnan(points) & churned[:, None], axis=0)
    kept = np.sum(~np.isnan(points) & ~churned[:, None], axis=0)
    enough = (lost >= FEWEST) & (kept >= FEWEST)
    if not enough.any():
        return _too_few(int(lost.max(initial=0)), int(kept.max(initial=0)), cases)
    use = np.flatnonzero(enough)
    test = shuffle_test(
        points[:, use], churned, cases.accounts, seed=seed, draws=shuffles, strata=cases.strata
    )
    if np.isnan(test.p_all):
        return _all_equal(int(lost.max()), int(kept.max()))
    best = _headline(test)
    column = points[:, use[best]]
    interval = auc_interval(column, churned, cases.accounts, seed=seed, draws=draws)
    needed = _more(column, churned, cases.accounts, test.critical)
    size = (int(lost[use[best]]), int(lost[use[best]] + kept[use[best]]))
    same = cases.design == "windows"
    return _told(test, best, interval, days[use[best]], size, needed, same_days=same)


def _headline(test: Shuffled) -> int:
    """The horizon to tell of: the middle one, unless the evidence lies in another.

    The best of three is better than it would be next time, so it is not chosen without need.
    """
    best, middle = int(np.nanargmax(np.abs(test.z))), (len(test.z) - 1) // 2
    told = test.p_all >= LEVEL or (test.p[middle] < LEVEL and test.z[middle] * test.z[best] > 0)
    return middle if told and not np.isnan(test.z[middle]) else best


def needed_churned(stayed_each: float, *, effect: float = 1.0, critical: float = 1.96) -> int:
    """Churned cases with which an AUC of `SEEN` shows with a chance of `POWER`.

    Args:
        stayed_each: cases that stay for each that churns.
        effect: so many cases weigh as much as an independent one.
        critical: standard errors from 0.5 at which there is evidence.

    Source: Hanley and McNeil 1982, sample size for an AUC against 0.5.
    """
    reach = NormalDist().inv_cdf(POWER)
    for churned in range(FEWEST, 100_000):
        stayed = max(round(churned * stayed_each), 1)
        null, real = (sqrt(effect * auc_variance(v, churned, stayed)) for v in (0.5, SEEN))
        if critical * null + reach * real <= SEEN - 0.5:
            return churned
    return 100_000


def _more(
    points: Floats, churned: NDArray[np.bool_], accounts: NDArray[np.intp], critical: float
) -> int:
    """Churned cases that are missing for `needed_churned`, at the ratio there is."""
    known = ~np.isnan(points)
    lost, kept = int((known & churned).sum()), int((known & ~churned).sum())
    effect = auc_effect(points, churned, accounts)
    return max(needed_churned(kept / lost, effect=effect, critical=critical) - lost, 0)


def _told(
    test: Shuffled, best: int, auc: Interval, days: int, size: tuple[int, int], needed: int,
    *, same_days: bool,
) -> Verdict:  # fmt: skip
    lost, of = size
    start = f"AUC {interval_words(auc)} {days} days before, {lost:,} of {of:,} churned"
    rests = f"Over all horizons together p {_p_words(test.p_all)}, accounts kept whole."
    if test.p_all >= LEVEL:
        alone = _alone_words(auc, days, float(test.p[best]), same_days=same_days)
        return Verdict(
            key="no evidence", headline=f"{start}: No evidence.",
            detail=" ".join(part for part in (rests, alone, _power_words(needed)) if part),
            p_value=test.p_all, needed_churned=needed,
        )  # fmt: skip
    if test.z[best] > 0:
        share = f"{auc.value * 100:.0f} of 100 times" if auc.value is not None else ""
        meaning = f"A churned account had the lower score {share}, against 50 by chance."
        return Verdict(
            key="evidence", headline=f"{start}: the score foresaw churn.",
            detail=f"{meaning} {rests}", p_value=test.p_all, needed_churned=0,
        )  # fmt: skip
    meaning = "Churned accounts had the higher scores: check the metrics' directions."
    return Verdict(
        key="wrong way", headline=f"{start}: the wrong way round.",
        detail=f"{meaning} {rests}", p_value=test.p_all, needed_churned=0,
    )  # fmt: skip


def interval_words(of: Interval) -> str:
    """``0.71 (0.64–0.78)``; "" where nothing is known."""
    if of.value is None or of.low is None or of.high is None:
        return ""
    return f"{of.value:.2f} ({of.low:.2f}–{of.high:.2f})"


def _p_words(p: float) -> str:
    return f"is {p:.3f}" if p >= 0.001 else "is below 0.001"


def _alone_words(auc: Interval, days: int, p: float, *, same_days: bool) -> str:
    """Why an interval without 0.5 may still be no evidence; "" where it has it."""
    if auc.low is None or auc.high is None or auc.low <= 0.5 <= auc.high:
        return ""
    if p >= LEVEL:
        # The AUC compares cases of all windows, and scores and churn may both move with the year.
        among = ", compared within the same 90 days" if same_days else ""
        return f"{days} days before alone p {_p_words(p)}{among}."
    return (
        f"{days} days before alone p {_p_words(p)}, but one of several horizons "
        f"looks good by chance more often."
    )


def _power_words(needed: int) -> str:
    if needed:
        return (
            f"{_needed_words(needed)} Those at hand may be too few to see a relation that is there."
        )
    return f"An AUC of {SEEN} would have shown in 4 of 5 backtests: any relation is likely weaker."


def _needed_words(needed: int) -> str:
    more = counted(needed, "more churned case")
    return f"With {more}, 4 of 5 backtests would show an AUC of {SEEN}."


def _too_few(lost: int, kept: int, cases: Cases) -> Verdict:
    """Fewer than `FEWEST` of a kind with a score at any horizon."""
    each = max(kept / lost, 1.0) if lost and kept else STAYED_EACH
    needed = max(needed_churned(each) - lost, FEWEST - lost, 0)
    missing = [
        f"{FEWEST - have} more that {word}"
        for have, word in ((lost, "churned"), (kept, "stayed"))
        if have < FEWEST
    ]
    if not len(cases):
        start = "0 outcomes with a score before"
    else:
        start = f"{lost:,} churned and {kept:,} stayed with a score before"
    detail = f"It takes {' and '.join(missing)} to say anything."
    if needed:
        detail += f" {_needed_words(needed)}"
    return Verdict(
        key="no evidence", headline=f"{start}: No evidence.", detail=detail,
        p_value=None, needed_churned=needed,
    )  # fmt: skip


def _all_equal(lost: int, kept: int) -> Verdict:
    """Every score is the same: nothing can be told apart."""
    return Verdict(
        key="no evidence", headline=f"1 score for all {lost + kept:,} cases: No evidence.",
        detail="Every case had the same score, so the score tells nobody apart.",
        p_value=None, needed_churned=0,
    )  # fmt: skip
