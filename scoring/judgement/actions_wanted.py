"""What an account's tier, risks and alerts ask for, the most valuable first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scoring.judgement.actions_alike import alike, content_words
from scoring.judgement.actions_days import due_in, horizon_of
from scoring.judgement.case import Case
from scoring.judgement.library import Library, PlayStep
from scoring.judgement.records import HORIZONS, SEVERITIES, Horizon, Risk
from scoring.judgement.sla import SlaStep, sla_steps, worded
from scoring.judgement.wording import speak

__all__ = ["Wanted", "owner_of", "wanted_of"]

_AGAIN = 30
_LATE = 45
"""Days since the tier was entered up to which its hours count from then (ours): who first lists
an account that has long been there is not told of a day that nobody could keep."""
_TIER_TOPICS = frozenset({"enters_red", "enters_amber", "below_60", "drop_over_15", "drop_10"})
"""Triggers whose answer is what the tier asks for, or a look at the cause, which plays say."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A proposal.

    Attributes:
        key, text, role, owner, horizon, due, channel, risk, origin, why: as in `Action`.
        rank: the lower the sooner.
        again: days after which it is wanted again when it was done; None once in a situation.
        since: when the situation began, None where not known.
    """

    key: str
    text: str
    role: str
    owner: str
    horizon: Horizon
    due: date
    channel: str
    risk: str
    origin: str
    why: str
    rank: float
    again: int | None
    since: date | None


def wanted_of(case: Case, library: Library) -> list[Wanted]:
    """All proposals, by horizon the most valuable first; of two that say the same the first."""
    found = [*_of_tier(case), *_of_risks(case, library), *_of_alerts(case)]
    ordered = sorted(found, key=lambda w: (HORIZONS.index(w.horizon), w.rank, w.due))
    out: list[Wanted] = []
    words: list[frozenset[str]] = []
    for wanted in ordered:
        mine = content_words(wanted.text, (case.name, case.contact, *case.people.values()))
        if any(alike(mine, other) for other in words):
            continue
        out.append(wanted)
        words.append(mine)
    return out


def owner_of(case: Case, role: str) -> str:
    """The person of the account's columns who has the role on our side, else the role."""
    return case.people.get(role) or role


def _of_tier(case: Case) -> Iterator[Wanted]:
    whole = Decimal(case.score).quantize(Decimal(1), ROUND_HALF_UP) if case.tier else ""
    for step in sla_steps(case):
        text = worded(step.text, case, tier=case.tier_word or case.tier, score=str(whole))
        due = _tier_due(case, step)
        since = case.tier_since if step.again is None else None
        yield Wanted(
            f"tier.{step.key}", text, step.role, owner_of(case, step.role), step.horizon, due,
            step.channel, "", "tier", step.source.partition(";")[0], step.rank, step.again, since,
        )  # fmt: skip


def _tier_due(case: Case, step: SlaStep) -> date:
    # What is wanted in hours counts from the day the tier was entered, so that it can be late.
    urgent = step.horizon == HORIZONS[0] and step.again is None
    start = case.tier_since if urgent else None
    if start is not None and (case.as_of - start).days > _LATE:
        start = None
    return due_in(
        step.horizon, step.within_hours, as_of=case.as_of, renewal=case.renewal_date, start=start
    )


def _of_risks(case: Case, library: Library) -> Iterator[Wanted]:
    for place, risk in enumerate(case.risks):
        play = library.play(risk.play) if risk.play else None
        for number, step in enumerate(play.steps if play else ()):
            due = due_in(step.horizon, step.within_hours, as_of=case.as_of,
                         renewal=case.renewal_date, start=None)  # fmt: skip
            # Severe ones stand among the tier's steps, of equals what costs the score more.
            rank = 2.5 * SEVERITIES.index(risk.severity) + 1.5 + place / 10 + number / 100
            yield Wanted(
                f"risk.{risk.key}.{step.key}", _step_text(case, risk, step), step.role,
                owner_of(case, step.role), step.horizon, due, step.channel, risk.key, "play",
                f"{risk.severity} risk: {risk.name}", rank, _AGAIN, risk.since,
            )  # fmt: skip


def _step_text(case: Case, risk: Risk, step: PlayStep) -> str:
    """A step with its places filled from the risk's evidence and the account's people."""
    known = {e.key: e for e in risk.evidence}
    people = {"csm": case.people.get("CSM", ""), "contact": case.contact,
              "champion_name": case.people.get("Champion", "") or case.contact,
              "executive_sponsor_name": case.people.get("Executive sponsor", ""),
              "account_name": case.name}  # fmt: skip

    def say(fact: str, part: str) -> str:
        if fact in people and part == "value":
            return people[fact]
        found = known.get(fact)
        if found is None:
            return ""
        told = {"benchmark": found.benchmark, "phrase": found.text, "value": found.text}
        return told.get(part, "")

    return speak(step.text, say)


def _of_alerts(case: Case) -> Iterator[Wanted]:
    for alert in case.alerts:
        if alert.trigger in _TIER_TOPICS:
            continue
        rank = {"critical": 0.5, "high": 1.0, "medium": 4.0}.get(alert.severity, 6.0)
        yield Wanted(
            f"alert.{alert.trigger}", alert.action.rstrip("."), alert.owner, alert.owner,
            horizon_of("", alert.due, case.as_of), alert.due, "", "", "alert",
            f"Alert: {alert.name}", rank, _AGAIN, alert.day,
        )  # fmt: skip
