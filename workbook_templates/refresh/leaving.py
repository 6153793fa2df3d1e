"""People's cells when rows leave a Table, and when an account comes back to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from workbook_templates.ooxml.alike import sheet_formulas
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.ooxml.rearrange_reach import plan_move
from workbook_templates.ooxml.refs import col_number
from workbook_templates.ooxml.rowset import bits
from workbook_templates.refresh.archive import Archive, Owner
from workbook_templates.refresh.diff import Diff, Line, spoken
from workbook_templates.refresh.tables import Work
from workbook_templates.refresh.theirs import Entry, Theirs

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
        entries = [*_shared(work, row, bool(entries)), *entries]
        if not entries:
            continue
        owner = _owner(work, row)
        archive.put(owner, work.found.table.name, entries)
        diff.archived += len(entries)
        diff.archived_rows += 1
        for e in entries:
            before = spoken(e.content, "text") + (f" ({e.author})" if e.author else "")
            told = (f"Archived: {e.column}", before, "on sheet Archive")
            diff.lines.append(Line(owner.account_id, owner.account, *told))


def _shared(work: Work, row: int, written: bool) -> list[Entry]:
    """Columns that people and we write, of a row in which people did anything."""
    ours = (c for c in work.found.spec.columns if c.shared and not c.kept)
    columns = {c.key: c for c in ours if c.key in work.old}
    values = {key: work.old[key][row] for key in columns}
    taken_up = any(c.words and values[k] not in (None, "", c.words[0]) for k, c in columns.items())
    if not (written or taken_up):
        return []
    told = ((k, spoken(v, columns[k].format)) for k, v in values.items() if v not in (None, ""))
    return [Entry(work.found.header(work.found.columns[k]), "text", text) for k, text in told]


def _owner(work: Work, row: int, *, today: bool = False) -> Owner:
    """Whose a row of before is, or one of today's."""
    spec, columns = work.found.spec, work.new if today else work.old
    rest = [k for k in spec.key if k != "account_id" and k in work.old and k in work.new]
    spans = ((columns[k][row], spec.column(k).format) for k in rest)
    texts = [spoken(value, form, date1904=work.book.date1904) for value, form in spans]
    return Owner(*work.account(row, today=today), " · ".join(filter(None, texts)))


def _given(work: Work) -> set[tuple[str, Value]]:
    """(header, value) of what a new row begins with in people's columns: nobody wrote that."""
    out = set()
    for key, col in work.found.columns.items():
        column = work.found.spec.column(key)
        if column.kept and not column.shared:
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
    columns = _Columns(book, work)
    out: list[New] = []
    for row, (s, t) in enumerate(zip(work.rows.source, work.rows.take, strict=True)):
        if s is not None or t < 0:
            continue
        found = {work.found.columns[k]: work.new[k][t] for k in kept}
        found |= _from_archive(columns, t, archive, diff)
        out += [New(row, col, v) for col, v in found.items() if v not in (None, "")]
    return out


def _from_archive(
    columns: _Columns, today: int, archive: Archive, diff: Diff
) -> dict[int, Value | datetime]:
    work = columns.work
    owner, spec = _owner(work, today, today=True), work.found.spec
    out: dict[int, Value | datetime] = {}
    nobody = not (owner.account_id or owner.line)
    if nobody or not work.archived or any(spec.column(k).formula for k in spec.key):
        # Nobody can say whose row that is.
        return out
    for back in archive.waiting(owner, work.found.table.name):
        col = columns.of(back.column)
        if col is None or col in work.found.owned.values():
            continue
        out[col] = back.value
        archive.returned(back)
        shown = back.value.date().isoformat() if isinstance(back.value, datetime) else back.value
        told = (f"Returned: {back.column}", "", spoken(shown, "text"))
        diff.lines.append(Line(owner.account_id, owner.account, *told))
    return out


class _Columns:
    """Where entries of a Table's rows go back to.

    Args:
        book: the workbook before its rows move.
        work: one of its Tables.
    """

    def __init__(self, book: Book, work: Work) -> None:
        self.book, self.work = book, work

    def of(self, label: str) -> int | None:
        """The sheet column under that header, unless it is one of formulas, which fill down."""
        wanted = label.casefold()
        col = self._heads.get(wanted)
        if col is None and wanted.startswith("column ") and wanted[7:].isalpha():
            col = col_number(wanted[7:])
        return None if col in self._computed else col

    @cached_property
    def _heads(self) -> dict[str, int]:
        table, sheet = self.work.found.table, self.book.sheet(self.work.found.part)
        row = sheet.row(table.area.r1) if table.headers else None
        cells = sheet.cells(row) if row else ()
        beside = {str(cell_value(self.book, c) or ""): c.col for c in reversed(list(cells))}
        inside = {head: table.area.c1 + i for i, head in enumerate(table.columns)}
        return {head.casefold(): col for head, col in (beside | inside).items()}

    @cached_property
    def _computed(self) -> frozenset[int]:
        """Columns in which most rows that stay have a formula: a single one is somebody's note."""
        data, source = self.work.found.table.data, self.work.rows.source
        stay = bits(data.r1 + row for row in source if row is not None)
        have = sheet_formulas(self.book.sheet(self.work.found.part)).columns
        most = stay.bit_count() / 2
        return frozenset(col for col, rows in have.items() if (rows & stay).bit_count() > most)
