"""The alerts of a source: what fired since a day, for whom, about how much money."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.alerts.recorded import recorded_history
from pipeline.alerts.rows import history_rows, unwatched
from pipeline.alerts.settings import choose_triggers
from pipeline.sources import History, read_history
from pipeline.store import names_history
from scoring.alert_rows import may_fire
from scoring.alerts import QUIET_DAYS, Alert, HistoryRow, find_alerts
from scoring.errors import DataError
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel
from scoring.triggers import SEVERITIES, TRIGGERS, Trigger

__all__ = [
    "EVENTS",
    "LOOK_BACK",
    "AccountAlert",
    "Alerts",
    "alerts_of_history",
    "alerts_of_source",
    "told_before",
]

LOOK_BACK = 7
"""Days whose alerts are told, today's included: who looks every Monday sees each once."""

_ORDER = {trigger.key: place for place, trigger in enumerate(TRIGGERS)}
EVENTS = frozenset(t.key for t in TRIGGERS if t.kind in ("drop", "below", "enters"))
"""Keys of the triggers that compare with an earlier score."""


@dataclass(frozen=True)
class AccountAlert:
    """An alert beside its account.

    Attributes:
        alert: what fired.
        name: of the account.
        csm: who looks after it; "" where nobody is named.
        owner: who acts: the CSM by name where the trigger says so, else the role.
        arr: NaN where it is not known.
        currency: ISO code of the ARR; "" where nobody said.
        tier: key of its last tier, which may be better again; "" where it never had one.
        overdue: whether the day to act by has passed.
        told: when it was told before, where the same has gone on since; else None.
    """

    alert: Alert
    name: str
    csm: str
    owner: str
    arr: float
    currency: str
    tier: str
    overdue: bool
    told: date | None = None


@dataclass(frozen=True)
class Alerts:
    """The alerts of a source from one day to another.

    Attributes:
        found: the most severe first, then as the triggers stand; of one trigger what is new
            first, then by ARR.
        usual: what would have been found as well, had the score not fallen as much in the same
            weeks a year ago; in the same order.
        model: what scored the history.
        since: the first day.
        as_of: the last day.
        newest: day of the last row; None where all rows are of later days.
        compared: whether any account has two rows, so that something could have fallen.
        unwatched: columns without a value, so that their triggers cannot fire.
        has_today: whether the source has accounts beside the history.
        source: what was read.
        problems: what was wrong in it.
    """

    found: tuple[AccountAlert, ...]
    model: ScoreModel
    since: date
    as_of: date
    newest: date | None
    compared: bool
    unwatched: tuple[str, ...]
    has_today: bool
    source: str
    problems: tuple[Problem, ...]
    usual: tuple[AccountAlert, ...] = ()

    @property
    def overdue(self) -> int:
        """How many are overdue."""
        return sum(a.overdue for a in self.found)


def alerts_of_source(
    source: str | Path,
    model: ScoreModel,
    *,
    as_of: date,
    since: date | None = None,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    query: str | None = None,
) -> Alerts:
    """Read a source and find what fired from *since* (a week ago) to *as_of*.

    The whole history counts: what was told within a week is not told again. The source may be the
    address of a recorded history. The other options are those of `read_source`.

    Raises:
        DataError: the source or the settings beside it cannot be read.
        HistoryError: a recorded history cannot be used.
    """
    triggers = choose_triggers(source)
    if query is None and names_history(str(source)):
        if sheet is not None:
            raise DataError("A recorded history has no sheets. Leave out --sheet.")
        history = recorded_history(str(source), model, as_of=as_of)
    else:
        history = read_history(
            source, model, sheet=sheet, day_first=day_first, decimal=decimal, query=query,
            as_of=as_of,
        )  # fmt: skip
    return alerts_of_history(history, model, triggers, as_of=as_of, since=since)


