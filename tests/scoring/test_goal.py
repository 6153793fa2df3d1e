"""Moves to a score: checked by scoring them, by counting subsets, by one step less."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.columns import REMAINING
from scoring.goal import Goal, Move, NoGoal, reach_goal
from scoring.model import Metric, ScoreModel, StateCurve
from scoring.one import Score, score_one
from scoring.presets import load_preset, preset_names
from tests.scoring.models import score_models
from tests.scoring.rows import AS_OF, day, dimension, metric, model_of, near, records, state
from tests.scoring.test_properties import engine

Record = dict[str, Any]
FOUR = load_preset("four-dimension")
WORKED = {"usage": 55.0, "engagement": 72.0, "sentiment": 61.0, "financial": 85.0}
_STEP = {"fraction": 0.01, "change": 0.01, "per_week": 0.1, "per_month": 0.1, "csat": 0.1}


def short(goal: Goal) -> list[tuple[str, float | str, float | str]]:
    """Key, from and to of each move."""
    return [(m.key, m.start, m.to) for m in goal.moves]


def best_of(metric: Metric, x: float | str) -> float | str:
    """Where a metric may go at most: its best word, or the healthy value next to it."""
    if isinstance(metric.curve, StateCurve):
        return max(metric.curve.points, key=lambda pair: pair[1])[0]
    assert isinstance(x, float)
    for low, high in (metric.healthy_range, metric.scale):
        x = x if low is None or x > low else low
        x = x if high is None or x < high else high
    return x


def movable(now: Score, record: Mapping[str, Any]) -> Record:
    """What may move, and its best: observed, not stale, not under a typed dimension."""
    model = now.model
    out: Record = {}
    typed = {d.key: v for d in model.dimensions if (v := record.get(d.key)) is not None}
    top = 5.0 if model.typed == "rating" else 100.0
    for d in model.dimensions:
        if d.key in typed:
            out[d.key] = top
            continue
        for m in d.metrics:
            if record.get(m.key) is None or m.key in now.stale or m.key in REMAINING:
                continue
            best = best_of(m, record[m.key])
            if score_points(model, m, best) > score_points(model, m, record[m.key]):
                out[m.key] = best
    return out


def score_points(model: ScoreModel, of: Metric, value: object) -> float:
    """Points of one value."""
    place = model.inputs.index(of.key)
    return float(score_one({of.key: value}, model).rolled.points[place])


@st.composite
def cases(draw: st.DrawFn, models: st.SearchStrategy[ScoreModel]) -> tuple[Record, ScoreModel]:
    """An account that has a score to start from."""
    model = draw(models)
    record = draw(records(model))
    now = score_one(record, model, as_of=AS_OF)
    assume(now.total == now.total)
    assume(now.status != "Provisional")
    return record, model


PRESETS = st.sampled_from(preset_names()).map(load_preset)
TARGETS = st.integers(1, 100).map(float) | st.integers(1, 1000).map(lambda n: n / 10)


def reached(record: Mapping[str, object], model: ScoreModel, target: float) -> bool:
    """Whether the displayed score is not below the target."""
    return bool(score_one(record, model, as_of=AS_OF).rounded >= target)


def reach(record: Record, model: ScoreModel, target: float) -> Goal | None:
    """The goal on the day of all tests, None where it is out of reach."""
    try:
        return reach_goal(record, model, target, as_of=AS_OF)
    except NoGoal:
        return None


@engine
@given(cases(st.one_of(score_models(), PRESETS)), TARGETS)
def test_moves_give_the_score(case: tuple[Record, ScoreModel], target: float) -> None:
    """The moved values score what the goal says, and that reaches the target."""
    record, model = case
    goal = reach(record, model, target)
    assume(goal is not None)
    assert goal is not None
    moved = {**record, **{m.key: m.to for m in goal.moves}}
    assert score_one(moved, model, as_of=AS_OF).total == goal.reached.total
    assert goal.reached.rounded >= target
    for move in goal.moves:
        assert move.start == record[move.key]
    scores = [goal.now.total, *(m.score for m in goal.moves)]
    assert [m.gain for m in goal.moves] == [near(b - a) for a, b in pairwise(scores)]
    assert scores[-1] == goal.reached.total


@engine
@given(cases(st.one_of(score_models(), PRESETS)), TARGETS)
def test_no_move_passes_the_best(case: tuple[Record, ScoreModel], target: float) -> None:
    """Only what may move does, each once, and stays between where it was and its best."""
    record, model = case
    goal = reach(record, model, target)
    assume(goal is not None)
    assert goal is not None
    bests = movable(goal.now, record)
    assert len({m.key for m in goal.moves}) == len(goal.moves)
    for move in goal.moves:
        best = bests[move.key]
        if isinstance(move.start, float):
            assert isinstance(move.to, float)
            assert min(move.start, best) <= move.to <= max(move.start, best)
            assert move.to != move.start


@engine
@given(cases(score_models()), TARGETS)
def test_fewest(case: tuple[Record, ScoreModel], target: float) -> None:
    """One move less never reaches, whichever are left out; out of reach is so with all of them."""
    record, model = case
    now = score_one(record, model, as_of=AS_OF)
    bests = movable(now, record)
    goal = reach(record, model, target)
    fewer = len(goal.moves) - 1 if goal else len(bests)
    for keys in combinations(bests, max(fewer, 0)):
        moved = {**record, **{key: bests[key] for key in keys}}
        assert fewer < 0 or not reached(moved, model, target)


@engine
@given(cases(st.one_of(score_models(), PRESETS)))
def test_higher_targets_need_no_fewer_moves(case: tuple[Record, ScoreModel]) -> None:
    """The number of moves never falls with the target, and beyond the best nothing is reached."""
    record, model = case
    goals = [reach(record, model, float(target)) for target in range(1, 101, 3)]
    counts = [math.inf if g is None else len(g.moves) for g in goals]
    assert counts == sorted(counts)


@settings(engine, max_examples=30)
@given(cases(st.one_of(score_models(), PRESETS)), st.integers(1, 100))
def test_only_as_far_as_needed(case: tuple[Record, ScoreModel], target: int) -> None:
    """A last move of one step less no longer reaches the target."""
    record, model = case
    goal = reach(record, model, float(target))
    assume(goal and goal.moves)
    assert goal is not None
    units = {m.key: m for m in model.metrics}
    less = next((_one_less(m, units.get(m.key)) for m in goal.moves[-1:]), None)
    assume(less is not None)
    moved = {**record, **{m.key: m.to for m in goal.moves}, goal.moves[-1].key: less}
    assert score_one(moved, model, as_of=AS_OF).total < target


def _one_less(move: Move, metric: Metric | None) -> float | str | None:
    """The value one step before a move's end; None where that is before its start."""
    if metric is not None and isinstance(metric.curve, StateCurve):
        points = dict(metric.curve.points)
        words = [w for w in points if points[w] < points[str(move.to)]]
        return max(words, key=lambda word: points[word]) if words else None
    assert isinstance(move.start, float)
    assert isinstance(move.to, float)
    step = _STEP.get(move.unit, 1.0)
    less = move.to - math.copysign(step, move.to - move.start)
    return less if (move.to - less) * (less - move.start) > 0 else None


