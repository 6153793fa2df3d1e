"""A column of a Table as an array that is compared at once, and as single values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook_templates.ooxml.cells import Value

__all__ = ["Column", "Marked", "differing", "rearranged", "written"]

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

_SINGLE = 64
"""Values that are looked up one by one before all are listed."""


class Column(Sequence[Value]):
    """n values as a workbook would read them.

    Args:
        array: n numbers or n texts; null where there is none.
        odd: row, counted from 0 → value, where the array cannot hold it.
    """

    def __init__(self, array: pa.Array, odd: Mapping[int, Value] | None = None) -> None:
        self.array, self.odd = array, odd or {}
        self._asked = 0

    @cached_property
    def values(self) -> list[Value]:
        """The values as Python's own."""
        out: list[Value]
        if pa.types.is_floating(self.array.type):
            out = self.array.to_numpy(zero_copy_only=False).tolist()
            for k in np.flatnonzero(self.array.is_null().to_numpy(zero_copy_only=False)).tolist():
                out[k] = None
        else:
            out = self.array.to_pylist()
        for row, value in self.odd.items():
            out[row] = value
        return out

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> list[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | list[Value]:
        self._asked += 1
        if isinstance(at, slice) or "values" in self.__dict__ or self._asked > _SINGLE:
            return self.values[at]
        at = at + len(self) if at < 0 else at
        if at in self.odd:
            return self.odd[at]
        value: Value = self.array[at].as_py()
        return value

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)


class Marked(Collection[int]):
    """Some of n rows.

    Args:
        mask: (n,) True for these.
    """

    def __init__(self, mask: Truths) -> None:
        self.mask = mask
        self._count = int(np.count_nonzero(mask))

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and bool(self.mask[row])

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.mask).tolist())

    def __len__(self) -> int:
        return self._count


def differing(
    old: Sequence[Value], new: Sequence[Value], before: Ints, today: Ints
) -> list[tuple[int, int]]:
    """The pairs of rows that may hold different values; all others surely hold the same.

    Args:
        old: a column of before.
        new: the same of today.
        before: (n,) rows of *old*.
        today: (n,) the row of *new* that each is compared with.
    """
    mask = np.ones(len(before), bool)
    first, second = _column(old), _column(new)
    if first is not None and second is not None:
        a, b = _taken(first, before), _taken(second, today)
        null = len(before) in (a.null_count, b.null_count)
        if a.type == b.type or null:
            other = pc.xor(a.is_null(), b.is_null())
            if not null:
                other = pc.or_(other, pc.not_equal(a, b).fill_null(False))
            mask = other.to_numpy(zero_copy_only=False) | _odd(first, before) | _odd(second, today)
    return list(zip(before[mask].tolist(), today[mask].tolist(), strict=True))


def _column(values: Sequence[Value]) -> Column | None:
    """The values as a column, where they are of one kind."""
    if isinstance(values, Column):
        return values
    kinds = set(map(type, values)) - {type(None)}
    kind = {float: pa.float64(), str: pa.string()}.get(next(iter(kinds), float))
    if len(kinds) > 1 or kind is None:
        return None
    try:
        return Column(pa.array(values, kind))
    except UnicodeEncodeError:
        return None  # a lone surrogate


def _taken(column: Column, rows: Ints) -> pa.Array:
    found = column.array
    if len(rows) != len(column) or not bool((np.diff(rows) == 1).all()):
        found = found.take(pa.array(rows))
    # A cell with an empty text shows what a blank one shows.
    texts = pa.types.is_string(found.type)
    return pc.if_else(pc.equal(found, ""), None, found) if texts else found


def _odd(column: Column, rows: Ints) -> Truths:
    if not column.odd:
        return np.zeros(len(rows), bool)
    return np.isin(rows, np.fromiter(column.odd, np.int64))


def written(values: Sequence[Value]) -> Any:
    """A column as `Columns.data` takes it."""
    return values.array if isinstance(values, Column) and not values.odd else list(values)


def rearranged(
    new: Sequence[Value], old: Sequence[Value], take: Sequence[int], source: Sequence[int | None]
) -> Any:
    """Values of rows as `Columns.data` takes them.

    Args:
        new: today's values.
        old: those of before.
        take: for each row the row of *new*; −1 for what the row of *source* held.
        source: for each row the row of *old*.
    """
    pairs = zip(take, source, strict=True)
    if isinstance(new, Column) and isinstance(old, Column) and not (new.odd or old.odd):
        same = new.array.type == old.array.type
        if same or min(take, default=0) >= 0:
            count = len(new)
            at = [t if t >= 0 else count + (s or 0) for t, s in pairs]
            both = pa.concat_arrays([new.array, old.array]) if same else new.array
            return both.take(pa.array(at, pa.int64()))
    return [old[s or 0] if t < 0 else new[t] for t, s in pairs]
