"""What a renewal could bring: shares that sum, amounts, label, and the rule behind the play."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.judgement.outlook import outlook
from scoring.portfolio import whole_parts
from scoring.presets import preset_names
from scoring.renewal import (
    LABEL,
    Bracket,
    Chances,
    as_displayed,
    expected_loss,
    renewal_play,
    scenarios,
)
from tests.scoring.judgement.acme import TYPED, account
from tests.workbook_templates.samples import all_facts

SHARES = st.floats(0, 1)


def test_the_outlook_of_the_account_of_002() -> None:
    """68 of 100 lies in 001's bracket from 60: 34% churn; 13 of 25 seats idle are contraction."""
    told = outlook(account(**TYPED))
    assert [(s.name, s.probability, s.arr_at_risk) for s in told.scenarios] == [
        ("Full renewal", 0.40, 0.0), ("Contraction", 0.26, 23400.0), ("Churn", 0.34, 45000.0),
    ]  # fmt: skip
    assert told.expected == pytest.approx(0.26 * 23400 + 0.34 * 45000)
    assert told.label == LABEL
    assert (told.play.name, told.play.reason) == ("Hold", "Amber, steady, renewal far off")
    assert told.play.facts == (
        "Tier amber", "Renews in 127 days; near is 90", "No downgrade signals",
        "Velocity not known",
    )  # fmt: skip


@given(st.tuples(SHARES, SHARES), st.floats(0, 100), st.floats(0, 1e9))
def test_displayed_shares_sum_to_100(shares: tuple[float, float], score: float, arr: float) -> None:
    """Whatever a calibration says, the three per cents add up and each is its own rounded."""
    low, high = sorted(shares)
    exact = scenarios(score, arr, 0.5, [Bracket(0, low, high - low)])
    shown = as_displayed(exact)
    assert sum(round(s.probability * 100) for s in shown) == 100
    for a, b in zip(exact, shown, strict=True):
        assert abs(a.probability - b.probability) < 0.01 + 1e-12
        assert a.arr_at_risk == b.arr_at_risk


def test_a_calibration_names_itself() -> None:
    """A fitted source gives its own shares, and says when and on what it was fitted."""
    fitted = Chances((Bracket(0, 0.105, 0.205),), date(2026, 11, 3), 1240)
    told = outlook(replace(account(), chances=fitted))
    assert [s.probability for s in told.scenarios] == [0.69, 0.21, 0.10]
    assert told.label == "Calibrated on 1,240 outcomes, 3 Nov 2026"
    assert told.expected == expected_loss(told.scenarios)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6), st.sampled_from([10, 100, 1000]))
def test_parts_sum_to_their_units(parts: list[float], units: int) -> None:
    """Largest remainders give every unit away, or none where there is nothing."""
    assert sum(whole_parts(parts, units)) == (units if sum(parts) > 0 else 0)


def test_without_a_tier_nothing_is_forecast() -> None:
    """No score, no scenarios: missing is never a churn of zero."""
    told = outlook(account(**dict.fromkeys(TYPED), start_date=date(2026, 11, 20)))
    assert told.scenarios == ()
    assert math.isnan(told.expected)
    assert told.play.facts == ("No tier",)


@pytest.mark.parametrize(
    ("tier", "velocity", "days", "fact"),
    [
        ("red", math.nan, -4.0, "Renewal date 4 days past"),
        ("amber", -0.3, 200.0, "−0.30 points a day; declining from −0.2"),
        ("amber", 0.1, math.nan, "Renewal date not provided"),
        ("green", 0.0, 30.0, "No expansion signals"),
    ],
)
def test_a_play_tells_the_facts_of_its_rule(
    tier: str, velocity: float, days: float, fact: str
) -> None:
    """Beside the rule stand the facts that it looked at."""
    play = renewal_play(tier, velocity, days, expanding=False, leaving=False)
    assert fact in play.facts


@pytest.mark.parametrize("preset", preset_names())
def test_every_account_has_an_outlook(preset: str) -> None:
    """Each sample account has scenarios that sum to 1, or no tier."""
    for f in all_facts(preset).values():
        told = outlook(f)
        assert bool(told.scenarios) == bool(f.tier)
        if told.scenarios:
            assert sum(round(s.probability * 100) for s in told.scenarios) == 100
