"""A score to reach: which moves bring one account there, checked by scoring it again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scoring.errors import DataError
from scoring.levers import EPS, Lever, levers, listed, missing_inputs
from scoring.model import ScoreModel, Unit
from scoring.moves import Choice, Plan, fewest_moves, fewest_steps
from scoring.one import Score, score_one
from scoring.rollup import Part

__all__ = ["Goal", "Group", "Move", "NoGoal", "applied", "check_start", "reach_goal", "what_moves"]


class NoGoal(DataError):
    """No moves reach the target.

    Attributes:
        best: displayed score with all that can move at its best; NaN where there is no score to
            start from.
        missing: names of what has no value, so that nothing of it could move.
    """

    def __init__(self, message: str, best: float = math.nan, missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.best = best
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Move:
    """One metric or typed dimension from its value to another, in its own unit.

    ``score`` is the raw score after this move and those before it, ``gain`` its part in that.
    """

    key: str
    name: str
    unit: Unit
    start: float | str
    to: float | str
    score: float
    gain: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A target, the score now, the moves in order, and the account scored with all of them."""

    target: float
    now: Score
    moves: tuple[Move, ...]
    reached: Score


def reach_goal(
    record: Mapping[str, object], model: ScoreModel, target: float, *, as_of: date | None = None
) -> Goal:
    """The fewest moves that bring an account to a score.

    The target is reached when the score as displayed, rounded half-up, is not below it: 79.5 for
    a target of 80, as for tiers. Where as many moves reach the raw 80, they go that far. Fewest
    moves come first; among equally many the smallest total length, in points (0–100) of the
    metrics and typed dimensions that move.

    * A move goes from a known value towards the near end of the healthy range (a typed dimension:
      its best), never past it. What is healthy, missing or stale does not move.
    * All moves but one go all the way; the one whose points count least goes only as far as
      needed, to the next whole step: per cents, tenths of a CSAT or of a count a week, else whole
      numbers. A state moves to a word.
    * Where the model rates dimensions 1–5 this holds for each dimension, up to the rating chosen.

    Args:
        record: as for `score_one`.
        model: what scores it.
        target: 0–100.
        as_of: day to count ages from, as for `score_one`.

    Raises:
        OutOfScale: as `score_one`.
        NoGoal: no score to start from, or the target is out of reach.
    """
    now = score_one(record, model, as_of=as_of)
    check_start(now)
    whole = math.ceil(target - EPS)
    if now.rounded >= whole:
        return Goal(target, now, (), now)
    plan = _plan(now, whole - 0.5 - now.total)
    if plan is None:
        raise _out_of_reach(now, record, target, as_of)
    exact = _plan(now, max(whole - 0.5, target) - now.total)
    if exact is not None and len(exact.moves) == len(plan.moves):
        plan = exact
    moves = tuple(applied(plan.moves, record, now, as_of))
    moved = {**record, **{move.key: move.to for move in moves}}
    return Goal(target, now, moves, score_one(moved, model, as_of=as_of))


def check_start(now: Score) -> None:
    """Whether moves of metrics can change a score at all.

    Raises:
        NoGoal: it is neutral, set by a person, or there is none.
    """
    if now.status == "Provisional":
        days = now.model.lifecycle.neutral_days
        text = f"The score is neutral to day {days}, whatever the metrics say."
        raise NoGoal(f"{text} Set a goal after that.")
    if now.status == "Overridden":
        raise NoGoal("A person set this score, so no metric moves it. Remove the override first.")
    if now.total != now.total:
        names = listed(missing_inputs(now))
        raise NoGoal(f"There is no score to start from. Missing: {names}. Fill in some of them.")


@dataclass(frozen=True, slots=True)
class Group:
    """What can move in one dimension: its levers, its share of the score, its part of it.

    Where dimensions are scored in points, a lever's ``worth`` is in points of the score; where
    they are rated 1–5, in points of the dimension's mean, which moves the score by whole ratings.
    """

    levers: tuple[Lever, ...]
    share: float
    part: Part


def what_moves(now: Score) -> list[Group]:
    """What can move, a group a dimension, in the model's order."""
    parts = now.rolled.parts
    in_play = sum(w for w, part in zip(now.weights, parts, strict=True) if part.present)
    groups: list[Group] = []
    if not in_play:
        # A placeholder or an override may be shown where nothing is known.
        return groups
    for own, weight, part in zip(levers(now), now.weights, parts, strict=True):
        share = weight / in_play
        if now.model.typed == "points":
            own = [replace(lever, worth=lever.worth * share) for lever in own]
        groups.append(Group(tuple(own), share, part))
    return groups


def _plan(now: Score, need: float) -> Plan | None:
    """Moves that raise the score by *need*."""
    groups = what_moves(now)
    if now.model.typed == "points":
        return fewest_moves((lever for group in groups for lever in group.levers), need)
    steps = [
        list(_ratings(g.levers, g.share, g.part.score, g.part.mean, typed=g.part.typed))
        for g in groups
        if g.levers
    ]
    return fewest_steps(steps, need)


def _ratings(
    own: Sequence[Lever], share: float, score: float, mean: float, *, typed: bool
) -> Iterator[Plan]:
    """The least moves to each higher whole rating of a dimension; gains in points of the score."""
    for rating in range(math.floor(score / 20.0 + EPS) + 1, 6):
        # A computed rating is 1 + mean/25, rounded half-up; a typed one is what it is.
        need = 20.0 * rating - score if typed else 25.0 * rating - 37.5 - mean
        plan = fewest_moves(own, need)
        if plan is not None:
            yield replace(plan, gain=share * (20.0 * rating - score))


def applied(
    choices: Sequence[Choice], record: Mapping[str, object], now: Score, as_of: date | None
) -> Iterator[Move]:
    """The moves one after another, each with the score it leads to, by the engine."""
    moved, score = dict(record), now.total
    for lever, stop in choices:
        moved[lever.key] = stop.value
        after = score_one(moved, now.model, as_of=as_of).total
        start = str(record[lever.key]).strip() if lever.value is None else lever.value
        yield Move(lever.key, lever.name, lever.unit, start, stop.value, after, after - score)
        score = after


def _out_of_reach(
    now: Score, record: Mapping[str, object], target: float, as_of: date | None
) -> NoGoal:
    full = {x.key: x.best for own in levers(now) for x in own}
    best = score_one({**record, **full}, now.model, as_of=as_of).rounded
    text = f"Target {target:g} is out of reach: with all that can move at its best the score is"
    message = f"{text} {best:.0f}. Choose a target up to that."
    missing = missing_inputs(now)
    if missing:
        message += f" A missing value cannot move; fill in {listed(missing)}."
    return NoGoal(message, best, missing)
