"""Workbook packages (zip files), looked at before anything unpacks them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from isal import isal_zlib

from scoring.errors import DataError

# A zip bomb unpacks a thousandfold; the most repetitive real sheets reach about a hundredfold.
_MOST_RATIO, _SMALL = 300, 20_000_000
_MOST_BYTES = 1_500_000_000
_MOST_ENTRIES = 20_000
# Small enough for the processor's cache, large enough to hand to another thread.
_CHUNK = 1 << 20
_LOCAL_HEADER = 30
_ENCRYPTED = 1
# Cells the readers reserve for a sheet: 32 bytes each, so at most half a gigabyte.
MOST_CELLS = 16_000_000

# The library's own hints call the class an instance.
_INFLATING: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, _INFLATING, struct.error, OSError, EOFError, RuntimeError,
    NotImplementedError,
)  # fmt: skip
"""What unpacking a damaged or unusual zip entry raises."""
_UNREADABLE: tuple[type[Exception], ...] = (*BROKEN, KeyError)

Scan = tuple[dict[tuple[int, int], str], int, int]
"""Error cells by (row, column) with their code; number of rows and columns (0-based, used)."""


def open_package(path: Path) -> zipfile.ZipFile:
    """Open a zip package, refusing what would exhaust memory or cannot be a workbook."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged(path.name) from error
    entries = package.infolist()
    unpacked = sum(e.file_size for e in entries)
    bombs = [
        e for e in entries if e.file_size > _SMALL and e.file_size > _MOST_RATIO * e.compress_size
    ]
    if bombs or unpacked > _MOST_BYTES or len(entries) > _MOST_ENTRIES:
        package.close()
        raise DataError(
            f"{path.name} unpacks to {unpacked / 1e6:,.0f} MB, which no sheet of accounts needs. "
            "Copy the accounts into a new workbook and read that."
        )
    return package


def damaged(name: str) -> DataError:
    """The error of a file that its own format's rules cannot explain."""
    return DataError(f"{name} is damaged. Open it in Excel, save it again and read that.")


def part(package: zipfile.ZipFile, name: str) -> bytes:
    """One part of the package, unpacked; `DataError` when it is absent or damaged."""
    try:
        return package.read(name)
    except _UNREADABLE as error:
        raise damaged(Path(package.filename or "the workbook").name) from error


def xml(package: zipfile.ZipFile, name: str) -> Element:
    """One small XML part, parsed without entities."""
    try:
        root: Element = fromstring(part(package, name))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise damaged(Path(package.filename or "the workbook").name) from error
    return root


def chunks(package: zipfile.ZipFile, name: str, cut: bytes) -> Iterator[bytes]:
    """A large part in pieces that each start at *cut* (a tag), the first one excepted."""
    rest = b""
    try:
        for piece in _unpacked(package, package.getinfo(name)):
            rest += piece
            end = rest.rfind(cut)
            if end > 0:
                yield rest[:end]
                rest = rest[end:]
    except _UNREADABLE as error:
        raise damaged(Path(package.filename or "the workbook").name) from error
    yield rest


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """An entry's content, inflated twice as fast as zipfile does; length and sum are checked."""
    if entry.compress_type != zipfile.ZIP_DEFLATED or entry.flag_bits & _ENCRYPTED:
        with package.open(entry) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
        return
    inflater, left = isal_zlib.decompressobj(-zlib.MAX_WBITS), entry.compress_size
    length = checksum = 0
    with Path(str(package.filename)).open("rb") as file:
        file.seek(entry.header_offset)
        head = file.read(_LOCAL_HEADER)
        file.seek(sum(struct.unpack_from("<HH", head, 26)), 1)
        while not inflater.eof:
            packed = inflater.unconsumed_tail
            if not packed:
                packed = file.read(min(left, _CHUNK // 4))
                left -= len(packed)
            piece = inflater.decompress(packed, _CHUNK)
            if not packed and not piece:
                break
            length += len(piece)
            checksum = isal_zlib.crc32(piece, checksum)
            if length > entry.file_size:
                break
            if piece:
                yield piece
    # A part that is longer than it says would be read on by others, past what was looked at.
    if not inflater.eof or length != entry.file_size or checksum != entry.CRC:
        raise zipfile.BadZipFile(entry.filename)


def check_extent(label: str, sheet: str, scan: Scan) -> None:
    """Refuse a sheet whose last cell lies so far out that reading it exhausts memory."""
    _, rows, columns = scan
    if rows * columns > MOST_CELLS:
        raise DataError(
            f"{label}, sheet {sheet}: a cell in row {rows:,}, column {columns:,} lies far outside "
            "any data. Delete the empty rows and columns around your accounts and save again."
        )
