"""A score and all that explains it: bounds, coverage, drivers, velocity, the change since."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from addin.functions.accounts import Scored, lack
from addin.functions.earlier import Then, velocity_since
from addin.functions.recognition import day_text, told
from scoring.columns import metric_columns
from scoring.drivers import Driver, drivers
from scoring.model import ScoreModel
from scoring.one import Score
from scoring.reach import reach_text
from scoring.rollup import round_half_up
from scoring.trend import velocity_label
from scoring.waterfall import CAUSES, NO_INPUT, Step, change_one

__all__ = ["Bounds", "Change", "ChangeStep", "Loss", "Missing", "Snapshot", "Verdict", "judge"]

MOST = 5
"""Drivers that are listed; the further ones are one sum."""
MOST_STEPS = 8
"""Steps of a change that are listed; the further ones are one sum."""
_STATUS = {
    "Partial": "New account: few values suffice until day 30.",
    "Onboarding": "New account: onboarding weights count.",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A metric that does not count; ``stale`` is the day of a value that is too old, or ""."""

    name: str
    stale: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A driver: its name, its value in words, its dimension, and the points that it lost."""

    name: str
    value: str
    dimension: str
    points: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The score with all that is missing at its worst and at its best, and what that means."""

    low: float
    high: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A score of a day: the day in words, the raw score, the tier's key and its word."""

    day: str
    total: float
    tier: str
    label: str


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """A step of a change: what moved, kind (a key of `CAUSES`), cause in words, points."""

    name: str
    kind: str
    cause: str
    points: float


