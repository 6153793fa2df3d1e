"""What a tier asks for: who acts by when, from the day the account entered it.

The steps are those of document 003's tier definitions; days that it does not give are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.judgement.case import Case
from scoring.judgement.records import Horizon

__all__ = ["STEPS", "STRATEGIC_ARR", "SlaStep", "is_strategic", "sla_steps", "worded"]

STRATEGIC_ARR = 100_000.0
"""ARR from which an account is strategic whatever its segment, in its own currency (ours)."""


@dataclass(frozen=True, slots=True)
class SlaStep:
    """One step that a tier asks for.

    Attributes:
        key: stable name, ``red.outreach``.
        text: what to do; ``{contact}`` the customer's person, ``{score}`` and ``{tier}`` as shown,
            ``{miss}`` what they do not use yet.
        role: whose work it is.
        horizon: when it is wanted.
        within_hours: from the day the tier was entered, 24 are a working day; where it is the
            month's or the renewal's, from today.
        channel: how; "" where it does not matter.
        rank: the lower the sooner it is listed.
        again: days after which it is wanted again when it was done; None once in a stay.
        only: "strategic" accounts, "expansion" where they want more, "" for all.
        source: where it stands.
    """

    key: str
    text: str
    role: str
    horizon: Horizon
    within_hours: int
    channel: str
    rank: int
    again: int | None
    source: str
    only: str = ""


_AMBER = "003 Yellow"
_RED = "003 Red"
_GREEN = "003 Green"

STEPS: dict[str, tuple[SlaStep, ...]] = {
    "red": (
        SlaStep("red.outreach", "CS and support manager call {contact} together{miss}",
                "CS manager", "This week", 24, "phone", 0, None,
                f"{_RED}: CS and support manager outreach within 24 hours"),
        SlaStep("red.executive", "VP calls the executive sponsor and agrees what must change",
                "VP Customer Success", "This week", 24, "phone", 1, None,
                f"{_RED}: VP-level outreach for strategic accounts; 24 hours as its trigger",
                "strategic"),
        SlaStep("red.check_in", "Weekly check-in with {contact} until health improves or churn "
                "is confirmed", "CSM", "This week", 120, "phone", 6, 7,
                f"{_RED}: weekly check-ins"),
        SlaStep("red.retention", "Agree a retention plan: pricing, features, people",
                "CS manager", "This month", 240, "", 2, None,
                f"{_RED}: retention plan; ten working days ours"),
    ),
    "amber": (
        SlaStep("amber.outreach", "Call {contact} before they call us{miss}",
                "CSM", "This week", 48, "phone", 2, None,
                f"{_AMBER}: proactive outreach within 48 hours"),
        SlaStep("amber.flag", "Flag the account to the CS manager: {tier} {score}",
                "CSM", "This week", 48, "", 5, None,
                f"{_AMBER}: account flagged to CS manager; 48 hours ours"),
        SlaStep("amber.review", "Hold a health review call with {contact}",
                "CSM", "This month", 240, "meeting", 3, None,
                f"{_AMBER}: health review call; ten working days ours"),
        SlaStep("amber.cause", "Find the root cause: product, budget or competition",
                "CSM", "This month", 240, "", 5, None,
                f"{_AMBER}: investigation; ten working days ours"),
        SlaStep("amber.plan", "Agree a plan with {contact} that answers the root cause",
                "CSM", "This month", 480, "meeting", 6, None,
                f"{_AMBER}: action plan; twenty working days ours"),
    ),
    "green": (
        SlaStep("green.check_in", "Quarterly check-in with {contact}",
                "CSM", "This month", 480, "meeting", 7, 90, f"{_GREEN}: quarterly check-in"),
        SlaStep("green.expansion", "Show {contact} the next plan: use is above what was bought",
                "CSM", "Before renewal", 0, "meeting", 7, 180,
                f"{_GREEN}: expansion opportunity", "expansion"),
        SlaStep("green.reference", "Ask {contact} for a reference or a case study",
                "CSM", "Before renewal", 0, "email", 8, 365,
                f"{_GREEN}: case study, reference outreach"),
    ),
}  # fmt: skip
"""Tier → its steps."""


def is_strategic(case: Case) -> bool:
    """Whether an account is strategic: an enterprise, or at least `STRATEGIC_ARR`."""
    return case.segment == "enterprise" or case.arr >= STRATEGIC_ARR


def sla_steps(case: Case) -> tuple[SlaStep, ...]:
    """The steps that the account's tier asks for; none without a tier."""
    wanted = {"": True, "strategic": is_strategic(case), "expansion": case.expansion}
    return tuple(step for step in STEPS.get(case.tier, ()) if wanted[step.only])


def worded(text: str, case: Case, *, tier: str, score: str) -> str:
    """A step's text for one account.

    The fields are those of `SlaStep.text`; tier and score are given as they are shown.
    """
    # What they would gain opens more doors than whether they are well (003, edge cases).
    miss = f": show what {case.unused} would give them" if case.unused else ""
    contact = case.contact or "the main contact"
    fields = {"contact": contact, "tier": tier, "score": score, "miss": miss}
    for name, value in fields.items():
        text = text.replace("{" + name + "}", value)
    return text
