"""What we wrote into a row, in a letter a column, so that a value typed over it is known as such.

The letters stand in a hidden column of the row itself: they go along when people sort, and every
program keeps them. Where they are gone or damaged, nothing is known and nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbook_templates.ooxml.cells import Value, serial
from workbook_templates.ooxml.columns import plain_values
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["KEY", "Written", "record", "watched"]

KEY = "written"
"""Of the column that holds the letters."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%()*,./:;?[]^_{|}~"
"""No sign that XML escapes, or that begins a formula."""
_LETTER = np.array(list(_LETTERS))
_SINCE_1900 = 1462
"""Days between the two epochs of workbooks."""
_NAMED = ("account_name",)


def watched(spec: TableSpec) -> tuple[TableColumn, ...]:
    """Columns whose plain values people may want to be others, in the order of their letters."""
    return tuple(
        c for c in spec.columns if (c.told or c.key in _NAMED) and not (c.formula or c.kept)
    )


def record(spec: TableSpec, data: Mapping[str, Any], rows: int) -> NDArray[np.object_]:
    """The letters of n rows: two that say which columns are meant, then one a column.

    Args:
        spec: the Table.
        data: n values of each column, dates as such.
        rows: n.
    """
    columns = watched(spec)
    out = np.full((len(columns), rows), _LETTER[_code("")])
    for at, column in enumerate(columns):
        if column.key in data:
            out[at] = _letters(data[column.key])
    head = _head(columns)
    texts: Any = np.ascontiguousarray(out.T).view(f"<U{len(columns)}").ravel()
    return np.array([head + text for text in texts.tolist()], dtype=np.object_)


class Written:
    """The letters as a workbook has them.

    Args:
        spec: the Table.
        letters: n cells as read.
        date1904: whether the workbook counts dates from 1904.
    """

    def __init__(self, spec: TableSpec, letters: Sequence[Value], *, date1904: bool) -> None:
        columns = watched(spec)
        self.letters, self.head = letters, _head(columns)
        self.length = len(self.head) + len(columns)
        self.at = {c.key: len(self.head) + k for k, c in enumerate(columns)}
        self.days = {c.key: _SINCE_1900 * date1904 for c in columns if c.format == "date"}

    def typed(self, key: str, row: int, value: Value) -> bool:
        """Whether a value stands where we wrote another one; False where that is not known."""
        kept = self.letters[row]
        if key not in self.at or not isinstance(kept, str) or len(kept) != self.length:
            return False
        if isinstance(value, float) and key in self.days:
            value += self.days[key]
        return kept.startswith(self.head) and kept[self.at[key]] != _LETTERS[_code(_text(value))]


def _head(columns: Sequence[TableColumn]) -> str:
    """Letters of another version's columns say nothing about these."""
    found = crc32(",".join(c.key for c in columns).encode())
    return _LETTERS[found % len(_LETTERS)] + _LETTERS[found // len(_LETTERS) % len(_LETTERS)]


def _letters(values: Any) -> NDArray[np.str_]:
    """A letter a value; each different one is looked at once."""
    array = np.asarray(values)
    if array.dtype.kind == "M":
        array = array.astype("datetime64[us]")  # finer ones become plain numbers
    codes, different = pd.factorize(array, use_na_sentinel=True)
    known = [_code(_text(value)) for value in plain_values(different)]
    # What is missing has the code −1, and so the last one.
    found = _LETTER[np.array([*known, _code("")])[codes]]
    return np.asarray(found, dtype=np.str_)


def _code(text: str) -> int:
    return crc32(text.encode("utf-8", "replace")) % len(_LETTERS)


def _text(value: object) -> str:
    """A value as every program gives it back: ten digits, one blank between words."""
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        return f"{serial(value):.10g}"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)
