"""The whole roll-up policy: points → dimensions → score, coverage, bounds, tier.

Every function here works alike on Python floats (one account in a cell) and on numpy arrays (a
portfolio): the caller passes the handful of operations that differ. Both run the same steps in
the same order, so one row gives bit for bit what many rows give. Missing is NaN everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from scoring.model import LinearCurve, ScoreModel

Number = Any
"""A float, or a float array with one element an account."""

TIERS = ("red", "amber", "green")
"""Tier keys by code 0, 1, 2; code -1 is no tier."""

_HALF_UP = 0.5 + 1e-9
"""79.5 rounds to 80 also when it arrives as 79.49999999999999 from a sum of weights."""


class Ops(NamedTuple):
    """What differs between one account and many."""

    where: Callable[[Any, Any, Any], Any]
    low: Callable[[Any, Any], Any]
    high: Callable[[Any, Any], Any]
    floor: Callable[[Any], Any]
    both: Callable[[Any, Any], Any]
    either: Callable[[Any, Any], Any]


def _floor(x: float) -> float:
    return x if x != x else float(math.floor(x))


ONE = Ops(
    where=lambda test, a, b: a if test else b,
    low=min,
    high=max,
    floor=_floor,
    both=lambda a, b: a and b,
    either=lambda a, b: a or b,
)
"""Operations on plain floats; importing them costs no numpy."""


class Step(NamedTuple):
    """One metric of a dimension, ready to run: index among inputs, share, curve as lines."""

    slot: int
    share: float
    start: float
    lines: tuple[tuple[float, float, float], ...]
    """(from raw, to raw, points per unit); empty when the value already is points."""


class Group(NamedTuple):
    """One dimension, ready to run: index of its typed input, its metrics.

    ``whole`` is the sum of their shares as floats give it, a hair off 1 at times: divided by it,
    what is fully known is the same number on every way.
    """

    typed: int
    steps: tuple[Step, ...]
    whole: float


class Part(NamedTuple):
    """One dimension on its way from metrics to a score.

    ``seen`` is the share of its weight that was observed, ``earned`` points times share over
    that, ``mean`` the points before any rating step, ``used`` the share that counts; ``shares``
    (0 where not counted), ``points`` (NaN where missing) and ``counted`` (as the missing-data
    policy counts them) have one entry a metric.
    """

    score: Number
    present: Number
    typed: Number
    seen: Number
    earned: Number
    covered: Number
    low: Number
    high: Number
    mean: Number
    used: Number
    shares: list[Number]
    points: list[Number]
    counted: list[Number]


@dataclass(frozen=True)
class Rolled:
    """Scores of one account (floats) or many (arrays), before lifecycle, gates and overrides.

    ``points`` has one entry a metric; ``contributions`` and ``available`` one an input
    (metrics, then typed dimensions): what it gave, and the most it could have given.
    ``parts`` are the dimensions step by step, for one account only.
    """

    total: Number
    coverage: Number
    low: Number
    high: Number
    dimensions: list[Number]
    points: list[Number]
    contributions: list[Number]
    available: list[Number]
    parts: list[Part]


@lru_cache(maxsize=64)
def plan(model: ScoreModel) -> tuple[Group, ...]:
    """The model as plain tuples, weights normalised within each dimension."""
    groups: list[Group] = []
    index = 0
    typed = len(model.metrics)
    for number, dimension in enumerate(model.dimensions):
        weight = sum(m.weight for m in dimension.metrics)
        steps = []
        for metric in dimension.metrics:
            start, lines = _lines(metric.curve)
            steps.append(Step(index, metric.weight / weight, start, lines))
            index += 1
        whole = 0.0
        for step in steps:
            whole += step.share
        groups.append(Group(typed + number, tuple(steps), whole or 1.0))
    return tuple(groups)


def _lines(curve: Any) -> tuple[float, tuple[tuple[float, float, float], ...]]:
    if not isinstance(curve, LinearCurve):
        return 0.0, ()  # words arrive as points already
    p = curve.points
    lines = tuple((x0, x1, (y1 - y0) / (x1 - x0)) for (x0, y0), (x1, y1) in pairwise(p))
    return p[0][1], lines


def curve_points(step: Step, x: Number, ops: Ops) -> Number:
    """Points 0–100 of a raw value; NaN stays NaN."""
    if not step.lines:
        return x
    y: Number = step.start
    for x0, x1, slope in step.lines:
        y = y + slope * (ops.low(ops.high(x, x0), x1) - x0)
    return y


def round_half_up(x: Number, ops: Ops = ONE) -> Number:
    """Decimal half-up rounding to a whole number: 79.5 → 80, 79.4 → 79; NaN stays NaN."""
    return ops.floor(x + _HALF_UP)


def _from_points(model: ScoreModel, p: Number, ops: Ops) -> Number:
    """Dimension score of computed points: itself, or through a whole rating 1–5."""
    if model.typed == "points":
        return p
    return 20.0 * round_half_up(1.0 + 0.04 * p, ops)


def roll_up(
    model: ScoreModel, values: Sequence[Number], weights: Sequence[Number], ops: Ops = ONE
) -> Rolled:
    """Score inputs under a model.

    Args:
        model: k dimensions, m metrics.
        values: m + k inputs in the order of ``model.inputs``: raw metric values (points for
            state metrics), then typed dimensions (rating 1–5 or points); NaN where missing.
        weights: k dimension weights that sum to 1; floats or arrays.
        ops: `ONE` for floats, `score.MANY` for arrays.

    Returns:
        Scores without regard to ``min_coverage``; ``total`` is NaN where nothing was observed.
        Contributions sum to the total.
    """
    rolled = [_dimension(model, group, values, ops) for group in plan(model)]
    whole: Number = 0.0
    coverage: Number = 0.0
    low: Number = 0.0
    high: Number = 0.0
    for d, weight in zip(rolled, weights, strict=True):
        whole = whole + weight
        coverage = coverage + weight * d.covered
        low = low + weight * d.low
        high = high + weight * d.high
    in_play, total = _weigh(rolled, weights, ops)
    points, contributions, available = _spread(model, rolled, weights, in_play, ops)
    scores = [ops.where(d.present, d.score, math.nan) for d in rolled]
    return Rolled(
        total, coverage / whole, low / whole, high / whole,
        scores, points, contributions, available, rolled,
    )  # fmt: skip


def roll_up_total(
    model: ScoreModel, values: Sequence[Number], weights: Sequence[Number], ops: Ops = ONE
) -> Number:
    """``total`` of `roll_up` alone, bit for bit, in half the time: a walk asks for many."""
    rolled = [_dimension(model, group, values, ops) for group in plan(model)]
    return _weigh(rolled, weights, ops)[1]


def _weigh(rolled: Sequence[Part], weights: Sequence[Number], ops: Ops) -> tuple[Number, Number]:
    """Weight of the dimensions that are known, NaN where none is, and their mean."""
    in_play: Number = 0.0
    total: Number = 0.0
    for d, weight in zip(rolled, weights, strict=True):
        in_play = in_play + ops.where(d.present, weight, 0.0)
        total = total + ops.where(d.present, weight * d.score, 0.0)
    in_play = ops.where(in_play == 0.0, math.nan, in_play)
    return in_play, total / in_play


def _dimension(model: ScoreModel, group: Group, values: Sequence[Number], ops: Ops) -> Part:
    fill = {"reweight": None, "zero": 0.0, "neutral": 50.0}[model.missing]
    shares, points, counted = [], [], []
    seen_share: Number = 0.0
    earned: Number = 0.0
    for step in group.steps:
        y = curve_points(step, values[step.slot], ops)
        seen = y == y
        share = ops.where(seen, step.share, 0.0)
        seen_share = seen_share + share
        earned = earned + ops.where(seen, step.share * y, 0.0)
        points.append(y)
        shares.append(share if fill is None else step.share)
        counted.append(ops.where(seen, y, 0.0 if fill is None else fill))
    if fill is None:
        used, mean = seen_share, earned / ops.where(seen_share > 0.0, seen_share, math.nan)
    else:
        used, mean = 1.0, (earned + (group.whole - seen_share) * fill) / group.whole
    worst = _from_points(model, earned / group.whole, ops)
    best = _from_points(model, (earned + (group.whole - seen_share) * 100.0) / group.whole, ops)
    raw = values[group.typed]
    typed = raw == raw
    given = raw * (20.0 if model.typed == "rating" else 1.0)
    computed = _from_points(model, mean, ops)
    score = ops.where(typed, given, computed)
    return Part(
        score, score == score, typed, seen_share, earned,
        ops.where(typed, 1.0, seen_share / group.whole), ops.where(typed, given, worst),
        ops.where(typed, given, best), mean, used, shares, points, counted,
    )  # fmt: skip


def _spread(
    model: ScoreModel,
    rolled: Sequence[Part],
    weights: Sequence[Number],
    in_play: Number,
    ops: Ops,
) -> tuple[list[Number], list[Number], list[Number]]:
    """Points, contributions and available points of every input.

    Rounding to a whole rating moves a dimension off the mean of its metrics. Moved up, it
    shrinks what each metric lost; moved down, what each metric earned. So a metric never gives
    less than 0 nor more than its weight, and the sum is still the dimension's.
    """
    points: list[Number] = []
    contributions: list[Number] = []
    available: list[Number] = []
    typed_given: list[Number] = []
    typed_most: list[Number] = []
    for d, weight in zip(rolled, weights, strict=True):
        most = 100.0 * weight / in_play
        raised = d.score >= d.mean
        open_points = 100.0 - d.mean
        shrink_lost = (100.0 - d.score) / ops.where(open_points > 0.0, open_points, math.inf)
        shrink_earned = d.score / ops.where(d.mean > 0.0, d.mean, math.inf)
        from_metrics = ops.both(d.present, d.typed == False)  # noqa: E712  (array-safe not)
        used = ops.where(d.used == 0.0, 1.0, d.used)
        for share, y, raw in zip(d.shares, d.counted, d.points, strict=True):
            reach = ops.where(from_metrics, most * (share / used), 0.0)
            lost = reach * (1.0 - 0.01 * y) * shrink_lost
            earned = reach * (0.01 * y) * shrink_earned
            points.append(raw)
            available.append(reach)
            contributions.append(
                ops.where(reach == 0.0, 0.0, ops.where(raised, reach - lost, earned))
            )
        # Without metrics, what the policy puts in place of a typed value is the dimension's own.
        own = d.typed if d.shares else d.present
        typed_most.append(ops.where(own, most, 0.0))
        typed_given.append(ops.where(own, most * (0.01 * d.score), 0.0))
    return points, contributions + typed_given, available + typed_most


def tier_code(model: ScoreModel, score: Number, ops: Ops = ONE) -> Number:
    """Tier code of a raw score: rounded half-up first, then compared; -1 for NaN."""
    rounded = round_half_up(score, ops)
    code = ops.where(rounded >= model.tiers[1].starts_at, 1, 0)
    code = ops.where(rounded >= model.tiers[0].starts_at, 2, code)
    return ops.where(score == score, code, -1)


STATUSES = (
    "Scored",
    "Partial",
    "Onboarding",
    "Provisional",
    "Insufficient data",
    "Overridden",
)
"""Status words by code."""


@dataclass(frozen=True)
class Circumstance:
    """What besides metrics decides the shown score; floats or arrays, NaN or -1 for none.

    Attributes:
        age_days: days from start date to as-of date.
        smoothed: rolling mean that the tier follows where the model smooths.
        cap: tier code a gate caps the tier at, 2 (green) when no gate fires.
        override_score: score a person set, still valid.
        override_tier: tier code a person set, still valid.
    """

    age_days: Number = math.nan
    smoothed: Number = math.nan
    cap: Number = 2
    override_score: Number = math.nan
    override_tier: Number = -1


@dataclass(frozen=True)
class Shown:
    """What people see: the model's score, the final one, tier code, status code and bounds."""

    model_total: Number
    total: Number
    tier: Number
    status: Number
    low: Number
    high: Number


