"""A call of the contract as a person types it into LibreOffice: cells, formula, what must show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from addin.cells import Cell, CellError, Fault, Grid
from addin.hosts.libreoffice.uno_types import uno_type
from addin.registry import FUNCTIONS, Argument, Function
from tests.addin.contract import Call
from tests.addin.contract.call import Given
from tests.office.client import Value

__all__ = ["BY_NAME", "Typed", "address", "as_calc_sees"]

BY_NAME = {f.name: f for f in FUNCTIONS}
_LEFT = 12  # results stand in the columns left of this one, arguments from it on
_ERRORS = {"#N/A": "=NA()", "#DIV/0!": "=1/0"}
_ONE_EACH = ("number", "value", "numbers", "dates", "flags")


def address(column: int, row: int) -> str:
    """Address of a 0-based column and row."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row + 1}"


def as_calc_sees(call: Call) -> Call:
    """The call with what LibreOffice makes of its arguments, and what must then come back.

    Truth values are the numbers 1 and 0 there. Where it wants a range, anything typed is Err:504.
    Where it hands an argument over as ``any``, a blank cell is 0, an error cell is the result
    without any call, and one in a range Err:504. Where it wants one cell of a range and the
    formula stands in one, it takes the cell in the same row.
    """
    function = BY_NAME[call.function]
    pairs = list(zip(function.arguments, call.given, strict=False))
    for argument, given in pairs:
        if fault := _refused(argument, given):
            return replace(call, expected=fault)
    seen = tuple(_seen(argument, given) for argument, given in pairs)
    if not isinstance(call.expected, tuple):
        seen = tuple(_same_row(argument, g) for (argument, _), g in zip(pairs, seen, strict=True))
    if repr(seen) == repr(call.given):
        return call
    return replace(call, given=seen, expected=function.call(*seen))


def _refused(argument: Argument, given: Given) -> Fault | None:
    if uno_type(argument) == "range" and not isinstance(given, tuple):
        return Fault("Err:504")
    if uno_type(argument) != "any":
        return None
    cells = [cell for row in given for cell in row] if isinstance(given, tuple) else []
    errors = [cell.code for cell in cells if isinstance(cell, CellError)]
    if not errors:
        return None
    return Fault(errors[0] if len(cells) == 1 else "Err:504")


def _seen(argument: Argument, given: Given) -> Given:
    if not isinstance(given, tuple):
        return given
    if given == ((None,),) and uno_type(argument) == "any" and argument.kind != "dates":
        return ((0.0,),)
    return tuple(tuple(float(c) if isinstance(c, bool) else c for c in row) for row in given)


def _same_row(argument: Argument, given: Given) -> Given:
    if not isinstance(given, tuple) or uno_type(argument) != "string" or len(given[0]) > 1:
        return given
    return (given[0],)


@dataclass
class Typed:
    """A call typed below the others: its arguments in cells, its formulas to their left.

    Attributes:
        call: what is typed.
        top: its first row, 0-based.
        height: rows that it takes.
        ranges: address → numbers and texts.
        cells: address → cells of other kinds.
        formulas: address → formula; a range where it is an array formula.
    """

    call: Call
    top: int
    height: int = 1
    ranges: dict[str, list[list[float | str]]] = field(default_factory=dict)
    cells: dict[str, Value] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    _column: int = _LEFT

    def __post_init__(self) -> None:
        function, expected = BY_NAME[self.call.function], self.call.expected
        places = [self._place(given) for given in self.call.given]
        rows = expected if isinstance(expected, tuple) else ((expected,),)
        self.height = max(self.height, len(rows))
        end = address(len(rows[0]) - 1, self.top + len(rows) - 1)
        start = address(0, self.top)
        if _each_its_own(function, self.call):
            for y, row in enumerate(rows):
                for x in range(len(row)):
                    self.formulas[address(x, self.top + y)] = self._formula(places, x, y)
        else:
            where = start if start == end else f"{start}:{end}"
            self.formulas[where] = self._formula(places)

    def _formula(self, places: list[_Place], x: int = -1, y: int = -1) -> str:
        return f"={self.call.function}({','.join(place.text(x, y) for place in places)})"

    def _place(self, given: Given) -> _Place:
        if not isinstance(given, tuple):
            return _Place(_typed(given))
        left, width = self._column, len(given[0])
        self._column += width + 1
        self.height = max(self.height, len(given))
        place = _Place("", left, self.top, width, len(given))
        self.ranges[place.text()] = [[_plain(cell) for cell in row] for row in given]
        self.cells |= dict(_special(given, left, self.top))
        return place


@dataclass(frozen=True)
class _Place:
    """Where an argument stands: typed into the formula, or in cells."""

    typed: str
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0

    def text(self, x: int = -1, y: int = -1) -> str:
        """The argument in a formula, or with *x* and *y* the one of its cells for that result."""
        if not self.width:
            return self.typed
        if x >= 0:
            return address(self.left + x * (self.width > 1), self.top + y * (self.height > 1))
        end = address(self.left + self.width - 1, self.top + self.height - 1)
        start = address(self.left, self.top)
        return start if start == end else f"{start}:{end}"


def _each_its_own(function: Function, call: Call) -> bool:
    """Whether a range stands where an array formula takes one value: people fill down instead."""
    return (
        isinstance(call.expected, tuple)
        and function.result == "cell"
        and any(
            argument.optional
            and argument.kind in _ONE_EACH
            and isinstance(given, tuple)
            and len(given) * len(given[0]) > 1
            for argument, given in zip(function.arguments, call.given, strict=False)
        )
    )


def _typed(given: str | float | None) -> str:
    if given is None:
        return ""
    return '"' + given.replace('"', '""') + '"' if isinstance(given, str) else repr(given)


def _plain(cell: Cell) -> float | str:
    return cell if isinstance(cell, float | str) and not isinstance(cell, bool) else ""


def _special(grid: Grid, left: int, top: int) -> Iterator[tuple[str, Value]]:
    for y, row in enumerate(grid):
        for x, cell in enumerate(row):
            at = address(left + x, top + y)
            if isinstance(cell, CellError):
                yield at, _ERRORS[cell.code]
            elif isinstance(cell, date):
                yield at, f"=DATE({cell.year},{cell.month},{cell.day})"
            elif isinstance(cell, bool):
                yield at, cell
