"""What is to be learned of each lost account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pandas as pd

from scoring.alerts import Alert
from scoring.judgement.phrases import counted, day_words, in_sentence, plainly, whole
from scoring.units import format_money
from scoring.validation.alert_record import EPISODE_DAYS, LEAD_DAYS
from scoring.validation.cases import Cases
from scoring.validation.records import Review, ReviewAlert, ReviewScore
from scoring.validation.review_missed import LOOKED, missed
from scoring.validation.review_past import LEAST_FALL, LOOKED_AT, Past, pasts
from scoring.validation.review_tried import rows_by_account, tried
from scoring.validation.words import day_at, score_at

__all__ = ["reviews_of"]

_REASON = 60


def reviews_of(
    cases: Cases, alerts: Sequence[Alert], tables: Mapping[str, pd.DataFrame]
) -> tuple[Review, ...]:
    """A review of every lost account, newest loss first.

    Args:
        cases: outcomes and the history; all losses listed count, also those without a snapshot.
        alerts: that the history's rows fired, of any day, in any order.
        tables: *Actions*, *Overrides*, *Events* and *Stakeholders* as known today, by the keys of
            `columns.SHEETS`; absent where not given.
    """
    sheets = rows_by_account(tables)
    fired: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda a: a.day):
        fired.setdefault(alert.account, []).append(alert)
    model = cases.snapshots.model
    out = []
    for row, past in pasts(cases):
        told = _alerts(fired.get(past.account, ()), past)
        did = tried(sheets, past.account, model, since=past.since, until=past.day)
        arr = float(row["arr"])
        reason = str(row["reason"])
        out.append(Review(
            account_id=past.account,
            account=str(row["account_name"]) or past.account,
            day=past.day,
            arr=None if arr != arr else arr,
            currency=str(row["currency"]),
            reason=reason,
            scores=tuple(_score(past, days) for days in (*LOOKED_AT, 0)),
            fell=past.fell(),
            alerts=told,
            actions=did.texts,
            missed=missed(past, told, did),
            summary=_summary(past, arr, str(row["currency"]), reason, told),
        ))  # fmt: skip
    return tuple(out)


def _score(past: Past, days: int) -> ReviewScore:
    """The score so many days before; of 0 the last."""
    place = past.at(days) if days else past.last
    if place < 0:
        return ReviewScore(days=days, seen=None, score=None, tier="")
    snapshots = past.snapshots
    return ReviewScore(
        days=days,
        seen=day_at(snapshots, place),
        score=past.total(place),
        tier=str(snapshots.tier[place]),
    )


def _alerts(fired: Sequence[Alert], past: Past) -> tuple[ReviewAlert, ...]:
    """Alerts before a loss; what one trigger repeats within a month is told with the first."""
    first = max(past.since, past.day - timedelta(days=LEAD_DAYS + 1))
    groups: list[list[Alert]] = []
    latest: dict[str, list[Alert]] = {}
    for alert in fired:
        if not first < alert.day < past.day:
            continue
        own = latest.get(alert.trigger)
        if own is not None and (alert.day - own[0].day).days <= EPISODE_DAYS:
            own.append(alert)
        else:
            latest[alert.trigger] = own = [alert]
            groups.append(own)
    return tuple(_alert(group, past) for group in groups)


def _alert(group: Sequence[Alert], past: Past) -> ReviewAlert:
    first, last = group[0], group[-1]
    more = len(group) - 1
    again = f" ({more} more to {day_words(last.day)})" if more else ""
    return ReviewAlert(
        day=first.day,
        days_before=(past.day - first.day).days,
        name=first.name,
        evidence=f"{first.evidence}{again}",
    )


def _summary(
    past: Past, arr: float, currency: str, reason: str, alerts: Sequence[ReviewAlert]
) -> str:
    """What was lost and why, what the score said, and what warned; two or three sentences."""
    amount = "Lost" if arr != arr else f"{format_money(arr, currency)} lost"
    given = f"; reason given: {plainly(reason, _REASON)}" if reason.strip() else ""
    said = [f"{amount} on {day_words(past.day)}{given}.", _scores(past)]
    if past.last >= 0:
        said.append(_warned(past, alerts))
    return " ".join(said)


def _scores(past: Past) -> str:
    """Score and tier 60 days before and last, each with its own days before."""
    early, last = past.at(LOOKED), past.last
    places = [p for p in dict.fromkeys((early, last)) if past.total(p) is not None]
    if not places:
        return "No score stood before it."
    told = ", ".join(
        f"{score_at(past.snapshots, p)} {counted(past.days_before(p), 'day')} before"
        for p in places
    )
    gap = "" if early in places else f"; no score stood {LOOKED} days before"
    return f"Scored {told}{gap}."


def _warned(past: Past, alerts: Sequence[ReviewAlert]) -> str:
    """How many alerts fired, how early, and what fell most."""
    if alerts:
        early = counted(alerts[0].days_before, "day")
        first = f", {early} before" if len(alerts) == 1 else f", the first {early} before"
        told = f"{counted(len(alerts), 'alert')} fired{first}"
    else:
        told = "No alert fired"
    falls = past.falls
    if falls is None:
        return f"{told}."
    if not falls:
        return f"{told}; nothing fell by {counted(int(LEAST_FALL), 'point')} or more."
    most = falls[0]
    name = in_sentence(most.name)
    return f"{told}; {name} fell most, from {whole(most.before)} to {whole(most.last)} points."
