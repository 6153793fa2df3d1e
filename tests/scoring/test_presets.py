"""The shipped models against the figures of their documents."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from scoring.columns import AGES, RATIOS, REMAINING, metric_columns, normalise
from scoring.model import LinearCurve, Metric, StateCurve
from scoring.presets import (
    DEFAULT,
    load_preset,
    preset_names,
    preset_summaries,
)

NAMES = ("scorecard", "four-dimension", "four-dimension-2", "support", "signals")


def metric(preset: str, key: str) -> Metric:
    return next(m for m in load_preset(preset).metrics if m.key == key)


def weights(preset: str) -> list[float]:
    return [d.weight for d in load_preset(preset).dimensions]


def sub_weights(preset: str) -> list[list[float]]:
    return [[m.weight for m in d.metrics] for d in load_preset(preset).dimensions]


def points_at(curve: object, x: float) -> float:
    """Straight lines between breakpoints, written again so as not to trust the engine."""
    assert isinstance(curve, LinearCurve)
    pairs = curve.points
    if x <= pairs[0][0]:
        return pairs[0][1]
    for (x0, y0), (x1, y1) in pairwise(pairs):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return pairs[-1][1]


# What the documents say


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("scorecard", [30, 20, 20, 15, 15]),
        ("four-dimension", [35, 25, 25, 15]),
        ("four-dimension-2", [30, 25, 20, 25]),
        ("support", [40, 30, 20, 10]),
        ("signals", [20, 20, 20, 20, 20]),
    ],
)
def test_dimension_weights(preset: str, expected: list[float]) -> None:
    """Base weights of the dimensions are those of the documents and sum to 100."""
    assert weights(preset) == expected
    assert sum(expected) == 100


@pytest.mark.parametrize(
    ("preset", "green", "amber", "label", "smoothing", "typed"),
    [
        ("scorecard", 80, 60, "Amber", 0, "rating"),
        ("four-dimension", 80, 60, "Amber", 0, "points"),
        ("four-dimension-2", 80, 60, "Amber", 0, "points"),
        ("support", 70, 40, "Yellow", 30, "points"),
        ("signals", 80, 60, "Amber", 0, "points"),
    ],
)
def test_tiers_smoothing_and_typed(
    preset: str, green: float, amber: float, label: str, smoothing: int, typed: str
) -> None:
    """Tier edges, labels, smoothing and policy are those of the documents."""
    model = load_preset(preset)
    assert [t.starts_at for t in model.tiers] == [green, amber, 0]
    assert model.tier_label("amber") == label
    assert (model.smoothing_days, model.typed) == (smoothing, typed)
    assert (model.missing, model.min_coverage, model.gates) == ("reweight", 0.5, ())
    days = model.lifecycle
    assert (days.neutral_days, days.neutral_score, days.partial_days) == (14, 50, 30)
    assert days.onboarding_days == 90


def test_sub_weights_of_001() -> None:
    """Each dimension of 001 holds its four metrics with the stated sub-weights."""
    assert sub_weights("four-dimension") == [
        [40, 30, 20, 10], [35, 25, 20, 20], [40, 30, 20, 10], [40, 30, 20, 10],
    ]  # fmt: skip


def test_sub_weights_of_003() -> None:
    """The components of 003 hold 7, 5, 4 and 3 metrics with the stated sub-weights."""
    assert sub_weights("support") == [
        [25, 20, 15, 15, 10, 10, 5], [20] * 5, [25] * 4, [33, 33, 34],
    ]  # fmt: skip


@pytest.mark.parametrize("preset", ["scorecard", "four-dimension-2", "signals"])
def test_sub_weights_without_a_document_are_equal_and_say_so(preset: str) -> None:
    """Sub weights without a document are equal and say so."""
    for dimension in load_preset(preset).dimensions:
        each = [m.weight for m in dimension.metrics]
        assert sum(each) == 100
        assert max(each) - min(each) <= 1  # 34, 33, 33 is as equal as whole numbers get
        assert all("ours: equal" in m.source for m in dimension.metrics)


def test_segment_weights_of_001() -> None:
    """Enterprise and SMB have their own weights, mid-market the base ones."""
    model = load_preset("four-dimension")
    assert model.weights("enterprise") == [0.30, 0.30, 0.25, 0.15]
    assert model.weights("smb") == [0.40, 0.20, 0.25, 0.15]
    assert model.weights("mid_market") == model.weights() == [0.35, 0.25, 0.25, 0.15]
    assert [d.weight_range for d in model.dimensions] == [(30, 35), (25, 30), (20, 25), (15, 20)]


def test_worked_example_of_002() -> None:
    """Scores 55, 72, 61 and 85 give the totals known for each weighting."""
    scores = [55, 72, 61, 85]

    def total(preset: str, segment: str | None = None) -> float:
        shares = load_preset(preset).weights(segment)  # type: ignore[arg-type]
        return round(sum(w * s for w, s in zip(shares, scores, strict=True)), 9)

    assert total("four-dimension-2") == 67.95
    assert total("four-dimension") == 65.25
    assert total("four-dimension", "enterprise") == 66.1
    assert total("four-dimension", "smb") == 64.4


@pytest.mark.parametrize(
    ("preset", "key", "healthy"),
    [
        ("scorecard", "dau_mau", (0.25, None)),
        ("scorecard", "csat_10", (8, None)),
        ("scorecard", "nps_index", (30, None)),
        ("scorecard", "days_since_qbr", (None, 90)),
        ("four-dimension", "logins_per_week", (4.5, None)),
        ("four-dimension-2", "logins_per_week", (4.5, None)),
        ("four-dimension-2", "csat", (4.0, None)),
        ("four-dimension-2", "touches_90d", (6, None)),
        ("four-dimension-2", "feature_breadth", (0.7, None)),
        ("support", "ticket_trend_90d", (None, 0)),
        ("support", "recontact_rate", (None, 0.15)),
        ("support", "escalations_90d", (None, 0)),
        ("support", "sla_compliance", (0.95, None)),
        ("support", "nps_index", (50, None)),
        ("support", "logins_per_week", (1, None)),
        ("support", "features_used", (5, None)),
        ("support", "days_since_activity", (None, 7)),
        ("support", "seats_active_share", (0.7, None)),
        ("support", "days_to_renewal", (180, None)),
        ("support", "late_payments_12m", (None, 0)),
        ("support", "plan_capacity_used", (0.5, 0.8)),
        ("support", "stakeholder_contacts", (3, None)),
    ],
)
def test_benchmarks(preset: str, key: str, healthy: tuple[float | None, float | None]) -> None:
    """Healthy ranges are the benchmarks that the documents print."""
    assert metric(preset, key).healthy_range == healthy


@pytest.mark.parametrize(
    ("preset", "key", "raw", "points"),
    [
        ("four-dimension", "csat", 4.0, 75),  # (x − 1) / 4
        ("support", "csat", 3.2, 55),
        ("support", "ces", 1, 0),
        ("four-dimension", "nps_index", 0, 50),  # (x + 100) / 2
        ("scorecard", "nps_index", 30, 65),
        ("support", "nps_index", -100, 0),
        ("scorecard", "csat_10", 8, 80),
        ("scorecard", "dau_mau", 0.25, 80),
        ("four-dimension", "seats_active_share", 0.48, 48),
        ("four-dimension", "feature_breadth", 0.5, 50),
        ("four-dimension", "logins_per_week", 2.25, 50),
        ("four-dimension", "logins_per_week", 9, 100),
        ("four-dimension", "feature_depth", 3, 100),  # the SQL template never clips; points do
        ("support", "plan_capacity_used", 0.5, 100),
        ("support", "plan_capacity_used", 0.8, 100),
        ("support", "plan_capacity_used", 1.0, 70),
        ("support", "plan_capacity_used", 1.2, 60),
        ("support", "days_since_activity", 14, 50),
        ("support", "ticket_trend_90d", 0.5, 0),
    ],
)
def test_points_of_raw_values(preset: str, key: str, raw: float, points: float) -> None:
    """Curves give the points of the stated conversions and thresholds."""
    assert points_at(metric(preset, key).curve, raw) == pytest.approx(points)


@pytest.mark.parametrize(
    ("preset", "key", "words"),
    [
        ("scorecard", "executive_sponsor", ("Active", "Passive", "Vacant")),
        ("scorecard", "champion_strength", ("Strong", "Moderate", "Weak")),
        ("scorecard", "goal_progress", ("On track", "Partial", "Off track")),
        ("scorecard", "unresolved_escalations", ("No", "Yes")),
        ("scorecard", "payment_history", ("On time", "Late")),
    ],
)
def test_words_of_000(preset: str, key: str, words: tuple[str, ...]) -> None:
    """State metrics use the words of the output format, best first."""
    curve = metric(preset, key).curve
    assert isinstance(curve, StateCurve)
    assert curve.words == words
    assert [y for _, y in curve.points] == sorted((y for _, y in curve.points), reverse=True)


def test_signals_has_five_to_ten_metrics() -> None:
    """Signals has five to ten metrics."""
    assert 5 <= len(load_preset("signals").metrics) <= 10


def test_scorecard_dimensions_fit_one_printed_page() -> None:
    """Scorecard dimensions fit one printed page."""
    assert all(2 <= len(d.metrics) <= 4 for d in load_preset("scorecard").dimensions)


# What holds for every preset


@pytest.mark.parametrize("preset", NAMES)
def test_every_part_is_complete(preset: str) -> None:
    """Every part cites its document, has an age limit and a healthy range."""
    model = load_preset(preset)
    document = model.source[:3]
    for dimension in model.dimensions:
        assert dimension.source.startswith(document)
        assert "onboarding weight ours" in dimension.source
        assert sum(m.weight for m in dimension.metrics) == 100
    for m in model.metrics:
        assert m.source.startswith(document), m.key
        assert m.max_age_days is not None
        assert m.max_age_days >= 35
        low, high = m.healthy_range
        assert m.unit == "state" or (low, high) != (None, None), m.key
        assert max(y for _, y in m.curve.points) == 100
    assert sum(d.onboarding_weight or 0 for d in model.dimensions) == 100


@pytest.mark.parametrize("preset", NAMES)
def test_healthy_range_scores_at_least_amber(preset: str) -> None:
    """Healthy range scores at least amber."""
    model = load_preset(preset)
    for m in model.metrics:
        for end in m.healthy_range:
            if end is not None:
                assert points_at(m.curve, end) >= model.tiers[1].starts_at, m.key


@pytest.mark.parametrize("preset", NAMES)
def test_headers_of_a_preset_are_unambiguous(preset: str) -> None:
    """Headers of a preset are unambiguous."""
    owner: dict[str, str] = {}
    for column in metric_columns(load_preset(preset)):
        for text in {normalise(t) for t in (column.name, column.key, *column.aliases)}:
            assert owner.setdefault(text, column.key) == column.key, text


def test_one_key_is_one_quantity_in_one_unit() -> None:
    """One key is one quantity in one unit."""
    seen: dict[str, tuple[object, object]] = {}
    for m in (m for name in NAMES for m in load_preset(name).metrics):
        words = m.curve.words if isinstance(m.curve, StateCurve) else None
        assert seen.setdefault(m.key, (m.unit, words)) == (m.unit, words), m.key
        assert m.curve.kind == "states" or m.scale != (None, None), m.key
    assert seen["csat"] == seen["csat_10"]  # one unit; their scales differ
    assert metric("support", "csat").scale == (1, 5)
    assert metric("scorecard", "csat_10").scale == (0, 10)


def test_derived_metrics_are_used() -> None:
    """Derived metrics are used."""
    keys = {m.key for name in NAMES for m in load_preset(name).metrics}
    assert {*RATIOS, *AGES, *REMAINING} <= keys


def test_summaries_agree_with_the_models() -> None:
    """Summaries agree with the models."""
    assert preset_names() == NAMES
    assert preset_names()[0] == DEFAULT
    for summary in preset_summaries():
        model = load_preset(summary.name)
        assert (summary.version, summary.title) == (model.version, model.title)
        assert (summary.name, summary.source) == (model.name, model.source)


def test_listing_needs_no_heavy_import() -> None:
    """Listing needs no heavy import."""
    code = (
        "import sys; from scoring.presets import preset_summaries; preset_summaries();"
        "print(*{'pydantic', 'numpy', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_changed_copy_is_another_model() -> None:
    """A changed copy of a model has its own digest and metrics."""
    model = load_preset("support")
    assert len(model.metrics) == 19
    assert model.digest != model.model_copy(update={"smoothing_days": 0}).digest
    fewer = model.model_copy(update={"dimensions": model.dimensions[:1]})
    assert len(fewer.metrics) == 7
    assert len(fewer.inputs) == 8


def test_a_name_typed_in_another_way_is_the_same_model() -> None:
    """Case and spaces do not count, and no way to type a name is kept."""
    assert load_preset(" SupPort\n") is load_preset("support")
