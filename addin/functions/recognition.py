"""Which columns of a person's table are understood, which not, and which values are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from addin.cells import Cell, CellProblem, Row, is_error, shown
from addin.records import layout
from scoring.columns import HISTORY, Column, account_columns, match_headers, normalise
from scoring.model import ScoreModel
from scoring.parse import Value, parse_value
from scoring.parse_text import ValueProblem, is_blank
from scoring.presets import load_preset, preset_names
from scoring.units import format_value

__all__ = [
    "Columns",
    "Known",
    "Place",
    "Problem",
    "Unknown",
    "best_preset",
    "day_text",
    "match_table",
    "recognise",
    "told",
]

# What a table beside the model's columns may hold: the day of a row, and its score.
_KEPT = tuple(c for c in HISTORY if c.key in ("date", "score"))
_CLOSE = 0.6
_LEAST_LETTERS = 4
# A table with more unknown columns is about something else, and each takes a millisecond.
_MOST_SUGGESTED = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where the first cell of a row and of its header stand: 0-based column, 1-based rows."""

    column: int = 0
    row: int = 2
    header_row: int = 1

    def cell(self, position: int) -> str:
        """Address of a value of the row, such as ``M14``."""
        return f"{self.letter(position)}{self.row}"

    def header(self, position: int) -> str:
        """Address of a header, such as ``M1``."""
        return f"{self.letter(position)}{self.header_row}"

    def letter(self, position: int) -> str:
        """Letters of a column."""
        number, text = self.column + position + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            text = chr(65 + rest) + text
        return text


