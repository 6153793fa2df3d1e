"""The lines of *Alerts* in the portfolio workbook: what `healthsheet alerts` finds, as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from pipeline.alerts.found import EVENTS, AccountAlert, Alerts, alerts_of_history, told_before
from pipeline.alerts.groups import usual_words
from pipeline.alerts.rows import history_rows
from pipeline.sources import History
from scoring.alert_rows import may_fire
from scoring.alert_season import NEAR_DAYS, YEAR_DAYS
from scoring.alerts import find_alerts
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.triggers import TRIGGERS, Trigger
from workbook_templates.portfolio.alerts import COLUMNS

__all__ = ["LISTED_DAYS", "LOOKS_BACK", "alert_lines"]

LISTED_DAYS = 30
"""Days whose alerts are listed: monthly snapshots leave nothing out, and work on an alert is
seen until it is over."""
LOOKS_BACK = 120
"""Days before the first one listed whose rows count: four monthly snapshots."""
_SEASON = timedelta(days=YEAR_DAYS)
_DATES = ("date", "due", "told", "first")
_Key = tuple[str, str, date]
"""Account, trigger and day of an alert."""


def alert_lines(
    inputs: Inputs,
    model: ScoreModel,
    *,
    as_of: date,
    triggers: Sequence[Trigger] = TRIGGERS,
    days: int = LISTED_DAYS,
) -> pd.DataFrame:
    """What fired in the last days, the most severe first.

    Args:
        inputs: accounts as they are on the day, and their history.
        model: scores the history.
        as_of: the last day that counts.
        triggers: what to look for; `choose_triggers` gives those of a company.
        days: how many days to list, the last one included.

    Returns:
        A row an alert, in the columns of `portfolio.alerts.COLUMNS`; dates are datetime64. What
        has gone on since it was told first is one row, however often it was told. Its
        ``attrs["usual"]`` is a sentence on falls that are usual for the season, or "".
    """
    since = as_of - timedelta(days=days - 1)

    def found(accounts: pd.DataFrame, history: pd.DataFrame) -> Alerts:
        some = History(replace(inputs, accounts=accounts, history=history), has_today=True)
        return alerts_of_history(some, model, triggers, as_of=as_of, since=since)

    recent = _recent(inputs.history, since)
    alerts = found(inputs.accounts, recent)
    rows, usual = alerts.found, alerts.usual
    # The year before counts for the few that fell: reading it for all would take long.
    fell = {a.alert.account for a in rows if a.alert.trigger in EVENTS}
    past = _year_ago(inputs.history, since, as_of, fell)
    if len(past):
        of = pd.concat([recent[recent["account_id"].isin(fell)], past])
        accounts = inputs.accounts
        again = found(accounts[accounts["account_id"].isin(fell)], of[~of.index.duplicated()])
        season = {(a.alert.account, a.alert.trigger, a.alert.day) for a in again.usual}
        rows = tuple(
            a for a in rows if (a.alert.account, a.alert.trigger, a.alert.day) not in season
        )
        usual = again.usual
    open_since = _open_since(inputs, rows, model, triggers, as_of)
    lines = [_line(a, *open_since[_key(a)]) for a in _newest(rows, open_since)]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    frame = frame.assign(**{key: pd.to_datetime(frame[key]) for key in _DATES})
    frame.attrs["usual"] = usual_words(usual) if usual else ""
    return frame


def _key(item: AccountAlert) -> _Key:
    return item.alert.account, item.alert.trigger, item.alert.day


def _open_since(
    inputs: Inputs,
    rows: Sequence[AccountAlert],
    model: ScoreModel,
    triggers: Sequence[Trigger],
    as_of: date,
) -> dict[_Key, tuple[date, int]]:
    """Alert → the day it was told first, and how often; years count of the few that go on."""
    going = {a.alert.account for a in rows if a.told is not None}
    told: dict[_Key, date] = {}
    if going:
        accounts, history = inputs.accounts, inputs.history
        own = replace(
            inputs,
            accounts=accounts[accounts["account_id"].isin(going)],
            history=history[history["account_id"].isin(going)] if len(history) else history,
        )
        days = history_rows(History(own, has_today=True), model, as_of=as_of)
        links = told_before(find_alerts(days, model, triggers, quick=may_fire), days)
        told = {(a.account, a.trigger, a.day): day for a, day in links.items()}
        told |= {_key(a): a.told for a in rows if a.told is not None}
    out = {}
    for item in rows:
        account, trigger, day = _key(item)
        times = 1
        while (account, trigger, day) in told:
            day, times = told[account, trigger, day], times + 1
        out[_key(item)] = day, times
    return out


def _newest(
    rows: Sequence[AccountAlert], open_since: Mapping[_Key, tuple[date, int]]
) -> list[AccountAlert]:
    """Of all that go on since one day the one that was told last."""
    last: dict[_Key, date] = {}
    for account, trigger, day in map(_key, rows):
        one = (account, trigger, open_since[account, trigger, day][0])
        last[one] = max(day, last.get(one, day))
    newest = {(account, trigger, day) for (account, trigger, _), day in last.items()}
    return [item for item in rows if _key(item) in newest]


def _year_ago(
    history: pd.DataFrame, since: date, as_of: date, accounts: Collection[str]
) -> pd.DataFrame:
    """Rows of some accounts a year before those that `_recent` keeps."""
    if history.empty or not accounts:
        return history.iloc[:0]
    days = pd.to_datetime(history["date"])
    first, last = pd.Timestamp(since) - _SEASON, pd.Timestamp(as_of) - _SEASON
    near = days.between(first - timedelta(days=LOOKS_BACK), last + timedelta(days=NEAR_DAYS))
    return history[near & history["account_id"].isin(accounts)]


def _recent(history: pd.DataFrame, since: date) -> pd.DataFrame:
    """The rows that the alerts since a day can depend on; years of history would take long.

    An alert looks back a month at most, and at the row before its own, however old that is.
    """
    if history.empty:
        return history
    days = pd.to_datetime(history["date"])
    old = days < pd.Timestamp(since) - pd.Timedelta(days=LOOKS_BACK)
    before = history[old].assign(_day=days[old]).sort_values("_day", kind="stable")
    kept = before.drop_duplicates("account_id", keep="last").index
    return history[~old | history.index.isin(kept)]


def _line(item: AccountAlert, first: date, times: int) -> tuple[object, ...]:
    alert = item.alert
    return (
        alert.day,
        alert.account,
        item.name,
        alert.severity,
        alert.name,
        alert.evidence,
        item.owner,
        alert.action,
        alert.due,
        item.overdue,
        item.told,
        item.arr,
        item.currency,
        item.tier,
        alert.trigger,
        first,
        times,
    )
