"""Score one account from plain values: what a cell asks for. No numpy, no pandas.

Same policy (`rollup.py`), same numbers bit for bit as `score.score_accounts` on a frame of one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.model import SEGMENTS, Metric, ScoreModel, Segment, StateCurve
from scoring.rollup import STATUSES, TIERS, Circumstance, Rolled, roll_up, round_half_up, show
from scoring.scales import OutOfScale, scale_text, state_points, typed_scale


@dataclass(frozen=True)
class Score:
    """One account's score.

    Attributes:
        total: raw 0–100, NaN where there is none.
        rounded: as displayed, half-up; NaN where there is none.
        tier: "green", "amber", "red" or "".
        status: one of ``rollup.STATUSES``.
        stale: keys of metrics whose value was too old to count.
        rolled: coverage, dimension scores, points and contributions (`rollup.Rolled`).
        low, high: score with everything missing at its worst, at its best.
    """

    total: float
    rounded: float
    tier: str
    status: str
    stale: tuple[str, ...]
    rolled: Rolled
    low: float
    high: float


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
    values, stale = _inputs(record, model, as_of)
    age = _days(record.get("start_date"), as_of)
    rolled = roll_up(model, values, _weights(record, model, age))
    shown = show(model, rolled, _circumstance(record, model, age, as_of))
    tier = int(shown.tier)
    return Score(
        total=shown.total,
        rounded=round_half_up(shown.total),
        tier=TIERS[tier] if tier >= 0 else "",
        status=STATUSES[int(shown.status)],
        stale=stale,
        rolled=rolled,
        low=shown.low,
        high=shown.high,
    )


def _inputs(
    record: Mapping[str, object], model: ScoreModel, as_of: date | None
) -> tuple[list[float], tuple[str, ...]]:
    problems: list[tuple[str, str, object, str]] = []
    values: list[float] = []
    stale: list[str] = []
    for metric in model.metrics:
        x = _value(record, metric, problems)
        if x == x and _too_old(record, metric, as_of):
            stale.append(metric.key)
            x = math.nan
        values.append(x)
    for dimension in model.dimensions:
        x = _number(record.get(dimension.key))
        values.append(x)
        _check(record, dimension.name, x, typed_scale(model), problems)
    if problems:
        raise OutOfScale(problems)
    return values, tuple(stale)


def _value(
    record: Mapping[str, object], metric: Metric, problems: list[tuple[str, str, object, str]]
) -> float:
    raw = record.get(metric.key)
    if isinstance(metric.curve, StateCurve):
        if not isinstance(raw, str):
            return math.nan
        points = state_points(metric.curve).get(raw.strip().casefold())
        if points is None:
            allowed = ", ".join(metric.curve.words)
            problems.append((_id(record), metric.name, raw, f"Type one of: {allowed}."))
        return math.nan if points is None else points
    x = _number(raw)
    _check(record, metric.name, x, metric.scale, problems)
    return x


def _check(
    record: Mapping[str, object],
    name: str,
    x: float,
    scale: tuple[float | None, float | None],
    problems: list[tuple[str, str, object, str]],
) -> None:
    low, high = scale
    under = low is not None and x < low
    over = high is not None and x > high
    if under or over or math.isinf(x):
        message = f"The scale is {scale_text(scale)}; correct the value."
        problems.append((_id(record), name, x, message))


def _number(raw: object) -> float:
    return float(raw) if isinstance(raw, int | float) else math.nan


def _id(record: Mapping[str, object]) -> str:
    return str(record.get("account_id") or "this account")


def _days(day: object, as_of: date | None) -> float:
    if as_of is None or not isinstance(day, date):
        return math.nan
    return float((as_of - day).days)


def _too_old(record: Mapping[str, object], metric: Metric, as_of: date | None) -> bool:
    if metric.max_age_days is None:
        return False
    dated = record.get(f"{metric.key}_as_of") or record.get("data_as_of")
    return _days(dated, as_of) > metric.max_age_days


def _weights(record: Mapping[str, object], model: ScoreModel, age: float) -> list[float]:
    if age <= model.lifecycle.onboarding_days:
        return model.weights(None, onboarding=True)
    named = record.get("segment")
    segment: Segment | None = next((s for s in SEGMENTS if s == named), None)
    return model.weights(segment)


def _circumstance(
    record: Mapping[str, object], model: ScoreModel, age: float, as_of: date | None
) -> Circumstance:
    caps = [TIERS.index(g.cap) for g in model.gates if record.get(g.key) in (True, 1)]
    if _days(record.get("override_expires"), as_of) > 0:
        return Circumstance(age_days=age, cap=min(caps, default=2))
    tier = record.get("override_tier")
    return Circumstance(
        age_days=age,
        cap=min(caps, default=2),
        override_score=_number(record.get("override_score")),
        override_tier=TIERS.index(tier) if isinstance(tier, str) and tier in TIERS else -1,
    )
