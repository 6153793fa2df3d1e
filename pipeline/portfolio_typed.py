"""What people typed into the portfolio workbook, as a refresh takes it into account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.model import ScoreModel
from workbook_templates.portfolio.actions import TABLE as ACTIONS
from workbook_templates.portfolio.sheets import portfolio_tables
from workbook_templates.refresh.typed import read_typed

__all__ = ["kept_actions"]

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
