"""Rows and columns of *Scorecard*; rows are 1-based as people read them, sizes in pixels."""

from __future__ import annotations

from workbook_templates.drawing.account.canvas import Canvas
from workbook_templates.drawing.account.risks import RISKS_SHOWN

WIDTHS = {"A": 12, "B": 150, "C:D": 52, "E": 16, "F:G": 56, "H": 150, "I": 140, "J": 20,
          "K": 228, "L": 100, "M": 72, "N": 84, "O": 12}  # fmt: skip
HEADER_ROWS = {1: 36, 2: 16, 3: 22, 4: 52, 5: 24, **dict.fromkeys(range(6, 12), 32),
               12: 12, 13: 24, 14: 20}  # fmt: skip
"""Heights down to the head of the dimension table."""
TABLE_TOP = 15
"""First row of the dimension table and of the drivers beside it."""
DRIVERS = 6
"""Inputs that lost most points, one a row."""
RISK_ROWS = 3 * RISKS_SHOWN
"""Sheet rows of the risks: three each, as many as a horizon of actions beside them."""

RISK_LETTERS, PLAN_LETTERS, ACTION_LETTERS = 200, 250, 64
"""Letters that the cells hold; *Risks & actions* has all of a longer text."""


def table_rows(c: Canvas) -> int:
    """Rows of the dimension and driver tables, which stand side by side."""
    return max(len(c.model.dimensions) + 1, DRIVERS)


def risks_top(c: Canvas) -> int:
    """First row of the risk table."""
    return TABLE_TOP + table_rows(c) + 3
