"""What fills *Actions*: who does what by when, for which account; people edit it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scoring.judgement.actions import STATUSES
from scoring.judgement.actions_days import WEEK_DAYS
from scoring.judgement.escalation import CHANNELS
from scoring.judgement.records import HORIZONS
from scoring.model import ScoreModel
from workbook_templates.account.words import cut
from workbook_templates.ooxml.cells import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import ACTIONS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["CLOSED", "TABLE", "fill", "tables"]

TABLE = "Actions"
CLOSED = STATUSES[2:]
"""Words of an action that nobody needs to do any more."""
_OWNERS = 6
"""Owners that the sheet's second line names."""
_NAME = 24


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row an action. What people type in any column but the account's stays."""
    columns = (
        TableColumn("account_id", "Account ID", width=70, align="left1"),
        TableColumn("account", "Account", width=150, wrap=True),
        TableColumn("tier", "Tier", width=84, align="left1"),
        TableColumn("arr", "ARR", "money", 76, "right"),
        TableColumn("currency", "Currency", width=62, align="left1"),
        TableColumn("horizon", "When", width=96, words=HORIZONS),
        TableColumn("action", "Action", width=340, wrap=True, shared=True),
        TableColumn("owner", "Owner", width=118, wrap=True, shared=True),
        TableColumn("due", "Due", "date", 78, "right", shared=True),
        TableColumn("status", "Status", width=84, align="left1", words=STATUSES, shared=True),
        TableColumn("attempts", "Attempts", "whole", 66, "right", kept=True),
        TableColumn("last_channel", "Last channel", width=80, align="left1", kept=True,
                    words=CHANNELS),
        TableColumn("response", "Response", width=84, kept=True),
        TableColumn("channel", "Try next", width=72, align="left1"),
        TableColumn("why", "Why", width=190, wrap=True, muted=True),
        TableColumn("notes", "Notes", width=160, kept=True, wrap=True),
        TableColumn("opened", "Listed since", "date", 78, "right", muted=True),
        TableColumn("closed", "Closed", "date", 78, "right", muted=True),
        TableColumn("key", "Key", width=60, muted=True, hidden=True),
        TableColumn("given", "As proposed", width=60, muted=True, hidden=True),
    )  # fmt: skip
    return (TableSpec(TABLE, ACTIONS, ("account_id", "key"), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, totals and a row an action."""
    found = p.actions
    live = found[~found["status"].isin(CLOSED)] if len(found) else found
    soon = pd.Timestamp(p.as_of + timedelta(days=WEEK_DAYS))
    late = int(live["overdue"].sum()) if len(live) else 0
    due = pd.to_datetime(live["deadline"]) if len(live) else pd.Series([], dtype="datetime64[us]")
    week = int(due.between(pd.Timestamp(p.as_of), soon).sum())
    up = int(live["escalated"].sum()) if len(live) else 0
    accounts = live["account_id"].nunique() if len(live) else 0
    values: dict[str, Value] = {
        "actions_title": _title(p, len(live), late),
        "actions_note": t.context(p, "overdue first", _left(p)),
        "actions_owners": _owners(live),
        "actions_sum_open": len(live),
        "actions_sum_open_note": f"of {t.counted(accounts, 'account')}" if accounts else "",
        "actions_sum_late": late,
        "actions_sum_late_note": "past their day",
        "actions_sum_week": week,
        "actions_sum_week_note": f"due to {t.day_text(soon)}",
        "actions_sum_up": up,
        "actions_sum_up_note": "nobody answered three times",
        "actions_sum_closed": len(found) - len(live),
        "actions_sum_closed_note": "done or dropped",
    }
    rows = [_row(p, row) for row in _records(found)] or [{"account": "No action is open."}]
    return Filling(values, {TABLE: rows})


def _records(found: pd.DataFrame) -> list[dict[str, Any]]:
    return found.to_dict("records") if len(found) else []  # type: ignore[return-value]


def _title(p: Portfolio, live: int, late: int) -> str:
    if not live:
        return "No action is open" if len(p.frame) else "No accounts, no actions"
    overdue = f", {late:,} overdue" if late else ", none overdue"
    return f"{t.counted(live, 'open action')}{overdue}"


def _left(p: Portfolio) -> str:
    left = p.actions.attrs.get("left", 0)
    return f"{left:,} more accounts below them not planned for" if left else ""


def _owners(live: pd.DataFrame) -> str:
    """Who has how many, the one with the most first."""
    if not len(live):
        return ""
    count = Counter(live["owner"].tolist())
    late = Counter(live.loc[live["overdue"].astype(bool), "owner"].tolist())
    ranked = sorted(count, key=lambda who: (-count[who], who))
    told = [
        f"{cut(who or 'Nobody', _NAME)} {count[who]:,}"
        + (f" ({late[who]:,} overdue)" if late[who] else "")
        for who in ranked[:_OWNERS]
    ]
    rest = sum(count[who] for who in ranked[_OWNERS:])
    return t.joined([*told, f"others {rest:,}" if rest else ""])


def _row(p: Portfolio, row: dict[str, Any]) -> dict[str, Value]:
    attempts = row["attempts"]
    return {
        "account_id": row["account_id"] or None,
        "account": row["account_name"],
        "tier": t.tier_text(p.model, row["tier"]) if row["tier"] else None,
        "arr": t.plain_number(row["arr"]),
        "currency": row["currency"] or None,
        "horizon": row["horizon"],
        "action": row["action"],
        "owner": row["owner"] or None,
        "due": _day(row["deadline"]),
        "status": row["status"],
        "attempts": float(attempts) if attempts else None,
        "last_channel": row["last_channel"] or None,
        "response": row["response"] or None,
        "channel": row["channel"] or None,
        "why": row["why"],
        "notes": row["notes"] or None,
        "opened": _day(row["opened"]),
        "closed": _day(row["closed"]),
        "key": row["key"],
        "given": row["given"] or None,
    }


def _day(value: object) -> date | None:
    return t.plain_date(value) if value is not pd.NaT else None
