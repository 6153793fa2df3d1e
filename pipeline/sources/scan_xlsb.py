"""Error cells and extent of the sheets of an .xlsb package (binary records, MS-XLSB 2.1.4)."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.sources.package import Scan, damaged, part
from pipeline.sources.scan_xlsx import targets

# Record numbers of MS-XLSB 2.3: rows, cells that hold something, and sheets of the workbook.
_ROW, _CELL_ERROR, _FORMULA_ERROR = 0, 3, 11
_CELLS = frozenset(range(2, 12))
_BUNDLE_SHEET, _WORKBOOK_PROPERTIES, _BEGIN_STRINGS = 156, 153, 159
_FEW = 1_000_000
_CODES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def sheet_parts(package: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Sheet name → part name of every worksheet, and whether dates count from 1904."""
    start = targets(package, "_rels/.rels", "officeDocument")
    workbook = next(iter(start.values()), "xl/workbook.bin")
    folder, file = posixpath.split(workbook)
    parts = targets(package, posixpath.join(folder, "_rels", f"{file}.rels"), "worksheet")
    data = part(package, workbook)
    sheets: dict[str, str] = {}
    date1904 = False
    for kind, at, size in _records(data):
        if kind == _WORKBOOK_PROPERTIES and size >= 4:
            date1904 = bool(data[at] & 1)
        elif kind == _BUNDLE_SHEET:
            rel, end = _wide_text(data, at + 8)
            name, _ = _wide_text(data, end)
            if rel in parts:
                sheets[name] = parts[rel]
    return sheets, date1904


def check_counts(package: zipfile.ZipFile) -> None:
    """Refuse a shared-string table that claims more texts than it has room for."""
    for entry in package.infolist():
        if entry.filename.casefold().endswith("sharedstrings.bin"):
            data = part(package, entry.filename)
            kind, at, size = next(_records(data), (0, 0, 0))
            if kind == _BEGIN_STRINGS and size >= 8:
                claimed = max(struct.unpack_from("<II", data, at))
                if claimed > max(_FEW, entry.file_size):
                    raise damaged(Path(package.filename or "the workbook").name)


def _wide_text(data: bytes, at: int) -> tuple[str, int]:
    if at + 4 > len(data):
        return "", at
    (length,) = struct.unpack_from("<I", data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def scan_sheet(package: zipfile.ZipFile, name: str) -> Scan:
    """Error cells, and how far the used cells of one worksheet part reach."""
    data = part(package, name)
    errors: dict[tuple[int, int], str] = {}
    rows = columns = row = 0
    read = struct.Struct("<I").unpack_from
    for kind, at, size in _records(data):
        if kind == _ROW and size >= 4:
            row = read(data, at)[0]
        elif kind in _CELLS and size >= 8:
            column = read(data, at)[0]
            columns = max(columns, column + 1)
            rows = max(rows, row + 1)
            if kind in (_CELL_ERROR, _FORMULA_ERROR) and size >= 9:
                errors[row, column] = _CODES.get(data[at + 8], "#VALUE!")
    return errors, rows, columns


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(record number, start of its content, size) of every record; stops at a cut-off one."""
    at, end = 0, len(data) - 1
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | data[at] << 7
            at += 1
        size = shift = 0
        while at <= end:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        if at + size > end + 1:
            break
        yield kind, at, size
        at += size
