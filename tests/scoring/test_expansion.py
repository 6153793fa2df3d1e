"""Whether an account shows that it wants more."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from scoring.expansion import expansion_flags, leaving_flags
from scoring.presets import load_preset
from scoring.score import score_accounts
from tests.scoring.rows import AS_OF


def flag(preset: str, **row: Any) -> bool:
    """The flag of one account."""
    frame = pd.DataFrame([{"account_id": "A", **row}])
    scores = score_accounts(frame, load_preset(preset), as_of=AS_OF)
    return bool(expansion_flags(frame, scores)[0])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, False),
        ({"expansion_signals": "Yes"}, True),
        ({"expansion_signals": "No"}, False),
        ({"expansion_signals": "No", "expansion_details": "Asked for seats"}, False),
        ({"expansion_details": "Asked for seats"}, True),
        ({"expansion_details": "none"}, False),
        ({"seats_active_share": 1.0}, False),
        ({"seats_active_share": 1.05}, True),
        ({"seats_active_share": 1.05, "expansion_signals": "No"}, True),
    ],
)
def test_signals_and_seats(row: dict[str, Any], expected: bool) -> None:
    """What was said decides over details; more people than seats is a flag in any case."""
    assert flag("scorecard", **row) is expected


@pytest.mark.parametrize(("used", "expected"), [(0.8, False), (0.81, True), (1.5, True)])
def test_a_full_plan_raises_the_flag(used: float, expected: bool) -> None:
    """Above 80 % of the plan's capacity an account has outgrown it."""
    assert flag("support", plan_capacity_used=used) is expected


@pytest.mark.parametrize(
    ("given", "leaving"),
    [
        ({}, False),
        ({"downgrade_signals": "Yes"}, True),
        ({"downgrade_signals": "No", "downgrade_details": "Asked for fewer seats"}, False),
        ({"downgrade_details": "Asked for fewer seats"}, True),
        ({"downgrade_details": "none"}, False),
    ],
)
def test_who_leaves(given: dict[str, object], leaving: bool) -> None:
    """A given signal decides; without one, details in words do."""
    frame = pd.DataFrame([{"account_id": "A", **given}])
    assert leaving_flags(frame).tolist() == [leaving]