@engine
@given(st.lists(st.integers(1, 5).map(float), min_size=5, max_size=5))
def test_shortest_of_the_fewest(ratings: list[float]) -> None:
    """Of all whole ratings that reach 80, none takes fewer moves, nor as many and is shorter."""
    model = load_preset("scorecard")
    weights = [d.weight for d in model.dimensions]
    ways = product(*(range(int(r), 6) for r in ratings))
    wanted = min(
        (sum(a != b for a, b in zip(ratings, way, strict=True)), sum(way) - sum(ratings))
        for way in ways
        if sum(w * r / 5 for w, r in zip(weights, way, strict=True)) >= 79.5
    )
    keys = [d.key for d in model.dimensions]
    goal = reach_goal(dict(zip(keys, ratings, strict=True)), model, 80)
    assert (len(goal.moves), _length(goal)) == wanted


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=5),
    st.lists(st.integers(0, 100), min_size=5, max_size=5),
    st.integers(1, 100),
)
def test_shortest_by_weight(weights: list[int], values: list[int], target: int) -> None:
    """Of all choices of as many moves, the one with the shortest way in points is taken."""
    keys = [f"m{i}" for i in range(len(weights))]
    parts = [metric(k, w) for k, w in zip(keys, weights, strict=True)]
    model = model_of(dimension("x", 1, *parts))
    record = {k: float(v) for k, v in zip(keys, values, strict=False)}
    goal = reach(record, model, float(target))
    assume(goal is not None)
    assert goal is not None
    assume(goal.moves)
    shares = dict(zip(keys, weights, strict=True))
    subsets = list(combinations(keys, len(goal.moves)))
    # The raw target where as many moves reach it, else the displayed one.
    ways = [
        [w for k in subsets if (w := _way(record, shares, k, edge)) is not None]
        for edge in (target, target - 0.5)
    ]
    assert _length(goal) == min(ways[0] or ways[1])


def _length(goal: Goal) -> float:
    """Sum of the moves of a goal that moves numbers only."""
    return sum(abs(float(m.to) - float(m.start)) for m in goal.moves)


def _way(
    record: Mapping[str, float], weights: Mapping[str, int], keys: tuple[str, ...], edge: float
) -> float | None:
    """Points to go when these move, the least weight last and only as far as needed."""
    *whole, last = sorted(keys, key=lambda k: -weights[k])
    rest = edge * sum(weights.values()) - sum(weights[k] * v for k, v in record.items())
    rest -= sum(weights[k] * (100 - record[k]) for k in whole)
    needed = math.ceil(rest / weights[last] - 1e-9)
    if not 0 < needed <= 100 - record[last]:
        return None
    return needed + sum(100 - record[k] for k in whole)


