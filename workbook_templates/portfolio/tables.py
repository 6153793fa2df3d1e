"""The Tables of the portfolio workbook: their columns, what identifies a row, whose order it is.

Drawing, filling and refreshing all read these. A defined name ``hs_<table>_<column>`` stands at
each column's header cell, so that a column is found wherever people move it and whatever they
call it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TableColumn", "TableSpec"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column that the product owns.

    Attributes:
        key: its name in code and in ``hs_<table>_<key>``; lower case and underscores.
        header: what people read.
        format: key of `theme.NUMBER`, "money", or "text".
        width: pixels.
        align: "left", "right" or "left1" (indented).
        formula: of a row, without "=", in A1 notation; ``{score}{row}`` is the cell of the column
            ``score`` in the same row, ``{all[score]}`` the whole column, ``{of[score]}`` a column
            of *Accounts*, ``{table[History][date]}`` one of any Table. "" where a value stands.
            Filling gives its cached value.
        told: whether a change of it is listed by a refresh.
        kept: people write here: a new row gets the value given, and a row that was there before
            keeps what stands in it.
        shared: people write here and so do we: today's value says what they wrote, and it is kept
            when the row leaves. With ``kept`` only people write, in rows that they add.
        words: of its dropdown; another word gets a warning.
        wrap: whether a long text runs over several lines.
        bold, muted: how its cells stand out, or stand back.
        hidden: for the program, not for people: nothing is told of it.
    """

    key: str
    header: str
    format: str = "text"
    width: int = 90
    align: str = "left"
    formula: str = ""
    told: bool = False
    kept: bool = False
    shared: bool = False
    words: tuple[str, ...] = ()
    wrap: bool = False
    bold: bool = False
    muted: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A Table that the product owns, in which people may add columns.

    Attributes:
        name: of the Excel Table.
        sheet: where it is drawn.
        key: keys of the columns that tell rows apart.
        columns: ours, in the order they are drawn.
        keeps_order: rows stay where people put them and new ones go below; else every refresh
            lists them anew, and what people wrote beside a row goes along.
        keeps_rows: rows that the source no longer has stay (an archive).
    """

    name: str
    sheet: str
    key: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    keeps_order: bool = False
    keeps_rows: bool = False

    def column(self, key: str) -> TableColumn:
        """The column of that key.

        Raises:
            KeyError: there is none.
        """
        return next(c for c in self.columns if c.key == key) if self.has(key) else _missing(key)

    def has(self, key: str) -> bool:
        """Whether there is a column of that key."""
        return any(c.key == key for c in self.columns)


def _missing(key: str) -> TableColumn:
    raise KeyError(key)
