"""The policy: what is missing, stale, new, capped, overridden or smoothed."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.model import ScoreModel
from scoring.presets import load_preset, preset_names
from scoring.score import Scores, score_accounts
from tests.scoring.rows import (
    AS_OF,
    day,
    dimension,
    many,
    metric,
    model_of,
    near,
    single,
    state,
    two_by_two,
)

FULL = {"a": 90, "b": 50, "c": 70, "d": 30}  # x = 80, y = 50, total = 68


# What is missing


def test_everything_observed() -> None:
    """With nothing missing, the bounds and the score are one number and coverage is 1."""
    scores = single(two_by_two(), **FULL)
    assert scores.total[0] == near(68)
    assert (scores.low[0], scores.high[0], scores.coverage[0]) == (near(68), near(68), near(1))
    assert list(scores.contributions.iloc[0]) == near_all([40.5, 7.5, 14, 6, 0, 0])
    assert list(scores.available.iloc[0]) == near_all([45, 15, 20, 20, 0, 0])
    assert list(scores.lost.iloc[0]) == near_all([4.5, 7.5, 6, 14, 0, 0])


def near_all(values: list[float]) -> Any:
    """Sums of decimals."""
    return pytest.approx(values, abs=1e-9)


def test_reweight_within_a_dimension_first() -> None:
    """A missing metric's weight goes to its own dimension, whose weight stays."""
    scores = single(two_by_two(), a=90, c=70, d=30)
    assert list(scores.dimensions.iloc[0]) == near_all([90, 50])
    assert scores.total[0] == near(0.6 * 90 + 0.4 * 50)
    assert scores.coverage[0] == near(0.85)
    assert (scores.low[0], scores.high[0]) == (near(60.5), near(75.5))


def test_reweight_over_dimensions_then() -> None:
    """A dimension without any metric leaves its weight to the others."""
    scores = single(two_by_two(), a=90, b=50)
    assert scores.total[0] == near(80)
    assert np.isnan(scores.dimensions["y"][0])
    assert scores.coverage[0] == near(0.6)
    assert (scores.low[0], scores.high[0]) == (near(48), near(88))
    assert scores.available.iloc[0].sum() == near(100)


@pytest.mark.parametrize(
    ("missing", "x", "total"), [("reweight", 90, 74), ("zero", 67.5, 60.5), ("neutral", 80, 68)]
)
def test_policies(missing: str, x: float, total: float) -> None:
    """A missing metric is left out, counts as no points, or counts as half of them."""
    scores = single(two_by_two(missing=missing), a=90, c=70, d=30)
    assert scores.dimensions["x"][0] == near(x)
    assert scores.total[0] == near(total)
    assert scores.contributions.iloc[0].sum() == near(total)
    assert scores.coverage[0] == near(0.85)
    assert (scores.low[0], scores.high[0]) == (near(60.5), near(75.5))


@pytest.mark.parametrize(("missing", "total"), [("zero", 48), ("neutral", 68)])
def test_policies_for_a_whole_dimension(missing: str, total: float) -> None:
    """A dimension without metrics is filled by policy too, and its contributions stand."""
    scores = single(two_by_two(missing=missing), a=90, b=50)
    assert scores.total[0] == near(total)
    assert scores.contributions.iloc[0].sum() == near(total)


@pytest.mark.parametrize(("missing", "y"), [("zero", 0.0), ("neutral", 50.0)])
def test_policies_for_a_dimension_that_people_type(missing: str, y: float) -> None:
    """Where nobody typed a dimension without metrics, what the policy puts there is its own."""
    model = model_of(dimension("x", 60), dimension("y", 40), missing=missing)
    scores = single(model, x=90)
    assert scores.total[0] == near(54 + 0.4 * y)
    assert list(scores.contributions.iloc[0]) == near_all([54, 0.4 * y])
    assert list(scores.available.iloc[0]) == near_all([60, 40])


