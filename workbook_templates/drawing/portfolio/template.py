"""The portfolio template: all sheets of one model, drawn once and filled for each portfolio."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import lru_cache

from scoring.model import ScoreModel
from workbook_templates.drawing.model import draw_model
from workbook_templates.drawing.portfolio import (
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
    workings,
)
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.theme import Book
from workbook_templates.portfolio import names as at

_DRAW: Mapping[str, Callable[[Canvas], None]] = {
    at.SUMMARY: summary.draw,
    at.ACCOUNTS: accounts.draw,
    at.RENEWALS: renewals.draw,
    at.MOVERS: movers.draw,
    at.MIGRATION: migration.draw,
    at.SEGMENTS: segments.draw,
    at.WARNINGS: early_warnings.draw,
    at.CSM_LOAD: csm_load.draw,
    at.DIMENSIONS: dimensions.draw,
    at.RISKS: risks.draw,
    at.ALERTS: alerts.draw,
    at.ACTIONS: actions.draw,
    at.REVIEW: review.draw,
    at.OVERRIDES: overrides.draw,
    at.QUALITY: quality.draw,
    at.BACKTEST: backtest.draw,
    at.RISK_LIBRARY: library.draw_risks,
    at.PLAYS: library.draw_plays,
    at.HISTORY: history.draw,
    at.CHANGES: changes.draw,
    at.ARCHIVE: archive.draw,
    at.CHECKS: checks.draw,
    at.WORKINGS: workings.draw,
}


@lru_cache(maxsize=16)
def draw_portfolio_template(model: ScoreModel) -> bytes:
    """The empty portfolio workbook of a model, as .xlsx bytes.

    Raises:
        ModelError: the model cannot be laid out.
    """
    return draw_with(model)


def draw_with(model: ScoreModel, digest: Callable[[Canvas], None] | None = None) -> bytes:
    """The same, with a leader's sheet *Digest* after *Summary* where something draws one."""
    target = io.BytesIO()
    book = Book(target, title=f"Customer health portfolio, {model.label}")
    canvas = Canvas(book, model)
    for name in at.SHEETS:
        if name == at.MODEL:
            draw_model(book, model)
        else:
            _DRAW[name](canvas)
        if name == at.SUMMARY and digest is not None:
            digest(canvas)
    book.close()
    return target.getvalue()
