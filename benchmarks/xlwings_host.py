"""Cells in Excel through a local Python: what Python costs a call, without Excel, DLL and COM.

The Windows half of xlwings runs unmodified over stubs of pywin32, in a process of its own, because
the stubs patch it.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time
from typing import Any

from addin.registry import FUNCTIONS
from benchmarks.measure import Row
from tests.addin.test_functions import whole_row
from tests.addin.xlwings import windows
from tests.addin.xlwings.excel import Application, Workbook, Worksheet

_MODEL = "four-dimension"
_OURS = "HealthSheet: HEALTH_SCORE"
_FLOOR = "the host alone: a function that returns its argument"
_NUMPY = "xlwings' own way: a range object, read as numpy and returned"
_FRAME = "xlwings' own way: read as a DataFrame and returned"
_BARE = "HEALTH_SCORE in Python, without any host"
_ADDED = "of that, our own conversion of arguments and result"
_CALLS = 1_000
_TARGETS = {_ADDED: 1.0}
"""In times of the host alone."""


def xlwings_cells(count: int = 10_000) -> Iterator[Row]:
    """Rows for one call over a row of cells, and for one call over *count* rows."""
    command = [sys.executable, "-m", "benchmarks.xlwings_host", str(count)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, float]] = json.loads(told.stdout)
    width = len(whole_row(_MODEL, 0))
    for kind, seconds in found.items():
        one = kind == "one"
        job = f"Excel with a local Python, {'one row' if one else f'{count:,} rows'} of {width}"
        for case, each in seconds.items():
            yield Row(
                job=job,
                case=case,
                seconds=each,
                shown=f"{each * 1e6:,.0f} µs a call" if one else f"{each * 1e3:,.1f} ms",
                ratio=each / seconds[_FLOOR],
                target=_TARGETS.get(case) if one else None,
            )


def _measure(count: int) -> dict[str, dict[str, float]]:
    windows.install()
    import xlwings.com_server

    from addin.hosts.xlwings import functions  # after xlwings, which it decorates with

    sys.modules["peers"] = _peers()
    cases = _Cases(xlwings.com_server.XLPython())
    headers = cases.headers
    ours = ("addin.hosts.xlwings.functions", "HEALTH_SCORE", headers, _MODEL)
    one = _rounds(
        {
            _FLOOR: lambda: cases.many("peers", "plain", headers, _MODEL),
            _BARE: lambda: cases.direct(FUNCTIONS[0].call),
            _OURS: lambda: cases.many(*ours),
            _ADDED: lambda: cases.direct(functions.HEALTH_SCORE),
            _NUMPY: cases.objects,
        },
        9,
    )
    one[_ADDED] -= one[_BARE]
    all_rows = _rounds(
        {
            _FLOOR: lambda: cases.whole(count, "peers", "plain"),
            _OURS: lambda: cases.whole(count, *ours),
            _FRAME: lambda: cases.whole(count, "peers", "frame"),
        },
        3,
    )
    return {"one": {case: s / _CALLS for case, s in one.items()}, "many": all_rows}


class _Cases:
    """Each method makes fresh rows, then gives the processor seconds of its calls."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.headers = (tuple(whole_row(_MODEL, 0)),)
        self._rows = _rows()
        self._sheet = Workbook(Application()).sheet("Data", [])

    def many(self, module: str, name: str, *more: object) -> float:
        """A call a row, as our add-in hands it over."""
        lines = [next(self._rows) for _ in range(_CALLS)]
        started = process_time()
        for line in lines:
            self.server.CallUDF(module, name, ((line,), *more))
        return process_time() - started

    def direct(self, function: Callable[..., object]) -> float:
        """A call a row, in Python."""
        lines = [next(self._rows) for _ in range(_CALLS)]
        started = process_time()
        for line in lines:
            function((line,), self.headers, _MODEL)
        return process_time() - started

    def objects(self) -> float:
        """As xlwings' own wrapper hands a range over: an object that Python asks for its values."""
        lines = range(1, _CALLS + 1)
        areas = [_area(self._sheet, y, next(self._rows)) for y in lines]
        started = process_time()
        for area in areas:
            self.server.CallUDF("peers", "array", (area, self.headers, _MODEL))
        return process_time() - started

    def whole(self, count: int, module: str, name: str, *more: object) -> float:
        """One call over all rows."""
        lines = tuple(next(self._rows) for _ in range(count))
        started = process_time()
        self.server.CallUDF(module, name, (lines, *more))
        return process_time() - started


def _rounds(cases: dict[str, Callable[[], float]], count: int) -> dict[str, float]:
    """Median seconds; every run takes rows that were never scored, or a cache would answer."""
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(count):
        for name, run in cases.items():
            found[name].append(run())
    return {name: median(seconds) for name, seconds in found.items()}


def _rows() -> Iterator[tuple[object, ...]]:
    return (tuple(whole_row(_MODEL, seed).values()) for seed in itertools.count())


def _area(sheet: Worksheet, y: int, line: tuple[object, ...]) -> Any:
    area = sheet.Range(sheet.Cells(y, 1), sheet.Cells(y, len(line)))
    area.Value2 = (line,)
    return area


def _peers() -> Any:
    """Functions that return what they get, read by xlwings in three ways."""
    import types

    import numpy as np
    import pandas as pd
    import xlwings as xw

    peers: Any = types.ModuleType("peers")
    peers.__file__ = __file__

    def made(name: str, **options: Any) -> None:
        def same(values, headers=None, model=None):  # type: ignore[no-untyped-def]
            return values

        returned = {"index": False, "header": False} if name == "frame" else {}
        read = xw.arg("values", **options)(xw.func(same))
        for other in ("headers", "model"):
            read = xw.arg(other, "raw")(read)
        setattr(peers, name, xw.ret("raw" if name == "plain" else None, **returned)(read))

    made("plain", convert="raw")
    made("array", convert=np.array, ndim=2)
    made("frame", convert=pd.DataFrame, index=False, header=False)
    return peers


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
