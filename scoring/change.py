"""Exact waterfall of a change: each point between two snapshots has one cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.prepare import Floats
from scoring.score import MANY, Scores
from scoring.timeline import Timeline
from scoring.waterfall import KINDS, LEAST, Step, in_todays_terms, settle, walk

__all__ = ["KINDS", "Change", "explain_change", "explain_timeline"]


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


def explain_timeline(timeline: Timeline) -> Change:
    """Why today's n accounts changed since their last snapshots, by behaviour, data and model.

    Where another model or version had scored the snapshot, the change begins with what people
    were told then (A). The step "version" goes from A to the same inputs under today's model
    (B), with overrides and lifecycle on both sides; the other steps go from B to today (C).

    Returns:
        Rows of the steps count accounts of ``timeline.now``; ``before`` is NaN, and there are no
        steps, for an account without an earlier score.
    """
    after = timeline.now.total
    nothing = np.full(len(after), np.nan)
    pair = timeline.previous()
    if pair is None:
        return Change(nothing, after, _frame([]))
    place = {str(a): row for row, a in enumerate(timeline.now.account_id)}
    rows = np.array([place[str(a)] for a in pair[0].account_id], dtype=np.intp)
    told = timeline.told_before()["told_score"].reindex(pair[0].account_id).to_numpy(float)
    found = explain_change(*pair)
    moved = np.where(np.isnan(found.after), np.nan, found.before - told)
    other = np.flatnonzero(np.abs(moved) > LEAST)
    version = pd.DataFrame({"row": other, "key": "", "kind": "version", "points": moved[other]})
    # Stable: the version's step comes before the others of its account.
    steps = pd.concat([version, found.steps], ignore_index=True) if len(other) else found.steps
    steps = steps.assign(row=rows[steps["row"].to_numpy(np.intp)])
    before = nothing.copy()
    before[rows] = np.where(np.isnan(told), found.before, told)
    return Change(before, after, steps.sort_values("row", kind="stable").reset_index(drop=True))


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
    if not steps:
        empty = pd.DataFrame(columns=["row", "key", "kind", "points"])
        return empty.astype({"row": np.intp, "points": float})
    keys = np.array([s.key for s in steps], dtype=object)
    kinds = np.array([s.kind for s in steps], dtype=object)
    points = np.column_stack([s.points for s in steps])
    rows, columns = np.nonzero(points)
    return pd.DataFrame(
        {"row": rows, "key": keys[columns], "kind": kinds[columns], "points": points[rows, columns]}
    )
