"""The sheets of the backtest workbook: one module each says what fills it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType

from scoring.validation.backtest import Found
from workbook_templates.backtest import (
    alerts,
    calibration,
    cases,
    front,
    horizons,
    method,
    metrics,
    recommendations,
    reviews,
    surprises,
    workings,
)
from workbook_templates.backtest.shape import Shape, shape_of
from workbook_templates.portfolio.filling import Filling, join
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["backtest_tables", "fill_sheets"]

_SHEETS: tuple[ModuleType, ...] = (
    front,
    horizons,
    metrics,
    calibration,
    recommendations,
    surprises,
    reviews,
    alerts,
    cases,
    method,
    workings,
)


@lru_cache(maxsize=16)
def backtest_tables(shape: Shape) -> Mapping[str, TableSpec]:
    """Name → every Table of the backtest workbook of a shape."""
    specs: list[TableSpec] = [spec for sheet in _SHEETS for spec in sheet.tables(shape)]
    return {spec.name: spec for spec in specs}


def fill_sheets(found: Found) -> Filling:
    """What goes into all sheets."""
    shape = shape_of(found.backtest)
    return join(sheet.fill(found, shape) for sheet in _SHEETS)
