"""Rows for a Table given by columns: what many thousand rows are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook_templates.ooxml.cells import Value

__all__ = ["Columns", "plain_values"]


@dataclass(frozen=True)
class Columns:
    """n rows of a Table, column by column.

    Attributes:
        data: column header → n values: a numpy array, a pandas series, an Arrow array or a list of
            plain values. NaN, NaT, NA and None are blank cells; a text is always text. Of a
            column of formulas they are the values that the formulas give.
        rows: n.

    Raises:
        ValueError: a column of another length.
    """

    data: Mapping[str, Any]
    rows: int

    def __post_init__(self) -> None:
        for header, values in self.data.items():
            if len(values) != self.rows:
                raise ValueError(f"column {header!r} has {len(values)} values for {self.rows} rows")

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

    def mappings(self) -> list[dict[str, Value]]:
        """The same rows one by one, as plain values."""
        columns = [plain_values(column) for column in self.data.values()]
        names = list(self.data)
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain_values(values: Any) -> list[Value]:
    """The values of a column as Python's own, whatever is missing as None."""
    listed = getattr(values, "to_pylist", None) or getattr(values, "tolist", None)
    found = list(values) if listed is None else listed()
    return [None if v is None or _missing(v) else v for v in found]


def _missing(value: Any) -> bool:
    # NaN differs from itself; pandas' NA does not even say whether it does.
    return type(value).__name__ in ("NAType", "NaTType") or bool(value != value)
