"""What fills *Reviews*: what is to be learned of each lost account."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.validation.backtest import Found
from scoring.validation.records import Review, ReviewAlert, ReviewScore
from workbook_templates.account.words import whole
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import REVIEWS
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "fill", "tables"]

TABLE = "Reviews"
_LISTED = 6
"""Alerts of a trigger that a cell lists; the others are counted."""


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a lost account."""
    columns = (
        TableColumn("account_id", "Account ID", width=72),
        TableColumn("account", "Account", width=132, bold=True, wrap=True),
        TableColumn("day", "Lost on", "date", 80, "right"),
        TableColumn("arr", "ARR", "money", 78, "right"),
        TableColumn("currency", "Currency", width=60, align="left1"),
        TableColumn("reason", "Reason given", width=86, align="left1", wrap=True),
        TableColumn("summary", "What happened", width=300, wrap=True),
        TableColumn("scores", "Score before", width=222, align="left1", wrap=True),
        TableColumn("fell", "Fell most in 90 days", width=240, align="left1", wrap=True),
        TableColumn("alerts", "Alerts, days before", width=176, align="left1", wrap=True),
        TableColumn("actions", "Tried", width=104, align="left1", wrap=True),
        TableColumn("missed", "What the data missed", width=186, align="left1", wrap=True),
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
        "reviews_title": f"{told}, {silent or 'none'} without an alert in 180 days"
        if reviews
        else told,
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
        "scores": _scores(found, r.scores),
        "fell": "\n".join(r.fell),
        "alerts": _alerts(r.alerts),
        "actions": "\n".join(r.actions) or "No action is known.",
        "missed": "\n".join(r.missed),
    }


def _scores(found: Found, scores: Sequence[ReviewScore]) -> str:
    """Two a line, the earliest first: rows stay low."""
    told = [_score(found, s) for s in scores]
    return "\n".join("; ".join(told[n : n + 2]) for n in range(0, len(told), 2))


def _score(found: Found, s: ReviewScore) -> str:
    model, when = found.cases.snapshots.model, f"{s.days} d" if s.days else "last"
    if s.score is None:
        return f"{when}: no score"
    key = t.tier_key(model, s.tier)
    return f"{when}: {whole(s.score)} {t.tier_text(model, key) if key else ''}".rstrip()


def _alerts(alerts: tuple[ReviewAlert, ...]) -> str:
    """A line a trigger, that of the first alert first, with the days before the loss."""
    if not alerts:
        return "No alert fired."
    days: dict[str, list[int]] = {}
    for a in alerts:
        days.setdefault(a.name, []).append(a.days_before)
    return "\n".join(f"{name}: {_days(told)}" for name, told in days.items())


def _days(days: Sequence[int]) -> str:
    told = [f"{d:,}" for d in days[-_LISTED:]]
    earlier = len(days) - len(told)
    return ", ".join([*([f"{earlier:,} earlier"] if earlier else []), *told])
