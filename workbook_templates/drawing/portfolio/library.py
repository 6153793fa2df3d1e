"""*Risk library* and *Plays*: definitions that RevOps edits, each column explained."""

from __future__ import annotations

from scoring.judgement.library_sheet import PLAY_FIELDS, PLAYS, RISK_FIELDS, RISKS
from scoring.model_blocks import Field
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import page
from workbook_templates.portfolio.library import PLAY_TABLE, RISK_TABLE

__all__ = ["draw_plays", "draw_risks"]


def draw_risks(c: Canvas) -> None:
    """Draw the Table of risks and positives."""
    _draw(c, RISKS, "library", RISK_TABLE, RISK_FIELDS, 60)


def draw_plays(c: Canvas) -> None:
    """Draw the Table of steps."""
    _draw(c, PLAYS, "plays", PLAY_TABLE, PLAY_FIELDS, 46)


def _draw(
    c: Canvas, sheet: str, key: str, table: str, fields: tuple[Field, ...], height: int
) -> None:
    ws = page(c, sheet, key)
    c.table(table, height=34, row_height=height)
    row, first = c.at[table]
    for column, field in enumerate(fields, start=first):
        # A message of the cell itself stands beside it while people are in it.
        message = {"validate": "any", "input_title": field.header, "input_message": field.help}
        if not field.words:
            ws.data_validation(row, column, row + 1, column, message)
    ws.freeze_panes(row, 4)
    ws.repeat_rows(row - 1)
