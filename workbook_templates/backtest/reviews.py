"""What fills *Reviews*: what is to be learned of each lost account."""

from __future__ import annotations

from scoring.validation.backtest import Found
from scoring.validation.records import Review, ReviewAlert, ReviewScore
from workbook_templates.account.words import day_words, whole
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import REVIEWS
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "fill", "tables"]

TABLE = "Reviews"
_LISTED = 6
"""Alerts that a cell lists; the others are counted."""


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a lost account."""
    columns = (
        TableColumn("account_id", "Account ID", width=80),
        TableColumn("account", "Account", width=150, bold=True, wrap=True),
        TableColumn("day", "Lost on", "date", 80, "right"),
        TableColumn("arr", "ARR", "money", 78, "right"),
        TableColumn("currency", "Currency", width=62, align="left1"),
        TableColumn("reason", "Reason given", width=92, align="left1", wrap=True),
        TableColumn("summary", "What happened", width=230, wrap=True),
        TableColumn("scores", "Score before", width=120, align="left1", wrap=True),
        TableColumn("fell", "Fell most in 90 days", width=150, align="left1", wrap=True),
        TableColumn("alerts", "Alerts", width=196, align="left1", wrap=True),
        TableColumn("actions", "Tried", width=150, align="left1", wrap=True),
        TableColumn("missed", "What the data missed", width=176, align="left1", wrap=True),
    )
    return (TableSpec(TABLE, REVIEWS, ("account_id", "day"), columns),)


def fill(found: Found, shape: Shape) -> Filling:
    """Title and a row a lost account."""
    reviews = found.backtest.reviews
    rows = [_row(found, r) for r in reviews]
    empty: list[dict[str, Value]] = [{"account": "No account was lost."}]
    silent = sum(not r.alerts for r in reviews)
    told = f"{t.counted(len(reviews), 'lost account')}"
    values = {
        "reviews_title": f"{told}, {silent or 'none'} without an alert" if reviews else told,
        "reviews_note": t.joined(["latest loss first", found.backtest.model]),
    }
    return Filling(values, {TABLE: rows or empty})


def _row(found: Found, r: Review) -> dict[str, Value]:
    return {
        "account_id": r.account_id,
        "account": r.account or r.account_id,
        "day": r.day,
        "arr": r.arr,
        "currency": r.currency,
        "reason": r.reason,
        "summary": r.summary,
        "scores": "\n".join(_score(found, s) for s in r.scores),
        "fell": "\n".join(r.fell),
        "alerts": _alerts(r.alerts),
        "actions": "\n".join(r.actions) or "No action is known.",
        "missed": "\n".join(r.missed),
    }


def _score(found: Found, s: ReviewScore) -> str:
    model = found.cases.snapshots.model
    if s.score is None:
        return f"{s.days} d: no score"
    key = t.tier_key(model, s.tier)
    return f"{s.days} d: {whole(s.score)} {t.tier_text(model, key) if key else ''}".rstrip()


def _alerts(alerts: tuple[ReviewAlert, ...]) -> str:
    if not alerts:
        return "No alert fired."
    told = [f"{day_words(a.day)}, {a.days_before} d before: {a.name}" for a in alerts[-_LISTED:]]
    earlier = len(alerts) - len(told)
    return "\n".join([*([f"{earlier:,} earlier"] if earlier else []), *told])
