"""Many rows of a sheet looked at at once: where their cells, attributes and formulas stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbook_templates.ooxml.formulas import formula_tag
from workbook_templates.ooxml.refs import cell_name
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import without

__all__ = ["RowBlock", "at_once", "has_formulas", "read_rows", "slices"]

Ints = NDArray[np.int32]
Truths = NDArray[np.bool_]
_KINDS = 12
"""Sets of attributes in one column that are told apart at once."""
_PAD = 32
"""Bytes that may be looked at behind the last one."""


@dataclass(frozen=True)
class RowBlock:
    """Rows of a sheet part; every item is an array, offsets are bytes of *data*.

    Attributes:
        data: the rows' bytes.
        number, start, inner, close, end: of each row, as in `sheet.RowSpan`.
        row, col: of each cell: index of its row, and its column from 1.
        cell, stop: where each cell starts and ends.
        rest: where its attributes after ``r="…"`` start.
        formula, formula_end: its ``<f>`` element, -1 where it has none.
        rests: the attributes themselves, for rows that were read one by one.
    """

    data: bytes
    number: Ints
    start: Ints
    inner: Ints
    close: Ints
    end: Ints
    row: Ints
    col: Ints
    cell: Ints
    stop: Ints
    rest: Ints
    formula: Ints
    formula_end: Ints
    rests: tuple[bytes, ...] | None = None

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def _next(self) -> tuple[Ints, Ints]:
        """For each row and column the first cell there or further right; and columns that count.

        Columns without any cell are those of the next one that has some.
        """
        cols = _ints(np.flatnonzero(np.bincount(self.col)))
        width = len(cols)
        out = np.full((len(self), width + 1), len(self.cell), np.int32)
        out[self.row, np.searchsorted(cols, self.col)] = np.arange(len(self.cell), dtype=np.int32)
        if not self._regular:
            out = np.minimum.accumulate(out[:, ::-1], axis=1)[:, ::-1]
        return out, cols

    @cached_property
    def _regular(self) -> bool:
        """Every row has the same columns."""
        return len(self.cell) == len(self) * np.count_nonzero(np.bincount(self.col))

    def cells(self, col: int) -> tuple[Ints, Truths]:
        """For each row the first cell in *col* or right of it, and whether it stands in *col*.

        The cell may be one too many, where there is none.
        """
        if col not in self._found:
            self._found.clear()
            self._found[col] = self._find(col)
        return self._found[col]

    @cached_property
    def _found(self) -> dict[int, tuple[Ints, Truths]]:
        """The column that was asked for last."""
        return {}

    def _find(self, col: int) -> tuple[Ints, Truths]:
        following, cols = self._next
        k = int(np.searchsorted(cols, col))
        at: Ints = following[:, k]
        if self._regular and k < len(cols) and cols[k] == col:
            return at, np.ones(len(self), bool)
        hit = at < len(self.cell)
        hit[hit] = self.col[at[hit]] == col
        return at, hit

    def span(self, col: int) -> tuple[Ints, Ints]:
        """Of each row: where its cell in *col* starts and ends, or twice where it would stand."""
        at, hit = self.cells(col)
        if hit.all():
            return self.cell[at], self.stop[at]
        there = at < len(self.cell)
        start, end = self.close.copy(), self.close.copy()
        start[there] = self.cell[at[there]]
        end[there] = start[there]
        end[hit] = self.stop[at[hit]]
        return start, end

    def attributes(self, cells: Ints) -> tuple[list[bytes], Ints]:
        """Distinct attributes of *cells* after ``r="…"``, and for each cell which of them."""
        if self.rests is not None:
            return _distinct([self.rests[k] for k in cells.tolist()])
        start = self.rest[cells]
        codes, known = np.full(len(cells), -1, np.int32), list[bytes]()
        todo = np.arange(len(cells))
        while len(todo) and len(known) < _KINDS:
            first = int(start[todo[0]])
            tag = self.data[first : self.data.index(b">", first) + 1]
            same = self.starts(start[todo], tag)
            codes[todo[same]] = len(known)
            known.append(_inside(tag))
            todo = todo[~same]
        if len(todo):
            ends = (self.data.index(b">", at) + 1 for at in start.tolist())
            found = zip(start.tolist(), ends, strict=True)
            return _distinct([_inside(self.data[a:b]) for a, b in found])
        return known, codes

    def starts(self, at: Ints, text: bytes) -> Truths:
        """Where the bytes from *at* begin with *text*."""
        out = np.ones(len(at), bool)
        for k in range(0, len(text), 8):
            size = min(8, len(text) - k)
            word = int.from_bytes(text[k : k + size], "little")
            # A long text may reach behind the last byte, where nothing is like it.
            places = at + k if k + 8 <= _PAD else np.minimum(at + k, len(self._words) - 1)
            found = self._words[places]
            out &= (found if size == 8 else found & np.uint64((1 << 8 * size) - 1)) == np.uint64(
                word
            )
        return out

    @cached_property
    def _words(self) -> NDArray[np.uint64]:
        # Eight bytes from any byte on, without a copy for each.
        raw = self.data + b"\0" * _PAD
        return np.ndarray((len(raw) - 7,), "<u8", raw, strides=(1,))


def _inside(tag: bytes) -> bytes:
    return tag[:-1].removesuffix(b"/").rstrip()


def _distinct(found: list[bytes]) -> tuple[list[bytes], Ints]:
    known: dict[bytes, int] = {}
    codes = [known.setdefault(one, len(known)) for one in found]
    return list(known), np.array(codes, np.int32)


def slices(data: bytes, start: Ints, end: Ints) -> pa.Array:
    """The bytes [start, end) of each row, in ascending order, as texts."""
    bounds = np.empty(2 * len(start), np.int32)
    bounds[0::2], bounds[1::2] = start, end
    raw = [None, pa.py_buffer(bounds), pa.py_buffer(data)]
    every = pa.Array.from_buffers(pa.string(), len(bounds) - 1, raw)
    return every.take(pa.array(np.arange(0, len(bounds), 2, dtype=np.int32)))


def read_rows(data: bytes, prefix: bytes = b"") -> RowBlock:
    """The rows that *data* consists of.

    Args:
        data: whole rows of a sheet part, with ``r="…"`` at every row and cell.
        prefix: its namespace prefix, with the colon.

    Raises:
        NotAWorkbook: a row is not closed.
    """
    found = None if prefix else at_once(data)
    return _one_by_one(data, prefix) if found is None else found


_LT, _SLASH, _QUOTE = b'</"'


def has_formulas(data: bytes, start: int, end: int, prefix: bytes = b"") -> bool:
    """Whether an element ``<f`` may start between two bytes of *data*."""
    wanted = b"<" + prefix + b"f"
    for at in range(start, end, _STEP):
        size = min(_STEP + len(wanted) - 1, end - at)
        raw = np.frombuffer(data, np.uint8, size, at)
        # Two passes over numbers are faster than a search for two letters, one of them frequent.
        if ((raw[:-1] == wanted[-2]) & (raw[1:] == wanted[-1])).any():
            return True
    return False


_STEP = 1 << 20


def at_once(data: bytes) -> RowBlock | None:
    """All rows at once; None where they are not written as programs mostly write them."""
    raw = np.frombuffer(data + b"\0" * _PAD, np.uint8)
    less = raw[:-_PAD] == _LT
    start = _ints(np.flatnonzero(less & (raw[1 : 1 - _PAD] == ord("r"))))
    start = start[_is(raw, start, b"<row ")]
    if not len(start) or start[0]:
        return None
    numbers = _numbers(raw, start)
    if numbers is None:
        return None
    number, digits = numbers
    inner = np.array([data.index(b">", at) + 1 for at in start.tolist()], np.int32)
    end = _ints(np.append(start[1:], len(data)))
    alone = raw[inner - 2] == _SLASH
    close = _ints(np.where(alone, inner, end - 6))
    cell = _places(raw, less, b"c")
    closed = _is(raw, close, b"</row>") | (alone & (inner == end))
    if not closed.all():
        return None
    per_row = np.diff(np.append(np.searchsorted(cell, start), len(cell)))
    row = np.repeat(np.arange(len(start), dtype=np.int32), per_row)
    found = _columns(raw, cell, digits[row])
    last = np.append(row[1:] != row[:-1], True) if len(row) else np.empty(0, bool)
    stop = np.where(last, close[row], np.append(cell[1:], 0)).astype(np.int32)
    if found is None or not _follow(raw, cell, stop, inner, close, per_row):
        return None
    col, rest = found
    formulas = _formulas(data, raw, less, cell, stop)
    return RowBlock(data, number, start, inner, close, end, row, col, cell, stop, rest, *formulas)


def _numbers(raw: Any, start: Ints) -> tuple[Ints, Ints] | None:
    """Row numbers after ``<row r="`` and how many digits they have."""
    number, digits = np.zeros(len(start), np.int32), np.zeros(len(start), np.int32)
    going = np.ones(len(start), bool)
    for k in range(8, 15):
        byte = raw[start + k].astype(np.int32)
        going &= (byte >= 0x30) & (byte <= 0x39)
        number = np.where(going, number * 10 + byte - 0x30, number)
        digits += going
    usual = _is(raw, start + 4, b' r="') & (raw[start + 8 + digits] == _QUOTE)
    return (number, digits) if usual.all() and (np.diff(number) > 0).all() else None


