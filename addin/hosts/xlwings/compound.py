"""Write a compound file: the container of a VBA project (MS-CFB, version 3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["compound_file"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_IN_HEADER = 109  # sectors of the allocation table that the header can name: 6.8 MB of file
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK = 1


@dataclass
class _Entry:
    """One entry of the directory; children only in a storage."""

    name: str
    kind: int
    data: bytes = b""
    children: list[_Entry] = field(default_factory=list)
    number: int = 0
    start: int = _END
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams.

    Args:
        streams: path → content; ``/`` parts storages, names have at most 31 characters.

    Raises:
        ValueError: more than the 6.8 MB that this simple form holds.
    """
    root = _tree(streams)
    entries = list(_numbered(root))
    small = [e for e in entries if e.kind == _STREAM and 0 < len(e.data) < _CUTOFF]
    root.data, mini_table = _mini_stream(small)
    large = [root, *(e for e in entries if e.kind == _STREAM and len(e.data) >= _CUTOFF)]
    # Every chain in the order in which it is written.
    table: list[int] = []
    body = b"".join(_chained(e, table) for e in large)
    mini_start = len(table) if mini_table else _END
    body += _sectors(_packed(mini_table), table)
    directory_start = len(table)
    body += _sectors(_directory(entries), table)
    fat = _with_itself(table)
    header = _header(fat, len(table), directory_start, mini_start, len(mini_table))
    return header + body + _padded(_packed(fat), _SECTOR, b"\xff")


def _tree(streams: Mapping[str, bytes]) -> _Entry:
    root = _Entry("Root Entry", _ROOT)
    for path, data in streams.items():
        at = root
        *folders, name = path.split("/")
        for folder in folders:
            found = next((c for c in at.children if c.name == folder), None)
            if found is None:
                found = _Entry(folder, _STORAGE)
                at.children.append(found)
            at = found
        at.children.append(_Entry(name, _STREAM, data))
    return root


def _numbered(root: _Entry) -> Iterator[_Entry]:
    """All entries, numbered, each storage's children as a search tree."""
    entries, waiting = [root], [root]
    while waiting:
        storage = waiting.pop(0)
        storage.children.sort(key=lambda e: (len(e.name), e.name.upper()))
        for entry in storage.children:
            entry.number = len(entries)
            entries.append(entry)
            waiting.append(entry)
        storage.child = _balanced(storage.children)
    return iter(entries)


def _balanced(entries: Sequence[_Entry]) -> int:
    """Number of the middle entry, the others hung to its left and right.

    All nodes are black, which the format calls the simplest right tree.
    """
    if not entries:
        return _FREE
    half = len(entries) // 2
    middle = entries[half]
    middle.left, middle.right = _balanced(entries[:half]), _balanced(entries[half + 1 :])
    return middle.number


def _mini_stream(small: Sequence[_Entry]) -> tuple[bytes, list[int]]:
    table: list[int] = []
    data = b""
    for entry in small:
        entry.start = len(table)
        padded = _padded(entry.data, _MINI)
        data += padded
        _chain(len(padded) // _MINI, table)
    return data, table


def _chained(entry: _Entry, table: list[int]) -> bytes:
    entry.start = len(table) if entry.data else _END
    return _sectors(entry.data, table)


def _sectors(data: bytes, table: list[int]) -> bytes:
    padded = _padded(data, _SECTOR)
    _chain(len(padded) // _SECTOR, table)
    return padded


def _chain(count: int, table: list[int]) -> None:
    table += [*range(len(table) + 1, len(table) + count), _END] if count else []


def _padded(data: bytes, size: int, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % size)


def _packed(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _with_itself(table: Sequence[int]) -> list[int]:
    """The allocation table with its own sectors, which stand behind all others."""
    own = 1
    while own * _SECTOR // 4 < len(table) + own:
        own += 1
    if own > _IN_HEADER:
        raise ValueError("The streams are too large for one compound file.")
    return [*table, *[_FAT] * own]


def _directory(entries: Sequence[_Entry]) -> bytes:
    raw = b"".join(map(_entry, entries))
    empty = struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, *(_FREE,) * 3, b"", 0, 0, 0, 0, 0)
    return raw + empty * (-len(entries) % (_SECTOR // 128))


def _entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    start = 0 if entry.kind == _STORAGE else entry.start
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name, len(name), entry.kind, _BLACK, entry.left, entry.right, entry.child,
        b"", 0, 0, 0, start, len(entry.data),
    )  # fmt: skip


def _header(fat: Sequence[int], first_fat: int, directory: int, mini: int, minis: int) -> bytes:
    own = len(fat) - first_fat
    places = [*range(first_fat, first_fat + own), *[_FREE] * (_IN_HEADER - own)]
    mini_sectors = -(-minis * 4 // _SECTOR)
    return struct.pack(
        "<8s16sHHHHH6s9I109I",
        bytes.fromhex("D0CF11E0A1B11AE1"), b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, own, directory, 0, _CUTOFF, mini, mini_sectors, _END, 0, *places,
    )  # fmt: skip
