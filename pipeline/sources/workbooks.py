"""Workbooks (.xlsx, .xlsm, .xlsb, .ods) through calamine, with error cells put back."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from pipeline.sources import formats, scan_ods, scan_xlsb, scan_xlsx
from pipeline.sources.blocks import gather
from pipeline.sources.grid import Book, Grid
from pipeline.sources.package import BROKEN, Scan, check_extent, damaged, open_package, part
from scoring.errors import DataError
from scoring.parse_text import CellError

_T = TypeVar("_T")
# Titles and header rows stand here, and all of a short sheet such as Model.
_HEAD_ROWS = 1000
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
    styles = cache(lambda: formats.currency_styles(package, scan_xlsx.styles_part(package)))

    def currencies(name: str, position: int) -> Mapping[int, str]:
        return formats.column_currencies(package, parts[name], styles(), position)

    scan = partial(_scan_xlsx, package, parts)
    return _book(path, parts, scan, date1904, currencies)


def _scan_xlsx(package: zipfile.ZipFile, parts: Mapping[str, str], name: str) -> Scan:
    return scan_xlsx.scan_sheet(package, parts[name])


def _open_ods(path: Path, package: zipfile.ZipFile) -> Book:
    kind = part(package, "mimetype").decode("ascii", "replace").strip()
    if not kind.startswith(_ODS):
        raise DataError(f"{path.name} is {kind}, not a spreadsheet. Save it as .ods or .xlsx.")
    if scan_ods.is_encrypted(package):
        raise DataError(protected(path.name))
    scans, amounts = scan_ods.scan_sheets(package, path.name)
    for name, scan in scans.items():
        # calamine reads all sheets of an .ods file when it opens it.
        check_extent(path.name, name, scan)
    workbook = _guarded(path.name, lambda: CalamineWorkbook.from_path(str(path)))
    names = dict.fromkeys(workbook.sheet_names, "")

    def currencies(name: str, position: int) -> Mapping[int, str]:
        return amounts.get(name, {}).get(position, {})

    return _book(path, names, lambda n: scans.get(n, ({}, 0, 0)), False, currencies)


def protected(name: str) -> str:
    """What to say about a file that a password locks."""
    return f"{name} is password-protected. Save a copy without a password and read that."


def _book(
    path: Path,
    parts: dict[str, str],
    scan: Callable[[str], Scan],
    date1904: bool,
    currencies: Callable[[str, int], Mapping[int, str]] = lambda _name, _position: {},
) -> Book:
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
        read = _grid(path.name, workbook(), name, found[0])
        return replace(read, currencies=partial(currencies, name))

    return Book(path.name, tuple(parts), grid, date1904=date1904)


def _grid(
    label: str, workbook: CalamineWorkbook, name: str, errors: dict[tuple[int, int], str]
) -> Grid:
    sheet = _guarded(label, lambda: workbook.get_sheet_by_name(name))
    # The reader leaves out the empty columns in front, not the empty rows.
    front = sheet.start[1] if sheet.start else 0
    width = max([front + sheet.width, *(column + 1 for _, column in errors)])
    back = width - front - sheet.width
    height = max([0, *(row + 1 for row, _ in errors)])
    rows = _repaired(sheet.iter_rows() if sheet.start else (), [""] * sheet.width,
                     [""] * front, [""] * back, height, errors)  # fmt: skip
    head = list(islice(rows, _HEAD_ROWS))
    return Grid(name, head, gather(rows, width) if len(head) == _HEAD_ROWS else None)


def _repaired(
    rows: Iterable[list[Any]],
    middle: list[object],
    front: list[object],
    back: list[object],
    height: int,
    errors: dict[tuple[int, int], str],
) -> Iterator[list[Any]]:
    """Rows at their full width, at least *height* of them, with the error cells in place.

    *middle* is an empty row of the reader's, *front* and *back* what it leaves out beside it.
    """
    if not front and not back and not errors:
        yield from rows
        return
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (at, column), code in errors.items():
        by_row.setdefault(at, []).append((column, code))
    below = (middle for _ in count())
    for number, cells in enumerate(chain(rows, below)):
        if cells is middle and number >= height:
            return
        full = [*front, *cells, *back]
        for column, code in by_row.get(number, ()):
            full[column] = CellError(code)
        yield full


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
