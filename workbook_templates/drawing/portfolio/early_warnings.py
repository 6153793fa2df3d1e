"""*Early warnings*: what many accounts of a segment have in common, and what it could cost."""

from __future__ import annotations

from scoring.trends import CONCERNS
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    Card,
    cards,
    money,
    page,
    printed,
    table_range,
)
from workbook_templates.drawing.theme import MUTED
from workbook_templates.portfolio.early_warnings import CHANCE, TABLE, WARNING
from workbook_templates.portfolio.names import WARNINGS

RULE = (
    "Worse: 10 points of a metric lost against a quarter ago, or usage down by more than 15%, in "
    "at least 3 accounts and 20% of those known. Churn: at today's scores, and if the fall goes "
    "on for 90 days."
)


def draw(c: Canvas) -> None:
    """Draw totals over the Table of trends."""
    ws = page(c, WARNINGS, "warnings")
    c.table(TABLE, height=34, row_height=66)
    cards(c, WARNINGS, 4, "S", _cards(c))
    ws.set_row_pixels(6, 18)
    ws.write_string("B7", RULE, c.book.format(font_size=8, font_color=MUTED, align="left"))
    money(c, ws, table_range(c, TABLE, "arr"))
    _rules(c)
    ws.freeze_panes(c.at[TABLE][0], 4)
    ws.repeat_rows(c.at[TABLE][0] - 1)
    printed(c, TABLE, "owner")


def _cards(c: Canvas) -> tuple[Card, ...]:
    kind, concern = c.column(TABLE, "kind"), c.column(TABLE, "concern")
    items = [
        Card(
            f"warnings_sum_{word.lower()}",
            column,
            f"{word} concern",
            formula=f'COUNTIFS({kind},"{WARNING}",{concern},"{word}")',
        )
        for word, column in zip(CONCERNS, "BEJ", strict=True)
    ]
    better = f'COUNTIF({kind},"{CHANCE}")'
    return (*items, Card("warnings_sum_better", "N", "Opportunities", formula=better))


def _rules(c: Canvas) -> None:
    """Bold where it concerns much."""
    ws, row = c.sheets[WARNINGS], c.at[TABLE][0] + 1
    where = table_range(c, TABLE, "concern")
    bold = c.book.workbook.add_format({"bold": True})
    rule = f'={where[0]}{row}="{CONCERNS[0]}"'
    ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": bold})
