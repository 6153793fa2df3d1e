"""What fills *Review*: what a manager must look at, who, why and since when."""

from __future__ import annotations

from collections import Counter
from typing import Any

from scoring.judgement.review import KINDS, NEW_LISTED, ReviewLine
from scoring.model import ScoreModel
from workbook_templates.ooxml.cells import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import REVIEW
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "fill", "tables"]

TABLE = "Review"
_STATES = ("Open", "Seen")
_MOST = 2000
"""Lines that are listed; more nobody reads (ours)."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a thing to look at; people write status and notes."""
    columns = (
        TableColumn("kind", "Kind", width=104),
        TableColumn("account_id", "Account ID", width=76, align="left1"),
        TableColumn("account", "Account", width=160, wrap=True),
        TableColumn("tier", "Tier", width=84, align="left1"),
        TableColumn("arr", "ARR", "money", 80, "right"),
        TableColumn("currency", "Currency", width=64, align="left1"),
        TableColumn("csm", "CSM", width=112, wrap=True),
        TableColumn("what", "What", width=340, wrap=True),
        TableColumn("why", "Why", width=310, wrap=True),
        TableColumn("since", "Since", "date", 78, "right"),
        TableColumn("status", "Status", width=72, align="left1", kept=True, words=_STATES),
        TableColumn("notes", "Notes", width=160, kept=True, wrap=True),
        TableColumn("key", "Key", width=60, muted=True, hidden=True),
    )
    return (TableSpec(TABLE, REVIEW, ("kind", "account_id", "key"), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, what there is of each kind, and a row a line."""
    lines = p.review
    count = Counter(line.kind for line in lines)
    told = [f"{kind} {count[kind]:,}" for kind in KINDS if count[kind]]
    more = f"{len(lines) - _MOST:,} more not listed" if len(lines) > _MOST else ""
    new = f"of new High risks the {NEW_LISTED} largest" if count[KINDS[4]] >= NEW_LISTED else ""
    values: dict[str, Value] = {
        "review_title": _title(len(lines), len({line.account_id for line in lines})),
        "review_note": t.context(p, more, new, t.currency_words(p)),
        "review_kinds": t.joined(told),
    }
    keys = ("account_name", "tier", "arr", "currency", "csm")
    columns = (p.frame[key].tolist() for key in ("account_id", *keys))
    facts = {row[0]: row[1:] for row in zip(*columns, strict=True)}
    rows = [_row(p, line, facts) for line in lines[:_MOST]]
    return Filling(values, {TABLE: rows or [{"account": "Nothing to review."}]})


def _title(lines: int, accounts: int) -> str:
    if not lines:
        return "Nothing to review"
    return f"{t.counted(lines, 'point')} to decide, in {t.counted(accounts, 'account')}"


def _row(p: Portfolio, line: ReviewLine, facts: dict[str, tuple[Any, ...]]) -> dict[str, Value]:
    name, tier, arr, currency, csm = facts.get(line.account_id, (line.account_id, "", None, "", ""))
    return {
        "kind": line.kind,
        "account_id": line.account_id,
        "account": str(name),
        "tier": t.tier_text(p.model, str(tier)) if tier else None,
        "arr": t.plain_number(arr) if arr is not None else None,
        "currency": str(currency) or None,
        "csm": str(csm) or None,
        "what": line.what,
        "why": line.why or None,
        "since": line.since,
        "status": _STATES[0],
        "notes": None,
        "key": line.key,
    }
