"""A score to reach in 30 days, and the cheapest moves that reach it, checked by the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from scoring.account_facts import Facts
from scoring.goal import Group, Move, NoGoal, applied, check_start, what_moves
from scoring.judgement.cheapest import Bundle, cheapest
from scoring.judgement.effort import HALVES, Efforts, Option, load_efforts, options
from scoring.judgement.records import MonthGoal
from scoring.levers import EPS
from scoring.metric_phrase import short_name, value_phrase
from scoring.model import ScoreModel
from scoring.one import Score, score_one
from scoring.rollup import round_half_up
from scoring.units import short
from scoring.workdays import due_day

__all__ = ["DAYS", "goal_of", "goal_words", "month_goal", "move_words", "value_words"]

DAYS = 30


def month_goal(f: Facts, *, efforts: Efforts | None = None) -> MonthGoal | None:
    """The 30-day goal of an account, by the rules of `goal_of`; efforts are its source's own."""
    return goal_of(f.record, f.model, as_of=f.as_of, efforts=efforts or f.efforts)


def goal_of(
    record: Mapping[str, object],
    model: ScoreModel,
    *,
    as_of: date,
    efforts: Efforts | None = None,
) -> MonthGoal | None:
    """The score an account can have in 30 days, and how; None where it has no score.

    * Target: the start of the next tier where it is near enough (10 points), else a step of 7
      points, as document 002 goes from 68 to 75. Where metrics that a month can move, or the days
      of work for one account, do not give that much: what they give. In the best tier: to hold it.
    * Moves: the cheapest by days of work, see `cheapest`; from what gives most for its days down.
    * Reached: the record with all moves made, scored by the engine as of today.

    Args:
        record: as for `score_one`.
        model: what scores it.
        as_of: the day.
        efforts: the table of efforts; the one shipped when not given.

    Raises:
        OutOfScale: as `score_one`.
    """
    table = efforts or load_efforts()
    now = score_one(record, model, as_of=as_of)
    by = due_day(as_of + timedelta(days=DAYS), 0)
    if now.total != now.total:
        return None
    held = MonthGoal(now.rounded, now.rounded, by, (), (), now.rounded, now.tier)
    try:
        check_start(now)
    except NoGoal as no:
        return replace(held, note=str(no))
    wanted, rule = _wanted(model, now.rounded, table)
    if wanted <= now.rounded:
        return replace(held, rule=rule, note=_weakest_first(model, now))
    front = cheapest(_choices(now, table), _need(now, wanted), table.budget * HALVES)
    most = round_half_up(now.total + front[-1].gain)
    if most <= now.rounded:
        return replace(held, rule=rule, note="No metric that a month can move raises the score.")
    if most < wanted:
        days = f"{short(table.budget)} days of work"
        wanted, rule = most, f"The most that its metrics and {days} give in a month"
    need = _need(now, wanted)
    plan = next(bundle for bundle in front if bundle.gain >= need - EPS)
    return _told(now, as_of, plan, replace(held, target=wanted, rule=rule))


def _need(now: Score, target: float) -> float:
    """Points to win so that the score is displayed as *target*."""
    return target - 0.5 - now.total


def _wanted(model: ScoreModel, shown: float, table: Efforts) -> tuple[float, str]:
    """The target before it is known what can move, and the rule."""
    above = [t for t in model.tiers if t.starts_at > shown]
    if not above:
        return shown, f"{model.tiers[0].label} already: hold the score"
    tier = min(above, key=lambda t: t.starts_at)
    if tier.starts_at - shown <= table.near:
        return float(tier.starts_at), f"{tier.label} starts at {tier.starts_at:g}"
    step = f"{short(table.rise)} points in a month"
    return shown + table.rise, f"{step}; {tier.label} is {tier.starts_at - shown:g} off"


def _weakest_first(model: ScoreModel, now: Score) -> str:
    """What would endanger a score that is to be held; "" where all is as good."""
    pairs = zip(model.dimensions, now.rolled.dimensions, strict=True)
    low = [(score, d.name) for d, score in pairs if score < model.tiers[0].starts_at]
    if not low:
        return ""
    score, name = min(low)
    return f"Watch {name}, the weakest dimension: {round_half_up(score):.0f} of 100."


def _choices(now: Score, table: Efforts) -> list[list[Bundle]]:
    """Alternatives, in points of the score: a lever each, or a dimension that is rated."""
    groups = what_moves(now)
    if now.model.typed == "points":
        return [own for group in groups for own in _levers(group, table)]
    return [_ratings(group, table) for group in groups]


def _levers(group: Group, table: Efforts) -> list[list[Bundle]]:
    known = ((lever, table.of(lever)) for lever in group.levers)
    return [
        [Bundle(o.cost, 1, o.gain, (o,)) for o in options(lever, effort)]
        for lever, effort in known
        if effort is not None
    ]


def _ratings(group: Group, table: Efforts) -> list[Bundle]:
    """The cheapest moves to each gain of a dimension's mean, as whole ratings that they make."""
    part, out = group.part, []
    for bundle in cheapest(_levers(group, table), float("inf"), table.budget * HALVES)[1:]:
        # A computed rating is 1 + mean/25, rounded half-up; a typed one moves by itself.
        rating = (part.mean + bundle.gain + 37.5 + EPS) // 25.0
        rise = bundle.gain if part.typed else 20.0 * rating - part.score
        if rise > EPS:
            out.append(bundle._replace(gain=group.share * rise))
    return out


def _told(now: Score, as_of: date, plan: Bundle, goal: MonthGoal) -> MonthGoal:
    """The goal with its moves in order, scored."""
    chosen = sorted(plan.options, key=_for_its_days(now), reverse=True)
    moves = tuple(applied([(o.lever, o.stop) for o in chosen], now.record, now, as_of))
    moved = {**now.record, **{move.key: move.to for move in moves}}
    reached = score_one(moved, now.model, as_of=as_of)
    return replace(
        goal,
        moves=moves,
        efforts=tuple(o.days for o in chosen),
        actions=tuple(o.action for o in chosen),
        reached=reached.rounded,
        tier=reached.tier,
    )


def _for_its_days(now: Score) -> Callable[[Option], float]:
    """What gives a move's points of the score for a day of work."""
    rated = now.model.typed == "rating"
    share = {x.key: g.share if rated else 1.0 for g in what_moves(now) for x in g.levers}
    return lambda option: option.gain * share[option.lever.key] / option.cost


def move_words(model: ScoreModel, move: Move) -> str:
    """A move as people say it: ``Seats active 48% → 60%``, ``Champion weak → moderate``."""
    start, to = (value_words(model, move, x) for x in (move.start, move.to))
    return f"{short_name(move.name)} {start} → {to}"


def value_words(model: ScoreModel, move: Move, value: float | str) -> str:
    """A value of a move without its name: ``48%``, ``passive``, ``2.1``."""
    if isinstance(value, str):
        return value.strip().lower()
    metric = next((m for m in model.metrics if m.key == move.key), None)
    if metric is None or metric.unit == "days":
        return short(value)
    return value_phrase(metric, value).removesuffix(" a week").removesuffix(" a month")


def goal_words(goal: MonthGoal, model: ScoreModel) -> str:
    """A goal in one line: ``30-day goal 75: Seats active 48% → 60%; NPS 6 → 7``."""
    if not goal.moves:
        return f"30-day goal: hold {goal.target:.0f}"
    return f"{DAYS}-day goal {goal.target:.0f}: " + "; ".join(
        move_words(model, move) for move in goal.moves
    )
