"""A metric and its value in a few words."""

from __future__ import annotations

import pytest

from scoring.metric_phrase import metric_phrase, plain_name, short_name, typed_phrase
from scoring.model import Metric
from scoring.presets import load_preset, preset_names


def metric(preset: str, key: str) -> Metric:
    """A metric of a preset."""
    return next(m for m in load_preset(preset).metrics if m.key == key)


@pytest.mark.parametrize(
    ("preset", "key", "value", "expected"),
    [
        ("scorecard", "dau_mau", 0.48, "DAU/MAU 48%"),
        ("scorecard", "dau_mau", 0.004, "DAU/MAU 0.4%"),
        ("scorecard", "power_users", 0.0, "Power users 0"),
        ("scorecard", "days_since_qbr", 41.0, "41 days since QBR"),
        ("scorecard", "days_since_qbr", 1.0, "1 day since QBR"),
        ("scorecard", "executive_sponsor", "Vacant", "Executive sponsor vacant"),
        ("scorecard", "goal_progress", "Off track", "Goal progress off track"),
        ("scorecard", "value_evidenced", "No", "Value evidenced: no"),
        ("scorecard", "ticket_trend_90d", 0.4, "Ticket trend +40% in 90 days"),
        ("scorecard", "csat_10", 6.1, "CSAT 6.1 of 10"),
        ("scorecard", "nps_index", -12.0, "NPS −12"),
        ("scorecard", "nps_index", 30.0, "NPS +30"),
        ("four-dimension", "logins_per_week", 2.0, "Logins 2.0 a week"),
        ("four-dimension", "meaningful_touchpoints", 1.5, "Meaningful touchpoints 1.5 a month"),
        ("four-dimension", "expansions_12m", 0.0, "Expansions 0 in 12 months"),
        ("four-dimension-2", "usage_trend_quarter", -0.22, "Usage trend −22% in a quarter"),
        ("four-dimension-2", "days_to_renewal", -5.0, "−5 days to renewal"),
        ("support", "escalations_90d", 3.0, "Escalations 3 in 90 days"),
    ],
)
def test_phrases(preset: str, key: str, value: float | str, expected: str) -> None:
    """Name and value read as people say it, with unit, period and true minus."""
    assert metric_phrase(metric(preset, key), value) == expected


@pytest.mark.parametrize(
    ("preset", "key", "value", "way", "expected"),
    [
        ("scorecard", "seats_active_share", 0.48, "down", "Seat utilisation down to 48%"),
        ("support", "escalations_90d", 3.0, "up", "Escalations up to 3 in 90 days"),
        ("support", "csat", 2.8, "down", "CSAT down to 2.8 of 5"),
        ("support", "usage_trend_month", -0.22, "down", "Usage trend −22% in a month"),
        ("support", "days_since_activity", 21.0, "up", "21 days since activity"),
        ("scorecard", "executive_sponsor", "Vacant", "down", "Executive sponsor vacant"),
    ],
)
def test_moves(preset: str, key: str, value: float | str, way: str, expected: str) -> None:
    """A move names its direction, unless the value has a sign of its own."""
    assert metric_phrase(metric(preset, key), value, way) == expected


def test_typed_dimensions() -> None:
    """A rating says of how many, points of a hundred."""
    model = load_preset("scorecard")
    engagement = model.dimensions[1]
    assert typed_phrase(model, engagement, 2.0) == "Engagement rated 2 of 5"
    assert typed_phrase(model, engagement, 2.0, "down") == "Engagement rated down to 2 of 5"
    points = load_preset("support")
    assert typed_phrase(points, points.dimensions[0], 45.0) == "Support health scored 45 of 100"


def test_every_metric_of_every_preset_has_a_short_phrase() -> None:
    """No metric of ours makes a phrase longer than a column of a list holds, or an empty one."""
    for preset in preset_names():
        for m in load_preset(preset).metrics:
            values = m.curve.words if m.curve.kind == "states" else [x for x, _ in m.curve.points]
            for value in values:
                assert 3 < len(metric_phrase(m, value)) <= 46, (preset, m.key)


def test_plain_name() -> None:
    """Only a scale in brackets at the end goes."""
    assert plain_name("NPS (−100 to 100)") == "NPS"
    assert plain_name("Use (new) of plan") == "Use (new) of plan"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Usage trend, month", "Usage trend"),
        ("Ticket trend, 90 days", "Ticket trend"),
        ("Advocacy in 12 months", "Advocacy"),
        ("Logins per week", "Logins"),
        ("CSAT (1–5)", "CSAT"),
        ("Days since QBR", "Days since QBR"),
        ("Payment, terms", "Payment, terms"),
    ],
)
def test_short_name(name: str, expected: str) -> None:
    """Scale, period and rate go where the value that they belong to is not told."""
    assert short_name(name) == expected
