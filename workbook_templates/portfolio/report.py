"""The portfolio workbook: a fresh copy of the template, filled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from scoring.model import ScoreModel
from workbook_templates.drawing.portfolio.template import draw_portfolio_template
from workbook_templates.fill import TableRows, Template
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.sheets import fill_sheets, portfolio_tables
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["fill_portfolio", "portfolio_template"]


@lru_cache(maxsize=8)
def portfolio_template(model: ScoreModel) -> Template:
    """The product's own portfolio template for a model."""
    return Template(draw_portfolio_template(model), "The portfolio template")


def fill_portfolio(template: Template, portfolio: Portfolio) -> bytes:
    """The portfolio's workbook as .xlsx bytes.

    Raises:
        MissingPlace: the template lacks a place.
    """
    filling = fill_sheets(portfolio)
    specs = portfolio_tables(portfolio.model)
    tables = {name: _headed(specs[name], rows) for name, rows in filling.tables.items()}
    return template.fill(
        {f"hs_{key}": value for key, value in filling.values.items()},
        tables,
        charts=filling.charts,
        properties={"title": "Customer health portfolio", "creator": "HealthSheet"},
    )


def _headed(spec: TableSpec, rows: TableRows | Columns) -> Any:
    """Rows by header, as the template knows its columns."""
    heads = {c.key: c.header for c in spec.columns}
    if isinstance(rows, Columns):
        return _rows(Columns({heads[key]: column for key, column in rows.data.items()}, rows.rows))
    return [
        {heads[k]: v for k, v in row.items()} if isinstance(row, Mapping) else row for row in rows
    ]


def _rows(columns: Columns) -> list[dict[str, Any]]:
    """Rows as mappings, with plain values; missing is None."""
    lists = [pd.Series(v).astype(object) for v in columns.data.values()]
    plain = [s.where(s.notna(), None).tolist() for s in lists]
    return [dict(zip(columns.data, row, strict=True)) for row in zip(*plain, strict=True)]
