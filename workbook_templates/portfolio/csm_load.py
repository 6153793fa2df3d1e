"""What fills *CSM load*."""

from __future__ import annotations

from scoring.model import ScoreModel
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableSpec


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Tables of the sheet."""
    return ()


def fill(p: Portfolio) -> Filling:
    """Values of the sheet."""
    return Filling()