@pytest.mark.parametrize(
    ("record", "coverage", "status"),
    [
        ({"a": 10, "b": 10}, 0.5, "Scored"),
        ({"a": 10, "c": 10}, 0.5, "Scored"),
        ({"a": 10}, 0.25, "Insufficient data"),
        ({}, 0, "Insufficient data"),
    ],
)
def test_least_coverage(record: dict[str, float], coverage: float, status: str) -> None:
    """Exactly half of the weight observed is enough; less gives no score and no tier."""
    model = model_of(
        dimension("x", 1, metric("a"), metric("b")), dimension("y", 1, metric("c"), metric("d"))
    )
    scores = single(model, **record)
    assert (scores.coverage[0], scores.status[0]) == (near(coverage), status)
    assert np.isnan(scores.total[0]) == (status != "Scored")
    assert scores.tier[0] == ("red" if status == "Scored" else "")


def test_least_coverage_of_a_sum_that_falls_short() -> None:
    """Half the weight counts as half also where its shares do not add up in binary."""
    model = model_of(dimension("x", 1, *(metric(f"m{i}") for i in range(20))))
    scores = single(model, **{f"m{i}": 80 for i in range(10)})
    assert scores.coverage[0] < 0.5
    assert scores.status[0] == "Scored"


@pytest.mark.parametrize("missing", ["reweight", "zero", "neutral"])
@pytest.mark.parametrize("least", [0.0, 0.5])
def test_nothing_known_is_no_score(missing: str, least: float) -> None:
    """An account of which nothing is known has no score, whatever the policy; never 0."""
    scores = single(two_by_two(missing=missing, min_coverage=least))
    assert np.isnan(scores.total[0])
    assert np.isnan(scores.rounded[0])
    assert (scores.tier[0], scores.status[0]) == ("", "Insufficient data")
    assert (scores.coverage[0], scores.low[0], scores.high[0]) == (0, 0, near(100))


@pytest.mark.parametrize("preset", preset_names())
def test_nothing_known_under_presets(preset: str) -> None:
    """No shipped model scores an account of which nothing is known."""
    scores = single(load_preset(preset))
    assert np.isnan(scores.total[0])
    assert scores.status[0] == "Insufficient data"
    assert scores.high[0] == near(100)


def test_rating_bounds_start_at_the_lowest_rating() -> None:
    """The worst of a rated dimension is rating 1, which is 20 points."""
    scores = single(two_by_two(typed="rating"), a=100, b=100)
    assert (scores.low[0], scores.high[0]) == (near(60 + 8), near(100))


# Typed dimensions


def test_a_typed_dimension_wins() -> None:
    """What a person typed replaces what the metrics give, and carries the contribution."""
    scores = single(two_by_two(), **FULL, y=100)
    assert scores.dimensions["y"][0] == 100
    assert scores.total[0] == near(88)
    assert list(scores.contributions.iloc[0]) == near_all([40.5, 7.5, 0, 0, 0, 40])
    assert scores.points["c"][0] == 70  # the metric is still shown


def test_a_typed_dimension_covers_its_weight() -> None:
    """A typed dimension is observed in full: it has coverage and no spread of bounds."""
    scores = single(two_by_two(), x=80)
    assert (scores.coverage[0], scores.total[0]) == (near(0.6), near(80))
    assert (scores.low[0], scores.high[0]) == (near(48), near(88))


@pytest.mark.parametrize(("rating", "points"), [(1, 20), (3, 60), (3.5, 70), (5, 100)])
def test_a_typed_rating_counts_a_fifth_each(rating: float, points: float) -> None:
    """A typed rating r is r/5 of the points, also between whole ratings."""
    assert single(two_by_two(typed="rating"), x=rating).dimensions["x"][0] == near(points)


# Stale values


def aged(**more: Any) -> ScoreModel:
    """A model whose metric a counts for ten days."""
    return model_of(
        dimension("x", 1, metric("a", max_age_days=10), metric("b")), min_coverage=0, **more
    )


