"""The formulas of a sheet, those of a column that differ only in their own row taken together.

A long Table has as many formulas as rows in each computed column. What they read, and what
becomes of them when rows move, is worked out once for all that read alike.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from workbook_templates.ooxml.formulas import Formula, formula_tag, one_formula
from workbook_templates.ooxml.refs import RefToken, StructToken, col_number, tokens
from workbook_templates.ooxml.rowset import bits, span
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import attr, unescape

__all__ = ["OTHER_ROW", "ROW", "Alike", "SheetFormulas", "own_ends", "sheet_formulas"]

ROW = b"\0"
"""Stands for a formula's own row in what similar formulas have in common."""
OTHER_ROW = 987_654
"""A row that hardly any formula names: what is written in it marks the places of the own row."""


@dataclass
class Alike:
    """Plain formulas of one column that differ only in the number of their own row.

    Attributes:
        col: the column.
        key: their raw text, with `ROW` wherever the digits of the own row stand.
        items: which formulas of the sheet they are, in ascending order.
        rows: their rows, in ascending order.
    """

    col: int
    key: bytes
    items: array[int] = field(default_factory=lambda: array("i"))
    rows: array[int] = field(default_factory=lambda: array("i"))

    def text(self, row: int) -> str:
        """What the formula says in *row*."""
        return unescape(self.key.replace(ROW, b"%d" % row))

    @cached_property
    def sample(self) -> str:
        """The first of them."""
        return self.text(self.rows[0])

    @cached_property
    def sound(self) -> bool:
        """Each mark in the key is a row number of a reference, so each of them reads so."""
        row = self.rows[0]
        own = sum(own_ends(t, row) for t in tokens(self.sample) if isinstance(t, RefToken))
        return own == self.key.count(ROW)

    @cached_property
    def settled(self) -> bool:
        """Sound, and no reference depends on which Table the cell stands in."""
        bare = any(isinstance(t, StructToken) and not t.table for t in tokens(self.sample))
        return self.sound and not bare

    @cached_property
    def mask(self) -> int:
        """Their rows, as bits."""
        return bits(self.rows)


def own_ends(token: RefToken, row: int) -> int:
    """How many row numbers *token* names that are *row*."""
    if token.shape == "columns":
        return 0
    return (token.area.r1 == row) + (token.shape != "cell" and token.area.r2 == row)


