"""What holds for every model and every account."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.change import explain_change
from scoring.model import LinearCurve, Metric, ScoreModel
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from scoring.score import Scores
from tests.scoring.models import score_models
from tests.scoring.rows import (
    AS_OF,
    assert_same,
    many,
    overrides,
    raw_values,
    records,
    scored_cases,
    told,
)

SLACK = 1e-9
Case = tuple[ScoreModel, list[dict[str, Any]]]
settings.register_profile(
    "engine", deadline=None, max_examples=60, suppress_health_check=list(HealthCheck)
)
engine = settings.get_profile("engine")


def models() -> st.SearchStrategy[ScoreModel]:
    """Random models and the shipped ones."""
    return st.one_of(score_models(), st.sampled_from(preset_names()).map(load_preset))


@st.composite
def cases(draw: st.DrawFn, gaps: bool = True) -> Case:
    """A model with one to five accounts."""
    model = draw(models())
    return model, draw(st.lists(records(model, gaps), min_size=1, max_size=5))


def measured(scores: Scores) -> Any:
    """Where the model's own score stands, not the neutral one of a new account."""
    return ~np.isnan(scores.model_total) & (scores.status != "Provisional")


@engine
@given(scored_cases())
def test_bounds(case: Case) -> None:
    """Every score lies between its bounds, and these between 0 and 100."""
    model, rows = case
    scores = many(model, *rows)
    there = measured(scores)
    total, low, high = (x[there] for x in (scores.model_total, scores.low, scores.high))
    assert (low >= -SLACK).all()
    assert (low <= total + SLACK).all()
    assert (total <= high + SLACK).all()
    assert (high <= 100 + SLACK).all()
    assert ((scores.coverage >= 0) & (scores.coverage <= 1 + SLACK)).all()
    given_points = scores.points.to_numpy()
    assert ((given_points >= -SLACK) & (given_points <= 100 + SLACK) | np.isnan(given_points)).all()


@engine
@given(models(), st.data())
def test_nothing_missing(model: ScoreModel, data: st.DataObject) -> None:
    """Where all is known both bounds are the score and coverage is 1, to the last bit."""
    row = data.draw(records(model, gaps=False))
    scores = many(model, {k: v for k, v in row.items() if not k.endswith("_as_of")})
    assert scores.low[0] == scores.total[0] == scores.high[0]
    assert scores.coverage[0] == 1.0


@engine
@given(cases())
def test_contributions(case: Case) -> None:
    """Contributions sum to the score, each between nothing and what its input could give."""
    model, rows = case
    scores = many(model, *rows)
    there = measured(scores)
    given_points, most = scores.contributions.to_numpy()[there], scores.available.to_numpy()[there]
    assert given_points.sum(axis=1) == pytest.approx(scores.model_total[there], abs=SLACK)
    assert (given_points >= -SLACK).all()
    assert (given_points <= most + SLACK).all()
    assert most.sum(axis=1) == pytest.approx(100, abs=1e-7)


@engine
@given(cases(), st.data())
def test_one_row_is_many_rows(case: Case, data: st.DataObject) -> None:
    """An account alone scores as among others, bit for bit, whatever a person put on top."""
    model, rows = case
    rows = [{**row, **data.draw(overrides())} for row in rows]
    scores = many(model, *rows)
    for i, row in enumerate(rows):
        assert_same(scores, i, score_one(row, model, as_of=AS_OF))


@engine
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_rows(case: Case, random: Any) -> None:
    """Rows in another order have the same results in that order."""
    model, rows = case
    order = list(range(len(rows)))
    random.shuffle(order)
    scores, shuffled = many(model, *rows), many(model, *(rows[i] for i in order))
    assert [told(shuffled, k) for k in range(len(rows))] == [told(scores, i) for i in order]


def rising(metric: Metric) -> int:
    """1 where the curve never falls, −1 where it never rises, 0 where it does both."""
    ys = [y for _, y in metric.curve.points]
    if not isinstance(metric.curve, LinearCurve):
        return 0
    return 1 if ys == sorted(ys) else -1 if ys == sorted(ys, reverse=True) else 0


@engine
@given(models(), st.data())
def test_monotone(model: ScoreModel, data: st.DataObject) -> None:
    """A better raw value never lowers the score, nor either bound."""
    metrics = [m for m in model.metrics if rising(m)]
    assume(metrics)
    metric = data.draw(st.sampled_from(metrics))
    row = data.draw(records(model))
    row.pop(f"{metric.key}_as_of", None)
    values = sorted(data.draw(st.lists(raw_values(metric), min_size=2, max_size=6)))
    scores = many(model, *({**row, metric.key: v} for v in values[:: rising(metric)]))
    for numbers in (scores.total, scores.low, scores.high):
        known = numbers[~np.isnan(numbers)]
        assert all(a <= b + SLACK for a, b in pairwise(known))


def scaled(model: ScoreModel, factor: float) -> ScoreModel:
    """The same model with every weight on another scale, also within its dimensions."""
    data = model.model_dump()
    for number, dimension in enumerate(data["dimensions"]):
        for metric in dimension["metrics"]:
            metric["weight"] *= factor * (number + 1)
        dimension["weight"] *= factor
        if dimension["onboarding_weight"] is not None:
            dimension["onboarding_weight"] *= factor
        weights = dimension["segment_weights"]
        dimension["segment_weights"] = {s: w * factor for s, w in weights.items()}
    # An onboarding weight that is not given is the base weight, so all scale alike.
    return ScoreModel.model_validate(data)


