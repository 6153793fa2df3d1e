"""A whole column of cells at once: plain values by array, only the odd ones one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.columns import Column
from scoring.parse import LARGEST, currency_of, is_numeric, parse_value, scale_limits
from scoring.parse_dates import column_day_first
from scoring.parse_numbers import shows_decimal_point
from scoring.parse_text import Reading, ValueProblem, has_unsafe

_EPOCH = date(1970, 1, 1).toordinal()
_DIGITS = frozenset("0123456789.-+")
# Texts that say "no value" or name an error start so; the empty text does too.
_ODD_STARTS = ("", "-", "–", "—", "n", "N", "#")
_ODD = re.compile(r"(?:\A|\n)(?:[-–—nN#\n]|\Z)")
_FEW = 1000


@dataclass(frozen=True)
class Parsed:
    """A parsed column.

    Attributes:
        values: (n,) float64 with NaN, ``datetime64[us]`` with NaT, or object with None.
        problems: (position, what the cell holds, why it cannot be used), in row order; those
            values are missing.
        currencies: position → ISO code, for money texts that name one.
    """

    values: NDArray[Any]
    problems: list[tuple[int, object, ValueProblem]]
    currencies: dict[int, str] = field(default_factory=dict)


def parse_column(
    cells: Sequence[object] | NDArray[np.float64], column: Column, reading: Reading
) -> Parsed:
    """Parse the n cells of one column; equal to `parse_value` on each, only faster.

    An array holds numbers, and NaN for empty cells. The day order of ambiguous date texts is
    taken from the column's unambiguous ones where *reading* does not declare it.
    """
    if isinstance(cells, np.ndarray):
        if is_numeric(column):
            return _numbers(cells, cells.copy(), (), column, reading)
        cells = ["" if x != x else x for x in cells.tolist()]
    if column.kind == "date" and not column.words:
        return _dates(cells, column, reading)
    if is_numeric(column):
        if column.kind == "money" and reading.decimal is None and shows_decimal_point(cells):
            reading = replace(reading, decimal=".")
        return _numbers(cells, *_plain_floats(cells, column, reading), column, reading)
    values = np.empty(len(cells), dtype=object)
    if set(map(type, cells)) == {str}:
        if _few_words(cells, values, column, reading):
            return Parsed(values, [])
        if column.kind in ("id", "text") and not column.words:
            return _one_by_one(cells, _plain_texts(cells, values), values, column, reading)
    return _one_by_one(cells, range(len(cells)), values, column, reading)


def _plain_texts(cells: Sequence[object], values: NDArray[Any]) -> Sequence[int]:
    """Put texts that need no second look into *values*; the positions of all others."""
    texts = [*map(str.strip, cells)]  # type: ignore[arg-type]
    joined = "\n".join(texts)
    if not joined.replace("\n", " ").isprintable() and has_unsafe(joined):
        return range(len(cells))
    values[:] = texts
    if not _ODD.search(joined):
        return ()
    odd = [i for i, t in enumerate(texts) if t[:1] in _ODD_STARTS]
    values[odd] = None
    return odd


def _few_words(
    cells: Sequence[object], values: NDArray[Any], column: Column, reading: Reading
) -> bool:
    """Put a column of few different texts, all readable, into *values*; else False."""
    if len(set(cells[: 2 * _FEW])) > _FEW or len(distinct := set(cells)) > _FEW:
        return False
    known = {raw: None if raw == "" else _tried(raw, column, reading) for raw in distinct}
    if any(isinstance(value, ValueProblem) for value in known.values()):
        return False
    values[:] = [*map(known.__getitem__, cells)]
    return True


def _numbers(
    cells: Sequence[object] | NDArray[np.float64],
    values: NDArray[Any],
    rest: Sequence[int],
    column: Column,
    reading: Reading,
) -> Parsed:
    """Second look at the positions in *rest* and at values that the column cannot hold."""
    odd = set(np.flatnonzero(_suspect(values, column)).tolist())
    positions = sorted(odd.union(rest)) if odd else rest
    values[list(odd)] = np.nan
    if isinstance(cells, np.ndarray):
        cells = cells.tolist() if positions else ()
    return _one_by_one(cells, positions, values, column, reading)


def _plain_floats(
    cells: Sequence[object], column: Column, reading: Reading
) -> tuple[NDArray[Any], Sequence[int]]:
    """Values of the cells that are numbers already, and the positions of all others."""
    types = set(map(type, cells))
    if types <= {float, int}:
        return np.array(cells, dtype=np.float64), ()
    if types <= {str, type(None)}:
        # Of money texts one dot may part thousands; those are looked at one by one.
        doubtful = column.kind == "money" and reading.decimal is None
        found = None if doubtful else _digit_texts(cells, reading)
        if found is not None:
            return found, ()
    if types <= {float, int, str}:
        filled = [np.nan if c == "" else c for c in cells]
        if str not in set(map(type, filled)):
            return np.array(filled, dtype=np.float64), ()
    values = np.full(len(cells), np.nan)
    number = np.fromiter((type(c) is float or type(c) is int for c in cells), bool, len(cells))
    values[number] = [c for c in cells if type(c) is float or type(c) is int]
    return values, [i for i in np.flatnonzero(~number).tolist() if cells[i] not in ("", None)]


def _digit_texts(cells: Sequence[object], reading: Reading) -> NDArray[Any] | None:
    """Floats of a column of texts that hold plain numbers or nothing, else None."""
    texts = ["" if c is None else str(c) for c in cells]
    if reading.decimal == "," or not _DIGITS.issuperset("".join(texts)):
        return None
    try:
        return np.array([float(t) if t else np.nan for t in texts], dtype=np.float64)
    except ValueError:
        return None


def _suspect(values: NDArray[Any], column: Column) -> NDArray[np.bool_]:
    """Numbers that a second look must refuse: off the scale, infinite, or not whole."""
    low, high = scale_limits(column)
    if column.unit in LARGEST:
        high = min(high, LARGEST[column.unit]) if column.scale[1] is None else high
        low = max(low, -high)
    with np.errstate(invalid="ignore"):
        bad = (values < low) | (values > high) | np.isinf(values)
        if column.kind == "count":
            bad |= (values != np.floor(values)) & ~np.isnan(values)
    return np.asarray(bad, dtype=np.bool_)


def _dates(cells: Sequence[object], column: Column, reading: Reading) -> Parsed:
    types = set(map(type, cells))
    if types <= {date, datetime}:
        return Parsed(_days(cells), [])
    if reading.day_first is None and str in types:
        reading = replace(reading, day_first=column_day_first(cells))
    if types <= {date, datetime, str, type(None)}:
        plain = _plain_dates(cells)
        if plain is not None:
            return Parsed(plain, [])
    out = np.empty(len(cells), dtype=object)
    parsed = _one_by_one(cells, range(len(cells)), out, column, reading)
    return Parsed(parsed.values.astype("datetime64[D]").astype("datetime64[us]"), parsed.problems)


def _days(cells: Sequence[Any]) -> NDArray[Any]:
    """Dates of date cells; by day number, ten times as fast as numpy's own conversion."""
    numbers = np.fromiter(map(date.toordinal, cells), np.int64, len(cells))
    return (numbers - _EPOCH).astype("datetime64[D]").astype("datetime64[us]")


