"""The few facts of an account that actions, plays and sentences start from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.records import Positive, Risk
from scoring.trend import velocity

__all__ = ["Case", "case_of"]


@dataclass(frozen=True, slots=True)
class Case:
    """An account on a day.

    Attributes:
        tier: key, "" without a score. score: final raw, NaN without one.
        velocity: points a day, NaN where not known. days_left: to the renewal, NaN where not known.
        arr: in ``currency``, NaN where not known.
        people: role → person, of the account's columns (CSM, Champion, Executive sponsor);
            only roles that somebody fills.
        risks, positives: what was found.
        typed: rows of the source's sheet *Actions*, keys of `columns.ACTIONS`.
    """

    account_id: str
    name: str
    as_of: date
    tier: str
    score: float
    velocity: float
    days_left: float
    renewal_date: date | None
    arr: float
    currency: str
    segment: str
    people: Mapping[str, str]
    risks: tuple[Risk, ...] = ()
    positives: tuple[Positive, ...] = ()
    typed: tuple[Mapping[str, Any], ...] = ()


ROLES = {
    "CSM": "csm",
    "Champion": "champion_name",
    "Executive sponsor": "executive_sponsor_name",
}
"""Role → column of *Accounts* that names the person."""


def case_of(f: Facts) -> Case:
    """The case of an account with what was found of it."""
    renewal = f.day("renewal_date")
    earlier, days = f.month_ago
    return Case(
        account_id=f.account_id,
        name=f.name,
        as_of=f.as_of,
        tier=f.tier,
        score=f.total,
        velocity=velocity(f.total, earlier, days),
        days_left=math.nan if renewal is None else float((renewal - f.as_of).days),
        renewal_date=renewal,
        arr=f.number("arr"),
        currency=f.text("currency"),
        segment=f.text("segment"),
        people={role: f.text(key) for role, key in ROLES.items() if f.text(key)},
        risks=f.risks,
        positives=f.positives,
        typed=tuple(f.tables.get("Actions", ())),
    )
