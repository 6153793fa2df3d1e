"""The 90 days before a renewal: what, by when, whose work, and on which evidence.

Days are counted back from the renewal date to working days (days and roles are ours; what is to
be done is 002's "90-Day Renewal Strategy" and 000's "Before renewal").
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from scoring.account_facts import Facts
from scoring.judgement.actions_days import working_before
from scoring.judgement.outlook import days_left, expanding, leaving, play_of
from scoring.judgement.phrases import counted, day_words
from scoring.judgement.records import StrategyStep
from scoring.judgement.strategy_facts import (
    STAKEHOLDERS,
    adoption_target,
    concerns,
    expansion_amount,
    goals_reached,
    late_payment,
    stakeholders,
)
from scoring.renewal import Play
from scoring.units import money_in_full
from scoring.workdays import due_day

__all__ = ["renewal_strategy"]

CSM, MANAGER, SUPPORT, SALES = "CSM", "CS manager", "Support manager", "Account executive"
CASE, CONCERNS, COVERAGE, PROPOSAL, ADOPTION, EXPANSION, TERMS, SIGNED = (
    90, 75, 60, 60, 45, 45, 30, 14,
)  # fmt: skip
"""Days before the renewal at which each step is to be done."""
_NAMED = 4
"""Concerns that are named, the costliest; *Evidence* of a scorecard has all."""
_LOOK_UP = 5 * 24
"""Hours to get a renewal date that nobody recorded."""


class _Step(NamedTuple):
    text: str
    days: int
    role: str
    why: str


def renewal_strategy(f: Facts) -> tuple[StrategyStep, ...]:
    """Steps of the 90 days before the renewal, the first due first.

    A step whose day is past is due at once, and says which day it missed. Without a renewal date
    the one step is to get it; after it, to record what came of it.
    """
    renewal, left = f.day("renewal_date"), days_left(f)
    if renewal is None:
        due = due_day(f.as_of, _LOOK_UP)
        why = "Renewal date not provided: no step can be dated"
        return (StrategyStep("Get the renewal date from the contract", due, CSM, why),)
    if left < 0:
        why = f"The renewal date {day_words(renewal)} passed {counted(int(-left), 'day')} ago"
        text = "Record what came of the renewal, or its new date"
        return (StrategyStep(text, due_day(f.as_of, 24), CSM, why),)
    steps = sorted(_steps(f), key=lambda step: -step.days)
    return tuple(_dated(step, renewal, f.as_of) for step in steps)


def _dated(step: _Step, renewal: date, as_of: date) -> StrategyStep:
    due = working_before(renewal - timedelta(days=step.days))
    if due >= as_of:
        return StrategyStep(step.text, due, step.role, step.why)
    late = f"{step.why}; was due {day_words(due)}"
    return StrategyStep(step.text, due_day(as_of, 24), step.role, late)


def _steps(f: Facts) -> Iterator[_Step]:
    play, late = play_of(f), late_payment(f)
    why = f"Play {play.name}. {play.reason}"
    if late:
        yield _Step("Have the late invoice paid", PROPOSAL, SALES, late)
    if play.name == "Manage out":
        # Nobody sells to an account that is let go.
        yield _Step("Ask why they leave, and record it", PROPOSAL, CSM, why)
        yield _Step("Agree how the contract ends, and export their data", TERMS, MANAGER, why)
        return
    yield _business_case(f)
    yield from _satisfaction(f)
    yield from _adoption(f)
    yield _coverage(f)
    yield from _expansion(f)
    yield from _commercial(f, play, why)


def _worth(f: Facts) -> str:
    arr = f.number("arr")
    return "" if math.isnan(arr) else f" for {money_in_full(arr, f.text('currency'))} of ARR"


def _business_case(f: Facts) -> _Step:
    """The value that the account got, or that nobody recorded any."""
    proof, (reached, goals) = f.text("evidence_of_value"), goals_reached(f)
    parts = [f"{reached} of {counted(goals, 'goal')} on track"] if goals else []
    if proof:
        text, why = f"Build the business case{_worth(f)} on the value recorded", f"“{proof}”"
    elif f.text("value_evidenced").casefold() == "yes":
        text, why = f"Build the business case{_worth(f)}", "Value evidenced: yes"
    else:
        text = f"Document ROI and build the business case{_worth(f)}"
        why = "No evidence of value is recorded"
    return _Step(text, CASE, CSM, "; ".join([why, *parts]))


def _satisfaction(f: Facts) -> Iterator[_Step]:
    """Open concerns of the people who use and pay, with their numbers."""
    found = concerns(f)
    if found:
        text = f"Close {counted(len(found), 'satisfaction concern')}"
        more = [f"and {len(found) - _NAMED} more"] if len(found) > _NAMED else []
        yield _Step(text, CONCERNS, SUPPORT, "; ".join([*found[:_NAMED], *more]))


def _adoption(f: Facts) -> Iterator[_Step]:
    """A metric of use, from where to where in three months."""
    target = adoption_target(f)
    if target:
        text = f"Raise adoption: {target.words}"
        why = f"{target.healthy} is healthy; a month gives up to {target.month}"
        yield _Step(text, ADOPTION, CSM, why)


def _coverage(f: Facts) -> _Step:
    """Whether enough people on the account's side carry the renewal."""
    known, told = stakeholders(f)
    if known is None:
        text = "Record who decides, who uses and who pays"
        return _Step(text, COVERAGE, CSM, "No stakeholders are recorded")
    more = STAKEHOLDERS - known
    if more > 0:
        text = f"Engage {counted(more, 'more stakeholder')}"
        return _Step(text, COVERAGE, CSM, f"{told}; {STAKEHOLDERS} spread the risk")
    return _Step("Confirm with each stakeholder that they want to renew", COVERAGE, CSM, told)


def _expansion(f: Facts) -> Iterator[_Step]:
    """What more they could buy; the amount only where seats and ARR give it."""
    if f.tier in ("", "red") or leaving(f):
        return
    amount, over = expansion_amount(f)
    if not math.isnan(amount):
        money = money_in_full(amount, f.text("currency"))
        yield _Step(f"Position a {money} expansion", EXPANSION, SALES, over)
    elif expanding(f):
        said = f.text("expansion_details")
        why = f"Expansion signals: {said}" if said else "Expansion signals: yes"
        yield _Step("Position an expansion; ask for seats and price", EXPANSION, SALES, why)


def _commercial(f: Facts, play: Play, why: str) -> Iterator[_Step]:
    if play.name == "Save":
        yield _Step("Agree a recovery plan with the sponsor", CONCERNS, MANAGER, why)
    yield _Step(f"Send the renewal proposal{_worth(f)}", PROPOSAL, SALES, why)
    left = f"{TERMS} days for legal and purchasing"
    yield _Step("Agree terms with who decides", TERMS, SALES, left)
    yield _Step("Have the renewal signed", SIGNED, SALES, f"Renews on {_renewal(f)}")


def _renewal(f: Facts) -> str:
    day = f.day("renewal_date")
    return day_words(day) if day else ""