def alerts_of_history(
    history: History,
    model: ScoreModel,
    triggers: Sequence[Trigger] = TRIGGERS,
    *,
    as_of: date,
    since: date | None = None,
) -> Alerts:
    """What fired from *since* (a week ago) to *as_of* in accounts over time, as read."""
    first = since or as_of - timedelta(days=LOOK_BACK - 1)
    rows = history_rows(history, model, as_of=as_of)
    every = find_alerts(rows, model, triggers, quick=may_fire, seasonal=True)
    fired = [alert for alert in every if not alert.season]
    accounts = {alert.account for alert in every}
    theirs = [row for row in rows if row.account in accounts]
    told = told_before(fired, theirs)
    recent = [(a, told.get(a)) for a in fired if a.day >= first]
    usual = [(a, None) for a in every if a.season and a.day >= first]
    scored = [row.account for row in rows if row.score == row.score]
    return Alerts(
        found=tuple(_beside_accounts(recent, history.inputs, theirs, as_of)),
        model=model,
        since=first,
        as_of=as_of,
        newest=max((row.day for row in rows), default=None),
        compared=len(set(scored)) < len(scored),
        unwatched=tuple(unwatched(history, rows)),
        has_today=history.has_today,
        source=history.inputs.source,
        problems=history.inputs.problems,
        usual=tuple(_beside_accounts(usual, history.inputs, theirs, as_of)),
    )


def told_before(fired: Iterable[Alert], rows: Iterable[HistoryRow]) -> dict[Alert, date]:
    """When an alert on a state was told before, of those where it has gone on ever since.

    A state that goes on is told at its next row after the quiet week; one that fires later than
    that had ended meanwhile. What falls or is entered is an event, and new each time.
    """
    days: dict[str, list[date]] = {}
    for row in rows:
        days.setdefault(row.account, []).append(row.day)
    for own in days.values():
        own.sort()
    told: dict[Alert, date] = {}
    last: dict[tuple[str, str], date] = {}
    for alert in sorted(fired, key=lambda a: a.day):
        before = last.get((alert.account, alert.trigger))
        last[alert.account, alert.trigger] = alert.day
        if before is None or alert.trigger in EVENTS:
            continue
        own = days[alert.account]
        step = alert.day - own[bisect_left(own, alert.day) - 1]
        if alert.day - before < timedelta(days=QUIET_DAYS) + step:
            told[alert] = before
    return told


def _beside_accounts(
    fired: Sequence[tuple[Alert, date | None]],
    inputs: Inputs,
    rows: Sequence[HistoryRow],
    as_of: date,
) -> list[AccountAlert]:
    accounts = inputs.accounts.set_index("account_id")
    tiers = {row.account: row.tier for row in sorted(rows, key=lambda r: r.day) if row.tier}
    wanted = list(dict.fromkeys(alert.account for alert, _ in fired))
    known = accounts.reindex(index=wanted, columns=["account_name", "csm", "arr", "currency"])
    facts = dict(zip(wanted, known.to_dict("records"), strict=True))
    for account, own in facts.items():
        own["tier"] = tiers.get(account, "")
    found = [_beside(alert, facts[alert.account], as_of, told) for alert, told in fired]
    return sorted(found, key=_worst_first(found))


def _beside(alert: Alert, facts: Mapping[Any, Any], as_of: date, told: date | None) -> AccountAlert:
    csm, arr = _text(facts["csm"]), facts["arr"]
    return AccountAlert(
        alert=alert,
        name=_text(facts["account_name"]) or alert.account,
        csm=csm,
        owner=re.sub(r"\bCSM\b", lambda _: csm, alert.owner) if csm else alert.owner,
        arr=math.nan if pd.isna(arr) else float(arr),
        currency=_text(facts["currency"]),
        tier=facts["tier"],
        overdue=alert.due < as_of,
        told=told,
    )


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _worst_first(found: Sequence[AccountAlert]) -> Callable[[AccountAlert], tuple[Any, ...]]:
    # Amounts of two currencies do not compare: those of the commoner one go first.
    count = Counter(a.currency for a in found)

    def key(item: AccountAlert) -> tuple[Any, ...]:
        alert = item.alert
        return (
            -SEVERITIES.index(alert.severity),
            _ORDER[alert.trigger],
            item.told is not None,
            -count[item.currency],
            item.currency,
            -item.arr if item.arr == item.arr else math.inf,
            item.name,
            alert.account,
            -alert.day.toordinal(),
        )

    return key
