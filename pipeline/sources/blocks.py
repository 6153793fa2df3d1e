"""Rows → columns, a block at a time: numbers as arrays, all else as lists of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from pipeline.sources.grid import Cells

# A block of thirty columns stays in the processor's cache while its cells are looked at.
_ROWS = 200


def gather(rows: Iterable[Sequence[object]], width: int) -> list[Cells]:
    """The columns of rows that are all *width* cells long."""
    parts: list[list[Cells]] = [[] for _ in range(width)]
    coming = iter(rows)
    while block := list(islice(coming, _ROWS)):
        for part, cells in zip(parts, zip(*block, strict=True), strict=True):
            part.append(_compact(cells))
    return [join(part) for part in parts]


def _compact(cells: Sequence[object]) -> Cells:
    """Numbers and empty cells as an array, other cells as they are."""
    kinds = set(map(type, cells))
    if kinds == {float}:
        return np.array(cells, np.float64)
    if kinds <= {float, str} and (float in kinds or not any(cells)):
        filled = [np.nan if c == "" else c for c in cells]
        if str not in set(map(type, filled)):
            return np.array(filled, np.float64)
    return cells


def join(parts: Sequence[Cells]) -> Cells:
    """One column of several stretches of it."""
    if len(parts) == 1:
        return parts[0]
    arrays = [p for p in parts if isinstance(p, np.ndarray)]
    if parts and len(arrays) == len(parts):
        return np.concatenate(arrays)
    out: list[object] = []
    for part in parts:
        out.extend(as_cells(part))
    return out


def as_cells(cells: Cells) -> Sequence[object]:
    """A column as single cells; the array's NaN is the empty cell."""
    if isinstance(cells, np.ndarray):
        return ["" if x != x else x for x in cells.tolist()]
    return cells