@dataclass(frozen=True, slots=True)
class Change:
    """From the latest earlier score to this one.

    Attributes:
        before, after: the two.
        days: between them.
        points: difference of the displayed scores.
        steps: losses first, the largest first; empty where the earlier row holds a score alone.
        others: number of further steps, ``rest`` their points; with them the steps sum to the
            difference of the raw scores.
        position: of the earlier row among those given.
    """

    before: Snapshot
    after: Snapshot
    days: int
    points: float
    steps: tuple[ChangeStep, ...]
    others: int
    rest: float
    position: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score, and all that explains it.

    Attributes:
        total: raw score 0–100; None where there is none.
        tier, label: key and word; "" without a tier.
        status: one of ``rollup.STATUSES``.
        note: why there is no score or no tier, or what caps it; "".
        bounds: None where nothing is missing, or the account is new.
        coverage: share 0–1 of the weight; ``seen`` says what of: ``14 of 16 metrics``.
        missing: metrics that do not count.
        velocity: points a day and their class in words; None without an earlier score.
        lost: points lost in all; ``losses`` the largest, ``others`` and ``rest`` the further.
        change: None without an earlier score.
    """

    total: float | None
    tier: str
    label: str
    status: str
    note: str
    bounds: Bounds | None
    coverage: float
    seen: str
    missing: tuple[Missing, ...]
    velocity: tuple[float, str] | None
    lost: float
    losses: tuple[Loss, ...]
    others: int
    rest: float
    change: Change | None


def judge(scored: Scored, then: Sequence[Then], day: date, today: date) -> Verdict:
    """Explain a score.

    Args:
        scored: the account's score, and the values it stands on.
        then: its earlier scores, the latest first.
        day: of its row.
        today: dates of the same year are told without it.
    """
    score = scored.score
    there = score.total == score.total
    missing = _missing(scored, today)
    bounded = bool(missing) and score.low == score.low
    found = drivers(score) if there else ()
    lost = 100 - score.rolled.total if there else 0.0
    listed = tuple(_loss(d) for d in found[:MOST])
    return Verdict(
        total=score.total if there else None,
        tier=score.tier,
        label=score.model.tier_label(score.tier),
        status=score.status,
        note=_note(scored, bounded=bounded),
        bounds=_bounds(score, len(missing)) if bounded else None,
        coverage=score.coverage,
        seen=_seen(score),
        missing=missing,
        velocity=_velocity(score.total, day, then) if there else None,
        lost=lost,
        losses=listed,
        others=max(len(found) - MOST, 0),
        rest=lost - sum(loss.points for loss in listed),
        change=_change(score, then[0], day, today) if there and then else None,
    )


def snapshot(then: Then, model: ScoreModel, today: date) -> Snapshot:
    """An earlier score in words."""
    return Snapshot(day_text(then.day, today), then.total, then.tier, model.tier_label(then.tier))


def _loss(driver: Driver) -> Loss:
    text = told(driver.value, driver.column)
    return Loss(driver.name, text, driver.dimension, driver.lost)


def _missing(scored: Scored, today: date) -> tuple[Missing, ...]:
    score, values = scored.score, scored.record.values
    out = []
    for key, name in _wanted(score):
        at = score.model.inputs.index(key)
        if score.values[at] != score.values[at]:
            dated = values.get(f"{key}_as_of") or values.get("data_as_of")
            stale = key in score.stale and isinstance(dated, date)
            out.append(Missing(name, day_text(dated, today) if stale else ""))  # type: ignore[arg-type]
    return tuple(out)


def _wanted(score: Score) -> list[tuple[str, str]]:
    """Key and name of all that the score could stand on: a typed dimension needs no metric."""
    names = {c.key: c.name for c in metric_columns(score.model)}
    out: list[str] = []
    for dimension, part in zip(score.model.dimensions, score.rolled.parts, strict=True):
        typed = part.typed or not dimension.metrics
        out += [dimension.key] if typed else [metric.key for metric in dimension.metrics]
    return [(key, names[key]) for key in out]


def _seen(score: Score) -> str:
    wanted = _wanted(score)
    values = dict(zip(score.model.inputs, score.values, strict=True))
    seen = sum(values[key] == values[key] for key, _ in wanted)
    return f"{seen} of {len(wanted)} {_noun(score)}s"


def _noun(score: Score) -> str:
    """What the score stands on: metrics, what people typed, or both."""
    metrics = {m.key for m in score.model.metrics}
    kinds = {key in metrics for key, _ in _wanted(score)}
    if len(kinds) > 1:
        return "value"
    typed = "rating" if score.model.typed == "rating" else "dimension score"
    return "metric" if kinds == {True} else typed


def _bounds(score: Score, missing: int) -> Bounds:
    noun = _noun(score)
    many = f"missing {noun} arrives" if missing == 1 else f"{missing} missing {noun}s arrive"
    low, high = (f"{round_half_up(edge):.0f}" for edge in (score.low, score.high))
    sentence = f"{reach_text(score)}: {low} to {high} once the {many}."
    return Bounds(score.low, score.high, sentence)


def _note(scored: Scored, *, bounded: bool) -> str:
    score = scored.score
    if score.status == "Insufficient data":
        return " ".join((lack(score), *scored.record.notes))
    if score.status == "Provisional":
        days = score.model.lifecycle.neutral_days
        return f"New account: neutral and without a tier until day {days}."
    reach = reach_text(score)
    # Bounds say it as well.
    if not bounded and reach != score.model.tier_label(score.tier):
        return f"{reach}."
    return _STATUS.get(score.status, "")


def _velocity(total: float, day: date, then: Sequence[Then]) -> tuple[float, str] | None:
    points = velocity_since(total, day, then)
    return None if points is None else (points, velocity_label(points))


def _change(score: Score, then: Then, day: date, today: date) -> Change:
    model = score.model
    steps = _steps(then.score, score) if then.score is not None else []
    after = Snapshot(day_text(day, today), score.total, score.tier, model.tier_label(score.tier))
    rest = steps[MOST_STEPS:] if len(steps) > MOST_STEPS + 1 else []
    kept = [s for s in steps if s not in rest]
    return Change(
        before=snapshot(then, model, today),
        after=after,
        days=(day - then.day).days,
        points=float(round_half_up(score.total) - round_half_up(then.total)),
        steps=tuple(sorted(kept, key=lambda s: s.points)),
        others=len(rest),
        rest=math.fsum(s.points for s in rest),
        position=then.position,
    )


def _steps(before: Score, after: Score) -> list[ChangeStep]:
    """Steps of the waterfall in words, the largest first."""
    names = {c.key: c.name for c in metric_columns(after.model)}
    found = sorted(change_one(before, after).steps, key=lambda s: -abs(s.points))
    return [_step(step, names.get(step.key, ""), after) for step in found]


def _step(step: Step, name: str, after: Score) -> ChangeStep:
    gone = "went stale" if step.key in after.stale else "is missing"
    words = {
        "data vanished": f"{name} {gone}",
        "behaviour": name,
        "data appeared": f"{name} arrived",
        **NO_INPUT,
    }
    return ChangeStep(words[step.kind], step.kind, CAUSES[step.kind], step.points)
