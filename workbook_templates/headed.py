"""Rows by the headers of a Table: how what was computed reaches `Template.fill`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbook_templates.fill import TableRows
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.tables import TableSpec

__all__ = ["blank", "headed"]

_MANY = 100
"""Rows from which writing by columns is the faster way."""


def headed(spec: TableSpec, rows: TableRows | Columns) -> Any:
    """Rows by header, as the template knows its columns.

    Args:
        spec: the Table.
        rows: by column key.
    """
    heads = {c.key: c.header for c in spec.columns}
    # A restyled template holds a sample: where a row says nothing, its text must not stay.
    empty = {c.header: None for c in spec.columns if not c.formula}
    if isinstance(rows, Columns):
        return Columns({heads[k]: _blanks(column) for k, column in rows.data.items()}, rows.rows)
    named = [
        {**empty, **{heads[k]: blank(v) for k, v in row.items()}}
        for row in rows
        if isinstance(row, Mapping)
    ]
    if len(rows) < _MANY:
        return named
    keys = dict.fromkeys(key for row in named for key in row)
    return Columns.of({key: [row.get(key) for row in named] for key in keys})


def blank(value: Any) -> Any:
    """A cell with an empty text looks blank, but ISBLANK, COUNTA and Ctrl+arrow deny it."""
    return None if isinstance(value, str) and not value else value


def _blanks(column: Any) -> Any:
    if getattr(getattr(column, "dtype", None), "kind", "") in "OU":
        return np.where(column == "", None, column)
    return [blank(v) for v in column] if isinstance(column, list) else column
