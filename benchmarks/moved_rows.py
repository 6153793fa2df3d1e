"""Accounts that leave a workbook people work in while others come: rows and formulas move up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.measure import Row, peak_megabytes, rounds
from benchmarks.rows import WIDTH, accounts
from workbook_templates.fill import Template
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.rearrange import rearrange
from workbook_templates.ooxml.rowmap import RowMap
from workbook_templates.package import Package, save_bytes

__all__ = ["rows_moved"]

_SHEET = "xl/worksheets/sheet1.xml"
_FORMULAS = {
    "AG": "$S{n}*2",
    "AH": "IF($T{n}&gt;500,$U{n},Summary!$B$1)",
    "AI": "AH{n}+L{n}",
}
"""Beside the Table, in every row: column → formula."""
_FLOOR = "floor: inflate, deflate"
_CASE = "2 % of the rows leave, as many come"


def rows_moved(
    data: bytes, path: Path, count: int, floor: Callable[[bytes], None], *, memory: bool
) -> Iterator[Row]:
    """Rows for a refresh in which one account in fifty leaves and as many are new.

    Args:
        data: a workbook of ``count`` accounts.
        path: where one with formulas beside them is put.
        count: the accounts.
        floor: the least that is done with the bytes of such a workbook.
        memory: whether to measure the peak in a process of its own.
    """
    worked = _computed(data)
    save_bytes(path, worked)
    found = rounds({_FLOOR: partial(floor, worked), _CASE: partial(_move, worked, accounts(count))})
    for case, seconds in found.items():
        measured = memory and case == _CASE
        yield Row(
            job=f"portfolio of {count:,} × {WIDTH} and 3 formulas a row: rows leave and come",
            case=case,
            seconds=seconds,
            shown=f"{seconds:.3f} s",
            ratio=seconds / found[_FLOOR],
            peak=peak_megabytes(_move_fresh, path, count) if measured else None,
        )


def _computed(data: bytes) -> bytes:
    """The workbook with formulas of its own row in each row, as people fill them down."""
    package = Package(data)
    rows = package.read(_SHEET).split(b"</row>")
    for k in range(1, len(rows) - 1):
        cells = (
            f'<c r="{col}{k + 1}"><f>{text.format(n=k + 1)}</f><v>1</v></c>'
            for col, text in _FORMULAS.items()
        )
        rows[k] += "".join(cells).encode()
    package.replace(_SHEET, b"</row>".join(rows))
    return package.to_bytes()


def _move(data: bytes, frame: pd.DataFrame) -> bytes:
    source = [*(k for k in range(len(frame)) if k % 50), *[None] * (len(frame) // 50)]
    book = rearrange(Book(Package(data)), [RowMap("Accounts", tuple(source))])
    rows = frame.iloc[[k or 0 for k in source]]
    columns = Columns({str(name): rows[name] for name in rows.columns}, len(rows))
    return Template.of(book).fill({"known": 2.0}, {"Accounts": columns})


def _move_fresh(path: Path, count: int) -> None:
    _move(path.read_bytes(), accounts(count))
