"""Every field of a scorecard has its place: filled, or "not provided"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from scoring.account_facts import Facts
from scoring.judgement.assessment import assess
from tests.workbook_templates.accounts import AS_OF
from tests.workbook_templates.samples import facts
from workbook_templates.account.detail import LONG, detail_values
from workbook_templates.drawing.account.detail import LEFT, NOT_PROVIDED, RIGHT

FULL: dict[str, Any] = {
    "dau_mau": 0.31,
    "features_used_list": "Dashboards",
    "features_unused_list": "Forecasts",
    "power_users": 4.0,
    "last_qbr_date": AS_OF - timedelta(30),
    "qbr_outcome": "Renew early",
    "next_qbr_date": AS_OF + timedelta(60),
    "executive_sponsor": "Active",
    "executive_sponsor_name": "Sponsor Sample",
    "champion_name": "Champion Sample",
    "champion_role": "Head of operations",
    "champion_strength": "Strong",
    "goal_progress": "On track",
    "evidence_of_value": "Reports in 2 hours instead of 5 days",
    "open_tickets": 6.0,
    "open_p1": 1.0,
    "open_p2": 2.0,
    "open_p3": 3.0,
    "csat_10": 8.5,
    "nps_index": 35.0,
    "unresolved_escalations": "Yes",
    "escalation_details": "Export fails",
    "ticket_trend_90d": -0.1,
    "seats_licensed": 400.0,
    "seats_active": 310.0,
    "seats_active_share": None,
    "payment_history": "Late",
    "payment_details": "Invoice 7 by 12 days",
    "expansion_signals": "Yes",
    "expansion_details": "Asked for 300 seats",
    "downgrade_signals": "No",
}
GOALS = [{"goal": f"Goal {i}", "progress": "Partial", "evidence": f"Proof {i}"} for i in (1, 2, 3)]
# Field of the scorecard's output format → what it shows for the account above.
EXPECTED = {
    "DAU/MAU": "31% (benchmark: above 25% is healthy)",
    "Key features adopted": "Dashboards",
    "Features not adopted": "Forecasts",
    "Power users": "Yes, 4",
    "Last QBR": "23 Oct 2026 — Renew early",
    "Next QBR": "Scheduled, 21 Jan 2027",
    "Executive sponsor": "Active, Sponsor Sample",
    "Champion": "Champion Sample, Head of operations, strength strong",
    "Stated goals": "Goal 1; Goal 2; Goal 3",
    "Progress against goals": "On track — Goal 1: Partial; Goal 2: Partial; Goal 3: Partial",
    "Evidence of value": "Reports in 2 hours instead of 5 days",
    "Open tickets": "6 (P1: 1, P2: 2, P3: 3)",
    "CSAT / NPS": "CSAT 8.5 of 10 · NPS +35 (benchmark: CSAT above 8 of 10, NPS above 30)",
    "Unresolved escalations": "Yes — Export fails",
    "Ticket trend, 90 days": "Decreasing (−10%)",
    "Seats": "400 licensed, 310 active, 78% used",
    "Downgrade or cancellation": "No",
    "Expansion signals": "Yes — Asked for 300 seats",
    "Payment history": "Invoice 7 by 12 days",
}


def _shown(f: Facts) -> dict[str, str]:
    """Label → text as the sheet shows them."""
    values = detail_values(f)
    out: dict[str, str] = {}
    for side, groups in enumerate((LEFT, RIGHT)):
        for number, (_, fields) in enumerate(groups):
            texts = [row[0] for row in values[f"detail_{side}_{number}"]]
            out |= dict(zip(fields, texts, strict=True))
    return out


def test_every_field_is_filled() -> None:
    """A complete account shows all that it gives, with units and benchmarks."""
    f = facts("no_facts", record=FULL, stale=frozenset(), tables={"Goals": GOALS})
    shown = _shown(f)
    assert shown.keys() == EXPECTED.keys()
    payment = shown.pop("Payment history")
    assert payment.endswith("Invoice 7 by 12 days")
    assert shown == {k: v for k, v in EXPECTED.items() if k in shown}


def test_what_is_not_given_is_said_plainly() -> None:
    """No field is ever left empty."""
    f = facts("nothing", record=dict.fromkeys(FULL))
    assert set(_shown(f).values()) == {NOT_PROVIDED}


@pytest.mark.parametrize(
    ("last", "following", "text"),
    [
        (20, None, "Not scheduled"),
        (91, None, "Overdue, none scheduled"),
        (91, -3, "Overdue since 19 Nov 2026"),
        (None, 9, "Scheduled, 1 Dec 2026"),
    ],
)
def test_the_next_review_is_scheduled_or_overdue(
    last: int | None, following: int | None, text: str
) -> None:
    """After 90 days without a date it is overdue."""
    record = {
        "last_qbr_date": None if last is None else AS_OF - timedelta(last),
        "next_qbr_date": None if following is None else AS_OF + timedelta(following),
    }
    assert _shown(facts("nothing", record=record))["Next QBR"] == text


def test_stale_values_say_that_they_do_not_count() -> None:
    """The sponsor of a year ago is shown, and marked."""
    f = facts("mixed", record=FULL, stale=frozenset({"executive_sponsor"}))
    assert "(stale, not counted)" in _shown(f)["Executive sponsor"]


def test_a_named_stakeholder_stands_in_for_a_missing_field() -> None:
    """The champion comes from the stakeholders where no field names one."""
    people = [{"relation": "Champion", "name": "Ada Sample", "role": "Analyst"}]
    f = facts("nothing", tables={"Stakeholders": people})
    assert _shown(f)["Champion"] == "Ada Sample, Analyst"


def test_long_texts_fit_their_cell() -> None:
    """A text ends with an ellipsis rather than under the next row."""
    f = facts("nothing", record={"qbr_outcome": "x" * 900})
    assert len(_shown(f)["Last QBR"]) == LONG


def test_every_dimension_has_its_assessment() -> None:
    """The sheet shows the sentences of judgement, in the order of the dimensions, uncut."""
    f = facts("worst")
    shown = [row[0] for row in detail_values(f)["assessment"]]
    assert shown == [assess(f, d.key) for d in f.model.dimensions]
    assert max(map(len, shown)) <= LONG
