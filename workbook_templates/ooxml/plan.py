"""A filling compiled once: which bytes of which parts change, whatever the values are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.caches import (
    Cache,
    chart_parts,
    find_caches,
    point_text,
    render_reference,
)
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.dependents import Cells, Dependents
from workbook_templates.ooxml.reading import area_values
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheetplan import SheetPlan, compile_sheet
from workbook_templates.ooxml.xml import Edit, close_of, escape_attr, scan, set_attr, splice

__all__ = ["Plan", "Target", "full_calculation"]


_KEPT = 64
"""Plans of one sheet that are remembered."""


class Target(NamedTuple):
    """A cell to be filled."""

    part: str
    row: int
    col: int


class _Points(NamedTuple):
    at: int
    cache: Cache
    fixed: list[str | None]
    filled: tuple[tuple[int, int], ...]  # (point, index of the value)
    texts: bool


@dataclass
class ChartPlan:
    """A chart part cut at the caches that read a changed cell.

    Attributes:
        data: the part.
        pieces: its constant text, with "" where a cache belongs.
        starts: where each piece starts in *data*.
        caches: what to put there.
        date1904: dates count from 1904.
    """

    data: bytes
    pieces: list[str]
    starts: list[int]
    caches: list[_Points]
    date1904: bool

    def render(self, values: Sequence[Value], edits: Sequence[Edit] = ()) -> bytes:
        """The part with its caches made of *values*, and *edits* made outside of them."""
        pieces = self.pieces.copy()
        self._edit(pieces, edits)
        for at, cache, fixed, filled, texts in self.caches:
            points = fixed.copy()
            texts = texts or any(isinstance(values[i], str) for _, i in filled)
            numeric = cache.kind == "numCache" and not (texts and cache.label)
            for k, i in filled:
                points[k] = point_text(values[i], numeric=numeric, date1904=self.date1904)
            pieces[at] = render_reference(cache, points, texts=texts)
        return "".join(pieces).encode("utf-8", "surrogateescape")

    def _edit(self, pieces: list[str], edits: Sequence[Edit]) -> None:
        at: dict[int, list[Edit]] = {}
        for start, end, new in edits:
            at.setdefault(bisect_right(self.starts, start) - 1, []).append((start, end, new))
        for k, found in at.items():
            # Constant pieces have even numbers; the cache after one ends where the next starts.
            k -= k % 2
            first = self.starts[k]
            last = self.starts[k + 1] if k + 1 < len(self.starts) else len(self.data)
            moved = [(a - first, b - first, new) for a, b, new in found]
            pieces[k] = _text(splice(self.data[first:last], moved))


class Plan:
    """Everything that a change of *targets* touches, in a workbook laid out as *book*.

    Args:
        book: the workbook.
        dependents: its formulas.
        targets: the cells; value k of a rendering goes to target k.
    """

    def __init__(self, book: Book, dependents: Dependents, targets: Sequence[Target]) -> None:
        self.book = book
        # Of two values for one cell the first wins: places are listed before Tables.
        self.index = {target: k for k, target in reversed(list(enumerate(targets)))}
        given, changed = Cells(), Cells()
        for target in self.index:
            given.add(*target)
            changed.add(*target)
        stale = dependents.stale(changed, given)
        self.stale = {
            Target(part, r, c)
            for part, a in stale
            for r in range(a.r1, a.r2 + 1)
            for c in range(a.c1, a.c2 + 1)
        }
        self.parts: dict[str, SheetPlan | ChartPlan] = {}
        self._sheets(dependents)
        for part in chart_parts(book):
            self._chart(part, dependents, changed)
        self.fixed = dict(book.changed)
        if stale or book.uncalculated - self.index.keys():
            self.fixed[book.workbook] = full_calculation(book.read(book.workbook))

    def _sheets(self, dependents: Dependents) -> None:
        targets: dict[str, dict[tuple[int, int], int]] = {}
        stale: dict[str, set[tuple[int, int]]] = {}
        for (part, row, col), k in self.index.items():
            targets.setdefault(part, {})[row, col] = k
        for target in self.stale - self.index.keys():
            stale.setdefault(target.part, set()).add((target.row, target.col))
        for part in sorted(targets.keys() | stale.keys()):
            own = targets.get(part, {})
            computed = {
                place for area in dependents.formula_cells(part) for place in _places(area, own)
            }
            self.parts[part] = self._sheet(part, own, stale.get(part, set()), computed)

    def _sheet(
        self,
        part: str,
        targets: dict[tuple[int, int], int],
        stale: set[tuple[int, int]],
        computed: set[tuple[int, int]],
    ) -> SheetPlan:
        # Tables of other sizes elsewhere leave this sheet, and its plan, as they were.
        sheet = self.book.sheet(part)
        key = frozenset(targets.items()), frozenset(stale), frozenset(computed & targets.keys())
        if key not in sheet.memo:
            if len(sheet.memo) > _KEPT:
                sheet.memo.clear()
            sheet.memo[key] = compile_sheet(
                sheet, targets, stale, computed, date1904=self.book.date1904
            )
        plan: SheetPlan = sheet.memo[key]
        return plan

    def _chart(self, part: str, dependents: Dependents, changed: Cells) -> None:
        data, at = self.book.read(part), 0
        plan = ChartPlan(data, [], [], [], self.book.date1904)
        for cache in find_caches(self.book, part, dependents.resolver):
            grown = part in self.book.changed and not cache.old
            if grown or any(_in(changed, cell) for cell in cache.cells):
                plan.pieces += (_text(data[at : cache.start]), "")
                plan.starts += (at, cache.start)
                plan.caches.append(self._points(cache, len(plan.pieces) - 1))
                at = cache.end
        if plan.caches:
            plan.pieces.append(_text(data[at:]))
            plan.starts.append(at)
            self.parts[part] = plan

    def _points(self, cache: Cache, at: int) -> _Points:
        filled: list[tuple[int, int]] = []
        fixed: list[str | None] = []
        complete = len(cache.old) == len(cache.cells) or all(
            Target(*cell) in self.index or Target(*cell) in self.stale for cell in cache.cells
        )
        current = {} if complete else _current(self.book, cache)
        numeric, texts = cache.kind == "numCache", False
        for k, cell in enumerate(cache.cells):
            target = Target(*cell)
            point = None
            if target in self.index:
                filled.append((k, self.index[target]))
            elif target not in self.stale:
                value = current.get(cell)
                texts = texts or isinstance(value, str)
                date1904 = self.book.date1904
                point = cache.old.get(k) or point_text(value, numeric=numeric, date1904=date1904)
            fixed.append(point)
        return _Points(at, cache, fixed, tuple(filled), texts)

    def render(
        self, values: Sequence[Value], edits: Mapping[str, Sequence[Edit]] | None = None
    ) -> dict[str, bytes]:
        """Part → new bytes, for every part that differs from the file.

        Args:
            values: one for each target.
            edits: part → further edits, in the bytes of `book`; of charts and drawings only.
        """
        out = dict(self.fixed)
        for part, more in (edits or {}).items():
            if part not in self.parts:
                out[part] = splice(self.book.read(part), more)
        for part, plan in self.parts.items():
            if isinstance(plan, ChartPlan):
                out[part] = plan.render(values, (edits or {}).get(part, ()))
            else:
                out[part] = plan.render(values)
        return out


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _in(cells: Cells, cell: tuple[str, int, int]) -> bool:
    part, row, col = cell
    return cells.touches(part, Area(row, col, row, col))


def _places(area: Area, targets: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    if area.is_cell:
        return [(area.r1, area.c1)]
    return [(r, c) for r, c in targets if area.contains(Area(r, c, r, c))]


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


_BEFORE_CALC = ("sheets", "functionGroups", "externalReferences", "definedNames")


def full_calculation(workbook: bytes) -> bytes:
    """The workbook part with the request to calculate everything when it is opened."""
    tag = next(scan(workbook, "calcPr"), None)
    if tag is not None:
        new = set_attr(workbook[tag.start : tag.end], "fullCalcOnLoad", "1")
        return workbook[: tag.start] + new + workbook[tag.end :]
    last = max(
        (close_of(workbook, t)[1] for t in scan(workbook, *_BEFORE_CALC) if not t.closing),
        default=0,
    )
    root = next(scan(workbook, "workbook"))
    prefix = root.name[: root.name.find(b":") + 1]
    new = b'<%bcalcPr calcId="%b" fullCalcOnLoad="1"/>' % (prefix, escape_attr("191029"))
    return workbook[:last] + new + workbook[last:]
