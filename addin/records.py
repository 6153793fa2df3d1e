"""Rows of cells → records the engine scores: headers matched, values read, metrics derived.

What depends only on headers and model is worked out once and kept (`layout`), because a sheet
asks for thousands of rows under the same headers, one call a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from addin.cells import Cell, CellProblem, Row, is_error, shown
from scoring.columns import (
    ACCOUNT,
    AGES,
    RATIOS,
    REMAINING,
    Column,
    account_columns,
    match_headers,
    metric_columns,
)
from scoring.model import ScoreModel, Segment
from scoring.parse import Value, is_numeric, parse_value, scale_limits
from scoring.parse_text import ValueProblem

__all__ = ["Layout", "Record", "layout", "plain_layout", "read_row", "read_segment"]

_SEGMENT = next(c for c in ACCOUNT if c.key == "segment")


class Field(NamedTuple):
    """One position of a row that the score needs; a float from low to high is taken as it is."""

    position: int
    key: str
    column: Column
    low: float
    high: float


class Share(NamedTuple):
    """A metric that is one column divided by another."""

    key: str
    top: str
    bottom: str


class Days(NamedTuple):
    """A metric that is the days since (sign 1) or until (sign -1) a date."""

    key: str
    column: str
    sign: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read the rows under one header row for one model.

    Attributes:
        width: number of cells a row must have.
        fields: the positions that matter; all others are ignored.
        shares, days: metrics to derive where the row does not give them.
        dated: whether the score depends on today.
    """

    width: int
    fields: tuple[Field, ...]
    shares: tuple[Share, ...] = ()
    days: tuple[Days, ...] = ()
    dated: bool = False


class Record(NamedTuple):
    """One account for `score_one`, and a sentence for each error cell taken as missing."""

    values: dict[str, Value | None]
    notes: tuple[str, ...]


@lru_cache(maxsize=256)
def plain_layout(model: ScoreModel) -> Layout:
    """Rows without headers: the model's dimensions, rated by a person, in order."""
    by_key = {c.key: c for c in metric_columns(model)}
    columns = enumerate(by_key[d.key] for d in model.dimensions)
    return Layout(len(model.dimensions), tuple(_field(i, c) for i, c in columns))


@lru_cache(maxsize=256)
def layout(headers: Row, model: ScoreModel, *, segment_given: bool = False) -> Layout:
    """Rows under headers; with *segment_given* a *Segment* column is ignored.

    Raises:
        CellProblem: no header names anything the model scores.
    """
    texts = ["" if is_error(h) or h is None else str(h) for h in headers]
    matched, _, _ = match_headers(texts, account_columns(model))
    found = {c.key for c in matched.values()}
    metrics = {m.key for m in model.metrics}
    shares = [Share(k, *pair) for k, pair in RATIOS.items() if k in metrics and found >= set(pair)]
    days = [Days(k, c, 1) for k, c in AGES.items() if k in metrics and c in found]
    days += [Days(k, c, -1) for k, c in REMAINING.items() if k in metrics and c in found]
    if not (found & set(model.inputs) or shares or days):
        raise CellProblem("#VALUE!", _nothing_matches(texts, model))
    wanted = _context(model, segment_given) | set(model.inputs)
    wanted |= {key for s in shares for key in (s.top, s.bottom)} | {d.column for d in days}
    fields = tuple(_field(i, c) for i, c in matched.items() if c.key in wanted)
    dated = any(f.column.kind == "date" for f in fields)
    return Layout(len(headers), fields, tuple(shares), tuple(days), dated)


def _context(model: ScoreModel, segment_given: bool) -> set[str]:
    """Columns besides metrics that change the score: whatever else stands there is ignored."""
    keys = {g.key for g in model.gates} | {"start_date"}
    if not segment_given and any(d.segment_weights for d in model.dimensions):
        keys.add("segment")
    aged = [m.key for m in model.metrics if m.max_age_days is not None]
    return keys | {f"{key}_as_of" for key in aged} | ({"data_as_of"} if aged else set())


def _nothing_matches(headers: Sequence[str], model: ScoreModel) -> str:
    names = [m.name for m in model.metrics[:3]] + [d.name for d in model.dimensions[:1]]
    given = ", ".join(shown(h) for h in headers if h)[:80] or "only blanks"
    return (
        f"No header matches a column of the model {model.name}; the headers are {given}. "
        f"Give the header row, with names such as {', '.join(names)}."
    )


def _field(position: int, column: Column) -> Field:
    if not is_numeric(column) or column.kind == "count":
        return Field(position, column.key, column, 1.0, 0.0)  # always read by `parse_value`
    low, high = scale_limits(column)
    if column.unit in ("fraction", "change"):
        # Beyond this `parse_value` knows whether it is a per cent typed without its sign.
        high = min(high, 2.0)
        low = max(low, -high)
    return Field(position, column.key, column, low, high)


def read_row(row: Row, how: Layout, as_of: date | None) -> Record:
    """One row as a record of canonical values.

    Args:
        row: ``how.width`` cells.
        how: from `layout` or `plain_layout`.
        as_of: day to count to; needed where ``how.dated``.

    Raises:
        CellProblem: every value that cannot be used, with column, value and fix.
    """
    values: dict[str, Value | None] = {}
    problems: list[tuple[Cell, str]] = []
    notes: list[str] = []
    for position, key, column, low, high in how.fields:
        raw = row[position]
        if type(raw) is float and low <= raw <= high:
            values[key] = raw
        elif raw is None or raw == "":
            values[key] = None
        elif is_error(raw):
            notes.append(f"{column.name} shows {shown(raw)}, so it is missing.")
        else:
            try:
                values[key] = parse_value(raw, column)
            except ValueProblem as problem:
                problems.append((raw, _sentence(column, raw, problem)))
    if problems:
        raise _refusal(problems)
    values.update(_derived(values, how, as_of))
    return Record(values, tuple(notes))


def _sentence(column: Column, raw: Cell, problem: ValueProblem) -> str:
    return f"{column.name}: {shown(raw)}. {problem}"


def _refusal(problems: Sequence[tuple[Cell, str]]) -> CellProblem:
    """#NUM! when the values are numbers off their scale, #VALUE! when any cannot be read."""
    numbers = all(isinstance(raw, float) for raw, _ in problems)
    return CellProblem("#NUM!" if numbers else "#VALUE!", "\n".join(text for _, text in problems))


def _derived(
    values: dict[str, Value | None], how: Layout, as_of: date | None
) -> Iterator[tuple[str, float]]:
    """Metrics that the row lacks but its other columns give; 0 of 0 stays missing."""
    for key, top, bottom in how.shares:
        part, whole = values.get(top), values.get(bottom)
        missing = values.get(key) is None
        if missing and _number(part) and _number(whole) and whole > 0:
            yield key, part / whole
    for key, column, sign in how.days:
        day = values.get(column)
        if values.get(key) is None and isinstance(day, date) and as_of is not None:
            yield key, float(sign * (as_of - day).days)


def _number(value: Value | None) -> TypeGuard[float]:
    return isinstance(value, float)


@lru_cache(maxsize=256)
def read_segment(text: str) -> Segment | None:
    """The segment that a text names; None for an empty text.

    Raises:
        CellProblem: not a segment.
    """
    try:
        return parse_value(text, _SEGMENT)  # type: ignore[return-value]
    except ValueProblem as problem:
        raise CellProblem("#VALUE!", _sentence(_SEGMENT, text, problem)) from problem
