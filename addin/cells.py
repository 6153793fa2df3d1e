"""Cells in, cells out: what every host hands over and gets back, in one form.

A host turns its own values into these before a function sees them: a blank is None or "", a
number a float (a date may be its serial number), an error cell a `CellError`; a range is a tuple
of rows. A function gives back a float, a text or a `Fault`, or rows of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, ParamSpec, TypeVar

from scoring.errors import DataError
from scoring.parse_text import ERROR_CODES, CellError, ValueProblem, is_blank

__all__ = [
    "Cell",
    "CellError",
    "CellProblem",
    "Fault",
    "Grid",
    "Result",
    "Results",
    "advice",
    "as_grid",
    "as_text",
    "filled",
    "is_error",
    "on_day",
    "or_fault",
    "shown",
    "single",
    "today",
]

P = ParamSpec("P")
T = TypeVar("T")

Cell = float | str | bool | date | CellError | None
Row = tuple[Cell, ...]
Grid = tuple[Row, ...]

_EMPTY = frozenset({None, ""})


@dataclass(frozen=True, slots=True)
class Fault:
    """An error result: the spreadsheet's own code, and the sentence that says what to fix.

    Attributes:
        code: ``#VALUE!`` (cannot be read), ``#NUM!`` (number off its scale), ``#N/A`` (not
            enough data), or the code of the error cell that was handed in.
        message: names column and value; shown where the host can show it.
    """

    code: str
    message: str = ""

    def __str__(self) -> str:
        return self.code


Result = float | str | Fault
Results = Result | tuple[tuple[Result, ...], ...]
"""One cell, or rows of cells."""


class CellProblem(DataError):
    """A function cannot give a value; ``fault`` is what the cell shows instead."""

    def __init__(self, code: Literal["#VALUE!", "#NUM!", "#N/A"], message: str) -> None:
        super().__init__(message)
        self.fault = Fault(code, message)


def as_grid(argument: object) -> Grid:
    """An argument as rows: a single value is one cell, a flat sequence one row.

    Raises:
        CellProblem: rows of different lengths.
    """
    # The usual cases first: asking for the type is quicker than `isinstance` of a `Sequence`.
    if type(argument) is float or type(argument) is str:
        return ((argument,),)
    if type(argument) is tuple and len(argument) == 1 and type(argument[0]) is tuple:
        return argument
    if not isinstance(argument, Sequence) or isinstance(argument, str):
        return ((argument,),)  # type: ignore[return-value]
    if not argument or not isinstance(argument[0], tuple | list):
        return (tuple(argument),)
    grid = tuple(tuple(row) for row in argument)
    if len(set(map(len, grid))) > 1:
        raise CellProblem("#VALUE!", "The rows differ in length. Give a rectangular range.")
    return grid


def single(argument: object, name: str) -> Cell:
    """The one cell of an argument that may not be a range.

    Raises:
        CellProblem: several cells; names the argument.
    """
    grid = as_grid(argument)
    if len(grid) * len(grid[0]) > 1:
        raise CellProblem("#VALUE!", f"{name}: several cells where one belongs. Give one cell.")
    return grid[0][0] if grid[0] else None


def as_text(argument: object, name: str) -> str:
    """Text of a one-cell argument; empty where it is left out or blank.

    Raises:
        CellProblem: a number, an error cell or several cells.
    """
    cell = single(argument, name)
    # Hosts hand a reference to a blank cell over as 0, and no text argument is called 0.
    if is_blank(cell) or cell == 0:
        return ""
    if not isinstance(cell, str):
        raise CellProblem("#VALUE!", f"{name}: {shown(cell)} where a text belongs. Type a text.")
    return cell.strip()


def filled(grid: Grid) -> int:
    """Number of rows down to the last that holds anything: people give whole columns."""
    count = len(grid)
    while count and _EMPTY.issuperset(grid[count - 1]):
        count -= 1
    return count


def or_fault(function: Callable[P, T], *given: P.args, **more: P.kwargs) -> T | Fault:
    """A result or what is wrong: each cell of a range has its own error."""
    try:
        return function(*given, **more)
    except CellProblem as problem:
        return problem.fault


def is_error(cell: Cell) -> bool:
    """Whether a cell holds a spreadsheet error, as such or as exported text."""
    if isinstance(cell, str):
        return cell.startswith("#") and cell.strip() in ERROR_CODES
    return isinstance(cell, CellError)


def shown(cell: object) -> str:
    """A cell's value as a message shows it: short, on one line; ``blank`` where there is none."""
    if cell is None or cell == "":
        return "blank"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    text = " ".join(str(cell).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def advice(problem: ValueProblem) -> str:
    """What is wrong with a value and what to type; in a cell nobody can declare how it is read."""
    fix, _, _ = problem.fix.partition(", or declare ")
    return f"{problem.message} {fix.removesuffix('.')}."


_DAY: ContextVar[date | None] = ContextVar("day", default=None)


def today() -> date:
    """The day that ages in a cell count to: today, where the spreadsheet runs."""
    return _DAY.get() or datetime.now().astimezone().date()


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let `today` be another day inside: a server may stand in another time zone."""
    token = _DAY.set(day)
    try:
        yield
    finally:
        _DAY.reset(token)
