"""Rows of Tables leave, change places and are added, and all that hangs on them follows.

Whole sheet rows travel with their cells in all columns, height, style and notes; what stands
below the Table moves up when fewer rows are left, as if sheet rows were deleted. Only where
something that takes up several of these rows stands beside the Table do no more than its
columns travel, and the headed columns next to them: then nothing below moves but the totals,
and the Table's last rows become blank.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.chain import without_chain
from workbook_templates.ooxml.grow import resize_table
from workbook_templates.ooxml.problems import MissingPlace
from workbook_templates.ooxml.rearrange_formulas import OwnFormulas
from workbook_templates.ooxml.rearrange_model import ModelRow
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_other import move_other_sheets
from workbook_templates.ooxml.rearrange_parts import move_parts
from workbook_templates.ooxml.rearrange_reach import plan_move
from workbook_templates.ooxml.rearrange_rest import move_head, move_rest
from workbook_templates.ooxml.rearrange_rows import move_rows
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.rearrange_stale import forget_stale, recached
from workbook_templates.ooxml.rowmap import RowMap

__all__ = ["rearrange"]


def rearrange(book: Book, maps: Sequence[RowMap]) -> Book:
    """The workbook with the rows of some Tables in other places.

    New rows copy the styles and height that most rows have, and the first one's formulas.
    Formulas that read rows which left lose their cached values, and the workbook asks to be
    calculated. Maps that change nothing give back *book* itself; maps that only add rows at the
    end do what `resize_table` does.

    Args:
        book: the workbook.
        maps: one for each Table, in any order.

    Raises:
        MissingPlace: there is no such Table.
        DoesNotFit: a map names rows that are not there, or more than a sheet has.
        CannotShift: something stands in the way that cannot move truthfully.
    """
    given = book
    for row_map in sorted(maps, key=lambda m: _length(book, m)):
        table = _table(book, row_map.table)
        rows = table.data.r2 - table.data.r1 + 1
        row_map.check(rows)
        source: list[int | None] = list(row_map.source) or [None]
        if len(source) > rows:
            book = _instead(given, resize_table(book, table.name, len(source), usual=True))
            table = _table(book, table.name)
            source = _placed(source, rows)
        if source != list(range(table.data.r2 - table.data.r1 + 1)):
            book = _instead(given, _moved(book, table, tuple(source), alone=row_map.alone))
    return book


_LONG = 1 << 25
"""Bytes of a part that is not kept as it was before."""


def _instead(old: Book, new: Book) -> Book:
    """*new*; of *old* nothing long is kept that has changed, as it can be read again."""
    for part, data in new.changed.items():
        if len(data) > _LONG:
            old.forget(part)
    return new


def _length(book: Book, row_map: RowMap) -> int:
    """Bytes of a map's sheet: what the others need to know of the longest is read but once."""
    return len(book.sheet(book.part_of(_table(book, row_map.table).sheet)).data)


def _table(book: Book, name: str) -> Table:
    found = [t for t in book.tables if t.name.casefold() == name.casefold()]
    if not found:
        listed = ", ".join(sorted(t.name for t in book.tables)) or "none"
        raise MissingPlace(
            f"{book.package.where} has no Table {name!r}; it has: {listed}. "
            "Undo the renaming in Excel, or make the workbook anew."
        )
    return found[0]


def _placed(source: list[int | None], rows: int) -> list[int | None]:
    """*source* with the rows that were added at the end in the last places of new ones."""
    spare = list(range(rows, len(source)))
    return [spare.pop() if k is None and spare else k for k in reversed(source)][::-1]


def _moved(book: Book, table: Table, source: tuple[int | None, ...], *, alone: bool) -> Book:
    move = plan_move(book, table, source, alone=alone)
    seeds = Seeds(book, move, table.name)
    sheet = book.sheet(move.part)
    formulas = OwnFormulas(sheet, move, seeds)
    model = ModelRow(sheet, move)
    changed = move_other_sheets(book, move, seeds)
    head = move_head(sheet.data[: sheet.start], move)
    rest = move_rest(sheet.data[sheet.end :], move.sheet, move)
    changed[move.part] = move_rows(sheet, move, formulas, model, (head, rest))
    changed |= move_parts(book, move, table.name)
    rels, removed = without_chain(book)
    new = book.edited(changed | rels, removed)
    copied = frozenset((move.part, row, col) for row, col in model.formulas)
    kept = (_follow(cell, move) for cell in book.uncalculated)
    new.uncalculated = frozenset(cell for cell in kept if cell) | copied
    return forget_stale(recached(book, new, move, seeds), seeds, move)


def _follow(cell: tuple[str, int, int], move: RowMove) -> tuple[str, int, int] | None:
    part, row, col = cell
    if part != move.part or not move.left <= col <= move.right:
        return cell
    to = move.lands(row)
    return None if to is None else (part, to, col)
