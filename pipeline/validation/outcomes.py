"""The list of outcomes: a file, a sheet or a query, its accounts those of the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.settings import declared_source, is_url
from pipeline.sources.files import open_file
from pipeline.sources.grid import Book, Grid
from pipeline.sources.query import open_query
from pipeline.sources.read import best_sheet, choose_reading, without_collector
from pipeline.sources.tables import Table, header_matches, read_table
from scoring.columns import OUTCOME_SHEET, OUTCOMES, match_headers, normalise
from scoring.errors import DataError
from scoring.inputs import Problem
from scoring.parse_text import Reading
from scoring.validation.outcome_words import settle_outcomes
from scoring.validation.records import LeftOut

__all__ = ["Outcomes", "is_list", "read_outcomes"]

_WHO = {"account_id", "account_name"}
_WHEN = {"date", "churn_date"}
_WHAT = {"outcome", "churned", "churn_date"}
_NEEDED = (
    "It needs the account, a date and the outcome: columns such as Account ID, Date and Outcome "
    "(renewed, contracted, expanded, churned), or Account ID and Churn date."
)
_SHOWN = 3
_HEADERS = 8
"""Headers that a message lists."""


@dataclass(frozen=True)
class Outcomes:
    """What happened, as read.

    Attributes:
        frame: account_id (the history's where it knows the account), account_name, outcome, date,
            and arr, arr_after, currency, reason where they were given.
        problems: bad cells and doubtful rows.
        left_out: rows that say nothing, and those with a value to fix.
        shown: what was read, as people may see it.
    """

    frame: pd.DataFrame
    problems: tuple[Problem, ...]
    left_out: tuple[LeftOut, ...]
    shown: str


def read_outcomes(
    source: str,
    names: Mapping[str, str],
    *,
    as_of: date,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    query: str | None = None,
) -> Outcomes:
    """Read a list of outcomes.

    Args:
        source: a .csv, .xlsx, .xlsb, .ods or .parquet file, or the URL of a database with a query.
        names: id → name of the accounts that the history knows; either may stand in the list.
        as_of: fills ``:as_of`` of a query.
        sheet: of a workbook; else *Outcomes*, else the sheet whose headers fit best.
        day_first: as for `read_source`.
        decimal: as for `read_source`.
        query: as for `read_source`.

    Raises:
        DataError: nothing can be read, a column that it needs is not there, no row says anything,
            or no account is one of the history.
    """
    reading = choose_reading(day_first, decimal)
    with without_collector():
        book = _open(source, query, as_of)
        table = _table(book, sheet, reading)
    shown = book.label if book.single else f"{book.label}, sheet {table.grid.name}"
    frame, absent = _with_accounts(table, names, shown)
    settled = settle_outcomes(frame)
    for fault in settled.faults:
        row = int(table.rows[fault.row])
        found = table.problem(row, fault.key, fault.value, fault.message, fault.fix)
        table.problems.append(found if fault.fatal else replace(found, severity="note"))
    table.name_accounts()
    unusable = absent + sum(f.fatal for f in settled.faults)
    left = [LeftOut(reason=why, count=n) for why, n in settled.left_out.items()]
    if unusable:
        left.append(LeftOut(reason="A value to fix", count=unusable))
    problems = (*book.problems, *table.problems)
    if settled.frame.empty:
        wrong = next((p for p in problems if p.severity == "error"), None)
        first = f" First problem: {wrong}" if wrong else " Fill in at least one."
        raise DataError(f"{shown} has headers but no outcome.{first}")
    _refuse_strangers(settled.frame, names, shown)
    return Outcomes(settled.frame.reset_index(drop=True), problems, tuple(left), shown)


def _open(source: str, query: str | None, as_of: date) -> Book:
    if source.casefold().startswith(("http://", "https://")):
        raise DataError(f"{source} is a web address. Save the file, and name that.")
    if is_url(source):
        return open_query(source, query, as_of=as_of)
    if query is not None:
        raise DataError(f"--query asks a database, and {source} is none. Leave it out.")
    if declared_source(source) is not None or Path(source).is_dir():
        raise DataError(f"{source} is no list of outcomes. {_NEEDED}")
    return open_file(Path(source), lambda row: header_matches(row, OUTCOMES))


def is_list(source: str) -> bool:
    """Whether a source is a table of outcomes by its headers; for saying that files are swapped."""
    try:
        book = _open(source, None, date.max)
        if book.single:
            _table(book, None, choose_reading(None, None))
        return book.single
    except DataError:
        return False


def _table(book: Book, sheet: str | None, reading: Reading) -> Table:
    names: Sequence[str] = book.names
    if not book.single:
        asked = sheet or OUTCOME_SHEET
        names = [n for n in book.names if normalise(n) == normalise(asked)]
        if sheet is not None and not names:
            listed = ", ".join(book.names)
            raise DataError(f"{book.label} has no sheet {sheet}. It has: {listed}.")
    grid, header = best_sheet(book, OUTCOMES, names or book.names)
    if grid is None or header is None:
        raise DataError(f"{book.label} is no list of outcomes. {_NEEDED}")
    _refuse_headers(book, grid, header, sheet)
    return read_table(grid, header, OUTCOMES, replace(reading, date1904=book.date1904))


def _refuse_headers(book: Book, grid: Grid, header: int, sheet: str | None) -> None:
    headers = grid.rows[header]
    keys = {c.key for c in match_headers(headers, OUTCOMES)[0].values()}
    told = bool(keys & _WHAT) or keys >= {"arr", "arr_after"}
    lacking = [
        what
        for what, there in (
            ("the account", keys & _WHO), ("a date", keys & _WHEN), ("the outcome", told),
        )
        if not there
    ]  # fmt: skip
    if lacking:
        if not book.single and sheet is None and normalise(grid.name) != normalise(OUTCOME_SHEET):
            listed = ", ".join(book.names)
            raise DataError(
                f"{book.label} has no sheet {OUTCOME_SHEET}. It has: {listed}. Add one, or name "
                f"yours with --sheet. {_NEEDED}"
            )
        where = book.label if book.single else f"{book.label}, sheet {grid.name},"
        there = [str(h) for h in headers if h not in ("", None)]
        more = [f"{len(there) - _HEADERS} more"] if len(there) > _HEADERS + 1 else []
        listed = ", ".join([*there[:_HEADERS], *more] if more else there)
        raise DataError(
            f"{where} has no column of {' and '.join(lacking)}. It has: {listed}. {_NEEDED}"
        )


def _with_accounts(table: Table, names: Mapping[str, str], shown: str) -> tuple[pd.DataFrame, int]:
    """Rows under the history's ids, and how many have no account; those are problems."""
    frame = table.frame
    given = [frame[key] for key in ("account_id", "account_name") if key in frame.columns]
    who = given[0] if len(given) == 1 else given[0].where(given[0].notna(), given[1])
    known = _Known(names)
    ids = [None if pd.isna(w) else known.id_of(str(w)) for w in who.tolist()]
    if "account_id" not in table.places:
        table.places["account_id"] = table.places["account_name"]
    absent = [i for i, account in enumerate(ids) if account is None]
    for i in absent:
        fix = "Type one, or delete the row; it is not used."
        row = int(table.rows[i])
        table.problems.append(table.problem(row, "account_id", "", "No account.", fix))
    for text in known.doubtful:
        message = f"{text} is the name of several accounts of the history."
        problem = Problem(shown, None, "", "", text, message, "Use their IDs.", "note")
        table.problems.append(problem)
    keep = [i for i, account in enumerate(ids) if account is not None]
    table.rows = table.rows[keep]
    out = frame.iloc[keep].reset_index(drop=True)
    table.frame = out
    mine = [str(ids[i]) for i in keep]
    own = out["account_name"].tolist() if "account_name" in out.columns else [None] * len(out)
    called = [names.get(a) or (n if isinstance(n, str) else a)
              for a, n in zip(mine, own, strict=True)]  # fmt: skip
    typed = {"account_id": mine, "account_name": called}
    objects = {key: pd.Series(values, dtype=object) for key, values in typed.items()}
    return out.assign(**objects), len(absent)


class _Known:
    """Finds an account of the history by what a list calls it: id, id without case, only name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._ids = names
        self.doubtful: dict[str, None] = {}
        self._by_text: dict[str, str | None] = {}
        for pairs in (((i, i) for i in names), ((i, n) for i, n in names.items())):
            found: dict[str, str | None] = {}
            for account, text in pairs:
                key = text.casefold().strip()
                found[key] = None if found.get(key, account) != account else account
            self._by_text = {**found, **self._by_text}

    def id_of(self, text: str) -> str:
        """The account's id; the text itself where nobody is known by it."""
        if text in self._ids:
            return text
        key = text.casefold().strip()
        if key in self._by_text and self._by_text[key] is None:
            self.doubtful[text] = None
        return self._by_text.get(key) or text


def _refuse_strangers(frame: pd.DataFrame, names: Mapping[str, str], shown: str) -> None:
    """No account in common is a wrong pair of files, and no finding."""
    asked = list(dict.fromkeys(frame["account_id"].tolist()))
    if any(account in names for account in asked):
        return
    there, here = ", ".join(asked[:_SHOWN]), ", ".join(list(names)[:_SHOWN])
    raise DataError(
        f"None of the {len(asked):,} accounts of {shown} is in the history: {there} there, {here} "
        "here. Use the same IDs or names in both."
    )
