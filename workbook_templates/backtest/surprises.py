"""What fills *Surprises*: green accounts that churned, red ones that stayed."""

from __future__ import annotations

from scoring.validation.backtest import Found
from scoring.validation.records import Surprise
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import SURPRISES
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "fill", "tables"]

TABLE = "Surprises"


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row an account: churned ones first."""
    columns = (
        TableColumn("kind", "Surprise", width=128, bold=True),
        TableColumn("account_id", "Account ID", width=84),
        TableColumn("account", "Account", width=190, bold=True, wrap=True),
        TableColumn("outcome", "Outcome", width=80),
        TableColumn("day", "On", "date", 82, "right"),
        TableColumn("arr", "ARR", "money", 82, "right"),
        TableColumn("currency", "Currency", width=64, align="left1"),
        TableColumn("tier", "Tier then", width=86, align="left1"),
        TableColumn("score", "Score then", "score", 54, "right"),
        TableColumn("seen", "Seen", "date", 82, "right"),
        TableColumn("days", "Days before", "whole", 54, "right"),
        TableColumn("drivers", "Drivers then, most points lost first", width=330, align="left1",
                    wrap=True),
        TableColumn("later", "Last score before", width=150, align="left1", wrap=True),
    )  # fmt: skip
    return (TableSpec(TABLE, SURPRISES, ("account_id", "day"), columns),)


def fill(found: Found, shape: Shape) -> Filling:
    """Title and a row a surprise."""
    b = found.backtest
    rows = [_row(found, s, "churned") for s in b.green_churned]
    rows += [_row(found, s, "stayed") for s in b.red_stayed]
    empty: list[dict[str, Value]] = [{"account": "No surprise."}]
    values = {
        "surprises_title": _title(found),
        "surprises_note": t.joined([
            f"by the score {b.days} days before the outcome",
            "drivers cost most points then", b.model,
        ]),
    }  # fmt: skip
    return Filling(values, {TABLE: rows or empty})


def _title(found: Found) -> str:
    model = found.cases.snapshots.model
    green, red = model.tier_label("green").casefold(), model.tier_label("red").casefold()
    lost, kept = len(found.backtest.green_churned), len(found.backtest.red_stayed)
    if not lost and not kept:
        return f"No {green} account churned, no {red} one stayed"
    return f"{t.counted(lost, f'{green} account')} churned, {kept or 'no'} {red} stayed"


def _row(found: Found, s: Surprise, did: str) -> dict[str, Value]:
    model = found.cases.snapshots.model
    key = t.tier_key(model, s.tier) or ("green" if did == "churned" else "red")
    return {
        "kind": f"{model.tier_label(key)}, {did}",
        "account_id": s.account_id,
        "account": s.account or s.account_id,
        "outcome": t.OUTCOMES.get(s.outcome, s.outcome),
        "day": s.day,
        "arr": s.arr,
        "currency": s.currency,
        "tier": t.tier_text(model, key),
        "score": float(s.score),
        "seen": s.seen,
        "days": s.days,
        "drivers": "; ".join(s.drivers),
        "later": s.later,
    }
