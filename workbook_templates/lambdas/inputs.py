"""The inputs of a model as rows: what a cell of each may hold, and how it becomes points.

First come the metrics, then the dimensions that people type, then columns from which others
follow. Thresholds are formulas on the *Model* sheet, so that a change there changes the scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import NamedTuple

from scoring.columns import AGES, RATIOS, REMAINING, Column, account_columns
from scoring.model import Metric, ScoreModel
from scoring.parse import LARGEST, scale_limits
from scoring.parse_dates import FIRST_SERIAL, LAST_SERIAL
from workbook_templates.formulas import ModelCells
from workbook_templates.lambdas.cells import Area, Block, Cell
from workbook_templates.lambdas.lines import LINES, identity, metric_lines
from workbook_templates.typed import typing

__all__ = ["DATA_AS_OF", "SCORE", "SEGMENT", "START", "input_block", "input_columns"]

SCORE, SEGMENT, START, DATA_AS_OF = "score", "segment", "start_date", "data_as_of"
_OWN = (Column("no_metric", "No metric", "number"), Column(SCORE, "Score", "number"))
_OPEN = 1e300
"""Stands for a limit that is not there; no cell holds so large a number."""


_PARTNERS = dict(chain.from_iterable(((a, b), (b, a)) for a, b in RATIOS.values()))
"""Of two columns that a ratio follows from, the other one."""


class _Row(NamedTuple):
    """What is known of an input, in the order of `_COLUMNS` after its number and name."""

    kind: str
    scored: int = 0
    unnamed: int = 0
    dimension: int = 0
    share: Cell = Cell(0)
    low: Cell = Cell(-_OPEN)
    high: Cell = Cell(_OPEN)
    largest: Cell = Cell(_OPEN)
    follows_by: str = ""
    first: int = 0
    second: int = 0
    partner: int = 0
    as_of: int = 0
    max_age: Cell = Cell(_OPEN)


_COLUMNS = (
    ("Input", "_HS_INPUT"), ("Name", ""), ("Kind", "_HS_KIND"), ("Scored", "_HS_SCORED"),
    ("Place", "_HS_UNNAMED"), ("Dimension", ""), ("Share", ""), ("Low", "_HS_LOW"),
    ("High", "_HS_HIGH"), ("Largest", "_HS_LARGEST"), ("Follows by", "_HS_FOLLOWS_BY"),
    ("First", "_HS_FIRST"), ("Second", "_HS_SECOND"), ("Partner", "_HS_PARTNER"),
    ("As of", "_HS_AS_OF"), ("Max age", "_HS_MAX_AGE"), ("Start", "_HS_START"),
)  # fmt: skip
"""Headers, and what the columns below them are called; the lines of the curve follow."""

_HEADERS = tuple(header for header, _ in _COLUMNS)


def input_columns(model: ScoreModel) -> Mapping[str, Column]:
    """Key → column of every input; the first has number 1, the score of a tier is the last."""
    known = {c.key: c for c in (*account_columns(model), *_OWN)}
    aged = [m.key for m in model.metrics if m.max_age_days is not None]
    metrics = [m.key for m in model.metrics] or [_OWN[0].key]
    sources = [key for m in model.metrics for key in _follows(m.key)[1]]
    dated = [*(f"{key}_as_of" for key in aged), *([DATA_AS_OF] if aged else [])]
    keys = [*metrics, *(d.key for d in model.dimensions), *sources, SEGMENT, START, *dated, SCORE]
    return {key: known[key] for key in dict.fromkeys(keys)}


def _follows(key: str) -> tuple[str, tuple[str, ...]]:
    """How a metric follows from other columns, and from which."""
    if key in RATIOS:
        return "ratio", RATIOS[key]
    if key in AGES:
        return "since", (AGES[key],)
    return ("until", (REMAINING[key],)) if key in REMAINING else ("", ())


def input_block(model: ScoreModel, cells: ModelCells) -> Block:
    """All inputs as a block of *Lookup*."""
    columns = input_columns(model)
    numbers = {key: number for number, key in enumerate(columns, start=1)}
    typed = {d.key: place for place, d in enumerate(model.dimensions, start=1)}
    metrics = {m.key: m for m in model.metrics}
    rows = []
    for key, column in columns.items():
        if metric := metrics.get(key):
            row, lines = _metric(metric, column, numbers, model, cells), metric_lines(metric, cells)
        elif key in typed:
            row, lines = _typed(model, typed[key], cells), identity(_by_typing(model, cells, 20, 1))
        else:
            row = _plain(column)._replace(partner=numbers.get(_PARTNERS.get(key, ""), 0))
            lines = identity(Cell(1))
        known = (cell if isinstance(cell, Cell) else Cell(cell) for cell in row)
        rows.append((Cell(numbers[key]), Cell(column.name), *known, *lines))
    heads = tuple(f"{end} {i}" for end in ("From", "To", "Slope") for i in range(1, LINES + 1))
    return Block("Inputs", (*_HEADERS, *heads), tuple(rows), _areas(model))


def _areas(model: ScoreModel) -> tuple[Area, ...]:
    count, at = max(len(model.metrics), 1), len(_HEADERS)
    ends = ("_HS_FROM", "_HS_TO", "_HS_SLOPE")
    return (
        *(Area(name, i) for i, (_, name) in enumerate(_COLUMNS) if name),
        *(Area(name, at + i * LINES, LINES) for i, name in enumerate(ends)),
        Area("_HS_METRICS", 0, rows=count),
        Area("_HS_TYPED_INPUTS", 0, row=count, rows=len(model.dimensions)),
        Area("_HS_DIMENSION", _HEADERS.index("Dimension"), rows=count),
        Area("_HS_SHARE", _HEADERS.index("Share"), rows=count),
    )


def _metric(
    metric: Metric,
    column: Column,
    numbers: Mapping[str, int],
    model: ScoreModel,
    cells: ModelCells,
) -> _Row:
    number = next(i for i, d in enumerate(model.dimensions, start=1) if metric in d.metrics)
    way, sources = _follows(metric.key)
    first, second = (numbers[sources[at]] for at in (0, -1)) if sources else (0, 0)
    shared = metric.unit in LARGEST
    state = metric.unit == "state"
    low = -_OPEN if state else max(scale_limits(column)[0], -_OPEN)
    (scale_low, scale_high), max_age = metric.scale, metric.max_age_days

    def limit(field: str, value: float | None, otherwise: float) -> Cell:
        at = cells.metric(metric.key, field)
        shown = otherwise if value is None else value
        return Cell(shown, f"=IF(ISNUMBER({at}),{at},{otherwise!r})")

    return _Row(
        kind="state" if state else "share" if shared else "number",
        scored=1,
        dimension=number,
        share=_share(metric, model, cells),
        low=limit("scale_low", scale_low, low),
        high=limit("scale_high", scale_high, _OPEN),
        largest=limit("scale_high", scale_high, LARGEST[metric.unit]) if shared else Cell(_OPEN),
        follows_by=way,
        first=first,
        second=second,
        as_of=numbers.get(f"{metric.key}_as_of", 0),
        max_age=limit("max_age_days", max_age, _OPEN),
    )


def _share(metric: Metric, model: ScoreModel, cells: ModelCells) -> Cell:
    """Share of a metric in its dimension."""
    together = next(d.metrics for d in model.dimensions if metric in d.metrics)
    at = [cells.metric(m.key, "weight") for m in together]
    value = metric.weight / sum(m.weight for m in together)
    return Cell(value, f"={cells.metric(metric.key, 'weight')}/SUM({','.join(at)})")


def _typed(model: ScoreModel, place: int, cells: ModelCells) -> _Row:
    low, high = _by_typing(model, cells, 1, 0), _by_typing(model, cells, 5, 100)
    return _Row("number", scored=1, unnamed=place, low=low, high=high)


def _by_typing(model: ScoreModel, cells: ModelCells, rating: float, points: float) -> Cell:
    """One number where people type ratings, another where they type points."""
    shown = rating if typing(model).is_rating else points
    return Cell(shown, f'=IF({cells.setting("typed")}="rating",{rating},{points})')


def _plain(column: Column) -> _Row:
    if column.kind == "date":
        return _Row("date", low=Cell(FIRST_SERIAL), high=Cell(LAST_SERIAL + 1))
    if column.kind == "count":
        return _Row("count", low=Cell(0))
    return _Row("segment" if column.kind == "segment" else "number")
