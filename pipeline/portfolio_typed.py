"""What people typed into the portfolio workbook, as a refresh takes it into account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.sources.accounts import join_overrides
from scoring.inputs import Inputs
from scoring.judgement.overrides import merge_overrides, read_overrides
from scoring.model import ScoreModel
from workbook_templates.portfolio.actions import TABLE as ACTIONS
from workbook_templates.portfolio.overrides import TABLE as OVERRIDES
from workbook_templates.portfolio.sheets import portfolio_tables
from workbook_templates.refresh.typed import read_typed

__all__ = ["kept_actions", "kept_overrides", "with_overrides"]

_SPOKEN = {"due": "deadline"}
"""Column of the workbook → of the source."""


def kept_actions(data: bytes, model: ScoreModel, where: str) -> list[Mapping[str, Any]]:
    """Rows of *Actions* in a workbook, keys of `columns.ACTIONS`; none where it has none.

    Raises:
        WorkbookError: it is no workbook.
    """
    rows = read_typed(data, portfolio_tables(model), (ACTIONS,), where)[ACTIONS]
    # The line that says that nothing is open has no action.
    return [{_SPOKEN.get(k, k): v for k, v in row.items()} for row in rows if row.get("action")]


def kept_overrides(data: bytes, model: ScoreModel, where: str) -> list[Mapping[str, Any]]:
    """Rows of *Overrides* in a workbook, keys of `columns.OVERRIDES`; none where it has none.

    Raises:
        WorkbookError: it is no workbook.
    """
    rows = read_typed(data, portfolio_tables(model), (OVERRIDES,), where)[OVERRIDES]
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
