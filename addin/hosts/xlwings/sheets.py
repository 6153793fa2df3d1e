"""Cells, tables and sheets of the workbook that a person has open: the few things done to them.

Everything goes through the COM objects behind xlwings' book, by numbers of rows and columns, which
start at 1 as Excel's do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from addin.cells import Grid
from addin.hosts.xlwings.values import given

__all__ = ["Area", "Book", "Sheet", "address"]

_EXPRESSION = 2  # xlExpression: a conditional format with a formula of its own
_MARK = "_healthsheet_"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells that belong together: a table of Excel's own, or all that is used of a sheet.

    Attributes:
        row, column: numbers of the first cell.
        grid: the cells; a table's totals row is not among them.
        table: the ListObject, or None.
    """

    row: int
    column: int
    grid: Grid
    table: Any = None


def address(row: int, column: int, *, fixed: bool = False) -> str:
    """Address of a cell, such as ``B5`` or ``$B$5``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"${letters}${row}" if fixed else f"{letters}{row}"


class Sheet:
    """One sheet, by its COM object."""

    def __init__(self, com: Any) -> None:
        self._com = com
        self.name: str = com.Name

    def reference(self, row: int, left: int, right: int) -> str:
        """A part of a row, as formulas on any sheet name it."""
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!{address(row, left, fixed=True)}:{address(row, right, fixed=True)}"

    def selected(self) -> tuple[int, int]:
        """Row and column of the active cell."""
        cell = self._com.Application.ActiveCell
        return cell.Row, cell.Column

    def area(self) -> Area:
        """The table under the active cell, else the only one, else all that is used."""
        tables = list(self._com.ListObjects)
        row, column = self.selected()
        under = [t for t in tables if _holds(t.Range, row, column)]
        chosen = under or (tables if len(tables) == 1 else [])
        if not chosen:
            return _area(self._com.UsedRange, None)
        table = chosen[0]
        whole = table.Range
        rows = whole.Rows.Count - (1 if table.ShowTotals else 0)
        return _area(self._block(whole.Row, whole.Column, rows, whole.Columns.Count), table)

    def _block(self, row: int, column: int, rows: int, columns: int) -> Any:
        cells = self._com.Cells
        return self._com.Range(cells(row, column), cells(row + rows - 1, column + columns - 1))

    def marked(self) -> dict[str, int]:
        """The columns that carry our hidden names: what they hold → number."""
        found = {}
        for name in self._com.Names:
            _, mark, what = name.Name.partition(_MARK)
            if mark and "#REF!" not in name.RefersTo:  # the column may have been deleted
                found[what] = name.RefersToRange.Column
        return found

    def add_column(self, area: Area, what: str, header: str, header_row: int, column: int) -> int:
        """Add a column with a header and a hidden name that finds it again.

        Args:
            area: the accounts; a table of Excel's own grows by the column.
            what: what the name says the column holds.
            header: its text.
            header_row: where that text stands.
            column: number of the column; a table of Excel's own decides it itself.

        Returns:
            The number of the column.
        """
        if area.table is not None:
            column = area.table.ListColumns.Add().Range.Column
        self._com.Cells(header_row, column).Value2 = header
        quoted = self.name.replace("'", "''")
        where = f"='{quoted}'!{address(header_row, column, fixed=True)}"
        self._com.Names.Add(_MARK + what, where, False)  # not visible
        return column

    def write(self, row: int, column: int, rows: Sequence[Sequence[object]]) -> None:
        """Write a block of values; "" empties a cell."""
        values = tuple(tuple(map(_typed, cells)) for cells in rows)
        self._block(row, column, len(rows), len(rows[0])).Value2 = values

    def spill(self, row: int, column: int, formula: str, size: tuple[int, int]) -> None:
        """Type a formula that fills so many rows and columns."""
        block = self._block(row, column, *size)
        try:
            self._com.Cells(row, column).Formula2 = formula
        except AttributeError:  # Excel before 2021 knows array formulas only
            block.FormulaArray = formula

    def format(
        self, row: int, column: int, size: tuple[int, int], *,
        number: str = "", bold: bool = False, fill: str = "",
    ) -> None:  # fmt: skip
        """Number format, bold letters, colour ``#RRGGBB`` of a block."""
        block = self._block(row, column, *size)
        if number:
            block.NumberFormat = number
        if bold:
            block.Font.Bold = True
        if fill:
            block.Interior.Color = _colour(fill)

    def colour_when(self, row: int, column: int, formula: str, fill: str, text: str) -> None:
        """Colour a cell while a formula is true."""
        rules = self._com.Cells(row, column).FormatConditions
        rule = rules.Add(_EXPRESSION, None, formula)
        rule.Interior.Color, rule.Font.Color = _colour(fill), _colour(text)

    def fit(self, columns: int) -> None:
        """Make the first columns as wide as what stands in them."""
        self._com.Range(self._com.Columns(1), self._com.Columns(columns)).AutoFit()


