"""Score one account from plain values: what a cell asks for. No numpy, no pandas.

Same policy (`rollup.py`), same numbers bit for bit as `score.score_accounts` on a frame of one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from numbers import Real
from typing import Any, NamedTuple

from scoring.model import SEGMENTS, Gate, ScoreModel, StateCurve
from scoring.rollup import STATUSES, TIERS, Rolled, roll_up, round_half_up
from scoring.scales import NOT_A_NUMBER, Fault, OutOfScale, scale_text, state_points, typed_scale
from scoring.tape import record as record_policy
from scoring.tape_one import compile_one


@dataclass(frozen=True)
class Score:
    """One account's score.

    Attributes:
        total: raw 0–100, NaN where there is none.
        rounded: as displayed, half-up; NaN where there is none.
        tier: "green", "amber", "red" or "".
        status: one of ``rollup.STATUSES``.
        stale: keys of metrics whose value was too old to count.
        low, high: score with everything missing at its worst, at its best.
        coverage: share 0–1 of weight that was observed.
        values: inputs that counted in the order of ``model.inputs``, words as points; NaN where
            missing or stale.
        weights: dimension weights that were used, as shares that sum to 1.
        record: what was scored, as given.
    """

    model: ScoreModel = field(repr=False)
    total: float
    tier: str
    status: str
    stale: tuple[str, ...]
    low: float
    high: float
    coverage: float
    values: tuple[float, ...] = field(repr=False)
    weights: tuple[float, ...] = field(repr=False)
    record: Mapping[str, object] = field(repr=False, compare=False)

    @property
    def rounded(self) -> float:
        """The total as displayed: half-up, NaN where there is none."""
        shown: float = round_half_up(self.total)
        return shown

    @cached_property
    def rolled(self) -> Rolled:
        """Dimension scores, points and contributions, worked out when read."""
        return roll_up(self.model, self.values, self.weights)


class _Input(NamedTuple):
    """How to read one input: its key and name, its scale, its words, its greatest age.

    ``low`` and ``high`` are the scale with its open ends closed; ``allowed`` lists the words.
    """

    key: str
    name: str
    low: float
    high: float
    scale: tuple[float | None, float | None]
    words: Mapping[str, float] | None
    allowed: str
    max_age: int | None


class _Ready(NamedTuple):
    """A model made ready: inputs in order, weights by segment ("" for none), the policy."""

    inputs: tuple[_Input, ...]
    weights: Mapping[object, tuple[float, ...]]
    onboarding: tuple[float, ...]
    run: Callable[..., tuple[Any, ...]]


@lru_cache(maxsize=64)
def _ready(model: ScoreModel) -> _Ready:
    inputs = [_input(m.key, m.name, m.scale, m.curve, m.max_age_days) for m in model.metrics] + [
        _input(d.key, d.name, typed_scale(model), None, None) for d in model.dimensions
    ]
    tape = record_policy(model)
    return _Ready(
        tuple(inputs),
        {s: tuple(model.weights(s)) for s in SEGMENTS} | {"": tuple(model.weights(None))},
        tuple(model.weights(None, onboarding=True)),
        compile_one(tape, tape.head),
    )


def _input(
    key: str,
    name: str,
    scale: tuple[float | None, float | None],
    curve: object,
    max_age: int | None,
) -> _Input:
    low, high = scale
    # An open end is the largest float, so that infinity lies outside of every scale.
    top = sys.float_info.max
    states = curve if isinstance(curve, StateCurve) else None
    return _Input(
        key=key,
        name=name,
        low=-top if low is None else low,
        high=top if high is None else high,
        scale=scale,
        words=None if states is None else state_points(states),
        allowed="" if states is None else ", ".join(states.words),
        max_age=max_age,
    )


_OVERRIDE = _input("override_score", "Override score", (0.0, 100.0), None, None)


def score_one(
    record: Mapping[str, object], model: ScoreModel, *, as_of: date | None = None
) -> Score:
    """Score one account.

    Args:
        record: canonical keys → values as in one row of `columns.account_columns`; floats, state
            words, dates; None or NaN where missing.
        model: the score model.
        as_of: day to count ages from; without it lifecycle and staleness are not applied.

    Raises:
        OutOfScale: every value outside its metric's scale, and every unknown state word.
    """
    ready = _ready(model)
    values, stale = _values(record, ready.inputs, as_of)
    age = math.nan if as_of is None else _days(record.get("start_date"), as_of)
    if age <= model.lifecycle.onboarding_days:
        weights = ready.onboarding
    else:
        weights = ready.weights.get(record.get("segment"), ready.weights[""])
    _, total, tier, status, low, high, coverage = ready.run(
        *values, *weights, age, math.nan, *_decided(record, model, as_of)
    )
    return Score(
        model=model,
        total=total,
        tier=TIERS[tier] if tier >= 0 else "",
        status=STATUSES[status],
        stale=stale,
        low=low,
        high=high,
        coverage=coverage,
        values=values,
        weights=weights,
        record=record,
    )


def _values(
    record: Mapping[str, object], inputs: tuple[_Input, ...], as_of: date | None
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """All inputs as numbers, NaN where missing or too old, and the keys of the latter."""
    values: list[float] = []
    problems: list[Fault] = []
    stale: list[str] = []
    get = record.get
    for wanted in inputs:
        raw = get(wanted[0])
        if raw is None:
            values.append(math.nan)
            continue
        if wanted.words is not None:
            x = _points(record, wanted, raw, problems)
        else:
            x = raw if type(raw) is float else float(raw) if type(raw) is int else _number(raw)
            if not (wanted.low <= x <= wanted.high) and (x == x or isinstance(raw, str)):
                problems.append(_fault(record, wanted, raw, x))
        if as_of is not None and wanted.max_age is not None and x == x:
            age = _days(get(f"{wanted.key}_as_of"), as_of)
            if (age if age == age else _days(get("data_as_of"), as_of)) > wanted.max_age:
                stale.append(wanted.key)
                x = math.nan
        values.append(x)
    raw = get("override_score")
    if raw is not None:
        x = _number(raw)
        if not 0.0 <= x <= 100.0 and (x == x or isinstance(raw, str)):
            problems.append(_fault(record, _OVERRIDE, raw, x))
    if problems:
        raise OutOfScale(problems)
    return tuple(values), tuple(stale)


def _points(
    record: Mapping[str, object], wanted: _Input, raw: object, problems: list[Fault]
) -> float:
    """Points of a state word."""
    if not isinstance(raw, str) or wanted.words is None:
        return math.nan
    points = wanted.words.get(raw.strip().casefold())
    if points is None:
        problems.append((_id(record), wanted.name, raw, _one_of(wanted)))
        return math.nan
    return points


def _fault(record: Mapping[str, object], wanted: _Input, raw: object, x: float) -> Fault:
    """What is wrong with a number: it is none, or it lies off its scale."""
    if x != x:
        return _id(record), wanted.name, raw, NOT_A_NUMBER
    return (
        _id(record),
        wanted.name,
        x,
        f"The scale is {scale_text(wanted.scale)}; correct the value.",
    )


def _one_of(wanted: _Input) -> str:
    return f"Type one of: {wanted.allowed}."


def _id(record: Mapping[str, object]) -> str:
    return str(record.get("account_id") or "this account")


def _number(raw: object) -> float:
    """A number of any kind, also numpy's, or in text; else missing."""
    try:
        return float(raw) if isinstance(raw, Real | str) else math.nan
    except ValueError:
        return math.nan


def _days(day: object, as_of: date | None) -> float:
    # A missing time stamp of pandas is a date by its class, and unequal to itself.
    if as_of is None or not isinstance(day, date) or day != day:
        return math.nan
    return float((as_of - (day.date() if isinstance(day, datetime) else day)).days)


def fired_gates(record: Mapping[str, object], model: ScoreModel) -> list[Gate]:
    """Gates whose condition the record gives as met."""
    return [gate for gate in model.gates if record.get(gate.key) in (True, 1)]


def _decided(
    record: Mapping[str, object], model: ScoreModel, as_of: date | None
) -> tuple[int, float, int]:
    """What gates and a person decided: tier code of the cap, score, tier code (−1 for none)."""
    cap = 2
    if model.gates:
        cap = min([cap, *(TIERS.index(gate.cap) for gate in fired_gates(record, model))])
    score, tier = record.get("override_score"), record.get("override_tier")
    if (score is None and tier is None) or _days(record.get("override_expires"), as_of) > 0:
        return cap, math.nan, -1
    return (
        cap,
        _number(score),
        TIERS.index(tier) if isinstance(tier, str) and tier in TIERS else -1,
    )
