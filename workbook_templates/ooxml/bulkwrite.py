"""Rows of a Table written many at once: new ones, and ones in which people's cells stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook_templates.ooxml.bulkcells import ColumnWriter, Pieces, joined, replaced
from workbook_templates.ooxml.bulkformulas import RowNumbers, copied_down
from workbook_templates.ooxml.bulkrows import Ints, RowBlock, Truths, read_rows, slices
from workbook_templates.ooxml.refs import col_name
from workbook_templates.ooxml.xml import attr, without

__all__ = ["BulkColumn", "Model", "RowWriter", "Stretch"]


@dataclass(frozen=True)
class Model:
    """The cell of the Table's first data row, which new rows copy.

    Attributes:
        rest: its attributes after ``r="…"``: style, and what an array formula needs.
        formula: its formula, "" for none; of *row*.
        array: it is an array formula of this one cell.
    """

    rest: str
    formula: str
    row: int
    array: bool = False

    def element(self, prefix: str, letters: str, rows: RowNumbers) -> Pieces:
        """Its ``<f>`` element in each of *rows*."""
        # Written out in every row: Excel calls a workbook corrupt in which a shared formula reads
        # another sheet, as most of ours do ([MS-XLSB] SharedParsedFormula; Excel shares none).
        tag: Pieces = [f"<{prefix}f>"]
        if self.array:
            tag = [f'<{prefix}f t="array" ref="{letters}', rows.text(), '">']
        return [*tag, *copied_down(self.formula, self.row, rows), f"</{prefix}f>"]


@dataclass
class BulkColumn:
    """A column of the sheet that is written or in which formulas change.

    Attributes:
        col: its number from 1.
        writer: its values; None for a column that keeps what it holds.
        model: what new rows copy; None where the first row has no cell.
        inside: it belongs to the Table.
        style: attributes of a cell in a row that had none there.
        new_style: the same in a new row, which takes over the first row's.
        stale: cells with the first row's formula lose their cached value.
        again: cells with the first row's formula get it anew, as it was changed there.
        odd: rows with another formula: their new element, None where it stays.
        odd_stale: such rows whose cached value goes.
    """

    col: int
    writer: ColumnWriter | None = None
    model: Model | None = None
    inside: bool = True
    style: str = ""
    new_style: str = ""
    stale: bool = False
    again: bool = False
    odd: Mapping[int, str | None] = field(default_factory=dict)
    odd_stale: frozenset[int] = frozenset()

    @property
    def letters(self) -> str:
        """Its letters."""
        return col_name(self.col)

    @property
    def touched(self) -> bool:
        """Rows that exist are written anew in this column."""
        moved = any(new is not None for new in self.odd.values())
        return self.writer is not None or self.stale or self.again or moved or bool(self.odd_stale)


@dataclass(frozen=True)
class Stretch:
    """Rows [start, stop) of the sheet, and the bytes [at, end) of *data* of those that exist.

    Attributes:
        kind: "first" for the Table's first row as it was filled already, "kept" for rows of the
            Table before, "grown" for rows that it takes in, "cleared" for rows that it leaves.
    """

    kind: str
    start: int
    stop: int
    data: bytes = b""
    at: int = 0
    end: int = 0


@dataclass(frozen=True)
class RowWriter:
    """Writes the rows of one Table's sheet.

    Attributes:
        columns: in order.
        first: the Table's first data row; value k stands k rows below.
        prefix: namespace prefix of the part, with the colon.
        tag: attributes of new rows, as the first data row has them; each a pair.
    """

    columns: Sequence[BulkColumn]
    first: int
    prefix: str
    tag: Sequence[tuple[str, str]]

    def render(self, stretch: Stretch) -> Iterator[pa.Array]:
        """The XML of the rows, in arrays with one text a row."""
        if stretch.at == stretch.end:
            if stretch.kind != "cleared":
                yield self._new(stretch.start, stretch.stop, grown=stretch.kind == "grown")
            return
        block = read_rows(stretch.data[stretch.at : stretch.end], self.prefix.encode())
        rows = self._existing(block, stretch.kind)
        if stretch.kind == "cleared":
            yield rows
            return
        yield from self._with_missing(block, rows, stretch)

    def _with_missing(
        self, block: RowBlock, rows: pa.Array, stretch: Stretch
    ) -> Iterator[pa.Array]:
        """Existing rows, and new ones where numbers are left out."""
        grown = stretch.kind == "grown"
        bounds = np.concatenate(([stretch.start - 1], block.number, [stretch.stop]))
        gaps = np.flatnonzero(np.diff(bounds) > 1)
        done = 0
        for k in gaps.tolist():
            yield rows[done:k]
            yield self._new(int(bounds[k]) + 1, int(bounds[k + 1]), grown=grown)
            done = k
        yield rows[done:]

    def _new(self, start: int, stop: int, *, grown: bool) -> pa.Array:
        rows, p = RowNumbers(np.arange(start, stop)), self.prefix
        extra = "".join(f' {name}="{value}"' for name, value in self.tag) if grown else ""
        out: Pieces = [f'<{p}row r="', rows.text(), f'"{extra}>']
        for column in self.columns:
            out += self._fresh(column, rows, grown=grown)
        return joined([*out, f"</{p}row>"], len(rows))

    def _fresh(self, column: BulkColumn, rows: RowNumbers, *, grown: bool) -> Pieces:
        """Cells of new rows: those of the first row, with the values that are given."""
        p, model = self.prefix, column.model if grown and column.inside else None
        if column.writer is None and model is None:
            return []
        rest = (column.new_style if grown else column.style) if model is None else model.rest
        head: Pieces = [f'<{p}c r="{column.letters}', rows.text(), f'"{rest}']
        if model is None or not model.formula:
            return [*head, *(["/>"] if column.writer is None else self._tail(column, rows))]
        element = model.element(p, column.letters, rows)
        if column.writer is None:
            return [*head, ">", *element, f"</{p}c>"]
        kind, value = self._halves(column, rows)
        return [*head, *kind, ">", *element, *value]

    def _tail(self, column: BulkColumn, rows: RowNumbers) -> Pieces:
        assert column.writer is not None
        start, stop = self._range(rows)
        return _chosen(column.writer.tail(start, stop), start, stop, rows, self.first)

    def _halves(self, column: BulkColumn, rows: RowNumbers) -> tuple[Pieces, Pieces]:
        assert column.writer is not None
        start, stop = self._range(rows)
        kind, value = column.writer.halves(start, stop)
        chosen = (_chosen(half, start, stop, rows, self.first) for half in (kind, value))
        return next(chosen), next(chosen)

    def _range(self, rows: RowNumbers) -> tuple[int, int]:
        return int(rows.numbers[0]) - self.first, int(rows.numbers[-1]) + 1 - self.first

    def _existing(self, block: RowBlock, kind: str) -> pa.Array:
        """Rows that exist, each with its other cells as they are."""
        rows = RowNumbers(block.number)
        at, out = block.start, list[str | pa.Array]()
        emptied = kind in ("grown", "cleared")
        for column in self.columns:
            if not (column.touched or (emptied and column.inside)):
                continue
            start, end = block.span(column.col)
            out += _stretch(block, at, start)
            out += self._cells(column, block, rows, kind)
            at = end
        out += _stretch(block, at, block.end)
        if (block.inner == block.end).any() and kind != "cleared":
            self._open(block, out)
        if kind == "grown" and self.tag and out and isinstance(out[0], pa.Array):
            out[0] = self._taller(out[0])
        return joined(out, len(block))

    def _cells(self, column: BulkColumn, block: RowBlock, rows: RowNumbers, kind: str) -> Pieces:
        if kind == "cleared" and column.inside:
            return []
        if kind == "grown" and column.inside:
            return self._fresh(column, rows, grown=True)
        if column.writer is None:
            return self._kept(column, block, rows, first=kind == "first")
        return self._owned(column, block, rows, first=kind == "first")

    def _open(self, block: RowBlock, out: Pieces) -> None:
        """Rows without any cell, ``<row …/>``, become ones that can hold some."""
        bare = np.flatnonzero(block.inner == block.end)
        spans = zip(block.start[bare].tolist(), block.end[bare].tolist(), strict=True)
        tags = [block.data[a : b - 2].rstrip().decode() + ">" for a, b in spans]
        assert isinstance(out[0], pa.Array)
        out[0] = replaced(out[0], bare, tags)
        closing = replaced(pa.repeat("", len(block)), bare, [f"</{self.prefix}row>"] * len(bare))
        out.append(closing)

    def _taller(self, tags: pa.Array) -> pa.Array:
        heights = [(n, v) for n, v in self.tag if n in ("ht", "customHeight")]
        extra = "".join(f' {name}="{value}"' for name, value in heights)
        out = []
        for text in tags.to_pylist():
            gt = text.index(">")
            has = attr(text[:gt].encode(), "ht") is not None
            out.append(text if has else text[:gt] + extra + text[gt:])
        return pa.array(out, pa.string())

    def _owned(
        self, column: BulkColumn, block: RowBlock, rows: RowNumbers, *, first: bool
    ) -> Pieces:
        """Cells of a column with new values; their styles and formulas stay."""
        at, hit = block.cells(column.col)
        has = hit.copy()
        has[hit] = block.formula[at[hit]] >= 0
        plain: Pieces = []
        if not has.all():
            rest = self._rests(column, block, at, hit & ~has, ("t", "vm", "cm"))
            plain = [*self._head(column, rows), rest, *self._tail(column, rows)]
        if not has.any():
            return plain
        rest = self._rests(column, block, at, has, ("t", "vm"))
        kind, value = self._halves(column, rows)
        element = self._elements(column, block, at, has, rows, first=first)
        formula = [*self._head(column, rows), rest, *kind, ">", *element, *value]
        if not plain:
            return formula
        return [pc.if_else(pa.array(has), joined(formula, len(rows)), joined(plain, len(rows)))]

    def _head(self, column: BulkColumn, rows: RowNumbers) -> Pieces:
        return [f'<{self.prefix}c r="{column.letters}', rows.text(), '"']

    def _rests(
        self, column: BulkColumn, block: RowBlock, at: Ints, hit: Truths, drop: tuple[str, ...]
    ) -> str | pa.Array:
        """Attributes that stay, and of new cells the style of their row or column."""
        known, codes = (list[bytes](), np.empty(0, np.int32))
        if hit.any():
            known, codes = block.attributes(at[hit])
        texts = [without(one, *drop).decode() for one in known]
        if hit.all():
            return _by_code(texts, codes)
        every = np.full(len(hit), len(texts), np.int32)
        every[hit] = codes
        out = _by_code([*texts, column.style], every)
        if b"customFormat" not in block.data:
            return out
        return self._row_styles(
            block, hit, out if isinstance(out, pa.Array) else pa.repeat(out, len(hit))
        )

    def _row_styles(self, block: RowBlock, hit: Truths, rests: pa.Array) -> pa.Array:
        rows, texts = [], []
        for k in np.flatnonzero(~hit).tolist():
            tag = block.data[block.start[k] : block.inner[k]]
            if attr(tag, "customFormat") in ("1", "true"):
                style = attr(tag, "s")
                rows.append(k)
                texts.append("" if style is None else f' s="{style}"')
        return replaced(rests, rows, texts) if rows else rests

    def _elements(
        self,
        column: BulkColumn,
        block: RowBlock,
        at: Ints,
        has: Truths,
        rows: RowNumbers,
        *,
        first: bool,
    ) -> Pieces:
        """The formulas of the cells, as they stand or as they were moved."""
        start, end = _at_formula(block, at, has)
        found = slices(block.data, start, end)
        if first:
            return [found]
        if column.again and column.model is not None:
            new = joined(column.model.element(self.prefix, column.letters, rows), len(rows))
            same = has & ~np.isin(block.number, list(column.odd))
            found = pc.if_else(pa.array(same), new, found)
        odd = (
            [(k, column.odd.get(n)) for k, n in enumerate(block.number.tolist())]
            if column.odd
            else []
        )
        moved = [(k, new) for k, new in odd if new is not None]
        if moved:
            found = replaced(found, [k for k, _ in moved], [new for _, new in moved])
        return [found]

    def _kept(
        self, column: BulkColumn, block: RowBlock, rows: RowNumbers, *, first: bool
    ) -> Pieces:
        """Cells of a column of people's formulas: cached values that are no longer true go."""
        at, hit = block.cells(column.col)
        start, end = block.span(column.col)
        has = hit.copy()
        has[hit] = block.formula[at[hit]] >= 0
        as_is = slices(block.data, start, end)
        if first or not has.any():
            return [as_is]
        element = self._elements(column, block, at, has, rows, first=False)
        stale = has & np.isin(block.number, list(column.odd_stale))
        if column.stale:
            stale |= has & ~np.isin(block.number, list(column.odd.keys() - column.odd_stale))
        f_start, f_end = _at_formula(block, at, has)
        before, after = slices(block.data, start, f_start), slices(block.data, f_end, end)
        valued = joined([before, *element, after], len(rows))
        out = pc.if_else(pa.array(has), valued, as_is)
        if stale.any():
            rest = self._rests(column, block, at, has, ("t", "vm"))
            bare = [*self._head(column, rows), rest, ">", *element, f"</{self.prefix}c>"]
            out = pc.if_else(pa.array(stale), joined(bare, len(rows)), out)
        return [out]


