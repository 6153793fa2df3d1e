"""The lines of *Alerts* in the portfolio workbook: what `healthsheet alerts` finds, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from pipeline.alerts.found import AccountAlert, alerts_of_history
from pipeline.sources import History
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.triggers import TRIGGERS, Trigger
from workbook_templates.portfolio.alerts import COLUMNS

__all__ = ["LISTED_DAYS", "alert_lines"]

LISTED_DAYS = 30
"""Days whose alerts are listed: monthly snapshots leave nothing out, and work on an alert is
seen until it is over."""


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
    history = History(inputs, has_today=True)
    since = as_of - timedelta(days=days - 1)
    found = alerts_of_history(history, model, triggers, as_of=as_of, since=since).found
    frame = pd.DataFrame([_line(item) for item in found], columns=list(COLUMNS))
    return frame.assign(**{key: pd.to_datetime(frame[key]) for key in ("date", "due", "told")})


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
