"""Random rows of accounts, as people type them: any header, blanks, errors, words, dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from addin.cells import Cell, CellError, Row
from scoring.columns import Column
from scoring.model import LinearCurve, Metric, ScoreModel
from workbook_templates.lambdas.inputs import input_columns

__all__ = ["random_row"]

_BLANKS: tuple[Cell, ...] = (
    None, None, "", "n/a", "–", " NA ", CellError("#N/A"), CellError("#DIV/0!"),
)  # fmt: skip
_ODD: tuple[Cell, ...] = (
    True, False, "often", "48%", "0.48 %", "3.5", "-2", "+4", "--1", ".5", "7.", "%", "1%%",
    "1.2.3", "12,5", "true", "2026-02-30", 999.0, -999.0, 1e5, 0.5,
)  # fmt: skip
_AGES = (0, 1, 14, 15, 30, 31, 35, 36, 60, 90, 91, 100, 101, 190, 191, 400)
_SEGMENTS = ("Enterprise", "Mid-Market", "SMB", "mm", "ENT")
_DATED = ("start_date", "data_as_of")


def random_row(
    model: ScoreModel, rng: Random, today: date, *, odd: bool, keys: bool = False
) -> tuple[Row, Row]:
    """Headers and values of one account.

    Args:
        model: what the columns belong to.
        rng: the chance.
        today: the day that dates lie before.
        odd: put in some values that cannot be read.
        keys: head the columns with their keys alone.
    """
    share = rng.choice((0.4, 0.7, 1.0))
    columns = [c for c in input_columns(model).values() if _taken(c, share, rng)]
    columns = columns[:-1] or list(input_columns(model).values())[:1]
    rng.shuffle(columns)
    metrics = {m.key: m for m in model.metrics}
    headers = [c.key if keys else _header(c, rng) for c in columns]
    headers = [header if rng.random() > 0.04 else "Notes" for header in headers]
    values = [_value(c, metrics.get(c.key), rng, today, odd=odd) for c in columns]
    return tuple(headers), tuple(values)


def _taken(column: Column, share: float, rng: Random) -> bool:
    # Dates of data decide much on their own: with all of them hardly any row would have a score.
    dated = column.key in _DATED or column.key.endswith("_as_of")
    return rng.random() < (share / 3 if dated else share)


def _header(column: Column, rng: Random) -> str:
    text = rng.choice((column.name, column.key, *column.aliases))
    changes: tuple[Callable[[str], str], ...] = (
        str.upper, str.title, lambda t: t.replace(" ", "_"), lambda t: f" {t} ", str,
    )  # fmt: skip
    return rng.choice(changes)(text)


def _value(column: Column, metric: Metric | None, rng: Random, today: date, *, odd: bool) -> Cell:
    if rng.random() < 0.2:
        return rng.choice(_BLANKS)
    if odd and rng.random() < 0.08:
        return rng.choice(_ODD)
    if column.kind == "date":
        day = today - timedelta(rng.choice(_AGES))
        return day.isoformat() if rng.random() < 0.2 else day
    if column.kind == "segment":
        return rng.choice(_SEGMENTS)
    if column.words:
        word = rng.choice(column.words)
        return rng.choice((word, word.upper(), f" {word.lower()}", word.replace(" ", "-")))
    if column.kind == "count":
        return float(rng.randrange(1, 50))
    return _number(column, metric, rng)


def _number(column: Column, metric: Metric | None, rng: Random) -> Cell:
    xs = [0.0, 40.0]
    if metric is not None and isinstance(metric.curve, LinearCurve):
        xs = [x for x, _ in metric.curve.points]
    low = xs[0] if column.scale[0] is None else column.scale[0]
    high = xs[-1] if column.scale[1] is None else column.scale[1]
    number = rng.choice((low, high, *xs, *(low + rng.random() * (high - low) for _ in xs)))
    if column.unit in ("fraction", "change") and rng.random() < 0.3:
        return f"{100 * number:.4f}%"
    return f"{number:.6f}" if rng.random() < 0.1 else float(number)
