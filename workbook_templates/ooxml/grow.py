"""Giving a Table more or fewer rows, and moving everything that stands below it."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.chain import without_chain
from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.growrows import grow_rows
from workbook_templates.ooxml.moved import move_names, move_other_parts, move_sheet_rest
from workbook_templates.ooxml.moveformulas import move_formulas
from workbook_templates.ooxml.obstacles import check_insertion, in_the_way
from workbook_templates.ooxml.plan import Target
from workbook_templates.ooxml.problems import DoesNotFit
from workbook_templates.ooxml.refs import MAX_ROW, Area, parse_area
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.sparklines import grow_sparklines
from workbook_templates.ooxml.xml import attr, scan, set_attr

__all__ = ["apply_change", "resize_table", "row_change"]


def resize_table(book: Book, name: str, rows: int, *, usual: bool = False) -> Book:
    """The workbook with Table *name* at *rows* data rows, 1 or more.

    New rows copy the first data row's styles, height and formulas; if *usual*, the styles and
    height that most rows have, as people may have coloured that one. Where something stands in
    the way, whole sheet rows are inserted; otherwise nothing below the Table moves.

    Raises:
        DoesNotFit: more rows than a sheet has.
        CannotShift: something below cannot be moved truthfully.
    """
    return apply_change(book, row_change(book, name, rows), usual=usual)


def row_change(book: Book, name: str, rows: int) -> RowChange:
    """What moves when Table *name* gets *rows* data rows.

    Raises:
        DoesNotFit, CannotShift: as `resize_table`.
    """
    table = next(t for t in book.tables if t.name == name)
    part, data = book.part_of(table.sheet), table.data
    last = data.r1 + rows - 1
    if last > MAX_ROW:
        raise DoesNotFit(f"Table {name!r} cannot hold {rows} rows: the sheet ends before.")
    change = _change(book, table, part, last)
    if change.inserted:
        check_insertion(book, table, change)
    return change


def _change(book: Book, table: Table, part: str, last: int) -> RowChange:
    data = table.data
    more = last - data.r2
    insert = more > 0 and (
        table.totals > 0 or in_the_way(book, table, Area(data.r2 + 1, data.c1, last, data.c2))
    )
    return RowChange(
        sheet=table.sheet,
        part=part,
        data=data,
        header=table.area.r1 if table.headers else 0,
        last=last,
        inserted=more if insert else 0,
        totals=data.r2 + 1 if table.totals else 0,
    )


def apply_change(book: Book, change: RowChange, *, made: bool = True, usual: bool = False) -> Book:
    """The workbook after *change*; if not *made*, without new rows and with old ones uncleared.

    Raises:
        CannotShift: as `resize_table`.
    """
    changed: dict[str, bytes] = {}
    copied: frozenset[Target] = frozenset()
    for sheet in book.sheets:
        if not sheet.has_cells:
            continue
        old = book.sheet(sheet.part)
        if sheet.part != change.part and not change.mentioned(old.data):
            continue
        data = move_formulas(old, sheet.name, change)
        if sheet.part == change.part:
            after = grow_rows(SheetXml(data, sheet.part), change, made=made, usual=usual)
            data = after.data
            copied = frozenset(Target(sheet.part, r, c) for r, c in after.formulas)
        xml = SheetXml(data, sheet.part)
        # A long part is put together but once.
        head, rest = data[: xml.start], move_sheet_rest(data[xml.end :], 0, sheet.name, change)
        if sheet.part == change.part:
            rest = grow_sparklines(rest, 0, change)
            head = _dimension(head, xml, change, made=made)
        if (head, rest) != (data[: xml.start], data[xml.end :]):
            data = b"".join((head, memoryview(data)[xml.start : xml.end], rest))
        if data != old.data:
            changed[sheet.part] = data
    changed.update(move_other_parts(book, change))
    workbook = move_names(book, change)
    if workbook != book.read(book.workbook):
        changed[book.workbook] = workbook
    rels, removed = without_chain(book)
    new = book.edited(changed | rels, removed)
    new.uncalculated = book.uncalculated | copied
    return new


def _dimension(head: bytes, sheet: SheetXml, change: RowChange, *, made: bool) -> bytes:
    tag = next(scan(head, "dimension"), None)
    area = parse_area((attr(tag.attrs, "ref") or "") if tag else "")
    if tag is None or area is None:
        return head
    bottom = max(sheet.last_row or 1, change.last)
    if change.last > change.data.r2 or (made and area.r2 > bottom):
        wide = area._replace(r2=max(bottom, area.r1), c2=max(area.c2, change.data.c2))
        new = set_attr(head[tag.start : tag.end], "ref", wide.text())
        return head[: tag.start] + new + head[tag.end :]
    return head
