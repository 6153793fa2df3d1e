"""Error cells and extent of the sheets of an .xlsx or .xlsm package.

The fast reader shows error cells as empty ones and reserves memory up to the farthest cell; both
are found here first, in one pass over the sheet's XML.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.sources.grid import column_position
from pipeline.sources.package import MOST_CELLS, Scan, chunks, damaged, xml

_REL_ID = re.compile(r"\{.*(officeDocument/2006|officeDocument)/relationships\}id$")
_PREFIX = re.compile(rb"<(\w+:)?worksheet[\s>]")
# A literal start lets the search skip; the slower pattern is for unusual writers.
_WIDE = re.compile(rb' r="([A-Z]{2,3})\d')
_WIDE_UNUSUAL = re.compile(rb"[ \t\n]r='([A-Z]{2,3})\d|[\t\n]r=\"([A-Z]{2,3})\d")
_ROW = re.compile(rb'<row r="(\d+)"')
_CELL_REF = re.compile(rb'\sr=["\']([A-Z]{1,3})(\d+)["\']')
_ROW_REF = re.compile(rb'\sr=["\'](\d+)["\']')
_IS_ERROR = re.compile(rb'\st=["\']e["\']')
_COUNT = re.compile(rb"[cC]ount\s*=\s*[\"'](\d+)[\"']")
_FEW = 1_000_000
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")


def sheet_parts(package: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Sheet name → part name of every worksheet, and whether dates count from 1904."""
    start = targets(package, "_rels/.rels", "officeDocument")
    workbook = next(iter(start.values()), "xl/workbook.xml")
    folder, file = posixpath.split(workbook)
    parts = targets(package, f"{folder}/_rels/{file}.rels", "worksheet")
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
        found = _PREFIX.search(stream.read(4096))
    prefix = (found.group(1) or b"") if found else b""
    cut = b"<" + prefix + b"row"
    errors: dict[tuple[int, int], str] = {}
    rows = columns = counted = 0
    for piece in chunks(package, name, cut):
        count, last = _rows(piece, prefix)
        rows = max(rows, counted + count, last)
        columns = max(columns, _columns(piece))
        if _maybe_error(piece) and _IS_ERROR.search(piece):
            errors |= _errors(piece, prefix, counted)
        counted += count
    if rows * columns > MOST_CELLS:
        rows, columns = _used(chunks(package, name, cut))
    return errors, rows, columns


def _rows(piece: bytes, prefix: bytes) -> tuple[int, int]:
    """How many rows a piece has, and the largest row number it names."""
    numbers = _ROW.findall(piece)
    count = len(numbers)
    if count != piece.count(b"<" + prefix + b"row"):
        heads = re.findall(rb"<" + prefix + rb"row((?:\s[^>]*)?)>", piece)
        count = len(heads)
        numbers = [m.group(1) for h in heads if (m := _ROW_REF.search(h))]
    return count, max(map(int, numbers), default=0)


def _columns(piece: bytes) -> int:
    """Columns in use, at least 26: narrower sheets need no exact answer."""
    wide = set(_WIDE.findall(piece))
    if b"\n" in piece or b"\t" in piece or b"='" in piece:
        wide |= {a or b for a, b in _WIDE_UNUSUAL.findall(piece)}
    return max((column_position(w.decode()) + 1 for w in wide), default=26)


def _maybe_error(piece: bytes) -> bool:
    return b't="e"' in piece or (b"='" in piece and b"t='e'" in piece)


def _used(pieces: Iterator[bytes]) -> tuple[int, int]:
    """The same extent counting only cells that hold something; formatted empty ones do not."""
    rows = columns = 0
    for piece in pieces:
        for found in re.finditer(rb"<(?:\w+:)?c(\s[^>]*[^/])>", piece):
            place = _CELL_REF.search(found.group(1) + b" ")
            if place:
                rows = max(rows, int(place.group(2)))
                columns = max(columns, column_position(place.group(1).decode()) + 1)
    return rows, columns


def _errors(piece: bytes, prefix: bytes, before: int) -> dict[tuple[int, int], str]:
    """Error cells of a piece; cells and rows without a reference follow the one before."""
    out: dict[tuple[int, int], str] = {}
    row = before - 1
    for text in piece.split(b"<" + prefix + b"row")[1:]:
        head, _, body = text.partition(b">")
        found = _ROW_REF.search(head)
        row = int(found.group(1)) - 1 if found else row + 1
        if not _IS_ERROR.search(body):
            continue
        column = -1
        for cell in re.split(rb"<" + prefix + rb"c(?=[\s>])", body)[1:]:
            tag, _, inside = cell.partition(b">")
            place = _CELL_REF.search(tag)
            column = column_position(place.group(1).decode()) if place else column + 1
            if _IS_ERROR.search(tag):
                value = _VALUE.search(inside)
                code = value.group(1).decode("utf-8", "replace") if value else "#VALUE!"
                out[row, column] = code
    return out
