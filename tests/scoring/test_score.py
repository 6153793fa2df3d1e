"""Scores against numbers worked out by hand from the documents."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from scoring.derive import derive_metrics
from scoring.model import Segment
from scoring.presets import load_preset
from scoring.rollup import round_half_up, tier_code
from scoring.score import score_accounts
from tests.scoring.rows import AS_OF, dimension, many, metric, model_of, single

RATED = ("product_adoption", "engagement", "outcomes", "support_health", "commercial")
FOUR = dict(zip(("usage", "engagement", "sentiment", "financial"), (55, 72, 61, 85), strict=True))


# 000: five rated dimensions


def test_all_threes_are_sixty_amber() -> None:
    """Ratings of 3 in all five dimensions make 60, the lowest amber."""
    scores = single(load_preset("scorecard"), **dict.fromkeys(RATED, 3))
    assert (scores.total[0], scores.tier[0], scores.status[0]) == (60, "amber", "Scored")
    assert list(scores.contributions[list(RATED)].iloc[0]) == pytest.approx([18, 12, 12, 9, 9])


@pytest.mark.parametrize(
    ("ratings", "total", "tier"),
    [
        ((1, 1, 1, 1, 1), 20, "red"),
        ((5, 5, 5, 5, 5), 100, "green"),
        ((4, 4, 4, 4, 4), 80, "green"),
        ((2, 3, 4, 5, 1), 30 * 0.4 + 20 * 0.6 + 20 * 0.8 + 15 + 15 * 0.2, "red"),
        ((5, 3, 4, 2, 4), 30 + 20 * 0.6 + 20 * 0.8 + 15 * 0.4 + 15 * 0.8, "amber"),
    ],
)
def test_weighted_ratings(ratings: tuple[int, ...], total: float, tier: str) -> None:
    """The total is the sum of rating over five times the dimension's weight."""
    scores = single(load_preset("scorecard"), **dict(zip(RATED, ratings, strict=True)))
    assert scores.total[0] == pytest.approx(total, abs=1e-9)
    assert scores.tier[0] == tier


@pytest.mark.parametrize(
    ("points", "rating"),
    [
        (0, 1), (12.4, 1), (12.5, 2), (37.4, 2), (37.5, 3), (50, 3), (62.4, 3), (62.5, 4),
        (87.4, 4), (87.5, 5), (100, 5),
    ],
)  # fmt: skip
def test_ratings_from_points(points: float, rating: int) -> None:
    """Computed points p become the whole rating nearest to 1 + 4p/100, halves up."""
    model = model_of(dimension("x", 1, metric("a")), typed="rating")
    scores = single(model, a=points)
    assert scores.dimensions["x"][0] == 20 * rating
    assert scores.total[0] == 20 * rating
    assert scores.contributions["a"][0] == pytest.approx(20 * rating, abs=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "rating", "parts"),
    [
        (80, 0, 3, [50 - 10 * 40 / 60, 50 - 50 * 40 / 60]),  # 2.6 up: less is lost
        (100, 70, 4, [50 * 80 / 85, 35 * 80 / 85]),  # 4.4 down: less is earned
    ],
)
def test_contributions_to_a_rounded_rating(
    a: float, b: float, rating: int, parts: list[float]
) -> None:
    """Rounding up shrinks what each metric lost, rounding down what each metric earned."""
    model = model_of(dimension("x", 1, metric("a"), metric("b")), typed="rating")
    scores = single(model, a=a, b=b)
    assert scores.total[0] == 20 * rating
    assert list(scores.contributions.loc[0, ["a", "b"]]) == pytest.approx(parts, abs=1e-9)


# 001 and 002: four dimensions


@pytest.mark.parametrize(
    ("preset", "segment", "total", "shown"),
    [
        ("four-dimension-2", None, 67.95, 68),
        ("four-dimension", None, 65.25, 65),
        ("four-dimension", "mid_market", 65.25, 65),
        ("four-dimension", "enterprise", 66.1, 66),
        ("four-dimension", "smb", 64.4, 64),
    ],
)
def test_worked_example(preset: str, segment: Segment | None, total: float, shown: int) -> None:
    """Dimensions of 55, 72, 61 and 85 give the totals of each weighting, all amber."""
    model = load_preset(preset)
    typed = dict(zip((d.key for d in model.dimensions), FOUR.values(), strict=True))
    scores = single(model, segment=segment, **typed)
    assert scores.total[0] == pytest.approx(total, abs=1e-9)
    assert (scores.rounded[0], scores.tier[0]) == (shown, "amber")
    assert list(scores.weights.iloc[0]) == model.weights(segment)


