"""What a source file is, by its first bytes; its name's ending proves nothing."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.grid import Book
from pipeline.sources.text import Score, open_text
from scoring.errors import DataError

_ZIP, _OLE, _PARQUET, _ENCRYPTED_PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"PARE"
_OTHERS = {
    b"%PDF": "a PDF file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture", b"\x1f\x8b": "a compressed file", b"Rar!": "an archive",
    b"SQLite format 3": "a SQLite database", b"{\\rtf": "a text document",
}  # fmt: skip
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")


def open_file(path: Path, header_score: Score) -> Book:
    """Open one file of any format the product reads.

    Args:
        path: an existing file or not; every reason it cannot be read is a `DataError`.
        header_score: how many known headers a row holds (for text tables).
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except FileNotFoundError as error:
        raise DataError(f"{path} does not exist. Check the name and the folder.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not start:
        raise DataError(f"{path.name} is empty (0 bytes). Give a workbook or a CSV file.")
    if start.startswith(_ZIP):
        from pipeline.sources.workbooks import open_workbook

        return open_workbook(path)
    if start.startswith((_PARQUET, _ENCRYPTED_PARQUET)):
        from pipeline.sources.parquet import open_parquet

        return open_parquet(path)
    _refuse(path, start)
    return open_text(path, header_score)


def _refuse(path: Path, start: bytes) -> None:
    """Raise for what people give by mistake, with the way out."""
    if start.startswith(_OLE):
        data = path.read_bytes()[:20_000_000]
        if "EncryptedPackage".encode("utf-16-le") in data:
            message = "is password-protected. Save a copy without a password and read that."
        else:
            message = "is an old Excel 97–2003 file (.xls). Save it as .xlsx and read that."
        raise DataError(f"{path.name} {message}")
    other = next((name for magic, name in _OTHERS.items() if start.startswith(magic)), None)
    if other:
        raise DataError(f"{path.name} is {other}, not a workbook. Save it as .xlsx or .csv.")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise DataError(
            f"{path.name} is a web page or XML, whatever its name says. Open it in Excel and "
            "save it as .xlsx."
        )
