"""Values of a column as arrays that can be written many rows at once.

What `cells.Encoder` says of one value holds here for all of a column. Whatever needs a closer look
(texts with special characters, infinities, columns of mixed types) goes through that encoder.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook_templates.ooxml.cells import MAX_INT, PLAIN_TEXT, Value, number_text, serial
from workbook_templates.ooxml.columns import plain_values

__all__ = ["as_array", "combined", "odd_texts", "repeated", "serials", "text_of"]

_KNOWN = {date: pa.date32(), str: pa.string(), bool: None, datetime: None, int: None, float: None}
"""Types of values that make an array, and its type where it is not plain from them."""
_US_A_DAY = 86_400_000_000
_SHIFT_1900, _SHIFT_1904 = 25_569, 24_107
"""Days from either epoch to 1970."""
_LEAP = 61
"""Serial of 1 March 1900; Excel counts a 29 February before it that never was."""


def as_array(values: Any, *, date1904: bool = False) -> pa.Array | list[Value]:
    """The column as one Arrow array of numbers, truths, serials or texts; else as plain values.

    Args:
        values: as in `Columns.data`.
        date1904: dates count from 1904.

    Raises:
        DoesNotFit: an integer beyond 2^53; a date with a time zone or before the calendar.
    """
    if isinstance(values, (list, tuple)) or str(getattr(values, "dtype", "")) == "object":
        found = _listed(values)
    else:
        found = (
            pa.array(values, from_pandas=True)
            if not isinstance(values, (pa.Array, pa.ChunkedArray))
            else values
        )
    if found is None:
        return plain_values(values)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    if pa.types.is_dictionary(found.type):
        found = found.dictionary_decode()
    return _known(found, values, date1904=date1904)


def _listed(values: Any) -> pa.Array | None:
    """Values of one type as an array; None where they are mixed."""
    kinds = set(map(type, values)) - {type(None)}
    if not kinds:
        return pa.nulls(len(values))
    if kinds in ({str, float}, {int, float}):
        # NaN among others; a number among texts makes the conversion fail.
        kinds.remove(float)
    kind = kinds.pop()
    if kinds or kind not in _KNOWN:
        return None
    try:
        return pa.array(values, _KNOWN[kind], from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        return None  # a lone surrogate, a time zone, a very large integer, a mixture


def _known(found: pa.Array, values: Any, *, date1904: bool) -> pa.Array | list[Value]:
    kind = found.type
    if pa.types.is_large_string(kind):
        return found.cast(pa.string())
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        return serials(found, date1904=date1904)
    if pa.types.is_integer(kind):
        for end in pc.min_max(found).as_py().values():
            if end is not None and abs(end) > MAX_INT:
                number_text(end)
        return found
    if pa.types.is_floating(kind):
        return _numbers(found.cast(pa.float64()))
    if pa.types.is_string(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return found
    return plain_values(values)


def _numbers(found: pa.Array) -> pa.Array | list[Value]:
    """Numbers without NaN or negative zero; a column with infinities as plain values."""
    view = found.fill_null(0.0).to_numpy(zero_copy_only=False)
    if not np.isfinite(view).all():
        found = pc.if_else(pc.is_nan(found), pa.scalar(None, pa.float64()), found)
        if np.isinf(view).any():
            return plain_values(found)
        view = found.fill_null(0.0).to_numpy(zero_copy_only=False)
    if (np.signbit(view) & (view == 0)).any():
        return pc.add(found, 0.0)
    return found


def serials(found: pa.Array, *, date1904: bool) -> pa.Array:
    """Dates or moments as days since the workbook's epoch, as `cells.serial` counts them.

    Raises:
        DoesNotFit: one has a time zone or stands before the calendar.
    """
    shift = _SHIFT_1904 if date1904 else _SHIFT_1900
    if pa.types.is_date32(found.type):
        days = pc.add(found.cast(pa.int32()).cast(pa.int64()), shift)
    else:
        if getattr(found.type, "tz", None) is not None:
            serial(next(v for v in found.to_pylist() if v is not None))
        us = found.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        us = pc.add(us, shift * _US_A_DAY)
        days = pc.divide(us, _US_A_DAY)
        if pc.any(pc.not_equal(pc.multiply(days, _US_A_DAY), us)).as_py():
            days = pc.divide(us.cast(pa.float64(), safe=False), float(_US_A_DAY))
    if not date1904:
        days = pc.if_else(pc.less(days, _LEAP), pc.subtract(days, 1), days)
    early = pc.less(days, 0 if date1904 else 1)
    if pc.any(early).as_py():
        at = early.index(True).as_py()
        serial(found[at].as_py(), date1904=date1904)
    return days


def text_of(found: pa.Array) -> pa.Array:
    """Numbers, truths or texts as the text of their cells; null where blank."""
    if pa.types.is_boolean(found.type):
        return found.cast(pa.int8()).cast(pa.string())
    return found if pa.types.is_string(found.type) else found.cast(pa.string())


def combined(found: pa.Array) -> pa.Array | None:
    """The distinct texts of a column with many equal ones, as a dictionary array; else None."""
    if not pa.types.is_string(found.type) or len(found) < _FEW:
        return None
    if len(found[:_FEW].unique()) * 2 > _FEW:
        return None
    coded = found.dictionary_encode()
    return coded if len(coded.dictionary) * 4 < len(found) else None


_FEW = 256
"""Values that tell whether it is worth looking for equal ones."""


def repeated(array: pa.Array, coded: pa.Array) -> pa.Array:
    """One item of *array* (one for each distinct value) for each row; null where blank."""
    return array.take(coded.indices)


@lru_cache(maxsize=1)
def _marks() -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each byte: 1 it is special, 2 with the next one; a text that starts, ends so may be."""
    inside = np.zeros(256, np.uint8)
    inside[:0x20] = 1
    inside[list(b"&<>")] = 1
    inside[[ord("_"), 0xEF]] = 2
    first, last = np.zeros(256, bool), np.zeros(256, bool)
    # White space that is not ASCII starts with one of these bytes and ends with one of those.
    first[[0x20, 0xC2, 0xE1, 0xE2, 0xE3]] = True
    last[[0x20, 0x80, 0x85, 0x9F, 0xA0, 0xA8, 0xA9, 0xAF, *range(0x81, 0x8B)]] = True
    return inside, first, last


def odd_texts(texts: pa.Array) -> NDArray[np.intp]:
    """Rows whose text may need escaping, `xml:space` or cutting; the others stand as they are."""
    _, offsets, raw = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    low, high = int(ends[0]), int(ends[-1])
    if low == high:
        return np.empty(0, np.intp)
    data, ends = np.frombuffer(raw, np.uint8)[low:high], ends - low
    inside, first, last = _marks()
    flags = inside[data]
    at = np.flatnonzero(flags)
    after = data[np.minimum(at + 1, high - low - 1)]
    pair = np.where(data[at] == 0xEF, after == 0xBF, after == ord("x"))
    at = at[(flags[at] == 1) | pair]
    odd = np.zeros(len(texts), bool)
    odd[np.searchsorted(ends, at, side="right") - 1] = True
    some = np.flatnonzero(ends[1:] > ends[:-1])
    odd[some] |= first[data[ends[:-1][some]]] | last[data[ends[1:][some] - 1]]
    odd |= ends[1:] - ends[:-1] >= PLAIN_TEXT
    return np.flatnonzero(odd)