def usage_by_hand(seats: float, features: float, logins: float, depth: float) -> float:
    """001's usage formula, each part clipped to its own weight."""
    return 40 * seats + 30 * features + 20 * min(logins / 4.5, 1) + 10 * min(depth, 1)


def test_usage_formula_of_001() -> None:
    """Usage is 40 seats, 30 features, 20 frequency against 4.5 logins a week and 10 depth."""
    scores = single(
        load_preset("four-dimension"),
        seats_active_share=0.48, feature_breadth=4 / 12, logins_per_week=2.1, feature_depth=0.25,
    )  # fmt: skip
    assert scores.dimensions["usage"][0] == pytest.approx(usage_by_hand(0.48, 4 / 12, 2.1, 0.25))
    assert scores.status[0] == "Insufficient data"  # usage alone is 35 %


def test_template_divides_counts_as_fractions() -> None:
    """Counts in whole numbers divide as fractions: 12 of 25 seats are 48 %, not 0."""
    counts = pd.DataFrame(
        {
            "account_id": ["A"], "seats_active": [12], "seats_licensed": [25],
            "features_used": [4], "features_available": [12], "logins_per_week": [2],
        }
    )  # fmt: skip
    model = load_preset("four-dimension")
    points = score_accounts(derive_metrics(counts, model, AS_OF), model, as_of=AS_OF).points.loc[0]
    assert points["seats_active_share"] == pytest.approx(48)
    assert points["feature_breadth"] == pytest.approx(100 / 3)
    assert points["logins_per_week"] == pytest.approx(200 / 4.5)


def test_template_without_clipping() -> None:
    """Twice the benchmark of logins and three times the depth earn full points and no more."""
    scores = single(load_preset("four-dimension"), logins_per_week=9, feature_depth=3)
    assert list(scores.points.loc[0, ["logins_per_week", "feature_depth"]]) == [100, 100]
    assert scores.dimensions["usage"][0] == pytest.approx(100)


def test_template_with_a_null() -> None:
    """One missing metric leaves the dimension the mean of the others, and the total standing."""
    model = load_preset("four-dimension")
    others = {"engagement": 72, "sentiment": 61, "financial": 85}
    scores = single(model, seats_active_share=0.48, feature_breadth=0.5, feature_depth=1, **others)
    usage = (40 * 0.48 + 30 * 0.5 + 10) / 0.8
    assert scores.dimensions["usage"][0] == pytest.approx(usage)
    total = 0.35 * usage + 0.25 * 72 + 0.25 * 61 + 0.15 * 85
    assert scores.total[0] == pytest.approx(total, abs=1e-9)
    assert scores.coverage[0] == pytest.approx(1 - 0.35 * 0.2)


@pytest.mark.parametrize(
    ("preset", "key", "raw", "points"),
    [
        ("four-dimension", "csat", 1, 0),
        ("four-dimension", "csat", 3.2, 55),
        ("four-dimension", "csat", 4, 75),
        ("four-dimension", "csat", 5, 100),
        ("support", "csat", 3.8, 70),
        ("support", "ces", 2, 25),
        ("four-dimension", "nps_index", -100, 0),
        ("four-dimension", "nps_index", 0, 50),
        ("four-dimension", "nps_index", 35, 67.5),
        ("support", "nps_index", 42, 71),
        ("support", "nps_index", 100, 100),
        ("support", "plan_capacity_used", 0.5, 100),
        ("support", "plan_capacity_used", 0.65, 100),
        ("support", "plan_capacity_used", 0.8, 100),
    ],
)
def test_conversions(preset: str, key: str, raw: float, points: float) -> None:
    """CSAT is (x − 1)/4, NPS (x + 100)/2, and 50 to 80 % of capacity gets all points."""
    assert single(load_preset(preset), **{key: raw}).points[key][0] == pytest.approx(points)


