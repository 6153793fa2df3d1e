"""A refresh: today's values go into the workbook people work in, and theirs stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from workbook_templates.fill import Rows, Template, Value
from workbook_templates.ooxml.alike import sheet_formulas
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.reading import area_values
from workbook_templates.ooxml.rearrange import rearrange
from workbook_templates.ooxml.refs import shift_formula
from workbook_templates.ooxml.rowmap import RowMap
from workbook_templates.ooxml.rowset import bits, first_row, rows_of, span
from workbook_templates.package import Package, SignedWorkbook
from workbook_templates.portfolio import archive as archive_sheet
from workbook_templates.portfolio import changes as changes_sheet
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import WORKINGS
from workbook_templates.portfolio.tables import TableSpec
from workbook_templates.refresh.archive import Archive
from workbook_templates.refresh.below import take_in_rows_below
from workbook_templates.refresh.book import put_formulas, put_values
from workbook_templates.refresh.diff import Diff
from workbook_templates.refresh.earlier import Known, Lacking
from workbook_templates.refresh.find import Chosen, Found, find_tables
from workbook_templates.refresh.leaving import New, archive_rows, first_values
from workbook_templates.refresh.match import Rows as RowPlaces
from workbook_templates.refresh.new_model import NewModel, put_model, tell_model
from workbook_templates.refresh.places import changed_places, chart_changes
from workbook_templates.refresh.tables import Work
from workbook_templates.refresh.tell import tell
from workbook_templates.refresh.today import columns_of

__all__ = ["Refresh", "Refreshed", "refresh_workbook"]

_ARCHIVE, _CHANGES = archive_sheet.TABLE, changes_sheet.TABLE
_SHOWN = 80
"""Letters of a source, and of its query, that *Changes* shows."""


@dataclass(frozen=True)
class Refresh:
    """What a refresh is given besides the workbook.

    Attributes:
        specs: our Tables by name.
        filling: today's values; rows by the keys of *specs*.
        standard: our own workbook of the same model, by whose charts theirs are found.
        chosen: what people say about the workbook.
        when: the moment, as it is told.
        who: who refreshes.
        as_of: the day that the values are for, as it is archived; None takes that of the moment.
        model: another model for its sheet *Model*; None leaves that as it is.
    """

    specs: Mapping[str, TableSpec]
    filling: Filling
    standard: Template | None = None
    chosen: Chosen = field(default_factory=Chosen)
    when: datetime = datetime(2000, 1, 1)  # noqa: DTZ001 - the moment is the caller's to say
    who: str = ""
    as_of: date | None = None
    model: NewModel | None = None

    @property
    def day(self) -> date:
        """The day that the values are for."""
        return self.as_of or self.when.date()


@dataclass(frozen=True)
class Refreshed:
    """The outcome: the new file, or None where nothing changed; and what changed."""

    data: bytes | None
    diff: Diff


def refresh_workbook(data: bytes, given: Refresh, where: str = "The workbook") -> Refreshed:
    """Put today's values into a workbook; everything people made in it stays.

    Raises:
        WorkbookError: it is no workbook that can be written, has no accounts, or an account
            twice; rows would have to move past something that cannot.
    """
    package = Package(data, where)
    if package.signed:
        raise SignedWorkbook(
            f"{where} is digitally signed, and a refresh would break the signature. Remove the "
            "signature in Excel (File > Info) and refresh again."
        )
    book = take_in_rows_below(Book(package), given.specs)
    found, notes = find_tables(book, given.specs, given.chosen)
    works = _works(book, found, given.filling)
    template = Template.of(book, where)
    values, changed, missing = changed_places(template, book, given.filling.values)
    lacks = _lacking(book, found, given)
    diff = Diff(notes=[*notes, *missing], places=changed)
    if lacks and lacks.short() not in _signed(template, book):
        diff.notes.append(lacks.text())
    touched = tell(diff, works, date1904=book.date1904)
    if given.model is not None:
        book = put_model(book, given.model, where)
        tell_model(diff, given.model)
    if not touched and not changed and given.model is None:
        return Refreshed(None, diff)
    archive = _archive(book, found.get(_ARCHIVE), given)
    news: dict[str, list[New]] = {}
    for name, work in works.items():
        archive_rows(book, work, archive, diff)
        news[name] = first_values(book, work, archive, diff)
    _returned(diff, archive)
    lists = _lists(book, found, archive, diff)
    moved = rearrange(book, [_map(w) for w in (*works.values(), *lists.values())])
    for name, work in works.items():
        moved = _theirs(moved, work, news[name])
    given_columns = {w.found.table.name: w.columns() for w in (*works.values(), *lists.values())}
    tables = {name: columns for name, columns in given_columns.items() if columns is not None}
    values |= _told(template.places, diff, archive, given, lacks)
    filled = Template.of(moved, where)
    charts, odd = chart_changes(filled, moved, given.standard, given.filling.charts)
    diff.notes += odd
    return Refreshed(filled.fill(values, tables, charts=charts), diff)


def _works(book: Book, found: Mapping[str, Found], filling: Filling) -> dict[str, Work]:
    out = {}
    for name, table in found.items():
        if name in (_ARCHIVE, _CHANGES) or name not in filling.tables:
            continue
        new = columns_of(table.spec, filling.tables[name], date1904=book.date1904)
        archived = _ARCHIVE in found and table.spec.sheet != WORKINGS
        out[name] = Work(book, table, new, archived)
    return out


def _lacking(book: Book, found: Mapping[str, Found], given: Refresh) -> Lacking:
    away = [spec for name, spec in given.specs.items() if name not in found]
    columns = {f.table.name: f.never for f in found.values() if f.ours}
    standard = given.standard.places if given.standard is not None else {}
    return Lacking.of(Known.of(book), away, columns, given.filling.values, standard)


def _signed(template: Template, book: Book) -> str:
    """What the last refresh wrote on *Changes* about itself."""
    named = {name.casefold(): place for name, place in template.places.items()}
    place = named.get("hs_changes_note")
    values = area_values(book, place.part, place.area).values() if place else ()
    return " ".join(str(value) for value in values)


def _archive(book: Book, found: Found | None, given: Refresh) -> Archive:
    columns = {}
    if found is not None:
        columns = Work(book, found, {}, archived=False).old
    return Archive(columns, given.day, given.who, book.date1904)


def _returned(diff: Diff, archive: Archive) -> None:
    """Accounts that the archive knows have come back; what cannot return with them is told."""
    known = archive.accounts
    for at, line in enumerate(diff.lines):
        if line.what != "Added" or line.account_id not in known:
            continue
        diff.lines[at] = line._replace(what="Returned")
        left = archive.left(line.account_id)
        if left:
            what = "1 entry" if left == 1 else f"{left:,} entries"
            diff.notes.append(f"{line.account} is back; {what} of it kept on sheet Archive only.")


def _lists(book: Book, found: Mapping[str, Found], archive: Archive, diff: Diff) -> dict[str, Work]:
    """*Changes* anew; *Archive* where something goes there."""
    out = {}
    if _CHANGES in found:
        table = found[_CHANGES]
        filling = changes_sheet.fill_changes("", "", diff.lines)
        lines = columns_of(table.spec, filling.tables[_CHANGES])
        work = out[_CHANGES] = Work(book, table, lines, archived=_ARCHIVE in found)
        # What people wrote beside a line of the last refresh goes the way of all rows.
        archive_rows(book, work, archive, diff)
    if _ARCHIVE in found and archive.changed:
        rows = archive.rows()
        work = out[_ARCHIVE] = Work(book, found[_ARCHIVE], rows, archived=False)
        work.rows = RowPlaces(archive.source, tuple(range(len(archive.source))))
    return out


def _map(work: Work) -> RowMap:
    # On the sheet of workings the next columns belong to other charts.
    alone = work.found.spec.sheet == WORKINGS
    return RowMap(work.found.table.name, work.rows.source, alone=alone)


def _theirs(book: Book, work: Work, news: Sequence[New]) -> Book:
    """People's cells of new rows, and our formulas where values were typed over them."""
    found = work.found
    table = next(t for t in book.tables if t.name == found.table.name)
    top = table.data.r1
    lost = {(s, col) for key, col in work.filled.items() for s in work.lost(key)}
    if not lost and None not in work.rows.source:
        return book
    there = sheet_formulas(book.sheet(found.part))
    formulas = _one_offs(work, there.columns, top)
    lands = {source: top + row for row, source in enumerate(work.rows.source)}
    for source, col in sorted(lost):
        near = there.columns.get(col, 0) & span(top, table.data.r2)
        if near:
            text, row = there.in_row(first_row(near))[col], lands[source]
            formulas[row, col] = shift_formula(text, row - first_row(near), 0)
    book = put_formulas(book, found.part, formulas)
    sheet = book.sheet(found.part)
    values = {
        (top + n.row, n.column): n.value
        for n in news
        # Beside the Table something else may stand by now.
        if (cell := sheet.cell(top + n.row, n.column)) is None or not cell.body
    }
    return put_values(book, found.part, values)


