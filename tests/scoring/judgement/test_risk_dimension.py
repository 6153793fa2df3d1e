"""Each definition stands in a dimension of the model, the closest one."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from scoring.judgement.facts import FactTable
from scoring.judgement.library import TOPICS, load_library
from scoring.judgement.risk_dimension import DIMENSIONS, dimension_of
from scoring.presets import load_preset
from scoring.timeline import score_over_time

DAY = date(2026, 11, 23)


def of(preset: str, key: str) -> str:
    """The dimension of a risk."""
    model = load_preset(preset)
    accounts = pd.DataFrame({"account_id": ["A"]})
    timeline = score_over_time(accounts, pd.DataFrame(), model, as_of=DAY)
    risk = load_library().risk(key)
    assert risk is not None
    return dimension_of(risk, FactTable(accounts, timeline, {}, as_of=DAY))


@pytest.mark.parametrize(
    ("preset", "key", "dimension"),
    [
        ("scorecard", "usage_decline", "product_adoption"),
        ("scorecard", "csat_low", "support_health"),
        ("scorecard", "value_unproven", "outcomes"),
        ("four-dimension", "payment_late", "financial"),
        ("four-dimension-2", "single_champion", "engagement"),
        ("support", "champion_left", "relationship_health"),
        ("support", "usage_decline", "product_engagement"),
        ("support", "payment_late", "business_health"),
        ("signals", "csat_low", "satisfaction"),
        ("signals", "renewal_at_risk", "commercial"),
        ("scorecard", "blind_spots", ""),
    ],
)
def test_the_closest_dimension(preset: str, key: str, dimension: str) -> None:
    """By its topic, whatever the model calls it; data belong to none."""
    assert of(preset, key) == dimension


def test_every_topic_has_its_dimensions() -> None:
    """No topic that nobody placed."""
    assert set(DIMENSIONS) == set(TOPICS)
