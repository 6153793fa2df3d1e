"""Parquet files: columns as they are stored."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.sources.grid import Book, Cells, Grid
from pipeline.sources.package import MOST_CELLS
from scoring.errors import DataError

_MOST_CELLS = 10 * MOST_CELLS


def open_parquet(path: Path) -> Book:
    """Read a Parquet file as one table.

    Raises:
        DataError: damaged, encrypted, or more cells than memory should hold.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        rows, width = file.metadata.num_rows, file.metadata.num_columns
        if rows * width > _MOST_CELLS:
            raise DataError(f"{path.name} holds {rows:,} rows. Give one row an account.")
        table = file.read()
        columns: list[Cells] = [_cells(column) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        message = f"{path.name} cannot be read as Parquet. Write it again, without encryption."
        raise DataError(message) from error
    grid = Grid(path.name, [list(table.column_names)], columns, addressed=False)
    return Book(path.name, (path.name,), lambda _: grid, single=True)


def _cells(column: Any) -> Cells:
    cells: list[object] = column.to_pylist()
    if any(type(c) is Decimal for c in cells[:1000]):
        return [float(c) if isinstance(c, Decimal) else c for c in cells]
    return cells
