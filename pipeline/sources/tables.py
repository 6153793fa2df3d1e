"""A sheet's raw cells → a frame in canonical columns, and everything wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.sources.grid import Cells, Grid, address
from scoring.columns import Column, match_headers, normalise
from scoring.inputs import NOT_READ, Problem
from scoring.parse_column import Parsed, parse_column
from scoring.parse_text import Reading, ValueProblem, clean_text

_HEADER_ROWS = 20


@dataclass
class Table:
    """A read sheet.

    Attributes:
        grid: where it came from.
        frame: one row a used row of the sheet; matched columns by key.
        rows: (n,) 1-based row numbers in the sheet.
        places: column key → (position, header as typed).
        problems: found so far.
    """

    grid: Grid
    frame: pd.DataFrame
    rows: NDArray[Any]
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, row: int, key: str, value: object, message: str, fix: str) -> Problem:
        """A problem at one cell; *row* is the sheet's row number, *key* may be no column."""
        position, header = self.places.get(key, (-1, ""))
        place = address(row, position) if position >= 0 and self.grid.addressed else ""
        sheet, row = self.origin(row, position)
        return Problem(sheet, row, header, place, clean_text(value), message, fix)

    def origin(self, row: int, position: int = -1) -> tuple[str, int]:
        """The sheet, or the file behind it, and the row number there."""
        known = self.grid.origin
        return (self.grid.name, row) if known is None else known(position, row)

    def name_accounts(self) -> None:
        """Say in each problem of a row whose it is, as that row has it."""
        known = [self.frame[k] for k in ("account_id", "account_name") if k in self.frame.columns]
        if not known or not any(p.row for p in self.problems):
            return
        accounts = known[0] if len(known) == 1 else known[0].where(known[0].notna(), known[1])
        at = {header: position for position, header in self.places.values()}
        rows = cache(self._rows_of)
        for i, problem in enumerate(self.problems):
            row = rows(at.get(problem.column, -1)).get((problem.sheet, problem.row or 0))
            if row is not None and not pd.isna(accounts.iloc[row]):
                self.problems[i] = replace(problem, account=str(accounts.iloc[row]))

    def _rows_of(self, position: int) -> dict[tuple[str, int], int]:
        """Sheet and row as people know them → row of the frame."""
        return {self.origin(int(row), position): i for i, row in enumerate(self.rows)}


def header_matches(row: Sequence[object], columns: Sequence[Column]) -> int:
    """How many headers of a row the columns know."""
    return len(match_headers(row, columns)[0])


def header_row(grid: Grid, columns: Sequence[Column]) -> int | None:
    """Position of the first row, of the first 20, with two known headers; titles stand above."""
    for i, row in enumerate(grid.rows[:_HEADER_ROWS]):
        if sum(1 for cell in row if cell not in ("", None)) >= 2 and (
            header_matches(row, columns) >= 2
        ):
            return i
    return None


def read_table(grid: Grid, header: int, columns: Sequence[Column], reading: Reading) -> Table:
    """Parse the cells below a header row.

    Args:
        grid: the raw sheet.
        header: position of its header row.
        columns: what may stand in it.
        reading: how ambiguous text is read.

    Returns:
        The table; rows without any cell are left out, values that cannot be used are missing.
    """
    headers = grid.rows[header]
    matched, unknown, repeated = match_headers(headers, columns)
    cells = grid.below(header)
    count = len(cells[0]) if cells else 0
    rows = np.arange(header + 2, header + 2 + count)
    table = Table(grid, pd.DataFrame(), rows)
    table.places = {c.key: (p, clean_text(headers[p])) for p, c in matched.items()}
    table.problems += _header_problems(table, header, unknown, repeated, columns)
    keep = _used(cells, list(matched), grid, rows)
    values = _parse(table, matched, cells, keep, reading)
    _report_ragged(table, headers)
    table.rows = rows if keep is None else rows[keep]
    # Texts stay objects with None: left to pandas they become strings whose missing one is NaN.
    kept = {k: pd.Series(v, dtype=v.dtype) for k, v in values.items()}
    table.frame = pd.DataFrame(kept, index=range(len(table.rows)))
    return table


def _header_problems(
    table: Table,
    header: int,
    unknown: list[int],
    repeated: dict[int, int],
    columns: Sequence[Column],
) -> list[Problem]:
    grid, row = table.grid, header + 1
    headers = [clean_text(h) for h in grid.rows[header]]
    by_name = {normalise(c.name): c.name for c in columns}
    out: list[Problem] = []
    for position in unknown:
        text = headers[position]
        close = difflib.get_close_matches(normalise(text), by_name, n=2, cutoff=0.6)
        near = " or ".join(by_name[c] for c in close)
        fix = f"If it is {near}, name it so." if near else "Rename it if the model needs it."
        place = address(row, position) if grid.addressed else ""
        out.append(Problem(grid.name, row, text, place, "", NOT_READ, fix, "note"))
    for position, earlier in repeated.items():
        place = address(row, position) if grid.addressed else ""
        first = address(row, earlier) if grid.addressed else f"column {earlier + 1}"
        message = f"The same column as {headers[earlier]} in {first}; this one is not read."
        out.append(
            Problem(grid.name, row, headers[position], place, "", message, "Delete or rename one.")
        )
    return out


