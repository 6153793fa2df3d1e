"""Alerts counted and added up for reading."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from pipeline.alerts import AccountAlert
from pipeline.alerts.groups import Total, groups, headline, money, owners, totals
from scoring.alerts import Alert

DAY = date(2026, 11, 23)


def item(account: str, severity: Any = "high", arr: float = 100_000, **more: Any) -> AccountAlert:
    """An alert of an account; two of one severity are of one trigger."""
    alert = Alert(account, DAY, severity, f"Alert {severity}", "71 → 58", severity, "CSM", "Act.",
                  DAY, "", "")  # fmt: skip
    facts: dict[str, Any] = {"csm": "", "owner": "CSM", "currency": "USD", "tier": "red",
                             "overdue": False}  # fmt: skip
    return AccountAlert(alert, account, arr=arr, **{**facts, **more})


def test_totals_add_up() -> None:
    """Every account stands once, where it is worst, so that accounts and money add up."""
    found = [item("A", "critical"), item("A"), item("B"), item("B", "medium"), item("C", "medium")]
    assert totals(found) == [
        Total("Critical", 1, 1, 100_000), Total("High", 2, 1, 100_000),
        Total("Medium", 2, 1, 100_000), Total("Total", 5, 3, 300_000),
    ]  # fmt: skip


def test_no_currency_is_added_to_another() -> None:
    """Amounts stand by currency, that of most accounts first; unknown ones are not zero."""
    found = [
        item("A", arr=1_000), item("A", arr=1_000), item("B", arr=9_000_000, currency="EUR"),
        item("C", arr=2_000), item("D", arr=math.nan, currency="GBP"),
    ]  # fmt: skip
    assert money(found) == ["$3K", "€9.00M"]
    assert totals(found)[-1] == Total("Total", 5, 4, 3_000)
    assert headline(found) == "5 alerts, $3K and €9.00M: 5 high"
    assert money([item("D", arr=math.nan)]) == []
    assert math.isnan(totals([item("D", arr=math.nan)])[-1].arr)


def test_titles_say_what_is_new() -> None:
    """A group counts its alerts, and how many of them were not told before."""
    old: dict[str, Any] = {"told": date(2026, 11, 16)}
    assert [g.title for g in groups([item("A"), item("B", **old), item("C", "medium", **old)])] == [
        "Alert high: 2 high, 1 of them new", "Alert medium: 1 medium, none new",
    ]  # fmt: skip
    assert groups([item("A")])[0].title == "Alert high: 1 high"


def test_owners() -> None:
    """Who has the most to answer stands first, with what is overdue."""
    found = [item("A", owner="Executive"), item("B", overdue=True), item("C")]
    assert owners(found) == [("CSM", 2, 1), ("Executive", 1, 0)]
    assert headline(found) == "3 alerts, $300K: 3 high; 1 overdue"
