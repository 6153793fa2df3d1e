"""What fills *Overrides*: tiers and scores that people set, and what became of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from scoring.judgement.overrides import KEPT_DAYS, TypedOverride, read_overrides
from scoring.model import ScoreModel
from workbook_templates.ooxml.cells import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import OVERRIDES
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "fill", "states", "tables"]

TABLE = "Overrides"
_TYPED = ("account_id", "account", "tier", "score", "reason", "author", "set_on", "expires")


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row an override; people write all but what became of it."""
    labels = tuple(tier.label for tier in model.tiers)
    columns = (
        TableColumn("account_id", "Account ID", width=90, kept=True, shared=True),
        TableColumn("account", "Account", width=172, kept=True, shared=True, wrap=True),
        TableColumn("tier", "Tier", width=84, align="left1", kept=True, shared=True, words=labels),
        TableColumn("score", "Score", "whole", 60, "right", kept=True, shared=True),
        TableColumn(
            "reason", "Reason", width=260, align="left1", kept=True, shared=True, wrap=True
        ),
        TableColumn("author", "Author", width=118, kept=True, shared=True),
        TableColumn("set_on", "Set on", "date", 82, "right", kept=True, shared=True),
        TableColumn("expires", "Expires", "date", 82, "right", kept=True, shared=True),
        TableColumn("state", "What became of it", width=220, align="left1", wrap=True),
        TableColumn("model_score", "Model's score", "score", 84, "right"),
        TableColumn("seen", "First read", "date", 82, "right", muted=True),
        TableColumn("key", "Key", width=60, muted=True, hidden=True),
    )  # fmt: skip
    return (TableSpec(TABLE, OVERRIDES, ("account_id", "key"), columns),)


def states(p: Portfolio) -> list[tuple[TypedOverride, str]]:
    """Every typed override that is still listed, with what became of it."""
    typed = read_overrides(p.overrides, p.frame, p.model, as_of=p.as_of)
    gone = p.as_of - timedelta(days=KEPT_DAYS)
    set_by = dict(zip(p.frame["account_id"], p.frame["override"], strict=True))
    return [(one, _state(one, p.as_of, str(set_by.get(one.account_id, "")))) for one in typed
            if one.expires is None or one.expires >= gone]  # fmt: skip


def fill(p: Portfolio) -> Filling:
    """Title and a row an override."""
    listed = states(p)
    scores = dict(zip(p.frame["account_id"], p.frame["model_score"], strict=True))
    rows = [_row(one, state, scores.get(one.account_id), p.as_of) for one, state in listed]
    counts = sum(one.counts(p.as_of) for one, _ in listed)
    faults = sum(bool(one.fault) for one, _ in listed)
    values: dict[str, Value] = {
        "overrides_title": _title(counts, faults),
        "overrides_note": t.context(p, "the model's score stays beside it"),
    }
    return Filling(values, {TABLE: rows})


def _title(counts: int, faults: int) -> str:
    told = f"{t.counted(counts, 'override')} of this sheet in force" if counts else (
        "No override of this sheet in force")  # fmt: skip
    return f"{told}, {faults:,} not applied" if faults else told


def _state(one: TypedOverride, as_of: date, override: str) -> str:
    if one.fault:
        return f"Not applied: {one.fault}"
    if one.expires is not None and one.expires < as_of:
        return f"Expired on {t.day_text(one.expires)}; the model's tier stands"
    if one.author and one.author not in override:
        return "Gives way to another one, set later"
    return f"Counts until {t.day_text(one.expires)}" if one.expires else ""


def _row(one: TypedOverride, state: str, score: Any, as_of: date) -> dict[str, Value]:
    typed: dict[str, Value] = {key: one.row.get(key) or None for key in _TYPED}
    return typed | {
        "state": state,
        "model_score": t.plain_number(score) if score is not None else None,
        "seen": one.row.get("seen") or as_of,
        "key": one.row["key"],
    }
