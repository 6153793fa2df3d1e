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
    col_number,
    parse_area,
    shift_formula,
    tokens,
)
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, attr, escape, set_attr, unescape

__all__ = ["OwnCell", "OwnFormulas"]

_ROW = b"\0"
"""Stands for the formula's own row in what similar formulas have in common."""


class OwnCell(NamedTuple):
    """A formula cell of the Table's sheet, where it stood before."""

    row: int
    col: int
    text: str
    area: Area


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
        near: row → formulas that read their own row and nothing else, as (column, raw text).
        far: the others.
    """

    def __init__(self, sheet: SheetXml, move: RowMove, seeds: Seeds) -> None:
        self.sheet, self.move, self.seeds = sheet, move, seeds
        self.edits: list[Edit] = []
        self.near: dict[int, list[tuple[int, bytes]]] = {}
        self.far: list[OwnCell] = []
        self._kinds: dict[bytes, bool] = {}
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
        if self._is_near(key, f) and (travels or f.row < self.move.first):
            self.near.setdefault(f.row, []).append((f.col, f.raw))
            if to != f.row:
                self._put(f, f.raw, key.replace(_ROW, b"%d" % to))
            return
        text = unescape(f.raw)
        self._put(f, f.raw, self._moved(text, f.row, f.col, Area(f.row, f.col, f.row, f.col), f))

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

    def _is_near(self, key: bytes, f: _Found) -> bool:
        known = self._kinds.get(key)
        if known is None:
            known = self._kinds[key] = self._near(key, f)
        return known

    def _near(self, key: bytes, f: _Found) -> bool:
        """Formulas with this *key* read their own row, and nothing that the move touches."""
        rows = 0
        for token in tokens(unescape(f.raw)):
            if isinstance(token, RefToken):
                one_row = token.area.r1 == token.area.r2 == f.row and not token.prefix
                plain = token.shape in ("cell", "range") and self.move.travels(token.area)
                if not one_row or not plain:
                    return False
                rows += 1 if token.shape == "cell" else 2
            elif isinstance(token, NameToken):
                if not token.call or self.seeds.jumps(token.name):
                    return False
            elif not _this_row(token):
                return False
        return key.count(_ROW) == rows

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
        columns: dict[int, tuple[bytes, bool]] = {}
        edits: list[Edit] = []
        alike = True
        for f in group:
            to = self.move.lands(f.row) if self._travels(f.row, f.col) else f.row
            alike = alike and to == f.row
            if to is None or master is None:
                continue
            own = b""
            if f.col not in columns:
                across = escape(shift_formula(text, 0, f.col - master.col))
                like = master._replace(col=f.col, raw=across)
                key = across.replace(b"%d" % master.row, _ROW)
                columns[f.col] = key, self._near(key, like)
            key, near = columns[f.col]
            if near and self._relative(text) and (to == f.row or self._travels(f.row, f.col)):
                own = key.replace(_ROW, b"%d" % f.row)
                self.near.setdefault(f.row, []).append((f.col, own))
                new = key.replace(_ROW, b"%d" % to)
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
    def _relative(text: str) -> bool:
        return not any("$" in m for t in tokens(text) if isinstance(t, RefToken)
                       for m in (t.marks[1], t.marks[3]))  # fmt: skip


def _this_row(token: StructToken) -> bool:
    inner = token.inner.casefold()
    return "#this row" in inner or inner.lstrip().startswith("@")
