"""Rows of the Tables of the account workbook, and what *Scorecard* shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from scoring.account_facts import Facts, Record
from workbook_templates.account import words as w
from workbook_templates.account.inputs import InputRow
from workbook_templates.account.snapshots import history_rows
from workbook_templates.account.steps import StepRow, step_rows
from workbook_templates.drawing.account import history, why
from workbook_templates.drawing.account.card_layout import (
    ACTION_LETTERS,
    PLAN_LETTERS,
    RISK_LETTERS,
)
from workbook_templates.drawing.account.risks import (
    ACTION_TABLE,
    ACTIONS_SHOWN,
    HORIZONS,
    LETTERS,
    RISK_TABLE,
    RISKS_SHOWN,
    SEVERITIES,
    STATUSES,
)
from workbook_templates.ooxml.cells import Value

ROOM = 6


class RiskRow(NamedTuple):
    """A row of the risk Table, in the order of `drawing.account.risks.RISK_HEADS`."""

    severity: str | None = None
    dimension: str | None = None
    risk: str | None = None
    plan: str | None = None


class ActionRow(NamedTuple):
    """A row of the action Table, in the order of `drawing.account.risks.ACTION_HEADS`.

    ``key`` is the horizon and a number, by which *Scorecard* finds it.
    """

    horizon: str | None = None
    action: str | None = None
    owner: str | None = None
    due: Value = None
    status: str | None = None
    key: str = ""


@dataclass(frozen=True)
class Tables:
    """Rows of every Table of the workbook, as plain rows in column order."""

    risks: list[RiskRow]
    actions: list[ActionRow]
    history: list[list[Value]]
    steps: list[StepRow]

    def rows(self) -> dict[str, Sequence[Sequence[Value]]]:
        """Table name → rows."""
        return {
            RISK_TABLE: self.risks,
            ACTION_TABLE: self.actions,
            history.TABLE: self.history,
            why.TABLE: self.steps,
        }

    def card_values(self) -> dict[str, Any]:
        """What *Scorecard* shows of risks and actions."""
        values: dict[str, Any] = {"risks_note": self._note()}
        for i in range(RISKS_SHOWN):
            for n, text in enumerate(_card_risk(self.risks[i], first=i == 0), start=1):
                values[f"card_risk_{i + 1}_{n}"] = text
        for h, horizon in enumerate(HORIZONS, start=1):
            values |= self._horizon(h, horizon)
        return values

    def _horizon(self, h: int, horizon: str) -> dict[str, Any]:
        texts: list[list[Value]] = []
        dues: list[list[Value]] = []
        by_key = {row.key: row for row in self.actions if row.action}
        for n in range(1, ACTIONS_SHOWN + 1):
            row = by_key.get(f"{horizon} {n}")
            if row is None:
                texts.append(["No action recorded" if n == 1 else "", ""])
                dues.append([""])
            else:
                texts.append([w.cut(row.action or "", ACTION_LETTERS), row.owner or "no owner"])
                dues.append([row.due if row.due is not None else "no date"])
        return {f"card_actions_{h}": texts, f"card_due_{h}": dues}

    def _note(self) -> str:
        risks = sum(1 for r in self.risks if r.risk)
        actions = sum(1 for r in self.actions if r.action)
        late = "" if risks or actions else " Record them here: the scorecard shows the first ones."
        return f"{risks or 'No'} risks, {actions or 'no'} actions recorded.{late}"


def _card_risk(row: RiskRow, *, first: bool) -> tuple[str, str, str]:
    """Severity over dimension, risk, mitigation."""
    if not row.risk:
        return "", "No risk recorded" if first else "", ""
    label = "\n".join(x for x in (row.severity, row.dimension) if x)
    return label, w.cut(row.risk, RISK_LETTERS), w.cut(row.plan or "", PLAN_LETTERS)


def make_tables(f: Facts, rows: list[InputRow]) -> Tables:
    """All Table rows of one account."""
    risks, actions = _risks(f), _actions(f)
    # In steps of six: room to write in, and few sizes of Tables to lay out.
    risks += [RiskRow()] * _missing(len(risks))
    actions += [ActionRow()] * _missing(len(actions))
    return Tables(risks, actions, history_rows(f), step_rows(f, rows))


def _missing(count: int) -> int:
    return max(ROOM, -(-count // ROOM) * ROOM) - count


def _text(value: object) -> str | None:
    if value is None:
        return None
    return w.cut(str(value).strip(), LETTERS)


def _match(words: Sequence[str], value: object) -> str | None:
    """The product's own word for what was typed, else the text as typed."""
    text = _text(value)
    key = (text or "").casefold().strip().rstrip(":").split(" (")[0]
    return next((word for word in words if word.casefold() == key), text)


def _rank(words: Sequence[str], word: str | None) -> int:
    """Place of a word among the product's own; others come last."""
    return words.index(word) if word in words else len(words)


def _risks(f: Facts) -> list[RiskRow]:
    names = [d.name for d in f.model.dimensions]
    out = [
        RiskRow(
            severity=_match(SEVERITIES, row.get("severity")) or "not rated",
            dimension=_match(names, row.get("dimension")),
            risk=_text(row.get("risk")),
            plan=_text(row.get("mitigation")) or "no mitigation provided",
        )
        for row in f.tables["Risks"]
    ]
    return sorted(out, key=lambda r: _rank(SEVERITIES, r.severity))


def _actions(f: Facts) -> list[ActionRow]:
    def order(row: Record) -> tuple[int, date]:
        due = row.get("deadline")
        return _rank(HORIZONS, _horizon(f, row)), due if isinstance(due, date) else date.max

    count: dict[str, int] = {}
    out: list[ActionRow] = []
    for row in sorted(f.tables["Actions"], key=order):
        horizon = _horizon(f, row)
        count[horizon] = count.get(horizon, 0) + 1
        out.append(
            ActionRow(
                horizon=horizon,
                action=_text(row.get("action")),
                owner=_text(row.get("owner")),
                due=row.get("deadline"),
                status=_text(row.get("status")) or STATUSES[0],
                key=f"{horizon} {count[horizon]}",
            )
        )
    return out


_WEEK, _MONTH, _RENEWAL = HORIZONS
_ALIASES = {"immediate": _WEEK, "week": _WEEK, "month": _MONTH, "renewal": _RENEWAL}


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
        return _WEEK if days <= 7 else _MONTH if days <= 31 else _RENEWAL
    return _MONTH
