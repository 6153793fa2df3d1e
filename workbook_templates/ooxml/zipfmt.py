"""Zip members as raw compressed bytes, and a zip written from them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from isal import igzip_lib, isal_zlib

from workbook_templates.ooxml.problems import NotAWorkbook, PasswordProtected, TooLarge

__all__ = ["Content", "Label", "Member", "Packed", "join_members", "new_member", "read_members"]

MAX_ENTRIES = 20_000
MAX_TOTAL = 2 << 30
"""Bytes that a whole package may unpack to."""
MAX_RATIO = 400
RATIO_FROM = 32 << 20
"""A part that unpacks to more than this many bytes must not exceed MAX_RATIO."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A part that is deflated already.

    Attributes:
        data: the deflated pieces, which follow each other.
        crc, size: checksum and length of what they unpack to.
    """

    data: list[bytes]
    crc: int
    size: int


Content = bytes | list[bytes | memoryview] | Packed
"""A part's bytes; of a long part perhaps in pieces, so that nobody has to join them."""
LONG_PIECE = 1 << 20

_STORED, _DEFLATED = 0, 8
_UTF8, _ENCRYPTED, _DESCRIPTOR = 0x800, 0x1, 0x8
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_SIZES, _OFFSET = struct.Struct("<3L"), struct.Struct("<L")
_NO_SIZES = (0, 0, 0)
_EPOCH = 0x21  # 1980-01-01, the earliest date a zip can hold
_BIG = 0xFFFFFFFF


@dataclass(frozen=True, eq=False)
class Label:
    """What a zip says of a member besides its content."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    time: int
    date: int
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""
    made_by: int = 20
    needed: int = 20
    internal: int = 0
    external: int = 0

    @cached_property
    def local(self) -> tuple[bytes, bytes]:
        """The local header, but for checksum and sizes."""
        return self.local_header(self.needed, self.local_extra)

    @cached_property
    def central(self) -> tuple[bytes, bytes, bytes]:
        """The directory entry, but for checksum and sizes, and the offset."""
        return self.directory_entry(self.needed, self.central_extra)

    def local_header(self, needed: int, extra: bytes) -> tuple[bytes, bytes]:
        """What stands before and after checksum and sizes."""
        packed = _LOCAL.pack(b"PK\3\4", needed, *self._fixed, *_NO_SIZES, *self._lengths(extra))
        return packed[:14], packed[26:] + self.raw_name + extra

    def directory_entry(self, needed: int, extra: bytes) -> tuple[bytes, bytes, bytes]:
        """What stands before and after checksum and sizes, and after the offset."""
        lengths = (*self._lengths(extra), len(self.comment), 0, self.internal)
        fixed = (b"PK\1\2", self.made_by, needed, *self._fixed)
        packed = _CENTRAL.pack(*fixed, *_NO_SIZES, *lengths, self.external, 0)
        return packed[:16], packed[28:-4], self.raw_name + extra + self.comment

    @property
    def _fixed(self) -> tuple[int, int, int, int]:
        return self.flags, self.method, self.time, self.date

    def _lengths(self, extra: bytes) -> tuple[int, int]:
        return len(self.raw_name), len(extra)

    @cached_property
    def deflated(self) -> Label:
        """The label of the same member with deflated content."""
        return self if self.method == _DEFLATED else replace(self, method=_DEFLATED)


@dataclass(slots=True, eq=False)
class Member:
    """One zip member; *data* is the compressed bytes as they stood in the file."""

    label: Label
    crc: int
    size: int
    data: bytes | memoryview

    @property
    def name(self) -> str:
        """The part's name, without a leading slash."""
        return self.label.name

    def inflate(self) -> bytes:
        """The part's bytes.

        Raises:
            NotAWorkbook: the bytes do not agree with the directory, or cannot be unpacked.
        """
        if self.label.method == _STORED:
            out = bytes(self.data)
        elif self.label.method == _DEFLATED:
            out = self._inflate()
        else:
            raise NotAWorkbook(
                f"Part {self.name} is compressed in a way that Excel does not use. "
                "Save the workbook in Excel and try again."
            )
        if len(out) != self.size or isal_zlib.crc32(out) != self.crc:
            raise NotAWorkbook(
                f"Part {self.name} is damaged (its checksum is wrong). "
                "Take a fresh copy of the workbook, or let Excel repair it."
            )
        return out

    def _inflate(self) -> bytes:
        try:
            # Never more than the declared size: a lying directory must not fill the memory.
            engine = isal_zlib.decompressobj(-15)
            return bytes(engine.decompress(self.data, max_length=self.size + 1))
        except igzip_lib.IsalError as error:  # type: ignore[misc]  # wrong in its stub
            raise NotAWorkbook(
                f"Part {self.name} cannot be unpacked ({error}). "
                "Take a fresh copy of the workbook, or let Excel repair it."
            ) from error

    def with_content(self, content: Content, level: int) -> Member:
        """The same member holding *content*, deflated."""
        label = self.label.deflated
        if isinstance(content, Packed):
            return Member(label, content.crc, content.size, b"".join(content.data))
        engine = isal_zlib.compressobj(level, isal_zlib.DEFLATED, -15)
        if isinstance(content, bytes):
            packed = engine.compress(content) + engine.flush()
            return Member(label, isal_zlib.crc32(content), len(content), packed)
        out: list[bytes] = []
        crc = 0
        for piece in _batches(content):
            out.append(engine.compress(piece))
            crc = isal_zlib.crc32(piece, crc)
        out.append(engine.flush())
        return Member(label, crc, sum(map(len, content)), b"".join(out))

    def put(self, out: list[bytes | memoryview], directory: list[bytes], offset: int) -> int:
        """Append header and data to *out*, the entry to *directory*; the offset after it."""
        packed, size, label = len(self.data), self.size, self.label
        (before, after), extra = label.local, b""
        first, middle, last = label.central
        sizes = central_sizes = _SIZES.pack(self.crc, min(packed, _BIG), min(size, _BIG))
        if size >= _BIG or packed >= _BIG:
            extra = label.local_extra + struct.pack("<2H2Q", 1, 16, size, packed)
            before, after = label.local_header(45, extra)
            sizes = _SIZES.pack(self.crc, _BIG, _BIG)
        if size >= _BIG or packed >= _BIG or offset >= _BIG:
            extra = label.central_extra + struct.pack("<2H3Q", 1, 24, size, packed, offset)
            first, middle, last = label.directory_entry(45, extra)
            central_sizes = _SIZES.pack(self.crc, _BIG, _BIG)
        out += (before, sizes, after, self.data)
        directory += (first, central_sizes, middle, _OFFSET.pack(min(offset, _BIG)), last)
        return offset + len(before) + len(sizes) + len(after) + packed


