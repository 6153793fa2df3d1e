"""Connections to a history: one writer at a time, readers of one moment, faults in plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from pipeline.store.address import Address
from scoring.errors import HistoryError

__all__ = ["make_engine", "reading", "writing"]

_PATIENCE = 120
"""Seconds to wait for another writer."""
_LOCK = 0x4845414C5448
"""Number of the lock that writers of one PostgreSQL database take."""


def make_engine(address: Address) -> Engine:
    """An engine without open connections.

    Raises:
        HistoryError: PostgreSQL is asked for and its driver is not installed.
    """
    if not address.is_sqlite:
        return _postgres_engine(address)
    # The driver would begin and end transactions by its own rules; ours are begun below.
    engine = create_engine(
        address.url,
        poolclass=NullPool,
        connect_args={"timeout": _PATIENCE, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres_engine(address: Address) -> Engine:
    try:
        return create_engine(address.url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    except (ModuleNotFoundError, ImportError, NoSuchModuleError) as error:
        raise HistoryError(
            'A history in PostgreSQL needs its driver. Install it: pip install "psycopg[binary]"'
        ) from error


def _prepare(connection: object, _record: object) -> None:
    """Readers go on while a writer writes, and a commit is on disk before it is told."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


@contextmanager
def writing(engine: Engine, address: Address) -> Iterator[Connection]:
    """A transaction that no other writer shares; it ends whole or not at all.

    Raises:
        HistoryError: cannot be opened or written to, or another writer does not end.
    """
    with _plainly(engine, address):
        options = {"begin": "IMMEDIATE"} if address.is_sqlite else {}
        with engine.connect().execution_options(**options) as connection:
            if address.is_sqlite:
                _write_ahead(connection)
            with connection.begin():
                if not address.is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}s'"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                yield connection


@contextmanager
def reading(engine: Engine, address: Address) -> Iterator[Connection]:
    """A transaction that sees one moment, however many questions it asks.

    Raises:
        HistoryError: cannot be opened or read.
    """
    with _plainly(engine, address):
        options = {} if address.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection


def _write_ahead(connection: Connection) -> None:
    """Let readers read while the file is written; the file remembers it.

    Two processes that both say so to a new file can bar each other. Then the file stays as it
    is for this once, which is as safe, and the next writer says so again.
    """
    raw = connection.connection.cursor()
    with suppress(sqlite3.OperationalError):
        raw.execute("PRAGMA journal_mode = WAL")
    raw.close()


@contextmanager
def _plainly(engine: Engine, address: Address) -> Iterator[None]:
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except DBAPIError as error:
        # Not chained: the driver's text may hold what the address hides.
        raise HistoryError(_told(error.orig, address)) from None
    except driver.Error as error:  # of a cursor used directly
        raise HistoryError(_told(error, address)) from None


def _told(error: BaseException | None, address: Address) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = address.without_secrets("; ".join(lines)).rstrip(".?")
    if address.is_sqlite:
        return _told_of_file(said, address)
    state = getattr(error, "sqlstate", None)
    if state == "55P03":
        return f"{address.shown}: another writer has held it for {_PATIENCE} s. Try again later."
    if state == "42501":
        return (
            f"{address.shown}: no permission ({said}). Ask for CREATE on the schema, and SELECT "
            "and INSERT on the tables that begin with healthsheet_, and DELETE on "
            "healthsheet_mail_waiting."
        )
    if state in ("42P01", "42703"):
        return (
            f"{address.shown}: a table of the history is missing or was changed by hand ({said}). "
            "Take the database from your last backup."
        )
    if not state or state[:2] in ("08", "28", "3D", "57"):
        return (
            f"Cannot connect to {address.shown}: {said}. Check host, port, database, user and "
            "PGPASSWORD."
        )
    return f"{address.shown}: {said}. Nothing was changed."


def _told_of_file(said: str, address: Address) -> str:
    assert address.path is not None
    low = said.casefold()
    if "not a database" in low:
        return f"{address.shown} is no history: it is no SQLite file. Name another file."
    if "no such table" in low or "no such column" in low or "has no column" in low:
        return (
            f"{address.shown}: a table of the history is missing or was changed by hand ({said}). "
            "Take the file from your last backup."
        )
    if "malformed" in low:
        return f"{address.shown} is damaged. Take it from your last backup."
    if "locked" in low or "busy" in low:
        return f"{address.shown}: another writer has held it for {_PATIENCE} s. Try again later."
    if "readonly" in low or "unable to open" in low:
        return _told_of_place(address.path)
    if "disk is full" in low or "disk i/o" in low:
        return f"{address.shown}: the disk is full or fails ({said}). Nothing was changed."
    return f"{address.shown}: {said}. Nothing was changed."


def _told_of_place(path: Path) -> str:
    try:
        if not path.parent.is_dir():
            return f"The folder {path.parent} does not exist. Make it first, or name another file."
        places = [path.parent, *([path] if path.exists() else [])]
        effective = os.access in os.supports_effective_ids
        allowed = all(os.access(p, os.W_OK, effective_ids=effective) for p in places)
    except PermissionError:
        allowed = False
    why = "it cannot be opened" if allowed else "no permission"
    return f"{path}: {why}. Check the file and its folder, or name another."
