"""What a metric takes, in words."""

from __future__ import annotations

from typing import get_args

import pytest

from scoring.metric_text import healthy_text, range_text, unit_text, values_text
from scoring.model import Metric, Unit
from scoring.presets import load_preset, preset_names
from tests.scoring.rows import metric


@pytest.mark.parametrize(
    ("preset", "key", "expected"),
    [
        ("scorecard", "dau_mau", "25% or more"),
        ("scorecard", "executive_sponsor", "Active"),
        ("scorecard", "nps_index", "30 or more"),
        ("scorecard", "ticket_trend_90d", "0% or less"),
        ("support", "plan_capacity_used", "50% to 80%"),
        ("support", "days_since_activity", "7 or less"),
        ("support", "escalations_90d", "0"),
        ("support", "usage_trend_month", "+2% or more"),
        ("four-dimension", "logins_per_week", "4.5 or more"),
    ],
)
def test_healthy_range_in_words(preset: str, key: str, expected: str) -> None:
    """A healthy range reads as people would say it."""
    found = next(m for m in load_preset(preset).metrics if m.key == key)
    assert healthy_text(found) == expected


@pytest.mark.parametrize(
    ("preset", "key", "expected"),
    [
        ("scorecard", "dau_mau", "0% to 100%"),
        ("scorecard", "power_users", "0 or more"),
        ("scorecard", "executive_sponsor", "Active, Passive, Vacant"),
        ("scorecard", "nps_index", "−100 to 100"),
        ("support", "csat", "1 to 5"),
        ("support", "ticket_trend_90d", "−100% or more"),
        ("support", "days_since_activity", "0 or more"),
    ],
)
def test_valid_values_in_words(preset: str, key: str, expected: str) -> None:
    """A scale reads as its values are typed; a state lists its words."""
    found = next(m for m in load_preset(preset).metrics if m.key == key)
    assert values_text(found) == expected


def test_ends_of_the_scale() -> None:
    """Where only the best end of the scale is healthy, nothing is said of beyond."""
    for healthy, text in (((1, None), "100%"), ((None, 0), "0%"), ((None, None), "any")):
        data = metric("a", unit="fraction", scale=(0, 1), healthy=healthy)
        assert healthy_text(Metric.model_validate(data)) == text


def test_ranges() -> None:
    """Both ends, one end or none, with the unit's own marks."""
    assert range_text((None, 0.5), "fraction") == "50% or less"
    assert range_text((0.02, 0.18), "change") == "+2% to +18%"
    assert range_text((None, None), "count") == "any"
    assert range_text((3, 3), "count") == "3"


def test_every_unit_has_words() -> None:
    """No unit is told with an underscore."""
    assert not [u for u in get_args(Unit) if "_" in unit_text(u)]
    assert unit_text("per_week") == "per week"


@pytest.mark.parametrize("name", preset_names())
def test_presets_have_texts(name: str) -> None:
    """Every metric of a preset has a text for its values and for what is healthy."""
    for found in load_preset(name).metrics:
        assert values_text(found)
        assert healthy_text(found) != "any"