def _used(
    cells: list[Cells], positions: list[int], grid: Grid, rows: NDArray[Any]
) -> NDArray[Any] | None:
    """Positions of rows that hold a value and fit the header; None when all do."""
    count = len(rows)
    empty: NDArray[np.bool_] = np.ones(count, dtype=bool)
    for position in positions:
        at = np.flatnonzero(empty)
        if not at.size:
            break
        column = cells[position]
        if isinstance(column, np.ndarray):
            empty &= np.isnan(column)
        elif at.size < count:
            empty[at] = [column[i] is None or column[i] == "" for i in at.tolist()]
        elif "" in column or None in column:
            empty = np.fromiter((c is None or c == "" for c in column), bool, count)
        else:
            empty[:] = False
    if grid.ragged:
        empty |= np.isin(rows, list(grid.ragged))
    return np.flatnonzero(~empty) if empty.any() else None


def _parse(
    table: Table,
    matched: dict[int, Column],
    cells: list[Cells],
    keep: NDArray[Any] | None,
    reading: Reading,
) -> dict[str, NDArray[Any]]:
    values: dict[str, NDArray[Any]] = {}
    named: dict[int, str] = {}
    shown: dict[int, str] = {}
    kept_rows = table.rows if keep is None else table.rows[keep]
    for position, column in matched.items():
        picked = _picked(cells[position], keep)
        parsed = parse_column(picked, column, reading)
        values[column.key] = parsed.values
        named |= parsed.currencies
        if column.kind == "money":
            # Of two amounts in a row the first says the currency.
            shown = _shown(table.grid, position, parsed, kept_rows) | shown
        table.problems += [
            table.problem(int(kept_rows[i]), column.key, raw, p.message, p.fix)
            for i, raw, p in parsed.problems
        ]
    if named:
        _name_currencies(table, values, named, kept_rows)
    if shown:
        _take_shown(table, values, shown, kept_rows)
    return values


def _shown(grid: Grid, position: int, parsed: Parsed, rows: NDArray[Any]) -> dict[int, str]:
    """Position → ISO code, of amounts with a currency in the cell's format and none in its text."""
    by_row = grid.currencies(position)
    if not by_row:
        return {}
    given = np.flatnonzero(~np.isnan(parsed.values)).tolist()
    found = ((i, by_row.get(int(rows[i]))) for i in given if i not in parsed.currencies)
    return {i: code for i, code in found if code}


def _take_shown(
    table: Table, values: dict[str, NDArray[Any]], shown: dict[int, str], rows: NDArray[Any]
) -> None:
    """Take currencies from number formats; where *Currency* says otherwise, it counts."""
    known = values.setdefault("currency", np.full(len(rows), None, dtype=object))
    apart: dict[tuple[str, str], list[int]] = {}
    for i, code in shown.items():
        if known[i] is None:
            known[i] = code
        elif known[i] != code:
            apart.setdefault((code, str(known[i])), []).append(i)
    for (code, said), at in apart.items():
        count = "" if len(at) == 1 else f" in {len(at):,} rows, here first"
        message = f"Formatted as {code}, but Currency says {said}{count}; {said} counts."
        fix = "Correct the format or the column Currency."
        note = table.problem(int(rows[at[0]]), "arr", "", message, fix)
        table.problems.append(replace(note, severity="note"))


def _picked(cells: Cells, keep: NDArray[Any] | None) -> Cells:
    if keep is None:
        return cells
    return cells[keep] if isinstance(cells, np.ndarray) else [cells[i] for i in keep.tolist()]


def _name_currencies(
    table: Table, values: dict[str, NDArray[Any]], named: dict[int, str], rows: NDArray[Any]
) -> None:
    """Take currencies from money texts where the *Currency* column is silent; never overrule it."""
    known = values.setdefault("currency", np.full(len(rows), None, dtype=object))
    for i, code in named.items():
        if known[i] is None:
            known[i] = code
        elif known[i] != code:
            problem = ValueProblem(
                f"{code} in the amount, but {known[i]} in the column Currency.", "Correct one."
            )
            key = "currency" if "currency" in table.places else "arr"
            table.problems.append(
                table.problem(int(rows[i]), key, known[i], problem.message, problem.fix)
            )


def _report_ragged(table: Table, headers: Sequence[object]) -> None:
    for row, width in table.grid.ragged.items():
        message = f"The row has {width} cells, the header {len(headers)}; it is not used."
        fix = "Look for a missing separator or quotation mark."
        if any("\n" in str(cell) for cell in table.grid.rows[row - 1]):
            fix = 'A quotation mark (") that opens in it is not closed on its line. Close it.'
        table.problems.append(Problem(table.grid.name, row, "", "", "", message, fix))
