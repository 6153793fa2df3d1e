"""The walk of an exact waterfall: which causes, in which order, make up a change of a score.

Like `rollup.py` it works alike on floats (one account in a cell) and on arrays (a portfolio);
`change.py` walks many accounts, `change_one` one. Missing is NaN everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from scoring.model import ScoreModel, StateCurve
from scoring.one import Score
from scoring.rollup import ONE, Number, Ops, roll_up_total
from scoring.scales import state_points

__all__ = [
    "CAUSES",
    "KINDS",
    "Step",
    "Waterfall",
    "change_one",
    "in_todays_terms",
    "settle",
    "walk",
]

CAUSES = {
    "version": "Model version",
    "model": "Weights",
    "data vanished": "Data vanished",
    "behaviour": "Behaviour",
    "data appeared": "Data appeared",
    "replaced": "Other data",
    "shown": "Lifecycle or override",
}
"""Kind of a step → what people read, in the order in which the waterfall walks: another model
version (`change.explain_timeline`), other weights, inputs that went missing, inputs that moved,
inputs that came; all inputs at once where the two days share none; and what a person or the
lifecycle put on top."""

KINDS = tuple(CAUSES)

NO_INPUT = {
    "version": "Model version",
    "model": "Weights or model",
    "replaced": "All inputs",
    "shown": "Status",
}
"""Kind of a step that no input of its own stands for → what people read in place of a name."""

LEAST = 1e-11
"""Points below which a step is the noise of sums; thirty such steps stay below 1e-9."""


class Step(NamedTuple):
    """One step: its kind, the input that moved ("" for none), points of the total."""

    kind: str
    key: str
    points: Number


@dataclass(frozen=True)
class Waterfall:
    """Steps from ``before`` to ``after`` of one account.

    Attributes:
        before, after: shown raw scores; NaN where there is none.
        steps: in the order of `KINDS`, then of the model's inputs; they sum to after − before.
            None where one of the two scores is missing, or nothing changed.
    """

    before: float
    after: float
    steps: tuple[Step, ...]


def change_one(before: Score, after: Score) -> Waterfall:
    """Split the change between two scores of one account into its causes.

    Same steps as `change.explain_change` gives for a frame of one; the models may differ in
    version and metrics.
    """
    model = after.model
    then = dict(zip(before.model.inputs, before.values, strict=True))
    old = [
        in_todays_terms(before.model, model, key, then.get(key, math.nan), new, ONE)
        for key, new in zip(model.inputs, after.values, strict=True)
    ]
    steps = walk(model, before.rolled.total, old, after.values, after.weights, ONE, bool)
    settled = settle(steps, after.total - before.total, ONE)
    return Waterfall(before.total, after.total, tuple(s for s in settled if s.points != 0.0))


def walk(
    model: ScoreModel,
    start: Number,
    old: Sequence[Number],
    new: Sequence[Number],
    weights: Sequence[Number],
    ops: Ops,
    some: Callable[[Any], bool],
) -> list[Step]:
    """From earlier inputs to today's, one cause after another.

    The walk: earlier inputs under today's weights and model; then without what has gone missing;
    then, one input after another in the model's order, today's values of what both snapshots
    know; then with what is new. Without rating steps the order does not matter.

    Args:
        model: today's model.
        start: the earlier rolled-up score; NaN where nothing was known.
        old: inputs in the order of ``model.inputs``, as `in_todays_terms` gives them.
        new: today's inputs.
        weights: today's dimension weights.
        ops: `rollup.ONE` for floats, `score.MANY` for arrays.
        some: whether a test holds for any account.

    Returns:
        A step for each input that any account moved, 0 points where an account did not; the
        whole way from start to end as a last step. NaN where there is no path, because the
        snapshots share no input.
    """
    values = list(old)
    total = roll_up_total(model, values, weights, ops)
    steps = [Step("model", "", total - start)]
    for kind, moves in _MOVES.items():
        for i, key in enumerate(model.inputs):
            moved = moves(values[i], new[i], ops)
            if some(moved):
                values[i] = ops.where(moved, new[i], values[i])
                after = roll_up_total(model, values, weights, ops)
                steps.append(Step(kind, key, ops.where(moved, after - total, 0.0)))
                total = after
    return [*steps, Step("replaced", "", total - start)]


def _vanished(old: Number, new: Number, ops: Ops) -> Any:
    return ops.both(old == old, new != new)


def _moved(old: Number, new: Number, ops: Ops) -> Any:
    return ops.both(old == old, old != new)


def _appeared(old: Number, new: Number, ops: Ops) -> Any:
    return ops.both(old != old, new == new)


# In the order of the walk: what vanished is gone from the values when the next looks at them.
_MOVES: dict[str, Callable[[Number, Number, Ops], Any]] = {
    "data vanished": _vanished,
    "behaviour": _moved,
    "data appeared": _appeared,
}


def settle(steps: Sequence[Step], change: Number, ops: Ops) -> list[Step]:
    """Steps that sum to the change: 0 points where there is none to tell, and what is on top.

    Args:
        steps: of `walk`.
        change: shown score less the earlier one; NaN where either is missing.
        ops: as for `walk`.

    Returns:
        The same steps and a last one for what lifecycle and overrides put on top. Where the
        snapshots share no input the whole way is one step.
    """
    *single, whole = steps
    sum_of = sum(s.points for s in single)
    path = sum_of == sum_of
    # Without an earlier or a later input there is no way at all, only what was put on top.
    way = whole.points == whole.points
    at_once = ops.where(ops.both(path == False, way), whole.points, 0.0)  # noqa: E712
    rest = change - ops.where(path, sum_of, at_once)
    there = change == change
    out = [s._replace(points=_told(s.points, ops.both(path, there), ops)) for s in single]
    out.append(whole._replace(points=_told(at_once, there, ops)))
    return [*out, Step("shown", "", _told(rest, there, ops))]


def _told(points: Number, there: Any, ops: Ops) -> Number:
    return ops.where(ops.both(there, abs(points) > LEAST), points, 0.0)


def in_todays_terms(
    before: ScoreModel, now: ScoreModel, key: str, x: Number, new: Number, ops: Ops
) -> Number:
    """Earlier values of an input as today's model reads them.

    Words are kept as points: where two models give one word different points, the word itself
    did not move. Typed dimensions may have been ratings then and points now.

    Args:
        before: the model of the earlier values.
        now: today's model.
        key: an input of today's model.
        x: its earlier values; NaN where missing.
        new: its values today.
        ops: as for `walk`.
    """
    if before is now:
        return x
    if before.typed != now.typed and any(d.key == key for d in before.dimensions):
        return x * 20.0 if before.typed == "rating" else x / 20.0
    then, today = _words(before, key), _words(now, key)
    if then is None or today is None or then == today:
        return x
    worth = state_points(today)
    out: Number = math.nan
    # Of words with the same points the one that explains today's value counts, else the best.
    for word, points in reversed(then.points):
        if word.casefold() in worth:
            out = ops.where(ops.both(x == points, out != new), worth[word.casefold()], out)
    return ops.where(out == out, out, x)


def _words(model: ScoreModel, key: str) -> StateCurve | None:
    curve = next((m.curve for m in model.metrics if m.key == key), None)
    return curve if isinstance(curve, StateCurve) else None
