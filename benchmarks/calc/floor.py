"""Functions that return their argument, and a timer: runs inside LibreOffice, in its main thread.

The thread matters: a call from another one, as over a socket, first makes a Python thread and
takes four times as long.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import XServiceInfo
from com.sun.star.task import XJobExecutor
from org.healthsheet.bench import XFloor

_FLOOR, _TIMER = "org.healthsheet.bench.Floor", "org.healthsheet.bench.Timer"


class Floor(unohelper.Base, XFloor, XServiceInfo):  # type: ignore[misc]
    """What any add-in function costs: take the arguments, give one of them back."""

    def __init__(self, context: object) -> None:
        """Args: *context* is LibreOffice's."""

    def floorRow(self, values: Any, _headers: object, _model: object) -> object:  # noqa: N802
        """The first value of the row."""
        return ((values.getDataArray()[0][0],),)

    def floorRows(self, values: Any, _headers: object, _model: object) -> object:  # noqa: N802
        """The first value of every row."""
        return tuple([(row[0],) for row in values.getDataArray()])

    def floorCell(self, score: str) -> object:  # noqa: N802
        """The cell itself."""
        return score

    def getImplementationName(self) -> str:  # noqa: N802
        """Name of this implementation."""
        return _FLOOR

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """Whether *name* is this service."""
        return name == _FLOOR

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """All service names: one."""
        return (_FLOOR,)


class Timer(unohelper.Base, XJobExecutor):  # type: ignore[misc]
    """Types formulas beside rows of values and times their recalculation."""

    def __init__(self, context: Any) -> None:
        """Args: *context* is LibreOffice's."""
        self._desktop = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context
        )

    def trigger(self, path: str) -> None:
        """Do what the file says, write what was found beside it, and end LibreOffice."""
        job = Path(path)
        try:
            found = self._measure(json.loads(job.read_text()))
            told: dict[str, object] = {"seconds": found}
        except Exception as error:  # noqa: BLE001 - the other side raises it
            told = {"error": repr(error)}
        unfinished = job.with_suffix(".part")
        unfinished.write_text(json.dumps(told))
        unfinished.rename(job.with_suffix(".out"))
        self._desktop.terminate()

    def _measure(self, job: dict[str, Any]) -> dict[str, list[float]]:
        hidden = PropertyValue()
        hidden.Name, hidden.Value = "Hidden", True
        document = self._desktop.loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, (hidden,)
        )
        document.enableAutomaticCalculation(False)
        sheet = document.Sheets.getByIndex(0)
        found: dict[str, list[float]] = {case["name"]: [] for case in job["cases"]}
        for _ in range(job["rounds"]):
            for case in job["cases"]:
                _put(sheet, job["ranges"])
                found[case["name"]].append(_timed(document, sheet, case))
        document.close(True)
        return found


def _put(sheet: Any, ranges: dict[str, Any]) -> None:
    for address, rows in ranges.items():
        sheet.getCellRangeByName(address).setDataArray(tuple(map(tuple, rows)))


def _timed(document: Any, sheet: Any, case: dict[str, Any]) -> float:
    """Seconds of the second calculation: the first one understands the formulas."""
    where, formulas = sheet.getCellRangeByName(case["address"]), case["formulas"]
    if len(formulas) > 1:
        where.setFormulaArray(tuple((formula,) for formula in formulas))
    else:
        where.setArrayFormula(formulas[0])
    document.calculateAll()
    _put(sheet, case["ranges"])
    started = perf_counter()
    document.calculateAll()
    seconds = perf_counter() - started
    first = where.getCellByPosition(0, 0)
    if first.getError():
        raise ValueError(f"{formulas[0]} shows {first.getString()}")
    where.clearContents(1023)
    return seconds


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice asks for it
g_ImplementationHelper.addImplementation(Floor, _FLOOR, (_FLOOR,))
g_ImplementationHelper.addImplementation(Timer, _TIMER, (_TIMER,))
