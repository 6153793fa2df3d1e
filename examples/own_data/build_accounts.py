"""Five tables of a SaaS company → the accounts file that ``healthsheet score`` reads.

    python examples/own_data/build_accounts.py TABLES --as-of 2026-01-31 -o accounts.csv

TABLES is a folder of CSV files; their names contain the names of `TABLES` below. The work is
done by ``accounts.sql`` in an SQLite database in memory: Python's standard library, no server.
"""

from __future__ import annotations

import argparse
import csv
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

SQL = Path(__file__).with_name("accounts.sql")

TABLES = {
    "accounts": ("accounts", ("account_id", "signup_date")),
    "subscriptions": ("subscriptions", ("subscription_id", "account_id", "start_date")),
    "feature_usage": ("feature_usage", ("subscription_id", "usage_date", "feature_name")),
    "support_tickets": ("support", ("ticket_id", "account_id", "submitted_at")),
    "churn_events": ("churn", ("account_id", "churn_date")),
}
"""Table of the query → what its file's name contains, and columns without which it is useless."""

_DAY_FIRST = re.compile(r"(\d{2})-(\d{2})-(\d{4})(.*)")
_NUMBERS = frozenset(
    {
        "seats", "arr_amount", "usage_count", "first_response_time_minutes", "satisfaction_score",
    }
)  # fmt: skip


class TableProblem(Exception):
    """The tables cannot be used; the message says which file and what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Build the accounts file; exit status 0 done, 2 cannot do it."""
    parser = argparse.ArgumentParser(description="Build an accounts file from five tables.")
    parser.add_argument("tables", type=Path, help="folder with the CSV files")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="2026-01-31")
    parser.add_argument("-o", "--output", type=Path, default=Path("accounts.csv"))
    args = parser.parse_args(argv)
    try:
        header, rows = build(args.tables, args.as_of)
    except TableProblem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    with args.output.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
    print(f"Wrote {len(rows)} accounts as of {args.as_of} to {args.output}.")
    print(f"Next: healthsheet score {args.output} -m support --as-of {args.as_of}")
    return 0


def build(tables: Path, as_of: date) -> tuple[list[str], list[tuple[object, ...]]]:
    """Headers and rows of the accounts file, one row an account, as known on *as_of*.

    Raises:
        TableProblem: a file or a column is missing, or a date cannot be read.
    """
    with sqlite3.connect(":memory:") as database:
        for table, (part, needed) in TABLES.items():
            _load(database, table, _file(tables, part), needed)
        result = database.execute(SQL.read_text(encoding="utf-8"), {"as_of": as_of.isoformat()})
        header = [column[0] for column in result.description]
        return header, result.fetchall()


def _file(folder: Path, part: str) -> Path:
    found = sorted(f for f in folder.glob("*.csv") if part in f.stem)
    if len(found) != 1:
        names = ", ".join(f.name for f in found) or "none"
        message = f"{folder} needs one CSV file with “{part}” in its name; found {names}."
        raise TableProblem(message)
    return found[0]


def _load(database: sqlite3.Connection, table: str, file: Path, needed: Sequence[str]) -> None:
    # utf-8-sig drops the byte order mark that spreadsheet programs put in front.
    with file.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.reader(lines)
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in needed if name not in header]
        if missing:
            raise TableProblem(f"{file.name} has no column {', '.join(missing)}.")
        columns = ", ".join(f'"{name}"' for name in header)
        marks = ", ".join("?" * len(header))
        database.execute(f"CREATE TABLE {table} ({columns})")
        database.executemany(
            f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608  (names of this file, no input)
            _rows(reader, header, file.name),
        )


def _rows(
    reader: Iterator[list[str]], header: list[str], file: str
) -> Iterator[list[str | float | None]]:
    for number, row in enumerate(reader, start=2):
        if len(row) != len(header):
            raise TableProblem(f"{file}, line {number}: {len(row)} values, {len(header)} headers.")
        try:
            yield [_value(name, text) for name, text in zip(header, row, strict=True)]
        except ValueError as error:
            raise TableProblem(f"{file}, line {number}: {error}") from error


def _value(column: str, text: str) -> str | float | None:
    """A cell as the query wants it: empty is NULL, dates are 2026-01-31, amounts are numbers."""
    text = text.strip()
    if not text:
        return None
    if column in _NUMBERS:
        return float(text)
    found = _DAY_FIRST.fullmatch(text) if column.endswith(("_date", "_at")) else None
    if found:
        day = date(int(found[3]), int(found[2]), int(found[1]))
        return day.isoformat() + found[4]
    return text


if __name__ == "__main__":
    sys.exit(main())
