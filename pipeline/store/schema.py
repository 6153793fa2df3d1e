"""The tables of a history, and the steps that made them: one number a version.

The steps are SQL of their own day and never change once released; each runs inside the
transaction, and under the writer's lock, that also stamps its number. Alembic would bring an
environment, a second place for the address and its own transactions, for tables that only grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
)

from scoring.errors import HistoryError

__all__ = [
    "ENTRIES",
    "FLAGS",
    "INPUTS",
    "MAIL",
    "MAIL_WAITING",
    "MODELS",
    "RUNS",
    "STEPS",
    "SchemaState",
    "last_id",
    "migrate",
    "state",
]

_VERSION_TABLE = "healthsheet_schema"

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE healthsheet_models (
            digest TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL,
            document TEXT NOT NULL)""",
        """CREATE TABLE healthsheet_runs (
            id {integer} PRIMARY KEY, day DATE NOT NULL, model TEXT NOT NULL,
            model_digest TEXT NOT NULL REFERENCES healthsheet_models (digest),
            origin TEXT NOT NULL, source TEXT NOT NULL, kinds TEXT NOT NULL,
            written_at TEXT NOT NULL)""",
        """CREATE TABLE healthsheet_entries (
            id {integer} PRIMARY KEY,
            run_id {integer} NOT NULL REFERENCES healthsheet_runs (id),
            account_id TEXT NOT NULL, account_name TEXT, day DATE NOT NULL, model TEXT NOT NULL,
            revision INTEGER NOT NULL, score DOUBLE PRECISION, model_score DOUBLE PRECISION,
            tier TEXT NOT NULL, status TEXT NOT NULL, coverage DOUBLE PRECISION,
            digest TEXT NOT NULL, UNIQUE (day, model, account_id, revision))""",
        "CREATE INDEX healthsheet_entries_of_account ON healthsheet_entries (account_id, day)",
        """CREATE TABLE healthsheet_inputs (
            entry_id {integer} PRIMARY KEY REFERENCES healthsheet_entries (id),
            account TEXT NOT NULL, sheets TEXT)""",
    ),
    (
        """CREATE TABLE healthsheet_flags (
            id {integer} PRIMARY KEY, account_id TEXT NOT NULL, kind TEXT NOT NULL,
            what TEXT NOT NULL, fired DATE, reason TEXT NOT NULL, author TEXT NOT NULL,
            tier TEXT NOT NULL, day DATE NOT NULL, written_at TEXT NOT NULL)""",
        "CREATE INDEX healthsheet_flags_of_account ON healthsheet_flags (account_id)",
    ),
    (
        """CREATE TABLE healthsheet_mail (
            id {integer} PRIMARY KEY, mail TEXT NOT NULL, state TEXT NOT NULL,
            recipient TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
            subject TEXT NOT NULL, way TEXT NOT NULL, detail TEXT NOT NULL,
            written_at TEXT NOT NULL)""",
        "CREATE INDEX healthsheet_mail_of_mail ON healthsheet_mail (mail)",
        """CREATE TABLE healthsheet_mail_waiting (
            mail TEXT PRIMARY KEY, sender TEXT NOT NULL, content TEXT NOT NULL)""",
    ),
)
"""Version n is what the first n steps make."""

_META = MetaData()
# SQLite takes only the word INTEGER for the number that a row already has.
_ID = BigInteger().with_variant(Integer, "sqlite")

MODELS = Table(
    "healthsheet_models", _META,
    Column("digest", Text, primary_key=True), Column("name", Text), Column("version", Text),
    Column("document", Text),
)  # fmt: skip
"""Every model that ever scored here, whole, so that it can score again."""

RUNS = Table(
    "healthsheet_runs", _META,
    Column("id", _ID, primary_key=True), Column("day", Date), Column("model", Text),
    Column("model_digest", Text), Column("origin", Text), Column("source", Text),
    Column("kinds", Text), Column("written_at", Text),
)  # fmt: skip
"""One row a writing: for which day, by which model, from what, and the kinds of its columns."""

