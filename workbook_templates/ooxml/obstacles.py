"""What stands below a Table, and whether it may move."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.places import find_places
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.refs import Area, parse_area
from workbook_templates.ooxml.xml import attr, close_of, scan

__all__ = ["check_insertion", "in_the_way"]


def in_the_way(book: Book, table: Table, region: Area) -> bool:
    """Something in *region*, the cells that *table* would grow into, must move down first."""
    part = book.part_of(table.sheet)
    sheet = book.sheet(part)
    if any(m.overlaps(region) for m in sheet.merges):
        return True
    if any(t.area.overlaps(region) for t in book.tables if t.sheet == table.sheet):
        return True
    if any(a.overlaps(region) for a in _pivots(book, part) + _drawn(book, part)):
        return True
    named = (p.area for p in find_places(book).values() if p.part == part)
    if any(a.overlaps(region) and a.r1 > table.data.r2 for a in named):
        return True
    return any(
        region.c1 <= c.col <= region.c2 and c.body
        for row in sheet.rows_between(region.r1, region.r2)
        for c in sheet.cells(row)
    )


def _pivots(book: Book, part: str) -> list[Area]:
    out = []
    for pivot in book.related(part, "pivotTable"):
        for tag in scan(book.read(pivot), "location"):
            area = parse_area(attr(tag.attrs, "ref") or "")
            out += [area] if area else []
    return out


def _drawn(book: Book, part: str) -> list[Area]:
    """Cells under charts and pictures that move with their cells."""
    out = []
    for drawing in book.related(part, "drawing"):
        data = book.read(drawing)
        for tag in scan(data, "twoCellAnchor"):
            if tag.closing or attr(tag.attrs, "editAs") == "absolute":
                continue
            end = close_of(data, tag)[0]
            rows = _numbers(data, "row", tag.end, end)[:2]
            cols = _numbers(data, "col", tag.end, end)[:2]
            if len(rows) == len(cols) == 2:
                # Only the top edge counts: a chart beside the Table reaches below it, too.
                out.append(Area(rows[0] + 1, cols[0] + 1, rows[0] + 1, cols[1] + 1))
    return out


def _numbers(data: bytes, name: str, start: int, end: int) -> list[int]:
    tags = (t for t in scan(data, name, start=start, end=end) if not t.closing and not t.empty)
    return [int(data[t.end : close_of(data, t)[0]]) for t in tags]


def check_insertion(book: Book, table: Table, change: RowChange) -> None:
    """Make sure that sheet rows can be inserted below the Table's data.

    Raises:
        CannotShift: another Table or a pivot table beside it would be torn apart.
    """
    beside = [
        (f"Table {t.name!r}", t.area)
        for t in book.tables
        if t.sheet == table.sheet and t.name != table.name
    ]
    beside += [("A pivot table", a) for a in _pivots(book, change.part)]
    for what, area in beside:
        if area.r1 < change.below <= area.r2:
            raise CannotShift(
                f"{what} at {table.sheet}!{area.text()} stands beside Table {table.name!r}, where "
                f"{change.inserted} rows must be inserted. Put it on another sheet, or leave room "
                f"below Table {table.name!r}."
            )
