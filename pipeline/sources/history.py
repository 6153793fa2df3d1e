"""Accounts over time: a source with *Score history*, or one table of dated rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.sources.dated import dated_rows, read_dated_table
from pipeline.sources.grid import Book, Grid
from pipeline.sources.read import (
    best_sheet,
    choose_reading,
    open_source,
    read_book,
    without_collector,
)
from pipeline.sources.tables import Table
from scoring.columns import (
    ACCOUNT,
    ALERTS,
    OUTCOME_SHEET,
    RECORDED_TIER,
    SHEETS,
    Column,
    fact_columns,
    history_columns,
    match_headers,
    normalise,
)
from scoring.errors import DataError
from scoring.inputs import Inputs
from scoring.model import ScoreModel

__all__ = ["History", "last_rows", "read_history"]

_KINDS = {"who": {"account_id", "account_name"}, "when": {"date"}}
_DATED = set(_KINDS)
_PLAIN = tuple(
    {c.key: c for c in (*(a for a in ALERTS if a is not RECORDED_TIER), *ACCOUNT)}.values()
)
_BESIDE = frozenset(normalise(name) for name in (*SHEETS, OUTCOME_SHEET, "Model"))


@dataclass(frozen=True)
class History:
    """Accounts over time, as read.

    Attributes:
        inputs: history with the columns of `columns.fact_columns` where they stand; accounts as
            they are today, or as the last row of each tells.
        has_today: whether the accounts are a row of their own beside the history.
        has_metrics: whether the model may score the rows. Those of one table of scores it may
            not: their further columns are what `columns.ALERTS` says, as in a cell.
    """

    inputs: Inputs
    has_today: bool
    has_metrics: bool = True


def read_history(
    path: str | Path,
    model: ScoreModel,
    *,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    query: str | None = None,
    as_of: date | None = None,
) -> History:
    """Read accounts with their history.

    Args:
        path: as for `read_source`. One table of rows with account and date will do, as a file or
            as the only such sheet of a workbook without *Accounts*; *sheet* names it then.
        model: as for `read_source`.
        sheet: as for `read_source`.
        day_first: as for `read_source`.
        decimal: as for `read_source`.
        query: as for `read_source`.
        as_of: as for `read_source`.

    Raises:
        DataError: nothing can be read, or no row can be told from another.
    """
    reading, facts = choose_reading(day_first, decimal), fact_columns(model)
    columns = (*history_columns(model), *facts)
    with without_collector():
        book = open_source(path, columns, query=query, as_of=as_of)
        found = _dated_sheet(book, columns, sheet)
        if found is None:
            return History(read_book(book, model, sheet, reading, facts), has_today=True)
        grid, header = found
        plain = _is_plain(grid.rows[header], columns, model)
        reading = replace(reading, date1904=book.date1904)
        table = read_dated_table(grid, header, _PLAIN if plain else columns, reading)
        frame = dated_rows(table, _with_account(table))
    if frame.empty:
        raise DataError(f"{book.label} has no row with an account and a date. Fill in one.")
    inputs = Inputs(last_rows(frame), {}, frame, tuple(table.problems), book.label)
    return History(inputs, has_today=False, has_metrics=not plain)


def _is_plain(headers: Sequence[object], columns: Sequence[Column], model: ScoreModel) -> bool:
    """Whether a header row tells scores, and nothing that only the model knows."""
    own = match_headers(headers, columns)[0]
    plain = match_headers(headers, _PLAIN)[0]
    inputs = {at for at, column in own.items() if column.key in set(model.inputs)}
    return "score" in {c.key for c in plain.values()} and inputs <= plain.keys()


def _dated_sheet(
    book: Book, columns: Sequence[Column], sheet: str | None
) -> tuple[Grid, int] | None:
    """The one sheet of dated rows and its header; None where the source has accounts of today."""
    names = book.names
    if not book.single:
        names = tuple(n for n in names if normalise(n) not in _BESIDE)
        if sheet is not None:
            names = tuple(n for n in names if normalise(n) == normalise(sheet))
        if any(_is_accounts(book, columns, n) for n in names):
            return None
    grid, header = best_sheet(book, columns, names)
    if grid is None or header is None or not _kinds(grid.rows[header], columns) >= _DATED:
        return None
    return grid, header


def _is_accounts(book: Book, columns: Sequence[Column], name: str) -> bool:
    """Whether a sheet holds accounts as they are today: it is called so, or has no dates."""
    if normalise(name) == "accounts":
        return True
    grid, header = best_sheet(book, columns, (name,))
    return grid is not None and header is not None and _kinds(grid.rows[header], columns) == {"who"}


def _kinds(headers: Sequence[object], columns: Sequence[Column]) -> set[str]:
    """Which of the two a header row has: whose rows they are, and of when."""
    found = {c.key for c in match_headers(headers, columns)[0].values()}
    return {kind for kind, keys in _KINDS.items() if found & keys}


def _with_account(table: Table) -> pd.DataFrame:
    """Rows under an id, else under their name; a row without either is a problem and left out."""
    frame = table.frame
    ids = frame["account_id"]
    if "account_name" in frame.columns:
        ids = ids.where(ids.notna(), frame["account_name"])
    absent = ids.isna().to_numpy(bool)
    for row in table.rows[absent]:
        message, fix = "No account ID.", "Type one, or delete the row; it is not used."
        table.problems.append(table.problem(int(row), "account_id", "", message, fix))
    table.rows = table.rows[~absent]
    kept: pd.DataFrame = frame.assign(account_id=ids.astype(object))[~absent]
    return kept.reset_index(drop=True)


def last_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The latest row of each account, under a name."""
    last = frame.sort_values("date", kind="stable").drop_duplicates("account_id", keep="last")
    names = last["account_id"]
    if "account_name" in last.columns:
        names = last["account_name"].where(last["account_name"].notna(), names)
    named: pd.DataFrame = last.assign(account_name=names.astype(object)).drop(columns="date")
    return named.reset_index(drop=True)
