"""The sheet *Accounts*: sample accounts, and the functions at work beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from scoring.columns import Column, account_columns
from scoring.model import ScoreModel
from scoring.one import Score, score_one
from workbook_templates.account.words import SEGMENT_WORDS
from workbook_templates.drawing.theme import NUMBER, UNIT_FORMAT, Book
from workbook_templates.lambdas.live import faint_rule, live, model_argument, note, tier_rules

__all__ = ["SHEET", "Sample", "draw_accounts"]

SHEET = "Accounts"
_HEAD, _FIRST = 3, 4
_HEAD_HEIGHT, _ROW_HEIGHT, _WIDTH = 40, 24, 98


class Sample(NamedTuple):
    """A sample account: its name, and column key → canonical value."""

    name: str
    values: Mapping[str, float | str]


def draw_accounts(book: Book, model: ScoreModel, samples: Sequence[Sample]) -> None:
    """Draw a row an account: name, score, tier, dimensions, then the inputs they follow from."""
    columns = _columns(model)
    ws = book.sheet(SHEET, pages=(-(-len(columns) // 12), 0))
    first = 3 + len(model.dimensions)
    book.columns(ws, {"A": 150, "B": 60, "C": 84})
    ws.set_column_pixels(3, first + len(columns) - 1, _WIDTH)
    ws.write_string("A1", "Sample accounts", book.sheet_title())
    note(ws, "A2", _NOTE if samples else _NOTE_EMPTY, book.sheet_note())
    ws.set_row_pixels(0, 36)
    ws.set_row_pixels(_HEAD, _HEAD_HEIGHT)
    results = ["Account", "Score", "Tier", *(d.name for d in model.dimensions)]
    for at, name in enumerate([*results, *(c.name for c in columns)]):
        look = book.head(text_wrap=True, valign="bottom", align="center" if at else "left")
        ws.write_string(_HEAD, at, name, look)
    for row, sample in enumerate(samples, start=_FIRST):
        ws.set_row_pixels(row, _ROW_HEIGHT)
        ws.write_string(row, 0, sample.name, book.row(bold=True))
        _inputs(book, ws, row, first, columns, sample)
        _results(book, ws, row, (first, first + len(columns) - 1), score_one(sample.values, model))
    if samples:
        last = _FIRST + len(samples) - 1
        faint_rule(book, ws, xl_range(_FIRST, 1, last, first - 1))
        tier_rules(book, ws, xl_range(_FIRST, 2, last, 2), f"$C{_FIRST + 1}")
    ws.freeze_panes(_FIRST, 1)
    ws.repeat_rows(_HEAD)
    ws.repeat_columns(0)


_NOTE = "Sample data. Type over the values on the right: score, tier and dimensions follow."
_NOTE_EMPTY = "Paste values under their headers, and type the functions in columns B and C."


def _columns(model: ScoreModel) -> list[Column]:
    """What the samples give: a segment where it counts, metrics, dimensions without metrics."""
    known = {c.key: c for c in account_columns(model)}
    segmented = any(d.segment_weights for d in model.dimensions)
    bare = [d.key for d in model.dimensions if not d.metrics]
    keys = [*(["segment"] if segmented else []), *(m.key for m in model.metrics), *bare]
    return [known[key] for key in keys]


def _inputs(
    book: Book, ws: Worksheet, row: int, first: int, columns: Sequence[Column], sample: Sample
) -> None:
    for at, column in enumerate(columns, start=first):
        value = sample.values.get(column.key)
        if value is None:
            ws.write_blank(row, at, None, book.row())
        elif isinstance(value, str):
            shown = SEGMENT_WORDS[value] if column.key == "segment" else value
            ws.write_string(row, at, shown, book.row(align="center"))
        else:
            shape = UNIT_FORMAT.get(column.unit or "", "General")
            ws.write_number(row, at, value, book.row(align="center", num_format=shape))


def _results(book: Book, ws: Worksheet, row: int, span: tuple[int, int], score: Score) -> None:
    values, heads = xl_range(row, span[0], row, span[1]), _head_range(*span)
    named = model_argument(score.model)
    look = book.row(bold=True, align="center", num_format=NUMBER["score"])
    live(ws, row, 1, f"HEALTH_SCORE({values},{heads}{named})", look, score.total)
    tier = score.model.tier_label(score.tier)
    live(ws, row, 2, f"HEALTH_TIER(B{row + 1}{named})", book.row(bold=True, align="center"), tier)
    plain = book.row(align="center", num_format=NUMBER["score"])
    for at, found in enumerate(score.rolled.dimensions, start=3):
        name = xl_rowcol_to_cell(_HEAD, at, row_abs=True)
        live(ws, row, at, f"DIMENSION_SCORE({name},{values},{heads}{named})", plain, found)


def _head_range(first: int, last: int) -> str:
    """Headers of the inputs, as people type them: the row stays when a formula is copied down."""
    left, right = (xl_rowcol_to_cell(_HEAD, at, row_abs=True) for at in (first, last))
    return f"{left}:{right}"
