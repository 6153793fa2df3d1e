"""Cells of some columns of many rows as arrays, read from the bytes some thousand rows at a time.

A number or a text as programs mostly write them is cut out and parsed with all others of its
column; only what is written in another way is looked at cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook_templates.ooxml.bulkpack import cut
from workbook_templates.ooxml.bulkrows import Ints, RowBlock, Truths, at_once, slices
from workbook_templates.ooxml.bulkwrite import Stretch
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import attr, unescape

__all__ = ["Gathered", "Strings", "read_blocks"]

_CELL_END = len(b"</c>")
_FRAMES = {"inlineStr": (b"<is><t>", b"</t></is></c>"), "": (b"<v>", b"</v></c>")}
"""What stands before and after the text of a cell."""

Odd = Callable[[int, bytes, bytes], Value]
"""Column, attributes and content of a cell → its value."""


class Gathered:
    """The cells of one column in n rows, as far as they were read.

    Attributes:
        odd: row, counted from 0 → value, of cells that are neither plain number nor plain text.
        formula: (n,) True where a cell holds a formula.
    """

    def __init__(self, rows: int) -> None:
        self.odd: dict[int, Value] = {}
        self.formula: Truths = np.zeros(rows, bool)
        self._numbers: list[tuple[Ints, pa.Array]] = []
        self._texts: list[tuple[Ints, pa.Array]] = []

    def put(self, rows: Ints, found: pa.Array) -> None:
        """Take over texts or numbers of some rows."""
        (self._texts if pa.types.is_string(found.type) else self._numbers).append((rows, found))

    def array(self) -> pa.Array:
        """Numbers, or texts where more cells have some, null elsewhere; others get odd."""
        # Formulas that give nothing give an empty text: these say little of a column's kind.
        full = sum(pc.sum(pc.not_equal(found, "")).as_py() or 0 for _, found in self._texts)
        more = full > sum(len(rows) for rows, _ in self._numbers) or not self._numbers
        kinds = (self._numbers, self._texts) if more else (self._texts, self._numbers)
        for rows, found in kinds[0]:
            self.odd.update(zip(rows.tolist(), found.to_pylist(), strict=True))
        return _placed(kinds[1], len(self.formula))


def _placed(found: list[tuple[Ints, pa.Array]], count: int) -> pa.Array:
    if not found:
        return pa.nulls(count)
    at = np.full(count, -1, np.int32)
    rows = np.concatenate([r for r, _ in found])
    at[rows] = np.arange(len(rows), dtype=np.int32)
    return pa.concat_arrays([a for _, a in found]).take(pa.array(at, mask=at < 0))


class Strings:
    """The shared strings, asked for only where a cell has one.

    Args:
        get: gives them.
    """

    def __init__(self, get: Callable[[], tuple[str, ...]]) -> None:
        self._get = get
        self._array: pa.Array | None = None

    def take(self, indexes: pa.Array) -> pa.Array:
        """Those with some numbers; "" for one that is not there."""
        if self._array is None:
            self._array = pa.array([*self._get(), ""], pa.string())
        most = len(self._array) - 1
        return self._array.take(pc.min_element_wise(indexes, pa.scalar(most, indexes.type)))


def read_blocks(
    sheet: SheetXml, area: Area, columns: Mapping[int, Gathered], strings: Strings, odd: Odd
) -> Iterator[tuple[int, int]]:
    """Read the columns in the rows of *area*; yield the bytes of rows written in other ways.

    Args:
        sheet: the part.
        area: its rows count.
        columns: column number → where its cells go.
        strings: the shared strings.
        odd: reads a single cell.
    """
    start, end = sheet.at_row(area.r1), sheet.at_row(area.r2 + 1)
    if start >= end:
        return
    prefix = sheet.prefix.decode()
    for piece in cut(Stretch("kept", area.r1, area.r2 + 1, sheet.data, start, end), prefix, 1):
        block = None if prefix else at_once(sheet.data[piece.at : piece.end])
        if block is None:
            yield piece.at, piece.end
            continue
        reader = _Reader(block, area.r1, strings, odd)
        for col, gathered in columns.items():
            reader.read(col, gathered)


@dataclass(frozen=True)
class _Reader:
    block: RowBlock
    top: int
    strings: Strings
    odd: Odd

    def read(self, col: int, into: Gathered) -> None:
        """Read one column of the block."""
        block = self.block
        at, hit = block.cells(col)
        cells = at[hit] if not hit.all() else at
        if not len(cells):
            return
        into.formula[block.number[hit] - self.top] = block.formula[cells] >= 0
        known, codes = block.attributes(cells)
        for code, attrs in enumerate(known):
            mine = cells if len(known) == 1 else cells[codes == code]
            left = self._alike(mine, attrs, into)
            for cell in left.tolist():
                self._one(cell, col, into)

    def _alike(self, cells: Ints, attrs: bytes, into: Gathered) -> Ints:
        """Read cells of the same attributes; those that are left are written unusually."""
        block = self.block
        # Where the start tag ends, unless there is a blank in it.
        opened = block.rest[cells] + len(attrs)
        blank = block.starts(opened, b"/>") & (block.stop[cells] == opened + 2)
        cells, opened = cells[~blank], opened[~blank] + 1
        start, formula = opened, block.formula[cells]
        has = formula >= 0
        if has.any():
            start = np.where(has, block.formula_end[cells], opened).astype(np.int32)
        kind = attr(attrs, "t") or "n"
        frame = _FRAMES["inlineStr" if kind == "inlineStr" else ""]
        stop = block.stop[cells]
        usual = block.starts(opened - 1, b">") & (~has | (formula == opened))
        if kind == "n":
            bare = usual & (start == stop - _CELL_END)
            cells, start, stop, usual = (a[~bare] for a in (cells, start, stop, usual))
        begin, end = start + len(frame[0]), stop - len(frame[1])
        usual &= block.starts(start, frame[0]) & (end >= begin)
        usual &= block.starts(np.maximum(end, 0), frame[1])
        if kind not in ("n", "s", "str", "inlineStr") or not usual.any():
            return cells
        found = slices(block.data, begin[usual], end[usual])
        done = self._put(kind, cells[usual], found, into)
        left: Ints = cells[~usual] if done is None else np.concatenate((cells[~usual], done))
        return left

    def _put(self, kind: str, cells: Ints, found: pa.Array, into: Gathered) -> Ints | None:
        """Take over what stands in cells; those are returned that must be looked at singly."""
        rows = self.block.number[self.block.row[cells]] - self.top
        try:
            if kind in ("n", "s"):
                number = found.cast(pa.float64() if kind == "n" else pa.int64())
                into.put(rows, number if kind == "n" else self.strings.take(number))
                return None
            found.validate(full=True)
        except pa.ArrowInvalid:
            return cells
        special = pc.match_substring(found, "<").to_numpy(zero_copy_only=False)
        coded = pc.match_substring(found, "&").to_numpy(zero_copy_only=False) & ~special
        if coded.any():
            texts = [unescape(t.encode()) for t in found.filter(pa.array(coded)).to_pylist()]
            found = pc.replace_with_mask(found, pa.array(coded), pa.array(texts, pa.string()))
        if special.any():
            into.put(rows[~special], found.filter(pa.array(~special)))
            left: Ints = cells[special]
            return left
        into.put(rows, found)
        return None

    def _one(self, cell: int, col: int, into: Gathered) -> None:
        block = self.block
        raw = block.data[block.cell[cell] : block.stop[cell]]
        inner = raw.index(b">") + 1
        if raw[inner - 2 : inner] == b"/>":
            return
        body = raw[inner : raw.rindex(b"</")]
        row = int(block.number[block.row[cell]]) - self.top
        if body:
            into.odd[row] = self.odd(col, raw[2 : inner - 1], body)
