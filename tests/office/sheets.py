"""Read and write cells over UNO. Runs under the system's Python."""

from __future__ import annotations

import re
from typing import Any

import uno  # noqa: F401 - it makes the `com` packages importable
from com.sun.star.table.CellContentType import EMPTY, FORMULA, VALUE

LOGICAL = 1024  # com.sun.star.util.NumberFormat.LOGICAL
BOTH = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: value, date, string, formula


def letters(column: int) -> str:
    """Column 0 is A."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def put(sheet: Any, address: str, value: Any, typed: bool = False) -> None:
    """Put a number, a truth value, a text or nothing into a cell.

    Args:
        sheet: The UNO sheet.
        address: Like ``B5``.
        value: ``None`` clears the cell. A text that starts with ``=`` is a formula.
        typed: The formula is in the notation a person types rather than in the file's.
    """
    cell = sheet.getCellRangeByName(address)
    if value is None:
        cell.clearContents(BOTH)
    elif isinstance(value, bool):
        cell.setFormula("=TRUE()" if value else "=FALSE()")
    elif isinstance(value, (int, float)):
        cell.setValue(float(value))
    elif value.startswith("="):
        put_formula(sheet, address, value)
    else:
        cell.setString(value)


def put_formula(sheet: Any, address: str, formula: str) -> None:
    """Type a formula as a person would; a range makes it an array formula."""
    where = sheet.getCellRangeByName(address)
    first = where.getCellByPosition(0, 0)
    first.FormulaLocal = formula
    if ":" in address:
        parsed = first.getFormula()
        first.setString("")
        where.setArrayFormula(parsed)


def held(sheet: Any, address: str) -> Any:
    """What a cell holds, so that `put` can put it back: a formula, a number, a text or nothing."""
    cell = sheet.getCellRangeByName(address)
    if cell.Type == EMPTY:
        return None
    return cell.Value if cell.Type == VALUE else cell.Formula


def value(document: Any, sheet: str, address: str) -> Any:
    """What one cell shows."""
    cell = document.Sheets.getByName(sheet).getCellRangeByName(address)
    return _plain(_Truths(document), cell, cell.getDataArray()[0][0])


def values(document: Any) -> dict[str, Any]:
    """Every sheet: its used area, and the cells in it that hold something."""
    return {sheet.Name: shown(document, sheet) for sheet in document.Sheets}


def shown(document: Any, sheet: Any, addresses: list[str] | None = None) -> dict[str, Any]:
    """One sheet: its used area, and the cells that hold something, in it or at some addresses."""
    truths = _Truths(document)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    used = f"A1:{letters(end.EndColumn)}{end.EndRow + 1}"
    found: dict[str, Any] = {}
    for address in addresses or [used]:
        found |= _held(truths, sheet.getCellRangeByName(address))
    return {"area": used, "cells": found}


def _held(truths: _Truths, area: Any) -> dict[str, Any]:
    formulas, start = area.getFormulaArray(), area.RangeAddress
    found: dict[str, Any] = {}
    for y, row in enumerate(area.getDataArray()):
        for x, value in enumerate(row):
            if value == "" and formulas[y][x] == "":
                continue
            # Only these can be truth values or errors; a call for each cell would be slow.
            if value is None or value == 0 or value == 1:
                value = _plain(truths, area.getCellByPosition(x, y), value)
            found[f"{letters(start.StartColumn + x)}{start.StartRow + y + 1}"] = value
    return found


class _Truths:
    """Which number formats of a document are those of truth values; each is asked for once."""

    def __init__(self, document: Any) -> None:
        self._formats = document.NumberFormats
        self._known: dict[int, bool] = {}

    def __contains__(self, key: int) -> bool:
        if key not in self._known:
            self._known[key] = bool(self._formats.getByKey(key).Type & LOGICAL)
        return self._known[key]


def _plain(truths: _Truths, cell: Any, value: Any) -> Any:
    """The value for JSON: errors as {"error": text}, truth values as such."""
    if value is None:
        return {"error": _error_text(cell)}
    if not isinstance(value, str) and value in (0.0, 1.0) and cell.NumberFormat in truths:
        return bool(value)
    return value


def _error_text(cell: Any) -> str:
    if cell.Type == EMPTY:
        return "#N/A"
    text = cell.getString()
    if re.match(r"(#|Err:)", text):
        return str(text)
    return f"Err:{cell.getError()}" if cell.Type == FORMULA else "#N/A"
