"""The account template: all sheets of one model, drawn once and filled for each account."""

from __future__ import annotations

import io
from functools import lru_cache

from xlsxwriter.worksheet import Worksheet

from scoring.model import ScoreModel
from scoring.model_blocks import BLOCKS, BREAKPOINTS
from workbook_templates.drawing.account import (
    checks,
    detail,
    evidence,
    history,
    renewal,
    risks,
    scorecard,
    whatif,
    why,
)
from workbook_templates.drawing.account.canvas import CHECKS, MODEL, SHEETS, Canvas
from workbook_templates.drawing.model import draw_model
from workbook_templates.drawing.theme import Book

_DRAW = {
    "Scorecard": scorecard.draw,
    "Why it changed": why.draw,
    "Evidence": evidence.draw,
    "Detail": detail.draw,
    "Risks & actions": risks.draw,
    "Renewal": renewal.draw,
    "What-if": whatif.draw,
    "Score history": history.draw,
    CHECKS: checks.draw,
}


@lru_cache(maxsize=16)
def draw_account_template(model: ScoreModel) -> bytes:
    """The empty account workbook of a model, as .xlsx bytes.

    Raises:
        ModelError: the model cannot be laid out.
    """
    target = io.BytesIO()
    book = Book(target, title=f"Customer health scorecard, {model.label}")
    canvas = Canvas(book, model)
    for name in SHEETS:
        if name == MODEL:
            _hide_unused(draw_model(book, model), model)
        else:
            _DRAW[name](canvas)
    book.close()
    return target.getvalue()


def _hide_unused(ws: Worksheet, model: ScoreModel) -> None:
    """Hide what this model's metrics leave empty, so that the sheet reads and prints well."""
    most = max((len(m.curve.points) for m in model.metrics), default=2)
    metrics = BLOCKS["metrics"]
    names = [f"{axis}{k}" for k in range(most + 1, BREAKPOINTS + 1) for axis in "xy"]
    for name in (*names, "aliases"):
        column = metrics.column(name)
        ws.set_column(column, column, None, None, {"hidden": True})
