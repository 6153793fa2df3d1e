"""The formulas of the Table's own sheet, rewritten where a Table's rows change places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workbook_templates.ooxml.formulas import formula_tag
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.rearrange_seeds import Seeds
from workbook_templates.ooxml.refs import (
    Area,
    NameToken,
    RefToken,
    StructToken,
    col_name,
    col_number,
    parse_area,
    shift_formula,
    tokens,
)
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, attr, escape, set_attr, unescape

__all__ = ["OwnCell", "OwnFormulas", "Pattern"]

_ROW = b"\0"
"""Stands for the formula's own row in what similar formulas have in common."""


class OwnCell(NamedTuple):
    """A formula cell of the Table's sheet, where it stood before."""

    row: int
    col: int
    text: str
    area: Area


class Pattern:
    """What formulas have in common that read their own row, and other cells which are fixed.

    Attributes:
        new: the raw text where it goes, with a mark for the own row.
        fixed: it reads something besides its own row.
        touched: what it reads is not what it was.
        sample: one of the formulas, as (row, column, text).
        cells: (row, column) of the formulas, if *fixed*.
    """

    def __init__(
        self, new: bytes, sample: tuple[int, int, str], *, fixed: bool, touched: bool
    ) -> None:
        self.new, self.sample, self.fixed, self.touched = new, sample, fixed, touched
        self.cells: list[tuple[int, int]] = []


class _Found(NamedTuple):
    start: int
    end: int
    row: int
    col: int
    attrs: bytes
    raw: bytes


