"""The lines of *Alerts* in the portfolio workbook: what `healthsheet alerts` finds, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from pipeline.alerts.found import AccountAlert, alerts_of_history
from pipeline.sources import History
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
        A row an alert, in the columns of `portfolio.alerts.COLUMNS`; dates are datetime64.
    """
    since = as_of - timedelta(days=days - 1)
    recent = replace(inputs, history=_recent(inputs.history, since))
    history = History(recent, has_today=True)
    found = alerts_of_history(history, model, triggers, as_of=as_of, since=since).found
    frame = pd.DataFrame([_line(item) for item in found], columns=list(COLUMNS))
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in ("date", "due", "told")})


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


def _line(item: AccountAlert) -> tuple[object, ...]:
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
    )
