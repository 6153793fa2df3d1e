"""Rows of a database: read-only, within a time limit, a part at a time."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, Executable, create_engine, event, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipeline.sources.blocks import gather
from pipeline.sources.grid import Cells
from pipeline.urls import UrlReader, named_variable, shown_url, without_secrets
from scoring.errors import DataError

__all__ = ["PATIENCE", "Database", "Rows", "fetch", "open_database"]

PATIENCE = 300
"""Seconds after which a query is given up, unless the settings say otherwise."""
_PART = 10_000
_MYSQL_LATE = re.compile("max_statement_time|maximum statement execution time")
_READER = UrlReader("The source's address", DataError)
_DRIVERS = {
    "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql", "oracle": "oracle+oracledb",
}  # fmt: skip
_PACKAGES = {
    "postgresql": "psycopg[binary]", "mysql": "pymysql", "mariadb": "pymysql",
    "mssql": "pyodbc", "oracle": "oracledb", "snowflake": "snowflake-sqlalchemy",
    "bigquery": "sqlalchemy-bigquery", "redshift": "sqlalchemy-redshift",
    "databricks": "databricks-sqlalchemy", "trino": "trino[sqlalchemy]",
    "awsathena": "PyAthena[SQLAlchemy]", "clickhouse": "clickhouse-sqlalchemy",
    "duckdb": "duckdb-engine",
}  # fmt: skip
"""Database, as a URL begins → the package that reaches it."""


@dataclass(frozen=True)
class Database:
    """A database to read from.

    Attributes:
        url: with its secrets; never printed.
        shown: for messages.
        patience: seconds that a query may take.
    """

    url: URL
    shown: str
    patience: int = PATIENCE

    @property
    def kind(self) -> str:
        """What it is, such as postgresql or snowflake."""
        return self.url.get_backend_name()


@dataclass(frozen=True)
class Rows:
    """What a query gave: column names, and each column's n cells."""

    names: list[str]
    columns: list[Cells]


def open_database(
    address: str, *, folder: Path | None = None, patience: int = PATIENCE
) -> Database:
    """Read the address of a database; nothing is connected yet.

    Args:
        address: a SQLAlchemy URL. ``${NAME}`` stands for an environment variable, in a part of
            it or as the whole.
        folder: what the file of a SQLite URL is relative to.
        patience: seconds that a query may take.

    Raises:
        DataError: no URL, a variable that is not set, or a password in plain sight.
    """
    name = named_variable(address)
    url = _READER.parse(address.strip() if name is None else _READER.variable(name))
    if name is None:
        _READER.refuse_plain_secrets(url)
    url = _READER.filled_url(url)
    given = url.drivername
    if url.get_backend_name() == "sqlite":
        url = _sqlite_file(url, folder)
    full = url.set(drivername=_DRIVERS.get(given, given))
    return Database(full, shown_url(url, drivername=url.get_backend_name()), patience)


def fetch(
    database: Database,
    query: Executable,
    label: str,
    *,
    as_of: date,
    zone: tzinfo = UTC,
    bind: bool = False,
) -> Rows:
    """Run one query and take all its rows.

    Args:
        database: where.
        query: one statement that reads.
        label: names the query in messages, such as "--query".
        as_of: bound to ``:as_of`` where *bind* says that the query has it.
        zone: where moments with a time zone become local times.
        bind: see *as_of*.

    Raises:
        DataError: the driver is missing, the database cannot be reached, or it refuses the query;
            the message has its own words.
    """
    engine = _engine(database)
    given = {"as_of": as_of.isoformat() if database.kind == "sqlite" else as_of} if bind else {}
    with _plainly(database, label), engine.connect() as plain:
        connection = _read_only(plain, database)
        result = connection.execution_options(
            stream_results=True, max_row_buffer=_PART
        ).execute(query, given)  # fmt: skip
        if not result.returns_rows:
            raise DataError(f"{label} gives no rows. Write a query that begins with SELECT.")
        names = [str(name) for name in list(result.keys())]
        rows = (row for part in result.partitions(_PART) for row in _plain_rows(part, zone))
        columns = gather(rows, len(names))
    if not columns:
        columns = [[] for _ in names]
    return Rows(names, columns)


