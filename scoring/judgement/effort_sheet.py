"""Efforts as RevOps edits them on a sheet: a row a metric; metrics without a row keep ours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scoring.closest import did_you_mean
from scoring.columns import normalise
from scoring.errors import DataError
from scoring.judgement.effort import Effort, Efforts, checked_effort, load_efforts
from scoring.model import ScoreModel
from scoring.parse_numbers import parse_number
from scoring.parse_text import Reading, ValueProblem

__all__ = ["HEADERS", "SHEET", "effort_rows", "efforts_from_rows"]

SHEET = "Efforts"
HEADERS = ("Metric", "Days of work", "Step", "Reach in 30 days", "What moves it")
_KEYS = tuple(map(normalise, HEADERS))


def effort_rows(model: ScoreModel, table: Efforts | None = None) -> list[tuple[object, ...]]:
    """The sheet of a model: the header, and a row for each metric that has an effort.

    A blank step: the move is made at once. A blank reach: as far as it can. 0: not in a month.
    """
    known = (table or load_efforts()).metrics
    rows: list[tuple[object, ...]] = [HEADERS]
    for metric in model.metrics:
        effort = known.get(metric.key)
        if effort is not None:
            reach = "" if math.isinf(effort.reach) else effort.reach
            rows.append((metric.name, effort.days, effort.step or "", reach, effort.action))
    return rows


def efforts_from_rows(
    rows: Sequence[Sequence[object]], model: ScoreModel, where: str = SHEET
) -> Efforts:
    """The shipped table with the rows of a sheet in place of its own.

    Args:
        rows: header row and data, as cells hold them; blank rows are skipped.
        model: metrics by name or key.
        where: what to call the sheet.

    Raises:
        DataError: a header is missing, a metric is unknown, a number is none; names the row.
    """
    heads = [normalise("" if x is None else str(x)) for x in rows[0]] if rows else []
    missing = [name for name, key in zip(HEADERS[:2], _KEYS, strict=False) if key not in heads]
    if missing:
        raise DataError(f"{where}: no column {missing[0]}. Head the columns {', '.join(HEADERS)}.")
    at = [heads.index(key) if key in heads else None for key in _KEYS]
    found = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = [None if i is None or i >= len(row) else row[i] for i in at]
        if any(cell not in (None, "") for cell in cells):
            place = f"{where}, row {number}"
            found[_metric(cells[0], model, place)] = _effort(cells, place)
    ours = load_efforts()
    return replace(ours, metrics={**ours.metrics, **found})


def _metric(cell: object, model: ScoreModel, place: str) -> str:
    wanted = normalise("" if cell is None else str(cell))
    named = {text: key for key, text in _names(model)}
    if wanted in named:
        return named[wanted]
    hint = did_you_mean(str(cell), {m.name: m.name for m in model.metrics})
    raise DataError(f"{place}: {cell} is no metric of {model.label}. {hint or 'Check its name.'}")


def _names(model: ScoreModel) -> Iterator[tuple[str, str]]:
    for metric in model.metrics:
        for text in (metric.name, metric.key):
            yield metric.key, normalise(text)


def _effort(cells: Sequence[object], place: str) -> Effort:
    """A row's effort; a blank step is none, a blank reach any."""
    days, step, reach = (
        _number(cell, otherwise, f"{place}, {name}")
        for cell, otherwise, name in zip(
            cells[1:4], (0.0, 0.0, math.inf), HEADERS[1:4], strict=True
        )
    )
    action = "" if cells[4] is None else str(cells[4]).strip()
    return checked_effort(place, days, step, reach, action)


def _number(cell: object, otherwise: float, place: str) -> float:
    if cell is None or str(cell).strip() == "":
        return otherwise
    try:
        value = parse_number(str(cell), Reading())
    except ValueProblem:
        value = math.nan
    if not value >= 0:
        raise DataError(f"{place}: {cell}. Type a number from 0 up.")
    return value
