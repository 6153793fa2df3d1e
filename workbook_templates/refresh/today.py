"""Today's rows of a Table, by columns and as a workbook would read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from workbook_templates.ooxml.cells import Value, serial
from workbook_templates.ooxml.columns import Columns, plain_values
from workbook_templates.ooxml.places import TableRows
from workbook_templates.portfolio.tables import TableSpec
from workbook_templates.refresh.cells import as_read

__all__ = ["columns_of", "half_up"]


def columns_of(
    spec: TableSpec, rows: TableRows | Columns, *, date1904: bool = False
) -> dict[str, list[Value]]:
    """Column key → values; dates as serials, what is missing as None.

    A list without rows has one blank one, as a Table always has a row.
    """
    if isinstance(rows, Columns):
        data = {key: _column(values, date1904) for key, values in rows.data.items()}
    else:
        keys = _keys(spec, rows)
        listed = [row if isinstance(row, Mapping) else dict(zip(keys, row)) for row in rows]  # noqa: B905
        data = {k: [as_read(row.get(k), date1904=date1904) for row in listed] for k in keys}
    if not len(rows):
        return {c.key: [None] for c in spec.columns}
    # A list is made anew: what a row does not say must not stay from another day.
    anew = () if spec.keeps_order else (c.key for c in spec.columns if not c.formula)
    return data | {key: [None] * len(rows) for key in anew if key not in data}


def _keys(spec: TableSpec, rows: TableRows) -> list[str]:
    given = {k for row in rows if isinstance(row, Mapping) for k in row}
    plain = any(not isinstance(row, Mapping) for row in rows)
    return [c.key for c in spec.columns if plain or c.key in given]


def _column(values: Any, date1904: bool) -> list[Value]:
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if kind == "f":
        return [None if v != v else v for v in np.asarray(values, float).tolist()]
    if kind in "iu" and kind:
        return [float(v) for v in np.asarray(values).tolist()]
    if kind == "M":
        return _dates(np.asarray(values, "datetime64[us]"), date1904)
    return [as_read(v, date1904=date1904) for v in plain_values(values)]


def _dates(values: Any, date1904: bool) -> list[Value]:
    known: dict[Any, Value] = {None: None}
    out: list[Value] = []
    for day in values.tolist():
        if day not in known:
            known[day] = float(serial(day, date1904=date1904))
        out.append(known[day])
    return out


def half_up(score: float) -> float:
    """A score as it is shown."""
    return float(Decimal(repr(score)).quantize(Decimal(1), ROUND_HALF_UP))
