"""Read and write cells over UNO. Runs under the system's Python."""

from __future__ import annotations

import re
from typing import Any

import uno  # noqa: F401 - it makes the `com` packages importable
from com.sun.star.table.CellContentType import EMPTY, FORMULA

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


def values(document: Any) -> dict[str, Any]:
    """Every sheet: its used area, and the cells in it that hold something."""
    return {sheet.Name: _sheet_values(document, sheet) for sheet in document.Sheets}


def _sheet_values(document: Any, sheet: Any) -> dict[str, Any]:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
    formulas = area.getFormulaArray()
    found: dict[str, Any] = {}
    for y, row in enumerate(area.getDataArray()):
        for x, value in enumerate(row):
            if value == "" and formulas[y][x] == "":
                continue
            found[f"{letters(x)}{y + 1}"] = _plain(document, area, x, y, value)
    return {"area": f"A1:{letters(end.EndColumn)}{end.EndRow + 1}", "cells": found}


def _plain(document: Any, area: Any, x: int, y: int, value: Any) -> Any:
    """The value for JSON: errors as {"error": text}, truth values as such."""
    if isinstance(value, str):
        return value
    if value is None:
        return {"error": _error_text(area.getCellByPosition(x, y))}
    # Only these two can be truth values: the number format tells, and asking it is slow.
    if value in (0.0, 1.0):
        key = area.getCellByPosition(x, y).NumberFormat
        if document.NumberFormats.getByKey(key).Type & LOGICAL:
            return bool(value)
    return value


def _error_text(cell: Any) -> str:
    if cell.Type == EMPTY:
        return "#N/A"
    text = cell.getString()
    if re.match(r"(#|Err:)", text):
        return str(text)
    return f"Err:{cell.getError()}" if cell.Type == FORMULA else "#N/A"
