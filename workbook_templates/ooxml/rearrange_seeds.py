"""Which formulas read rows that leave or change places, and what is stale because of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.follow import CellSet
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.refs import Area, NameToken, RefToken, split_sheet, tokens

__all__ = ["Seeds"]

_ANYWHERE = {"INDIRECT", "OFFSET"}
_WHERE = {"ROW", "CELL", "ADDRESS"}
"""Functions whose result depends on the row they stand in."""


class Seeds:
    """The formulas that no longer read what they read, as cells before the move.

    Args:
        book: the workbook before.
        move: what moves.
        table: the Table's name.
    """

    def __init__(self, book: Book, move: RowMove, table: str) -> None:
        self.book, self.move, self.table = book, move, table.casefold()
        self.cells = CellSet()

    def add(self, part: str, area: Area) -> None:
        """The formula that fills *area* of sheet *part* is stale."""
        self.cells.add_area(part, area)

    def add_rows(self, part: str, col: int, rows: int) -> None:
        """The formulas of sheet *part* in some rows of a column are stale (see `rowset`)."""
        self.cells.add(part, col, rows)

    @staticmethod
    def jumps(function: str) -> bool:
        """*function* may read any cell, or says where it stands."""
        return function.upper() in _ANYWHERE | _WHERE

    @cached_property
    def names(self) -> set[str]:
        """Defined names, without case, that read rows which leave, perhaps through others."""
        out: set[str] = set()
        known = [(n.name.casefold(), n.formula, n.local) for n in self.book.names]
        while True:
            found = {
                name
                for name, formula, local in known
                if name not in out and self._reads(formula, local, out, stays=True)
            }
            if not found:
                return out
            out |= found

    @cached_property
    def _words(self) -> re.Pattern[str]:
        sheet = re.escape(self.move.sheet.replace("'", "''")) + "'?!"
        several = r"[^\s,(!]:[^\s,()!]+!"
        words = map(re.escape, [self.table, *sorted(self.names), *sorted(_ANYWHERE)])
        return re.compile("|".join([sheet, several, *words]), re.IGNORECASE)

    def mentions(self, text: str) -> bool:
        """A formula *text* of another sheet may have to do with what moves."""
        return self._words.search(text) is not None

    def reads(self, text: str, home: str, *, stays: bool) -> bool:
        """A formula *text* on sheet *home* no longer reads what it read.

        Args:
            text: the formula as it was.
            home: name of its sheet.
            stays: it keeps its row.
        """
        return self._reads(text, home, self.names, stays=stays)

    def _reads(self, text: str, home: str, names: Iterable[str], *, stays: bool) -> bool:
        for token in tokens(text):
            if isinstance(token, RefToken):
                if self._touched(token, home):
                    return True
            elif isinstance(token, NameToken):
                name = token.name.upper()
                if token.call:
                    if name in _ANYWHERE or (name in _WHERE and not stays):
                        return True
                elif token.name.casefold() in names or token.name.casefold() == self.table:
                    return True
            else:
                inner = token.inner.casefold()
                own_row = "#this row" in inner or inner.lstrip().startswith("@")
                ours = token.table.casefold() == self.table
                if not own_row and (ours or (not token.table and home == self.move.sheet)):
                    return True
        return False

    def _touched(self, token: RefToken, home: str) -> bool:
        if self.move.owns(token, home):
            return self.move.touches(token.area)
        sheets = split_sheet(token.prefix)
        # Across several sheets: whether ours is among them does not matter much.
        return sheets is not None and sheets[0] != sheets[1] and self.move.touches(token.area)