def _one_offs(work: Work, columns: Mapping[int, int], top: int) -> dict[tuple[int, int], str]:
    """Cells of new rows that are to be blank: a formula is copied there that its column lacks.

    A new row takes over the formulas of the first one; a column is one of formulas only if most
    rows have one. What stands beside the Table is nobody's business here.
    """
    area = work.found.table.area
    fresh = bits(top + row for row, source in enumerate(work.rows.source) if source is None)
    stood = bits(top + row for row, source in enumerate(work.rows.source) if source is not None)
    ours = {col for k, col in work.filled.items() if not work.found.spec.column(k).formula}
    out: dict[tuple[int, int], str] = {}
    for col in range(area.c1, area.c2 + 1):
        there = columns.get(col, 0)
        if col in ours or 2 * (there & stood).bit_count() <= stood.bit_count():
            out |= {(row, col): "" for row in rows_of(there & fresh)}
    return out


def _told(
    places: Iterable[str], diff: Diff, archive: Archive, given: Refresh, lacks: Lacking
) -> dict[str, Value | Rows]:
    """Titles of *Changes* and *Archive*, where they stand."""
    moment = f"{given.when.day} {given.when:%b %Y %H:%M}"
    cells = sum(diff.cells.values())
    texts = (given.filling.values.get(key) for key in ("source", "source_query"))
    said = [_shortened(text) for text in texts if isinstance(text, str) and text]
    origin = f" from {', '.join(said)}" if said else ""
    day = f" · as of {given.day.day} {given.day:%b %Y}" if given.day != given.when.date() else ""
    note = f"Refreshed {moment}{origin}{day} · {cells:,} cell{'' if cells == 1 else 's'} changed"
    note += f" · {lacks.short()}" if lacks else ""
    filling = changes_sheet.fill_changes(diff.title(), note, diff.lines)
    told = dict(filling.values)
    if archive.changed:
        told["archive_title"] = archive_sheet.archive_title(len(archive.lines))
    known = {name.casefold(): name for name in places}
    return {known[f"hs_{key}"]: value for key, value in told.items() if f"hs_{key}" in known}


def _shortened(text: str) -> str:
    """A source or its query, in one line."""
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
