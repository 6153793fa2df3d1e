"""How high rows must be for their texts.

LibreOffice keeps the heights that a file of Excel's kind gives and sets none for rows without
one, so they are worked out here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["Heights", "heights_of", "row_height", "text_height"]

Heights = tuple[tuple[str, tuple[int, ...]], ...]
"""Table → height of each of its rows in pixels."""
_LEAST, _LINE, _MOST = 22, 15, 540
"""Pixels: a row of one line, each further line, the most that Excel allows."""
_LETTER, _BOLD = 5.7, 6.3
"""Mean width of a letter at 9 points, in pixels, a little more than measured."""


def row_height(spec: TableSpec, row: Mapping[str, Any]) -> int:
    """Pixels that a row needs so that no wrapped text is cut."""
    wrapped = (c for c in spec.columns if c.wrap and isinstance(row.get(c.key), str))
    lines = max((_lines(row[c.key], _letters(c)) for c in wrapped), default=1)
    return min(_LEAST + _LINE * (lines - 1), _MOST)


def text_height(text: str, width: int) -> int:
    """Pixels that a text needs in a cell so wide."""
    lines = _lines(text, max(int((width - 8) / _LETTER), 4))
    return min(_LEAST + _LINE * (lines - 1), _MOST)


def _letters(column: TableColumn) -> int:
    padding = 8 + 9 * column.align.endswith("1")
    return max(int((column.width - padding) / (_BOLD if column.bold else _LETTER)), 4)


@lru_cache(maxsize=4096)
def _lines(text: str, letters: int) -> int:
    parts = text.split("\n")
    return sum(max(len(textwrap.wrap(part, letters)), 1) for part in parts)


def heights_of(specs: Mapping[str, TableSpec], tables: Mapping[str, Any]) -> Heights:
    """Heights of the rows of every Table that is drawn as long as it will be.

    Growing a Table in the package takes longer than drawing its rows; only one that is given by
    columns, with very many rows, grows.

    Args:
        specs: name → Table.
        tables: name → its rows by column key.
    """
    drawn = [name for name, rows in tables.items() if not isinstance(rows, Columns)]
    return tuple((name, _sizes(specs[name], tables[name])) for name in drawn)


def _sizes(spec: TableSpec, rows: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    return tuple(row_height(spec, row) for row in rows)
