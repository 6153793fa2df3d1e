"""Cached values after a Table's rows changed places: what is no longer true is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.caches import (
    Cache,
    chart_parts,
    find_caches,
    point_text,
    render_reference,
)
from workbook_templates.ooxml.dependents import Resolver
from workbook_templates.ooxml.follow import Reader, follow, readers
from workbook_templates.ooxml.plan import full_calculation
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.rowset import rows_of
from workbook_templates.ooxml.sheetplan import compile_sheet
from workbook_templates.ooxml.xml import Edit, splice, unescape

__all__ = ["forget_stale", "recached"]

_F = re.compile(rb"<(?:[\w.\-]+:)?f(?:\s[^>]*)?>([^<]+)<")


def forget_stale(book: Book, seeds: Seeds, move: RowMove) -> Book:
    """The workbook, its rows moved, without the cached values that are no longer true.

    Args:
        book: after the move.
        seeds: formulas that read what left, as cells before the move.
        move: what moved.
    """
    gone: dict[str, set[tuple[int, int]]] = {}
    for part, row, col in _stale(seeds, move):
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


def _stale(seeds: Seeds, move: RowMove) -> Iterator[tuple[str, int, int]]:
    """Cells, as before the move, of the *seeds* and of all that reads one of them, also in turn."""
    stale = seeds.cells
    if not stale:
        return
    resolver = Resolver(seeds.book)
    waiting: list[Reader] = []
    for sheet in seeds.book.sheets:
        if sheet.has_cells:
            own = sheet.part == move.part
            waiting += readers(resolver, sheet, move.staying if own else None)
    follow(stale, waiting)
    for part, col, rows in stale:
        yield from ((part, row, col) for row in rows_of(rows))
    for part, area in stale.wide:
        for row in range(area.r1, area.r2 + 1):
            yield from ((part, row, col) for col in range(area.c1, area.c2 + 1))


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
