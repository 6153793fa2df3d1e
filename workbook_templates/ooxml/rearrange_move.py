"""Where cells, areas and references go when a Table's rows leave, change places or are new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from workbook_templates.ooxml.refs import (
    MAX_COL,
    MAX_ROW,
    Area,
    RefToken,
    map_refs,
    parse_area,
    split_sheet,
)
from workbook_templates.ooxml.rowset import bits

__all__ = ["Areas", "RowMove"]


@dataclass(frozen=True)
class Areas:
    """What became of areas separated by blanks.

    Attributes:
        text: the areas afterwards, "" if none is left.
        old, new: (row, column) of their top left cell before and after.
        one_row: they were one area of one row, which goes where its row goes.
    """

    text: str
    old: tuple[int, int]
    new: tuple[int, int]
    one_row: bool


@dataclass(frozen=True)
class RowMove:
    """The data rows of one Table change places on its sheet.

    A reference to one row goes where the row goes, or is lost with it. A range of rows keeps
    the rows that are left of it, and new ones between them, while the order stays; of a new
    order it covers the same places. A range over all data rows covers all of them afterwards.

    Attributes:
        sheet, part: the Table's sheet.
        data: its data rows before.
        totals: row of its totals, 0 if it has none.
        left, right: columns that travel; all of them where whole sheet rows do.
        goes: for each data row its place afterwards, counted from 0; −1 where it leaves.
        count: data rows afterwards, at most as many as before.
    """

    sheet: str
    part: str
    data: Area
    totals: int
    left: int
    right: int
    goes: tuple[int, ...]
    count: int

    @property
    def whole(self) -> bool:
        """Whole sheet rows travel, and what is below the Table moves up."""
        return self.left == 1 and self.right == MAX_COL

    @property
    def shift(self) -> int:
        """How far down whole rows below the Table's data go."""
        return self.count - len(self.goes) if self.whole else 0

    @cached_property
    def last(self) -> int:
        """The last data row afterwards."""
        return self.data.r1 + self.count - 1

    @cached_property
    def first(self) -> int:
        """The first sheet row that does not keep its place."""
        k = next((k for k, to in enumerate(self.goes) if to != k), len(self.goes))
        return self.data.r1 + k

    @cached_property
    def news(self) -> tuple[int, ...]:
        """Places of new rows, counted from 0."""
        return tuple(sorted(set(range(self.count)) - set(self.goes)))

    @cached_property
    def ordered(self) -> bool:
        """Rows that stay keep their order."""
        kept = [to for to in self.goes if to >= 0]
        return all(a < b for a, b in pairwise(kept))

    @cached_property
    def _gone(self) -> list[int]:
        """For each number of data rows how many of the first so many leave."""
        out = [0]
        for to in self.goes:
            out.append(out[-1] + (to < 0))
        return out

    @cached_property
    def _ups(self) -> list[int]:
        """For each data row, and behind the last, the place of the first that stays from it on."""
        if not self.ordered:
            return [k - gone for k, gone in enumerate(self._gone)]
        out = [self.count]
        for to in reversed(self.goes):
            out.append(to if to >= 0 else out[-1])
        return out[::-1]

    @cached_property
    def _downs(self) -> list[int]:
        """For each data row the place of the last that stays up to it."""
        if not self.ordered:
            return [k - gone for k, gone in enumerate(self._gone[1:])]
        out: list[int] = []
        for to in self.goes:
            out.append(to if to >= 0 else out[-1] if out else -1)
        return out

    def travels(self, area: Area) -> bool:
        """The columns of *area* are among those that travel."""
        return self.left <= area.c1 and area.c2 <= self.right

    def lands(self, row: int) -> int | None:
        """Where what stands in sheet row *row* goes; None when it leaves."""
        d = self.data
        if d.r1 <= row <= d.r2:
            to = self.goes[row - d.r1]
            return d.r1 + to if to >= 0 else None
        if row > d.r2 and self.whole:
            return row + self.shift
        return self.last + 1 if row == self.totals else row

    def staying(self, col: int, rows: int) -> int:
        """Those of *rows* (see `rowset`) whose cells in column *col* do not leave."""
        return rows & ~self._leaving if self.left <= col <= self.right else rows

    @cached_property
    def _leaving(self) -> int:
        return bits(self.data.r1 + k for k, to in enumerate(self.goes) if to < 0)

    def top(self, row: int) -> int:
        """Where a range that began in sheet row *row* begins."""
        d = self.data
        if d.r1 < row <= d.r2:
            return d.r1 + self._ups[row - d.r1]
        return row if row <= d.r1 else self.lands(row) or row

    def _bottom(self, area: Area) -> int:
        d = self.data
        if d.r1 <= area.r2 <= d.r2:
            covers = area.r2 == d.r2 and area.r1 <= d.r1
            return self.last if covers else d.r1 + self._downs[area.r2 - d.r1]
        return self.lands(area.r2) or area.r2

    def area(self, a: Area, *, range_: bool = False) -> Area | None:
        """Where *a*, an area of the Table's sheet, goes; None when all of it leaves.

        Args:
            a: the area before.
            range_: one row counts as all rows of a Table that has but one.
        """
        if not self.travels(a) or a.r2 < self.first or (a.r1 == 1 and a.r2 == MAX_ROW):
            return a
        all_of_one = range_ and a.r1 == a.r2 == self.data.r1 == self.data.r2
        if a.r1 == a.r2 and not all_of_one:
            row = self.lands(a.r1)
            return None if row is None else a._replace(r1=row, r2=row)
        d = self.data
        inside = max(a.r1, d.r1), min(a.r2, d.r2)
        if d.r1 <= a.r1 and a.r2 <= d.r2 and (a.r1, a.r2) != (d.r1, d.r2) and self._left(*inside):
            return None
        r1, r2 = self.top(a.r1), min(self._bottom(a), MAX_ROW)
        return a._replace(r1=r1, r2=r2) if r1 <= r2 else None

    def _left(self, first: int, last: int) -> bool:
        """Every one of the data rows *first*..*last* leaves."""
        gone = self._gone[last - self.data.r1 + 1] - self._gone[first - self.data.r1]
        return gone == last - first + 1

    def touches(self, a: Area) -> bool:
        """What a formula reads in *a*, an area of the Table's sheet, is not what it was."""
        d = self.data
        if a.r2 < self.first or a.r1 > d.r2 or a.c2 < self.left or a.c1 > self.right:
            return False
        if a.r1 == a.r2:
            return self.lands(a.r1) is None
        first, last = max(a.r1, d.r1) - d.r1, min(a.r2, d.r2) - d.r1
        if self._gone[last + 1] > self._gone[first] or not self.travels(a):
            return True
        moved = self.area(a)
        if moved is None or moved.r2 - moved.r1 != a.r2 - a.r1:
            return True
        return not self.ordered and self.goes[first : last + 1] != tuple(
            k - self._gone[k] for k in range(first, last + 1)
        )

    def owns(self, token: RefToken, home: str) -> bool:
        """*token*, in a formula on sheet *home*, points at the Table's sheet and no other."""
        sheets = split_sheet(token.prefix)
        if sheets is None or sheets[0] != sheets[1]:
            return False
        return (sheets[0] or home).casefold() == self.sheet.casefold()

    def formula(self, text: str, home: str, row: int = 0) -> str:
        """*text*, a formula on sheet *home*, with its references moved.

        Args:
            text: the formula without "=".
            home: name of the sheet it stands on.
            row: its row, if it stands in the Table's data rows and travels, else 0.
        """

        def change(token: RefToken) -> Area | None:
            if token.shape == "columns" or not self.owns(token, home):
                return token.area
            if row and token.shape == "range":
                running = self._running(token, row)
                if running is not None:
                    return running
                if not self.ordered and token.area.r1 != token.area.r2:
                    return self._sorted(token, row)
            return self.area(token.area, range_=token.shape == "range")

        return _mapped(text, change)

    def _running(self, token: RefToken, row: int) -> Area | None:
        """A range between a fixed row and its own, as running totals have; None for another."""
        a, d, to = token.area, self.data, self.lands(row)
        if to is None or bool(token.marks[1]) == bool(token.marks[3]):
            return None
        fixed, own = (a.r1, a.r2) if token.marks[1] else (a.r2, a.r1)
        if own != row or not self.travels(a):
            return None
        if token.marks[1]:
            fixed = self.top(fixed)
        else:
            inside = d.r1 <= fixed <= d.r2
            fixed = d.r1 + self._downs[fixed - d.r1] if inside else self.lands(fixed) or fixed
        return a._replace(r1=min(fixed, to), r2=max(fixed, to))

    def _sorted(self, token: RefToken, row: int) -> Area | None:
        # Excel writes the formulas of sorted rows as if they were copied there.
        a, d = token.area, self.data
        if (token.marks[1] and token.marks[3]) or (a.r1 <= d.r1 and a.r2 >= d.r2):
            return self.area(a)
        moved = self.area(a) or a
        by = (self.lands(row) or row) - row
        r1 = moved.r1 if token.marks[1] else a.r1 + by
        r2 = moved.r2 if token.marks[3] else a.r2 + by
        r1, r2 = min(r1, r2), max(r1, r2)
        return a._replace(r1=r1, r2=r2) if r1 >= 1 and r2 <= MAX_ROW else None

    def based(self, text: str, home: str, old: tuple[int, int], new: tuple[int, int]) -> str:
        """*text*, a rule for many cells, written for the first of them, which moved.

        Args:
            text: the formula without "=".
            home: name of the sheet it stands on.
            old: (row, column) of the first cell before.
            new: and after.
        """
        rows, cols = new[0] - old[0], new[1] - old[1]

        def change(token: RefToken) -> Area | None:
            a, (m1, m2, m3, m4) = token.area, token.marks
            moved: Area | None = a
            if self.owns(token, home) and token.shape != "columns" and (m2 or m4):
                moved = self.area(a, range_=token.shape == "range")
            if moved is None:
                return None
            r1, c1, r2, c2 = moved
            if token.shape != "columns":
                r1, r2 = r1 if m2 else a.r1 + rows, r2 if m4 else a.r2 + rows
            if token.shape != "rows":
                c1, c2 = c1 + (0 if m1 else cols), c2 + (0 if m3 else cols)
            found = Area(min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2))
            on_grid = min(found) >= 1 and found.r2 <= MAX_ROW and found.c2 <= MAX_COL
            return found if on_grid else None

        return _mapped(text, change)

    def sqref(self, text: str) -> Areas | None:
        """What becomes of *text*, areas of the Table's sheet; None when they stay as they are."""
        pieces = [(piece, parse_area(piece)) for piece in text.split()]
        areas = [a for _, a in pieces if a is not None]
        kept, out = [], []
        for piece, area in pieces:
            new = None if area is None else self.area(area, range_=True)
            if new is not None:
                kept.append(new)
            if area is None or new is not None:
                out.append(piece if area is None or new is None or new == area else new.text())
        if kept == areas:
            return None
        one_row = len(areas) == 1 and areas[0].r1 == areas[0].r2
        return Areas(" ".join(out), _corner(areas), _corner(kept or areas), one_row)


def _mapped(text: str, change: Callable[[RefToken], Area | None]) -> str:
    """As `map_refs`; what is lost is lost without its sheet, which LibreOffice would not read."""
    lost: set[str] = set()

    def noted(token: RefToken) -> Area | None:
        area = change(token)
        if area is None:
            lost.add(token.prefix)
        return area

    out = map_refs(text, noted)
    for prefix in lost - {""}:
        out = out.replace(f"{prefix}#REF!", "#REF!")
    return out


def _corner(areas: list[Area]) -> tuple[int, int]:
    return min(a.r1 for a in areas), min(a.c1 for a in areas)
