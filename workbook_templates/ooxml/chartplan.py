"""A chart part cut at the caches that repeat changed cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.caches import (
    Cache,
    Point,
    find_caches,
    point_writer,
    render_reference,
)
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.dependents import Cells, Resolver
from workbook_templates.ooxml.reading import area_values
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.remembered import Remembered
from workbook_templates.ooxml.xml import Edit, splice

__all__ = ["ChartPlan", "Target", "compile_chart"]


class Target(NamedTuple):
    """A cell to be filled."""

    part: str
    row: int
    col: int


@dataclass(slots=True)
class _Points:
    """One cache, and where its points come from.

    Attributes:
        cache: the cache.
        fixed: its points, None for those to be filled.
        filled: which points are filled, and
        indexes: the indexes of their values.
        texts: a point that stays is a text.
        writer, words: make points; *words* where texts stand among categories.
        last: points and bytes of the last rendering; many caches hold the same for all.
    """

    cache: Cache
    writer: Remembered[Point]
    words: Remembered[Point]
    fixed: list[Point] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    texts: bool = False
    last: tuple[list[Point], bool, bytes] = ([], False, b"")

    def render(self, values: Sequence[Value]) -> bytes:
        """The cache made of *values*."""
        chosen, texts = [values[k] for k in self.indexes], False
        if self.cache.label:
            texts = self.texts or any(isinstance(v, str) for v in chosen)
        writer = self.words if texts else self.writer
        points = [writer[type(v)][v] for v in chosen]
        last, was_texts, out = self.last
        if not out or points != last or texts is not was_texts:
            out = render_reference(self.cache, self._all(points), texts=texts)
            self.last = points, texts, out
        return out

    def _all(self, points: list[Point]) -> list[Point]:
        out = self.fixed.copy()
        for k, point in zip(self.filled, points, strict=True):
            out[k] = point
        return out


@dataclass
class ChartPlan:
    """A chart part cut at the caches that read a changed cell.

    Attributes:
        pieces: its constant bytes, with b"" at every odd place, where a cache belongs.
        starts: where each piece starts in the part.
        caches: what to put there.
    """

    pieces: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    caches: list[_Points] = field(default_factory=list)

    def render(self, values: Sequence[Value], edits: Sequence[Edit] = ()) -> bytes:
        """The part with its caches made of *values*, and *edits* made outside of them."""
        pieces = self.pieces.copy()
        self._edit(pieces, edits)
        pieces[1::2] = [cache.render(values) for cache in self.caches]
        return b"".join(pieces)

    def _edit(self, pieces: list[bytes], edits: Sequence[Edit]) -> None:
        at: dict[int, list[Edit]] = {}
        for start, end, new in edits:
            at.setdefault(bisect_right(self.starts, start) - 1, []).append((start, end, new))
        for k, found in at.items():
            # Constant pieces have even numbers; the cache after one ends where the next starts.
            k -= k % 2
            first = self.starts[k]
            moved = [(a - first, b - first, new) for a, b, new in found]
            pieces[k] = splice(pieces[k], moved)


def compile_chart(
    book: Book,
    part: str,
    resolver: Resolver,
    changed: Cells,
    index: Mapping[Target, int],
    stale: Container[Target],
) -> ChartPlan | None:
    """Cut chart *part* at its caches of *changed* cells; None when it has none.

    Args:
        book: the workbook.
        part: the chart.
        resolver: of the workbook's references.
        changed: cells with another value than in the file.
        index: cells that are filled → index of their value.
        stale: cells that lose their value.
    """
    data, at = book.read(part), 0
    plan = ChartPlan()
    for cache in find_caches(book, part, resolver):
        grown = part in book.changed and not cache.old
        if grown or any(_in(changed, cell) for cell in cache.cells):
            plan.pieces += (data[at : cache.start], b"")
            plan.starts += (at, cache.start)
            plan.caches.append(_points(book, cache, index, stale))
            at = cache.end
    plan.pieces.append(data[at:])
    plan.starts.append(at)
    return plan if plan.caches else None


def _points(
    book: Book, cache: Cache, index: Mapping[Target, int], stale: Container[Target]
) -> _Points:
    numeric, date1904 = cache.kind == "numCache", book.date1904
    writer = point_writer(numeric=numeric, date1904=date1904)
    out = _Points(cache, writer, point_writer(numeric=False, date1904=date1904))
    complete = len(cache.old) == len(cache.cells) or all(
        Target(*cell) in index or Target(*cell) in stale for cell in cache.cells
    )
    current = {} if complete else _current(book, cache)
    for k, cell in enumerate(cache.cells):
        target = Target(*cell)
        point = None
        if target in index:
            out.filled.append(k)
            out.indexes.append(index[target])
        elif target not in stale:
            value = current.get(cell)
            out.texts = out.texts or isinstance(value, str)
            point = cache.old.get(k) or writer[type(value)][value]
        out.fixed.append(point)
    return out


def _in(cells: Cells, cell: tuple[str, int, int]) -> bool:
    part, row, col = cell
    return cells.touches(part, Area(row, col, row, col))


def _current(book: Book, cache: Cache) -> dict[tuple[str, int, int], Value]:
    out: dict[tuple[str, int, int], Value] = {}
    for part in {cell[0] for cell in cache.cells}:
        if not book.has_cells(part):
            continue
        rows = [row for p, row, _ in cache.cells if p == part]
        cols = [col for p, _, col in cache.cells if p == part]
        area = Area(min(rows), min(cols), max(rows), max(cols))
        for (row, col), value in area_values(book, part, area).items():
            out[part, row, col] = value
    return out
