"""The columns of a Table as the XML of their cells, some thousand rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook_templates.ooxml.bulkvalues import as_array, combined, odd_texts, repeated, text_of
from workbook_templates.ooxml.cells import CellWriters, Value, cell_writers, text_xml
from workbook_templates.ooxml.columns import plain_values

__all__ = ["ColumnWriter", "Pieces", "joined", "replaced"]

Pieces = list["str | pa.Array"]
"""What stands side by side in each row: constants and arrays with one text a row."""


def joined(pieces: Sequence[str | pa.Array], rows: int) -> pa.Array:
    """The pieces of each row as one text; null where one of them is null."""
    if not any(isinstance(piece, pa.Array) for piece in pieces):
        return pa.repeat("".join(map(str, pieces)), rows)
    merged: Pieces = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif isinstance(piece, pa.Array) or piece:
            merged.append(piece)
    return pc.binary_join_element_wise(*merged, "")


def replaced(array: pa.Array, rows: Any, texts: Sequence[str]) -> pa.Array:
    """*array* with other *texts* in some *rows* (ascending)."""
    mask = np.zeros(len(array), bool)
    mask[rows] = True
    return pc.replace_with_mask(array, pa.array(mask), pa.array(texts, pa.string()))


class ColumnWriter:
    """One column of values, written piece by piece.

    Args:
        values: as in `Columns.data`.
        prefix: namespace prefix of the sheet part, with the colon.
        date1904: dates count from 1904.

    Raises:
        DoesNotFit: a value that a cell cannot hold.
    """

    def __init__(self, values: Any, prefix: str, *, date1904: bool) -> None:
        self.writers: CellWriters = cell_writers(prefix.encode(), date1904=date1904)
        self.p = prefix
        self.values = as_array(values, date1904=date1904)
        self._coded = None if isinstance(self.values, list) else combined(self.values)
        if self._coded is not None:
            self._tails = joined(self._texts(self._coded.dictionary), len(self._coded.dictionary))

    def tail(self, start: int, stop: int) -> Pieces:
        """All that follows the kept attributes of cells without a formula, rows [start, stop)."""
        p = self.p
        if isinstance(self.values, list):
            plain, chosen = self.writers.plain, self.values[start:stop]
            return [pa.array([plain[type(v)][v][0].decode() for v in chosen], pa.string())]
        if self._coded is not None:
            coded = self._coded[start:stop]
            return self._blanks([repeated(self._tails, coded)], coded)
        found = self.values[start:stop]
        if pa.types.is_string(found.type):
            return self._texts(found)
        kind = ' t="b"' if pa.types.is_boolean(found.type) else ""
        return self._blanks([f"{kind}><{p}v>", text_of(found), f"</{p}v></{p}c>"], found)

    def _texts(self, found: pa.Array) -> Pieces:
        p = self.p
        pieces: Pieces = [f' t="inlineStr"><{p}is><{p}t>', found, f"</{p}t></{p}is></{p}c>"]
        odd = odd_texts(found)
        out = self._blanks(pieces, found)
        if len(odd):
            write = self.writers.plain[str]
            texts = [write[v][0].decode() for v in found.take(pa.array(odd)).to_pylist()]
            out = [replaced(joined(out, len(found)), odd, texts)]
        return out

    def _blanks(self, pieces: Pieces, found: pa.Array) -> Pieces:
        if not found.null_count:
            return pieces
        return [pc.coalesce(joined(pieces, len(found)), "/>")]

    def halves(self, start: int, stop: int) -> tuple[Pieces, Pieces]:
        """Type attribute, and value with the end tag, of cells that keep their formula."""
        p = self.p
        if isinstance(self.values, list):
            return self._plain_halves(self.values[start:stop])
        found = self.values[start:stop]
        end = f"</{p}v></{p}c>"
        if pa.types.is_null(found.type):
            return [' t="str"'], [f"<{p}v>{end}"]
        if pa.types.is_string(found.type):
            return [' t="str"'], self._text_values(found)
        kind = ' t="b"' if pa.types.is_boolean(found.type) else ""
        text = text_of(found)
        if not found.null_count:
            return [kind], [f"<{p}v>", text, end]
        # A formula cannot give a blank; the nearest thing is an empty text.
        kinds = pc.if_else(pc.is_valid(found), kind, ' t="str"')
        return [kinds], [f"<{p}v>", pc.coalesce(text, ""), end]

    def _plain_halves(self, chosen: Sequence[Value]) -> tuple[Pieces, Pieces]:
        made = [self.writers.halves[type(v)][v] for v in chosen]
        kinds, values = ([m[k].decode() for m in made] for k in (0, 1))
        return [pa.array(kinds, pa.string())], [pa.array(values, pa.string())]

    def _text_values(self, found: pa.Array) -> Pieces:
        p = self.p
        found = pc.coalesce(found, "")
        odd = odd_texts(found)
        out: Pieces = [f"<{p}v>", found, f"</{p}v>"]
        if len(odd):
            chosen = found.take(pa.array(odd)).to_pylist()
            texts = [text_xml(v, f"{p}v").decode() for v in chosen]
            out = [replaced(joined(out, len(found)), odd, texts)]
        return [*out, f"</{p}c>"]

    def value(self, row: int) -> Value:
        """The value of one row."""
        if isinstance(self.values, list):
            return self.values[row]
        return plain_values(self.values[row : row + 1])[0]