class OwnFormulas:
    """What becomes of each formula of the sheet whose rows move.

    Most formulas of a long Table read their own row only: those are not taken apart one by
    one, but known again by what they have in common.

    Args:
        sheet: the Table's sheet.
        move: what moves.
        seeds: takes what reads cells that leave.

    Attributes:
        edits: in the bytes of *sheet*, in order; formulas of rows that leave are not among them.
        near: row → formulas that read no row but their own and fixed ones, as (column, what they
            have in common).
        far: the others.
    """

    def __init__(self, sheet: SheetXml, move: RowMove, seeds: Seeds) -> None:
        self.sheet, self.move, self.seeds = sheet, move, seeds
        self.edits: list[Edit] = []
        self.near: dict[int, list[tuple[int, Pattern]]] = {}
        self.far: list[OwnCell] = []
        self._kinds: dict[bytes, Pattern | None] = {}
        self._shared: dict[str, list[_Found]] = {}
        for found in self._elements():
            self._one(found)
        for group in self._shared.values():
            self._group(group)
        self.edits.sort()

    def _elements(self) -> Iterator[_Found]:
        sheet, data, stop = self.sheet, self.sheet.data, self.sheet.end
        p = sheet.prefix
        pattern, needle, opening = formula_tag(p), b"<" + p + b"f", b"<" + p + b"c "
        place = re.compile(re.escape(opening) + rb"[^>]*?\br=[\"']([A-Z]+)(\d+)[\"']")
        at = data.find(needle, sheet.start, stop)
        while at >= 0:
            m = pattern.match(data, at, stop)
            if m is None:
                at = data.find(needle, at + 2, stop)
                continue
            c = place.match(data, data.rfind(opening, sheet.start, at))
            if c is not None:
                col = col_number(c[1].decode())
                yield _Found(at, m.end(), int(c[2]), col, m[1], m[2] or b"")
            at = data.find(needle, m.end(), stop)

    def _travels(self, row: int, col: int) -> bool:
        return self.move.left <= col <= self.move.right and row >= self.move.first

    def _one(self, f: _Found) -> None:
        kind = attr(f.attrs, "t") if f.attrs else None
        if kind == "shared":
            self._shared.setdefault(attr(f.attrs, "si") or "", []).append(f)
            return
        travels = self._travels(f.row, f.col)
        to = self.move.lands(f.row) if travels else f.row
        if to is None:
            return
        if kind in ("array", "dataTable"):
            self._array(f, kind, to)
            return
        key = f.raw.replace(b"%d" % f.row, _ROW)
        pattern = self._pattern(key, f) if travels or f.row < self.move.first else None
        if pattern is None:
            text = unescape(f.raw)
            area = Area(f.row, f.col, f.row, f.col)
            self._put(f, f.raw, self._moved(text, f.row, f.col, area, f))
            return
        self._note(pattern, f.row, f.col)
        if to != f.row or pattern.new != key:
            self._put(f, f.raw, pattern.new.replace(_ROW, b"%d" % to))

    def _note(self, pattern: Pattern, row: int, col: int) -> None:
        if pattern.touched:
            self.seeds.add(self.move.part, Area(row, col, row, col))
            return
        self.near.setdefault(row, []).append((col, pattern))
        if pattern.fixed:
            pattern.cells.append((row, col))

    @property
    def patterns(self) -> list[Pattern]:
        """Those that read more than their own row."""
        return [p for p in self._kinds.values() if p is not None and p.cells]

    def _put(self, f: _Found, old: bytes, new: bytes) -> None:
        if new != old:
            at = self.sheet.data.index(b">", f.start) + 1
            self.edits.append((at, at + len(old), new))

    def _moved(self, text: str, row: int, col: int, area: Area, f: _Found) -> bytes:
        """The text where it goes; what it reads is noted on the way."""
        move, travels = self.move, self._travels(row, col)
        self.far.append(OwnCell(row, col, text, area))
        stays = not travels or move.lands(row) == row
        if self.seeds.reads(text, move.sheet, stays=stays):
            self.seeds.add(move.part, area)
        inside = travels and move.data.r1 <= row <= move.data.r2
        new = move.formula(text, move.sheet, row if inside else 0)
        return f.raw if new == text and f.raw else escape(new)

    def _pattern(self, key: bytes, f: _Found) -> Pattern | None:
        if key not in self._kinds:
            self._kinds[key] = self._common(key, f)
        return self._kinds[key]

    def _common(self, key: bytes, f: _Found) -> Pattern | None:
        """What formulas with this *key* have in common; None if they must be read one by one."""
        text = unescape(f.raw)
        rows, fixed = 0, False
        news: list[tuple[int, int, str]] = []
        for token in tokens(text):
            if isinstance(token, RefToken):
                own = self._own_row(token, f.row)
                if own is None:
                    return None
                rows += own
                fixed = fixed or not own
                news.append((token.start, token.end, self._reads_as(token, text, own=bool(own))))
            elif isinstance(token, NameToken):
                if token.call and self.seeds.jumps(token.name):
                    return None
                fixed = fixed or not token.call
            elif not _this_row(token):
                fixed = True
        if key.count(_ROW) != rows:
            return None
        touched = fixed and self.seeds.reads(text, self.move.sheet, stays=True)
        if any(new != text[a:b] and "\0" not in new for a, b, new in news):
            key = escape(_replaced(text, news))
        return Pattern(key, (f.row, f.col, text), fixed=fixed, touched=touched)

    def _own_row(self, token: RefToken, row: int) -> int | None:
        """How often *token* names its own *row*; None where it goes its own way in each row."""
        move, a = self.move, token.area
        if not move.owns(token, move.sheet) or token.shape == "columns":
            return 0
        if a.r1 == a.r2 == row and token.shape != "rows":
            if bool(token.marks[1]) != bool(token.marks[3]):
                return None  # the first of running totals
            return (1 if token.shape == "cell" else 2) if move.travels(a) else None
        absolute = token.marks[1] and token.marks[3]
        return 0 if move.ordered or a.r1 == a.r2 or absolute else None

    def _reads_as(self, token: RefToken, text: str, *, own: bool) -> str:
        """*token* as it reads afterwards, with a mark for each of its rows if it is its *own*."""
        move = self.move
        if own:
            a, b, c, d = token.marks
            first = f"{token.prefix}{a}{col_name(token.area.c1)}{b}\0"
            second = f":{c}{col_name(token.area.c2)}{d}\0"
            return first if token.shape == "cell" else first + second
        if move.owns(token, move.sheet) and token.shape != "columns":
            moved = move.area(token.area, range_=token.shape == "range")
            if moved != token.area:
                return "#REF!" if moved is None else token.write(moved)
        return text[token.start : token.end]

    def _array(self, f: _Found, kind: str, to: int) -> None:
        found = parse_area(attr(f.attrs, "ref") or "")
        area = Area(f.row, f.col, f.row, f.col) if found is None else found
        by = to - f.row
        data = self.sheet.data
        stop = data.index(b">", f.start) + 1
        tag = data[f.start : stop]
        if by:
            tag = set_attr(tag, "ref", area._replace(r1=area.r1 + by, r2=area.r2 + by).text())
        for key in ("r1", "r2") if kind == "dataTable" else ():
            tag = self._input(tag, key)
        new = self._moved(unescape(f.raw), f.row, f.col, area, f)
        old = data[f.start : stop + len(f.raw)]
        if tag + new != old:
            self.edits.append((f.start, f.start + len(old), tag + new))

    def _input(self, tag: bytes, key: str) -> bytes:
        """The start tag of a what-if data table with one of its input cells moved."""
        area = parse_area(attr(tag, key) or "")
        if area is None:
            return tag
        moved = self.move.area(area)
        if moved is None:
            return set_attr(tag, "del" + key[1:], "1")
        return tag if moved == area else set_attr(tag, key, moved.text())

    def _group(self, group: list[_Found]) -> None:
        """A shared formula: it becomes single ones where its members no longer read alike."""
        master = next((f for f in group if f.raw), None)
        text = unescape(master.raw) if master else ""
        columns: dict[int, tuple[bytes, Pattern | None]] = {}
        edits: list[Edit] = []
        alike = True
        for f in group:
            to = self.move.lands(f.row) if self._travels(f.row, f.col) else f.row
            alike = alike and to == f.row
            if to is None or master is None:
                continue
            own = b""
            if f.col not in columns:
                raw = escape(shift_formula(text, f.row - master.row, f.col - master.col))
                key = raw.replace(b"%d" % f.row, _ROW)
                alike_ = self._alike(text, master.row, f.row)
                columns[f.col] = key, self._pattern(key, f._replace(raw=raw)) if alike_ else None
            key, pattern = columns[f.col]
            if pattern and (f.row < self.move.first or self._travels(f.row, f.col)):
                own = key.replace(_ROW, b"%d" % f.row)
                self._note(pattern, f.row, f.col)
                new = pattern.new.replace(_ROW, b"%d" % to)
            else:
                read = shift_formula(text, f.row - master.row, f.col - master.col)
                own = escape(read)
                area = Area(f.row, f.col, f.row, f.col)
                new = self._moved(read, f.row, f.col, area, f._replace(raw=own))
            alike = alike and new == own
            p = self.sheet.prefix
            edits.append((f.start, f.end, b"<%bf>%b</%bf>" % (p, new, p)))
        if not alike:
            self.edits += edits

    @staticmethod
    def _alike(text: str, master: int, row: int) -> bool:
        """Copies of *text* from row *master* in other rows, as in *row*, differ in that only."""
        refs = [t for t in tokens(text) if isinstance(t, RefToken) and t.shape != "columns"]
        ends = [(t.marks[1], t.area.r1) for t in refs] + [(t.marks[3], t.area.r2) for t in refs]
        return all(at != row if mark else at == master for mark, at in ends)


def _replaced(text: str, news: list[tuple[int, int, str]]) -> str:
    """*text* with new words at some places, which are in order."""
    out, at = "", 0
    for start, end, new in news:
        out += text[at:start] + new
        at = end
    return out + text[at:]


def _this_row(token: StructToken) -> bool:
    inner = token.inner.casefold()
    return "#this row" in inner or inner.lstrip().startswith("@")
