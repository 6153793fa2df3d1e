"""Texts that the functions know: headers, letters in them, names of dimensions and segments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from scoring.columns import Column, account_columns, match_headers, metric_columns, normalise
from scoring.errors import ModelError
from scoring.model import SEGMENTS, ScoreModel
from scoring.parse import SEGMENT_WORDS
from scoring.parse_text import BLANK_WORDS, ERROR_CODES
from workbook_templates.lambdas.cells import Area, Block, Cell
from workbook_templates.lambdas.inputs import input_columns

__all__ = ["text_blocks"]

_LETTERS = [*map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))), *"–—−‐‑‘’“”„•…€™→≥≤\n"]
"""Characters that people type in headers."""


def text_blocks(model: ScoreModel) -> list[Block]:
    """The blocks of texts.

    Raises:
        ModelError: a header that may mean two columns of the model.
    """
    return [_headers(model), _letters(model), _dimension_words(model), _segments(), _blanks()]


def _meanings(columns: Iterable[Column]) -> Iterator[tuple[str, str]]:
    """Every header text, reduced for matching, with the key of the column it means."""
    known = list(columns)
    texts = {normalise(text) for c in known for text in (c.name, c.key, *c.aliases)}
    for text in sorted(texts - {""}):
        matched, _, _ = match_headers([text], known)
        yield text, matched[0].key


def _headers(model: ScoreModel) -> Block:
    numbers = {key: i for i, key in enumerate(input_columns(model), start=1)}
    _check_told_apart(account_columns(model), numbers)
    rows = [
        (Cell(text), Cell(numbers[key]))
        for text, key in _meanings(account_columns(model))
        if key in numbers
    ]
    areas = (Area("_HS_HEADER", 0), Area("_HS_HEADER_INPUT", 1))
    return Block("Headers", ("Header", "Input"), tuple(rows), areas)


def _check_told_apart(columns: Iterable[Column], inputs: Collection[str]) -> None:
    """Refuse a header that may mean an input or another column: that depends on other headers."""
    meant: dict[str, Column] = {}
    for column in columns:
        for text in {normalise(t) for t in (column.name, column.key, *column.aliases)} - {""}:
            first = meant.setdefault(text, column)
            if first is not column and (first.key in inputs or column.key in inputs):
                raise ModelError(
                    f'The header "{text}" may mean {first.name} or {column.name}, and a formula '
                    "cannot tell which. Give one of them another name, key or alias."
                )


def _letters(model: ScoreModel) -> Block:
    """What letters count as in a header; one that counts as nothing is dropped.

    Of letters that few people type those are there that the model's own texts have.
    """
    columns = input_columns(model).values()
    own = (letter for c in columns for text in (c.name, *c.aliases, *c.words) for letter in text)
    small = dict.fromkeys(map(str.lower, (*_LETTERS, *own)))
    plain = {letter: normalise(letter) for letter in small}
    rows = tuple((Cell(c), Cell(p)) for c, p in plain.items() if c != p)
    areas = (Area("_HS_LETTER", 0), Area("_HS_COUNTS_AS", 1))
    return Block("Letters in headers", ("Letter", "Counts as"), rows, areas)


def _dimension_words(model: ScoreModel) -> Block:
    keys = [d.key for d in model.dimensions]
    columns = [c for c in metric_columns(model) if c.key in keys]
    rows = [(Cell(text), Cell(keys.index(key) + 1)) for text, key in _meanings(columns)]
    areas = (Area("_HS_DIMENSION_TEXT", 0), Area("_HS_DIMENSION_NUMBER", 1))
    return Block("Names of dimensions", ("Name", "Dimension"), tuple(rows), areas)


def _segments() -> Block:
    rows = [(Cell(text), Cell(SEGMENTS.index(s) + 1)) for text, s in SEGMENT_WORDS.items()]
    areas = (Area("_HS_SEGMENT", 0), Area("_HS_SEGMENT_NUMBER", 1))
    return Block("Names of segments", ("Name", "Segment"), tuple(rows), areas)


def _blanks() -> Block:
    rows = [(Cell(text),) for text in (*sorted(BLANK_WORDS - {""}), *ERROR_CODES)]
    return Block("Texts that say no value", ("Text",), tuple(rows), (Area("_HS_NO_VALUE", 0),))
