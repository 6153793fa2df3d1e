"""Error cells and extent of the sheets of an .xlsx or .xlsm package.

The fast reader shows error cells as empty ones and reserves memory up to the farthest cell; both
are found here first, in one pass over the sheet's XML.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.sources.grid import column_position
from pipeline.sources.package import MOST_CELLS, Scan, chunks, damaged, xml
from pipeline.sources.sheet_bounds import Bounds, bound

_REL_ID = re.compile(r"\{.*(officeDocument/2006|officeDocument)/relationships\}id$")
_PREFIX = re.compile(rb"<(\w+:)?worksheet[\s>]")
_CELL_OR_ROW = re.compile(rb"<(?:\w+:)?(row|c)((?:\s[^>]*?)?)(/?)>")
_CELL_REF = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]{1,3})(\d{1,9})")
_ROW_REF = re.compile(rb"\sr\s*=\s*[\"']\s*(\d{1,9})")
_IS_ERROR = re.compile(rb"\st\s*=\s*[\"']\s*e\s*[\"']")
_COUNT = re.compile(rb"[cC]ount\s*=\s*[\"'](\d+)[\"']")
_FEW = 1_000_000
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")


def sheet_parts(package: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Sheet name → part name of every worksheet, and whether dates count from 1904."""
    start = targets(package, "_rels/.rels", "officeDocument")
    workbook = next(iter(start.values()), "xl/workbook.xml")
    folder, file = posixpath.split(workbook)
    parts = targets(package, posixpath.join(folder, "_rels", f"{file}.rels"), "worksheet")
    root = xml(package, workbook)
    sheets: dict[str, str] = {}
    date1904 = False
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            date1904 = element.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            ids = [v for k, v in element.items() if _REL_ID.match(k)]
            if ids and ids[0] in parts:
                sheets[element.get("name", "")] = parts[ids[0]]
    return sheets, date1904


def styles_part(package: zipfile.ZipFile) -> str:
    """Name of the part with cell formats; empty when there is none."""
    start = targets(package, "_rels/.rels", "officeDocument")
    folder, file = posixpath.split(next(iter(start.values()), "xl/workbook.xml"))
    found = targets(package, posixpath.join(folder, "_rels", f"{file}.rels"), "styles")
    return next(iter(found.values()), "")


def check_counts(package: zipfile.ZipFile) -> None:
    """Refuse a shared-string table that claims more texts than it has room for.

    The fast reader reserves memory for as many as the table claims, and that ends the process.
    """
    for entry in package.infolist():
        if not entry.filename.casefold().endswith("sharedstrings.xml"):
            continue
        head = next(chunks(package, entry.filename, b"<"))[:4096]
        claimed = [int(n) for n in _COUNT.findall(head)]
        # The shortest entry, <si/>, takes five bytes.
        if claimed and max(claimed) > max(_FEW, entry.file_size):
            raise damaged(Path(package.filename or "the workbook").name)


def targets(package: zipfile.ZipFile, rels: str, kind: str) -> dict[str, str]:
    """Relation id → part name, of the relations of one kind."""
    if rels not in package.namelist():
        return {}
    base = posixpath.dirname(posixpath.dirname(rels))
    out: dict[str, str] = {}
    for element in xml(package, rels):
        if element.get("Type", "").endswith(f"/{kind}"):
            target = posixpath.join(f"/{base}", element.get("Target", ""))
            out[element.get("Id", "")] = posixpath.normpath(target).lstrip("/")
    return out


def scan_sheet(package: zipfile.ZipFile, name: str) -> Scan:
    """Error cells, and how far the used cells of one worksheet part reach."""
    with package.open(name) as stream:
        head = stream.read(4096)
    if 0 in head:
        # UTF-16, which no spreadsheet program writes here, would hide its cells from the scan.
        raise damaged(Path(package.filename or "the workbook").name)
    found = _PREFIX.search(head)
    prefix = (found.group(1) or b"") if found else b""
    cut = b"<" + prefix + b"row"
    errors: dict[tuple[int, int], str] = {}
    rows = columns = 0
    row = -1
    for piece, plain in _bounded(chunks(package, name, cut)):
        bounds = None if prefix else plain
        if bounds is None or bounds.errors:
            walk = _walk(piece, row)
            errors |= walk.errors
            row = walk.row
            bounds = bounds or walk.extent
        elif bounds.last_row:
            row = bounds.last_row - 1
        rows, columns = max(rows, bounds.rows), max(columns, bounds.columns)
    if rows * columns > MOST_CELLS:
        # The bounds count formatted but empty cells, which do no harm.
        rows, columns = _used(chunks(package, name, cut))
    return errors, rows, columns


def _bounded(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, Bounds | None]]:
    """Pieces with their bounds, which are found while the next piece is unpacked."""
    with ThreadPoolExecutor(1) as pool:
        waiting: deque[tuple[bytes, Future[Bounds | None]]] = deque()
        for piece in pieces:
            waiting.append((piece, pool.submit(bound, piece)))
            if len(waiting) > 2:
                first, bounds = waiting.popleft()
                yield first, bounds.result()
        for first, bounds in waiting:
            yield first, bounds.result()


def _used(pieces: Iterator[bytes]) -> tuple[int, int]:
    rows = columns = 0
    row = -1
    for piece in pieces:
        walk = _walk(piece, row)
        row = walk.row
        rows, columns = max(rows, walk.extent.rows), max(columns, walk.extent.columns)
    return rows, columns


@dataclass
class _Walk:
    """What a piece holds: its error cells, the extent of its used cells, its last row (0-based)."""

    errors: dict[tuple[int, int], str]
    extent: Bounds
    row: int


def _walk(piece: bytes, row: int) -> _Walk:
    """Follow every row and cell; one without a reference follows the one before it."""
    errors: dict[tuple[int, int], str] = {}
    rows = columns = 0
    column = -1
    for tag in _CELL_OR_ROW.finditer(piece):
        kind, attributes, closed = tag.groups()
        if kind == b"row":
            found = _ROW_REF.search(attributes)
            row, column = (int(found.group(1)) - 1 if found else row + 1), -1
            continue
        place = _CELL_REF.search(attributes)
        column = column_position(place.group(1).decode().upper()) if place else column + 1
        if closed:
            continue
        at = int(place.group(2)) - 1 if place else row
        rows, columns = max(rows, at + 1), max(columns, column + 1)
        if _IS_ERROR.search(attributes):
            value = _VALUE.search(piece, tag.end(), tag.end() + 4096)
            errors[at, column] = value.group(1).decode("utf-8", "replace") if value else "#VALUE!"
    return _Walk(errors, Bounds(rows, columns, row + 1, bool(errors)), row)
