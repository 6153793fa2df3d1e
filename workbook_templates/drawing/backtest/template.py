"""The backtest template: all sheets of one shape, drawn once and filled for each backtest."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import lru_cache

from workbook_templates.backtest import names as at
from workbook_templates.backtest.heights import Heights
from workbook_templates.backtest.shape import Shape
from workbook_templates.drawing.backtest import (
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
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.theme import Book

_DRAW: Mapping[str, Callable[[Canvas], None]] = {
    at.BACKTEST: front.draw,
    at.HORIZONS: horizons.draw,
    at.METRICS: metrics.draw,
    at.CALIBRATION: calibration.draw,
    at.RECOMMENDATIONS: recommendations.draw,
    at.SURPRISES: surprises.draw,
    at.REVIEWS: reviews.draw,
    at.ALERTS: alerts.draw,
    at.CASES: cases.draw,
    at.METHOD: method.draw,
    at.WORKINGS: workings.draw,
}


@lru_cache(maxsize=8)
def draw_backtest_template(shape: Shape, heights: Heights = ()) -> bytes:
    """The empty backtest workbook of a shape, as .xlsx bytes.

    Args:
        shape: what it is to have room for.
        heights: of the rows of Tables with long texts.
    """
    target = io.BytesIO()
    book = Book(target, title="Backtest")
    canvas = Canvas(book, shape, heights)
    for name in at.SHEETS:
        _DRAW[name](canvas)
    book.close()
    return target.getvalue()
