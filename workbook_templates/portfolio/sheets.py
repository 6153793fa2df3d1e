"""The sheets of the portfolio workbook: one module each says what fills it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType

from scoring.model import ScoreModel
from workbook_templates.portfolio import (
    accounts,
    actions,
    alerts,
    archive,
    backtest,
    changes,
    checks,
    csm_load,
    dimensions,
    early_warnings,
    history,
    library,
    migration,
    movers,
    overrides,
    quality,
    renewals,
    review,
    risks,
    segments,
    summary,
)
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling, join
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["fill_sheets", "portfolio_tables"]

_SHEETS: tuple[ModuleType, ...] = (
    summary,
    accounts,
    renewals,
    movers,
    migration,
    segments,
    early_warnings,
    csm_load,
    dimensions,
    risks,
    alerts,
    actions,
    review,
    overrides,
    quality,
    backtest,
    library,
    history,
    changes,
    archive,
    checks,
)


@lru_cache(maxsize=16)
def portfolio_tables(model: ScoreModel) -> Mapping[str, TableSpec]:
    """Name → every Table of the portfolio workbook of a model."""
    specs: list[TableSpec] = [spec for sheet in _SHEETS for spec in sheet.tables(model)]
    return {spec.name: spec for spec in specs}


def fill_sheets(portfolio: Portfolio) -> Filling:
    """What goes into all sheets."""
    return join(sheet.fill(portfolio) for sheet in _SHEETS)
