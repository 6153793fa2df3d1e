"""Sets of sheet rows as whole numbers: bit r stands for row r.

A column of a long Table is one number; whether some of its rows are among others, and which,
is asked of all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["bits", "first_row", "last_row", "rows_of", "span"]


def bits(rows: Iterable[int]) -> int:
    """The set of *rows*."""
    found = list(rows)
    if not found:
        return 0
    out = bytearray((max(found) >> 3) + 1)
    for row in found:
        out[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(out, "little")


def span(first: int, last: int) -> int:
    """The rows *first*..*last*, both ends included; none where they are the wrong way round."""
    return ((1 << (last - first + 1)) - 1) << first if first <= last else 0


def first_row(rows: int) -> int:
    """The first of *rows*, of which there is at least one."""
    return (rows & -rows).bit_length() - 1


def last_row(rows: int) -> int:
    """The last of *rows*, of which there is at least one."""
    return rows.bit_length() - 1


_IN_BYTE = [[k for k in range(8) if byte >> k & 1] for byte in range(256)]


def rows_of(rows: int) -> Iterator[int]:
    """The rows of a set, in ascending order."""
    raw = rows.to_bytes((rows.bit_length() + 7) // 8, "little")
    for at, byte in enumerate(raw):
        if byte:
            for k in _IN_BYTE[byte]:
                yield 8 * at + k
