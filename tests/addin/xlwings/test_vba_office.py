"""The add-in's VBA, run: LibreOffice reads the project and interprets it in cells.

Between the VBA and Python stands a bridge of the tests instead of the DLL and COM. LibreOffice is
not Excel: it has no ``Value2``, reads an error cell as 0, shows an error value as a text, and hands
over 0 for an argument left out between others, so that these refer to a blank cell here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from addin.cells import CellError, Fault, Grid, Result
from addin.hosts.xlwings.vba import modules
from addin.hosts.xlwings.vba_project import vba_project
from tests.addin.contract import CALLS, Call
from tests.addin.contract.call import Given
from tests.addin.test_functions import same
from tests.addin.xlwings.conftest import COMMAND
from tests.addin.xlwings.variants import serial
from tests.modules import ROOT
from tests.office.bridge import Bridge
from tests.office.client import Error, Sheet, Value
from tests.office.server import start, stop

pytestmark = [pytest.mark.office, pytest.mark.slow]

# Takes the place of HealthEngine: the same two names, answered through UNO. LibreOffice's Basic
# gets rows of rows where COM gives one array, and small whole numbers as Integers.
_BRIDGE = """\
Option Explicit
Public Problem As String
Private server As Object

Public Sub Connect(given As Object)
    Set server = given
End Sub

Public Function CallUDF(library As String, called As String, arguments As Variant) As Variant
    Dim told As Variant, out As Variant, y As Long, x As Long
    told = server.callFunction(library, Array(called, arguments))
    If Not IsArray(told) Then
        CallUDF = Wide(told)
        Exit Function
    End If
    If IsArray(told(0)) Then
        ReDim out(UBound(told), UBound(told(0)))
        For y = 0 To UBound(told)
            For x = 0 To UBound(told(0))
                out(y, x) = Wide(told(y)(x))
            Next
        Next
    Else
        ReDim out(UBound(told))
        For x = 0 To UBound(told)
            out(x) = Wide(told(x))
        Next
    End If
    CallUDF = out
End Function

Private Function Wide(value As Variant) As Variant
    If VarType(value) = vbInteger Then Wide = CLng(value) Else Wide = value
End Function
"""
_BLANK = "S1"
_CODES = {"2007": "#DIV/0!", "2015": "#VALUE!", "2036": "#NUM!", "2042": "#N/A"}


def _has_errors(call: Call) -> bool:
    grids = [g for g in call.given if isinstance(g, tuple)]
    return any(isinstance(cell, CellError) for grid in grids for row in grid for cell in row)


class _Typed:
    """A call in the rows from *top* on: its result in column A, its arguments from column U."""

    def __init__(self, call: Call, top: int) -> None:
        self.cells: dict[tuple[int, int], Value] = {}
        self.top, self._column = top, 20
        self.formula = f"={call.function}({','.join(map(self._argument, call.given))})"
        shape = call.expected if isinstance(call.expected, tuple) else ((call.expected,),)
        self.rows, self.columns = len(shape), len(shape[0])
        self.bottom = max([top + self.rows - 1, *(y for y, _ in self.cells)])

    def _argument(self, given: Given) -> str:
        if given is None:
            return _BLANK
        if isinstance(given, tuple):
            return self._range(given)
        return f'"{given}"' if isinstance(given, str) else repr(given)

    def _range(self, grid: Grid) -> str:
        left, self._column = self._column, self._column + len(grid[0])
        for y, row in enumerate(grid):
            for x, cell in enumerate(row):
                assert not isinstance(cell, CellError)
                value = serial(cell) if isinstance(cell, date) else cell
                self.cells[self.top + y, left + x] = value
        return str(xl_range(self.top, left, self.top + len(grid) - 1, self._column - 1))


def _run(folder: Path, typed: list[_Typed]) -> Sheet:
    """All calls in one workbook with the add-in's project, calculated."""
    path = _workbook(folder, typed)
    server = start(folder / "profile")  # one without our extension, which knows the names too
    try:
        with Bridge(server.port) as bridge:
            told = bridge.call(
                "macros",
                path=str(path),
                script="HealthSheet.Python.Connect",
                command=COMMAND,
                folder=str(ROOT),
            )
    finally:
        stop(server)
    return Sheet(told["Data"])


def _workbook(folder: Path, typed: list[_Typed]) -> Path:
    sources = modules("0.0.0")
    del sources["HealthEngine"]
    functions = sources["HealthFunctions"].replace(".Value2", ".Value")
    sources |= {
        "ThisWorkbook": "Option Explicit\r\n",
        "HealthFunctions": functions,
        "Python": _BRIDGE.replace("\n", "\r\n"),
    }
    project = folder / "vbaProject.bin"
    project.write_bytes(vba_project(sources, ("Data",)))
    path = folder / "calls.xlsm"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        book.add_vba_project(str(project))
        book.set_vba_name("ThisWorkbook")
        sheet.set_vba_name("Data")
        for call in typed:
            for (y, x), value in call.cells.items():
                if value is not None:
                    sheet.write(y, x, value)
            last = call.top + call.rows - 1
            sheet.write_array_formula(call.top, 0, last, call.columns - 1, call.formula)
    return path


def _result(value: Value | Error) -> Result | None:
    if isinstance(value, str) and value.startswith("Error "):
        return Fault(_CODES[value.removeprefix("Error ")])
    assert not isinstance(value, Error)
    return "" if value is None else value if isinstance(value, str) else float(value)


def _got(sheet: Sheet, where: _Typed) -> tuple[tuple[Result | None, ...], ...]:
    return tuple(
        tuple(_result(sheet[xl_rowcol_to_cell(where.top + y, x)]) for x in range(where.columns))
        for y in range(where.rows)
    )


def test_contract(tmp_path: Path) -> None:
    """The VBA hands arguments over and shows results and errors as it must, in every call."""
    calls = [call for call in CALLS if not _has_errors(call)]
    typed: list[_Typed] = []
    top = 0
    for call in calls:
        typed.append(_Typed(call, top))
        top = typed[-1].bottom + 2
    sheet = _run(tmp_path, typed)
    wrong = {}
    for call, where in zip(calls, typed, strict=True):
        got = _got(sheet, where)
        if not same(got if isinstance(call.expected, tuple) else got[0][0], call.expected):
            wrong[call.name] = got
    assert wrong == {}
    assert len(calls) > 150
