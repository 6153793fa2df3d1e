"""Alerts written to .xlsx, .csv or .json."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd

from pipeline.alerts.found import Alerts
from pipeline.alerts.groups import totals
from pipeline.exports import (
    as_csv,
    as_objects,
    draw_table,
    problem_objects,
    problems_sheet,
    save,
    tier_chips,
)
from pipeline.results import SHAPES

__all__ = ["alerts_frame", "to_json", "write_alerts"]

_HEADERS = {
    "severity": "Severity", "alert": "Alert", "evidence": "On", "account_name": "Account",
    "tier": "Tier", "arr": "ARR", "currency": "Currency", "owner": "Owner", "action": "Action",
    "due": "Due", "overdue": "Overdue", "date": "Date", "told_before": "Told before", "csm": "CSM",
    "account_id": "Account ID",
}  # fmt: skip


def alerts_frame(alerts: Alerts) -> pd.DataFrame:
    """One row an alert, the worst first; ``tier`` is the tier's key now, dates are NaT if none."""
    rows = [
        {
            "severity": item.alert.severity,
            "trigger": item.alert.trigger,
            "alert": item.alert.name,
            "evidence": item.alert.evidence,
            "account_id": item.alert.account,
            "account_name": item.name,
            "tier": item.tier or None,
            "tier_label": alerts.model.tier_label(item.tier) or None,
            "arr": item.arr,
            "currency": item.currency or None,
            "csm": item.csm or None,
            "owner": item.owner,
            "action": item.alert.action,
            "due": pd.Timestamp(item.alert.due),
            "overdue": item.overdue,
            "date": pd.Timestamp(item.alert.day),
            "told_before": pd.NaT if item.told is None else pd.Timestamp(item.told),
        }
        for item in alerts.found
    ]
    columns = ["severity", "trigger", "alert", "evidence", "account_id", "account_name", "tier",
               "tier_label", "arr", "currency", "csm", "owner", "action", "due",
               "overdue", "date", "told_before"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    days = dict.fromkeys(("due", "date", "told_before"), "datetime64[us]")
    return frame.astype(days)


def write_alerts(alerts: Alerts, path: Path) -> None:
    """Write one row an alert; the ending of *path* says the format.

    Raises:
        DataError: another ending, or a folder that cannot be written to.
        WorkbookError: the file is open in a spreadsheet program.
    """
    save(
        path,
        {
            ".csv": lambda: as_csv(alerts_frame(alerts)),
            ".xlsx": lambda: _xlsx(alerts),
            ".json": lambda: to_json(alerts).encode(),
        },
    )


def to_json(alerts: Alerts) -> str:
    """Model, days, one object an alert, counts, columns that were not there, and all problems."""
    document = {
        "model": alerts.model.label,
        "since": alerts.since.isoformat(),
        "as_of": alerts.as_of.isoformat(),
        "source": alerts.source,
        "alerts": as_objects(alerts_frame(alerts)),
        "totals": {t.name.lower(): {"alerts": t.alerts, "accounts": t.accounts}
                   for t in totals(alerts.found)},
        "overdue": alerts.overdue,
        "not_watched": list(alerts.unwatched),
        "usual_for_season": [
            {"account": a.alert.account, "name": a.name, "date": a.alert.day.isoformat(),
             "trigger": a.alert.trigger, "evidence": a.alert.evidence, "year_ago": a.alert.season}
            for a in alerts.usual
        ],
        "problems": problem_objects(alerts.problems),
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _xlsx(alerts: Alerts) -> bytes:
    from workbook_templates.drawing.theme import Book

    frame = alerts_frame(alerts)
    labels = frame["tier_label"].fillna("No score")
    frame["tier"] = [f"{SHAPES[t]} {n}" for t, n in zip(frame["tier"].fillna(""), labels,
                                                        strict=True)]  # fmt: skip
    frame["severity"] = frame["severity"].str.capitalize()
    frame["overdue"] = ["Overdue" if late else None for late in frame["overdue"]]
    frame = frame[list(_HEADERS)]
    target = io.BytesIO()
    book = Book(target, title="Customer health alerts")
    sheet = draw_table(book, "Alerts", list(_HEADERS.values()), frame, freeze=4)
    tier_chips(book, sheet, list(_HEADERS).index("tier"), len(frame))
    # On paper up to Overdue; the rest is for filters, and would make all of it too small to read.
    sheet.print_area(0, 0, max(len(frame), 1), list(_HEADERS).index("overdue"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.55)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if alerts.problems:
        problems_sheet(book, alerts.problems)
    book.close()
    return target.getvalue()
