"""What was made of a value before: the figures and words of similar workbooks repeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["Remembered"]

T = TypeVar("T")

_LIMIT = 1 << 14
"""Values of one type that are remembered."""
_LONGEST = 200
"""Characters of a text that is worth remembering."""


class Remembered(dict[type, "_Made[T]"], Generic[T]):
    """`remembered[type(value)][value]` is `make(value)`.

    By type first, because 1, 1.0 and True are equal and yet written differently. A look-up
    without a call is several times as fast as formatting even a short number.

    Args:
        types: those whose values are remembered.
        make: pure.
    """

    def __init__(self, types: frozenset[type], make: Callable[[Any], T]) -> None:
        super().__init__()
        self._types, self._make = types, make

    def __missing__(self, kind: type) -> _Made[T]:
        # Of other types nothing is known, not even that their values can be keys.
        known: _Made[T] = _Known(self._make) if kind in self._types else _Made(self._make)
        self[kind] = known
        return known


class _Made(Generic[T]):
    """Makes each value anew."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make

    def __getitem__(self, value: Any, /) -> T:
        return self._make(value)


class _Known(dict[Any, T], _Made[T]):
    """Makes each value once."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        dict.__init__(self)
        self._make = make

    def __missing__(self, value: Any) -> T:
        made = self._make(value)
        # No NaN is equal to another: each would be one more.
        if value != value or (type(value) is str and len(value) > _LONGEST):
            return made
        if len(self) >= _LIMIT:
            self.clear()
        self[value] = made
        return made