def _holds(cells: Any, row: int, column: int) -> bool:
    down, right = row - cells.Row, column - cells.Column
    return down in range(cells.Rows.Count) and right in range(cells.Columns.Count)


def _typed(value: object) -> object:
    """A value as Excel must take it: a text stays one, whatever formula or date it looks like."""
    if value == "":
        return None
    return f"'{value}" if isinstance(value, str) else value


def _area(cells: Any, table: Any) -> Area:
    return Area(cells.Row, cells.Column, _grid(cells.Value2), table)


def _grid(value: object) -> Grid:
    """Cells of a range; COM gives a single one as its bare value."""
    read: Any = given(value)
    return read if isinstance(read, tuple) else ((read,),)


def _colour(text: str) -> int:
    """``#RRGGBB`` as Excel counts colours: red is the lowest byte."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red + 256 * green + 65536 * blue


class Book:
    """The workbook in which a button was pressed."""

    def __init__(self, com: Any) -> None:
        self._com = com

    @property
    def active(self) -> Sheet:
        """The sheet in front."""
        return Sheet(self._com.ActiveSheet)

    @property
    def place(self) -> str:
        """Path of its file, or its address where it is opened from a server."""
        found: str = self._com.FullName
        return found

    @property
    def saved_once(self) -> bool:
        """It has a file."""
        return bool(self._com.Path)

    @property
    def read_only(self) -> bool:
        """Excel may not save it in its place."""
        return bool(self._com.ReadOnly)

    def has_name(self, name: str) -> bool:
        """The workbook defines that name."""
        return self._name(name) is not None

    def text_of(self, name: str) -> str:
        """What a named cell holds, if that is a text; "" where there is no such name."""
        found = self._name(name)
        if found is None or "#REF!" in found.RefersTo:
            return ""
        value = found.RefersToRange.Value2
        return value if isinstance(value, str) else ""

    def _name(self, name: str) -> Any:
        return next((n for n in self._com.Names if n.Name.casefold() == name.casefold()), None)

    def closed_while(self, work: Callable[[], _T]) -> _T:
        """Save and close the workbook, do something with its file, and open it again."""
        com, place = self._com, self.place
        application = com.Application
        com.Save()
        com.Close(False)
        try:
            return work()
        finally:
            self._com = application.Workbooks.Open(place)

    def cells(self, name: str) -> Grid | None:
        """All that is used of a sheet, from A1 on; None where there is no such sheet."""
        for com in self._com.Worksheets:
            if com.Name.casefold() == name.casefold():
                used = com.UsedRange
                last = com.Cells(
                    used.Row + used.Rows.Count - 1, used.Column + used.Columns.Count - 1
                )
                return _grid(com.Range(com.Cells(1, 1), last).Value2)
        return None

    def add(self, name: str) -> Sheet:
        """A new sheet behind the active one, under a name that is free."""
        com = self._com.Worksheets.Add(None, self._com.ActiveSheet)
        com.Name = _free(name, {sheet.Name.casefold() for sheet in self._com.Sheets})
        return Sheet(com)

    def new(self) -> Sheet:
        """The first sheet of a new workbook."""
        return Sheet(self._com.Application.Workbooks.Add().Worksheets(1))


def _free(name: str, taken: set[str]) -> str:
    r"""The name as a sheet may have it: 31 characters, none of ``[]:*?/\``, none twice."""
    clean = "".join(" " if c in "[]:*?/\\" else c for c in name).strip(" '") or "Account"
    return next(n for n in _numbered(clean) if n.casefold() not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name[:31].strip()
    number = 2
    while True:
        ending = f" {number}"
        yield name[: 31 - len(ending)].strip() + ending
        number += 1
