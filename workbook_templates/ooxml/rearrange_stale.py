"""Cached values after a Table's rows changed places: what is no longer true is forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.caches import (
    Cache,
    chart_parts,
    find_caches,
    point_text,
    render_reference,
)
from workbook_templates.ooxml.dependents import Cells, Node, Resolver
from workbook_templates.ooxml.formulas import Formula
from workbook_templates.ooxml.plan import full_calculation
from workbook_templates.ooxml.rearrange_formulas import OwnFormulas
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheetplan import compile_sheet
from workbook_templates.ooxml.xml import Edit, splice

__all__ = ["forget_stale", "recached"]


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
    out = list(seeds.cells)
    if not out:
        return out
    changed = Cells()
    for part, area in out:
        changed.add_area(part, area)
    resolver = Resolver(seeds.book)
    known = {(part, area) for part, area in out}
    waiting = [n for n in _far(resolver, formulas, move) if (n.part, n.formula.area) not in known]
    dirty = {row for part, area in out if part == move.part for row in range(area.r1, area.r2 + 1)}
    seen: set[int] = set()
    while True:
        for row in dirty - seen:
            waiting += _near(resolver, formulas, move, row)
        seen |= dirty
        rest: list[Node] = []
        for node in waiting:
            if node.reads is None or any(changed.touches(p.part, p.area) for p in node.reads):
                changed.add_area(node.part, node.formula.area)
                out.append((node.part, node.formula.area))
                if node.part == move.part:
                    dirty.update(range(node.formula.area.r1, node.formula.area.r2 + 1))
            else:
                rest.append(node)
        if len(rest) == len(waiting) and dirty == seen:
            return out
        waiting = rest


def _far(resolver: Resolver, formulas: OwnFormulas, move: RowMove) -> Iterable[Node]:
    for sheet in resolver.book.sheets:
        if sheet.has_cells and sheet.part != move.part:
            yield from resolver.nodes(sheet)
    for cell in formulas.far:
        yield _node(resolver, move, cell.row, cell.col, cell.text, cell.area)


def _near(resolver: Resolver, formulas: OwnFormulas, move: RowMove, row: int) -> Iterable[Node]:
    for col, raw in formulas.near.get(row, ()):
        text = raw.decode("utf-8", "replace").replace("&amp;", "&")
        yield _node(resolver, move, row, col, text, Area(row, col, row, col))


def _node(resolver: Resolver, move: RowMove, row: int, col: int, text: str, area: Area) -> Node:
    formula = Formula(row, col, 0, 0, text, "", area, "")
    return Node(move.part, formula, resolver.areas(text, move.sheet, row, col))


def recached(old: Book, new: Book, move: RowMove) -> Book:
    """*new* with the charts' copies of cells following the cells, as they were in *old*."""
    changed: dict[str, bytes] = {}
    parts = chart_parts(old)
    if not parts:
        return new
    resolvers = Resolver(old), Resolver(new)
    for part in parts:
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