def _sqlite_file(url: URL, folder: Path | None) -> URL:
    if not url.database or url.database == ":memory:":
        raise DataError("The source's address names no file. Write it as sqlite:///file.db.")
    path = Path(url.database).expanduser()
    path = path if folder is None or path.is_absolute() else folder / path
    if not path.is_file():
        raise DataError(f"{path} does not exist. Check the name and the folder.")
    return url.set(database=str(path))


def _engine(database: Database) -> Engine:
    try:
        engine = create_engine(database.url, poolclass=NullPool)
    except (NoSuchModuleError, ImportError) as error:
        package = _PACKAGES.get(database.kind)
        if package is None:
            known = ", ".join(sorted({*_PACKAGES, "sqlite"}))
            raise DataError(
                f"{database.kind}:// is no database that is known here. Known are {known}; of "
                "another one, install its SQLAlchemy driver."
            ) from error
        raise DataError(
            f"To read from {database.kind}, install its driver: pip install '{package}'"
        ) from error
    if database.kind == "sqlite":
        event.listen(engine, "connect", lambda raw, _: _guard_file(raw, database.patience))
    return engine


def _guard_file(raw: sqlite3.Connection, patience: int) -> None:
    """SQLite has no time limit of its own; it asks after every so many steps whether to go on."""
    raw.execute("PRAGMA query_only = ON")
    end = time.monotonic() + patience
    raw.set_progress_handler(lambda: time.monotonic() > end, 10_000)


def _read_only(connection: Connection, database: Database) -> Connection:
    """A transaction that may only read, and not for ever, where the database can promise that."""
    seconds = database.patience
    if database.kind == "postgresql":
        connection = connection.execution_options(postgresql_readonly=True)
        connection.execute(text(f"SET LOCAL statement_timeout = '{seconds}s'"))
    elif database.kind in ("mysql", "mariadb"):
        # Behind a mysql:// URL is often a MariaDB, which names and counts its limit otherwise.
        maria = getattr(connection.dialect, "is_mariadb", False)
        limit = f"max_statement_time = {seconds}" if maria else f"max_execution_time = {seconds}000"
        connection.execute(text(f"SET SESSION {limit}"))
        connection.execute(text("SET SESSION TRANSACTION READ ONLY"))
        connection.commit()
    elif database.kind == "snowflake":
        connection.execute(text(f"ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = {seconds}"))
    elif database.kind == "oracle":
        connection.execute(text("SET TRANSACTION READ ONLY"))
    return connection


@contextmanager
def _plainly(database: Database, label: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # Not chained: the driver's text may hold what the address hides.
        raise DataError(_told(database, label, error)) from None
    except SQLAlchemyError as error:
        said = without_secrets(str(error).partition("\n")[0], database.url)
        raise DataError(f"{database.shown}, {label}: {said.rstrip('.')}.") from None


def _told(database: Database, label: str, error: DBAPIError) -> str:
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip(" ^")]
    lines = [line for line in lines if not line.startswith("LINE ")] or lines
    said = without_secrets("; ".join(lines), database.url).rstrip(".?")
    state = getattr(error.orig, "sqlstate", None)
    if state == "57014" or said == "interrupted" or _MYSQL_LATE.search(said):
        return (
            f"{label} took longer than {database.patience} s and was stopped. Ask for fewer rows, "
            "or raise timeout_seconds in healthsheet.toml."
        )
    if state == "25006" or re.search("readonly|read[- ]only", said, re.IGNORECASE):
        return f"{label} would change the database ({said}). Write a query that begins with SELECT."
    connecting = error.statement is None and (not state or state[:2] in ("08", "28", "3D", "57"))
    if connecting:
        return (
            f"Cannot connect to {database.shown}: {said}. Check host, port, database, user and "
            "password."
        )
    return f"{database.shown} refuses {label}: {said}. Correct the query."


def _plain_rows(rows: Sequence[Sequence[object]], zone: tzinfo) -> list[list[object]]:
    return [[_plain(value, zone) for value in row] for row in rows]


def _plain(value: object, zone: tzinfo) -> object:
    """A value as a sheet's cell could hold it; None is the empty cell."""
    kind = type(value)
    if kind is str or kind is float or kind is bool or kind is date:
        return value
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        # Beyond fifteen digits a float would change an id.
        return float(value) if -(10**15) < value < 10**15 else str(value)
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(zone).replace(tzinfo=None)
    return _as_text(value)


def _as_text(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, default=str, ensure_ascii=False)
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    if isinstance(value, UUID | clock):
        return str(value)
    return value if isinstance(value, date) else str(value)
