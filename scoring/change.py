"""Exact waterfall of a change: each point between two snapshots has one cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.prepare import Floats
from scoring.score import MANY, Scores
from scoring.waterfall import KINDS, Step, in_todays_terms, settle, walk

__all__ = ["KINDS", "Change", "explain_change"]


@dataclass(frozen=True)
class Change:
    """Steps from ``before`` to ``after`` of n accounts.

    Attributes:
        before, after: (n,) shown raw scores; NaN where there is none.
        steps: one row a step: row (position of the account), key (input, or ""), kind, points.
            Steps of an account sum to after − before; an account without both scores has none.
    """

    before: Floats
    after: Floats
    steps: pd.DataFrame


def explain_change(before: Scores, after: Scores) -> Change:
    """Split the change between two snapshots of the same n accounts into its causes.

    The walk is that of `waterfall.walk`. An input that did not move has no step. The models may
    differ in version and metrics.

    Raises:
        ValueError: the two do not hold the same accounts in the same order.
    """
    if list(before.account_id) != list(after.account_id):
        raise ValueError("both snapshots must hold the same accounts in the same order")
    model = after.model
    new = [after.values[key].to_numpy(float) for key in model.inputs]
    change = after.total - before.total
    with np.errstate(all="ignore"):
        old = [_earlier(before, after, key, x) for key, x in zip(model.inputs, new, strict=True)]
        weights = [after.weights[d.key].to_numpy(float) for d in model.dimensions]
        steps = settle(
            walk(model, _rolled_up(before), old, new, weights, MANY, np.any), change, MANY
        )
    return Change(before.total, after.total, _frame(steps))


def _rolled_up(scores: Scores) -> Floats:
    """The score of the inputs alone, (n,); NaN where none of them is known."""
    total = scores.contributions.to_numpy(float).sum(axis=1)
    in_play = scores.available.to_numpy(float).sum(axis=1)
    return np.where(in_play > 0.0, total, np.nan)


def _earlier(before: Scores, after: Scores, key: str, new: Floats) -> Floats:
    n = len(after)
    x = before.values[key].to_numpy(float) if key in before.values else np.full(n, np.nan)
    return np.asarray(in_todays_terms(before.model, after.model, key, x, new, MANY))


def _frame(steps: list[Step]) -> pd.DataFrame:
    """One row a step, account by account, each in the order of the walk."""
    keys = np.array([s.key for s in steps], dtype=object)
    kinds = np.array([s.kind for s in steps], dtype=object)
    points = np.column_stack([s.points for s in steps])
    rows, columns = np.nonzero(points)
    return pd.DataFrame(
        {"row": rows, "key": keys[columns], "kind": kinds[columns], "points": points[rows, columns]}
    )
