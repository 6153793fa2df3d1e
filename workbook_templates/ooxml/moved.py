"""Every part that refers to a Table's sheet, rewritten after its rows moved."""

from __future__ import annotations

import re
from functools import partial

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.references import VML_LINKS, form_control, texts_moved
from workbook_templates.ooxml.refs import parse_area
from workbook_templates.ooxml.xml import Edit, Tag, attr, close_of, scan, set_attr, splice

__all__ = ["move_names", "move_other_parts", "move_sheet_rest"]

_AREAS = {
    "autoFilter": "ref",
    "sortState": "ref",
    "sortCondition": "ref",
    "mergeCell": "ref",
    "conditionalFormatting": "sqref",
    "dataValidation": "sqref",
    "protectedRange": "sqref",
    "ignoredError": "sqref",
    "cellWatch": "r",
    "inputCells": "r",
    "table": "ref",
    "comment": "ref",
    "threadedComment": "ref",
    "location": "ref",
    "singleXmlCell": "r",
}
"""Element → the attribute that holds areas of its own sheet."""

_FORMULAS = ("formula", "formula1", "formula2", "f", "calculatedColumnFormula", "totalsRowFormula")


def _areas(data: bytes, change: RowChange, start: int = 0, end: int | None = None) -> list[Edit]:
    edits: list[Edit] = []
    for tag in scan(data, *_AREAS, start=start, end=end):
        key = _AREAS[tag.local]
        old = None if tag.closing else attr(tag.attrs, key)
        if old and (new := change.sqref(old)) != old:
            edits.append((tag.start, tag.end, set_attr(data[tag.start : tag.end], key, new)))
    return edits


def move_sheet_rest(data: bytes, start: int, sheet: str, change: RowChange) -> bytes:
    """What follows the cells of *sheet* (from byte *start*), with its references moved.

    Args:
        data: a worksheet part.
        start: where its `<sheetData>` ends.
        sheet: its name; if it is the Table's own sheet, its areas move as well.
        change: what moves.
    """
    edits = list(texts_moved(data, _FORMULAS, lambda _, t: change.formula(t, sheet), start))
    edits += _links(data, start, sheet, change)
    if sheet == change.sheet:
        edits += _areas(data, change, start)
        edits += texts_moved(data, ("sqref",), lambda _, t: change.sqref(t), start)
        edits += _breaks(data, start, change)
        edits += _controls(data, start, change)
    return splice(data, edits)


def _links(data: bytes, start: int, sheet: str, change: RowChange) -> list[Edit]:
    edits: list[Edit] = []
    for tag in scan(data, "hyperlink", start=start):
        old, ref = attr(tag.attrs, "location"), attr(tag.attrs, "ref")
        raw = new = data[tag.start : tag.end]
        if old and (target := change.formula(old, sheet)) != old:
            new = set_attr(new, "location", target)
        if ref and sheet == change.sheet and (moved := change.sqref(ref)) != ref:
            new = set_attr(new, "ref", moved)
        if new != raw:
            edits.append((tag.start, tag.end, new))
    return edits


def _breaks(data: bytes, start: int, change: RowChange) -> list[Edit]:
    rows = next((t for t in scan(data, "rowBreaks", start=start) if not t.closing), None)
    if rows is None or not change.inserted:
        return []
    edits: list[Edit] = []
    for tag in scan(data, "brk", start=rows.end, end=close_of(data, rows)[0]):
        # A break belongs to the row below it, which is the one that moves.
        old = int(attr(tag.attrs, "id") or 0)
        new = change.row(old + 1) - 1
        if new != old:
            edits.append((tag.start, tag.end, set_attr(data[tag.start : tag.end], "id", str(new))))
    return edits


def _controls(data: bytes, start: int, change: RowChange) -> list[Edit]:
    edits: list[Edit] = []
    for tag in scan(data, "anchor", start=start):
        if not tag.closing and attr(tag.attrs, "moveWithCells") in ("1", "true"):
            stop = close_of(data, tag)[0]
            edits += _rows_of(data, "row", change, tag.end, stop)
    return edits


def _rows_of(data: bytes, element: str, change: RowChange, start: int, end: int) -> list[Edit]:
    """Rows counted from 0, as drawings count them."""
    edits: list[Edit] = []
    for tag in scan(data, element, start=start, end=end):
        if tag.closing or tag.empty:
            continue
        stop = close_of(data, tag)[0]
        old = int(data[tag.end : stop])
        new = change.row(old + 1) - 1
        if new != old:
            edits.append((tag.end, stop, b"%d" % new))
    return edits


def move_names(book: Book, change: RowChange) -> bytes:
    """The workbook part with its defined names moved."""
    data = book.read(book.workbook)

    def move(tag: Tag, text: str) -> str:
        if attr(tag.attrs, "name") == "_xlnm.Print_Area":
            return change.print_area(text)
        return change.formula(text, "")

    return splice(data, texts_moved(data, ("definedName",), move))