@engine
@given(scored_cases(), st.sampled_from([0.5, 4.0, 1024.0, 0.1, 3.0, 1e6]))
def test_scale_of_weights(case: Case, factor: float) -> None:
    """Weights count by their share: on any scale they give the same scores."""
    model, rows = case
    scores, other = many(model, *rows), many(scaled(model, factor), *rows)
    for name in ("total", "low", "high", "coverage"):
        assert getattr(other, name) == pytest.approx(
            getattr(scores, name), abs=1e-8, nan_ok=True
        ), name
    assert list(other.status) == list(scores.status)
    assert other.contributions.to_numpy() == pytest.approx(
        scores.contributions.to_numpy(), abs=1e-8, nan_ok=True
    )


@engine
@given(models(), st.data())
def test_missing_more(model: ScoreModel, data: st.DataObject) -> None:
    """Losing a value never raises coverage, nor narrows the bounds."""
    row = data.draw(records(model))
    row.pop("start_date", None)
    there = [key for key in model.inputs if row.get(key) is not None]
    assume(there)
    lost = data.draw(st.sampled_from(there))
    scores = many(model, row, {**row, lost: None})
    assert scores.coverage[1] <= scores.coverage[0] + SLACK
    typed = lost in {d.key for d in model.dimensions}
    if not typed:  # a typed value may stand outside of what the metrics under it allow
        assert scores.low[1] <= scores.low[0] + SLACK
        assert scores.high[1] >= scores.high[0] - SLACK


@engine
@given(models())
def test_nothing_known(model: ScoreModel) -> None:
    """An account of which nothing is known has no score, and never 0."""
    scores = many(model, {})
    assert np.isnan(scores.total[0])
    assert np.isnan(scores.rounded[0])
    assert (scores.tier[0], scores.status[0]) == ("", "Insufficient data")
    assert scores.coverage[0] == 0


@engine
@given(models(), st.data())
def test_ratings_are_whole(model: ScoreModel, data: st.DataObject) -> None:
    """A computed rating is a whole one, nearest to 1 + 4p/100 of the mean of its metrics."""
    rated = model.model_copy(update={"typed": "rating", "missing": "reweight"})
    row = data.draw(records(rated, gaps=False))
    row = {k: v for k, v in row.items() if k not in {d.key for d in model.dimensions}}
    scores = many(rated, row)
    for d in rated.dimensions:
        points = [scores.points[m.key].iloc[0] for m in d.metrics]
        weights = [m.weight for m in d.metrics]
        there = [(p, w) for p, w in zip(points, weights, strict=True) if not np.isnan(p)]
        if not there:
            assert np.isnan(scores.dimensions[d.key].iloc[0])
            continue
        mean = sum(p * w for p, w in there) / sum(w for _, w in there)
        rating = scores.dimensions[d.key].iloc[0] / 20
        assert rating == int(rating)
        assert abs(rating - (1 + mean / 25)) <= 0.5 + 1e-6


@engine
@given(models(), st.data())
def test_waterfall(model: ScoreModel, data: st.DataObject) -> None:
    """Steps sum exactly to the change, what did not move has none, and the way back is as long."""
    pairs = st.lists(st.tuples(records(model), records(model)), min_size=1, max_size=4)
    drawn = data.draw(pairs)
    # Half of the inputs stay as they were.
    olds = [old for old, _ in drawn]
    news = [{k: old.get(k) if i % 2 else v for i, (k, v) in enumerate(new.items())}
            for old, new in drawn]  # fmt: skip
    before, after = many(model, *olds), many(model, *news)
    there, back = explain_change(before, after), explain_change(after, before)
    change = after.total - before.total
    for steps, wanted in ((there.steps, change), (back.steps, -change)):
        sums = np.bincount(steps["row"].astype(int), steps["points"], minlength=len(olds))
        assert sums == pytest.approx(np.nan_to_num(wanted), abs=SLACK)
    moved = there.steps[there.steps["kind"] == "behaviour"]
    for row, key in zip(moved["row"], moved["key"], strict=True):
        assert before.values[key].iloc[row] != after.values[key].iloc[row]
    for steps, kind in ((there.steps, "data vanished"), (back.steps, "data appeared")):
        part = steps[steps["kind"] == kind]
        for row, key in zip(part["row"], part["key"], strict=True):
            assert pd.isna(after.values[key].iloc[row])
            assert not pd.isna(before.values[key].iloc[row])


@engine
@given(score_models(), score_models(), st.data())
def test_waterfall_between_models(old: ScoreModel, new: ScoreModel, data: st.DataObject) -> None:
    """Steps sum to the change also where the two snapshots follow different models."""
    before, after = many(old, data.draw(records(old))), many(new, data.draw(records(new)))
    steps = explain_change(before, after).steps
    change = after.total[0] - before.total[0]
    assert steps["points"].sum() == pytest.approx(np.nan_to_num(change), abs=SLACK)
