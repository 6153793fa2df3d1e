"""The backtest workbook: a fresh copy of the template, filled."""

from __future__ import annotations

from functools import lru_cache

from scoring.validation.backtest import Found
from workbook_templates.backtest.heights import Heights, heights_of
from workbook_templates.backtest.recommendations import told_heights
from workbook_templates.backtest.shape import Shape, shape_of
from workbook_templates.backtest.sheets import backtest_tables, fill_sheets
from workbook_templates.drawing.backtest.template import draw_backtest_template
from workbook_templates.fill import Template
from workbook_templates.headed import blank, headed

__all__ = ["backtest_template", "write_backtest"]


@lru_cache(maxsize=2)
def backtest_template(shape: Shape, heights: Heights = ()) -> Template:
    """The product's own backtest template for what was found."""
    return Template(draw_backtest_template(shape, heights), "The backtest template")


def write_backtest(found: Found) -> bytes:
    """What a backtest found, as .xlsx bytes.

    Args:
        found: the document and the cases it stands on.
    """
    shape = shape_of(found.backtest)
    filling, specs = fill_sheets(found), backtest_tables(shape)
    # A clock would make two workbooks of one day differ.
    moment = f"{found.backtest.made.isoformat()}T00:00:00Z"
    heights = (*heights_of(specs, filling.tables), ("Told", told_heights(found)))
    template = backtest_template(shape, heights)
    return template.fill(
        {f"hs_{key}": blank(value) for key, value in filling.values.items()},
        {name: headed(specs[name], rows) for name, rows in filling.tables.items()},
        charts=filling.charts,
        properties={
            "title": f"Backtest of {found.backtest.model}",
            "subject": "Customer health",
            "creator": "HealthSheet",
            "created": moment,
            "modified": moment,
        },
    )
