"""One source → `Inputs`: accounts, the sheets beside them, history, and all problems at once."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.sources.accounts import (
    check_overrides,
    identify,
    join_overrides,
    resolve_accounts,
)
from pipeline.sources.files import open_file
from pipeline.sources.grid import Book, Grid
from pipeline.sources.tables import Table, header_matches, header_row, read_table
from scoring.columns import (
    SCORE_HISTORY,
    SHEETS,
    Column,
    account_columns,
    history_columns,
    match_headers,
    normalise,
)
from scoring.errors import DataError
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel
from scoring.parse_text import Reading, clean_text

_HISTORY = tuple(normalise(n) for n in (SCORE_HISTORY, "History", "Snapshots"))
_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")


def read_source(
    path: str | Path,
    model: ScoreModel,
    *,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
) -> Inputs:
    """Read accounts and all that stands beside them.

    Args:
        path: a workbook (.xlsx, .xlsm, .xlsb, .ods), a text table (.csv, .tsv), a .parquet file,
            or a folder with accounts.csv, goals.csv, … What a file is, its first bytes say.
        model: brings its metrics' columns.
        sheet: the sheet with the accounts; else the one named Accounts, else the one whose header
            row matches best.
        day_first: reads 03/04/2026 as 3 April (True) or 4 March (False); None lets each column's
            unambiguous dates decide and reports the rest.
        decimal: "," reads 1.234,56; None reports such numbers.

    Returns:
        accounts (n rows) with unique ``account_id``; bad values missing, each one a problem.

    Raises:
        DataError: nothing can be read, or no row can be told from another.
    """
    with _without_collector():
        return _read(Path(path), model, sheet, day_first, decimal)


def read_history(
    path: str | Path,
    model: ScoreModel,
    *,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
) -> Inputs:
    """Read earlier scores alone: rows of account and date, with a score, raw values or both.

    Args:
        path: as for `read_source`; of a workbook the sheet *Score history*, or *sheet*.
        model: brings its metrics' columns.
        sheet: the sheet to read, whatever its name.
        day_first: as for `read_source`.
        decimal: as for `read_source`.

    Returns:
        ``history`` (n rows) of unique account and date, the last of repeated rows; ``accounts``
        is empty. A row without account or date is a problem.

    Raises:
        DataError: nothing can be read, or there is no column of accounts or of dates.
    """
    with _without_collector():
        columns = history_columns(model)
        book = _open(Path(path), columns)
        reading = Reading(day_first, decimal, date1904=book.date1904)
        names = _HISTORY if sheet is None else (normalise(sheet),)
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


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause the cycle collector: millions of new cells make it run often and find nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _read(
    source: Path,
    model: ScoreModel,
    sheet: str | None,
    day_first: bool | None,
    decimal: str | None,
) -> Inputs:
    if decimal not in (None, ".", ","):
        raise DataError(f"The decimal mark is {decimal!r}. Give . or , as decimal mark.")
    reading = Reading(day_first, decimal)
    columns = account_columns(model)
    book = _open(source, columns)
    reading = replace(reading, date1904=book.date1904)
    table = _accounts_table(book, columns, sheet, reading)
    accounts = identify(table)
    problems = list(table.problems)
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
        problems += other.problems
    history = _history(book, model, accounts, reading, problems)
    return Inputs(accounts, tables, history, tuple(problems), book.label)


def _open(source: Path, columns: Sequence[Column]) -> Book:
    if source.is_dir():
        return _open_folder(source, columns)
    return open_file(source, lambda row: header_matches(row, columns))


def _open_folder(folder: Path, columns: Sequence[Column]) -> Book:
    """A folder of tables as one book: accounts.csv is its sheet Accounts, and so on."""
    wanted = {normalise(n): n for n in ("Accounts", *SHEETS)}
    wanted |= dict.fromkeys(_HISTORY, SCORE_HISTORY)
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
    grid, header = _best(book, columns, tuple(names) or book.names)
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


def _best(
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
    first = f" First problem: {table.problems[0]}" if table.problems else ""
    return f"{book.label} has headers but no row with an account. Fill in at least one.{first}"


def _other_table(
    book: Book,
    names: Collection[str],
    columns: Sequence[Column],
    reading: Reading,
    problems: list[Problem],
) -> Table | None:
    """An optional sheet, or None when absent, empty or without a column it needs."""
    found = [n for n in book.names if normalise(n) in names]
    if book.single or not found:
        return None
    grid = book.grid(found[0])
    if not any(c not in ("", None) for row in grid.rows for c in row) and grid.rest is None:
        return None
    header = header_row(grid, columns)
    table = read_table(grid, header, columns, reading) if header is not None else None
    places = table.places.keys() if table is not None else set()
    lacking = [c.name for c in columns if c.required and c.key not in places]
    if table is not None and not lacking:
        return table
    message = f"The sheet has no column {', '.join(lacking)}; it is not read."
    problems.append(Problem(grid.name, None, "", "", "", message, "Add the column."))
    return None


def _history(
    book: Book,
    model: ScoreModel,
    accounts: pd.DataFrame,
    reading: Reading,
    problems: list[Problem],
) -> pd.DataFrame:
    table = _other_table(book, _HISTORY, history_columns(model), reading, problems)
    if table is None:
        return pd.DataFrame()
    frame = resolve_accounts(table, accounts, strict=False)
    undated = frame["date"].isna()
    for i in undated[undated].index:
        reported = any(p.row == int(table.rows[i]) for p in table.problems)
        if not reported:
            row = int(table.rows[i])
            table.problems.append(table.problem(row, "date", "", "No date.", "Type one."))
    problems += table.problems
    return frame[~undated].reset_index(drop=True)
