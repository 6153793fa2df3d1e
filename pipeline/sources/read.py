"""One source → `Inputs`: accounts, the sheets beside them, history, and all problems at once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from pipeline.effort_table import source_efforts
from pipeline.risk_library import source_library
from pipeline.settings import declared_source, is_url
from pipeline.sources.accounts import (
    check_overrides,
    identify,
    join_overrides,
    resolve_accounts,
)
from pipeline.sources.dated import HISTORY_SHEETS, dated_rows, read_dated_table
from pipeline.sources.files import open_file
from pipeline.sources.grid import Book, Grid
from pipeline.sources.tables import Table, header_matches, header_row, read_table
from scoring.columns import (
    SCORE_HISTORY,
    SHEETS,
    Column,
    account_columns,
    fact_columns,
    history_columns,
    match_headers,
    normalise,
)
from scoring.errors import DataError
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel
from scoring.parse_text import Reading, clean_text

_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")


def read_source(
    path: str | Path,
    model: ScoreModel,
    *,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    query: str | None = None,
    as_of: date | None = None,
) -> Inputs:
    """Read accounts and all that stands beside them.

    Args:
        path: a workbook (.xlsx, .xlsm, .xlsb, .ods), a text table (.csv, .tsv), a .parquet file,
            or a folder with accounts.csv, goals.csv, … What a file is, its first bytes say. Or
            the URL of a database; or a healthsheet.toml, or its folder, that declares a source.
        model: brings its metrics' columns.
        sheet: the sheet with the accounts; else the one named Accounts, else the one whose header
            row matches best.
        day_first: reads 03/04/2026 as 3 April (True) or 4 March (False); None lets each column's
            unambiguous dates decide and reports the rest.
        decimal: "," reads 1.234,56; None reports such numbers.
        query: what is asked of a database: SQL or the name of a .sql file.
        as_of: the day; of a declared source only what was known then is read. Today without it.

    Returns:
        accounts (n rows) with unique ``account_id``; bad values missing, each one a problem.
        They and their history hold what triggers look at, too, so that a portfolio's alerts and a
        recorded history miss nothing.

    Raises:
        DataError: nothing can be read, or no row can be told from another.
    """
    with without_collector():
        reading = choose_reading(day_first, decimal)
        facts = fact_columns(model)
        columns = (*account_columns(model), *facts)
        book = open_source(path, columns, query=query, as_of=as_of)
        inputs = read_book(book, model, sheet, reading, facts)
        return replace(
            inputs,
            library=source_library(book, path, model),
            efforts=source_efforts(book, path, model),
        )


def choose_reading(day_first: bool | None, decimal: str | None) -> Reading:
    """How ambiguous text is read.

    Raises:
        DataError: *decimal* is no decimal mark.
    """
    if decimal not in (None, ".", ","):
        raise DataError(f"The decimal mark is {decimal!r}. Give . or , as decimal mark.")
    return Reading(day_first, decimal)


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the cycle collector: millions of new cells make it run often and find nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read_book(
    book: Book,
    model: ScoreModel,
    sheet: str | None,
    reading: Reading,
    facts: Sequence[Column] = (),
) -> Inputs:
    """Read an open book as `read_source` does.

    Args:
        book: the sheets.
        model: as there.
        sheet: as there.
        reading: how ambiguous text is read.
        facts: further columns that accounts and history may hold.
    """
    reading = replace(reading, date1904=book.date1904)
    table = _accounts_table(book, (*account_columns(model), *facts), sheet, reading)
    accounts = identify(table)
    table.name_accounts()
    problems = [*book.problems, *table.problems]
    if accounts.empty:
        raise DataError(_nothing_usable(book, table))
    tables: dict[str, pd.DataFrame] = {}
    for name, wanted in SHEETS.items():
        other = _other_table(book, (normalise(name),), wanted, reading, problems)
        if other is None:
            continue
        tables[name] = resolve_accounts(other, accounts, strict=True)
        if name == "Overrides":
            tables[name] = check_overrides(other, tables[name], model)
            accounts = join_overrides(accounts, tables[name])
        other.name_accounts()
        problems += other.problems
    columns = (*history_columns(model), *facts)
    history = _history(book, columns, accounts, reading, problems)
    return Inputs(accounts, tables, history, tuple(problems), book.label)


def open_source(
    source: str | Path,
    columns: Sequence[Column],
    *,
    query: str | None = None,
    as_of: date | None = None,
) -> Book:
    """A file, a folder, a query of a database or a declared source as sheets.

    Args:
        source: as for `read_source`.
        columns: help to find where a text table begins, and say how metrics are told.
        query: as for `read_source`.
        as_of: as for `read_source`.

    Raises:
        DataError: it cannot be read.
    """
    today = datetime.now().astimezone().date()
    if is_url(source):
        from pipeline.sources.query import open_query

        return open_query(str(source), query, as_of=as_of or today)
    if query is not None:
        raise DataError(f"--query asks a database, and {source} is none. Leave it out.")
    settings = declared_source(source)
    if settings is not None:
        from pipeline.project import OpenProject, read_project

        project = OpenProject(read_project(settings))
        return project.book(columns, as_of=as_of or today, today=today)
    if Path(source).is_dir():
        return _open_folder(Path(source), columns)
    return open_file(Path(source), lambda row: header_matches(row, columns))


def _open_folder(folder: Path, columns: Sequence[Column]) -> Book:
    """A folder of tables as one book: accounts.csv is its sheet Accounts, and so on."""
    wanted = {normalise(n): n for n in ("Accounts", *SHEETS)}
    wanted |= dict.fromkeys(HISTORY_SHEETS, SCORE_HISTORY)
    files: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        name = wanted.get(normalise(file.stem))
        if name and file.is_file() and file.suffix.casefold() in _ENDINGS:
            files.setdefault(name, file)
    if "Accounts" not in files:
        raise DataError(f"{folder} is a folder without accounts.csv. Give a file, or add that one.")

    def grid(name: str) -> Grid:
        known = columns if name == "Accounts" else (*SHEETS.get(name, ()), *columns)
        book = open_file(files[name], lambda row: header_matches(row, known))
        return replace(book.grid(book.names[0]), name=files[name].name)

    return Book(folder.name or str(folder), tuple(files), grid)


def _accounts_table(
    book: Book, columns: Sequence[Column], sheet: str | None, reading: Reading
) -> Table:
    if sheet is not None:
        names = [n for n in book.names if normalise(n) == normalise(sheet)]
        if not names and not book.single:
            listed = ", ".join(book.names)
            raise DataError(f"{book.label} has no sheet {sheet}. It has: {listed}.")
    else:
        names = [n for n in book.names if normalise(n) == "accounts"]
    grid, header = best_sheet(book, columns, tuple(names) or book.names)
    if grid is None or header is None:
        raise DataError(_no_header(book, columns))
    table = read_table(grid, header, columns, reading)
    if len(names) > 1:
        listed = " and ".join(f'"{n}"' for n in names)
        message = f"The sheets {listed} have one name but for case and blanks; this one is read."
        note = Problem(grid.name, None, "", "", "", message, "Rename the others.", "note")
        table.problems.insert(0, note)
    if not {"account_id", "account_name"} & table.places.keys():
        raise DataError(_no_header(book, columns, grid.name))
    return table


def best_sheet(
    book: Book, columns: Sequence[Column], names: Sequence[str]
) -> tuple[Grid | None, int | None]:
    """The sheet whose header row knows the most columns."""
    best: tuple[Grid | None, int | None] = (None, None)
    most = 0
    for name in names:
        grid = book.grid(name)
        header = header_row(grid, columns)
        if header is not None:
            found = header_matches(grid.rows[header], columns)
            if found > most:
                best, most = (grid, header), found
    return best


def _no_header(book: Book, columns: Sequence[Column], sheet: str = "") -> str:
    where = f"{book.label}, sheet {sheet}" if sheet and not book.single else book.label
    if not sheet and (known := _known_headers(book, columns)):
        return (
            f"{where} has only one known column, {known}; an accounts table needs its ID or name "
            "and at least one more, such as Segment, ARR or an input of the model. Is this "
            "another table? `healthsheet init` writes a workbook with all columns."
        )
    identity = next(c for c in columns if c.key == "account_id")
    name = next(c for c in columns if c.key == "account_name")
    looked = ", ".join([identity.name, name.name, *identity.aliases[:3], *name.aliases[1:3]])
    return (
        f"{where} has no column of accounts in its first 20 rows. Looked for: {looked}. "
        "Name one column so; `healthsheet init` writes a workbook with all of them."
    )


def _known_headers(book: Book, columns: Sequence[Column]) -> str:
    """The one known header, with its row, of the row that looks most like a header."""
    for name in book.names:
        rows = book.grid(name).rows[:20]
        for number, row in enumerate(rows, start=1):
            texts = [c for c in row if isinstance(c, str) and c]
            matched = match_headers(row, columns)[0]
            if len(matched) == 1 and len(texts) > 1 and len(texts) == len(set(texts)):
                header = clean_text(row[next(iter(matched))])
                place = "" if book.single else f" on sheet {name}"
                return f"{header} (row {number}{place})"
    return ""


def _nothing_usable(book: Book, table: Table) -> str:
    wrong = [p for p in table.problems if p.severity == "error"]
    first = f" First problem: {wrong[0]}" if wrong else ""
    if book.day is not None and not wrong:
        return (
            f"{book.label} has no row with an account for {book.day}. Choose another day, or ask "
            "for more rows."
        )
    return f"{book.label} has headers but no row with an account. Fill in at least one.{first}"


def _other_table(
    book: Book,
    names: Collection[str],
    columns: Sequence[Column],
    reading: Reading,
    problems: list[Problem],
    read: Callable[[Grid, int, Sequence[Column], Reading], Table] = read_table,
) -> Table | None:
    """An optional sheet, or None when absent, empty or without a column it needs."""
    found = [n for n in book.names if normalise(n) in names]
    if book.single or not found:
        return None
    grid = book.grid(found[0])
    if not any(c not in ("", None) for row in grid.rows for c in row) and grid.rest is None:
        return None
    header = header_row(grid, columns)
    table = read(grid, header, columns, reading) if header is not None else None
    places = table.places.keys() if table is not None else set()
    lacking = [c.name for c in columns if c.required and c.key not in places]
    if table is not None and not lacking:
        return table
    message = f"The sheet has no column {', '.join(lacking)}; it is not read."
    problems.append(Problem(grid.name, None, "", "", "", message, "Add the column."))
    return None


def _history(
    book: Book,
    columns: Sequence[Column],
    accounts: pd.DataFrame,
    reading: Reading,
    problems: list[Problem],
) -> pd.DataFrame:
    table = _other_table(book, HISTORY_SHEETS, columns, reading, problems, read_dated_table)
    if table is None:
        return pd.DataFrame()
    frame = dated_rows(table, resolve_accounts(table, accounts, strict=False))
    problems += table.problems
    return frame
