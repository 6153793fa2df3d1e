"""Cached values after a Table's rows changed places: what is no longer true is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.caches import (
    Cache,
    chart_parts,
    find_caches,
    point_text,
    render_reference,
)
from workbook_templates.ooxml.dependents import Cells, Node, Place3D, Resolver
from workbook_templates.ooxml.formulas import Formula
from workbook_templates.ooxml.plan import full_calculation
from workbook_templates.ooxml.rearrange_formulas import OwnFormulas, Pattern
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheetplan import compile_sheet
from workbook_templates.ooxml.xml import Edit, splice, unescape

__all__ = ["forget_stale", "recached"]

_F = re.compile(rb"<(?:[\w.\-]+:)?f(?:\s[^>]*)?>([^<]+)<")


def forget_stale(book: Book, seeds: Seeds, formulas: OwnFormulas, move: RowMove) -> Book:
    """The workbook, its rows moved, without the cached values that are no longer true.

    Args:
        book: after the move.
        seeds: formulas that read what left, as cells before the move.
        formulas: those of the Table's sheet before the move.
        move: what moved.
    """
    stale = _stale(seeds, formulas, move)
    cells = {
        (part, row, col)
        for part, area in stale
        for row in range(area.r1, area.r2 + 1)
        for col in range(area.c1, area.c2 + 1)
    }
    gone: dict[str, set[tuple[int, int]]] = {}
    for part, row, col in cells:
        travels = part == move.part and move.left <= col <= move.right
        to = move.lands(row) if travels else row
        if to is not None:
            gone.setdefault(part, set()).add((to, col))
    changed: dict[str, bytes] = {}
    for part, places in gone.items():
        plan = compile_sheet(book.sheet(part), {}, places, set(), date1904=book.date1904)
        content = plan.render(())
        data = b"".join(content) if isinstance(content, list) else content
        if isinstance(data, bytes) and data != book.sheet(part).data:
            changed[part] = data
    unknown = book.uncalculated | {(p, r, c) for p, places in gone.items() for r, c in places}
    if not unknown:
        return book
    workbook = full_calculation(book.read(book.workbook))
    if workbook != book.read(book.workbook):
        changed[book.workbook] = workbook
    new = book.edited(changed)
    new.uncalculated = unknown
    return new


def _stale(seeds: Seeds, formulas: OwnFormulas, move: RowMove) -> list[tuple[str, Area]]:
    """The *seeds*, and every formula that reads one of them, directly or not."""
    if not seeds.cells:
        return []
    found = _Closure(seeds, formulas, move)
    found.run()
    return found.stale


class _Closure:
    """Follows what reads what, in cells before the move."""

    def __init__(self, seeds: Seeds, formulas: OwnFormulas, move: RowMove) -> None:
        self.formulas, self.move = formulas, move
        self.resolver = Resolver(seeds.book)
        self.changed = Cells()
        self.dirty: set[int] = set()
        self.stale: list[tuple[str, Area]] = []
        self.known: set[tuple[str, Area]] = set()
        self._reads: dict[Pattern, tuple[list[Area], list[Place3D]]] = {}
        for part, area in sorted(seeds.cells):
            self._add(part, area)
        self.waiting = list(self._far())
        self.patterns = list(formulas.patterns)

    def _add(self, part: str, area: Area) -> None:
        if (part, area) in self.known:
            return
        self.known.add((part, area))
        self.stale.append((part, area))
        self.changed.add_area(part, area)
        if part == self.move.part:
            self.dirty.update(range(area.r1, area.r2 + 1))

    def run(self) -> None:
        """Go on until nothing new is found."""
        while self._patterns() | self._nodes() | self._rows():
            pass

    def _far(self) -> Iterable[Node]:
        for sheet in self.resolver.book.sheets:
            if sheet.has_cells and sheet.part != self.move.part:
                yield from self.resolver.nodes(sheet)
        for cell in self.formulas.far:
            if (self.move.part, cell.area) not in self.known:
                yield self._node(cell.row, cell.col, cell.text, cell.area)

    def _node(self, row: int, col: int, text: str, area: Area) -> Node:
        formula = Formula(row, col, 0, 0, text, "", area, "")
        reads = self.resolver.areas(text, self.move.sheet, row, col)
        return Node(self.move.part, formula, reads)

    def _touched(self, reads: list[Place3D] | None) -> bool:
        return reads is None or any(self.changed.touches(p.part, p.area) for p in reads)

    def _patterns(self) -> bool:
        """Formulas that have fixed cells in common: one look for all of them."""
        before = len(self.patterns)
        rest = []
        for pattern in self.patterns:
            if self._touched(self._split(pattern)[1]):
                for r, c in pattern.cells:
                    self._add(self.move.part, Area(r, c, r, c))
            else:
                rest.append(pattern)
        self.patterns = rest
        return len(rest) < before

    def _split(self, pattern: Pattern) -> tuple[list[Area], list[Place3D]]:
        """Areas of the own row, and fixed ones, that formulas like *pattern* read."""
        if pattern not in self._reads:
            row, col, text = pattern.sample
            own = (self.move.part, row, row)
            found = self.resolver.areas(text, self.move.sheet, row, col) or []
            ours = [p for p in found if (p.part, p.area.r1, p.area.r2) == own]
            self._reads[pattern] = [p.area for p in ours], [p for p in found if p not in ours]
        return self._reads[pattern]

    def _nodes(self) -> bool:
        before = len(self.waiting)
        rest = []
        for node in self.waiting:
            if self._touched(node.reads):
                self._add(node.part, node.formula.area)
            else:
                rest.append(node)
        self.waiting = rest
        return len(rest) < before

    def _rows(self) -> bool:
        """Formulas in rows where another one became stale."""
        rows, self.dirty = self.dirty, set()
        for row in rows:
            for col, pattern in self.formulas.near.get(row, ()):
                area = Area(row, col, row, col)
                own = (a._replace(r1=row, r2=row) for a in self._split(pattern)[0])
                if any(self.changed.touches(self.move.part, a) for a in own):
                    self._add(self.move.part, area)
        return bool(self.dirty)


def recached(old: Book, new: Book, move: RowMove, seeds: Seeds) -> Book:
    """*new* with the charts' copies of cells following the cells, as they were in *old*."""
    changed: dict[str, bytes] = {}
    parts = chart_parts(old)
    if not parts:
        return new
    resolvers = Resolver(old), Resolver(new)
    for part in parts:
        if not any(seeds.mentions(unescape(text)) for text in _F.findall(old.read(part))):
            continue
        before, after = (
            find_caches(b, part, r) for b, r in zip((old, new), resolvers, strict=True)
        )
        if len(before) != len(after):
            continue
        pairs = zip(before, after, strict=True)
        edits = [e for a, b in pairs if (e := _recached(a, b, move, new)) is not None]
        if edits:
            changed[part] = splice(new.read(part), edits)
    if not changed:
        return new
    out = new.edited(changed)
    out.uncalculated = new.uncalculated
    return out


def _recached(before: Cache, after: Cache, move: RowMove, book: Book) -> Edit | None:
    went = [_went(cell, move) for cell in before.cells]
    if before.start == before.end or tuple(went) == after.cells:
        return None
    if before.kind == "multiLvlStrCache":
        # Excel makes it anew; several levels are rarely drawn over a Table that is refreshed.
        return after.start, after.end, b""
    points = {cell: before.old[k] for k, cell in enumerate(went) if cell and k in before.old}
    if not before.old:
        return None
    texts = before.kind != "numCache"
    blank = point_text(None, numeric=not texts, date1904=book.date1904)
    rendered = [points.get(cell, blank) for cell in after.cells]
    return after.start, after.end, render_reference(after, rendered, texts=texts)


def _went(cell: tuple[str, int, int], move: RowMove) -> tuple[str, int, int] | None:
    part, row, col = cell
    if part != move.part or not move.left <= col <= move.right:
        return cell
    to = move.lands(row)
    return None if to is None else (part, to, col)
