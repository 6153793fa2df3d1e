"""Ends of axes."""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["axis_end"]


def axis_end(shares: Iterable[float | None]) -> float:
    """The next tenth at or above the largest share, from 0.1 to 1."""
    largest = max((x for x in shares if x is not None), default=1.0)
    return min(max(math.ceil(round(largest * 10, 6)), 1), 10) / 10
