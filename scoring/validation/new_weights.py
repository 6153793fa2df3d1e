"""Weights to recommend, and what they gain on accounts that they were not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.prepare import Floats
from scoring.validation.held_out import FOLDS, FROM_FITS, REPEATS, Gain, auc_gain, folds, mean_gain
from scoring.validation.reweigh import Sample, Weights, current, with_weights
from scoring.validation.weights_fit import Choice, Design, choose, fit, logistic

__all__ = ["NewWeights", "find_weights"]


@dataclass(frozen=True)
class NewWeights:
    """Weights by all cases, and what the way to them gained where it was held out.

    Attributes:
        choice: what inner folds chose.
        weights: in whole per cents; None where the current ones stay.
        auc: gain in AUC. loss: gain in log loss, positive for better.
        least_error: standard error in AUC of moves that were made in any case.
    """

    choice: Choice
    weights: Weights | None
    auc: Gain
    loss: Gain
    least_error: float


def find_weights(sample: Sample, *, seed: int, repeats: int = REPEATS) -> NewWeights:
    """Fit weights to all cases, and go the same way without each fifth of accounts in turn."""
    # Limits hold for libraries that are there already.
    import scipy.optimize  # noqa: F401
    from threadpoolctl import threadpool_limits

    # Thousands of small products: threads would wait for each other longer than they work.
    with threadpool_limits(limits=1, user_api="blas"):
        return _find(sample, seed, repeats)


def _find(sample: Sample, seed: int, repeats: int) -> NewWeights:
    pairs, losses = [], np.zeros(len(sample))
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
    weights, choice = _way(sample, seed)
    return NewWeights(
        choice,
        weights,
        auc_gain(pairs, sample.churned, sample.accounts).wider(FROM_FITS),
        mean_gain(losses, sample.accounts).wider(FROM_FITS),
        FROM_FITS * _error_of_moves(sample),
    )


def _way(sample: Sample, seed: int) -> tuple[Weights | None, Choice]:
    """The whole way from cases to weights in whole per cents; None keeps the current ones."""
    choice = choose(sample, seed=seed)
    if choice.hold is None:
        return None, choice
    design = Design(sample)
    fitted = fit(design, choice.hold, metrics=choice.metrics)
    return design.weights(fitted).rounded(sample.model, metrics=choice.metrics), choice


def _error_of_moves(sample: Sample) -> float:
    """Mean standard error of what it gains to put weight on one metric, or on one dimension.

    Half of the score's weight goes to the dimension, half of that's to the metric. It says how
    well a gain would have been seen where fits hardly moved.
    """
    was, model = current(sample.model), sample.model
    rows, errors = np.arange(len(sample)), []
    for place, dimension in enumerate(model.dimensions):
        outer = was.dimensions / 2.0
        outer[place] += 0.5
        keys = {m.key for m in dimension.metrics}
        mine = np.array([m.key in keys for m in model.metrics], dtype=bool)
        for one in np.flatnonzero(mine) if mine.any() else [-1]:
            inner = np.where(mine, was.metrics / 2.0, was.metrics)
            if one >= 0:
                inner[one] += 0.5
            after = sample.under(with_weights(model, Weights(outer, inner)))
            gain = auc_gain([(rows, sample.score, after)], sample.churned, sample.accounts)
            errors.append(gain.error)
    return float(np.mean(errors))


def _loss_gain(train: Sample, held: Sample, fitted: Floats, after: Floats) -> Floats:
    """(n,) how much smaller each held-out log loss is under the new scores."""
    was = logistic(train.score, train.churned)
    new = logistic(fitted, train.churned)
    return was(held.score, held.churned) - new(after, held.churned)
