"""A long sheet part deflated while it is written, a stretch of rows at a time, on two threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow as pa
from isal import isal_zlib

from workbook_templates.ooxml.bulkwrite import RowWriter, Stretch
from workbook_templates.ooxml.zipfmt import Packed

__all__ = ["cut", "pack"]

_CELLS = 200_000
"""New cells that are written at once."""
_BYTES = 3 << 19
"""Bytes of existing rows that are looked at once."""
_THREADS = min(2, os.cpu_count() or 1)
"""More would hold more rows in memory, and the file is written by one."""

_Piece = tuple[bytes, int, int]


def cut(stretch: Stretch, prefix: str, columns: int) -> Iterator[Stretch]:
    """The stretch in pieces that fit the memory."""
    if stretch.at == stretch.end:
        step = max(_CELLS // max(columns, 1), 1)
        for start in range(stretch.start, stretch.stop, step):
            yield replace(stretch, start=start, stop=min(start + step, stretch.stop))
        return
    opening, start, at, data = f"<{prefix}row".encode(), stretch.start, stretch.at, stretch.data
    while at < stretch.end:
        end = data.find(opening, at + _BYTES, stretch.end)
        end = end if end >= 0 else stretch.end
        after = _number(data, end) if end < stretch.end else stretch.stop
        yield replace(stretch, start=start, stop=after, at=at, end=end)
        start, at = after, end


def _number(data: bytes, at: int) -> int:
    tag = data[at : data.index(b">", at)]
    quote = tag.index(b"r=") + 2
    return int(tag[quote + 1 : tag.index(tag[quote : quote + 1], quote + 1)])


def pack(head: bytes, stretches: Sequence[Stretch], tail: bytes, writer: RowWriter) -> Packed:
    """*head*, the rows and *tail*, deflated.

    Raises:
        DoesNotFit: a value that a cell cannot hold.
    """

    def rows(stretch: Stretch) -> Callable[[], _Piece]:
        return lambda: _deflated(_bytes(a) for a in writer.render(stretch))

    jobs: list[Callable[[], _Piece]] = [lambda: _deflated([head])]
    for stretch in stretches:
        jobs += map(rows, cut(stretch, writer.prefix, len(writer.columns)))
    jobs.append(lambda: _deflated([tail], last=True))
    out: list[bytes] = []
    crc = size = 0
    for data, its_crc, its_size in _in_order(jobs):
        out.append(data)
        crc = isal_zlib.crc32_combine(crc, its_crc, its_size)
        size += its_size
    return Packed(out, crc, size)


def _in_order(jobs: Iterable[Callable[[], _Piece]]) -> Iterator[_Piece]:
    if _THREADS == 1:
        yield from (job() for job in jobs)
        return
    waiting: deque[Future[_Piece]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for job in jobs:
                waiting.append(pool.submit(job))
                if len(waiting) > _THREADS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _deflated(pieces: Iterable[bytes | memoryview], *, last: bool = False) -> _Piece:
    engine = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
    out: list[bytes] = []
    crc = size = 0
    for piece in pieces:
        out.append(engine.compress(piece))
        crc = isal_zlib.crc32(piece, crc)
        size += len(piece)
    # A flush ends on a whole byte, so that the next piece can simply follow.
    out.append(engine.flush(isal_zlib.Z_FINISH if last else isal_zlib.Z_SYNC_FLUSH))
    return b"".join(out), crc, size


def _bytes(rows: pa.Array) -> memoryview:
    _, offsets, data = rows.buffers()
    ends = np.frombuffer(offsets, np.int32)[rows.offset : rows.offset + len(rows) + 1]
    if not len(rows) or data is None:
        return memoryview(b"")
    return memoryview(data)[int(ends[0]) : int(ends[-1])]
