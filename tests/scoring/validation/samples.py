"""Cases for fits: simulated companies 60 days before each outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from scoring.validation.auc import auc
from scoring.validation.cases import join_cases
from scoring.validation.reweigh import Sample, sample_of
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, simple_model

GAMMA = ("gamma_1", "gamma_2", "gamma_3")
"""Metrics of the dimension that has least weight."""


@lru_cache
def sample(
    seed: int,
    *,
    accounts: int = 300,
    only: tuple[str, ...] = (),
    noise: tuple[str, ...] = (),
    strength: float = 1.0,
) -> Sample:
    """Cases of a company.

    Args:
        seed: of the company.
        accounts: how many, a case each.
        only: metrics that drive churn, equally; none for the model's own weights.
        noise: metrics that hold chance alone.
        strength: of the relation.
    """
    weights: Mapping[str, float] | None = dict.fromkeys(only, 1.0) or None
    made = company(seed, accounts=accounts, months=7, weights=weights, strength=strength)
    history = made.history.copy()
    rng = np.random.default_rng(seed)
    for key in noise:
        history[key] = rng.uniform(0, 100, len(history)).round(1)
    past = take_snapshots(history, simple_model())
    return sample_of(join_cases(made.outcomes, past, days=60), 60)


def shuffled(given: Sample, seed: int) -> Sample:
    """The same cases with outcomes dealt out anew."""
    rng = np.random.default_rng(seed)
    return replace(given, churned=rng.permutation(given.churned))


def auc_of(given: Sample, score: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """AUC of scores on these cases."""
    return auc(score, given.churned) or 0.0
