"""Excel's objects as far as our commands touch them, in memory; in place of Microsoft's.

Formulas are kept, not calculated. What is written to a cell is read as Excel reads it: a text after
an apostrophe stays one. Every write is kept in `Worksheet.written`, so that a test sees what was
touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from tests.addin.xlwings.windows import CDispatch, ComError

Place = tuple[int, int]
Block: TypeAlias = "Range"


class Many:
    """A collection: counted, iterated and indexed from 1."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __call__(self, number: int) -> Any:
        return self._items[number - 1]


class _Style:
    """Anything that keeps what is set on it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        made = _Style()
        setattr(self, name, made)
        return made


class _Rules:
    """The conditional formats of a cell."""

    def __init__(self) -> None:
        self.added: list[Any] = []

    def Add(self, kind: int, _operator: None, formula: str) -> Any:  # noqa: N802
        rule: Any = _Style()
        rule.Type, rule.Formula1 = kind, formula
        self.added.append(rule)
        return rule


class Range(CDispatch):
    """Cells of a sheet."""

    CLSID = "{00020846-0000-0000-C000-000000000046}"

    def __init__(self, sheet: Worksheet, first: Place, last: Place) -> None:
        self.Worksheet = sheet
        self.Row, self.Column = first
        self._last = last
        self.Rows = Many([None] * (last[0] - first[0] + 1))
        self.Columns = Many([None] * (last[1] - first[1] + 1))

    def _places(self) -> list[list[Place]]:
        rows = range(self.Row, self._last[0] + 1)
        return [[(y, x) for x in range(self.Column, self._last[1] + 1)] for y in rows]

    @property
    def Value2(self) -> Any:  # noqa: N802
        rows = tuple(tuple(self.Worksheet.held.get(p) for p in row) for row in self._places())
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @Value2.setter
    def Value2(self, value: Any) -> None:  # noqa: N802
        rows = value if isinstance(value, tuple) else ((value,),)
        for places, cells in zip(self._places(), rows, strict=True):
            for place, cell in zip(places, cells, strict=True):
                self.Worksheet.put(place, cell)

    @property
    def Value(self) -> Any:  # noqa: N802
        return self.Value2

    def _formula(self, text: str) -> None:
        for place in (p for row in self._places() for p in row):
            self.Worksheet.put(place, None)
        self.Worksheet.formulas[self.Row, self.Column] = text

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "Formula2":
            if self.Worksheet.Application.old:
                raise AttributeError("Property 'Range.Formula2' can not be set.")
            self._formula(value)
        elif name == "FormulaArray":
            self._formula(f"{{{value}}}")
        elif name == "NumberFormat":
            self.Worksheet.formats |= {p: value for row in self._places() for p in row}
        else:
            super().__setattr__(name, value)

    @property
    def FormatConditions(self) -> _Rules:  # noqa: N802
        return self.Worksheet.rules.setdefault((self.Row, self.Column), _Rules())

    @property
    def Font(self) -> Any:  # noqa: N802
        return self.Worksheet.styles.setdefault((self.Row, self.Column), _Style()).Font

    @property
    def Interior(self) -> Any:  # noqa: N802
        return self.Worksheet.styles.setdefault((self.Row, self.Column), _Style()).Interior

    def AutoFit(self) -> None:  # noqa: N802
        """Widths are nobody's business here."""


class Name:
    """A hidden name of a sheet."""

    def __init__(self, sheet: Worksheet, name: str, refers_to: str, visible: bool) -> None:
        self.Name, self.RefersTo, self.Visible = f"{sheet.Name}!{name}", refers_to, visible
        self._sheet = sheet

    @property
    def RefersToRange(self) -> Block:  # noqa: N802
        _, letters, row = self.RefersTo.rpartition("!")[2].split("$")
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        return Range(self._sheet, (int(row), column), (int(row), column))


class _Names(Many):
    def __init__(self, sheet: Worksheet) -> None:
        super().__init__([])
        self._sheet = sheet

    def Add(self, name: str, refers_to: str, visible: bool) -> None:  # noqa: N802
        self._items.append(Name(self._sheet, name, refers_to, visible))


class ListObject:
    """A table of Excel's own."""

    def __init__(
        self, sheet: Worksheet, first: Place, last: Place, *, totals: bool = False
    ) -> None:
        self._sheet, self._first, self._last = sheet, first, last
        self.ShowTotals = totals

    @property
    def Range(self) -> Block:  # noqa: N802
        return Range(self._sheet, self._first, self._last)

    @property
    def ListColumns(self) -> Any:  # noqa: N802
        return self

    def Add(self) -> Any:  # noqa: N802
        """A column at the right end, as `ListColumns.Add` makes it."""
        self._last = (self._last[0], self._last[1] + 1)
        added: Any = _Style()
        added.Range = Range(self._sheet, (self._first[0], self._last[1]), self._last)
        return added


