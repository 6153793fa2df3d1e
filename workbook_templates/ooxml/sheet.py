"""A worksheet part as bytes with an index of its rows; cells are looked at row by row."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import Any, NamedTuple

from workbook_templates.ooxml.problems import NotAWorkbook
from workbook_templates.ooxml.refs import MAX_COL, Area, cell_name, col_number, parse_area
from workbook_templates.ooxml.xml import attr, close_of, scan

__all__ = ["CellSpan", "RowSpan", "SheetXml"]

_R = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]*)([0-9]*)[\"']")

_NEAR = 1 << 16
"""Bytes that are searched at once rather than bisected."""
_FEW = 64
"""Rows that are looked for rather than indexing all."""


class RowSpan(NamedTuple):
    """Row *number*: start tag [start, inner), content [inner, close), end at *end*."""

    number: int
    start: int
    inner: int
    close: int
    end: int


class CellSpan(NamedTuple):
    """Cell in column *col*: bytes [start, end), attributes, content (None for `<c …/>`)."""

    col: int
    start: int
    end: int
    attrs: bytes
    body: bytes | None


class SheetXml:
    """The bytes of a worksheet part.

    Args:
        data: the part, cleaned of comments and CDATA.
        part: its name, for messages.
    """

    def __init__(self, data: bytes, part: str) -> None:
        self.part = part
        self.data = data
        self._probes = 32
        self.memo: dict[object, Any] = {}
        """What others worked out from these bytes; it lives as long as they do."""
        root = next(scan(data[:4000], "worksheet", "dialogsheet", "macrosheet"), None)
        self.prefix = b"" if root is None else root.name[: root.name.find(b":") + 1]
        p = re.escape(self.prefix)
        self._cell = re.compile(
            rb"<" + p + rb"c((?:\s[^>]*?)?)(?:/>|>(.*?)</" + p + rb"c\s*>)", re.S
        )
        self.start, self.end, self.missing = self._locate()
        self._make_explicit()

    def _locate(self) -> tuple[int, int, bool]:
        tag = next(scan(self.data, "sheetData"), None)
        self._empty = tag is not None and tag.empty
        if tag is None:
            return 0, 0, True
        if tag.empty:
            return tag.start, tag.end, False
        # From the end: the rows are much longer than what follows them.
        at = self.data.rfind(b"</" + self.prefix + b"sheetData", tag.end)
        if at < 0:
            raise NotAWorkbook(f"Part {self.part} is cut short. Let Excel repair the workbook.")
        return tag.end, at, False

    @property
    def collapsed(self) -> bool:
        """`<sheetData/>`: there are no rows, and the element has no inside."""
        # A last row `<row …/>` ends alike, but stands before a closing tag.
        return self._empty

    @cached_property
    def rows(self) -> tuple[RowSpan, ...]:
        """Every row, in order.

        Raises:
            NotAWorkbook: the rows are not in ascending order.
        """
        if self.missing or self.collapsed:
            return ()
        out: list[RowSpan] = []
        data, stop = self.data, self.end
        opening = b"<" + self.prefix + b"row"
        at, last = data.find(opening, self.start, stop), 0
        while at >= 0:
            m = _R.search(data, at, data.index(b">", at))
            number = int(m[2]) if m and m[2] else last + 1
            if number <= last:
                raise NotAWorkbook(
                    f"Row {number} of part {self.part} stands after row {last}: the workbook is "
                    "damaged. Let Excel repair it and save."
                )
            out.append(self._span(at, number))
            last = number
            at = data.find(opening, out[-1].end, stop)
        return tuple(out)

    @cached_property
    def _numbers(self) -> list[int]:
        return [r.number for r in self.rows]

    def row(self, number: int) -> RowSpan | None:
        """Row *number*, if the sheet has it."""
        if "rows" not in self.__dict__ and self._probes > 0:
            # Indexing a long sheet costs more than looking for the few rows that are wanted.
            self._probes -= 1
            at = self._probe(number)
            if at >= 0:
                return self._span(at, number)
        at = bisect_left(self._numbers, number)
        return self.rows[at] if at < len(self.rows) and self.rows[at].number == number else None

    def _probe(self, number: int) -> int:
        """Byte where row *number* starts, by bisection; -1 when it is not seen there."""
        data, low, high = self.data, self.start, self.end
        opening, wanted = b"<" + self.prefix + b"row", b'<%brow r="%d"' % (self.prefix, number)
        while high - low > _NEAR:
            middle = (low + high) // 2
            at = data.find(opening, middle, high)
            if at < 0:
                high = middle
                continue
            m = _R.search(data, at, data.index(b">", at))
            if m is None or not m[2]:
                return -1
            low, high = (low, middle) if int(m[2]) > number else (at, high)
        return data.find(wanted, low, min(high + len(wanted), self.end))

    def at_row(self, number: int) -> int:
        """Byte where the first row numbered *number* or more starts, or where the rows end."""
        if self.missing or self.collapsed:
            return self.end
        data, low, high = self.data, self.start, self.end
        opening = b"<" + self.prefix + b"row"
        while high - low > _NEAR:
            at = data.find(opening, (low + high) // 2, high)
            if at < 0 or self._number_at(at) >= number:
                high = (low + high) // 2
            else:
                low = at
        at = data.find(opening, low, self.end)
        while at >= 0 and self._number_at(at) < number:
            at = data.find(opening, at + 1, self.end)
        return at if at >= 0 else self.end

    @property
    def last_row(self) -> int:
        """Number of the last row, 0 where there is none."""
        if self.missing or self.collapsed:
            return 0
        at = self.data.rfind(b"<" + self.prefix + b"row", self.start, self.end)
        return self._number_at(at) if at >= 0 else 0

    def _number_at(self, at: int) -> int:
        m = _R.search(self.data, at, self.data.index(b">", at))
        return int(m[2]) if m and m[2] else 0

    def _span(self, at: int, number: int) -> RowSpan:
        """The row that starts at byte *at*."""
        inner = self.data.index(b">", at) + 1
        if self.data[inner - 2] == 0x2F:
            return RowSpan(number, at, inner, inner, inner)
        closing = b"</" + self.prefix + b"row>"
        close = self.data.find(closing, inner, self.end)
        if close < 0:
            raise NotAWorkbook(f"Row {number} of part {self.part} is not closed.")
        return RowSpan(number, at, inner, close, close + len(closing))

    def rows_between(self, first: int, last: int) -> tuple[RowSpan, ...]:
        """The existing rows *first*..*last*."""
        if "rows" not in self.__dict__ and last - first < _FEW:
            found = self._few(first, last)
            if found is not None:
                return found
        numbers = self._numbers
        return self.rows[bisect_left(numbers, first) : bisect_left(numbers, last + 1)]

    def _few(self, first: int, last: int) -> tuple[RowSpan, ...] | None:
        """Rows found without an index of all; None where one does not say its number."""
        out: list[RowSpan] = []
        at, opening = self.at_row(first), b"<" + self.prefix + b"row"
        while 0 <= at < self.end and (number := self._number_at(at)) <= last:
            if number < first:
                return None
            out.append(self._span(at, number))
            at = self.data.find(opening, out[-1].end, self.end)
        return tuple(out)

    def cells(self, row: RowSpan) -> list[CellSpan]:
        """The cells of *row*, in order."""
        out: list[CellSpan] = []
        last = 0
        for m in self._cell.finditer(self.data, row.inner, row.close):
            attrs = m[1]
            r = _R.search(attrs)
            col = col_number(r[1].decode()) if r and r[1] else last + 1
            out.append(CellSpan(col, m.start(), m.end(), attrs, m[2]))
            last = col
        return out

    def cells_at(self, row: RowSpan, cols: list[int]) -> list[CellSpan]:
        """The cells of *row*; if *cols* are few and all there, perhaps only those."""
        if len(cols) > 4:
            return self.cells(row)
        out: list[CellSpan] = []
        for col in cols:
            start = b'<%bc r="%b"' % (self.prefix, cell_name(row.number, col).encode())
            at = self.data.find(start, row.inner, row.close)
            m = self._cell.match(self.data, at, row.close) if at >= 0 else None
            if m is None:
                return self.cells(row)
            out.append(CellSpan(col, m.start(), m.end(), m[1], m[2]))
        return out

    def cell(self, row: int, col: int) -> CellSpan | None:
        """The cell at *row*, *col*, if the sheet has it."""
        span = self.row(row)
        if span is None:
            return None
        return next((c for c in self.cells_at(span, [col]) if c.col == col), None)

    def _make_explicit(self) -> None:
        # Some writers leave out r="…"; then a cell's place depends on its neighbours.
        head = self.data[self.start : self.start + 2000]
        first = next(scan(head, "c"), None)
        row = next(scan(head, "row"), None)
        if (row is None or _R.search(row.attrs)) and (first is None or _R.search(first.attrs)):
            return
        out: list[bytes] = []
        at = 0
        for span in self.rows:
            tag = self.data[span.start : span.inner]
            out += (self.data[at : span.start], self._with_r(tag, b"row", str(span.number)))
            at = span.inner
            for c in self.cells(span):
                name = cell_name(span.number, c.col)
                raw = self.data[c.start : c.end]
                out += (self.data[at : c.start], self._with_r(raw, b"c", name))
                at = c.end
        self.data = b"".join(out) + self.data[at:]
        self.start, self.end, self.missing = self._locate()
        self.__dict__.pop("rows", None)
        self.__dict__.pop("_numbers", None)

    def _with_r(self, raw: bytes, name: bytes, value: str) -> bytes:
        if _R.search(raw, 0, raw.index(b">") + 1):
            return raw
        at = 1 + len(self.prefix) + len(name)
        return raw[:at] + b' r="' + value.encode() + b'"' + raw[at:]

    def formula_in(self, body: bytes) -> bool:
        """A cell with this content is a formula."""
        return b"<" + self.prefix + b"f" in body

    @cached_property
    def merges(self) -> tuple[Area, ...]:
        """Merged areas."""
        tags = scan(self.data, "mergeCell", start=self.end)
        found = (parse_area(attr(t.attrs, "ref") or "") for t in tags if not t.closing)
        return tuple(a for a in found if a is not None)

    @cached_property
    def _column_styles(self) -> tuple[tuple[int, int, str], ...]:
        out = []
        for t in scan(self.data, "col", end=self.start):
            style = attr(t.attrs, "style")
            if style and style != "0":
                out.append((int(attr(t.attrs, "min") or 0), int(attr(t.attrs, "max") or 0), style))
        return tuple(out)

    def default_style(self, row: RowSpan | None, col: int) -> str | None:
        """Style that a new cell takes over: its row's, else its column's."""
        if row is not None:
            tag = self.data[row.start : row.inner]
            if attr(tag, "customFormat") in ("1", "true"):
                return attr(tag, "s")
        return next((s for a, b, s in self._column_styles if a <= col <= b), None)

    @cached_property
    def dimension(self) -> tuple[int, int, Area] | None:
        """Span of the `<dimension>` tag and the area it gives."""
        tag = next(scan(self.data, "dimension", end=self.start), None)
        if tag is None:
            return None
        area = parse_area(attr(tag.attrs, "ref") or "")
        return None if area is None or area.c2 == MAX_COL else (tag.start, tag.end, area)

    def element(self, name: str) -> tuple[int, int] | None:
        """Span of the first element *name* after the cells."""
        tag = next(scan(self.data, name, start=self.end), None)
        return None if tag is None else (tag.start, close_of(self.data, tag)[1])
