"""Alerts: which triggers fire over accounts' dated rows, on which numbers, who acts by when.

One event is one line: of the triggers of one topic the most severe fires. The same topic is not
repeated for an account within a week, unless the alert is more severe or the tier worse than in
the last one. What compares with an earlier row (a fall, a tier entered) never fires on the first,
and is no alert where the score fell as much in the same weeks a year ago.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from scoring.alert_season import usual_fall
from scoring.model import ScoreModel
from scoring.rollup import TIERS, round_half_up, tier_code
from scoring.triggers import (
    SEVERITIES,
    TRIGGERS,
    Below,
    Drop,
    Enters,
    Happened,
    Limit,
    Renewal,
    Rise,
    Severity,
    Trigger,
)
from scoring.units import format_value, short
from scoring.workdays import due_day

__all__ = ["LATE_DAYS", "QUIET_DAYS", "Alert", "HistoryRow", "account_alerts", "find_alerts"]

QUIET_DAYS = 7
"""003 Edge cases: tier alerts at most once a week for each account; we hold all alerts to it."""
LATE_DAYS = 3
"""A score this much older than asked for still is the one that stood then: a weekend (ours)."""
_SLACK = 1e-9
_FACTS = {"usage": "Usage", "csat": "CSAT", "payment_failed": "Payment failed",
          "stakeholder_left": "Stakeholder left"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What was known of one account on one day; NaN, None and "" where it was not.

    Attributes:
        account: its id.
        day: date of the row.
        score: raw score 0–100, not smoothed.
        tier: "green", "amber" or "red" where it was recorded; else it follows from the score.
        renewal: renewal date.
        usage: score 0–100 of the usage dimension.
        csat: survey mean 1–5.
        csat_10: survey mean 0–10, where that is what was asked; it counts as 1–5.
        login_gap: days since the last login.
        tickets: tickets of the period that the row stands for.
        ticket_change: change of the tickets as a share, where it is known itself.
        payment_failed, stakeholder_left: whether it happened; a text says what did.
    """

    account: str
    day: date
    score: float = math.nan
    tier: str = ""
    renewal: date | None = None
    usage: float = math.nan
    csat: float = math.nan
    csat_10: float = math.nan
    login_gap: float = math.nan
    tickets: float = math.nan
    ticket_change: float = math.nan
    payment_failed: bool | str = False
    stakeholder_left: bool | str = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A trigger that fired.

    Attributes:
        account: id.
        day: date of the row on which it fired.
        trigger: its key.
        name: its name, with the tier's own word.
        evidence: the numbers, such as ``71 → 58 in 7 days``.
        severity, owner, action: as the trigger says.
        due: working day by which the owner acts.
        tier_from, tier_to: tier keys before and now; "" where there is none.
        season: the same fall a year ago, of what is usual for the season and no alert; else "".
    """

    account: str
    day: date
    trigger: str
    name: str
    evidence: str
    severity: Severity
    owner: str
    action: str
    due: date
    tier_from: str
    tier_to: str
    season: str = ""


def find_alerts(
    rows: Iterable[HistoryRow],
    model: ScoreModel,
    triggers: Sequence[Trigger] = TRIGGERS,
    *,
    quick: Callable[[Sequence[HistoryRow], ScoreModel, Sequence[Trigger]], Sequence[bool]]
    | None = None,
    seasonal: bool = False,
) -> list[Alert]:
    """All alerts over the rows of many accounts, in any order.

    Args:
        rows: of any accounts.
        model: its tiers count.
        triggers: what to look for.
        quick: tells rows on which nothing can fire, so that they need no look; see
            `alert_rows.may_fire`. A spreadsheet's own Python has no numpy, and goes without.
        seasonal: also what is usual for the season and no alert; its ``season`` says so.

    Returns:
        Newest first; on one day the most severe first, then by account, then as the triggers
        stand.
    """
    known = list(rows)
    loud = quick(known, model, triggers) if quick else [True] * len(known)
    accounts = {row.account for row, may in zip(known, loud, strict=True) if may}
    by_account: dict[str, list[tuple[HistoryRow, bool]]] = {}
    for row, may in zip(known, loud, strict=True):
        if row.account in accounts:
            by_account.setdefault(row.account, []).append((row, may))
    found = [
        alert
        for own in by_account.values()
        for alert in _of_account(own, model, triggers)
        if seasonal or not alert.season
    ]
    found.sort(key=lambda a: a.account)
    return sorted(found, key=lambda a: (a.day, SEVERITIES.index(a.severity)), reverse=True)


def account_alerts(
    rows: Iterable[HistoryRow], model: ScoreModel, triggers: Sequence[Trigger] = TRIGGERS
) -> Iterator[Alert]:
    """Alerts over the rows of one account, in any order; oldest first.

    Args:
        rows: of two rows of one day the last one counts.
        model: its tiers and their words count.
        triggers: what to look for.
    """
    found = _of_account([(row, True) for row in rows], model, triggers)
    yield from (alert for alert in found if not alert.season)


def _of_account(
    rows: Iterable[tuple[HistoryRow, bool]], model: ScoreModel, triggers: Sequence[Trigger]
) -> Iterator[Alert]:
    """Alerts over rows of one account, each beside whether anything may fire on it."""
    past = _Past(model)
    sent: dict[str, Alert] = {}
    for row, may in (found for _, found in sorted({r[0].day: r for r in rows}.items())):
        now = _Now(row, past)
        for trigger, evidence in _one_a_topic(now, triggers) if may else ():
            alert = _alert(trigger, evidence, now, model)
            if _held_back(alert, sent.get(trigger.topic)):
                continue
            if not alert.season:
                sent[trigger.topic] = alert
            yield alert
        past.add(now)


@dataclass(slots=True)
class _Past:
    """Rows before: days and scores of those with a score, the last tier and ticket count."""

    model: ScoreModel
    days: list[date] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    tier: int = -1
    tickets: HistoryRow | None = None

    def add(self, now: _Now) -> None:
        row = now.row
        if row.score == row.score:
            self.days.append(row.day)
            self.scores.append(row.score)
        if now.tier >= 0:
            self.tier = now.tier
        if row.tickets == row.tickets:
            self.tickets = row

    def before(self, day: date, days: int) -> int | None:
        """Place of the score that stood so many days before; None where nobody knows it.

        A score up to `LATE_DAYS` older will do. In a history that is younger, or after a gap, it
        is the oldest score of those days: what fell since fell within them.
        """
        wanted = day - timedelta(days=days)
        at = bisect_right(self.days, wanted) - 1
        if at >= 0 and self.days[at] >= wanted - timedelta(days=LATE_DAYS):
            return at
        later = bisect_left(self.days, wanted)
        return later if later < len(self.days) else None


class _Now:
    """A row, its tier code (−1 for none), and what came before."""

    def __init__(self, row: HistoryRow, past: _Past) -> None:
        self.row, self.past = row, past
        self.tier: int = (
            TIERS.index(row.tier) if row.tier else int(tier_code(past.model, row.score))
        )
        self.shown: float = round_half_up(row.score)


def _one_a_topic(now: _Now, triggers: Sequence[Trigger]) -> Iterator[tuple[Trigger, str]]:
    """The most severe trigger that fires of each topic, with its evidence."""
    fired: dict[str, tuple[Trigger, str]] = {}
    for trigger in triggers:
        evidence = _evidence(trigger, now)
        if evidence:
            first = fired.get(trigger.topic)
            if first is None or _rank(trigger.severity) > _rank(first[0].severity):
                fired[trigger.topic] = (trigger, evidence)
    yield from fired.values()


def _rank(severity: Severity) -> int:
    return SEVERITIES.index(severity)


def _held_back(alert: Alert, last: Alert | None) -> bool:
    """Whether it repeats what was said within the week, and nothing became worse since."""
    if last is None or (alert.day - last.day).days >= QUIET_DAYS:
        return False
    if _rank(alert.severity) > _rank(last.severity):
        return False
    tiers = [TIERS.index(t) for t in (alert.tier_to, last.tier_to) if t]
    return len(tiers) < 2 or tiers[0] >= tiers[1]


def _alert(trigger: Trigger, evidence: str, now: _Now, model: ScoreModel) -> Alert:
    tier_from, tier_to = (TIERS[t] if t >= 0 else "" for t in (now.past.tier, now.tier))
    return Alert(
        account=now.row.account,
        day=now.row.day,
        trigger=trigger.key,
        name=trigger.title(model.tier_label(tier_to)),
        evidence=evidence,
        severity=trigger.severity,
        owner=trigger.owner,
        action=trigger.action,
        due=due_day(now.row.day, trigger.within_hours),
        tier_from=tier_from,
        tier_to=tier_to,
        season=_season(trigger, now),
    )


def _season(trigger: Trigger, now: _Now) -> str:
    """The same fall a year ago, of a trigger that compares with an earlier score."""
    past, row = now.past, now.row
    at = None
    if isinstance(trigger, Drop):
        at = past.before(row.day, trigger.days)
    elif isinstance(trigger, Below | Enters) and past.scores:
        at = len(past.scores) - 1
    if at is None or row.score != row.score:
        return ""
    return usual_fall(past.days, past.scores, at, row.day, row.score)


def _evidence(trigger: Trigger, now: _Now) -> str:
    """The numbers on which a trigger fires; empty where it does not."""
    return _LOOKS[type(trigger)](trigger, now)


def _drop(trigger: Drop, now: _Now) -> str:
    at = now.past.before(now.row.day, trigger.days)
    if at is None:
        return ""
    then, score = now.past.scores[at], now.row.score
    least = trigger.points + (_SLACK if trigger.more else -_SLACK)
    # A missing score compares as false.
    if not then - score >= least:
        return ""
    days = (now.row.day - now.past.days[at]).days
    return f"{short(then)} → {short(score)} in {format_value(float(days), 'days')}"


def _below(trigger: Below, now: _Now) -> str:
    if not now.past.scores or not now.shown < trigger.score:
        return ""
    then = round_half_up(now.past.scores[-1])
    return f"{then:.0f} → {now.shown:.0f}" if then >= trigger.score else ""


def _enters(trigger: Enters, now: _Now) -> str:
    if now.tier != TIERS.index(trigger.tier) or now.past.tier <= now.tier:
        return ""
    model = now.past.model
    words = " → ".join(model.tier_label(TIERS[code]) for code in (now.past.tier, now.tier))
    if now.shown != now.shown or not now.past.scores:
        return words
    return f"{round_half_up(now.past.scores[-1]):.0f} → {now.shown:.0f}, {words}"


def _renewal(trigger: Renewal, now: _Now) -> str:
    renewal = now.row.renewal
    if renewal is None or not now.shown < trigger.score:
        return ""
    left = (renewal - now.row.day).days
    if not 0 <= left <= trigger.days:
        return ""
    when = f"in {format_value(float(left), 'days')}" if left else "today"
    return f"Score {now.shown:.0f}, renews {when} ({renewal})"


def _happened(trigger: Happened, row: HistoryRow) -> str:
    what: bool | str = getattr(row, trigger.fact)
    return what if isinstance(what, str) else f"{_FACTS[trigger.fact]}: Yes" if what else ""


def _limit(trigger: Limit, row: HistoryRow) -> str:
    value: float = getattr(row, trigger.fact)
    of_ten = trigger.fact == "csat" and value != value
    if of_ten:
        value = 1.0 + 0.4 * row.csat_10
    low = trigger.low is not None and value < trigger.low - _SLACK
    high = trigger.high is not None and value > trigger.high + _SLACK
    if not (low or high):
        return ""
    if trigger.fact == "login_gap":
        return f"No login for {format_value(value, 'days')}"
    if of_ten:
        return f"CSAT {row.csat_10:.3g} of 10"
    return f"{_FACTS[trigger.fact]} {value:.3g}"


def _rise(trigger: Rise, now: _Now) -> str:
    row, before = now.row, now.past.tickets
    if row.ticket_change == row.ticket_change:
        fired = row.ticket_change > trigger.share + _SLACK
        return f"Tickets {format_value(row.ticket_change, 'change')}" if fired else ""
    if before is None:
        return ""
    # Of none there is no share: one ticket after none is no rise, two are.
    if not row.tickets / max(before.tickets, 1.0) - 1.0 > trigger.share + _SLACK:
        return ""
    return f"Tickets {before.tickets:.0f} → {row.tickets:.0f} since {before.day}"


_LOOKS: dict[type[object], Callable[[Any, _Now], str]] = {
    Drop: _drop,
    Below: _below,
    Enters: _enters,
    Renewal: _renewal,
    Limit: lambda trigger, now: _limit(trigger, now.row),
    Rise: _rise,
    Happened: lambda trigger, now: _happened(trigger, now.row),
}
"""Kind of trigger → what it looks at; millions of rows ask."""
