"""The few facts of an account that actions, plays and sentences start from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.records import Positive, Risk
from scoring.trend import velocity

__all__ = [
    "ROLES",
    "Case",
    "Fired",
    "case_of",
    "contact_of",
    "people_of",
    "tier_since",
    "unused_of",
]


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that an action answers: its trigger, what to do, whose it is, by when."""

    trigger: str
    name: str
    action: str
    owner: str
    due: date
    severity: str
    day: date


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
        typed: rows of the source's sheet *Actions*, keys of `columns.ACTIONS`; those of a workbook
            have also ``key``, ``given``, ``opened``, ``closed`` and ``notes``.
        tier_since: the day the account entered its tier, as far as the history tells; None where
            it tells nothing.
        contact: whom to call on the customer's side, "" where nobody is known.
        unused: a feature that the account does not use, the most valuable; "" where none is known.
        alerts: what fired for it and is not settled.
        expansion: it shows that it wants more.
        tier_word: the tier as people read it.
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
    tier_since: date | None = None
    contact: str = ""
    unused: str = ""
    alerts: tuple[Fired, ...] = ()
    expansion: bool = False
    tier_word: str = ""


ROLES = {
    "CSM": "csm",
    "Champion": "champion_name",
    "Executive sponsor": "executive_sponsor_name",
}
"""Role → column of *Accounts* that names the person."""


def case_of(f: Facts) -> Case:
    """The case of an account with what was found of it."""
    renewal = f.day("renewal_date")
    stakeholders = f.tables.get("Stakeholders", ())
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
        people=people_of({role: f.text(key) for role, key in ROLES.items()}, stakeholders),
        risks=f.risks,
        positives=f.positives,
        typed=tuple(f.tables.get("Actions", ())),
        tier_since=tier_since(f.tier, [(s.day, s.tier) for s in f.past]),
        contact=contact_of(stakeholders, f.text("champion_name")),
        unused=unused_of(f.tables.get("Features", ()), f.text("features_unused_list")),
        expansion=any(p.key.startswith("expansion") for p in f.positives),
        tier_word=f.model.tier_label(f.tier),
    )


OURS = ("CS manager", "Support manager", "VP Customer Success", "VP Support", "Billing specialist",
        "Sales")  # fmt: skip
"""Roles on our side that *Stakeholders* may name a person for, under Relation."""


def people_of(
    columns: Mapping[str, str], stakeholders: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Role → person: of the account's columns, and of *Stakeholders* for roles on our side."""
    out = {role: name for role, name in columns.items() if name}
    roles = {role.casefold(): role for role in OURS}
    for row in stakeholders:
        role = roles.get(" ".join(str(row.get("relation") or "").split()).casefold())
        if role and row.get("name"):
            out.setdefault(role, str(row["name"]))
    return out


def tier_since(tier: str, past: Sequence[tuple[date, str]]) -> date | None:
    """The first day of the unbroken run of a tier that ends today.

    None where no earlier snapshot had another tier: then nobody saw the account enter it.

    Args:
        tier: key of today's.
        past: day and tier of earlier snapshots with a score, oldest first.
    """
    since = None
    for day, then in reversed(past):
        if then != tier:
            return since if tier else None
        since = day
    return None


def contact_of(stakeholders: Sequence[Mapping[str, Any]], champion: str) -> str:
    """The customer's person to call: the champion, else a champion or sponsor of *Stakeholders*."""
    if champion:
        return champion
    ours = {role.casefold() for role in OURS}
    theirs = [r for r in stakeholders if str(r.get("relation") or "").casefold() not in ours]
    for wanted in ("champion", "sponsor", ""):
        for row in theirs:
            if wanted in str(row.get("relation") or "").casefold() and row.get("name"):
                return str(row["name"])
    return ""


def unused_of(features: Sequence[Mapping[str, Any]], listed: str) -> str:
    """The feature they miss most: an unused one of high value, else the first that is listed."""
    unused = [r for r in features if r.get("used") is False and r.get("feature")]
    best = sorted(unused, key=lambda r: r.get("high_value") is not True)
    if best:
        return str(best[0]["feature"])
    return listed.replace(";", ",").split(",")[0].strip()