def _batches(pieces: list[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    batch: list[bytes | memoryview] = []
    for piece in pieces:
        if len(piece) > LONG_PIECE:
            yield from (b"".join(batch), piece)
            batch = []
        else:
            batch.append(piece)
    yield b"".join(batch)


def new_member(name: str, content: Content, level: int) -> Member:
    """A member that was not in the package yet."""
    raw = name.encode()
    flags = 0 if raw.isascii() else _UTF8
    label = Label(name, raw, flags, _DEFLATED, 0, _EPOCH)
    return Member(label, 0, 0, b"").with_content(content, level)


def read_members(data: bytes) -> list[Member]:
    """Every member of the zip *data*, in the order of its directory.

    Raises:
        NotAWorkbook: not a zip, or damaged. TooLarge: a zip bomb. PasswordProtected: encrypted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
        _limits(infos)
        view = memoryview(data)
        return [_member(view, info) for info in infos]
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise NotAWorkbook(
            f"The workbook's zip package is damaged ({error}). "
            "Take a fresh copy, or let Excel repair it and save."
        ) from error


def _limits(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_ENTRIES or sum(i.file_size for i in infos) > MAX_TOTAL:
        raise TooLarge(
            f"The workbook has {len(infos):,} parts that unpack to "
            f"{sum(i.file_size for i in infos) >> 20:,} MB; the limits are {MAX_ENTRIES:,} parts "
            f"and {MAX_TOTAL >> 20:,} MB. Split the workbook."
        )
    for i in infos:
        if i.file_size > RATIO_FROM and i.file_size > MAX_RATIO * max(i.compress_size, 1):
            raise TooLarge(
                f"Part {i.filename} unpacks to {i.file_size // max(i.compress_size, 1):,} times "
                "its size, as a zip bomb does. Save the workbook in Excel and try again."
            )


def _member(view: memoryview, info: zipfile.ZipInfo) -> Member:
    if info.flag_bits & _ENCRYPTED:
        raise PasswordProtected(
            "The workbook is password-protected: remove the password in Excel and try again."
        )
    at = info.header_offset
    head = _LOCAL.unpack(view[at : at + 30])
    start = at + 30 + head[9] + head[10]
    if head[0] != b"PK\3\4" or start + info.compress_size > len(view):
        raise zipfile.BadZipFile(f"no local header for {info.filename}")
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
    name = info.orig_filename.replace("\\", "/").lstrip("/")
    label = Label(
        name=name,
        raw_name=raw,
        # The sizes are known here, so the descriptor that may follow the data is not needed.
        flags=info.flag_bits & ~_DESCRIPTOR,
        method=info.compress_type,
        time=head[4],
        date=head[5],
        local_extra=_without_zip64(bytes(view[at + 30 + head[9] : start])),
        central_extra=_without_zip64(info.extra),
        comment=info.comment,
        made_by=info.create_version | info.create_system << 8,
        needed=min(info.extract_version, 20),
        internal=info.internal_attr,
        external=info.external_attr,
    )
    return Member(label, info.CRC, info.file_size, view[start : start + info.compress_size])


def _without_zip64(extra: bytes) -> bytes:
    out, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            out += extra[at : at + 4 + size]
        at += 4 + size
    return out


def join_members(members: Collection[Member]) -> bytes:
    """A zip of *members* in their order."""
    out: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        offset = member.put(out, directory, offset)
    listing, count = b"".join(directory), len(members)
    if offset + len(listing) >= _BIG or count >= 0xFFFF:
        return b"".join((*out, listing, _end64(count, offset, len(listing))))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listing), offset, 0)
    return b"".join((*out, listing, end))


def _end64(count: int, offset: int, size: int) -> bytes:
    fixed = (b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    record = struct.pack("<4sQ2H2L4Q", *fixed)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
    cap = min(count, 0xFFFF)
    end = (b"PK\5\6", 0, 0, cap, cap, min(size, _BIG), min(offset, _BIG), 0)
    return record + locator + struct.pack("<4s4H2LH", *end)
