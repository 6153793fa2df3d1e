"""Today's rows of a Table, by columns and as a workbook would read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook_templates.ooxml.bulkvalues import serials
from workbook_templates.ooxml.cells import PLAIN_TEXT, Value
from workbook_templates.ooxml.columns import Columns, plain_values
from workbook_templates.ooxml.places import TableRows
from workbook_templates.portfolio.tables import TableSpec
from workbook_templates.refresh.cells import as_read
from workbook_templates.refresh.column import Column

__all__ = ["columns_of", "half_up"]


def columns_of(
    spec: TableSpec, rows: TableRows | Columns, *, date1904: bool = False
) -> dict[str, Sequence[Value]]:
    """Column key → values; dates as serials, what is missing as None.

    A list without rows has one blank one, as a Table always has a row.
    """
    data: dict[str, Sequence[Value]]
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


def _column(values: Any, date1904: bool) -> Sequence[Value]:
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    if kind == "f":
        return Column(pa.array(np.asarray(values, float), from_pandas=True))
    if kind in "iu" and kind:
        return Column(pa.array(np.asarray(values).astype(float)))
    if kind == "M":
        days = pa.array(np.asarray(values, "datetime64[us]"))
        return Column(serials(days, date1904=date1904).cast(pa.float64()))
    if kind in "OU" and kind:
        texts = _texts(values)
        if texts is not None:
            return Column(texts)
    return [as_read(v, date1904=date1904) for v in plain_values(values)]


def _texts(values: Any) -> pa.Array | None:
    """Texts as a workbook would read them; None where not all are plain texts or missing."""
    if not {str, np.str_, type(None)}.issuperset(map(type, values)):
        return None
    try:
        found = pa.array(values, pa.string(), from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError):
        return None  # a lone surrogate
    longest = pc.max(pc.binary_length(found)).as_py() or 0
    if longest >= PLAIN_TEXT:
        return None
    found = pc.replace_substring(found, "\r\n", "\n")
    return pc.if_else(pc.equal(found, ""), None, found)


def half_up(score: float) -> float:
    """A score as it is shown."""
    return float(Decimal(repr(score)).quantize(Decimal(1), ROUND_HALF_UP))