class Worksheet(CDispatch):
    """A sheet and what stands on it."""

    def __init__(self, book: Workbook, name: str, rows: list[list[Any]] | None = None) -> None:
        self.Name, self.Parent, self.Application = name, book, book.Application
        self.held: dict[Place, Any] = {}
        self.written: dict[Place, Any] = {}
        self.formulas: dict[Place, str] = {}
        self.formats: dict[Place, str] = {}
        self.rules: dict[Place, _Rules] = {}
        self.styles: dict[Place, Any] = {}
        self.protected = False
        self.Names = _Names(self)
        self.ListObjects = Many([])
        for y, row in enumerate(rows or [], 1):
            for x, cell in enumerate(row, 1):
                if cell is not None:
                    self.held[y, x] = cell

    def put(self, place: Place, value: Any) -> None:
        """Write a cell as Excel does."""
        if self.protected:
            words = "The cell or chart you're trying to change is on a protected sheet."
            raise ComError(-2147352567, "Exception occurred.", (0, "Excel", words, "", 0, 0), None)
        if isinstance(value, str) and value.startswith("'"):
            value = value[1:]
        self.written[place] = value
        self.held.pop(place, None)
        if value is not None:
            self.held[place] = value

    def Cells(self, row: int, column: int) -> Block:  # noqa: N802
        return Range(self, (row, column), (row, column))

    def Columns(self, number: int) -> Block:  # noqa: N802
        return self.Cells(1, number)

    def Range(self, first: Block, last: Block) -> Block:  # noqa: N802
        return Range(self, (first.Row, first.Column), (last.Row, last.Column))

    @property
    def UsedRange(self) -> Block:  # noqa: N802
        ys, xs = zip(*(self.held or {(1, 1): None}), strict=True)
        return Range(self, (min(ys), min(xs)), (max(ys), max(xs)))


class _Sheets(Many):
    def __init__(self, book: Workbook) -> None:
        super().__init__([])
        self._book = book

    def Add(self, _before: None, after: Worksheet) -> Worksheet:  # noqa: N802
        made = Worksheet(self._book, f"Sheet{len(self._items) + 1}")
        self._items.insert(self._items.index(after) + 1, made)
        self._book.ActiveSheet = made
        return made


class Workbook(CDispatch):
    """A workbook; `sheet` adds one and brings it to the front.

    One with a *place* has a file. What is done with it is written down in `Application.done`.
    """

    def __init__(self, application: Application, place: str = "Book1") -> None:
        self.Application = application
        self.Worksheets = self.Sheets = _Sheets(self)
        self.ActiveSheet: Any = None
        self.FullName = place
        self.Path = place.rpartition("/")[0]
        self.ReadOnly = False
        self.Names = Many([])

    def name(self, name: str, sheet: Worksheet, refers_to: str) -> None:
        """Define a name of the workbook."""
        made = Name(sheet, name, refers_to, True)
        made.Name = name
        self.Names = Many([*self.Names, made])

    def Save(self) -> None:  # noqa: N802
        self.Application.done.append("save")

    def Close(self, save: bool) -> None:  # noqa: N802
        self.Application.done.append(f"close, save={save}")

    def sheet(self, name: str, rows: list[list[Any]], active: Place = (1, 1)) -> Worksheet:
        """Add a sheet with these cells and put the active cell on it."""
        made = Worksheet(self, name, rows)
        self.Sheets._items.append(made)
        self.ActiveSheet = made
        self.Application.ActiveCell = made.Cells(*active)
        return made


class Application:
    """Excel; an *old* one knows no dynamic arrays."""

    Hwnd = 0

    def __init__(self, *, old: bool = False) -> None:
        self.old = old
        self.ActiveCell: Any = None
        self.opened: list[Workbook] = []
        self.done: list[str] = []
        self.Workbooks = self

    def Open(self, place: str) -> Workbook:  # noqa: N802
        """A workbook of a file; its sheets are of no interest here."""
        self.done.append(f"open {place}")
        return Workbook(self, place)

    def Add(self) -> Workbook:  # noqa: N802
        """A new workbook of one sheet, as `Workbooks.Add` makes it."""
        book = Workbook(self)
        book.sheet("Sheet1", [])
        self.opened.append(book)
        return book
