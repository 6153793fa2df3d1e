"""The Python behind the add-in, as a process that stands where Excel's COM server would.

Usage: ``python -m tests.addin.xlwings.answers``. Each line of input is a JSON list of module,
function and arguments, as VBA hands them over; the line that answers it is what VBA gets back.
Lists are arrays, whole numbers Longs, the rest Doubles; an error value is a Long. Beside these an
argument may be an object of Excel: ``{"range": rows}`` or ``{"workbook": rows}``; among the rows
``{"date": "2026-01-31"}`` is what a date cell's Value is.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.addin.xlwings import windows
from tests.addin.xlwings.excel import Application, Workbook


def _plain(value: Any) -> object:
    """JSON as pywin32 hands it over: arrays as tuples of tuples, objects of Excel as such."""
    if isinstance(value, list):
        return tuple(map(_plain, value))
    if not isinstance(value, dict):
        return value
    if "date" in value:
        return windows.TimeType.fromisoformat(value["date"])
    book = Workbook(Application())
    ((kind, given),) = value.items()
    rows = [[_plain(cell) for cell in row] for row in given]
    sheet = book.sheet("Data", rows, active=(2, 1))
    if kind == "workbook":
        return book
    return sheet.Range(sheet.Cells(1, 1), sheet.Cells(len(rows), len(rows[0])))


def _bare(variant: object) -> object:
    """A VARIANT without its kind: in JSON the kinds differ by themselves."""
    if isinstance(variant, list):
        return [_bare(item) for item in variant]
    assert isinstance(variant, tuple)
    return variant[1]


def main() -> None:
    """Answer until the input ends."""
    windows.install()
    import xlwings.com_server  # only what stands now makes it importable

    server: Any = xlwings.com_server.XLPython()
    for line in sys.stdin:
        module, function, arguments = json.loads(line)
        result = server.CallUDF(module, function, _plain(arguments))
        print(json.dumps(_bare(windows.to_variant(result))), flush=True)


if __name__ == "__main__":
    main()
