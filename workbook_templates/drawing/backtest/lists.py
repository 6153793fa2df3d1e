"""A sheet that is one Table of accounts whose rows are as high as their texts."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import money_column, page


def draw_list(c: Canvas, sheet: str, table: str, key: str) -> Worksheet:
    """Title, note and the Table, with amounts in each row's own currency.

    Args:
        c: the hand.
        sheet: its name.
        table: name of its Table, with the columns ``arr`` and ``currency``.
        key: what its places begin with.
    """
    ws = page(c, sheet, key)
    c.table(table, height=34, row_height=c.tall(table))
    money_column(c, table, "arr", "currency")
    row = c.at[table][0]
    ws.freeze_panes(row, 3)
    ws.repeat_rows(row - 1)
    return ws