@pytest.mark.parametrize(
    ("dates", "stale"),
    [
        ({}, False),
        ({"a_as_of": day(10)}, False),
        ({"a_as_of": day(11)}, True),
        ({"a_as_of": day(-3)}, False),
        ({"data_as_of": day(10)}, False),
        ({"data_as_of": day(11)}, True),
        ({"a_as_of": day(1), "data_as_of": day(400)}, False),
        ({"a_as_of": day(400), "data_as_of": day(1)}, True),
        ({"a_as_of": None, "data_as_of": day(11)}, True),
        ({"b_as_of": day(400)}, False),
    ],
)
def test_stale(dates: dict[str, date | None], stale: bool) -> None:
    """A value older than its age limit counts as missing, by its own date before the row's."""
    scores = single(aged(), a=100, b=0, **dates)
    assert bool(scores.stale["a"][0]) is stale
    assert scores.total[0] == near(0 if stale else 50)
    assert scores.coverage[0] == near(0.5 if stale else 1)
    assert bool(scores.stale["b"][0]) is False


def test_a_missing_value_is_not_stale() -> None:
    """An old date beside no value is nothing to report."""
    scores = single(aged(), b=40, a_as_of=day(99))
    assert not scores.stale.to_numpy().any()


def test_a_stale_word() -> None:
    """Words of a state metric grow stale as numbers do."""
    model = model_of(
        dimension("x", 1, state("a", ("Yes", 100), ("No", 0), max_age_days=5), metric("b"))
    )
    scores = single(model, a="Yes", b=0, a_as_of=day(6))
    assert (bool(scores.stale["a"][0]), scores.total[0]) == (True, 0)


# New accounts


@pytest.mark.parametrize(
    ("age", "status", "total", "tier"),
    [
        (-5, "Provisional", 50, ""),
        (0, "Provisional", 50, ""),
        (14, "Provisional", 50, ""),
        (15, "Partial", 62, "amber"),
        (30, "Partial", 62, "amber"),
        (31, "Onboarding", 62, "amber"),
        (90, "Onboarding", 62, "amber"),
        (91, "Scored", 68, "amber"),
        (4000, "Scored", 68, "amber"),
    ],
)
def test_lifecycle(age: int, status: str, total: float, tier: str) -> None:
    """A new account is neutral, then partial, then onboarding with its own weights, then full."""
    model = model_of(
        dimension("x", 60, metric("a", 3), metric("b", 1), onboarding_weight=40),
        dimension("y", 40, metric("c"), metric("d"), onboarding_weight=60),
    )
    scores = single(model, start_date=day(age), segment="smb", **FULL)
    assert (scores.status[0], scores.tier[0]) == (status, tier)
    assert scores.total[0] == near(total)
    assert bool(np.isnan(scores.low[0])) is (status == "Provisional")


@pytest.mark.parametrize(
    ("age", "status"), [(15, "Partial"), (30, "Partial"), (31, "Insufficient data")]
)
def test_little_data_of_a_new_account(age: int, status: str) -> None:
    """To day 30 a score stands on little, at least a fifth; its coverage says how much that is."""
    scores = single(two_by_two(), start_date=day(age), c=70)
    assert scores.status[0] == status
    assert scores.coverage[0] == near(0.2)
    assert np.isnan(scores.total[0]) == (status != "Partial")


def test_next_to_no_data_of_a_new_account() -> None:
    """Below a fifth of the weight even a new account has no score."""
    model = model_of(dimension("x", 81), dimension("y", 19))
    for given, status in (({"y": 100}, "Insufficient data"), ({"x": 100}, "Partial")):
        assert single(model, start_date=day(20), **given).status[0] == status


def test_a_new_account_without_any_data() -> None:
    """Between day 15 and 30 an account of which nothing is known has no score."""
    assert single(two_by_two(), start_date=day(20)).status[0] == "Insufficient data"
    assert single(two_by_two(), start_date=day(10)).total[0] == 50


# Segments


def test_segment_weights() -> None:
    """A segment has its own weights where the model gives them, else the base ones."""
    model = model_of(
        dimension("x", 60, segment_weights={"enterprise": 10, "smb": 80}),
        dimension("y", 40, segment_weights={"enterprise": 90, "smb": 20}),
    )
    for segment, total in (("enterprise", 10), ("smb", 80), ("mid_market", 60), (None, 60)):
        assert single(model, segment=segment, x=100, y=0).total[0] == near(total)


# Gates


def gated() -> ScoreModel:
    """A model with one gate that caps at amber and one at red."""
    gates = [
        {"key": "left", "name": "Champion left", "cap": "amber"},
        {"key": "notice", "name": "Notice given", "cap": "red"},
    ]
    return model_of(dimension("x", 1), gates=gates)


