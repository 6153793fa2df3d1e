"""Backtest workbooks of each kind for tests, and what their cells hold."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl

from scoring.presets import load_preset
from scoring.validation.backtest import Found
from scoring.validation.records import Backtest
from tests.scoring.validation import documents
from tests.workbook_templates.backtest.made import agreeing, found_of
from workbook_templates.backtest import write_backtest

__all__ = ["KINDS", "book", "made", "place", "rows", "written"]

KINDS: dict[str, Callable[..., Backtest]] = {
    "evidence": documents.evidence,
    "no evidence": documents.no_evidence,
    "windows": documents.windows,
    "nothing": documents.nothing,
}


@cache
def made(kind: str = "evidence", preset: str = "scorecard", count: int = 60) -> Found:
    """A backtest of that kind, whose counts are those of its cases."""
    model = load_preset(preset)
    found = found_of(KINDS[kind](model), 0 if kind == "nothing" else count, model)
    return found if kind == "nothing" else agreeing(found)


@cache
def written(kind: str = "evidence", preset: str = "scorecard", count: int = 60) -> bytes:
    """Its workbook."""
    return write_backtest(made(kind, preset, count))


def book(data: bytes) -> Any:
    """What the file holds, without any spreadsheet program."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def place(read: Any, name: str) -> Any:
    """Value of a named cell, or rows of a block."""
    sheet, ref = next(read.defined_names[f"hs_{name}"].destinations)
    cells = read[sheet][ref]
    return cells.value if not isinstance(cells, tuple) else [[c.value for c in r] for r in cells]


def rows(read: Any, sheet: str, table: str) -> list[dict[str, Any]]:
    """Rows of a Table by header."""
    head, *body = read[sheet][read[sheet].tables[table].ref]
    names = [c.value for c in head]
    return [dict(zip(names, (c.value for c in row), strict=True)) for row in body]
