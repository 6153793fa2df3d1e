"""Alerts put together for reading: by trigger, by severity, by owner; money by currency."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.alerts.found import AccountAlert
from scoring.triggers import SEVERITIES, Severity
from scoring.units import format_money

__all__ = [
    "Group",
    "Total",
    "counted",
    "groups",
    "headline",
    "money",
    "owners",
    "totals",
    "usual_words",
]

_NAMED = 3


@dataclass(frozen=True)
class Group:
    """Alerts of one trigger, which ask for the same.

    Attributes:
        trigger: its key.
        name: its name.
        severity: of all of them.
        action: what to do about each.
        alerts: in the order in which they were found.
    """

    trigger: str
    name: str
    severity: Severity
    action: str
    alerts: tuple[AccountAlert, ...]

    @property
    def title(self) -> str:
        """``CSAT below 3.0: 11 high, 2 of them new``."""
        new = sum(a.told is None for a in self.alerts)
        count = len(self.alerts)
        tail = "" if new == count else f", {new} of them new" if new else ", none new"
        return f"{self.name}: {count:,} {self.severity}{tail}"


@dataclass(frozen=True)
class Total:
    """Alerts of one severity, or all.

    Attributes:
        name: of the severity, or Total.
        alerts: how many.
        accounts: how many have none more severe, so that they add up.
        arr: of these accounts, in the currency of most accounts; NaN where none is known.
    """

    name: str
    alerts: int
    accounts: int
    arr: float


def groups(alerts: Iterable[AccountAlert]) -> list[Group]:
    """Alerts by trigger, in the order in which they were found."""
    return [
        Group(trigger, part[0].alert.name, part[0].alert.severity, part[0].alert.action, part)
        for trigger, part in (
            (key, tuple(found)) for key, found in groupby(alerts, lambda a: a.alert.trigger)
        )
    ]


def totals(alerts: Sequence[AccountAlert]) -> list[Total]:
    """A line for each severity there is, the most severe first, then all."""
    worst: dict[str, AccountAlert] = {}
    for item in alerts:
        worst.setdefault(item.alert.account, item)
    main = main_currency(alerts)
    lines = []
    for severity in reversed(SEVERITIES):
        count = sum(a.alert.severity == severity for a in alerts)
        own = [a for a in worst.values() if a.alert.severity == severity]
        if count:
            lines.append(Total(severity.capitalize(), count, len(own), _sum(own, main)))
    whole = _sum(worst.values(), main)
    return [*lines, Total("Total", len(alerts), len(worst), whole)]


def main_currency(alerts: Sequence[AccountAlert]) -> str:
    """The currency of most accounts with an ARR; of equally many the first."""
    known = {a.alert.account: a.currency for a in alerts if a.arr == a.arr}
    return Counter(known.values()).most_common(1)[0][0] if known else ""


def _sum(alerts: Iterable[AccountAlert], currency: str) -> float:
    given = list(alerts)
    known = [a.arr for a in given if a.currency == currency and a.arr == a.arr]
    return sum(known) if known or not given else math.nan


def money(alerts: Sequence[AccountAlert]) -> list[str]:
    """ARR of the accounts, each counted once: an amount a currency, the commonest first."""
    known = {a.alert.account: a for a in alerts if a.arr == a.arr}
    count = Counter(a.currency for a in known.values())
    return [format_money(_sum(known.values(), code), code) for code, _ in count.most_common()]


def owners(alerts: Iterable[AccountAlert]) -> list[tuple[str, int, int]]:
    """Owner, alerts, and how many of them are overdue; who has the most first."""
    all_of: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for item in alerts:
        all_of[item.owner] += 1
        late[item.owner] += item.overdue
    return [(name, count, late[name]) for name, count in all_of.most_common()]


def counted(count: int, what: str) -> str:
    """``1 alert``, ``2 alerts``."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def headline(alerts: Sequence[AccountAlert]) -> str:
    """``5 alerts, $324K: 2 critical, 3 high; 1 overdue``, the number first."""
    amounts = " and ".join(money(alerts)[:2])
    parts = [f"{t.alerts:,} {t.name.lower()}" for t in totals(alerts)[:-1]]
    late = sum(a.overdue for a in alerts)
    text = counted(len(alerts), "alert") + (f", {amounts}" if amounts else "")
    return f"{text}: {', '.join(parts)}" + (f"; {late:,} overdue" if late else "")


def usual_words(usual: Sequence[AccountAlert]) -> str:
    """What fell as it did a year before, and so is no alert; the first few by name."""
    accounts = {a.alert.account: a for a in usual}
    told = [f"{a.name} ({a.alert.evidence}; {a.alert.season})" for a in accounts.values()]
    rest = [f"{len(told) - _NAMED:,} more"] if len(told) > _NAMED else []
    fell = "fall is" if len(told) == 1 else "falls are"
    listed = ", ".join([*told[:_NAMED], *rest])
    return f"{len(told):,} {fell} usual for the season and no alert: {listed}."
