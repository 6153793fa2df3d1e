"""What people typed into the portfolio workbook, as a refresh takes it into account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipeline.sources.accounts import join_overrides
from scoring.inputs import Inputs
from scoring.judgement.actions_kept import plain_day, plain_text
from scoring.judgement.flags import FALSE_POSITIVE, Flag
from scoring.judgement.overrides import merge_overrides, read_overrides
from scoring.model import ScoreModel
from workbook_templates.portfolio.actions import TABLE as ACTIONS
from workbook_templates.portfolio.alerts import TABLE as ALERTS
from workbook_templates.portfolio.overrides import TABLE as OVERRIDES
from workbook_templates.portfolio.risks import TABLE as RISKS
from workbook_templates.portfolio.sheets import portfolio_tables
from workbook_templates.refresh.typed import TypedRow, read_typed

__all__ = ["Typed", "kept_overrides", "read_typed_rows", "with_overrides"]

_SPOKEN = {"due": "deadline"}
"""Column of the workbook → of the source."""


@dataclass(frozen=True)
class Typed:
    """What people typed into the workbook.

    Attributes:
        actions: rows of *Actions*, keys of `columns.ACTIONS`.
        overrides: rows of *Overrides*, keys of `columns.OVERRIDES`.
        flags: false positives of *Alerts* and *Risks*, and those that a history remembers.
        notes: sentences on what cannot be used.
    """

    actions: Sequence[Mapping[str, Any]] = ()
    overrides: Sequence[Mapping[str, Any]] = ()
    flags: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()


def read_typed_rows(
    data: bytes, model: ScoreModel, *, as_of: date, who: str, known: Sequence[Flag] = ()
) -> Typed:
    """What people typed, read before anything is worked out.

    Args:
        data: the workbook.
        model: of its Tables and tiers.
        as_of: the day of a flag that is read for the first time.
        who: refreshes, and so hands in new flags.
        known: flags that were read before.

    Raises:
        WorkbookError: it is no workbook.
    """
    names = (ACTIONS, OVERRIDES, ALERTS, RISKS)
    flagged = {ALERTS: FALSE_POSITIVE, RISKS: FALSE_POSITIVE}
    specs = portfolio_tables(model)
    tables = read_typed(data, specs, names, "The workbook", status=flagged)
    # The line that says that nothing is open has no action.
    actions = [
        {_SPOKEN.get(k, k): v for k, v in row.items()}
        for row in tables[ACTIONS]
        if row.get("action")
    ]
    flags = {(f.account_id, f.kind, f.what, f.fired): f for f in known}
    notes: list[str] = []
    for name, kind in ((ALERTS, "alert"), (RISKS, "risk")):
        for flag in _flags(tables[name], kind, model, as_of, who):
            if flag.reason:
                flags.setdefault((flag.account_id, flag.kind, flag.what, flag.fired), flag)
            else:
                notes.append(
                    f"{name}, {flag.account_id}, {flag.what}: a false positive needs a reason "
                    "under Notes; until then it counts."
                )
    return Typed(actions, _overrides(tables[OVERRIDES]), tuple(flags.values()), tuple(notes))


def _flags(
    rows: Sequence[TypedRow], kind: str, model: ScoreModel, as_of: date, who: str
) -> list[Flag]:
    tiers = {tier.label: tier.key for tier in model.tiers}
    what, fired = ("trigger", "date") if kind == "alert" else ("key", "since")
    return [
        Flag(
            plain_text(row.get("account_id")),
            kind,
            plain_text(row.get(what)),
            plain_day(row.get(fired)),
            plain_text(row.get("notes")),
            who,
            tiers.get(plain_text(row.get("tier")).rpartition(" ")[2], ""),
            as_of,
        )
        for row in rows
    ]


def kept_overrides(data: bytes, model: ScoreModel, where: str) -> list[Mapping[str, Any]]:
    """Rows of *Overrides* in a workbook, keys of `columns.OVERRIDES`; none where it has none.

    Raises:
        WorkbookError: it is no workbook.
    """
    return _overrides(read_typed(data, portfolio_tables(model), (OVERRIDES,), where)[OVERRIDES])


def _overrides(rows: Sequence[TypedRow]) -> list[Mapping[str, Any]]:
    ours = {"key", "state", "model_score", "seen"}
    return [row for row in rows if any(row[k] not in (None, "") for k in row.keys() - ours)]


def with_overrides(
    inputs: Inputs, rows: Sequence[Mapping[str, Any]], model: ScoreModel, *, as_of: date, sheet: str
) -> Inputs:
    """The source with the overrides of the workbook; what cannot be applied is told.

    Args:
        inputs: as read.
        rows: of `kept_overrides`.
        model: its tiers are what may be typed.
        as_of: today.
        sheet: the workbook's sheet, for messages.
    """
    if not rows:
        return inputs
    typed = read_overrides(rows, inputs.accounts, model, as_of=as_of)
    merged, problems = merge_overrides(
        inputs.tables.get("Overrides"), typed, as_of=as_of, sheet=sheet
    )
    old = [c for c in inputs.accounts.columns if str(c).startswith("override_")]
    return replace(
        inputs,
        accounts=join_overrides(inputs.accounts.drop(columns=old), merged),
        tables={**inputs.tables, "Overrides": merged},
        problems=(*inputs.problems, *problems),
    )
