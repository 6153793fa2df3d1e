"""Drivers of one account: what lost points, most first."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.drivers import Driver, drivers, rank
from scoring.model import ScoreModel
from scoring.one import score_one
from scoring.presets import load_preset
from tests.scoring.rows import (
    AS_OF,
    dimension,
    many,
    metric,
    model_of,
    near,
    records,
    state,
    two_by_two,
)
from tests.scoring.test_properties import engine, models


def lost(model: ScoreModel, **record: object) -> list[tuple[str, float]]:
    """Key and points lost of each driver."""
    return [(d.key, round(d.lost, 9)) for d in drivers(score_one(record, model))]


def test_most_lost_first() -> None:
    """Drivers are ranked by points of the total; what lost nothing is none."""
    # x has 60 %, in it a 3/4 and b 1/4; y has 40 %, in it c and d one half each
    assert lost(two_by_two(), a=90, b=50, c=100, d=30) == [("d", 14), ("b", 7.5), ("a", 4.5)]


def test_ties_keep_the_order_of_the_model() -> None:
    """Equal losses stand in the model's order, also where sums differ in the last bit."""
    assert rank([0.1 + 0.2, 5.0, 0.3, 0.0, 1e-10]) == [1, 0, 2]
    assert lost(two_by_two(), c=40, d=40) == [("c", 30), ("d", 30)]


def test_missing_and_stale_are_no_drivers() -> None:
    """What was not observed lost nothing that anyone could act on."""
    assert lost(two_by_two(), a=90) == [("a", 10)]
    assert lost(two_by_two(missing="zero", min_coverage=0), a=90) == [("a", 4.5)]


def test_typed_dimension_is_a_driver_of_its_own() -> None:
    """A dimension that a person typed stands for its metrics."""
    (found,) = drivers(score_one({"a": 10, "x": 55, "c": 100, "d": 100}, two_by_two()))
    assert (found.key, found.name, found.dimension, found.column.unit) == (
        "x", "X score", "X", "points",
    )  # fmt: skip
    assert found == Driver(found.column, "X", 55, 55, near(60), near(27))
    (rated,) = drivers(score_one({"outcomes": 4, "engagement": 5}, load_preset("scorecard")))
    # Outcomes and engagement weigh 20 each, so each has half of the score.
    assert (rated.name, rated.column.unit) == ("Outcomes rating", "rating")
    assert rated == Driver(rated.column, "Outcomes", 4, 80, 50, near(10))


def test_words_stand_as_given() -> None:
    """The value of a state metric is its word, also where two words have the same points."""
    model = model_of(dimension("x", 1, state("a", ("Yes", 90), ("Mostly", 90), ("No", 0))))
    (found,) = drivers(score_one({"a": " mostly "}, model))
    assert (found.value, found.column.unit, found.points) == ("mostly", "state", 90)


def test_nothing_known_has_no_drivers() -> None:
    """An account without data has nothing that lost points."""
    assert drivers(score_one({}, two_by_two())) == ()


def test_ratings_share_what_rounding_moves() -> None:
    """Under whole ratings the losses of the metrics sum to the dimension's."""
    model = model_of(dimension("x", 1, metric("a"), metric("b")), typed="rating")
    # 70 points are a rating of 3.8, rounded 4: 80 points; a lost all there is to lose
    assert lost(model, a=40, b=100) == [("a", 20)]


@engine
@given(models(), st.data())
def test_like_the_table(model: ScoreModel, data: st.DataObject) -> None:
    """Numbers and order are those of a frame of one, and the losses sum to what is lost."""
    record = data.draw(records(model))
    score = score_one(record, model, as_of=AS_OF)
    scores = many(model, record)
    table = scores.lost.iloc[0]
    seen = scores.values.iloc[0].notna()
    wanted = table[seen & (table > 1e-9)]
    order = wanted.round(9).sort_values(ascending=False, kind="stable").index
    found = drivers(score)
    assert [d.key for d in found] == list(order)
    assert [d.lost for d in found] == [float(table[key]) for key in order]
    assert [d.available for d in found] == [float(scores.available[k].iloc[0]) for k in order]
    if model.missing == "reweight" and not math.isnan(score.rolled.total):
        assert np.sum([d.lost for d in found]) == pytest.approx(100 - score.rolled.total, abs=1e-7)
