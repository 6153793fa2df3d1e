"""Every other part that points at a Table's sheet, rewritten where its rows change places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from workbook_templates.ooxml.book import Book, Sheet
from workbook_templates.ooxml.rearrange_drawn import drawing_edits, vml_edits
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_rest import areas_moved
from workbook_templates.ooxml.rearrange_ruled import retext
from workbook_templates.ooxml.references import form_control
from workbook_templates.ooxml.refs import parse_area
from workbook_templates.ooxml.xml import (
    Edit,
    attr,
    close_of,
    escape,
    escape_attr,
    scan,
    set_attr,
    splice,
    unescape,
)

__all__ = ["move_parts"]

_OWN_AREAS = (
    "comments",
    "threadedComment",
    "pivotTable",
    "tableSingleCells",
    "namedSheetView",
)


def move_parts(book: Book, move: RowMove, table: str) -> dict[str, bytes]:
    """Part → new bytes, for each part but the worksheets that *move* of *table* changes."""
    out: dict[str, bytes] = {}
    for part, edits in _edits(book, move, table):
        if edits:
            data = out.get(part) or book.read(part)
            new = splice(data, edits)
            if new != data:
                out[part] = new
    return out


def _edits(book: Book, move: RowMove, table: str) -> Iterator[tuple[str, list[Edit]]]:
    yield book.workbook, _names(book.read(book.workbook), move)
    for sheet in book.sheets:
        own = sheet.part == move.part
        for part in book.related(sheet.part, "table"):
            yield part, _table(book, part, sheet, move, table)
        for part in book.related(sheet.part, "drawing"):
            yield part, drawing_edits(book.read(part), sheet.name, move)
            yield from _rels(book, part, move)
            for chart in book.related(part, "chart", "chartEx"):
                data = book.read(chart)
                names = ("f", "sqref")  # the second holds a series that a filter hides
                texts = retext(data, 0, len(data), names, lambda text: move.formula(text, ""))
                yield chart, list(texts)
        for part in book.related(sheet.part, "ctrlProp"):
            yield part, form_control(book.read(part), partial(move.formula, home=sheet.name))
        for part in book.related(sheet.part, *_OWN_AREAS) if own else ():
            yield part, areas_moved(book.read(part), move)[0]
        for part in book.related(sheet.part, "vmlDrawing"):
            yield part, vml_edits(book.read(part), sheet.name, move)
        yield from _rels(book, sheet.part, move)
    for part in book.related(book.workbook, "pivotCacheDefinition"):
        yield part, _pivot_source(book.read(part), move)
    for part in book.related(book.workbook, "connections"):
        yield part, _parameters(book.read(part), move)


def _names(data: bytes, move: RowMove) -> list[Edit]:
    return list(retext(data, 0, len(data), ("definedName",), lambda text: move.formula(text, "")))


def _table(book: Book, part: str, sheet: Sheet, move: RowMove, name: str) -> list[Edit]:
    data = book.read(part)
    edits: list[Edit] = []
    if sheet.part == move.part:
        edits += areas_moved(data, move)[0]
    table = next((t for t in book.tables if t.part == part), None)
    for tag in scan(data, "calculatedColumnFormula", "totalsRowFormula"):
        if tag.closing or tag.empty or table is None:
            continue
        stop = close_of(data, tag)[0]
        old = unescape(data[tag.end : stop])
        top, bottom = table.data.r1, table.area.r2
        if sheet.part != move.part or tag.local == "totalsRowFormula":
            new = move.formula(old, sheet.name)
        elif table.name == name:
            new = move.based(old, sheet.name, (top, 1), (top, 1))
        else:
            # Another Table of the sheet: all of it moves, or none.
            by = (move.lands(bottom) or bottom) - bottom
            new = move.based(old, sheet.name, (top, 1), (top + by, 1))
        if new != old:
            edits.append((tag.end, stop, escape(new)))
    return edits


def _pivot_source(data: bytes, move: RowMove) -> list[Edit]:
    edits: list[Edit] = []
    for tag in scan(data, "worksheetSource", "rangeSet"):
        area = parse_area(attr(tag.attrs, "ref") or "")
        sheet = attr(tag.attrs, "sheet") or ""
        if tag.closing or area is None or sheet.casefold() != move.sheet.casefold():
            continue
        new = move.area(area, range_=True)
        if new is not None and new != area:
            raw = set_attr(data[tag.start : tag.end], "ref", new.text())
            edits.append((tag.start, tag.end, raw))
    return edits


def _parameters(data: bytes, move: RowMove) -> list[Edit]:
    """Cells that the parameters of a query are read from."""
    edits: list[Edit] = []
    for tag in scan(data, "parameter"):
        old = None if tag.closing else attr(tag.attrs, "cell")
        if old and (new := move.formula(old, "")) != old:
            edits.append((tag.start, tag.end, set_attr(data[tag.start : tag.end], "cell", new)))
    return edits


_LOCAL = re.compile(rb"Target=\"#([^\"]*![^\"]*)\"")


def _rels(book: Book, part: str, move: RowMove) -> Iterator[tuple[str, list[Edit]]]:
    """Links of pictures and cells to a place in the workbook, as some programs write them."""
    rels = book.relations_part(part)
    if not book.has(rels):
        return
    data = book.read(rels)
    edits: list[Edit] = []
    for m in _LOCAL.finditer(data):
        old = unescape(m[1])
        new = move.formula(old, "")
        if new != old:
            edits.append((*m.span(1), escape_attr(new)))
    yield rels, edits
