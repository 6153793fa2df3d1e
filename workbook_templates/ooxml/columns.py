"""Rows for a Table given by columns: what many thousand rows are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Columns"]


@dataclass(frozen=True)
class Columns:
    """n rows of a Table, column by column.

    Attributes:
        data: column header → n values: a numpy array, a pandas series or a list of plain values.
            NaN, NaT, NA and None are blank cells; a text is always text.
        rows: n.
    """

    data: Mapping[str, Any]
    rows: int

    def __len__(self) -> int:
        return self.rows

    @classmethod
    def of(cls, data: Mapping[str, Sequence[Any]]) -> Columns:
        """Columns of equal length.

        Raises:
            ValueError: of different lengths.
        """
        sizes = {len(column) for column in data.values()}
        if len(sizes) > 1:
            raise ValueError(f"columns of different lengths: {sorted(sizes)}")
        return cls(data, sizes.pop() if sizes else 0)
