"""One result a cell: how a function of single values answers ranges of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from addin.cells import (
    Cell,
    CellError,
    CellProblem,
    Fault,
    Grid,
    Result,
    Results,
    as_grid,
    is_error,
    or_fault,
)
from scoring.parse_text import is_blank

__all__ = ["broadcast", "error_in"]

_SINGLE = frozenset({float, str, bool, type(None), CellError})
"""What a host hands over where no range stands."""


def broadcast(one: Callable[..., Result], main: object, *others: object) -> Results:
    """Answer each cell of the arguments; a single value goes with every cell of a range.

    An error cell gives the same error back. Where the main argument is blank there is nothing to
    say, and the answer is an empty text.

    Args:
        one: takes one cell an argument: no error cells, and the first is not blank.
        main: the argument that the answer is about.
        others: further arguments, None where left out.

    Returns:
        One result, or as many as the ranges have cells, in their shape, each with its own fault.

    Raises:
        CellProblem: ranges of different sizes; what *one* raises for single cells.
    """
    given = (main, *others)
    # The usual case, a formula in each row: nothing to shape.
    if _SINGLE.issuperset(map(type, given)):
        return _answer(one, *given)  # type: ignore[arg-type]
    grids = [as_grid(argument) for argument in given]
    height, width = _common_size(grids)
    if height == width == 1:
        return _answer(one, *(grid[0][0] for grid in grids))
    spread = [_extended(grid, height, width) for grid in grids]
    return tuple(
        tuple(or_fault(_answer, one, *cells) for cells in zip(*rows, strict=True))
        for rows in zip(*spread, strict=True)
    )


def _common_size(grids: Sequence[Grid]) -> tuple[int, int]:
    """Rows and columns of the ranges; 1 and 1 where all are single cells."""
    sizes = list(dict.fromkeys((len(grid), len(grid[0])) for grid in grids))
    ranges = [size for size in sizes if size != (1, 1)]
    if len(ranges) > 1:
        told = " and ".join(f"{height} × {width}" for height, width in ranges)
        text = f"Ranges differ in size: {told} cells. Give ranges of the same shape."
        raise CellProblem("#VALUE!", text)
    return ranges[0] if ranges else (1, 1)


def _extended(grid: Grid, height: int, width: int) -> Grid:
    single = len(grid) == len(grid[0]) == 1
    return ((grid[0][0],) * width,) * height if single else grid


def _answer(one: Callable[..., Result], main: Cell, *others: Cell) -> Result:
    if fault := error_in(main):
        return fault
    if is_blank(main):
        return ""
    faults = (fault for cell in others if (fault := error_in(cell)))
    return next(faults, None) or one(main, *others)


def error_in(cell: Cell) -> Fault | None:
    """The result that an error cell leads to, the same error; None for any other cell."""
    if not is_error(cell):
        return None
    code = cell.code if isinstance(cell, CellError) else str(cell).strip()
    return Fault(code, f"A cell that this one reads shows {code}. Repair that cell first.")