def _ints(found: NDArray[Any]) -> Ints:
    out: Ints = found.astype(np.int32)
    return out


def _is(raw: Any, at: NDArray[Any], text: bytes) -> Truths:
    """Where the bytes from *at* are *text*: four at once, then one by one."""
    out = np.ones(len(at), bool)
    words = np.ndarray((len(raw) - 3,), "<u4", raw, strides=(1,))
    whole = len(text) - len(text) % 4
    for k in range(0, whole, 4):
        out &= words[at + k] == np.uint32(int.from_bytes(text[k : k + 4], "little"))
    for k in range(whole, len(text)):
        out &= raw[at + k] == text[k]
    return out


def _places(raw: Any, less: Truths, name: bytes) -> Ints:
    """Where start tags of the one-letter *name* stand."""
    at = np.flatnonzero(less & (raw[1 : 1 - _PAD] == name[0]))
    after = raw[at + 2]
    found: Ints = at[(after <= 0x20) | (after == 0x3E) | (after == _SLASH)].astype(np.int32)
    return found


def _columns(raw: Any, cell: Ints, digits: Ints) -> tuple[Ints, Ints] | None:
    """Columns after ``<c r="`` and where the byte after the closing quote stands."""
    a, b, c = (raw[cell + k].astype(np.int32) for k in (6, 7, 8))
    two = b >= 0x41
    three = two & (c >= 0x41)
    col = a - 0x40
    col = np.where(two, col * 26 + b - 0x40, col)
    col = np.where(three, col * 26 + c - 0x40, col).astype(np.int32)
    rest = cell + (7 + digits) + two + three
    usual = _is(raw, cell + 2, b' r="') & (raw[rest] == _QUOTE) & (a >= 0x41) & (a <= 0x5A)
    return (col, (rest + 1).astype(np.int32)) if usual.all() else None


