"""Weights to recommend, and what they gain on accounts that they were not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.prepare import Floats
from scoring.validation.held_out import FOLDS, REPEATS, Gain, auc_gain, folds, mean_gain
from scoring.validation.reweigh import Sample, Weights, with_weights
from scoring.validation.weights_fit import Choice, Design, choose, fit, logistic

__all__ = ["NewWeights", "find_weights"]

_REFERENCE = 30.0
"""How strongly a change is held that only shows how well a gain could have been seen."""


@dataclass(frozen=True)
class NewWeights:
    """Weights by all cases, and what the way to them gained where it was held out.

    Attributes:
        choice: what inner folds chose.
        weights: in whole per cents; None where the current ones stay.
        auc: gain in AUC. loss: gain in log loss, positive for better.
        least_error: standard error in AUC of a change of this kind that was made in any case.
    """

    choice: Choice
    weights: Weights | None
    auc: Gain
    loss: Gain
    least_error: float


def find_weights(sample: Sample, *, seed: int, repeats: int = REPEATS) -> NewWeights:
    """Fit weights to all cases, and go the same way without each fifth of accounts in turn."""
    pairs, tried, losses = [], [], np.zeros(len(sample))
    for number in range(repeats):
        for test in folds(sample.churned, sample.accounts, FOLDS, seed + number):
            train, held = sample.take(~test), sample.take(test)
            rows = np.flatnonzero(test)
            weights, _ = _way(train, seed)
            before, after = held.score, held.score
            if weights is not None:
                model = with_weights(sample.model, weights)
                after = held.under(model)
                losses[rows] += _loss_gain(train, held, train.under(model), after) / repeats
            pairs.append((rows, before, after))
            tried.append((rows, before, held.under(with_weights(sample.model, _moved(train)))))
    weights, choice = _way(sample, seed)
    return NewWeights(
        choice,
        weights,
        auc_gain(pairs, sample.churned, sample.accounts),
        mean_gain(losses, sample.accounts),
        auc_gain(tried, sample.churned, sample.accounts).error,
    )


def _way(sample: Sample, seed: int) -> tuple[Weights | None, Choice]:
    """The whole way from cases to weights in whole per cents; None keeps the current ones."""
    choice = choose(sample, seed=seed)
    if choice.hold is None:
        return None, choice
    design = Design(sample)
    fitted = fit(design, choice.hold, metrics=choice.metrics)
    return design.weights(fitted).rounded(sample.model, metrics=choice.metrics), choice


def _moved(sample: Sample) -> Weights:
    design = Design(sample)
    metrics = len(sample.model.metrics) > 0
    fitted = fit(design, _REFERENCE, metrics=metrics)
    return design.weights(fitted).rounded(sample.model, metrics=metrics)


def _loss_gain(train: Sample, held: Sample, fitted: Floats, after: Floats) -> Floats:
    """(n,) how much smaller each held-out log loss is under the new scores."""
    was = logistic(train.score, train.churned)
    new = logistic(fitted, train.churned)
    return was(held.score, held.churned) - new(after, held.churned)
