"""Renewal scenarios, the play and its signals."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from scoring.judgement.outlook import expanding, leaving, seats_used
from scoring.presets import preset_names
from tests.workbook_templates.accounts import AS_OF
from tests.workbook_templates.samples import all_facts, facts
from workbook_templates.account.renewal import renewal_values

SEATS = {"seats_licensed": 400.0, "seats_active": 300.0, "seats_active_share": None}


def _values(total: float, tier: str, **record: Any) -> dict[str, Any]:
    return renewal_values(facts("mixed", total=total, tier=tier, record={**SEATS, **record}))


@pytest.mark.parametrize("preset", preset_names())
def test_probabilities_sum_to_one_or_there_are_none(preset: str) -> None:
    """Only an account with a tier gets a forecast."""
    for f in all_facts(preset).values():
        shares = [row[0] for row in renewal_values(f)["scenarios"]]
        if f.tier:
            assert sum(shares[:3]) == pytest.approx(1.0)
            assert shares[3] == 1.0
        else:
            assert shares == ["–"] * 4


def test_arr_at_risk_follows_unused_seats() -> None:
    """Of 100,000 a contraction loses the quarter of the seats not in use, churn all of it."""
    rows = _values(85.0, "green", arr=100_000.0)["scenarios"]
    assert [row[1] for row in rows] == pytest.approx([0.0, 25_000.0, 100_000.0, 4_750.0])
    assert [row[0] for row in rows] == pytest.approx([0.90, 0.07, 0.03, 1.0])
    assert [row[2] for row in rows[:3]] == pytest.approx([0.0, 1_750.0, 3_000.0])


def test_without_seats_a_contraction_loses_a_quarter() -> None:
    """So it does where all seats are in use."""
    for record in ({"seats_licensed": None}, {"seats_active": 400.0}, {"seats_active": 500.0}):
        rows = _values(85.0, "green", arr=100_000.0, **record)["scenarios"]
        assert rows[1][1] == pytest.approx(25_000.0)


def test_without_arr_probabilities_stand_alone() -> None:
    """Unknown money is a dash, never 0."""
    rows = _values(85.0, "green", arr=None)["scenarios"]
    assert [row[1] for row in rows] == ["–"] * 4
    assert rows[2][0] == 0.03


def test_without_a_tier_only_the_arr_is_known() -> None:
    """Too little data gives no probability, and so no expected loss."""
    rows = _values(math.nan, "", arr=100_000.0)["scenarios"]
    assert [row[1] for row in rows[:3]] == pytest.approx([0.0, 25_000.0, 100_000.0])
    assert [row[2] for row in rows[:3]] == ["–"] * 3
    assert rows[3][1] == "–"


@pytest.mark.parametrize(
    ("tier", "days", "record", "play"),
    [
        ("green", 300, {"expansion_signals": "Yes"}, "Expand"),
        ("green", 300, {"expansion_signals": "No"}, "Hold"),
        ("green", 300, {"downgrade_signals": "Yes"}, "Save"),
        ("amber", 300, {}, "Hold"),
        ("amber", 90, {}, "Save"),
        ("amber", 91, {}, "Hold"),
        ("red", 300, {}, "Save"),
        ("red", 60, {"downgrade_signals": "Yes"}, "Manage out"),
    ],
)
def test_the_play_follows_tier_time_and_signals(
    tier: str, days: int, record: dict[str, str], play: str
) -> None:
    """The card names the same play as the sheet."""
    none = {"expansion_signals": None, "downgrade_signals": None, "expansion_details": None}
    due = {"renewal_date": AS_OF + timedelta(days)}
    f = facts("best", tier=tier, month_ago=(math.nan, math.nan), record={**none, **due, **record})
    values = renewal_values(f)
    assert values["play"][0] == [play]
    assert values["card_play"] == f"Play: {play}"
    assert values["card_reason"] == values["play"][1][0]


def test_details_are_a_signal_where_no_state_is_given() -> None:
    """A stated No wins over words in the details."""
    details = {"expansion_details": "Asked for seats", "expansion_signals": None}
    assert expanding(facts("nothing", record=details))
    assert not expanding(facts("nothing", record={**details, "expansion_signals": "No"}))
    assert not leaving(facts("nothing", record={"downgrade_details": "no"}))


def test_seats_in_use_are_given_or_divided() -> None:
    """No licensed seats give no share."""
    assert seats_used(facts("nothing", record=SEATS)) == 0.75
    assert seats_used(facts("nothing", record={**SEATS, "seats_active_share": 0.5})) == 0.5
    assert math.isnan(seats_used(facts("nothing", record={**SEATS, "seats_licensed": 0.0})))