def _plain_dates(cells: Sequence[object]) -> NDArray[Any] | None:
    """Dates of date cells, ISO texts and blanks; None when any other value stands there."""
    texts = {c for c in cells if isinstance(c, str)}
    if any(t and (len(t) != 10 or t[4] != "-" or t[7] != "-") for t in texts):
        return None
    plain = [c.date() if type(c) is datetime else (c or "NaT") for c in cells]
    try:
        days = np.array(plain, dtype="datetime64[D]")
    except ValueError:
        return None
    years = days[~np.isnat(days)].astype("datetime64[Y]").astype(np.int64) + 1970
    if texts - {""} and years.size and (years.min() < 1900 or years.max() > 2199):
        return None
    return days.astype("datetime64[us]")


def _one_by_one(
    cells: Sequence[object],
    positions: Sequence[int],
    values: NDArray[Any],
    column: Column,
    reading: Reading,
) -> Parsed:
    """Parse the cells at *positions* into *values*; equal cells are read once."""
    known: dict[tuple[type, object], object] = {}
    problems: list[tuple[int, object, ValueProblem]] = []
    currencies: dict[int, str] = {}
    money = column.kind == "money"
    for i in positions:
        raw = cells[i]
        if raw is None or raw == "":
            continue
        key = (type(raw), raw)
        if key not in known:
            known[key] = _tried(raw, column, reading)
        value = known[key]
        if isinstance(value, ValueProblem):
            problems.append((i, raw, value))
        elif value is not None:
            values[i] = value
        if money and (code := currency_of(raw)):
            currencies[i] = code
    return Parsed(values, problems, currencies)


def _tried(raw: object, column: Column, reading: Reading) -> object:
    try:
        return parse_value(raw, column, reading)
    except ValueProblem as problem:
        return problem
