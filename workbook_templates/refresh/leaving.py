"""People's cells when rows leave a Table, and when an account comes back to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.formulas import read_formulas
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.ooxml.rearrange_reach import plan_move
from workbook_templates.ooxml.refs import col_number
from workbook_templates.refresh.archive import Archive
from workbook_templates.refresh.diff import Diff, Line, spoken
from workbook_templates.refresh.tables import Work
from workbook_templates.refresh.theirs import Theirs

__all__ = ["New", "archive_rows", "first_values"]


@dataclass(frozen=True, slots=True)
class New:
    """A value of people's for a row that is new: data row (from 0) and sheet column."""

    row: int
    column: int
    value: Value | datetime


def archive_rows(book: Book, work: Work, archive: Archive, diff: Diff) -> None:
    """Put what people wrote in the rows that leave a Table into the archive.

    Raises:
        CannotShift: something takes up several of the rows.
    """
    if not work.rows.gone or not work.archived:
        return
    # Where rows come, too, they decide with those that leave how far beside the Table cells move.
    move = plan_move(book, work.found.table, work.rows.source[: work.found.rows])
    theirs = Theirs(book, work.found, (move.left, move.right))
    given = _given(work)
    for row in work.rows.gone:
        entries = [e for e in theirs.entries(row) if (e.column, e.content) not in given]
        if not entries:
            continue
        account_id, account = work.account(row)
        archive.put(account_id, account, work.found.table.name, entries)
        diff.archived += len(entries)
        diff.archived_rows += 1
        for e in entries:
            before = spoken(e.content, "text") + (f" ({e.author})" if e.author else "")
            line = Line(account_id, account, f"Archived: {e.column}", before, "on sheet Archive")
            diff.lines.append(line)


def _given(work: Work) -> set[tuple[str, Value]]:
    """(header, value) of what a new row begins with in people's columns: nobody wrote that."""
    out = set()
    for key, col in work.found.columns.items():
        column = work.found.spec.column(key)
        if column.kept:
            first = column.words[0] if column.words else None
            same = set(work.new.get(key, ()))
            out.add((work.found.header(col), first or (same.pop() if len(same) == 1 else None)))
    return out


def first_values(book: Book, work: Work, archive: Archive, diff: Diff) -> list[New]:
    """What is written into people's columns of new rows.

    That is what the source says of columns that people write, and over it what stands in the
    archive for the account.
    """
    kept = [k for k in work.found.columns if work.found.spec.column(k).kept and k in work.new]
    out: list[New] = []
    for row, (s, t) in enumerate(zip(work.rows.source, work.rows.take, strict=True)):
        if s is not None or t < 0:
            continue
        found = {work.found.columns[k]: work.new[k][t] for k in kept}
        found |= _from_archive(book, work, t, archive, diff)
        out += [New(row, col, v) for col, v in found.items() if v not in (None, "")]
    return out


def _from_archive(
    book: Book, work: Work, today: int, archive: Archive, diff: Diff
) -> dict[int, Value | datetime]:
    account_id, account = work.account(today, today=True)
    out: dict[int, Value | datetime] = {}
    if not account_id or not work.archived or work.found.spec.key != ("account_id",):
        # Where an account has several rows nobody can say which of them an entry belonged to.
        return out
    for back in archive.waiting(account_id, work.found.table.name):
        col = _column(book, work, back.column)
        if col is None or col in work.found.owned.values():
            continue
        out[col] = back.value
        archive.returned(back)
        shown = back.value.date().isoformat() if isinstance(back.value, datetime) else back.value
        told = spoken(shown, "text")
        diff.lines.append(Line(account_id, account, f"Returned: {back.column}", "", told))
    return out


def _column(book: Book, work: Work, label: str) -> int | None:
    """The sheet column under that header, unless it holds formulas, which fill down."""
    found, sheet = work.found, book.sheet(work.found.part)
    wanted = label.casefold()
    row = sheet.row(found.table.area.r1) if found.table.headers else None
    heads = {c.col: str(cell_value(book, c) or "") for c in (sheet.cells(row) if row else ())}
    heads |= {found.table.area.c1 + i: head for i, head in enumerate(found.table.columns)}
    col = next((c for c, head in heads.items() if head.casefold() == wanted), None)
    if col is None and wanted.startswith("column ") and wanted[7:].isalpha():
        col = col_number(wanted[7:])
    data = found.table.data
    computed = any(f.col == col and data.r1 <= f.row <= data.r2 for f in read_formulas(sheet))
    return None if computed else col
