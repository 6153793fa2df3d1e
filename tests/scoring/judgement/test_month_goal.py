"""The 30-day goal: it is reached, cheaply, and by what a month can move."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.goal import what_moves
from scoring.judgement.effort import Effort, Efforts, efforts_from_toml, load_efforts, options
from scoring.judgement.month_goal import goal_of, goal_words, month_goal, move_words
from scoring.judgement.records import MonthGoal
from scoring.model import ScoreModel, StateCurve
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from tests.scoring.judgement.acme import AS_OF, MODEL, TYPED, account
from tests.scoring.models import score_models
from tests.scoring.rows import dimension, metric, model_of, records, two_by_two

Record = dict[str, Any]
PRESETS = [load_preset(name) for name in preset_names()]
CASES = (st.sampled_from(PRESETS) | score_models()).flatmap(
    lambda model: st.tuples(st.just(model), records(model))
)


def named(goal: MonthGoal) -> list[tuple[str, float | str, float | str, float]]:
    """Key, from, to and days of each move."""
    pairs = zip(goal.moves, goal.efforts, strict=True)
    return [(m.key, m.start, m.to, days) for m, days in pairs]


@settings(max_examples=60)
@given(CASES)
def test_the_moved_account_has_the_score(case: tuple[ScoreModel, Record]) -> None:
    """The engine scores the moved row at the target or above, and the moves add up to it."""
    model, record = case
    now = score_one(record, model, as_of=AS_OF)
    goal = goal_of(record, model, as_of=AS_OF)
    if now.total != now.total:
        assert goal is None
        return
    assert goal is not None
    moved = score_one({**record, **{m.key: m.to for m in goal.moves}}, model, as_of=AS_OF)
    assert goal.start == now.rounded
    assert goal.reached == moved.rounded >= goal.target >= goal.start
    assert goal.tier == moved.tier
    assert len(goal.moves) == len(goal.efforts) == len(goal.actions)
    assert sum(goal.efforts) <= load_efforts().budget
    assert bool(goal.moves) == (goal.target > goal.start)
    assert goal.rule or goal.note
    if goal.moves:
        assert abs(goal.moves[-1].score - moved.total) < 1e-9
        assert abs(sum(m.gain for m in goal.moves) - (moved.total - now.total)) < 1e-9


@settings(max_examples=60)
@given(CASES)
def test_nothing_moves_further_than_a_month_allows(case: tuple[ScoreModel, Record]) -> None:
    """Each move stays within its reach, and a state goes one word up."""
    model, record = case
    table, known = load_efforts(), {m.key: m for m in model.metrics}
    goal = goal_of(record, model, as_of=AS_OF)
    for move in goal.moves if goal else ():
        effort = table.metrics.get(move.key) or table.units[move.unit]
        curve = known[move.key].curve if move.key in known else None
        if isinstance(curve, StateCurve):
            points = {word.casefold(): y for word, y in curve.points}
            start, to = (points[str(x).strip().casefold()] for x in (move.start, move.to))
            assert start < to
            assert not any(start < y < to for y in points.values())
        else:
            assert not isinstance(move.start, str)
            assert not isinstance(move.to, str)
            assert abs(move.to - move.start) <= effort.reach + 1e-9


def cheapest_by_trying(record: Record, model: ScoreModel, target: float, table: Efforts) -> float:
    """Days of the cheapest of all sets of moves that the engine says reach a target."""
    now = score_one(record, model)
    ways = [
        [None, *options(lever, effort)]
        for group in what_moves(now)
        for lever in group.levers
        if (effort := table.of(lever))
    ]
    best = float("inf")
    for choice in product(*ways):
        chosen = [o for o in choice if o]
        moved = {o.lever.key: o.stop.value for o in chosen}
        days = sum(o.days for o in chosen)
        if days < best and score_one({**record, **moved}, model).rounded >= target:
            best = days
    return best


EFFORTS = st.tuples(st.integers(1, 8), st.sampled_from([5, 10]), st.integers(10, 25))
VALUES = st.integers(0, 100).map(float)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["points", "rating"]),
    st.tuples(VALUES, VALUES, VALUES, VALUES),
    st.tuples(EFFORTS, EFFORTS, EFFORTS, EFFORTS),
)
def test_no_set_of_moves_is_cheaper(typed: str, values: Any, efforts: Any) -> None:
    """Trying every set by scoring it finds none of fewer days, whatever days are asked for."""
    model = two_by_two(typed=typed)
    record = dict(zip("abcd", values, strict=True))
    rows = "\n".join(
        f"{k} = {{ days = {d / 2}, step = {step}, reach = {reach} }}"
        for k, (d, step, reach) in zip("abcd", efforts, strict=True)
    )
    table = efforts_from_toml(f"[settings]\nbudget = 1000\n[metrics]\n{rows}")
    goal = goal_of(record, model, as_of=AS_OF, efforts=table)
    assert goal is not None
    if goal.moves:
        assert sum(goal.efforts) == cheapest_by_trying(record, model, goal.target, table)


def test_the_account_of_002_goes_from_68_to_75() -> None:
    """With 002's dimension scores the goal is 002's: 75, a step of 7, for green is 12 off."""
    goal = month_goal(account(**TYPED))
    assert goal is not None
    assert (goal.start, goal.target, goal.reached) == (68, 75, 75)
    assert goal.rule == "7 points in a month; Green is 12 off"
    assert goal.by == AS_OF + timedelta(days=30)
    assert named(goal) == [
        ("usage", 55.0, 65.0, 4.0), ("financial", 85.0, 95.0, 4.0), ("engagement", 72.0, 80.0, 3.5),
    ]  # fmt: skip


def test_the_metrics_of_002_give_moves_people_can_make() -> None:
    """From its metrics: usage, logins, training, the escalation and features, each with work."""
    goal = month_goal(account())
    assert goal is not None
    assert goal_words(goal, MODEL) == (
        "30-day goal 72: Usage trend −18% → −10%; Logins 2.1 → 3.0; "
        "Training completed 60% → 80%; Escalations 1 → 0; Feature adoption 33% → 45%"
    )
    assert goal.actions[3] == "Resolve the escalation"
    assert sum(goal.efforts) == 11.5


def test_seats_move_as_far_as_002_moves_them() -> None:
    """48% of seats become 60% within the month, where nothing else can move."""
    table = load_efforts()
    only = Efforts({"seats_active_share": table.metrics["seats_active_share"]}, {}, 10, 7, 15)
    goal = month_goal(account(), efforts=only)
    assert goal is not None
    assert move_words(MODEL, goal.moves[0]) == "Seat utilisation 48% → 60%"
    assert goal.rule == "The most that its metrics and 15 days of work give in a month"


def test_the_next_tier_is_the_goal_where_it_is_near() -> None:
    """From 71 the goal is green at 80; from 69 it is 7 points more."""
    model = model_of(dimension("d", 1, metric("m")))
    wide = Efforts({}, {"points": Effort(1, 1, 20)}, 10, 7, 50)
    for start, target in ((71.0, 80.0), (69.0, 76.0)):
        goal = goal_of({"m": start}, model, as_of=AS_OF, efforts=wide)
        assert goal is not None
        assert goal.target == target


def test_green_is_held() -> None:
    """A green account has no moves; its weakest dimension is told where it is below green."""
    goal = goal_of({"a": 100.0, "b": 100.0, "c": 70.0, "d": 70.0}, two_by_two(), as_of=AS_OF)
    assert goal is not None
    assert (goal.target, goal.moves) == (88.0, ())
    assert goal.note == "Watch Y, the weakest dimension: 70 of 100."
    assert goal_words(goal, two_by_two()) == "30-day goal: hold 88"


def test_a_score_that_no_metric_moves_has_no_goal() -> None:
    """New accounts and scores set by a person say why; without a score there is none."""
    new = goal_of({**account().record, "start_date": AS_OF}, MODEL, as_of=AS_OF)
    by_hand = goal_of({**account().record, "override_score": 40.0}, MODEL, as_of=AS_OF)
    assert new is not None
    assert by_hand is not None
    assert (new.moves, by_hand.moves) == ((), ())
    assert "neutral to day" in new.note
    assert "A person set this score" in by_hand.note
    assert goal_of({}, MODEL, as_of=AS_OF) is None


def test_a_yearly_count_alone_gives_no_goal() -> None:
    """Where only a history is bad there is nothing to do within a month, and that is said."""
    model = model_of(dimension("d", 1, metric("expansions_12m"), metric("n")))
    goal = goal_of({"expansions_12m": 0.0, "n": 100.0}, model, as_of=AS_OF)
    assert goal is not None
    assert goal.note == "No metric that a month can move raises the score."


@pytest.mark.parametrize("model", PRESETS, ids=lambda m: m.name)
def test_the_renewal_date_never_moves(model: ScoreModel) -> None:
    """Days to the renewal pass by themselves, whatever they would give."""
    worst = {m.key: 0.0 for m in model.metrics if m.key == "days_to_renewal"}
    typed = {d.key: 60.0 if model.typed == "points" else 3.0 for d in model.dimensions}
    goal = goal_of({**typed, **worst}, model, as_of=AS_OF)
    assert goal is not None
    assert goal.moves
    assert all(move.key != "days_to_renewal" for move in goal.moves)
