"""The sheet *Read me*: what to type, what comes back, where it works, and a place to try it."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from scoring.model import ScoreModel
from scoring.one import score_one
from workbook_templates.drawing.theme import ACCENT, NUMBER, Book
from workbook_templates.lambdas.live import faint_rule, live, model_argument, note, tier_rules
from workbook_templates.typed import typing

__all__ = ["SHEET", "draw_start"]

SHEET = "Read me"
_TOP, _LEFT, _TRY = 3, 1, 4
_LINE, _SECTION, _LETTERS = 24, 30, 76
_TRIED = {True: (4.0, 5.0, 3.0, 4.0, 4.0), False: (55.0, 72.0, 61.0, 85.0, 70.0)}
"""What stands in the blue cells at first, over and over: ratings, or points."""

_ELSEWHERE = (
    "They know no LAMBDA and show an error: #NAME?, Err:508. Use the add-in there, "
    "in another workbook (for LibreOffice: healthsheet addin oxt)."
)
_SAME = (
    "The add-in and healthsheet score. Only a score that a person set is not looked at. "
    "Days count to today."
)
_WHERE = (
    ("Excel 365, Excel 2024, Excel on the web", "Everything on this page."),
    ("Excel 2021 and older, LibreOffice, Google Sheets", _ELSEWHERE),
)
_KNOW = (
    ("Your accounts", "Paste them on a new sheet of this workbook: the functions belong to it."),
    ("Another weight or threshold", "Change a blue cell on Model. Every score follows."),
    ("Another metric, or another header", "Write the workbook again, from your own model."),
    ("Same numbers as", _SAME),
    ("With the add-in as well", "Name the model, as the formulas on Accounts do where it matters."),
    ("Numbers typed as text", "67.95 and 48% are read; 1,200 and 31/01/2026 give #VALUE!."),
)


def draw_start(book: Book, model: ScoreModel) -> None:
    """Draw the sheet on which the workbook opens."""
    ws = book.sheet(SHEET, first=True)
    book.columns(ws, {"A": 12, "B": 360, "C": 440, "D": 28, "E": 170, "F": 76, "G": 110, "H": 12})
    book.title(ws, "Health scores in cells, without an add-in")
    note(ws, "B2", f"{model.title} ({model.label})", book.sheet_note())
    row = _lines(book, ws, _TOP, "Type in any cell", _typed(model), look={"font_color": ACCENT})
    row = _lines(book, ws, row, "What comes back", _answers(model))
    row = _lines(book, ws, row, "Where it works", _WHERE)
    _lines(book, ws, row, "Good to know", _KNOW)
    _try(book, ws, model)


def _typed(model: ScoreModel) -> Sequence[tuple[str, str]]:
    words = [tier.label for tier in model.tiers]
    typed = f"{typing(model).word.lower()}s {typing(model).scale}"
    return (
        ("=HEALTH_SCORE(B2:R2, B$1:R$1)", "Score 0 to 100 of a row, under its header row"),
        ("=HEALTH_SCORE(B2:R500, B$1:R$1)", "The same for all rows: one formula fills the column"),
        (f"=HEALTH_SCORE({_tried(model)})", f"Without headers: {typed} of each dimension"),
        ("=HEALTH_TIER(S2)", f"{words[0]}, {words[1]} or {words[2]}"),
        (f'=DIMENSION_SCORE("{model.dimensions[0].name}", B2:R2, B$1:R$1)',
         "Score 0 to 100 of one dimension"),
    )  # fmt: skip


def _answers(model: ScoreModel) -> Sequence[tuple[str, str]]:
    least = f"{100 * model.min_coverage:g}%"
    return (
        ("A number", "The score. A blank or an error cell is missing, never zero."),
        ("#N/A", f"Less than {least} of the weight is known: too little for a score."),
        ("#NUM!", "A number off its scale, such as 48 where 48% belongs."),
        ("#VALUE!", "Text where a number belongs, an unknown word, or ranges that do not fit."),
    )


def _lines(
    book: Book,
    ws: Worksheet,
    top: int,
    heading: str,
    lines: Sequence[tuple[str, str]],
    look: dict[str, str] | None = None,
) -> int:
    """A heading and lines of two texts; gives the row after a gap."""
    ws.set_row_pixels(top, _SECTION)
    ws.write_string(top, _LEFT, heading, book.section())
    for row, (what, text) in enumerate(lines, start=top + 1):
        ws.set_row_pixels(row, _LINE * (1 + len(text) // _LETTERS))
        ws.write_string(row, _LEFT, what, book.row(bold=True, text_wrap=True, **(look or {})))
        ws.write_string(row, _LEFT + 1, text, book.row(text_wrap=True))
    gap = top + len(lines) + 1
    ws.set_row_pixels(gap, _LINE)
    return gap + 1


def _tried(model: ScoreModel) -> str:
    """The blue cells."""
    where: str = xl_range(_TOP + 2, _TRY + 1, _TOP + 1 + len(model.dimensions), _TRY + 1)
    return where


def _try(book: Book, ws: Worksheet, model: ScoreModel) -> None:
    """Blue cells for the dimensions, and what the functions say to them."""
    kind = typing(model)
    given = _TRIED[kind.is_rating]
    values = [given[i % len(given)] for i in range(len(model.dimensions))]
    ws.write_string(_TOP, _TRY, "Try it", book.section())
    ws.write_string(_TOP + 1, _TRY, "Dimension", book.head())
    ws.write_string(_TOP + 1, _TRY + 1, kind.word, book.head(align="center"))
    first = _TOP + 2
    for row, (dimension, value) in enumerate(zip(model.dimensions, values, strict=True), first):
        ws.write_string(row, _TRY, dimension.name, book.row(bold=True))
        ws.write_number(row, _TRY + 1, value, book.input())
        limits = {"criteria": "between", "minimum": kind.low, "maximum": kind.high}
        ws.data_validation(row, _TRY + 1, row, _TRY + 1, {"validate": "decimal", **limits})
    last = first + len(values) - 1
    keys = (d.key for d in model.dimensions)
    score = score_one(dict(zip(keys, values, strict=True)), model)
    row = last + 1
    named = model_argument(model)
    ws.write_string(row, _TRY, "Score", book.total())
    big = book.total(font_size=15, align="center", num_format=NUMBER["score"])
    live(
        ws, row, _TRY + 1, f"HEALTH_SCORE({_tried(model)}{named and f',{named}'})", big, score.total
    )
    chip = book.total(font_size=11, align="center")
    word = model.tier_label(score.tier)
    live(ws, row, _TRY + 2, f"HEALTH_TIER(F{row + 1}{named})", chip, word)
    tier_rules(book, ws, xl_range(row, _TRY + 2, row, _TRY + 2), f"$G${row + 1}")
    faint_rule(book, ws, xl_range(row, _TRY + 1, row, _TRY + 2))
