"""The portfolio workbook: a fresh copy of the template, filled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from scoring.model import ScoreModel
from workbook_templates.drawing.portfolio.template import draw_portfolio_template
from workbook_templates.fill import Template, Value
from workbook_templates.headed import blank, headed
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.sheets import fill_sheets, portfolio_tables

__all__ = ["fill_portfolio", "portfolio_template"]


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
    tables = {name: headed(specs[name], rows) for name, rows in filling.tables.items()}
    # A clock would make two workbooks of one day differ.
    moment = f"{portfolio.as_of.isoformat()}T00:00:00Z"
    return template.fill(
        {f"hs_{key}": blank(value) for key, value in {**filling.values, **(also or {})}.items()},
        tables,
        charts=filling.charts,
        properties={
            "title": "Customer health portfolio",
            "creator": "HealthSheet",
            "created": moment,
            "modified": moment,
        },
    )