class SheetFormulas:
    """All formulas of a sheet, numbered in the order in which they stand.

    Args:
        sheet: the sheet.

    Attributes:
        groups: the plain formulas.
        others: shared, array and data table formulas: number → formula.
        start, end: bytes of each formula's `<f>` element.
        at: byte where its text begins.
        row: the row it stands in.
        kind: index of its group, −1 where it is one of the others.
    """

    def __init__(self, sheet: SheetXml) -> None:
        # The sheet is not kept: it keeps this, and each long part would stay until it is collected.
        self.groups: list[Alike] = []
        self.others: dict[int, Formula] = {}
        self.start, self.end, self.at = array("q"), array("q"), array("q")
        self.row, self.kind = array("i"), array("i")
        count = _count(sheet)
        if count:
            self._read(_usual(sheet), sheet)
        if len(self.start) != count:
            self.groups, self.others = [], {}
            for items in (self.start, self.end, self.at, self.row, self.kind):
                del items[:]
            self._read(_each(sheet), sheet)

    def __len__(self) -> int:
        return len(self.start)

    def _read(self, elements: Iterator[_Element], sheet: SheetXml) -> None:
        known: dict[tuple[bytes, bytes], int] = {}
        masters: dict[str, tuple[int, int, str]] = {}
        tag = formula_tag(sheet.prefix)
        start, end, at, rows, kinds = self.start, self.end, self.at, self.row, self.kind
        groups = self.groups
        for first, last, text, letters, digits, attrs, raw in elements:
            row = int(digits)
            start.append(first)
            end.append(last)
            at.append(text)
            rows.append(row)
            if attrs and b"t" in attrs:
                m = tag.match(sheet.data, first)
                f = one_formula(sheet, m, masters) if m else None
                if f is not None and f.kind:
                    self.others[len(start) - 1] = f
                    kinds.append(-1)
                    continue
            key = letters, raw.replace(digits, ROW)
            k = known.get(key)
            if k is None:
                k = known[key] = len(groups)
                groups.append(Alike(col_number(letters.decode()), key[1]))
            kinds.append(k)
            group = groups[k]
            group.items.append(len(start) - 1)
            group.rows.append(row)

    def between(self, start: int, end: int) -> range:
        """Numbers of the formulas that begin in bytes [start, end)."""
        first = bisect_left(self.start, start)
        if first == len(self.start) or self.start[first] >= end:
            return range(first, first)
        return range(first, bisect_left(self.start, end, first))

    def col(self, item: int) -> int:
        """The column that formula *item* stands in."""
        kind = self.kind[item]
        return self.others[item].col if kind < 0 else self.groups[kind].col

    def text_span(self, item: int) -> tuple[int, int]:
        """The bytes of the text of formula *item*, which is in a group."""
        at, key = self.at[item], self.groups[self.kind[item]].key
        return at, at + len(key) + key.count(ROW) * (len(str(self.row[item])) - 1)

    def text(self, item: int) -> str:
        """What formula *item* says in its cell."""
        kind = self.kind[item]
        return self.others[item].text if kind < 0 else self.groups[kind].text(self.row[item])

    def in_row(self, row: int) -> dict[int, str]:
        """Column → what the formula of that cell says, of sheet row *row*."""
        items = range(bisect_left(self.row, row), bisect_left(self.row, row + 1))
        return {self.col(k): self.text(k) for k in items}

    @cached_property
    def columns(self) -> dict[int, int]:
        """Column → rows that hold a formula in it (see `rowset`)."""
        out: dict[int, int] = {}
        for group in self.groups:
            out[group.col] = out.get(group.col, 0) | group.mask
        for f in self.others.values():
            out[f.col] = out.get(f.col, 0) | span(f.row, f.row)
        return out


_Element = tuple[int, int, int, bytes, bytes, bytes, bytes]
"""Start and end of an `<f>` element, start of its text; letters and digits of its cell;
attributes and raw text."""


def _count(sheet: SheetXml) -> int:
    """How many formulas there are."""
    data, p = sheet.data, sheet.prefix
    if data.find(b"f", sheet.start, sheet.end) < 0:
        return 0  # one byte is found much faster than two, and plain numbers have no "f"
    return data.count(b"<" + p + b"f", sheet.start, sheet.end)


def _usual(sheet: SheetXml) -> Iterator[_Element]:
    """Formulas as programs mostly write them."""
    p = re.escape(sheet.prefix)
    pattern = re.compile(
        rb"<" + p + rb'c r="([A-Z]++)([0-9]++)"[^>]*+>'
        rb"(<" + p + rb"f((?:\s[^>]*+)?+)>([^<]*+)</" + p + rb"f>)"
    )
    for m in pattern.finditer(sheet.data, sheet.start, sheet.end):
        letters, digits, _, attrs, raw = m.groups()
        yield m.start(3), m.end(3), m.start(5), letters, digits, attrs, raw


def _each(sheet: SheetXml) -> Iterator[_Element]:
    """Formulas however they are written, each looked for on its own."""
    data, stop, p = sheet.data, sheet.end, sheet.prefix
    tag, needle, opening = formula_tag(p), b"<" + p + b"f", b"<" + p + b"c "
    at = data.find(needle, sheet.start, stop)
    while at >= 0:
        m = tag.match(data, at, stop)
        if m is not None:
            start = data.rfind(opening, sheet.start, at)
            place = attr(data[start : data.index(b">", start)], "r") or "A1"
            digits = place.lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
            letters = place.removesuffix(digits).upper()
            text = m.end() if m[2] is None else m.start(2)
            place_ = letters.encode(), digits.encode()
            yield at, m.end(), text, *place_, m[1], m[2] or b""
        at = data.find(needle, at + 2, stop)


def sheet_formulas(sheet: SheetXml) -> SheetFormulas:
    """The formulas of *sheet*, read once for each `SheetXml`."""
    known = sheet.memo.get("alike")
    if known is None:
        known = sheet.memo["alike"] = SheetFormulas(sheet)
    found: SheetFormulas = known
    return found