def _follow(raw: Any, cell: Ints, stop: Ints, inner: Ints, close: Ints, per_row: Ints) -> bool:
    """Cells stand side by side, with nothing between them or round them."""
    filled = np.flatnonzero(per_row)
    first = np.cumsum(per_row)[filled] - per_row[filled]
    bare = (inner == close) | (per_row > 0)
    odd = stop[~_is(raw, stop - 4, b"</c>")]
    ends = _is(raw, odd - 2, b"/>")
    return bool(bare.all() and (cell[first] == inner[filled]).all() and ends.all())


def _formulas(data: bytes, raw: Any, less: Truths, cell: Ints, stop: Ints) -> tuple[Ints, Ints]:
    start, end = np.full(len(cell), -1, np.int32), np.full(len(cell), -1, np.int32)
    opening = _places(raw, less, b"f")
    if not len(opening):
        return start, end
    at = np.searchsorted(cell, opening, side="right") - 1
    closers = np.flatnonzero(less & (raw[1 : 1 - _PAD] == _SLASH))
    closers = closers[_is(raw, closers, b"</f>")]
    k = np.searchsorted(closers, opening)
    known = np.append(closers, 1 << 30)[k]
    ends = (known + 4).astype(np.int32)
    for one in np.flatnonzero(known >= stop[at]).tolist():
        ends[one] = data.index(b"/>", opening[one]) + 2
    start[at], end[at] = opening, ends
    return start, end


def _one_by_one(data: bytes, prefix: bytes) -> RowBlock:
    head = b"<%bworksheet><%bsheetData>" % (prefix, prefix)
    whole = head + data + b"</%bsheetData></%bworksheet>" % (prefix, prefix)
    sheet, shift = SheetXml(whole, ""), len(head)
    rows = [(r.number, r.start, r.inner, r.close, r.end) for r in sheet.rows]
    out: list[tuple[int, ...]] = []
    rests: list[bytes] = []
    tag = formula_tag(prefix)
    for k, row in enumerate(sheet.rows):
        for c in sheet.cells(row):
            m = tag.search(sheet.data, c.start, c.end) if c.body else None
            f = (m.start() - shift, m.end() - shift) if m else (-1, -1)
            out.append((k, c.col, c.start - shift, c.end - shift, 0, *f))
            rests.append(_rest(c.attrs, cell_name(row.number, c.col)))
    number, start, inner, close, end = _arrays(rows, 5)
    spans = start - shift, inner - shift, close - shift, end - shift
    row_of, col, cell, stop, rest, formula, formula_end = _arrays(out, 7)
    cells = row_of, col, cell, stop, rest, formula, formula_end
    return RowBlock(data, number, *spans, *cells, tuple(rests))


def _rest(attrs: bytes, name: str) -> bytes:
    usual = f' r="{name}"'.encode()
    found = attrs[len(usual) :] if attrs.startswith(usual) else without(attrs, "r")
    return found.rstrip()


def _arrays(rows: Sequence[tuple[int, ...]], width: int) -> Iterator[Ints]:
    table = np.array(rows, np.int32).reshape(-1, width)
    return (table[:, k] for k in range(width))
