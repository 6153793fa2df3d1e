"""How much of its sheet a Table's rows take along, and what stands in their way."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.formulas import formula_tag
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.refs import MAX_COL, Area, parse_area
from workbook_templates.ooxml.xml import attr, scan

__all__ = ["plan_move"]

_Thing = tuple[str, Area]
"""What it is called in a message, and where it stands."""


def plan_move(
    book: Book, table: Table, source: tuple[int | None, ...], *, alone: bool = False
) -> RowMove:
    """The move that *source* means for *table* (see `RowMap`; at most as many rows as now).

    Whole sheet rows travel, unless something that takes up several of them stands there, such
    as another Table: then only the Table's columns and the headed ones beside it do. *alone*:
    the Table's columns in any case, and no other.

    Raises:
        CannotShift: something takes up several rows inside those columns.
    """
    data = table.data
    goes = [-1] * (data.r2 - data.r1 + 1)
    for place, k in enumerate(source):
        if k is not None:
            goes[k] = place
    move = RowMove(
        sheet=table.sheet,
        part=book.part_of(table.sheet),
        data=data,
        totals=data.r2 + 1 if table.totals else 0,
        left=1,
        right=MAX_COL,
        goes=tuple(goes),
        count=max(len(source), 1),
    )
    things = _things(book, table, move)
    crossing = [(what, a) for what, a in things if a.r1 < a.r2 or what.startswith("Table")]
    if not crossing and not alone:
        return move
    left, right = (data.c1, data.c2) if alone else _columns(book, table, crossing)
    for what, area in things:
        outside = area.c2 < left or right < area.c1
        inside = left <= area.c1 and area.c2 <= right
        if not outside and ((what, area) in crossing or not inside):
            raise CannotShift(
                f"{what} at {table.sheet}!{area.text()} takes up several rows of Table "
                f"{table.name!r}, so its rows cannot move. Move or undo it in Excel and try again."
            )
    return _narrow(move, left, right)


def _narrow(move: RowMove, left: int, right: int) -> RowMove:
    values = {name: getattr(move, name) for name in RowMove.__dataclass_fields__}
    return RowMove(**values | {"left": left, "right": right})


def _things(book: Book, table: Table, move: RowMove) -> list[_Thing]:
    """What stands in the rows that move and is more than one cell."""
    sheet = book.sheet(move.part)
    out = [
        (f"Table {t.name!r}", t.area)
        for t in book.tables
        if t.sheet == table.sheet and t.name != table.name
    ]
    for part in book.related(move.part, "pivotTable"):
        for tag in scan(book.read(part), "location"):
            area = parse_area(attr(tag.attrs, "ref") or "")
            out += [("A pivot table", area)] if area else []
    out += [("The merged area", area) for area in sheet.merges]
    out += [("The array formula", area) for area in _arrays(book, move)]
    rows = Area(move.first, 1, max(move.data.r2, move.totals), MAX_COL)
    data_rows = rows._replace(r2=move.data.r2)
    return [(what, a) for what, a in out if a.overlaps(rows if a.r1 == a.r2 else data_rows)]


def _arrays(book: Book, move: RowMove) -> list[Area]:
    sheet = book.sheet(move.part)
    if sheet.data.find(b"<" + sheet.prefix + b"f ", sheet.start, sheet.end) < 0:
        return []
    out = []
    for word in (b'"array"', b'"dataTable"', b"'array'", b"'dataTable'"):
        at = sheet.data.find(word, sheet.start, sheet.end)
        while at >= 0:
            start = sheet.data.rfind(b"<", sheet.start, at)
            m = formula_tag(sheet.prefix).match(sheet.data, start)
            area = parse_area(attr(m[1], "ref") or "") if m else None
            if area is not None and not area.is_cell:
                out.append(area)
            at = sheet.data.find(word, at + 1, sheet.end)
    return out


def _columns(book: Book, table: Table, crossing: list[_Thing]) -> tuple[int, int]:
    """The Table's columns and those beside it that have a header and belong to nothing else."""
    a = table.area
    sheet = book.sheet(book.part_of(table.sheet))
    row = sheet.row(a.r1) if table.headers else None
    headed = {c.col for c in sheet.cells(row) if c.body} if row else set()
    for _, area in crossing:
        headed -= set(range(area.c1, min(area.c2, MAX_COL) + 1))
    left, right = a.c1, a.c2
    while left - 1 in headed:
        left -= 1
    while right + 1 in headed:
        right += 1
    return left, right
