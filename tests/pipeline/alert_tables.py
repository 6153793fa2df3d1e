"""Accounts with a history in which every kind of alert fires, as sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.pipeline.tables import Rows, write_xlsx

TODAY = date(2026, 11, 23)
"""A Monday."""
ARGS = ["-m", "four-dimension", "--as-of", TODAY.isoformat()]

ACCOUNTS: Rows = [
    ["Account ID", "Account", "CSM", "ARR", "Currency", "Renewal date", "Last login",
     "Payment failed", "Usage", "Engagement", "Sentiment", "Financial", "CSAT"],
    ["001", "Sample Account 01", "Sample CSM 1", 264000.0, "USD", "2027-06-30", "2026-11-20",
     "no", 90, 88, 92, 90, 4.5],
    ["002", "=cmd|'/C calc'!A0", "Sample CSM 1", 96000.0, "USD", "2026-12-31", "2026-11-01",
     "no", 55, 50, 48, 60, 2.4],
    ["003", "Sample Account 03", "Sample CSM 2", 410000.0, "EUR", "2028-01-31", "2026-11-22",
     "yes", 35, 90, 90, 90, 4.1],
    ["004", "Sample Account 04", None, None, "USD", None, None, None, 70, 72, 75, 70, None],
]  # fmt: skip
HISTORY: Rows = [
    ["Account ID", "Date", "Score", "CSAT", "Last login"],
    ["001", "2026-11-09", 91, None, "2026-11-08"],
    ["002", "2026-11-09", 72, 2.5, "2026-11-08"],
    ["002", "2026-11-16", 70, 2.5, "2026-11-13"],
    ["003", "2026-11-16", 80, None, "2026-11-15"],
    ["004", "2026-11-18", 90, None, None],
    ["004", "2026-11-19", 70, None, None],
    ["009", "2026-11-18", 90, None, None],
    ["009", "2026-11-19", 10, None, None],
]  # fmt: skip
EVENTS: Rows = [
    ["Account ID", "Date", "Event", "Source"],
    ["001", "2026-11-17", "Champion of the project left", "CRM note"],
    ["001", "2026-11-18", "Quarterly review held", "CRM note"],
    ["002", "2026-10-01", "Sponsor left", "CRM note"],
]


def write_history(path: Path, accounts: Rows = ACCOUNTS, **more: Rows) -> Path:
    """The workbook, with further sheets by name."""
    sheets = {"Accounts": accounts, "Score history": HISTORY, "Events": EVENTS, **more}
    return write_xlsx(path, sheets)
