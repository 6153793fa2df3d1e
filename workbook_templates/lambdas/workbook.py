"""The workbook: functions as LAMBDA names, what they read, sample accounts and a page to start."""

from __future__ import annotations

import io
from collections.abc import Sequence

from scoring.model import ScoreModel
from workbook_templates.drawing.model import draw_model
from workbook_templates.drawing.theme import Book
from workbook_templates.lambdas.accounts import Sample, draw_accounts
from workbook_templates.lambdas.lookup import define_names, draw_lookup
from workbook_templates.lambdas.start import draw_start

__all__ = ["Sample", "lambda_workbook"]


def lambda_workbook(model: ScoreModel, samples: Sequence[Sample]) -> bytes:
    """An .xlsx workbook in which people type the functions without an add-in.

    ``HEALTH_SCORE``, ``HEALTH_TIER`` and ``DIMENSION_SCORE`` are defined names. They take the
    arguments of the cell functions of the same name, score by *model*, and give the engine's
    numbers. Weights, curves, tiers and policy are read from the *Model* sheet, where people edit
    them. Cached values are the engine's.

    Args:
        model: what scores; any preset, or a company's own.
        samples: accounts to show, plainly sample data; may be empty.

    Raises:
        ModelError: a header that may mean two columns of the model.
    """
    target = io.BytesIO()
    book = Book(target, title=f"Health scores in cells: {model.title}")
    draw_start(book, model)
    draw_accounts(book, model, samples)
    draw_model(book, model)
    draw_lookup(book, model)
    define_names(book, model)
    book.close()
    return target.getvalue()
