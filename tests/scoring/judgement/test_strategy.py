"""The 90 days before a renewal: dated back, told with numbers, nothing invented."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from scoring.judgement.records import StrategyStep
from scoring.judgement.strategy import renewal_strategy
from scoring.judgement.strategy_facts import adoption_target, concerns, expansion_amount
from scoring.presets import preset_names
from tests.scoring.judgement.acme import AS_OF, account
from tests.workbook_templates.samples import all_facts


def step(steps: tuple[StrategyStep, ...], word: str) -> StrategyStep:
    """The one step whose text has a word."""
    (found,) = [s for s in steps if word in s.text]
    return found


def test_the_strategy_of_the_account_of_002() -> None:
    """ROI, its four concerns, 33% to 70% of features, and a proposal for its ARR, 127 days out."""
    told = [(s.due, s.role, s.text) for s in renewal_strategy(account())]
    assert told == [
        (date(2026, 12, 30), "CSM", "Document ROI and build the business case for $45,000 of ARR"),
        (date(2027, 1, 14), "Support manager", "Close 4 satisfaction concerns"),
        (date(2027, 1, 29), "CSM", "Record who decides, who uses and who pays"),
        (date(2027, 1, 29), "Account executive", "Send the renewal proposal for $45,000 of ARR"),
        (date(2027, 2, 12), "CSM", "Raise adoption: Feature adoption 33% → 70%"),
        (date(2027, 2, 26), "Account executive", "Agree terms with who decides"),
        (date(2027, 3, 16), "Account executive", "Have the renewal signed"),
    ]


def test_concerns_carry_value_and_benchmark() -> None:
    """002's CSAT of 3.2 against 4 and NPS of 6, the costliest first; what is healthy is none."""
    found = concerns(account())
    assert found[1] == "CSAT 3.2 of 5 (4 or more is healthy)"
    assert found[2] == "NPS response 6 of 10 (8 or more is healthy)"
    assert concerns(account(csat=4.5, nps_response=9.0, tickets_vs_average=0.0,
                            escalations_90d=0.0)) == []  # fmt: skip


@pytest.mark.parametrize("left", [0, 5, 44, 89, 91, 400])
def test_days_are_working_days_counted_back(left: int) -> None:
    """Each day is a working day before the renewal; a step that missed its day says which."""
    f = account(renewal_date=AS_OF + timedelta(days=left))
    steps = renewal_strategy(f)
    renewal = f.day("renewal_date")
    assert renewal is not None
    for s in steps:
        assert s.due is not None
        assert s.due.weekday() < 5
        assert s.due >= AS_OF
        late = "was due" in s.why
        assert late == (s.due == AS_OF + timedelta(days=1) and left < 91)
        assert s.due < renewal or late
    assert all(a.due <= b.due for a, b in pairwise(steps) if a.due and b.due)


def test_a_missed_day_is_told() -> None:
    """27 days before the renewal the business case is two months late and due tomorrow."""
    steps = renewal_strategy(account(renewal_date=date(2026, 12, 20)))
    case = step(steps, "business case")
    assert case.due == date(2026, 11, 24)
    assert case.why == "No evidence of value is recorded; was due 21 Sep 2026"


def test_without_a_date_the_date_is_the_step() -> None:
    """Nothing can be counted back: get the date; after it, record what came of it."""
    (get,) = renewal_strategy(account(renewal_date=None))
    (record,) = renewal_strategy(account(renewal_date=date(2026, 11, 13)))
    assert (get.text, get.due) == ("Get the renewal date from the contract", date(2026, 11, 30))
    assert record.text == "Record what came of the renewal, or its new date"
    assert record.why == "The renewal date 13 Nov 2026 passed 10 days ago"


def test_seats_over_plan_are_an_amount() -> None:
    """30 of 25 seats at $45,000 are 5 seats over, $9,000 a year; without ARR there is no amount."""
    over = account(seats_active=30.0, seats_active_share=None, usage=90.0)
    assert expansion_amount(over)[0] == 9000.0
    told = step(renewal_strategy(over), "expansion")
    assert told.text == "Position a $9,000 expansion"
    assert told.why == "30 seats active, 25 licensed: 5 seats over at ARR a seat"
    unknown = account(seats_active=30.0, arr=None, usage=90.0, expansion_details="A second team")
    told = step(renewal_strategy(unknown), "expansion")
    assert told.text == "Position an expansion; ask for seats and price"
    assert told.why == "Expansion signals: A second team"


def test_red_and_leaving_accounts_get_no_expansion() -> None:
    """Nobody sells more to an account that is about to go."""
    low: dict[str, Any] = dict.fromkeys(("usage", "engagement", "sentiment", "financial"), 20.0)
    red = account(seats_active=30.0, seats_active_share=None, **low)
    leaving = account(seats_active=30.0, seats_active_share=None, downgrade_details="Gave notice")
    for f in (red, leaving):
        assert not [s for s in renewal_strategy(f) if "expansion" in s.text]
    assert "Save" in step(renewal_strategy(red), "recovery plan").why


def test_an_account_that_is_let_go_is_not_sold_to() -> None:
    """Red, leaving and near: ask why, settle the invoice, end the contract; no business case."""
    low: dict[str, Any] = dict.fromkeys(("usage", "engagement", "sentiment", "financial"), 20.0)
    f = account(downgrade_details="Gave notice", payment_history="Late",
                renewal_date=date(2027, 2, 1), **low)  # fmt: skip
    assert [s.text for s in renewal_strategy(f)] == [
        "Have the late invoice paid", "Ask why they leave, and record it",
        "Agree how the contract ends, and export their data",
    ]  # fmt: skip


def test_who_is_known_decides_on_coverage() -> None:
    """One of three stakeholders: engage two more; three: confirm with each."""
    rows = [{"account_id": "SAMPLE-4521", "name": f"Sample {i}"} for i in range(3)]
    few = step(renewal_strategy(account({"Stakeholders": rows[:1]})), "stakeholder")
    assert (few.text, few.why) == (
        "Engage 2 more stakeholders", "1 stakeholder known; 3 spread the risk",
    )  # fmt: skip
    full = step(renewal_strategy(account({"Stakeholders": rows})), "stakeholder")
    assert full.why == "3 stakeholders known"


def test_goals_and_payments_are_evidence() -> None:
    """A quote of value, goals on track and a late invoice stand in the steps."""
    goals = [{"account_id": "SAMPLE-4521", "goal": g, "progress": p}
             for g, p in (("Faster", "On track"), ("Cheaper", "Off track"))]  # fmt: skip
    f = account({"Goals": goals}, evidence_of_value="Saves 40 hours a month",
                payment_history="Late")  # fmt: skip
    steps = renewal_strategy(f)
    assert step(steps, "business case").why == "“Saves 40 hours a month”; 1 of 2 goals on track"
    assert step(steps, "invoice").why == "Payments are late"


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_tells_full_steps(preset: str) -> None:
    """No account, with little data or much, gets a step without text, day, role or why."""
    for f in all_facts(preset).values():
        steps = renewal_strategy(f)
        assert steps
        assert all(s.text and s.due and s.role and s.why for s in steps)
        assert all("nan" not in f"{s.text} {s.why}" for s in steps)
        target = adoption_target(f)
        assert target is None or target.start != target.to
