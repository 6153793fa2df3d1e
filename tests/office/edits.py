"""What people do to a workbook in LibreOffice, over UNO. Runs under the system's Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sheets  # type: ignore[import-not-found]
import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField


def edit(document: Any, name: str, *arguments: Any) -> None:
    """Do one of the things below.

    Args:
        document: the UNO document.
        name: which.
        arguments: of it, after the document.
    """
    _EDITS[name](document, *arguments)


def _put(document: Any, sheet: str, at: str, value: Any) -> None:
    sheets.put(document.Sheets.getByName(sheet), at, value)


def _insert_column(document: Any, sheet: str, at: int) -> None:
    document.Sheets.getByName(sheet).Columns.insertByIndex(at, 1)


def _remove_column(document: Any, sheet: str, at: int) -> None:
    document.Sheets.getByName(sheet).Columns.removeByIndex(at, 1)


def _move(document: Any, sheet: str, area: str, to: str) -> None:
    """Cut and paste."""
    page = document.Sheets.getByName(sheet)
    target = page.getCellRangeByName(to).getCellByPosition(0, 0).CellAddress
    page.moveRange(target, page.getCellRangeByName(area).RangeAddress)


def _sort(document: Any, sheet: str, area: str, column: int) -> None:
    """The rows of an area by one of its columns, the largest first."""
    field = TableSortField()
    field.Field, field.IsAscending = column, False
    options = (
        ("SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))),
        ("ContainsHeader", False),
    )
    made = []
    for name, value in options:
        option = PropertyValue()
        option.Name, option.Value = name, value
        made.append(option)
    document.Sheets.getByName(sheet).getCellRangeByName(area).sort(tuple(made))


def _note(document: Any, sheet: str, at: str, text: str) -> None:
    page = document.Sheets.getByName(sheet)
    page.Annotations.insertNew(page.getCellRangeByName(at).CellAddress, text)


def _colour(document: Any, sheet: str, area: str, colour: int) -> None:
    document.Sheets.getByName(sheet).getCellRangeByName(area).CellBackColor = colour


def _filter(document: Any, table: str) -> None:
    document.DatabaseRanges.getByName(table).AutoFilter = True


def _rename(document: Any, sheet: str, name: str) -> None:
    document.Sheets.getByName(sheet).Name = name


def _hide(document: Any, sheet: str) -> None:
    document.Sheets.getByName(sheet).IsVisible = False


def _add(document: Any, sheet: str) -> None:
    document.Sheets.insertNewByName(sheet, document.Sheets.Count)


def _delete(document: Any, sheet: str) -> None:
    document.Sheets.removeByName(sheet)


_EDITS: dict[str, Callable[..., None]] = {
    "put": _put, "insert column": _insert_column, "remove column": _remove_column, "move": _move,
    "sort": _sort, "note": _note, "colour": _colour, "filter": _filter, "rename": _rename,
    "hide": _hide, "add": _add, "delete": _delete,
}  # fmt: skip
