"""Exact waterfall of a change: each point between two snapshots has one cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scoring.model import ScoreModel, StateCurve
from scoring.prepare import Floats
from scoring.rollup import roll_up
from scoring.scales import state_points
from scoring.score import MANY, Scores

KINDS = ("model", "data vanished", "behaviour", "data appeared", "shown")
"""Causes in the order in which the waterfall walks: weights or model version, inputs that went
missing, inputs that moved, inputs that came, and what a person or the lifecycle put on top."""


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

    The walk: earlier inputs under today's weights and model; then without what has gone missing;
    then, one input after another in the model's order, today's values of what both snapshots
    know; then with what is new. An input that did not move has no step. Without rating steps
    the order does not matter. The models may differ in version and metrics.

    Raises:
        ValueError: the two do not hold the same accounts in the same order.
    """
    if list(before.account_id) != list(after.account_id):
        raise ValueError("both snapshots must hold the same accounts in the same order")
    model = after.model
    n = len(after)
    old = [_in_todays_terms(before, after, key, n) for key in model.inputs]
    new = [after.values[key].to_numpy(float) for key in model.inputs]
    weights = [after.weights[d.key].to_numpy(float) for d in model.dimensions]
    with np.errstate(all="ignore"):
        start = before.contributions.to_numpy(float).sum(axis=1)
        walk = _Walk(model, weights, n)
        reweighted = walk.total(old)
        walk.add("model", "", reweighted - start)
        common, kept = walk.drop(old, new, reweighted)
        common, now_common = walk.move(common, new, kept)
        walk.fill(common, new, now_common)
    return _finish(before, after, walk, start)


class _Walk:
    """Totals along the way, and the steps between them."""

    def __init__(self, model: ScoreModel, weights: Sequence[Floats], n: int) -> None:
        self.model, self.weights, self.n = model, weights, n
        self.steps: list[tuple[str, str, Floats]] = []

    def add(self, kind: str, key: str, points: Floats) -> None:
        self.steps.append((kind, key, points))

    def total(self, values: Sequence[Floats]) -> Floats:
        return np.broadcast_to(roll_up(self.model, values, self.weights, MANY).total, (self.n,))

    def drop(
        self, old: Sequence[Floats], new: Sequence[Floats], total: Floats
    ) -> tuple[list[Floats], Floats]:
        """Take out, one input after another, what the new snapshot lacks."""
        gone = [~np.isnan(a) & np.isnan(b) for a, b in zip(old, new, strict=True)]
        nothing = np.full(self.n, np.nan)
        return self.swap("data vanished", old, [nothing] * len(old), gone, total)

    def move(
        self, common: Sequence[Floats], new: Sequence[Floats], total: Floats
    ) -> tuple[list[Floats], Floats]:
        """Bring, one input after another, what both snapshots know to its new value."""
        moved = [~np.isnan(a) & (a != b) for a, b in zip(common, new, strict=True)]
        return self.swap("behaviour", common, new, moved, total)

    def fill(self, common: Sequence[Floats], new: Sequence[Floats], total: Floats) -> None:
        """Put in, one input after another, what the old snapshot lacked."""
        came = [np.isnan(a) & ~np.isnan(b) for a, b in zip(common, new, strict=True)]
        self.swap("data appeared", common, new, came, total)

    def swap(
        self,
        kind: str,
        values: Sequence[Floats],
        to: Sequence[Floats],
        where: Sequence[Any],
        total: Floats,
    ) -> tuple[list[Floats], Floats]:
        """Exchange inputs one after another; each step is what the total moves by."""
        values = list(values)
        for i, key in enumerate(self.model.inputs):
            if where[i].any():
                values[i] = np.where(where[i], to[i], values[i])
                after = self.total(values)
                self.add(kind, key, np.where(where[i], after - total, 0.0))
                total = after
        return values, total


def _column(frame: pd.DataFrame, key: str, n: int) -> Floats:
    return frame[key].to_numpy(float) if key in frame else np.full(n, np.nan)


def _in_todays_terms(before: Scores, after: Scores, key: str, n: int) -> Floats:
    """Earlier values of an input as today's model reads them.

    Words are kept as points: where two models give one word different points, the word itself
    did not move. Typed dimensions may have been ratings then and points now.
    """
    x = _column(before.values, key, n)
    if key in before.dimensions and before.model.typed != after.model.typed:
        return x * 20.0 if before.model.typed == "rating" else x / 20.0
    then, now = _words(before.model, key), _words(after.model, key)
    if then is None or now is None or then == now:
        return x
    today, new = state_points(now), after.values[key].to_numpy(float)
    out = np.full(n, np.nan)
    # Of words with the same points the one that explains today's value counts, else the best.
    for word, points in reversed(then.points):
        if word.casefold() in today:
            out = np.where((x == points) & (out != new), today[word.casefold()], out)
    return np.where(np.isnan(out), x, out)


def _words(model: ScoreModel, key: str) -> StateCurve | None:
    curve = next((m.curve for m in model.metrics if m.key == key), None)
    return curve if isinstance(curve, StateCurve) else None


def _finish(before: Scores, after: Scores, walk: _Walk, start: Floats) -> Change:
    """Put what lifecycle and overrides add on top, and keep only accounts with both scores."""
    kinds = np.array([k for k, _, _ in walk.steps], dtype=object)
    keys = np.array([k for _, k, _ in walk.steps], dtype=object)
    points = np.column_stack([p for _, _, p in walk.steps])
    change = after.total - before.total
    # Where the snapshots share no input there is no path: the whole change is one step.
    no_path = np.isnan(points).any(axis=1)
    points[no_path] = 0.0
    on_top = change - points.sum(axis=1)
    rows, columns = np.nonzero((np.abs(points) > 1e-9) & ~np.isnan(change)[:, None])
    steps = pd.DataFrame(
        {"row": rows, "key": keys[columns], "kind": kinds[columns], "points": points[rows, columns]}
    )
    extra = np.flatnonzero(np.abs(np.nan_to_num(on_top)) > 1e-9)
    rest = pd.DataFrame({"row": extra, "key": "", "kind": "shown", "points": on_top[extra]})
    both = pd.concat([steps, rest], ignore_index=True) if len(rest) else steps
    return Change(before.total, after.total, both.sort_values("row", kind="stable"))
