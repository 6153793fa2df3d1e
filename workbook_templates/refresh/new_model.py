"""Another version of the score model for a workbook that is there: on its *Model* sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.errors import ModelError
from scoring.model import ScoreModel
from scoring.model_sheet import SHEET, model_to_rows, sheet_layout
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.portfolio.sheets import portfolio_tables
from workbook_templates.refresh.book import put_values
from workbook_templates.refresh.cells import as_read, same
from workbook_templates.refresh.diff import Diff, Line, spoken
from workbook_templates.refresh.today import half_up

__all__ = ["MODEL", "NewModel", "put_model", "replaceable", "tell_model"]

MODEL, BY_MODEL = "Model", "Score by the model"
"""What lines of *Changes* are called that tell of the model, and of what it did to a score."""


@dataclass(frozen=True)
class NewModel:
    """A model in place of another.

    Attributes:
        old, new: the workbook's, and the one that scores from now on.
        scores: account id → the score that the old one gives today's values.
    """

    old: ScoreModel
    new: ScoreModel
    scores: Mapping[str, float]


def replaceable(old: ScoreModel, new: ScoreModel) -> bool:
    """Whether a workbook of one model can hold the other: its parts and columns are the same."""
    return sheet_layout(old) == sheet_layout(new) and (
        portfolio_tables(old) == portfolio_tables(new)
    )


def put_model(book: Book, given: NewModel, where: str) -> Book:
    """The workbook with the new model's values on its *Model* sheet; every format stays.

    Raises:
        ModelError: people rearranged that sheet.
    """
    part = book.part_of(SHEET)
    sheet = book.sheet(part)
    old, new = model_to_rows(given.old), model_to_rows(given.new)
    values: dict[tuple[int, int], Value] = {}
    for at, (before, after) in enumerate(zip(old, new, strict=True), start=1):
        there = [cell_value(book, sheet.cell(at, col + 1)) for col in range(len(before))]
        if not same(there[0], as_read(before[0])):
            raise ModelError(
                f"Sheet {SHEET} of {where} was rearranged, so {given.new.label} does not fit into "
                "it. Type its values there and leave -m out, or name a new workbook."
            )
        # A label that somebody wrote otherwise is left so.
        changed = (c for c, v in enumerate(after) if not same(as_read(before[c]), as_read(v)))
        values |= {(at, c + 1): after[c] for c in changed}
    return put_values(book, part, values)


def tell_model(diff: Diff, given: NewModel) -> None:
    """Say which model it was and is, and of each changed score what the model alone did."""
    labels = (given.old.label, given.new.label)
    if labels[0] == labels[1]:
        labels = (f"{labels[0]}, as on sheet {SHEET}", f"{labels[1]}, as named")
    lines = [Line("", "", MODEL, *labels)]
    for account_id, account, _, after, *_ in diff.scores:
        score = given.scores.get(account_id)
        if score is not None and score == score and half_up(score) != after:
            steps = (spoken(half_up(score), "score"), spoken(after, "score"))
            lines.append(Line(account_id, account, BY_MODEL, *steps))
    diff.lines[:0] = lines
