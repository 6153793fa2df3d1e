"""Rows of the Tables of the account workbook, and what *Scorecard* shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from scoring.account_facts import Facts
from scoring.judgement.actions import is_open, plan_actions
from scoring.judgement.case import case_of
from scoring.judgement.library import load_library
from scoring.judgement.records import Action
from scoring.judgement.risk_words import positives_line, risk_line, severity_word
from scoring.judgement.typed_risks import with_typed
from workbook_templates.account import words as w
from workbook_templates.account.carried import risks_code, written_ref
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
    POSITIVE_LETTERS,
    RISK_TABLE,
    RISKS_SHOWN,
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

    ``key`` is the horizon and a number, by which *Scorecard* finds it; ``ref`` tells the next
    report what we wrote, see `carried`.
    """

    horizon: str | None = None
    action: str | None = None
    owner: str | None = None
    due: Value = None
    status: str | None = None
    key: str = ""
    ref: str | None = None


@dataclass(frozen=True)
class Tables:
    """Rows of every Table of the workbook, as plain rows in column order.

    Attributes:
        typed: how many of the risks a person worded. positives: what speaks for the account.
        plan: the actions of the Table. written: what tells our risks from people's later.
    """

    risks: list[RiskRow]
    actions: list[ActionRow]
    history: list[list[Value]]
    steps: list[StepRow]
    typed: int = 0
    positives: str = ""
    plan: tuple[Action, ...] = ()
    written: str = ""

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
        values: dict[str, Any] = {"risks_note": self._note(), "positives": self.positives,
                                  "risks_written": self.written}  # fmt: skip
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
        typed = f" ({self.typed} of them typed)" if self.typed else ""
        return f"{risks or 'No'} risks{typed}, {actions or 'no'} actions.{late}"


def _card_risk(row: RiskRow, *, first: bool) -> tuple[str, str, str]:
    """Severity over dimension, risk, mitigation."""
    if not row.risk:
        return "", "No risk recorded" if first else "", ""
    label = "\n".join(x for x in (row.severity, row.dimension) if x)
    return label, w.cut(row.risk, RISK_LETTERS), w.cut(row.plan or "", PLAN_LETTERS)


def make_tables(f: Facts, rows: list[InputRow]) -> Tables:
    """All Table rows of one account."""
    plan = plan_actions(case_of(f), f.library or load_library())
    risks, actions = _risks(f), _actions(plan)
    carried = [str(r.get("risk") or "") for r in f.tables["Risks"] if r.get("carried") is True]
    # In steps of six: room to write in, and few sizes of Tables to lay out.
    risks += [RiskRow()] * _missing(len(risks))
    actions += [ActionRow()] * _missing(len(actions))
    return Tables(
        risks,
        actions,
        history_rows(f),
        step_rows(f, rows),
        typed=sum(1 for r in f.tables["Risks"] if r.get("risk")),
        positives=positives_line(f.positives, POSITIVE_LETTERS),
        plan=plan,
        written=risks_code(risks, carried),
    )


def _missing(count: int) -> int:
    return max(ROOM, -(-count // ROOM) * ROOM) - count


def _text(value: object) -> str | None:
    if value is None:
        return None
    return w.cut(str(value).strip(), LETTERS)


def _risks(f: Facts) -> list[RiskRow]:
    names = {d.key: d.name for d in f.model.dimensions}
    return [
        RiskRow(
            severity=severity_word(risk),
            dimension=names.get(risk.dimension),
            risk=_text(risk_line(risk, f.as_of)),
            plan=_text(risk.mitigation) or "no mitigation provided",
        )
        for risk in with_typed(f.risks, f.tables["Risks"], f.model)
    ]


def _actions(plan: Sequence[Action]) -> list[ActionRow]:
    count: dict[str, int] = {}
    out: list[ActionRow] = []
    # *Scorecard* shows the first of each horizon: what is closed comes last.
    for one in sorted(plan, key=lambda a: (not is_open(a), HORIZONS.index(a.horizon))):
        count[one.horizon] = count.get(one.horizon, 0) + 1
        out.append(
            ActionRow(
                horizon=one.horizon,
                action=_text(one.text),
                owner=_text(one.owner),
                due=one.due,
                status=one.status,
                key=f"{one.horizon} {count[one.horizon]}",
                ref=written_ref(one, _text(one.text) or ""),
            )
        )
    return out