ENTRIES = Table(
    "healthsheet_entries", _META,
    Column("id", _ID, primary_key=True), Column("run_id", _ID), Column("account_id", Text),
    Column("account_name", Text), Column("day", Date), Column("model", Text),
    Column("revision", Integer), Column("score", Float), Column("model_score", Float),
    Column("tier", Text), Column("status", Text), Column("coverage", Float),
    Column("digest", Text),
)  # fmt: skip
"""One row an account, day, model version and revision; the highest revision counts."""

INPUTS = Table(
    "healthsheet_inputs", _META,
    Column("entry_id", _ID, primary_key=True), Column("account", Text), Column("sheets", Text),
)  # fmt: skip
"""What an entry was scored from, as JSON: the account's columns, and its rows of other sheets."""

FLAGS = Table(
    "healthsheet_flags", _META,
    Column("id", _ID, primary_key=True), Column("account_id", Text), Column("kind", Text),
    Column("what", Text), Column("fired", Date), Column("reason", Text), Column("author", Text),
    Column("tier", Text), Column("day", Date), Column("written_at", Text),
)  # fmt: skip
"""One row an alert or risk that somebody called a false positive."""

MAIL = Table(
    "healthsheet_mail", _META,
    Column("id", _ID, primary_key=True), Column("mail", Text), Column("state", Text),
    Column("recipient", Text), Column("day", Text), Column("kind", Text),
    Column("subject", Text), Column("way", Text), Column("detail", Text),
    Column("written_at", Text),
)  # fmt: skip
"""One row each time that a mail changed its state; the last row of a mail counts."""

MAIL_WAITING = Table(
    "healthsheet_mail_waiting", _META,
    Column("mail", Text, primary_key=True), Column("sender", Text), Column("content", Text),
)  # fmt: skip
"""The whole mails that have not left yet; the only rows of a history that ever go."""

_VERSIONS = Table(_VERSION_TABLE, _META, Column("version", Integer), Column("applied_at", Text))

SchemaState = int | None
"""Version of the tables; 0 for a database without them, None for tables that are not ours."""


def state(connection: Connection) -> SchemaState:
    """The version of the tables that are there."""
    found = inspect(connection)
    if found.has_table(_VERSION_TABLE):
        return int(connection.scalar(select(func.max(_VERSIONS.c.version))) or 0)
    # A shared PostgreSQL database may hold anything else; a SQLite file is one program's own.
    foreign = connection.dialect.name == "sqlite" and found.get_table_names()
    return None if foreign else 0


def migrate(
    connection: Connection, shown: str, steps: Sequence[Sequence[str]] | None = None
) -> int:
    """Bring the tables to this program's version, inside the caller's transaction.

    Args:
        connection: in a transaction that holds the writer's lock.
        shown: the address, for messages.
        steps: those of this module, unless a test adds one.

    Returns:
        How many steps were taken.

    Raises:
        HistoryError: the tables are newer than this program, or another program's.
    """
    steps = STEPS if steps is None else steps
    found = check(state(connection), shown, len(steps))
    if found == 0:
        connection.execute(
            text(f"CREATE TABLE {_VERSION_TABLE} (version INTEGER PRIMARY KEY, applied_at TEXT)")
        )
    integer = "INTEGER" if connection.dialect.name == "sqlite" else "BIGINT"
    for version, step in enumerate(steps[found:], start=found + 1):
        for statement in step:
            connection.execute(text(statement.format(integer=integer)))
        now = datetime.now(tz=UTC).isoformat(timespec="seconds")
        connection.execute(insert(_VERSIONS), {"version": version, "applied_at": now})
    return len(steps) - found


def check(found: SchemaState, shown: str, newest: int) -> int:
    """The version found, where this program can use it.

    Raises:
        HistoryError: as for `migrate`.
    """
    if found is None:
        raise HistoryError(
            f"{shown} is a database of another program: it has tables, but none of a history. "
            "Name another file; it is made when it is absent."
        )
    if found > newest:
        raise HistoryError(
            f"{shown} was written by a newer HealthSheet (history version {found}; this one "
            f"knows {newest}). Update HealthSheet, or name another file."
        )
    return found


def last_id(connection: Connection, table: Table) -> int:
    """The highest ``id`` of a table, 0 of an empty one.

    Writers number their rows themselves, as PostgreSQL does not do it; they hold the lock.
    """
    return int(connection.scalar(select(func.max(table.c.id))) or 0)
