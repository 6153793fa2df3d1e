"""Tiers that an account could have, in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.model import ScoreModel
from scoring.one import score_one
from scoring.reach import reach_text
from scoring.rollup import TIERS
from tests.scoring.rows import AS_OF, day, dimension, metric, model_of, records, two_by_two
from tests.scoring.test_properties import engine, models

GATES = [
    {"key": "notice", "name": "Cancellation notice", "cap": "red"},
    {"key": "unpaid", "name": "Payment failed", "cap": "amber"},
]


def said(model: ScoreModel, **record: Any) -> str:
    """What is said of one account."""
    return reach_text(score_one(record, model, as_of=AS_OF))


def tenths(**more: Any) -> ScoreModel:
    """A model of two metrics, a with 90 % and b with 10 % of the weight."""
    return model_of(dimension("x", 1, metric("a", 9), metric("b", 1)), **more)


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"a": 90, "b": 90}, "Green"),
        ({"a": 90}, "Green"),  # 81 to 91
        ({"a": 88}, "Green, could be Amber"),  # 79.2 to 89.2
        ({"a": 70}, "Amber"),  # 63 to 73
        ({"a": 78}, "Amber, could be Green"),  # 70.2 to 80.2
        ({"a": 62}, "Amber, could be Red"),  # 55.8 to 65.8
        ({"a": 59}, "Red, could be Amber"),  # 53.1 to 63.1
        ({"b": 50}, "No score, could be Green, Amber or Red"),  # 5 to 95
        ({}, "No score, could be Green, Amber or Red"),
    ],
)
def test_bounds_in_words(record: dict[str, Any], text: str) -> None:
    """The tier comes first, then what the bounds reach beside it."""
    assert said(tenths(), **record) == text


def test_the_nearest_first() -> None:
    """Of several tiers the nearest comes first, of two as near the better one."""
    model = two_by_two()  # x has 60 %, y 40 %
    assert said(model, a=90, b=90) == "Green, could be Amber or Red"  # 54 to 94
    assert said(model, a=70, b=70) == "Amber, could be Green or Red"  # 42 to 82
    assert said(model, a=20, c=80, d=80) == "Red"  # 41 to 56


def test_gates_hold_whatever_comes() -> None:
    """Where a gate caps the tier, no better one is in reach, and the gate is named."""
    model = tenths(gates=GATES)
    assert said(model, a=88, unpaid=True) == "Amber, capped by Payment failed"
    assert said(model, a=90, b=90, notice=True) == "Red, capped by Cancellation notice"
    assert said(model, a=90, notice=True, unpaid=True) == "Red, capped by Cancellation notice"
    assert said(model, a=62, unpaid=True) == "Amber, could be Red"
    assert said(model, a=20, notice=True) == "Red"
    assert said(model, unpaid=True) == "No score, could be Amber or Red"
    assert said(model, a=90, unpaid=False) == "Green"


def test_new_and_overridden_accounts() -> None:
    """A new account has no bounds; a tier that a person set follows no data."""
    assert said(tenths(), a=90, start_date=day(3)) == ""
    assert said(tenths(), a=88, override_tier="red") == "Red, set by a person"


def test_own_words() -> None:
    """Tiers are called what the model calls them."""
    told = (("green", "Good", 80), ("amber", "Fair", 60), ("red", "Poor", 0))
    tiers = [{"key": key, "label": word, "starts_at": start} for key, word, start in told]
    assert said(tenths(tiers=tiers), a=88) == "Good, could be Fair"


@engine
@given(models(), st.data())
def test_the_own_tier_is_said_first(model: ScoreModel, data: st.DataObject) -> None:
    """Whatever is known, the text begins with the tier that the score has."""
    record = data.draw(records(model))
    score = score_one(record, model, as_of=AS_OF)
    text = reach_text(score)
    if score.status == "Provisional":
        assert text == ""
    elif score.tier:
        assert text.startswith(model.tier_label(score.tier))
    else:
        assert text.startswith("No score, could be ")
    if score.coverage > 1 - 1e-9 and score.tier:
        assert "could be" not in text
    assert score.tier in ("", *TIERS)
