"""Rows of the Tables of the account workbook, and what *Scorecard* shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbook_templates.account.facts import Facts, Record
from workbook_templates.account.inputs import InputRow
from workbook_templates.account.snapshots import history_rows
from workbook_templates.account.steps import Row, step_rows
from workbook_templates.drawing.account.risks import HORIZONS, SEVERITIES

LONG = 400
ROOM = 6


@dataclass(frozen=True)
class Tables:
    """Rows of every Table of the workbook, as plain rows in column order."""

    risks: list[Row]
    actions: list[Row]
    history: list[Row]
    steps: list[Row]

    def rows(self) -> dict[str, list[Row]]:
        """Table name → rows."""
        return {
            "Risks": self.risks,
            "Actions": self.actions,
            "ScoreHistory": self.history,
            "ScoreSteps": self.steps,
        }

    def card_values(self) -> dict[str, Any]:
        """What *Scorecard* shows of risks and actions."""
        values: dict[str, Any] = {"risks_note": self._note()}
        for i in range(3):
            row = self.risks[i] if i < len(self.risks) else ["", "", "", ""]
            severity, dimension, risk, plan = (x or "" for x in row)
            label = f"{severity}\n{dimension}" if dimension else severity
            empty = "No risk recorded" if i == 0 else ""
            texts = (label, risk, plan) if risk else ("", empty, "")
            for n, text in enumerate(texts, start=1):
                values[f"card_risk_{i + 1}_{n}"] = text
        for h, horizon in enumerate(HORIZONS, start=1):
            values |= self._horizon(h, horizon)
        return values

    def _horizon(self, h: int, horizon: str) -> dict[str, Any]:
        texts: list[Row] = []
        dues: list[Row] = []
        by_key = {row[5]: row for row in self.actions if row[1]}
        for n in (1, 2):
            row = by_key.get(f"{horizon} {n}")
            if row is None or not row[1]:
                texts.append(["No action recorded" if n == 1 else "", ""])
                dues.append([""])
            else:
                texts.append([row[1], row[2] or "no owner"])
                dues.append([row[3] if row[3] is not None else "no date"])
        return {f"card_actions_{h}": texts, f"card_due_{h}": dues}

    def _note(self) -> str:
        risks = sum(1 for r in self.risks if r[2])
        actions = sum(1 for r in self.actions if r[1])
        late = "" if risks or actions else " Record them here: the scorecard shows the first ones."
        return f"{risks or 'No'} risks, {actions or 'no'} actions recorded.{late}"


def make_tables(f: Facts, rows: list[InputRow]) -> Tables:
    """All Table rows of one account."""
    return Tables(
        _with_room(_risks(f), 4), _with_room(_actions(f), 6), history_rows(f), step_rows(f, rows)
    )


def _with_room(rows: list[Row], width: int) -> list[Row]:
    """At least six rows, in steps of six: room to write in, and few sizes of Tables to lay out."""
    wanted = max(ROOM, -(-len(rows) // ROOM) * ROOM)
    empty: Row = [None] * 5 + [""] if width == 6 else [None] * width
    return rows + [list(empty) for _ in range(wanted - len(rows))]


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def _match(words: Sequence[str], value: object) -> str | None:
    """The product's own word for what was typed, else the text as typed."""
    text = _text(value)
    key = (text or "").casefold().strip().rstrip(":").split(" (")[0]
    return next((word for word in words if word.casefold() == key), text)


def _risks(f: Facts) -> list[Row]:
    def rank(row: Record) -> int:
        word = _match(SEVERITIES, row.get("severity"))
        return SEVERITIES.index(word) if word in SEVERITIES else len(SEVERITIES)

    names = [d.name for d in f.model.dimensions]
    out: list[Row] = []
    for row in sorted(f.tables["Risks"], key=rank):
        dimension = _match(names, row.get("dimension"))
        severity = _match(SEVERITIES, row.get("severity")) or "not rated"
        plan = _text(row.get("mitigation")) or "no mitigation provided"
        out.append([severity, dimension, _text(row.get("risk")), plan])
    return out


def _actions(f: Facts) -> list[Row]:
    def order(row: Record) -> tuple[int, date]:
        word = _horizon(f, row)
        place = HORIZONS.index(word) if word in HORIZONS else len(HORIZONS)
        due = row.get("deadline")
        return place, due if isinstance(due, date) else date.max

    count: dict[str, int] = {}
    out: list[Row] = []
    for row in sorted(f.tables["Actions"], key=order):
        horizon = _horizon(f, row)
        count[horizon] = count.get(horizon, 0) + 1
        key = f"{horizon} {count[horizon]}"
        status = _text(row.get("status")) or "Open"
        due = row.get("deadline")
        out.append([horizon, _text(row.get("action")), _text(row.get("owner")), due, status, key])
    return out


_ALIASES = {
    "immediate": "This week",
    "week": "This week",
    "month": "This month",
    "renewal": "Before renewal",
}


def _horizon(f: Facts, row: Record) -> str:
    """One of the three horizons, by its words or else by its deadline."""
    word = _match(HORIZONS, row.get("horizon"))
    if word in HORIZONS:
        return str(word)
    for part, horizon in _ALIASES.items():
        if word and part in word.casefold():
            return horizon
    due = row.get("deadline")
    if isinstance(due, date):
        days = (due - f.as_of).days
        return "This week" if days <= 7 else "This month" if days <= 31 else "Before renewal"
    return "This month"