@dataclass(frozen=True, slots=True)
class Known:
    """A column that a header names: its own header, the name we know it by, the row's value."""

    position: int
    letter: str
    header: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A header that names nothing we know, or a column that another one names already.

    Attributes:
        cell: address of the header.
        suggestion: name of a column that is still free, or "".
        twin: letter of the column that counts instead, or "".
    """

    position: int
    letter: str
    cell: str
    header: str
    value: str
    suggestion: str = ""
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that cannot be used: its cell, its column, what stands there, what to do."""

    cell: str
    name: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The header row over a row of values, as a model sees it.

    Attributes:
        count: headers that are not blank.
        recognised: columns that the score stands on.
        others: columns that we know and the score does not need.
        unknown: headers that name nothing.
        repeated: columns that another column names already.
        problems: values of the row that cannot be used.
        free: names of columns that the model would take and no header names.
    """

    count: int
    recognised: tuple[Known, ...]
    others: tuple[Known, ...]
    unknown: tuple[Unknown, ...]
    repeated: tuple[Unknown, ...]
    problems: tuple[Problem, ...]
    free: tuple[str, ...]


def match_table(
    headers: Row, model: ScoreModel
) -> tuple[dict[int, Column], list[int], dict[int, int]]:
    """Match headers as the cell functions do, and the day and score of a row besides."""
    texts = ["" if h is None or is_error(h) else str(h) for h in headers]
    return match_headers(texts, _table_columns(model))


def recognise(headers: Row, row: Row, model: ScoreModel, place: Place, day: date) -> Columns:
    """What *model* makes of a header row and one row of values under it.

    Args:
        headers: as many cells as the row.
        row: values of one account.
        model: decides which columns count.
        place: where both stand.
        day: today, for dates that are told without their year.
    """
    matched, unknown, repeated = match_table(headers, model)
    counted = _counted(headers, model)
    values: dict[int, str] = {}
    problems = []
    for at, column in matched.items():
        read = _read(row[at], column)
        if isinstance(read, ValueProblem) and at in counted:
            problems.append(Problem(place.cell(at), column.name, shown(row[at]), str(read)))
        values[at] = shown(row[at]) if isinstance(read, ValueProblem) else told(read, column, day)
    known = [
        Known(at, place.letter(at), shown(headers[at]), column.name, values[at])
        for at, column in matched.items()
    ]
    free = _free(model, matched)
    return Columns(
        count=sum(not is_blank(h) for h in headers),
        recognised=tuple(k for k in known if k.position in counted),
        others=tuple(k for k in known if k.position not in counted),
        unknown=tuple(
            _unknown(at, headers, row, place, free if number < _MOST_SUGGESTED else ())
            for number, at in enumerate(unknown)
        ),
        repeated=tuple(
            _unknown(at, headers, row, place, (), twin=place.letter(first))
            for at, first in repeated.items()
        ),
        problems=tuple(problems),
        free=tuple(c.name for c in free if c.key in model.inputs),
    )


def best_preset(headers: Row) -> ScoreModel:
    """The preset whose weight the headers cover most, the default first where they are equal."""
    return max(map(load_preset, preset_names()), key=lambda model: _fit(headers, model))


def _fit(headers: Row, model: ScoreModel) -> tuple[float, int]:
    """Share of the weight that the headers name, and how many columns that takes."""
    found = {c.key for c in match_table(headers, model)[0].values()}
    try:
        found |= {d.metric.key for d in layout(headers, model).derived}
    except CellProblem:
        return 0.0, 0
    covered = 0.0
    for dimension, weight in zip(model.dimensions, model.weights(), strict=True):
        total = sum(m.weight for m in dimension.metrics)
        seen = sum(m.weight for m in dimension.metrics if m.key in found)
        covered += weight * (1.0 if dimension.key in found else seen / total if total else 0.0)
    return round(covered, 2), len(found.intersection(model.inputs))


@lru_cache(maxsize=64)
def _table_columns(model: ScoreModel) -> tuple[Column, ...]:
    own = account_columns(model)
    taken = {c.key for c in own}
    # Behind the model's own, so that a header never means something else than in a cell.
    return (*own, *(c for c in _KEPT if c.key not in taken))


def _counted(headers: Row, model: ScoreModel) -> set[int]:
    try:
        return {field.position for field in layout(headers, model).fields}
    except CellProblem:
        return set()


def _read(raw: Cell, column: Column) -> Value | ValueProblem | None:
    if is_error(raw):
        return shown(raw)  # missing, and told so beside the score
    try:
        return parse_value(raw, column)
    except ValueProblem as problem:
        return problem


def told(value: Value | None, column: Column, day: date | None = None) -> str:
    """A value as people read it: ``47%``, ``2.9 of 5``, ``16 Nov``."""
    if isinstance(value, date):
        return day_text(value, day or value)
    text = format_value(value, column.unit)
    top = column.scale[1]
    rated = column.unit in ("rating", "csat") and isinstance(value, float)
    return f"{text} of {top:g}" if rated and top is not None else text


def day_text(value: date, today: date) -> str:
    """A day as people write it: ``16 Nov``, with its year where that is not today's."""
    text = f"{value.day} {value:%b}"
    return text if value.year == today.year else f"{text} {value.year}"


def _free(model: ScoreModel, matched: Mapping[int, Column]) -> list[Column]:
    """Columns that no header names yet."""
    taken = {c.key for c in matched.values()}
    return [c for c in _table_columns(model) if c.key not in taken]


def _unknown(
    at: int, headers: Row, row: Row, place: Place, free: Sequence[Column], *, twin: str = ""
) -> Unknown:
    header = shown(headers[at])
    value = "–" if is_blank(row[at]) else shown(row[at])
    suggestion = _suggest(header, free)
    return Unknown(at, place.letter(at), place.header(at), header, value, suggestion, twin)


def _suggest(header: str, free: Sequence[Column]) -> str:
    """The free column whose name looks most like the header, or holds a word that begins so."""
    texts = [(text, c.name) for c in free for text in (c.name, *c.aliases)]
    by_text = {normalise(text): name for text, name in reversed(texts)}
    wanted = normalise(header)
    close = get_close_matches(wanted, by_text, n=1, cutoff=_CLOSE)
    if close:
        return by_text[close[0]]
    if len(wanted) < _LEAST_LETTERS:
        return ""
    words = ((name, map(normalise, text.split())) for text, name in texts)
    return next((name for name, parts in words if any(p.startswith(wanted) for p in parts)), "")
