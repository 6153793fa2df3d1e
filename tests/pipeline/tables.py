"""One small table of accounts written in every format that the product reads."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

Cell = str | float | bool | date | None
Rows = Sequence[Sequence[Cell]]
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#N/A": 0x2A}


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook; texts such as #N/A become error cells, dates real dates."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, str) and value in ERRORS:
                        sheet.write_formula(r, c, "=NA()" if value == "#N/A" else "=1/0", None,
                                            value)  # fmt: skip
                    elif isinstance(value, str):
                        sheet.write_string(r, c, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(r, c, value, day)
                    elif value is not None:
                        sheet.write(r, c, value)
    return path


def write_csv(path: Path, rows: Rows, *, sep: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sep).writerows([["" if c is None else c for c in r] for r in rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    length = b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, value: Cell) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(value, str) and value in ERRORS:
        return _record(3, place + bytes([ERRORS[value]]))
    if isinstance(value, bool):
        return _record(4, place + bytes([value]))
    if isinstance(value, int | float):
        return _record(5, place + struct.pack("<d", value))
    return _record(6, place + _wide(str(value)))


def write_xlsb(path: Path, rows: Rows, *, far: bool = False) -> Path:
    """A minimal binary workbook (MS-XLSB) with one sheet named Accounts."""
    body = b""
    for r, row in enumerate(rows):
        body += _record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        body += b"".join(_cell(c, v) for c, v in enumerate(row) if v is not None)
    if far:
        body += _record(0, struct.pack("<IIHBBBI", 1_048_575, 0, 300, 0, 0, 0, 0))
        body += _cell(16_383, 1.0)
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = _record(129) + _record(148, size) + _record(145) + body + _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Accounts")
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet_name = "worksheets/sheet1.bin"
    rels = '<Relationships xmlns="{}/relationships"><Relationship Id="rId1" Type="{}/{}" Target="{}"/></Relationships>'  # noqa: E501
    kind = "application/vnd.ms-excel"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml",
                     f'<Types xmlns="{package}/content-types"><Default Extension="bin" '
                     f'ContentType="{kind}.sheet.binary.macroEnabled.main"/><Default '
                     f'Extension="rels" ContentType="{kind}"/></Types>')  # fmt: skip
        out.writestr("_rels/.rels", rels.format(package, office, "officeDocument",
                                                "xl/workbook.bin"))  # fmt: skip
        out.writestr("xl/_rels/workbook.bin.rels",
                     rels.format(package, office, "worksheet", sheet_name))  # fmt: skip
        out.writestr("xl/workbook.bin", book)
        out.writestr("xl/worksheets/sheet1.bin", sheet)
    return path
