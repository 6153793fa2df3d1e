"""A declared table as it stands now: rows of a file or a database, nothing cut yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.project.declared import TableSource
from pipeline.sources.blocks import as_cells
from pipeline.sources.database import Rows, fetch, open_database
from pipeline.sources.files import open_file
from pipeline.sources.query import AS_OF, escaped, read_query
from scoring.errors import DataError
from scoring.parse_text import CellError, clean_text

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Executable

    from pipeline.sources.grid import Cells, Grid

__all__ = ["ROW", "Loaded", "asks_for_day", "load_table"]

ROW = "_row"
"""Column with the number of a row in its source, as people see it."""
_HEADER_ROWS = 20
_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)")


@dataclass(frozen=True)
class Loaded:
    """A table in memory.

    Attributes:
        table: its columns, and `ROW`.
        typed: whether the source says each column's type; else text columns may hold anything.
        label: file, or what names the query, for messages.
    """

    table: pa.Table
    typed: bool
    label: str


def asks_for_day(source: TableSource, folder: Path) -> bool:
    """Whether a query has ``:as_of``, so that it must be asked again for each day."""
    if source.query is None:
        return False
    return bool(AS_OF.search(read_query(source.query, folder=folder)[0]))


def load_table(
    name: str, source: TableSource, folder: Path, *, headers: Collection[str], as_of: date,
    zone: tzinfo, patience: int,
) -> Loaded:  # fmt: skip
    """Read a file or a database.

    Args:
        name: of the table, for messages.
        source: where it is.
        folder: what names of files are relative to.
        headers: column names that the settings speak of; a header row is known by them.
        as_of: bound to ``:as_of``.
        zone: where moments become local times.
        patience: seconds that a query may take.

    Raises:
        DataError: it cannot be read, has no columns or two of one name.
    """
    if source.file is not None:
        path = folder / Path(source.file).expanduser()
        return _of_file(name, source, path, headers, zone)
    assert source.url is not None
    database = open_database(source.url, folder=folder, patience=patience)
    if source.table is not None:
        query: Executable = _whole(source.table)
        label, bind = f"source.tables.{name}.table", False
    else:
        assert source.query is not None
        sql, _ = read_query(source.query, folder=folder)
        query, label, bind = escaped(sql), f"source.tables.{name}.query", bool(AS_OF.search(sql))
    rows = fetch(database, query, label, as_of=as_of, zone=zone, bind=bind)
    return Loaded(_of_rows(name, rows, zone), database.kind != "sqlite", name)


def _whole(table: str) -> Executable:
    """SELECT * of a table, with its schema's and its own name quoted as the database needs it."""
    from sqlalchemy import select, text
    from sqlalchemy import table as named

    *schema, last = table.split(".")
    return select(text("*")).select_from(named(last, schema=".".join(schema) or None))


def _of_file(
    name: str, source: TableSource, path: Path, headers: Collection[str], zone: tzinfo
) -> Loaded:
    if _is_parquet(path):
        return Loaded(_of_parquet(path, zone), True, path.name)

    def known(row: Sequence[object]) -> int:
        return len({clean_text(c) for c in row if c is not None}.intersection(headers))

    book = open_file(path, known)
    if source.sheet is not None and source.sheet not in book.names:
        listed = ", ".join(book.names)
        raise DataError(
            f"source.tables.{name}: {path.name} has no sheet {source.sheet}. It has: {listed}."
        )
    grid = book.grid(source.sheet or book.names[0])
    header = max(range(min(len(grid.rows), _HEADER_ROWS)), key=lambda i: known(grid.rows[i]),
                 default=None)  # fmt: skip
    if header is None:
        raise DataError(f"source.tables.{name}: {path.name} is empty. Give it a header row.")
    _refuse_ragged(name, path, grid)
    rows = Rows([clean_text(h) for h in grid.rows[header]], list(grid.below(header)))
    return Loaded(_of_rows(name, rows, zone, first=header + 2), False, path.name)


def _refuse_ragged(name: str, path: Path, grid: Grid) -> None:
    for row, width in grid.ragged.items():
        raise DataError(
            f"source.tables.{name}: {path.name}, row {row} has {width} cells, the header "
            f"{len(grid.rows[0])}. Look for a missing separator or quotation mark."
        )


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PAR1", b"PARE")
    except OSError:
        return False


def _of_parquet(path: Path, zone: tzinfo) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"{path.name} cannot be read as Parquet. Write it again, without encryption."
        raise DataError(message) from error
    for i, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz:
            moved = table.column(i).cast(pa.timestamp("us", tz=str(zone)))
            table = table.set_column(i, field.name, pc.local_timestamp(moved))
        elif pa.types.is_decimal(field.type):
            table = table.set_column(i, field.name, table.column(i).cast(pa.float64()))
    return table.append_column(ROW, pa.array(np.arange(2, 2 + table.num_rows)))


def _of_rows(name: str, rows: Rows, zone: tzinfo, *, first: int = 2) -> pa.Table:
    import pyarrow as pa

    kept = [i for i, n in enumerate(rows.names) if n]
    names = [rows.names[i] for i in kept]
    twice = next((n for n in names if [m.casefold() for m in names].count(n.casefold()) > 1), None)
    if twice is not None:
        raise DataError(f"source.tables.{name}: two columns are called {twice}. Rename one.")
    arrays = [_array(rows.columns[i], zone) for i in kept]
    count = len(arrays[0]) if arrays else 0
    numbers = pa.array(np.arange(first, first + count))
    return pa.table([*arrays, numbers], names=[*names, ROW])


def _array(cells: Cells, zone: tzinfo) -> pa.Array:
    """Numbers, dates or truths where all cells are; else their texts."""
    import pyarrow as pa

    if isinstance(cells, np.ndarray):
        return pa.array(cells, from_pandas=True)
    if (texts := _plain_texts(cells)) is not None:
        return texts
    values = [_value(c) for c in as_cells(cells)]
    kinds = {type(v) for v in values} - {type(None)}
    if kinds <= {int, float} and kinds:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    if kinds in ({bool}, {date}):
        return pa.array(values)
    if kinds and kinds <= {date, datetime}:
        return pa.array([_moment(v) for v in values], pa.timestamp("us"))
    return pa.array([None if v is None else _text(v, zone) for v in values], pa.string())


def _plain_texts(cells: Cells) -> pa.Array | None:
    """A column of texts that need no second look, at once; else None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if set(map(type, cells)) != {str}:
        return None
    try:
        trimmed = pc.utf8_trim_whitespace(pa.array(cells, pa.string()))
    except UnicodeEncodeError:  # half a character, which a workbook can hold
        return None
    odd = pc.match_substring_regex(trimmed, f"^{_OFFSET.pattern}$|[[:cntrl:]]|\u0085")
    if pc.any(odd).as_py():
        return None
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _value(cell: object) -> Any:
    return None if cell in ("", None) or isinstance(cell, CellError) else cell


def _moment(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, datetime.min.time())


def _text(value: object, zone: tzinfo) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = clean_text(value)
    if _OFFSET.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        return moment.astimezone(zone).replace(tzinfo=None).isoformat(" ")
    return text or None
