"""Calls typed into a workbook of functions, evaluated by an engine that knows LAMBDA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import ironcalc
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from addin.cells import Cell, CellError, Fault, Grid, Result, Results
from tests.addin.contract import Call
from tests.addin.contract.call import Given

__all__ = ["Engine"]

_ERRORS = {"#N/A": "=NA()", "#DIV/0!": "=1/0"}
_EPOCH = date(1899, 12, 30)
_FIRST = 10
"""Column of the first argument; results stand left of it."""


class Engine:
    """One workbook, with a sheet of our own to type on."""

    def __init__(self, path: Path) -> None:
        self._model = ironcalc.load_from_xlsx(str(path))
        self._model.add_sheet("Typed")
        names = [str(s["name"]) for s in self._model.get_worksheets_properties()]
        self._sheets = {name: i for i, name in enumerate(names)}
        self._top = 0
        self._stale = True

    def change(self, sheet: str, row: int, column: int, value: float | str | None) -> None:
        """Type a value into a cell; row and column count from 0."""
        self._stale = True
        if value is None:
            self._model.clear_cell_contents(self._sheets[sheet], row + 1, column + 1)
        else:
            self._type(self._sheets[sheet], row, column, value)

    def value(self, sheet: str, row: int, column: int) -> Result:
        """What a cell shows; row and column count from 0."""
        self._evaluate()
        return self._shown(self._sheets[sheet], row, column)

    def answers(self, calls: Sequence[Call]) -> Mapping[str, Results]:
        """What each call gives, by its name; rows of results as many as are expected."""
        places = {call.name: self._call(call) for call in calls}
        self._stale = True
        self._evaluate()
        return {call.name: self._result(places[call.name], call.expected) for call in calls}

    def _evaluate(self) -> None:
        if self._stale:
            self._model.evaluate()
            self._stale = False

    def _call(self, call: Call) -> int:
        """Type a call; the row of its formula."""
        top, column = self._top, _FIRST
        arguments, heights = [], [len(call.expected) if isinstance(call.expected, tuple) else 1]
        for given in call.given:
            if isinstance(given, tuple):
                arguments.append(self._grid(given, top, column))
                column += len(given[0]) + 1
                heights.append(len(given))
            else:
                arguments.append(_typed(given))
        while arguments and not arguments[-1]:
            arguments.pop()
        formula = f"={call.function}({','.join(arguments)})"
        self._model.set_user_input(self._sheets["Typed"], top + 1, 1, formula)
        self._top += max(heights) + 1
        return top

    def _grid(self, grid: Grid, top: int, left: int) -> str:
        for y, cells in enumerate(grid):
            for x, cell in enumerate(cells):
                if cell is not None:
                    self._type(self._sheets["Typed"], top + y, left + x, cell)
        if len(grid) == len(grid[0]) == 1:
            return str(xl_rowcol_to_cell(top, left))
        return str(xl_range(top, left, top + len(grid) - 1, left + len(grid[0]) - 1))

    def _type(self, sheet: int, row: int, column: int, cell: Cell) -> None:
        at = (sheet, row + 1, column + 1)
        if isinstance(cell, bool):
            self._model.update_cell_with_bool(*at, cell)
        elif isinstance(cell, CellError):
            self._model.set_user_input(*at, _ERRORS[cell.code])
        elif isinstance(cell, date):
            self._model.update_cell_with_number(*at, float((cell - _EPOCH).days))
        elif isinstance(cell, str):
            self._model.update_cell_with_text(*at, cell)
        elif cell is not None:
            self._model.update_cell_with_number(*at, float(cell))

    def _result(self, top: int, expected: Results) -> Results:
        if not isinstance(expected, tuple):
            return self._shown(self._sheets["Typed"], top, 0)
        size = range(len(expected)), range(len(expected[0]))
        return tuple(
            tuple(self._shown(self._sheets["Typed"], top + y, x) for x in size[1]) for y in size[0]
        )

    def _shown(self, sheet: int, row: int, column: int) -> Result:
        value = self._model.get_cell_value(sheet, row + 1, column + 1)
        if self._model.get_cell_type(sheet, row + 1, column + 1) == ironcalc.CellType.ErrorValue:
            return Fault(str(value))
        return "" if value is None else value if isinstance(value, str) else float(value)


def _typed(given: Given) -> str:
    if given is None:
        return ""
    return f'"{given}"' if isinstance(given, str) else repr(given)