def move_other_parts(book: Book, change: RowChange) -> dict[str, bytes]:
    """Tables, charts, drawings, comments, controls and pivots that the change moves."""
    out: dict[str, bytes] = {}

    def put(part: str, edits: list[Edit]) -> None:
        if edits:
            out[part] = splice(out.get(part) or book.read(part), edits)

    for sheet in book.sheets:
        own = sheet.part == change.part
        for part in book.related(sheet.part, "table"):
            data = book.read(part)
            if not own and not change.mentioned(data):
                continue
            moved = partial(change.formula, home=sheet.name)
            edits = texts_moved(data, _FORMULAS, lambda _, t, moved=moved: moved(t))  # type: ignore[misc]
            put(part, [*edits, *(_areas(data, change) if own else [])])
        for part in book.related(sheet.part, "drawing"):
            put(part, _drawing(book.read(part), change, own=own))
            for chart in book.related(part, "chart", "chartEx"):
                if change.mentioned(book.read(chart)):
                    put(chart, _chart(book.read(chart), change))
        for part in book.related(sheet.part, "ctrlProp"):
            put(part, form_control(book.read(part), partial(change.formula, home=sheet.name)))
        if own:
            for part in book.related(
                sheet.part, "comments", "threadedComment", "pivotTable", "tableSingleCells"
            ):
                put(part, _areas(book.read(part), change))
        for part in book.related(sheet.part, "vmlDrawing"):
            put(part, _vml(book.read(part), sheet.name, change, own=own))
    for part in book.related(book.workbook, "pivotCacheDefinition"):
        put(part, _pivot_source(book.read(part), change))
    return out


def _chart(data: bytes, change: RowChange) -> list[Edit]:
    def move(tag: Tag, text: str) -> str:
        # A series' name is one cell; it does not grow with a Table of one row.
        named = re.search(rb"tx\s*>\s*<[^>]*strRef\s*>\s*\Z", data[: tag.start][-200:])
        return change.formula(text, "", single=named is None)

    return list(texts_moved(data, ("f",), move))


def _drawing(data: bytes, change: RowChange, *, own: bool) -> list[Edit]:
    edits: list[Edit] = []
    for tag in scan(data, "sp", "cxnSp", "pic"):
        link = None if tag.closing else attr(tag.attrs, "textlink")
        if link and (new := change.formula(link, change.sheet if own else "")) != link:
            edits.append((tag.start, tag.end, set_attr(data[tag.start : tag.end], "textlink", new)))
    if not own or not change.inserted:
        return edits
    for tag in scan(data, "twoCellAnchor", "oneCellAnchor"):
        if not tag.closing and attr(tag.attrs, "editAs") != "absolute":
            edits += _anchor(data, tag, change)
    return edits


def _anchor(data: bytes, tag: Tag, change: RowChange) -> list[Edit]:
    top = next(scan(data, "from", start=tag.end))
    first = _rows_of(data, "row", change, top.end, close_of(data, top)[0])
    if tag.local == "oneCellAnchor":
        return first
    bottom = next(scan(data, "to", start=tag.end))
    span = bottom.end, close_of(data, bottom)[0]
    if attr(tag.attrs, "editAs") == "oneCell":
        # It moves with its first cell and keeps its size.
        return first + (_rows_of(data, "row", change, *span) if first else [])
    return first + _rows_of(data, "row", change, *span)


def _vml(data: bytes, sheet: str, change: RowChange, *, own: bool) -> list[Edit]:
    edits = list(texts_moved(data, VML_LINKS, lambda _, t: change.formula(t, sheet)))
    if not own or not change.inserted:
        return edits
    for tag in scan(data, "ClientData"):
        if tag.closing or tag.empty:
            continue
        stop = close_of(data, tag)[0]
        edits += _rows_of(data, "Row", change, tag.end, stop)
        # In this format the presence of MoveWithCells means that a box stays put; a note's box
        # still belongs beside its cell.
        stays = b"MoveWithCells" in data[tag.end : stop]
        if attr(tag.attrs, "ObjectType") == "Note" or not stays:
            edits += _vml_anchor(data, tag.end, stop, change)
    return edits


def _vml_anchor(data: bytes, start: int, end: int, change: RowChange) -> list[Edit]:
    tag = next(scan(data, "Anchor", start=start, end=end), None)
    if tag is None:
        return []
    stop = close_of(data, tag)[0]
    numbers = data[tag.end : stop].split(b",")
    if len(numbers) != 8:
        return []
    for k in (2, 6):
        row = int(numbers[k])
        numbers[k] = b" %d" % (change.row(row + 1) - 1)
    new = b",".join(numbers)
    return [(tag.end, stop, new)] if new.split() != data[tag.end : stop].split() else []


def _pivot_source(data: bytes, change: RowChange) -> list[Edit]:
    edits: list[Edit] = []
    for tag in scan(data, "worksheetSource", "rangeSet"):
        ref, sheet = attr(tag.attrs, "ref"), attr(tag.attrs, "sheet")
        area = parse_area(ref or "")
        if tag.closing or area is None or (sheet or "").casefold() != change.sheet.casefold():
            continue
        new = change.area(area, wide=True)
        if new is None:
            raise CannotShift(
                f"The source of a pivot table, {sheet}!{ref}, would fall off the sheet. "
                "Move it up in Excel and try again."
            )
        if new != area:
            raw = set_attr(data[tag.start : tag.end], "ref", new.text())
            edits.append((tag.start, tag.end, raw))
    return edits