def test_worked_example() -> None:
    """One dimension suffices, and goes on to the raw target as that takes no further move."""
    goal = reach_goal(WORKED, FOUR, 80)
    assert short(goal) == [("usage", 55.0, 98.0)]
    assert goal.reached.total == near(80.3)
    # 81 is out of usage's reach as a raw score, but not as a displayed one.
    assert short(reach_goal(WORKED, FOUR, 81)) == [("usage", 55.0, 100.0)]
    assert short(reach_goal({**WORKED, "usage": 54.0}, FOUR, 81)) == [("usage", 54.0, 100.0)]


def test_displayed_target() -> None:
    """79.5 is 80 as displayed, so nothing has to move; 79.4 is not."""
    model = model_of(dimension("x", 1, metric("a")))
    assert reach_goal({"a": 79.5}, model, 80).moves == ()
    assert short(reach_goal({"a": 79.4}, model, 80)) == [("a", 79.4, 80.0)]
    assert short(reach_goal({"a": 79.4}, model, 79.6)) == [("a", 79.4, 80.0)]


def test_units() -> None:
    """Counts end on whole numbers, shares on whole per cents, a CSAT on a tenth."""
    for unit, top, points, to in (
        ("count", 10, 33, 4.0),
        ("fraction", 1, 33.5, 0.34),
        ("csat", 5, 33, 1.7),
    ):
        curve = {"kind": "linear", "points": ((0, 0), (top, 100))}
        model = model_of(dimension("x", 1, metric("a", unit=unit, curve=curve, scale=(0, None))))
        assert short(reach_goal({"a": 0.0}, model, points)) == [("a", 0.0, to)]


def test_falling_and_rising_curve() -> None:
    """Too little of the plan in use rises to 50%, too much falls to 80%; in between is best."""
    support = load_preset("support")
    others = {"support_health": 100.0, "product_engagement": 100.0, "relationship_health": 100.0}
    business = {"late_payments_12m": 0.0, "expansion_history": "Grew"}
    for start, to in ((0.1, 0.5), (1.1, 0.8)):
        record = {**others, **business, "plan_capacity_used": start}
        assert short(reach_goal(record, support, 100)) == [("plan_capacity_used", start, to)]
    record = {**others, "late_payments_12m": 3.0, "plan_capacity_used": 0.7}
    assert short(reach_goal(record, support, 100)) == [("late_payments_12m", 3.0, 0.0)]


def test_words() -> None:
    """A state moves to the word that suffices, the best one only where needed."""
    sponsor = state("a", ("Active", 100), ("Passive", 50), ("Vacant", 0))
    model = model_of(dimension("x", 1, sponsor))
    assert short(reach_goal({"a": "vacant"}, model, 50)) == [("a", "vacant", "Passive")]
    assert short(reach_goal({"a": "vacant"}, model, 51)) == [("a", "vacant", "Active")]


def test_rating_from_metrics() -> None:
    """A computed rating is reached at its threshold: 3 of 5 from a mean of 37.5."""
    model = model_of(dimension("x", 1, metric("a"), metric("b")), typed="rating")
    goal = reach_goal({"a": 10.0, "b": 20.0}, model, 60)
    assert short(goal) == [("a", 10.0, 55.0)]
    assert goal.reached.total == 60.0


def test_unknown_stays() -> None:
    """What is missing, stale, or the days to a renewal does not move."""
    model = model_of(
        dimension("x", 1, metric("a"), metric("b", max_age_days=5), metric("c"), metric("d"))
    )
    record = {"a": 40.0, "b": 10.0, "b_as_of": day(9), "d": 0.0}
    assert short(reach_goal(record, model, 50, as_of=AS_OF)) == [("a", 40.0, 100.0)]
    support = load_preset("support")
    typed = {"support_health": 100.0, "product_engagement": 100.0}
    with pytest.raises(NoGoal, match=r"score is 81\."):
        reach_goal({"days_to_renewal": 30.0, **typed}, support, 90)


def test_out_of_reach() -> None:
    """The message gives the best score and what would have to be known; so does the error."""
    model = model_of(dimension("x", 1, *(metric(k, healthy=(0, 60)) for k in "abcdef")))
    with pytest.raises(NoGoal) as caught:
        reach_goal({"a": 40.0, "b": 80.0, "f": 100.0}, model, 90)
    assert str(caught.value) == (
        "Target 90 is out of reach: with all that can move at its best the score is 73. "
        "Choose a target up to that. A missing value cannot move; fill in C; D; E."
    )
    assert (caught.value.best, caught.value.missing) == (73.0, ("C", "D", "E"))


def test_nothing_to_start_from() -> None:
    """No score, a neutral one, or one that a person set: the message says which."""
    with pytest.raises(NoGoal, match="Missing: Usage; Engagement; Sentiment and 1 more"):
        reach_goal({}, FOUR, 80)
    with pytest.raises(NoGoal, match="neutral to day 14"):
        reach_goal({**WORKED, "start_date": day(3)}, FOUR, 80, as_of=AS_OF)
    with pytest.raises(NoGoal, match="A person set this score"):
        reach_goal({**WORKED, "override_score": 50.0}, FOUR, 80, as_of=AS_OF)
