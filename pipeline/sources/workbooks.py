"""Workbooks (.xlsx, .xlsm, .xlsb, .ods) through calamine, with error cells put back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from pipeline.sources import scan_ods, scan_xlsb, scan_xlsx
from pipeline.sources.grid import Book, Grid
from pipeline.sources.package import BROKEN, Scan, check_extent, damaged, open_package, part
from scoring.errors import DataError
from scoring.parse_text import CellError

_T = TypeVar("_T")
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def open_workbook(path: Path) -> Book:
    """Open a zip-packed workbook; its sheets are read when asked for.

    Raises:
        DataError: not a workbook, damaged, password-protected, or unsafe to unpack.
    """
    package = open_package(path)
    names = set(package.namelist())
    if "content.xml" in names and "mimetype" in names:
        return _open_ods(path, package)
    if (
        any(n.endswith(".bin") and "workbook" in n for n in names)
        and "xl/workbook.xml" not in names
    ):
        scan_xlsb.check_counts(package)
        parts, date1904 = scan_xlsb.sheet_parts(package)
        return _book(path, parts, lambda n: scan_xlsb.scan_sheet(package, parts[n]), date1904)
    if "[Content_Types].xml" not in names:
        raise DataError(
            f"{path.name} is a zip archive, not a workbook. Unpack it and read what is inside."
        )
    scan_xlsx.check_counts(package)
    parts, date1904 = scan_xlsx.sheet_parts(package)
    return _book(path, parts, lambda n: scan_xlsx.scan_sheet(package, parts[n]), date1904)


def _open_ods(path: Path, package: zipfile.ZipFile) -> Book:
    kind = part(package, "mimetype").decode("ascii", "replace").strip()
    if not kind.startswith(_ODS):
        raise DataError(f"{path.name} is {kind}, not a spreadsheet. Save it as .ods or .xlsx.")
    if scan_ods.is_encrypted(package):
        raise DataError(protected(path.name))
    scans = scan_ods.scan_sheets(package, path.name)
    for name, scan in scans.items():
        # calamine reads all sheets of an .ods file when it opens it.
        check_extent(path.name, name, scan)
    workbook = _guarded(path.name, lambda: CalamineWorkbook.from_path(str(path)))
    names = dict.fromkeys(workbook.sheet_names, "")
    return _book(path, names, lambda n: scans.get(n, ({}, 0, 0)), date1904=False)


def protected(name: str) -> str:
    """What to say about a file that a password locks."""
    return f"{name} is password-protected. Save a copy without a password and read that."


def _book(path: Path, parts: dict[str, str], scan: Callable[[str], Scan], date1904: bool) -> Book:
    if not parts:
        raise DataError(f"{path.name} holds no worksheet. Give a workbook with an Accounts sheet.")

    @cache
    def workbook() -> CalamineWorkbook:
        return _guarded(path.name, lambda: CalamineWorkbook.from_path(str(path)))

    def grid(name: str) -> Grid:
        try:
            found = scan(name)
        except BROKEN as error:
            raise damaged(path.name) from error
        check_extent(path.name, name, found)
        return Grid(name, _rows(path.name, workbook(), name, found[0]))

    return Book(path.name, tuple(parts), grid, date1904=date1904)


def _rows(
    label: str, workbook: CalamineWorkbook, name: str, errors: dict[tuple[int, int], str]
) -> list[list[Any]]:
    rows: list[list[Any]] = _guarded(
        label, lambda: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    )
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in errors)])
    height = max([len(rows), *(row + 1 for row, _ in errors)])
    if rows and width > len(rows[0]):
        for row in rows:
            row.extend([""] * (width - len(row)))
    rows.extend([""] * width for _ in range(height - len(rows)))
    for (row_at, column), code in errors.items():
        rows[row_at][column] = CellError(code)
    return rows


def _guarded(label: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except CalamineError as error:
        if "password" in str(error).casefold():
            raise DataError(protected(label)) from error
        raise damaged(label) from error
    except (OSError, ValueError, OverflowError, UnicodeError, MemoryError) as error:
        raise damaged(label) from error
    except BaseException as error:
        # A panic inside calamine arrives as an exception beside Exception; everything else passes.
        if type(error).__name__ == "PanicException":
            raise damaged(label) from error
        raise
