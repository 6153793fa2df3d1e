"""How references move when a Table gets more or fewer rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_templates.ooxml.refs import (
    MAX_ROW,
    Area,
    RefToken,
    map_refs,
    parse_area,
    split_sheet,
)

__all__ = ["RowChange"]

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class RowChange:
    """A Table's data rows become more or fewer, and what is below may move down.

    Attributes:
        sheet, part: the Table's sheet.
        data: its data rows before.
        header: its header row, 0 if it has none.
        last: its last data row after.
        inserted: whole sheet rows put in below `data`; 0 when there was room.
        totals: row of its totals before, 0 if it has none.
    """

    sheet: str
    part: str
    data: Area
    header: int
    last: int
    inserted: int
    totals: int

    @property
    def below(self) -> int:
        """First sheet row that moves down, if rows are inserted."""
        return self.data.r2 + 1

    def mentioned(self, data: bytes) -> bool:
        """Whether a part with these bytes may refer to the sheet (or must be looked at)."""
        words = re.findall(r"[A-Za-z0-9]+", self.sheet)
        if not words:
            return True
        word = max(words, key=len).lower().encode()
        # Piece by piece: a copy of a long sheet in lower case would take as much memory again.
        pieces = range(0, len(data), _PIECE)
        return any(word in data[at : at + _PIECE + len(word)].lower() for at in pieces)

    def row(self, row: int) -> int:
        """Where sheet row *row* goes."""
        return row + self.inserted if self.inserted and row >= self.below else row

    def area(self, a: Area, *, single: bool = False, wide: bool = False) -> Area | None:
        """Where *a*, an area of the Table's sheet, goes; None when it falls off the grid.

        Args:
            a: the area before.
            single: one cell counts as a range, so it grows with a Table of one row.
            wide: the area may reach beside the Table's columns and still grow with it.
        """
        if self._spans(a, wide=wide) and (single or not a.is_cell):
            return a._replace(r2=self.last)
        if self.totals and not self.inserted and self.last != self.data.r2:
            return self._totals(a)
        if not self.inserted or a.r2 < self.below or (a.r1 == 1 and a.r2 == MAX_ROW):
            return a
        r1, r2 = self.row(a.r1), min(self.row(a.r2), MAX_ROW)
        return None if r1 > MAX_ROW else a._replace(r1=r1, r2=r2)

    def _spans(self, a: Area, *, wide: bool) -> bool:
        d = self.data
        inside = d.c1 <= a.c1 and a.c2 <= d.c2
        beside = wide and a.c1 <= d.c2 and d.c1 <= a.c2
        return a.r2 == d.r2 and a.r1 in (d.r1, self.header) and (inside or beside)

    def _totals(self, a: Area) -> Area:
        # The totals move up inside the Table's columns; nothing else on the sheet moves.
        if a.r2 != self.totals or a.c1 < self.data.c1 or a.c2 > self.data.c2:
            return a
        if a.r1 in (self.data.r1, self.header):
            return a._replace(r2=self.last + 1)
        return a._replace(r1=self.last + 1, r2=self.last + 1) if a.r1 == self.totals else a

    def concerns(self, token: RefToken, home: str) -> bool:
        """*token*, in a formula on sheet *home*, points at the Table's sheet and no other."""
        sheets = split_sheet(token.prefix)
        if sheets is None or sheets[0] != sheets[1]:
            return False
        return (sheets[0] or home).casefold() == self.sheet.casefold()

    def formula(
        self, text: str, home: str, *, single: bool = False, own_row: bool = False, stays: int = 0
    ) -> str:
        """*text*, a formula on sheet *home*, with its references moved.

        Args:
            text: the formula without "=".
            home: name of the sheet it stands on.
            single: see `area`.
            own_row: it stands in the Table's data rows, where a range such as $B$2:B9 is a
                running one that must not grow; only fully fixed rows do.
            stays: a row whose references stay as they are, whatever moves.
        """

        def change(token: RefToken) -> Area | None:
            if token.shape == "columns" or not self.concerns(token, home):
                return token.area
            if token.area.r1 == token.area.r2 == stays:
                return token.area
            if own_row and token.shape == "range" and not (token.marks[1] and token.marks[3]):
                grows = self._spans(token.area, wide=False)
                return token.area if grows else self.area(token.area)
            as_range = token.shape == "range" or single
            return self.area(token.area, single=as_range)

        return map_refs(text, change)

    def sqref(self, text: str) -> str:
        """*text*, areas of the Table's sheet separated by blanks, moved."""
        out = []
        for piece in text.split():
            area = parse_area(piece)
            new = None if area is None else self.area(area, single=True, wide=True)
            out.append(piece if area is None or new == area else new.text() if new else "")
        return " ".join(p for p in out if p)

    def print_area(self, text: str) -> str:
        """*text*, a print area, which also grows when it ends with the Table."""
        d = self.data

        def change(token: RefToken) -> Area | None:
            sheets, a = split_sheet(token.prefix), token.area
            if sheets is None or sheets[0].casefold() != self.sheet.casefold():
                return a
            if a.r2 == d.r2 and a.r1 <= d.r1 and a.c1 <= d.c1 and a.c2 >= d.c2:
                return a._replace(r2=self.last)
            return self.area(a)

        return map_refs(text, change)
