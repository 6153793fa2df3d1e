"""What the steps before a renewal rest on: concerns, adoption, stakeholders, seats over plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoring.account_facts import Facts
from scoring.goal import what_moves
from scoring.judgement.assessment_metric import benchmark, metric_words, seen_metrics
from scoring.judgement.effort import Efforts, load_efforts
from scoring.judgement.month_goal import DAYS
from scoring.judgement.phrases import counted
from scoring.levers import Lever
from scoring.metric_phrase import short_name, value_phrase
from scoring.metric_text import healthy_text
from scoring.model import Metric
from scoring.one import score_one
from scoring.units import short

__all__ = [
    "STAKEHOLDERS",
    "AdoptionTarget",
    "adoption_target",
    "concerns",
    "expansion_amount",
    "goals_reached",
    "late_payment",
    "stakeholders",
]

STAKEHOLDERS = 3
"""003 Relationship Health: three contacts are healthy."""
_MONTHS = 90 / DAYS
_SATISFACTION = frozenset(
    "ces escalations_90d unresolved_escalations recontact_rate sla_compliance ticket_sentiment "
    "ticket_trend_90d tickets_vs_average support_health_points".split()
)
_SURVEYS = ("csat", "nps_index", "nps_response")
_BREADTH = ("feature_breadth", "features_used", "seats_active_share", "contract_utilisation")
_ADOPTION = (*_BREADTH, "dau_mau", "logins_per_week", "logins_vs_target", "feature_depth")
"""Metrics of use; how much of what was bought is used goes first, as in 002."""
_PAYMENTS = ("payment_status", "payment_history")


def concerns(f: Facts) -> list[str]:
    """Satisfaction metrics that are not healthy, with value and benchmark, most points lost first.

    ``CSAT 3.2 of 5 (4 of 5 or more is healthy)``.
    """
    found = [
        seen
        for place in range(len(f.model.dimensions))
        for seen in seen_metrics(f, place)
        if (seen.metric.key in _SATISFACTION or seen.metric.unit in _SURVEYS) and not seen.healthy
    ]
    found.sort(key=lambda seen: -seen.lost)
    return [
        f"{metric_words(f, seen.metric)} ({benchmark(seen.metric)} is healthy)" for seen in found
    ]


@dataclass(frozen=True, slots=True)
class AdoptionTarget:
    """A metric of use and where it is to be before the renewal.

    Attributes:
        key: of the metric. start, to: raw.
        words: ``Feature adoption 33% → 70%``.
        healthy: what is healthy, as told. month: how far it moves in a month, as told.
    """

    key: str
    start: float
    to: float
    words: str
    healthy: str
    month: str


def adoption_target(f: Facts) -> AdoptionTarget | None:
    """The metric of use that can win most points, moved as far as three months can.

    None where all that are observed are healthy. 002's account goes from 4 of 12 features to 70%.
    """
    now = score_one(f.record, f.model, as_of=f.as_of)
    if now.total != now.total:
        return None
    known = {m.key: m for m in f.model.metrics if m.key in _ADOPTION}
    rated = f.model.typed == "rating"
    found = [
        (lever.key in _BREADTH, lever.gain * (group.share if rated else 1.0), lever)
        for group in what_moves(now)
        for lever in group.levers
        if lever.key in known
    ]
    if not found:
        return None
    lever = max(found, key=lambda one: one[:2])[2]
    return _target(lever, known[lever.key], f.efforts or load_efforts())


def _target(lever: Lever, metric: Metric, table: Efforts) -> AdoptionTarget | None:
    effort = table.of(lever)
    if effort is None or lever.value is None or isinstance(lever.best, str) or not effort.step:
        return None
    way = lever.best - lever.value
    to = lever.value + math.copysign(min(abs(way), effort.reach * _MONTHS), way)
    # Near enough to what is healthy: nobody aims at 69% where 70% is.
    to = lever.best if abs(lever.best - to) < effort.step / 2 else _round(to, effort.step)
    reach = value_phrase(metric, effort.reach)
    month = f"{short(effort.reach * 100)} points" if metric.unit == "fraction" else reach
    return AdoptionTarget(
        lever.key,
        lever.value,
        to,
        f"{short_name(metric.name)} {value_phrase(metric, lever.value)} → "
        f"{value_phrase(metric, to)}",
        healthy_text(metric),
        month,
    )


def _round(x: float, step: float) -> float:
    return round(math.floor(x / step + 0.5) * step, 9)


def goals_reached(f: Facts) -> tuple[int, int]:
    """Goals on track or reached, and all that are recorded."""
    rows = f.tables.get("Goals", ())
    words = [str(row.get("progress") or "").strip().casefold() for row in rows]
    return sum(word in ("on track", "achieved", "done", "met", "reached") for word in words), len(
        words
    )


def stakeholders(f: Facts) -> tuple[int | None, str]:
    """How many people of the account are known, and how that is told; None where nobody says."""
    names = {str(row.get("name")).strip().casefold() for row in f.tables.get("Stakeholders", ())}
    counted_by_metric = f.number("stakeholder_contacts")
    if names:
        return len(names), f"{counted(len(names), 'stakeholder')} known"
    if not math.isnan(counted_by_metric):
        return int(counted_by_metric), f"{short(counted_by_metric)} stakeholder contacts"
    given = [f.text("champion_name"), f.text("executive_sponsor_name")]
    people = {name.casefold() for name in given if name}
    if not people:
        return None, ""
    return len(people), f"{counted(len(people), 'stakeholder')} known"


def expansion_amount(f: Facts) -> tuple[float, str]:
    """ARR of the seats used beyond the plan at today's price a seat, and how it comes about.

    NaN where seats or ARR are not known, or no seat is over.
    """
    licensed, active = f.number("seats_licensed"), f.number("seats_active")
    arr = f.number("arr")
    if not (licensed > 0 and active > licensed and arr > 0):
        return math.nan, ""
    over = active - licensed
    seats = f"{short(active)} seats active, {short(licensed)} licensed"
    return over * arr / licensed, f"{seats}: {counted(int(over), 'seat')} over at ARR a seat"


def late_payment(f: Facts) -> str:
    """What is known of a late payment; "" where none is."""
    for key in _PAYMENTS:
        if f.text(key).strip().casefold() == "late":
            return f.text("payment_details") or "Payments are late"
    return ""