def _at_formula(block: RowBlock, at: Ints, has: Truths) -> tuple[Ints, Ints]:
    """Where each row's formula starts and ends; twice the same byte where there is none."""
    inside = np.minimum(at, max(len(block.cell) - 1, 0))
    base = np.where(at < len(block.cell), block.cell[inside], len(block.data)).astype(np.int32)
    # Ascending, as `slices` wants them: a row without the cell takes the row's own end.
    base = np.minimum(base, block.close)
    start, end = base.copy(), base.copy()
    start[has], end[has] = block.formula[at[has]], block.formula_end[at[has]]
    return start, end


def _stretch(block: RowBlock, start: Ints, end: Ints) -> Pieces:
    return [slices(block.data, start, end)] if (end > start).any() else []


def _by_code(texts: Sequence[str], codes: NDArray[np.int32]) -> str | pa.Array:
    if len(set(texts)) == 1:
        return texts[0]
    return pa.array(texts, pa.string()).take(pa.array(codes))


def _chosen(pieces: Pieces, start: int, stop: int, rows: RowNumbers, first: int) -> Pieces:
    """The pieces of *rows* among those of all values [start, stop)."""
    if stop - start == len(rows):
        return pieces
    return [joined(pieces, stop - start).take(pa.array(rows.numbers - first - start))]
