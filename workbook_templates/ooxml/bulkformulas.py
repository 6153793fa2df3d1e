"""One formula in many rows: copied down as Excel does it, and compared with what stands there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from workbook_templates.ooxml.bulkcells import Pieces
from workbook_templates.ooxml.refs import MAX_ROW, RefToken, col_name, shift_formula, tokens
from workbook_templates.ooxml.xml import escape

__all__ = ["RowNumbers", "copied_down"]


class RowNumbers:
    """Sheet rows as texts, and those some rows above or below them.

    Args:
        numbers: the rows, in ascending order.
    """

    def __init__(self, numbers: Any) -> None:
        self.numbers = np.asarray(numbers, np.int64)
        self._texts: dict[int, pa.Array] = {}

    def __len__(self) -> int:
        return len(self.numbers)

    def text(self, shift: int = 0) -> pa.Array:
        """Each row's number plus *shift*."""
        if shift not in self._texts:
            self._texts[shift] = pa.array(self.numbers + shift).cast(pa.string())
        return self._texts[shift]

    def within(self, shift: int) -> bool:
        """All of them plus *shift* are rows of a sheet."""
        ends = self.numbers[[0, -1]] + shift
        return bool(ends[0] >= 1 and ends[1] <= MAX_ROW)


def copied_down(text: str, row: int, rows: RowNumbers) -> Pieces:
    """Formula *text* of *row* as it reads in each of *rows*, escaped for XML.

    Args:
        text: the formula without "=".
        row: where it stands.
        rows: where it goes.
    """
    out: Pieces = []
    at = 0
    for token in tokens(text):
        if not isinstance(token, RefToken) or not _moves(token):
            continue
        pieces = _reference(token, row, rows)
        if pieces is None:
            shifted = [shift_formula(text, n - row, 0) for n in rows.numbers.tolist()]
            return [pa.array([escape(s).decode() for s in shifted], pa.string())]
        out += (escape(text[at : token.start]).decode(), *pieces)
        at = token.end
    return [*out, escape(text[at:]).decode()]


def _moves(token: RefToken) -> bool:
    return token.shape != "columns" and "" in (token.marks[1], token.marks[3])


def _reference(token: RefToken, row: int, rows: RowNumbers) -> Pieces | None:
    """The reference in each row; None where it leaves the sheet in one of them."""
    a, b, c, d = token.marks
    r1, c1, r2, c2 = token.area
    if token.shape == "rows":
        a = c = ""
    first = _number(r1, b, row, rows)
    last = _number(r2, d, row, rows)
    if first is None or last is None:
        return None
    names = ("", "") if token.shape == "rows" else (col_name(c1), col_name(c2))
    start = [escape(token.prefix).decode() + a + names[0] + b, first]
    if token.shape == "cell":
        return start
    return [*start, f":{c}{names[1]}{d}", last]


def _number(fixed: int, mark: str, row: int, rows: RowNumbers) -> str | pa.Array | None:
    if mark:
        return str(fixed)
    return rows.text(fixed - row) if rows.within(fixed - row) else None
