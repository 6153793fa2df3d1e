"""Parts of tables → the sheets of a source: joined by account, or one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.sources.blocks import as_cells
from pipeline.sources.grid import Cells, Grid
from scoring.columns import ACCOUNT, match_headers, normalise
from scoring.inputs import Problem
from scoring.parse_column import parse_column
from scoring.parse_text import Reading

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Part", "accounts_grid", "cells_of", "stacked_grid"]

_ID = next(c for c in ACCOUNT if c.key == "account_id")
_SHOWN = 3


@dataclass
class Part:
    """What one table gives to a sheet.

    Attributes:
        label: file or table, for messages.
        headers: of the sheet.
        columns: each header's n cells.
        rows: (n,) row numbers in the table, as people see them; None where it has none.
    """

    label: str
    headers: list[str]
    columns: list[Cells]
    rows: np.ndarray[Any, Any] | None = None
    origins: list[tuple[str, np.ndarray[Any, Any] | None]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def ids(self) -> Sequence[str | None] | None:
        """Each row's account, or None where no header means that."""
        matched = match_headers(self.headers, (_ID,))[0]
        if not matched:
            return None
        found: Sequence[str | None] = parse_column(
            self.columns[next(iter(matched))], _ID, Reading()
        ).values.tolist()
        return found


def cells_of(column: pa.ChunkedArray) -> Cells:
    """An Arrow column as a sheet's cells; "" is the empty cell."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return np.asarray(numbers, np.float64)
    cells = column.to_pylist()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind):
        return ["" if c is None else c for c in cells]
    return ["" if c is None else _cell(c) for c in cells]


def _cell(value: object) -> object:
    return value if isinstance(value, str | bool | float | datetime | date) else _number(value)


def _number(value: Any) -> object:
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def accounts_grid(parts: Sequence[Part]) -> tuple[Grid, list[Problem]]:
    """The first table's rows, and beside them what the others say about the same accounts.

    Of a column that several tables have, the first value counts. Rows of an account that the
    first table lacks, and further rows of one account, are told.
    """
    base, problems = parts[0], list[Problem]()
    ids = base.ids()
    headers, columns = list(base.headers), list(base.columns)
    origins = [(base.label, base.rows)] * len(headers)
    for part in parts[1:]:
        places, told = _places(ids or [], part, base.label)
        problems += told
        for header, cells in zip(part.headers, part.columns, strict=True):
            if match_headers([header], (_ID,))[0]:
                continue
            moved = _moved(cells, places)
            at = next((i for i, h in enumerate(headers) if normalise(h) == normalise(header)), None)
            if at is not None:
                columns[at] = _first_known(columns[at], moved)
                continue
            headers.append(header)
            columns.append(moved)
            rows = None if part.rows is None else np.where(places < 0, 0, part.rows[places])
            origins.append((part.label, rows))
    return _grid("Accounts", headers, columns, origins), problems


def stacked_grid(name: str, parts: Sequence[Part]) -> Grid:
    """The rows of all tables, one below the other."""
    headers: list[str] = []
    known: set[str] = set()
    for part in parts:
        fresh = [h for h in part.headers if normalise(h) not in known]
        headers += fresh
        known |= {normalise(h) for h in fresh}
    columns: list[list[object]] = [[] for _ in headers]
    for part in parts:
        at = {normalise(h): i for i, h in enumerate(part.headers)}
        for header, column in zip(headers, columns, strict=True):
            i = at.get(normalise(header))
            column.extend([""] * part.count if i is None else as_cells(part.columns[i]))
    if len(parts) == 1:
        return _grid(name, headers, list(columns), [(parts[0].label, parts[0].rows)] * len(headers))
    return _grid(name, headers, list(columns), [])


def _grid(
    name: str, headers: list[str], columns: list[Cells],
    origins: Sequence[tuple[str, np.ndarray[Any, Any] | None]],
) -> Grid:  # fmt: skip
    def origin(position: int, row: int) -> tuple[str, int]:
        if not origins:
            return name, row
        label, rows = origins[position if 0 <= position < len(origins) else 0]
        if rows is None or not 0 <= row - 2 < len(rows):
            return label, row
        return label, int(rows[row - 2])

    return Grid(name, [list(headers)], columns, addressed=False, origin=origin)


def _places(
    ids: Sequence[str | None], part: Part, base: str
) -> tuple[np.ndarray[Any, Any], list[Problem]]:
    """For each account the row of a further table, −1 for none; and what does not fit."""
    theirs = part.ids()
    if theirs is None:
        message = f"No column says which account a row is about; {part.label} is not joined."
        fix = 'Map it: columns = { "Account ID" = "…" }.'
        told = [Problem(part.label, None, "", "", "", message, fix)]
        return np.full(len(ids), -1), told
    first: dict[str, int] = {}
    repeated: list[int] = []
    for i, account in enumerate(theirs):
        if account is None:
            continue
        if account in first:
            repeated.append(i)
        else:
            first[account] = i
    problems = [_repeated(part, theirs, repeated, first)] if repeated else []
    known = set(ids)
    unmatched = [a for a in first if a not in known]
    if unmatched:
        problems.append(_unmatched(part, unmatched, base))
    places = np.array([first.get(a, -1) if a is not None else -1 for a in ids], dtype=int)
    return places, problems


def _repeated(
    part: Part, ids: Sequence[str | None], rows: Sequence[int], first: dict[str, int]
) -> Problem:
    accounts = list(dict.fromkeys(str(ids[i]) for i in rows))
    at = None if part.rows is None else int(part.rows[rows[0]])
    message = f"{_listed(accounts)}: more than one row; the first of each counts."
    fix = "Give one row an account: latest = true, or sum them up with sql."
    return Problem(part.label, at, "", "", accounts[0], message, fix)


def _unmatched(part: Part, accounts: Sequence[str], base: str) -> Problem:
    who = "1 account does" if len(accounts) == 1 else f"{len(accounts):,} accounts do"
    message = f"{who} not stand in {base}, so the rows are not used: {_listed(accounts)}."
    fix = f"Add them to {base} if they are customers."
    return Problem(part.label, None, "", "", "", message, fix, "note")


def _listed(accounts: Sequence[str]) -> str:
    more = len(accounts) - _SHOWN
    return ", ".join(accounts[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _moved(cells: Cells, places: np.ndarray[Any, Any]) -> Cells:
    if isinstance(cells, np.ndarray):
        if not len(cells):
            return np.full(len(places), np.nan)
        return np.where(places < 0, np.nan, cells[places])
    return ["" if i < 0 else cells[i] for i in places.tolist()]


def _first_known(a: Cells, b: Cells) -> Cells:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.where(np.isnan(a), b, a)
    pairs = zip(as_cells(a), as_cells(b), strict=True)
    return [y if x in ("", None) else x for x, y in pairs]
