"""What people typed into the rows of our Tables, read before anything is worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import CellError, Value, day_of
from workbook_templates.package import Package
from workbook_templates.portfolio.tables import TableSpec
from workbook_templates.refresh.below import take_in_rows_below
from workbook_templates.refresh.cells import read_cells
from workbook_templates.refresh.find import Chosen, find_tables
from workbook_templates.refresh.match import row_key

__all__ = ["TypedRow", "read_typed"]

_ALL: Mapping[str, str] = {}

TypedRow = Mapping[str, object]
"""Column key → text, number, date or None; ``key`` tells rows apart, also those people added."""


def read_typed(
    data: bytes,
    specs: Mapping[str, TableSpec],
    names: Iterable[str],
    where: str = "The workbook",
    *,
    status: Mapping[str, str] = _ALL,
) -> dict[str, list[TypedRow]]:
    """Rows of some of our Tables as they stand in a workbook; blank ones are left out.

    Args:
        data: the workbook.
        specs: our Tables by name.
        names: of the Tables to read; one that is not there has no rows.
        where: the workbook, for messages.
        status: Table → the word under Status that a row must have; long lists have few of them.

    Raises:
        WorkbookError: it is no workbook, or a Table has none of the columns that tell rows apart.
    """
    wanted = {name: specs[name] for name in names}
    book = take_in_rows_below(Book(Package(data, where)), wanted)
    found, _ = find_tables(book, wanted, Chosen())
    out: dict[str, list[TypedRow]] = {name: [] for name in names}
    for name, table in found.items():
        columns = table.columns
        read = read_cells(book, table.part, table.table.data, set(columns.values()))
        values = {key: read.values[col] for key, col in columns.items()}
        dated = {c.key for c in table.spec.columns if c.format == "date"}
        for row in _rows(values.get("status", ()), status.get(name, ""), table.rows):
            cells = {key: column[row] for key, column in values.items()}
            if all(v in (None, "") for v in cells.values()):
                continue
            plain = {k: _plain(v, k in dated, book.date1904) for k, v in cells.items()}
            out[name].append(plain | {"key": row_key(values, row)})
    return out


def _rows(status: Sequence[Value], word: str, count: int) -> Sequence[int]:
    """Rows whose status is a word; all without one."""
    if not word:
        return range(count)
    wanted = word.casefold()
    return [row for row, v in enumerate(status) if str(v or "").strip().casefold() == wanted]


def _plain(value: Value, dated: bool, date1904: bool) -> object:
    """A cell as Python has it; an error is nothing, a day typed as ISO text a day."""
    if isinstance(value, CellError) or value == "":
        return None
    if not dated:
        return value
    if isinstance(value, float):
        return day_of(value, date1904=date1904)
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip()).date()
        except ValueError:
            return value
    return None
