"""Earlier scores alone, to be recorded: a table of them, or the sheet *Score history*."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.sources.dated import HISTORY_SHEETS
from pipeline.sources.read import choose_reading, open_source, without_collector
from pipeline.sources.tables import Table, header_row, read_table
from scoring.columns import SCORE_HISTORY, history_columns, normalise
from scoring.errors import DataError
from scoring.inputs import Inputs
from scoring.model import ScoreModel

__all__ = ["read_snapshots"]


def read_snapshots(
    path: str | Path,
    model: ScoreModel,
    *,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    query: str | None = None,
) -> Inputs:
    """Read earlier scores alone: rows of account and date, with a score, raw values or both.

    Args:
        path: as for `read_source`; of a workbook the sheet *Score history*, or *sheet*.
        model: brings its metrics' columns.
        sheet: the sheet to read, whatever its name.
        day_first: as for `read_source`.
        decimal: as for `read_source`.
        query: as for `read_source`.

    Returns:
        ``history`` (n rows) of unique account and date, the last of repeated rows; ``accounts``
        is empty. A row without account or date is a problem.

    Raises:
        DataError: nothing can be read, or there is no column of accounts or of dates.
    """
    with without_collector():
        columns = history_columns(model)
        book = open_source(path, columns, query=query)
        reading = replace(choose_reading(day_first, decimal), date1904=book.date1904)
        names = HISTORY_SHEETS if sheet is None else (normalise(sheet),)
        found = book.names if book.single else [n for n in book.names if normalise(n) in names]
        if not found:
            wanted, listed = sheet or SCORE_HISTORY, ", ".join(book.names)
            raise DataError(
                f"{book.label} has no sheet {wanted}. It has: {listed}. Name one with --sheet."
            )
        grid = book.grid(found[0])
        header = header_row(grid, columns)
        table = None if header is None else read_table(grid, header, columns, reading)
        if table is None or not _dated(table):
            raise DataError(
                f"{book.label} needs a column Account ID (or Account) and a column Date, and a "
                "score or raw values beside them."
            )
        history = _unique_rows(table)
    return Inputs(pd.DataFrame(), {}, history, tuple(table.problems), book.label)


def _dated(table: Table) -> bool:
    return "date" in table.places and bool({"account_id", "account_name"} & table.places.keys())


def _unique_rows(table: Table) -> pd.DataFrame:
    """Rows with an account (its name where no id stands) and a date, each once."""
    frame = table.frame
    given = [frame[k] for k in ("account_id", "account_name") if k in frame.columns]
    ids = given[0] if len(given) == 1 else given[0].where(given[0].notna(), given[1])
    frame = frame.assign(account_id=ids.astype(object))
    for key, message in (("account_id", "No account ID."), ("date", "No date.")):
        for i in frame.index[frame[key].isna()]:
            row = int(table.rows[i])
            if not any(p.row == row for p in table.problems):
                fix = "Type one; the row is not used."
                table.problems.append(table.problem(row, key, "", message, fix))
    usable = frame[frame["account_id"].notna() & frame["date"].notna()]
    repeated = usable.duplicated(["account_id", "date"], keep="last")
    for i in usable.index[repeated]:
        message = "A later row holds the same account and date; that one counts."
        at = int(table.rows[i])
        table.problems.append(table.problem(at, "account_id", "", message, "Delete one of them."))
    kept: pd.DataFrame = usable[~repeated].reset_index(drop=True)
    return kept