@pytest.mark.parametrize(
    ("x", "fired", "tier"),
    [
        (95, {}, "green"),
        (95, {"left": False, "notice": None}, "green"),
        (95, {"left": True}, "amber"),
        (95, {"left": 1}, "amber"),
        (95, {"left": True, "notice": True}, "red"),
        (50, {"left": True}, "red"),
        (None, {"notice": True}, ""),
    ],
)
def test_gates_cap_the_tier(x: float | None, fired: dict[str, Any], tier: str) -> None:
    """A fatal condition caps the tier, never lifts it, and leaves the score alone."""
    scores = single(gated(), x=x, **fired)
    assert scores.tier[0] == tier
    assert x is None or scores.total[0] == x


# Overrides


@pytest.mark.parametrize(("until", "valid"), [(None, True), (0, True), (-9, True), (1, False)])
def test_overrides_expire(until: int | None, valid: bool) -> None:
    """An override holds to the end of its last day, or for ever without one."""
    expires = None if until is None else day(until)
    scores = single(two_by_two(), **FULL, override_score=95, override_expires=expires)
    assert scores.total[0] == (95 if valid else near(68))
    assert scores.tier[0] == ("green" if valid else "amber")
    assert scores.status[0] == ("Overridden" if valid else "Scored")
    assert scores.model_total[0] == near(68)
    assert scores.contributions.iloc[0].sum() == near(68)


@pytest.mark.parametrize("tier", ["green", "amber", "red"])
def test_override_of_the_tier(tier: str) -> None:
    """A tier that a person set stands, and the score is still the model's."""
    scores = single(gated(), x=95, notice=True, override_tier=tier)
    assert (scores.total[0], scores.tier[0], scores.status[0]) == (95, tier, "Overridden")


def test_override_of_score_and_tier() -> None:
    """With both set, each stands as it was set."""
    scores = single(two_by_two(), **FULL, override_score=10, override_tier="green")
    assert (scores.total[0], scores.tier[0]) == (10, "green")


def test_override_where_there_is_no_score() -> None:
    """A person may set a score where data do not give one, or for a new account."""
    for record in ({}, {"start_date": day(3)}):
        scores = single(two_by_two(), override_score=72, **record)
        assert (scores.total[0], scores.tier[0]) == (72, "amber")
        assert scores.status[0] == "Overridden"


# Smoothing


def smoothed(mean: float, **record: float) -> Scores:
    """One account with a rolling mean beside today's values."""
    frame = pd.DataFrame([{"account_id": "A", **record}])
    return score_accounts(frame, two_by_two(), as_of=AS_OF, smoothed=np.array([mean]))


def test_the_tier_follows_the_mean() -> None:
    """With smoothing the tier is that of the mean, and the raw score is kept for differences."""
    scores = smoothed(85.0, **FULL)
    assert (scores.total[0], scores.tier[0], scores.smoothed[0]) == (near(68), "green", 85)
    assert smoothed(79.5, **FULL).tier[0] == "green"
    assert smoothed(59.4, **FULL).tier[0] == "red"


def test_no_mean_is_no_smoothing() -> None:
    """Where there is no mean the tier is that of today's score."""
    assert smoothed(np.nan, **FULL).tier[0] == "amber"


def test_a_mean_makes_no_tier_without_a_score() -> None:
    """Earlier scores give no tier to an account that has too little data today."""
    scores = smoothed(85.0, c=10)
    assert (scores.tier[0], scores.status[0]) == ("", "Insufficient data")


def test_rows_do_not_touch_each_other() -> None:
    """Accounts of all kinds in one frame score as each does alone."""
    model = gated()
    records: list[dict[str, Any]] = [
        {"x": 95}, {}, {"x": 95, "notice": True}, {"x": 10, "override_score": 90},
        {"x": 88, "start_date": day(3)}, {"x": 88, "start_date": day(60)},
    ]  # fmt: skip
    scores = many(model, *records)
    assert list(scores.tier) == ["green", "", "red", "green", "", "green"]
    assert len(scores) == 6
