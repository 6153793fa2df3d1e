"""Giving a Table more or fewer rows, and moving everything that stands below it."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book, Table
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
from workbook_templates.ooxml.xml import attr, close_of, scan, set_attr, splice

__all__ = ["resize_table"]


def resize_table(book: Book, name: str, rows: int) -> Book:
    """The workbook with Table *name* at *rows* data rows, 1 or more.

    New rows copy the first data row's styles, height and formulas. Where something stands in
    the way, whole sheet rows are inserted; otherwise nothing below the Table moves.

    Raises:
        DoesNotFit: more rows than a sheet has.
        CannotShift: something below cannot be moved truthfully.
    """
    table = next(t for t in book.tables if t.name == name)
    part, data = book.part_of(table.sheet), table.data
    last = data.r1 + rows - 1
    if last > MAX_ROW:
        raise DoesNotFit(f"Table {name!r} cannot hold {rows} rows: the sheet ends before.")
    change = _change(book, table, part, last)
    if change.inserted:
        check_insertion(book, table, change)
    return _apply(book, change)


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


def _apply(book: Book, change: RowChange) -> Book:
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
            after = grow_rows(SheetXml(data, sheet.part), change)
            data = after.data
            copied = frozenset(Target(sheet.part, r, c) for r, c in after.formulas)
        end = SheetXml(data, sheet.part).end
        data = move_sheet_rest(data, end, sheet.name, change)
        if sheet.part == change.part:
            data = _dimension(grow_sparklines(data, end, change), sheet.part, change)
        if data != old.data:
            changed[sheet.part] = data
    changed.update(move_other_parts(book, change))
    workbook = move_names(book, change)
    if workbook != book.read(book.workbook):
        changed[book.workbook] = workbook
    new = book.edited(changed | _without_chain(book), frozenset(_chain(book)))
    new.uncalculated = book.uncalculated | copied
    return new


def _dimension(data: bytes, part: str, change: RowChange) -> bytes:
    tag = next(scan(data, "dimension"), None)
    area = parse_area((attr(tag.attrs, "ref") or "") if tag else "")
    if tag is None or area is None:
        return data
    rows = SheetXml(data, part).rows
    bottom = max(rows[-1].number if rows else 1, change.last)
    if change.last > change.data.r2 or area.r2 > bottom:
        wide = area._replace(r2=max(bottom, area.r1), c2=max(area.c2, change.data.c2))
        new = set_attr(data[tag.start : tag.end], "ref", wide.text())
        return data[: tag.start] + new + data[tag.end :]
    return data


def _chain(book: Book) -> list[str]:
    # Excel rebuilds the calculation chain; a stale one makes it ask for repair.
    return book.related(book.workbook, "calcChain")


def _without_chain(book: Book) -> dict[str, bytes]:
    out: dict[str, bytes] = {}
    for part in _chain(book):
        rels = book.relations_part(book.workbook)
        gone = [r.id for r in book.relations(book.workbook) if r.target == part]
        data = out.get(rels, book.read(rels))
        tags = (t for t in scan(data, "Relationship") if attr(t.attrs, "Id") in gone)
        out[rels] = splice(data, [(t.start, close_of(data, t)[1], b"") for t in tags])
        types = out.get("[Content_Types].xml", book.read("[Content_Types].xml"))
        wanted = "/" + part.casefold()
        tags = (
            t
            for t in scan(types, "Override")
            if (attr(t.attrs, "PartName") or "").casefold() == wanted
        )
        out["[Content_Types].xml"] = splice(
            types, [(t.start, close_of(types, t)[1], b"") for t in tags]
        )
    return out
