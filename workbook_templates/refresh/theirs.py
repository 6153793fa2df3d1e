"""What people wrote in and beside the rows of our Tables: cells, formulas, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from workbook_templates.ooxml.book import Book, rich_text
from workbook_templates.ooxml.cells import CellError, Value
from workbook_templates.ooxml.formulas import Formula, row_formulas
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.ooxml.refs import col_name, parse_cell, shift_formula
from workbook_templates.ooxml.sheet import CellSpan
from workbook_templates.ooxml.xml import attr, close_of, scan, unescape
from workbook_templates.refresh.find import Found

__all__ = ["Entry", "Theirs", "from_archive"]

_BUILT_IN = {*range(14, 23), *range(45, 48)}
"""Number formats that every workbook has and that show a date or a time."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that people wrote.

    Attributes:
        column: header of its column; beside a Table what stands over it, or its letters.
        kind: "text", "number", "date", "yes/no", "error", "formula" or "note".
        content: a text, a number or a truth; of a date its ISO text, of a formula "=…".
        author: of a note, where it says so.
    """

    column: str
    kind: str
    content: Value
    author: str = ""


class Theirs:
    """What is not ours in the rows of a Table, looked at row by row.

    Args:
        book: the workbook.
        found: one of our Tables in it.
        span: first and last sheet column whose cells belong to the rows.
    """

    def __init__(self, book: Book, found: Found, span: tuple[int, int]) -> None:
        self.book, self.found, self.span = book, found, span
        self.owned = frozenset(found.owned.values())

    def entries(self, row: int) -> list[Entry]:
        """All that people wrote in data row *row*, counted from 0."""
        number = self.found.table.data.r1 + row
        sheet = self.book.sheet(self.found.part)
        span = sheet.row(number)
        cells = [] if span is None else sheet.cells(span)
        out = [e for c in cells if (e := self._cell(number, c)) is not None]
        return out + [
            Entry(self._label(col), "note", text, author)
            for col, author, text in self._notes.get(number, ())
            if self.span[0] <= col <= self.span[1]
        ]

    def _cell(self, number: int, cell: CellSpan) -> Entry | None:
        if cell.col in self.owned or not cell.body or not self._within(cell.col):
            return None
        formula = self._formula(number, cell.col)
        if formula is not None:
            return None if self._filled_down(formula) else self._told(cell.col, f"={formula.text}")
        value = cell_value(self.book, cell)
        if value in (None, ""):
            return None
        style = attr(cell.attrs, "s") or "0"
        if isinstance(value, float) and style.isdigit() and int(style) in self._dates:
            return Entry(self._label(cell.col), "date", _iso(value, self.book.date1904))
        return self._told(cell.col, value)

    def _told(self, col: int, value: Value) -> Entry:
        if isinstance(value, str) and value.startswith("=") and len(value) > 1:
            return Entry(self._label(col), "formula", value)
        if isinstance(value, CellError):
            return Entry(self._label(col), "error", value.code)
        kind = "yes/no" if isinstance(value, bool) else "text" if isinstance(value, str) else ""
        return Entry(self._label(col), kind or "number", value)

    def _within(self, col: int) -> bool:
        return self.span[0] <= col <= self.span[1]

    def _label(self, col: int) -> str:
        head = self.found.header(col)
        if not head and self.found.table.headers:
            sheet = self.book.sheet(self.found.part)
            value = cell_value(self.book, sheet.cell(self.found.table.area.r1, col))
            head = "" if value is None else str(value)
        return head or f"column {col_name(col)}"

    def _filled_down(self, formula: Formula) -> bool:
        """It says what its column says in another row: the new rows get it anyway."""
        data = self.found.table.data
        others = (r for r in (data.r1, data.r1 + 1, data.r2) if r != formula.row)
        for other in others:
            there = self._formula(other, formula.col)
            if there is not None:
                return shift_formula(formula.text, other - formula.row, 0) == there.text
        return False

    def _formula(self, row: int, col: int) -> Formula | None:
        if row not in self._rows:
            found = row_formulas(self.book.sheet(self.found.part), row)
            self._rows[row] = {f.col: f for f in found}
        return self._rows[row].get(col)

    @cached_property
    def _rows(self) -> dict[int, dict[int, Formula]]:
        """Formulas of rows that were looked at, by column."""
        return {}

    @cached_property
    def _notes(self) -> dict[int, list[tuple[int, str, str]]]:
        """Sheet row → (column, author, text) of its comments; threads before plain ones."""
        out: dict[int, list[tuple[int, str, str]]] = {}
        threads = set()
        for ref, author, text in _threaded(self.book, self.found.part):
            threads.add(ref)
            out.setdefault(ref[0], []).append((ref[1], author, text))
        for ref, author, text in _plain(self.book, self.found.part):
            if ref not in threads:
                out.setdefault(ref[0], []).append((ref[1], author, text))
        return out

    @cached_property
    def _dates(self) -> frozenset[int]:
        """Cell styles that show a date."""
        for part in self.book.related(self.book.workbook, "styles"):
            data = self.book.read(part)
            codes = {
                int(attr(t.attrs, "numFmtId") or 0): attr(t.attrs, "formatCode") or ""
                for t in scan(data, "numFmt")
                if not t.closing
            }
            dated = _BUILT_IN | {k for k, code in codes.items() if _shows_date(code)}
            xfs = next((t for t in scan(data, "cellXfs") if not t.closing), None)
            if xfs is None:
                continue
            tags = scan(data, "xf", start=xfs.end, end=close_of(data, xfs)[0])
            kinds = [int(attr(t.attrs, "numFmtId") or 0) for t in tags if not t.closing]
            return frozenset(i for i, kind in enumerate(kinds) if kind in dated)
        return frozenset()


def _shows_date(code: str) -> bool:
    return re.search("[dyDY]|[hH].*[mM]|[mM].*[sS]", _LITERAL.sub("", code)) is not None


def _iso(value: float, date1904: bool) -> str:
    epoch = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    try:
        moment = epoch + timedelta(seconds=round(value * 86400))
    except OverflowError:
        return repr(value)
    return moment.strftime(_MOMENT if moment.time().isoformat() != "00:00:00" else "%Y-%m-%d")


def from_archive(kind: str, content: Value) -> Value | datetime:
    """What goes back into a cell; None for what cannot (a formula, a note)."""
    if kind == "date" and isinstance(content, str):
        form = _MOMENT if " " in content else "%Y-%m-%d"
        try:
            return datetime.strptime(content, form)  # noqa: DTZ007
        except ValueError:
            return content
    return content if kind in ("text", "number", "yes/no") else None


Note = tuple[tuple[int, int], str, str]


def _plain(book: Book, part: str) -> Iterator[Note]:
    for comments in book.related(part, "comments"):
        data = book.read(comments)
        tags = [t for t in scan(data, "author") if not t.closing and not t.empty]
        authors = [unescape(data[t.end : close_of(data, t)[0]]) for t in tags]
        for tag in scan(data, "comment"):
            ref = parse_cell(attr(tag.attrs, "ref") or "")
            if tag.closing or tag.empty or ref is None:
                continue
            who = int(attr(tag.attrs, "authorId") or 0)
            text = rich_text(data[tag.end : close_of(data, tag)[0]])
            yield ref, authors[who] if who < len(authors) else "", text.strip()


def _threaded(book: Book, part: str) -> Iterator[Note]:
    names: dict[str, str] = {}
    for persons in book.related(book.workbook, "person"):
        for tag in scan(book.read(persons), "person"):
            names[attr(tag.attrs, "id") or ""] = attr(tag.attrs, "displayName") or ""
    for comments in book.related(part, "threadedComment"):
        data = book.read(comments)
        for tag in scan(data, "threadedComment"):
            ref = parse_cell(attr(tag.attrs, "ref") or "")
            if tag.closing or tag.empty or ref is None:
                continue
            end = close_of(data, tag)[0]
            tags = (t for t in scan(data, "text", start=tag.end, end=end) if not t.closing)
            text = "".join(unescape(data[t.end : close_of(data, t)[0]]) for t in tags)
            yield ref, names.get(attr(tag.attrs, "personId") or "", ""), text.strip()
