"""What fills *Alerts*."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from scoring.amounts import main_currency
from scoring.judgement.flags import FALSE_POSITIVE
from scoring.model import ScoreModel
from scoring.triggers import SEVERITIES
from workbook_templates.ooxml.cells import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import ALERTS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["COLUMNS", "DONE", "STATUSES", "TABLE", "fill", "tables"]

COLUMNS = (
    "date", "account_id", "account_name", "severity", "trigger", "evidence", "owner", "action",
    "due", "overdue", "told", "arr", "currency", "tier",
    "key", "first", "times",
)  # fmt: skip
"""Of `Portfolio.alerts`, a row an alert, the most severe first: severity is a word of
`triggers.SEVERITIES`, overdue a truth, told the day it was told before or NaT, tier a key, key
that of the trigger, first the day it was told first since it goes on, times how often.
Its ``attrs["usual"]`` is a sentence on falls that are usual for the season."""

TABLE = "Alerts"
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
STATUSES = ("Open", "In progress", "Done", "Dropped", FALSE_POSITIVE)
DONE = STATUSES[2:]
"""Words of an alert that nobody needs to answer any more."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row an alert; people write its status and notes."""
    columns = (
        TableColumn("date", "Fired on", "date", 78, "right"),
        TableColumn("account_id", "Account ID", width=70, align="left1"),
        TableColumn("account", "Account", width=172, wrap=True),
        TableColumn("severity", "Severity", width=72),
        TableColumn("trigger", "Trigger", width=164, wrap=True),
        TableColumn("evidence", "Evidence", width=190, wrap=True),
        TableColumn("tier", "Tier now", width=84, align="left1"),
        TableColumn("arr", "ARR", "money", 80, "right"),
        TableColumn("currency", "Currency", width=64, align="left1"),
        TableColumn("owner", "Owner", width=118, wrap=True),
        TableColumn("action", "Action", width=192, wrap=True),
        TableColumn("due", "Act by", "date", 78, "right"),
        TableColumn("status", "Status", width=86, align="left1", kept=True, words=STATUSES),
        TableColumn("notes", "Notes", width=150, kept=True, wrap=True),
    )
    return (TableSpec(TABLE, ALERTS, ("account_id", "trigger", "date"), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, totals and a row an alert."""
    found = p.alerts
    count, worst = len(found), _of(found, "severity", *SEVERITIES[1:])
    late = _late(found)
    accounts = found.drop_duplicates("account_id") if count else found
    main = main_currency(p.frame)
    arr = accounts.loc[accounts["currency"] == main, "arr"].sum() if count else 0.0
    values: dict[str, Value] = {
        "alerts_title": _title(p, worst, late),
        "alerts_note": t.context(p, "most severe first", t.currency_words(p)),
        "alerts_usual": p.alerts.attrs.get("usual", ""),
        "alerts_sum_all": count,
        "alerts_sum_all_note": f"of {t.counted(len(accounts), 'account')}" if count else "",
        "alerts_sum_open": count,
        "alerts_sum_open_note": "status Open or In progress",
        "alerts_sum_late": late,
        "alerts_sum_late_note": "past the day to act",
        "alerts_sum_arr": arr,
        "alerts_sum_arr_note": "each account once",
    }
    for severity in SEVERITIES:
        values[f"alerts_sum_{severity}"] = _of(found, "severity", severity)
        values[f"alerts_sum_{severity}_note"] = _severity_note(found, severity)
    rows = [_row(p, row) for row in _records(found)] or [{"account": "No alert fired."}]
    return Filling(values, {TABLE: rows})


def _records(found: pd.DataFrame) -> list[dict[str, Any]]:
    return found.to_dict("records") if len(found) else []  # type: ignore[return-value]


def _of(found: pd.DataFrame, key: str, *words: str) -> int:
    return int(found[key].isin(words).sum()) if len(found) else 0


def _late(found: pd.DataFrame) -> int:
    return int(found["overdue"].sum()) if len(found) else 0


def _severity_note(found: pd.DataFrame, severity: str) -> str:
    if not _of(found, "severity", severity):
        return ""
    mine = found[found["severity"] == severity]
    again = int(mine["told"].notna().sum())
    return f"{again} told before" if again else "all new"


def _title(p: Portfolio, worst: int, late: int) -> str:
    if not len(p.alerts):
        return "No alert fired in the last 30 days" if len(p.frame) else "No accounts, no alerts"
    severe = f"{worst:,} critical or high" if worst else "none critical or high"
    overdue = f", {late:,} overdue" if late else ""
    return f"{t.counted(len(p.alerts), 'alert')}: {severe}{overdue}"


def _spoken(evidence: str) -> str:
    """Evidence with its dates as the workbook writes them: 2027-01-31 is 31 Jan 2027."""

    def words(found: re.Match[str]) -> str:
        try:
            return t.day_text(date.fromisoformat(found[0]))
        except ValueError:  # Digits of something else.
            return found[0]

    return _DAY.sub(words, evidence)


def _again(row: Mapping[str, Any]) -> str:
    """How often an alert that goes on was told, and when last."""
    last = t.plain_date(row["date"])
    if row["times"] < 2 or last is None:
        return ""
    return f"; told {int(row['times'])} times, last on {t.day_text(last)}"


def _row(p: Portfolio, row: dict[str, Any]) -> dict[str, Value]:
    return {
        # The first day tells the alert apart for as long as it goes on.
        "date": t.plain_date(row["first"]),
        "account_id": row["account_id"],
        "account": row["account_name"],
        "severity": str(row["severity"]).capitalize(),
        "trigger": row["trigger"],
        "evidence": f"{_spoken(row['evidence'])}{_again(row)}",
        "tier": t.tier_text(p.model, row["tier"]),
        "arr": t.plain_number(row["arr"]),
        "currency": row["currency"] or None,
        "owner": row["owner"],
        "action": row["action"],
        "due": t.plain_date(row["due"]),
        "status": STATUSES[0],
        "notes": None,
    }
