"""The portfolio workbook: a fresh copy of the template, filled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from scoring.model import ScoreModel
from workbook_templates.drawing.portfolio.template import draw_portfolio_template
from workbook_templates.fill import TableRows, Template, Value
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.sheets import fill_sheets, portfolio_tables
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["fill_portfolio", "portfolio_template"]


_MANY = 100
"""Rows from which writing by columns is the faster way."""


@lru_cache(maxsize=8)
def portfolio_template(model: ScoreModel) -> Template:
    """The product's own portfolio template for a model."""
    return Template(draw_portfolio_template(model), "The portfolio template")


def fill_portfolio(
    template: Template, portfolio: Portfolio, also: Mapping[str, Value] | None = None
) -> bytes:
    """The portfolio's workbook as .xlsx bytes.

    Args:
        template: an empty portfolio workbook of the same model.
        portfolio: what fills it.
        also: further places without their ``hs_`` → value.

    Raises:
        MissingPlace: the template lacks a place.
    """
    filling = fill_sheets(portfolio)
    specs = portfolio_tables(portfolio.model)
    tables = {name: _headed(specs[name], rows) for name, rows in filling.tables.items()}
    # A clock would make two workbooks of one day differ.
    moment = f"{portfolio.as_of.isoformat()}T00:00:00Z"
    return template.fill(
        {f"hs_{key}": _blank(value) for key, value in {**filling.values, **(also or {})}.items()},
        tables,
        charts=filling.charts,
        properties={
            "title": "Customer health portfolio",
            "creator": "HealthSheet",
            "created": moment,
            "modified": moment,
        },
    )


def _headed(spec: TableSpec, rows: TableRows | Columns) -> Any:
    """Rows by header, as the template knows its columns."""
    heads = {c.key: c.header for c in spec.columns}
    # A restyled template holds a sample: where a row says nothing, its text must not stay.
    blank = {c.header: None for c in spec.columns if not c.formula}
    if isinstance(rows, Columns):
        return Columns({heads[k]: _blanks(column) for k, column in rows.data.items()}, rows.rows)
    named = [
        {**blank, **{heads[k]: _blank(v) for k, v in row.items()}}
        for row in rows
        if isinstance(row, Mapping)
    ]
    if len(rows) < _MANY:
        return named
    keys = dict.fromkeys(key for row in named for key in row)
    return Columns.of({key: [row.get(key) for row in named] for key in keys})


def _blank(value: Any) -> Any:
    """A cell with an empty text looks blank, but ISBLANK, COUNTA and Ctrl+arrow deny it."""
    return None if isinstance(value, str) and not value else value


def _blanks(column: Any) -> Any:
    if getattr(getattr(column, "dtype", None), "kind", "") in "OU":
        return np.where(column == "", None, column)
    return [_blank(v) for v in column] if isinstance(column, list) else column
