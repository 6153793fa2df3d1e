"""Rows of cells → records the engine scores: headers matched, values read, metrics derived.

What depends only on headers and model is worked out once and kept (`layout`), because a sheet
asks for thousands of rows under the same headers, one call a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from addin.cells import Cell, CellProblem, Row, advice, is_error, shown
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
from scoring.model import Metric, ScoreModel, Segment
from scoring.parse import Value, is_numeric, parse_value, scale_limits
from scoring.parse_text import ValueProblem

__all__ = [
    "Derived",
    "Layout",
    "Record",
    "derivable",
    "follows",
    "layout",
    "plain_layout",
    "read_row",
    "read_segment",
]

_NAMES = {c.key: c.name for c in ACCOUNT}
_SEGMENT = next(c for c in ACCOUNT if c.key == "segment")


class Field(NamedTuple):
    """One position of a row that the score needs; a float from low to high is taken as it is."""

    position: int
    key: str
    column: Column
    low: float
    high: float


class Derived(NamedTuple):
    """A metric that follows from other columns where the row does not give it.

    ``sources`` are two columns to divide, or one date to count days since (sign 1) or until (-1).
    """

    metric: Metric
    sources: tuple[str, ...]
    sign: int = 1


# Compared by identity: it stands in cache keys, and `layout` makes one for each header row.
@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How to read the rows under one header row for one model.

    Attributes:
        width: number of cells a row must have.
        fields: the positions that matter; all others are ignored.
        derived: metrics to derive where the row does not give them.
        dated: whether the score depends on today.
    """

    width: int
    fields: tuple[Field, ...]
    derived: tuple[Derived, ...] = ()
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
    derived = tuple(d for d in derivable(model) if found.issuperset(d.sources))
    if not (derived or found.intersection(model.inputs)):
        raise CellProblem("#VALUE!", _nothing_matches(texts, model))
    wanted = _context(model, segment_given).union(model.inputs, *(d.sources for d in derived))
    fields = tuple(_field(i, c) for i, c in matched.items() if c.key in wanted)
    dated = any(f.column.kind == "date" for f in fields)
    return Layout(len(headers), fields, derived, dated)


def derivable(model: ScoreModel) -> Iterator[Derived]:
    """The model's metrics that other columns can give."""
    for metric in model.metrics:
        if metric.key in RATIOS:
            yield Derived(metric, RATIOS[metric.key])
        elif metric.key in AGES:
            yield Derived(metric, (AGES[metric.key],))
        elif metric.key in REMAINING:
            yield Derived(metric, (REMAINING[metric.key],), -1)


def _context(model: ScoreModel, segment_given: bool) -> set[str]:
    """Columns besides metrics that change the score: whatever else stands there is ignored."""
    keys = {g.key for g in model.gates} | {"start_date"}
    if not segment_given and any(d.segment_weights for d in model.dimensions):
        keys.add("segment")
    aged = [m.key for m in model.metrics if m.max_age_days is not None]
    return keys | {f"{key}_as_of" for key in aged} | ({"data_as_of"} if aged else set())


def _nothing_matches(headers: Sequence[str], model: ScoreModel) -> str:
    names = [m.name for m in model.metrics[:3]] + [d.name for d in model.dimensions[:1]]
    given = ", ".join(shown(h) for h in headers if h)[:80] or "blank or show errors"
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
    for derived in how.derived:
        if values.get(derived.metric.key) is None:
            _derive(derived, values, as_of, problems)
    if problems:
        raise _refusal(problems)
    return Record(values, tuple(notes))


def _sentence(column: Column, raw: Cell, problem: ValueProblem) -> str:
    return f"{column.name}: {shown(raw)}. {advice(problem)}"


def _refusal(problems: Sequence[tuple[Cell, str]]) -> CellProblem:
    """#NUM! when the values are numbers off their scale, #VALUE! when any cannot be read."""
    numbers = all(isinstance(raw, float) for raw, _ in problems)
    return CellProblem("#NUM!" if numbers else "#VALUE!", "\n".join(text for _, text in problems))


def _derive(
    derived: Derived,
    values: dict[str, Value | None],
    as_of: date | None,
    problems: list[tuple[Cell, str]],
) -> None:
    """Add the metric that follows from the row's other columns; 0 of 0 stays missing."""
    metric = derived.metric
    value = follows(derived, [values.get(key) for key in derived.sources], as_of)
    low, high = metric.scale
    if value is None:
        return
    if (low is not None and value < low) or (high is not None and value > high):
        names = " and ".join(_NAMES[key] for key in derived.sources)
        text = f"{metric.name}: {value:g} follows from {names}, outside its scale. Correct {names}."
        problems.append((value, text))
    values[metric.key] = value


def follows(derived: Derived, given: Sequence[Value | None], as_of: date | None) -> float | None:
    """What a metric is by its sources' values, in their order; None where they do not say."""
    first, last = given[0], given[-1]
    if isinstance(first, date):
        return float(derived.sign * (as_of - first).days) if as_of is not None else None
    if not isinstance(first, float) or not isinstance(last, float):
        return None
    return first / last if last > 0 else None


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
