"""What fills *Risks*: which kinds are systematic, then every account's risks."""

from __future__ import annotations

from typing import Any

from scoring.judgement.records import SEVERITIES
from scoring.model import ScoreModel
from workbook_templates.ooxml.cells import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.alerts import STATUSES
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import RISKS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["KINDS", "TABLE", "fill", "tables"]

TABLE = "Risks"
KINDS = 10
"""Kinds of risk that the block at the top shows."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a risk; people write its status and notes."""
    columns = (
        TableColumn("account_id", "Account ID", width=76, align="left1"),
        TableColumn("account", "Account", width=150, wrap=True),
        TableColumn("tier", "Tier now", width=84, align="left1"),
        TableColumn("severity", "Severity", width=72),
        TableColumn("risk", "Risk", width=142, wrap=True, bold=True),
        TableColumn("evidence", "Evidence", width=300, align="left1", wrap=True),
        TableColumn("since", "Since", "date", 78, "right"),
        TableColumn("arr", "ARR", "money", 80, "right"),
        TableColumn("currency", "Currency", width=64, align="left1"),
        TableColumn("dimension", "Dimension", width=100, wrap=True),
        TableColumn("mitigation", "Mitigation", width=250, wrap=True),
        TableColumn("owner", "Owner", width=116, align="left1", wrap=True),
        TableColumn("play", "Play", width=116, wrap=True),
        TableColumn("status", "Status", width=86, align="left1", kept=True, words=STATUSES),
        TableColumn("notes", "Notes", width=150, kept=True, wrap=True),
        TableColumn("key", "Key", width=60, muted=True, hidden=True),
    )
    return (TableSpec(TABLE, RISKS, ("account_id", "key"), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, totals, kinds and a row a risk."""
    found, kinds = p.risks, _kinds(p)
    values: dict[str, Any] = {
        "risks_title": _title(p),
        "risks_note": t.context(p, "by severity × ARR", _left(p), _low(p), t.currency_words(p)),
        "risks_sum_all": found.total,
        "risks_sum_all_note": _each(found.total, found.accounts),
        "risks_sum_accounts": found.accounts,
        "risks_sum_accounts_note": f"of {len(p.frame):,}",
        "risks_sum_arr": found.arr,
        "risks_sum_arr_note": "each account once",
        "risks_sum_open": len(found.rows),
        "risks_sum_open_note": "status Open or In progress",
        "risks_kinds_names": [[row[0]] for row in kinds],
        "risks_kinds": [row[1:] for row in kinds],
    }
    words = found.rows["severity"].tolist()
    for severity in SEVERITIES[:-1]:
        values[f"risks_sum_{severity.casefold()}"] = words.count(severity)
        values[f"risks_sum_{severity.casefold()}_note"] = "of those listed" if found.left else ""
    values["risks_sum_low"] = found.low
    values["risks_sum_low_note"] = "on scorecards only"
    columns = found.rows.to_dict("records")
    rows = [_row(p, row) for row in columns] or [{"account": "No high or medium risk."}]
    return Filling(values, {TABLE: rows})


def _title(p: Portfolio) -> str:
    found = p.risks
    if not found.total:
        return "No high or medium risk" if len(p.frame) else "No accounts, no risks"
    if not found.high_accounts:
        return f"No high risk; {t.counted(found.total, 'medium one')}"
    # Not the number of high ones: of very many risks only the heaviest are listed.
    said = f"{t.counted(found.high_accounts, 'account')} with a high risk"
    return f"{said}: {t.money(p, found.high_arr)} of ARR" if found.high_arr else said


def _low(p: Portfolio) -> str:
    return f"{p.risks.low:,} low ones on scorecards only" if p.risks.low else ""


def _left(p: Portfolio) -> str:
    return f"the heaviest {len(p.risks.rows):,}, {p.risks.left:,} left out" if p.risks.left else ""


def _each(total: int, accounts: int) -> str:
    return f"{total / accounts:.1f} an account" if accounts else ""


def _kinds(p: Portfolio) -> list[list[Value]]:
    """Name, accounts, how many are high, ARR, share of accounts."""
    n = max(len(p.frame), 1)
    out: list[list[Value]] = []
    for row in p.risks.kinds.head(KINDS).to_dict("records"):
        count = int(row["accounts"])
        out.append([row["name"], count, int(row["high"]), float(row["arr"]), count / n])
    return out


def _row(p: Portfolio, row: Any) -> dict[str, Value]:
    return {
        "account_id": row["account_id"],
        "account": row["account_name"],
        "tier": t.tier_text(p.model, row["tier"]),
        "severity": row["severity"],
        "risk": row["name"],
        "evidence": row["text"],
        "since": t.plain_date(row["since"]),
        "arr": t.plain_number(row["arr"]),
        "currency": row["currency"] or None,
        "dimension": row["dimension"] or None,
        "mitigation": row["mitigation"] or None,
        "owner": row["owner"] or None,
        "play": row["play"] or None,
        "status": STATUSES[0],
        "notes": None,
        "key": row["key"],
    }
