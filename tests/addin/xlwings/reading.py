"""Read what the add-in's writers write, from the specifications: compound files and VBA."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_END = 0xFFFFFFFE


class Compound:
    """The streams of a compound file (MS-CFB), by path."""

    def __init__(self, data: bytes) -> None:
        assert data[:8] == bytes.fromhex("D0CF11E0A1B11AE1")
        count, directory = struct.unpack_from("<II", data, 44)
        mini = struct.unpack_from("<I", data, 60)[0]
        self._data = data
        places = struct.unpack_from(f"<{count}I", data, 76)
        self._fat = [n for p in places for n in struct.unpack("<128I", self._sector(p))]
        self._mini_fat = [
            n for (n,) in struct.iter_unpack("<I", b"".join(map(self._sector, self._chain(mini))))
        ]
        raw = b"".join(map(self._sector, self._chain(directory)))
        self._entries = [raw[i : i + 128] for i in range(0, len(raw), 128)]
        root = self._entries[0]
        self._mini = b"".join(map(self._sector, self._chain(self._start(root))))
        self.streams = dict(self._walk(self._number(root, 76), ""))

    def _sector(self, number: int) -> bytes:
        return self._data[512 * (number + 1) : 512 * (number + 2)]

    def _chain(self, start: int) -> Iterator[int]:
        while start != _END:
            yield start
            start = self._fat[start]

    @staticmethod
    def _number(entry: bytes, at: int) -> int:
        number: int = struct.unpack_from("<I", entry, at)[0]
        return number

    def _start(self, entry: bytes) -> int:
        return self._number(entry, 116)

    def _walk(self, number: int, folder: str) -> Iterator[tuple[str, bytes]]:
        """In order: a search tree is walked from left to right."""
        if number == 0xFFFFFFFF:
            return
        entry = self._entries[number]
        yield from self._walk(self._number(entry, 68), folder)
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: length - 2].decode("utf-16-le")
        if entry[66] == 1:
            yield from self._walk(self._number(entry, 76), f"{folder}{name}/")
        else:
            yield f"{folder}{name}", self._content(entry)
        yield from self._walk(self._number(entry, 72), folder)

    def _content(self, entry: bytes) -> bytes:
        size, at = self._number(entry, 120), self._start(entry)
        if size >= 4096:
            return b"".join(map(self._sector, self._chain(at)))[:size]
        out = b""
        while size and at != _END:
            out += self._mini[64 * at : 64 * at + 64]
            at = self._mini_fat[at]
        return out[:size]


def decompressed(data: bytes) -> bytes:
    """The content of a compressed container (MS-OVBA 2.4.1)."""
    assert data[0] == 1
    out, at = bytearray(), 1
    while at < len(data):
        header = struct.unpack_from("<H", data, at)[0]
        assert header >> 12 & 7 == 3
        end = at + (header & 0xFFF) + 3
        chunk = data[at + 2 : end]
        out += _chunk(chunk) if header & 0x8000 else chunk
        at = end
    return bytes(out)


def _chunk(data: bytes) -> bytes:
    out, at = bytearray(), 0
    while at < len(data):
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if flags >> bit & 1:
                token = struct.unpack_from("<H", data, at)[0]
                bits = max(4, (len(out) - 1).bit_length())
                offset = (token >> (16 - bits)) + 1
                for _ in range((token & (0xFFFF >> bits)) + 3):
                    out.append(out[-offset])
                at += 2
            else:
                out.append(data[at])
                at += 1
    return bytes(out)


def records(directory: bytes) -> list[tuple[int, bytes]]:
    """The records of a project's directory (MS-OVBA 2.3.4.2)."""
    out, at = [], 0
    while at < len(directory):
        number, size = struct.unpack_from("<HI", directory, at)
        if number == 0x09:
            size = 6  # the one record whose size is not its size
        out.append((number, directory[at + 6 : at + 6 + size]))
        at += 6 + size
    return out


def decrypted(text: str) -> bytes:
    """Data that a project's properties hide (MS-OVBA 2.4.3.3)."""
    seed, version, key, *rest = bytes.fromhex(text)
    assert version ^ seed == 2
    plain, before, last, out = key ^ seed, version, key, bytearray()
    for byte in rest:
        plain = byte ^ (before + plain & 0xFF)
        before, last = last, byte
        out.append(plain)
    held = out[(seed & 6) // 2 :]
    size = struct.unpack_from("<I", held)[0]
    assert len(held) == 4 + size
    return bytes(held[4:])
