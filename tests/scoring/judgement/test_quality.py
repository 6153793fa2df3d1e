"""Each check of a finished scorecard: fires on its fault, and on nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scoring.judgement.quality import ActionLine, Rated, RiskLine, Scorecard, check_scorecard

DAY = date(2026, 11, 23)
RATED = Rated("Engagement", 60.0, False, 2, 3, -1.0, "Scorecard!G16")
RISK = RiskLine("48% of seats are active", "High", "Train two teams", "Risks!B6")
ACTION = ActionLine(
    "Train two teams", "This week", "CSM Sample A", date(2026, 11, 27), "Open", "R!G6"
)
CARD = Scorecard(
    account="Sample Account",
    as_of=DAY,
    renewal=date(2027, 1, 29),
    tier="amber",
    previous=date(2026, 10, 23),
    dimensions=(RATED,),
    risks=(RISK,),
    actions=(ACTION,),
    probabilities=((0.4, "Renewal!C6"), (0.26, "Renewal!C7"), (0.34, "Renewal!C8")),
    illustrative=False,
    play="Save",
    play_where="Renewal!C12",
    metrics=8,
    rests_on=("Seats active", 0.5),
    sentences=(("Down 6 points since 23 Oct 2026", "Scorecard!B9"),),
)


def codes(**changes: Any) -> list[str]:
    """Codes of what is found after changes to a scorecard without fault."""
    return [f.code for f in check_scorecard(replace(CARD, **changes))]


def test_a_good_scorecard_has_no_findings() -> None:
    """Nothing is found where nothing is wrong."""
    assert codes() == []


def dimension(**changes: Any) -> dict[str, Any]:
    return {"dimensions": (replace(RATED, **changes),)}


def risk(**changes: Any) -> dict[str, Any]:
    return {"risks": (replace(RISK, **changes),)}


def action(**changes: Any) -> dict[str, Any]:
    return {"actions": (replace(ACTION, **changes),)}


FAULTS = [
    ("no-evidence", dimension(typed=True, observed=0)),
    ("no-evidence", dimension(typed=True, observed=0, metrics=0)),
    ("no-data", dimension(score=None, observed=0, trend=None)),
    ("one-metric", {"rests_on": ("Seats active", 0.51)}),
    ("trend", {"previous": None}),
    ("stale", {"stale": (("CSAT", date(2026, 5, 1), "Evidence!J9"),)}),
    ("stale", {"stale": (("CSAT", None, "Evidence!J9"),)}),
    ("no-risk", {"risks": ()}),
    ("vague-risk", risk(text="Low engagement of users")),
    ("no-mitigation", risk(mitigation="")),
    ("no-severity", risk(severity="")),
    ("no-severity", risk(severity="Severe")),
    ("no-action", {"actions": ()}),
    ("no-action", action(status="Done")),
    ("no-owner", action(owner="")),
    ("no-horizon", action(horizon="")),
    ("no-deadline", action(due=None)),
    ("overdue", action(due=date(2026, 11, 20))),
    ("weekend", action(due=date(2026, 11, 28))),
    ("horizon", action(due=date(2026, 12, 2))),
    ("horizon", action(horizon="This month", due=date(2026, 12, 31))),
    ("after-renewal", action(horizon="Before renewal", due=date(2027, 2, 1))),
    ("probabilities", {"probabilities": ((0.4, "Renewal!C6"), (0.2, "Renewal!C7"))}),
    ("probabilities", {"tier": "red", "probabilities": ((0.6, "C6"), (0.3, "C7"), (0.1, "C8"))}),
    ("not-calibrated", {"illustrative": True}),
    ("play", {"play": "Expand"}),
    ("differs", {"differs": (("Score shown", "71.0", "68.0", "Checks!F6"),)}),
    ("boast", {"sentences": (("85% of seats are active", "Scorecard!B34"),)}),
    ("too-many-metrics", {"metrics": 11}),
    ("no-values", {"empty": ("Checks!G21",)}),
]


@pytest.mark.parametrize(("code", "changes"), FAULTS)
def test_each_fault_is_found_alone(code: str, changes: dict[str, Any]) -> None:
    """One planted fault gives one finding of its own code, with a message and a next step."""
    found = check_scorecard(replace(CARD, **changes))
    assert [f.code for f in found] == [code]
    assert found[0].message.endswith(".")
    assert found[0].fix.endswith(".")


def test_a_green_account_needs_neither_risk_nor_action() -> None:
    """Only what is below green must say what endangers it and who acts."""
    assert codes(tier="green", risks=(), actions=(), play="Expand") == []


def test_closed_actions_are_not_asked_for_owner_or_day() -> None:
    """Done and dropped actions need nothing, in any case of letters."""
    closed = [replace(ACTION, owner="", due=None, status=s) for s in ("done", "Dropped", "DONE")]
    assert codes(actions=(ACTION, *closed)) == []


def test_notes_come_last() -> None:
    """What only informs stands below what asks for a change."""
    found = check_scorecard(replace(CARD, illustrative=True, metrics=30, **risk(severity="")))
    assert [f.severity for f in found] == ["finding", "note", "note"]