def show(model: ScoreModel, rolled: Rolled, c: Circumstance, ops: Ops = ONE) -> Shown:
    """Apply lifecycle, minimum coverage, smoothing, gates and overrides, in this order."""
    life = model.lifecycle
    young = c.age_days <= life.neutral_days
    little = rolled.coverage >= life.partial_coverage - 1e-9
    partial = ops.both(c.age_days <= life.partial_days, little)
    enough = ops.either(rolled.coverage >= model.min_coverage - 1e-9, partial)
    # A policy that fills gaps would score an account of which nothing is known.
    enough = ops.both(rolled.coverage > 0.0, enough)
    scored = ops.where(enough, rolled.total, math.nan)
    model_total = ops.where(young, life.neutral_score, scored)
    basis = ops.where(c.smoothed == c.smoothed, c.smoothed, scored)
    code = tier_code(model, ops.where(young, math.nan, ops.where(enough, basis, math.nan)), ops)
    code = ops.where(code >= 0, ops.low(code, c.cap), code)
    set_score = c.override_score == c.override_score
    total = ops.where(set_score, c.override_score, model_total)
    code = ops.where(set_score, tier_code(model, c.override_score, ops), code)
    set_tier = c.override_tier >= 0
    code = ops.where(set_tier, c.override_tier, code)
    status = ops.where(c.age_days <= life.onboarding_days, 2, 0)
    status = ops.where(c.age_days <= life.partial_days, 1, status)
    status = ops.where(enough, status, 4)
    status = ops.where(young, 3, status)
    status = ops.where(ops.either(set_score, set_tier), 5, status)
    low = ops.where(young, math.nan, rolled.low)
    high = ops.where(young, math.nan, rolled.high)
    return Shown(model_total, total, code, status, low, high)
