"""The hand that draws sheets with Tables: a book, the Tables, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.account.canvas import absolute, quoted
from workbook_templates.drawing.theme import INK, MUTED, NUMBER, Book
from workbook_templates.portfolio.tables import TableColumn, TableSpec

_SENTENCES = frozenset({"last_action", "next_action", "override", "gate", "action", "notes"})
"""Columns whose texts may be cut: sheets of their own show them whole."""


def _corner(where: str) -> tuple[int, int]:
    row, column = xl_cell_to_rowcol(where)
    return row + 1, column


class Hand:
    """A book, its Tables, and the addresses that formulas need.

    All rows are 1-based as people read them.

    Args:
        book: drawn into.
        tables: name → Table, all of the workbook: formulas and charts may point into any.
        corners: Table → its first header cell.
        currency: address of the cell with the code of the currency of all sums.
    """

    def __init__(
        self,
        book: Book,
        tables: Mapping[str, TableSpec],
        corners: Mapping[str, str],
        currency: str,
    ) -> None:
        self.book, self.tables, self.currency = book, tables, currency
        self.sheets: dict[str, Worksheet] = {}
        # Table → row (1-based) and column (0-based) of its first header cell, as drawn.
        self.at = {name: _corner(where) for name, where in corners.items()}
        # Table → rows drawn, where they are not two.
        self.rows: dict[str, int] = {}
        # What sheets draw on *Workings*, which stands last and is made after them.
        self.workings: list[Callable[[Worksheet], None]] = []

    def place(self, name: str, sheet: str, ref: str) -> None:
        """Name a cell or block so that fill finds it, wherever people move it."""
        target = ":".join(absolute(part) for part in ref.split(":"))
        self.book.workbook.define_name(f"hs_{name}", f"={quoted(sheet)}!{target}")

    def section(self, sheet: str, ref: str, text: str) -> None:
        """Title of a part of a sheet."""
        self.sheets[sheet].write_string(ref, text, self.book.section())

    def column(self, table: str, key: str) -> str:
        """Absolute data range of a drawn Table's column, with its sheet; it grows with the Table.

        ``Accounts!$F$5:$F$6``: two rows are drawn at least, so that the range is seen as one.
        """
        spec = self.tables[table]
        row, first = self.at[table]
        letter = xl_col_to_name(first + [c.key for c in spec.columns].index(key))
        return f"{quoted(spec.sheet)}!${letter}${row + 1}:${letter}${row + self.rows.get(table, 2)}"

    def table(self, name: str, *, height: int = 36, row_height: int | Sequence[int] = 22) -> None:
        """Draw a Table's header and blank rows at its corner, and name its header cells.

        Args:
            name: of the Table; it stands at its corner.
            height: of the header row in pixels; its text stands at the top, above the filters.
            row_height: of the rows in pixels, or of each drawn row.
        """
        spec = self.tables[name]
        ws, (row, first) = self.sheets[spec.sheet], self.at[name]
        top = row - 1
        letters = {c.key: xl_col_to_name(first + i) for i, c in enumerate(spec.columns)}
        spans = {k: {c.key: self.column(k, c.key) for c in self.tables[k].columns}
                 for k in self.tables}  # fmt: skip
        known = {**letters, "of": spans.get("Accounts", {}), "all": spans[name], "table": spans}
        heads, drawn = [], self.rows.get(name, 2)
        for i, column in enumerate(spec.columns):
            hidden = {"hidden": True} if column.hidden else {}
            ws.set_column_pixels(first + i, first + i, column.width, None, hidden)
            heads.append(self._column(ws, (top, top + drawn), first + i, column, known))
            self.place(
                f"{name.lower()}_{column.key}", spec.sheet, f"{letters[column.key]}{top + 1}"
            )
        ws.set_row_pixels(top, height)
        sizes = [row_height] * drawn if isinstance(row_height, int) else row_height
        for row, pixels in enumerate(sizes, start=top + 1):
            ws.set_row_pixels(row, pixels)
        last = first + len(heads) - 1
        options = {"name": name, "style": None, "autofilter": True, "columns": heads}
        ws.add_table(top, first, top + drawn, last, options)

    def _column(
        self,
        ws: Worksheet,
        rows: tuple[int, int],
        col: int,
        column: TableColumn,
        known: dict[str, Any],
    ) -> dict[str, object]:
        """One column: its rows are drawn here, its header as the Table's options say."""
        top, end = rows
        align, indent = column.align.rstrip("1"), int(column.align.endswith("1"))
        wrap = {"text_wrap": True} if column.wrap else {}
        more = {"bold": True} if column.bold else {"font_color": MUTED} if column.muted else {}
        # A long name is set smaller, so that the next cell does not cut it; a sentence would be
        # too small to read.
        name = column.format == "text" and not column.wrap and column.key not in _SENTENCES
        long = {"shrink": True} if name else {}
        form = number_format(column)
        look = self.book.row(num_format=form, align=align, indent=indent, **wrap, **more, **long)
        if column.words:
            rule = {"validate": "list", "source": list(column.words), "error_type": "warning"}
            ws.data_validation(top + 1, col, end, col, rule)
        for row in range(top + 1, end + 1):
            if column.formula:
                text = "=" + column.formula.format(row=row + 1, **known)
                ws.write_formula(row, col, text, look, "")
            else:
                ws.write_blank(row, col, None, look)
        look = {"bold": True, "font_color": INK, "bottom_color": INK, "valign": "top"}
        head = self.book.head(align=align, indent=indent, text_wrap=True, **look)
        return {"header": column.header, "header_format": head}


def number_format(column: TableColumn) -> str:
    """Number format of a column; money has no sign until rules give it one.

    A formula in a cell of the format "@" would be text to Excel.
    """
    if column.format == "text":
        return "General" if column.formula else NUMBER["text"]
    return NUMBER["whole" if column.format == "money" else column.format]