def test_capacity_falls_gently_above_its_best_range() -> None:
    """Capacity beyond 80 % loses points slowly and never falls to nothing."""
    model = load_preset("support")
    used = [0.0, 0.25, 0.49, 0.5, 0.8, 0.81, 0.9, 1.0, 1.2, 3.0]
    points = many(model, *({"plan_capacity_used": x} for x in used)).points["plan_capacity_used"]
    assert points.is_monotonic_increasing is False
    assert list(points[3:5]) == pytest.approx([100, 100])
    assert points[:4].is_monotonic_increasing
    assert points[4:].is_monotonic_decreasing
    assert points.iloc[-1] >= 50


# 003: 70 and 40


@pytest.mark.parametrize(
    ("points", "tier"),
    [
        (100, "green"), (70, "green"), (69.5, "green"), (69.4, "amber"), (40, "amber"),
        (39.5, "amber"), (39.49, "red"), (0, "red"),
    ],
)  # fmt: skip
def test_support_tiers(points: float, tier: str) -> None:
    """Support is green from 70 and yellow from 40, after rounding."""
    model = load_preset("support")
    scores = single(model, **{d.key: points for d in model.dimensions})
    assert scores.total[0] == pytest.approx(points)
    assert scores.tier[0] == tier
    assert model.tier_label("amber") == "Yellow"


def test_support_weights() -> None:
    """The overall score of support is 40, 30, 20 and 10 % of its components."""
    model = load_preset("support")
    keys = [d.key for d in model.dimensions]
    scores = single(model, **dict(zip(keys, (90, 60, 30, 0), strict=True)))
    assert scores.total[0] == pytest.approx(36 + 18 + 6)


# 004: equal weights


def test_signals_weigh_alike() -> None:
    """Each of the five dimensions of the model without given weights counts a fifth."""
    model = load_preset("signals")
    keys = [d.key for d in model.dimensions]
    scores = single(model, **dict(zip(keys, (10, 20, 30, 40, 50), strict=True)))
    assert scores.total[0] == pytest.approx(30)


# Tier edges


@pytest.mark.parametrize(
    ("score", "shown", "tier"),
    [
        (100.0, 100, "green"), (80.0, 80, "green"), (79.5, 80, "green"), (79.4, 79, "amber"),
        (79.49999999999999, 80, "green"), (79.499, 79, "amber"), (60.0, 60, "amber"),
        (59.5, 60, "amber"), (59.49999999999999, 60, "amber"), (59.4, 59, "red"),
        (0.5, 1, "red"), (0.0, 0, "red"),
    ],
)  # fmt: skip
def test_tiers_follow_the_displayed_number(score: float, shown: int, tier: str) -> None:
    """A score is rounded half-up first and then compared, so 79.5 is green and 79.4 amber."""
    scores = single(model_of(dimension("x", 1)), x=score)
    assert (scores.rounded[0], scores.tier[0]) == (shown, tier)
    assert scores.total[0] == score  # the raw score stays for differences


def test_sums_of_weights_that_fall_short_of_a_half() -> None:
    """Totals that decimals put at 79.5 are green also where the sum of products falls short."""
    short = 0
    for a, b, c in itertools.product(range(50, 101, 3), repeat=3):
        rest = 79.5 - 0.3 * a - 0.2 * b - 0.15 * c
        d = round(rest / 0.35, 9)
        if 0 <= d <= 100 and round(0.3 * a + 0.2 * b + 0.15 * c + 0.35 * d, 7) == 79.5:
            model = model_of(
                *(dimension(k, w) for k, w in zip("wxyz", (30, 20, 15, 35), strict=True))
            )
            scores = many(model, {"w": a, "x": b, "y": c, "z": d})
            short += scores.total[0] < 79.5
            assert (scores.rounded[0], scores.tier[0]) == (80, "green")
            if short >= 5:
                break
    assert short >= 5


def test_rounding_of_what_is_missing() -> None:
    """No score rounds to no score, has no tier, and halves round up everywhere."""
    assert math.isnan(round_half_up(math.nan))
    assert tier_code(load_preset("scorecard"), math.nan) == -1
    assert [round_half_up(x + 0.5) for x in range(100)] == list(range(1, 101))
    below = np.nextafter(79.5, 0)
    assert round_half_up(float(below)) == 80
