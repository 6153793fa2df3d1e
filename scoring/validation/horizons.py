"""How well the score told churn apart so many days before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.renewal import BRACKETS
from scoring.validation.auc import DRAWS, auc_interval
from scoring.validation.calibration import Fit
from scoring.validation.cases import Cases
from scoring.validation.measures import brier, curve_of, lift_of, precision_of
from scoring.validation.permutation import SHUFFLES, permutation_p
from scoring.validation.records import Horizon
from scoring.validation.score_groups import bracket_groups, displayed, scores_at, tier_groups

__all__ = ["horizon_of"]


def horizon_of(
    cases: Cases, days: int, fit: Fit, *, seed: int, draws: int = DRAWS, shuffles: int = SHUFFLES
) -> Horizon:
    """One horizon: AUC, tiers, brackets, lift, precision, Brier, calibration curves.

    Args:
        cases: joined.
        days: one of those they were joined for.
        fit: held-out churn probabilities.
        seed: of the bootstrap and the permutation.
        draws: of the bootstrap.
        shuffles: of the permutation.
    """
    places = cases.at[days]
    every = scores_at(cases, places)
    known = ~np.isnan(every)
    points, churned, accounts = every[known], cases.churned[known], cases.accounts[known]
    # Both probabilities are those that the landmark's snapshot was given, so that they compare.
    shown, predicted = displayed(cases, cases.landmark)[known], fit.held_out[known]
    use, told = ~np.isnan(predicted), ~np.isnan(shown)
    said = _illustrated(shown[told])
    score, base = brier(predicted[use], churned[use]), _base(churned[use])
    return Horizon(
        days=days,
        cases=len(points),
        churned=int(churned.sum()),
        accounts=len(np.unique(accounts)),
        auc=auc_interval(points, churned, accounts, seed=seed, draws=draws),
        p_value=permutation_p(
            points, churned, accounts, seed=seed, draws=shuffles, strata=cases.strata[known]
        ),
        tiers=tier_groups(cases, places),
        brackets=bracket_groups(cases, places),
        lift=lift_of(points, churned),
        precision=precision_of(points, churned),
        brier=score,
        brier_base=base,
        brier_skill=None if score is None or not base else 1 - score / base,
        brier_illustration=brier(said, churned[told]),
        curve=curve_of(predicted[use], churned[use], accounts[use]),
        illustration=curve_of(said, churned[told], accounts[told]),
    )


def _illustrated(shown: Floats) -> Floats:
    """(n,) 001's illustrative churn share of a displayed score."""
    starts = np.array([bracket.starts_at for bracket in BRACKETS])
    shares = np.array([bracket.churn for bracket in BRACKETS])
    return np.asarray(shares[np.searchsorted(starts, shown, side="right") - 1], dtype=float)


def _base(churned: NDArray[np.bool_]) -> float | None:
    """Brier score of saying the plain churn share for everyone."""
    share = float(churned.mean()) if len(churned) else None
    return None if share is None else share * (1 - share)
