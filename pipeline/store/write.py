"""Append a snapshot: new accounts, and revisions of those whose content is another now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from pipeline.store.rows import Snapshot
from pipeline.store.schema import ENTRIES, INPUTS, MODELS, RUNS, last_id

__all__ = ["Written", "append"]

_SCORE = 2
"""Place of the score in a snapshot's row."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a snapshot's accounts; the four counts sum to all of them.

    Attributes:
        day, model: of the snapshot; the model as name and version.
        new: accounts written for the first time.
        corrected: written as a further revision, which counts from now on.
        unchanged: stood there with the same content.
        kept: stand there with another content, which was left as it is.
    """

    day: date
    model: str
    new: int
    corrected: int
    unchanged: int
    kept: int = 0


def append(
    connection: Connection, snapshot: Snapshot, *, correct: bool, mark: bool = False
) -> Written:
    """Write what is not there yet, inside the caller's transaction.

    Args:
        connection: in a transaction that holds the writer's lock.
        snapshot: the accounts.
        correct: whether an account that stands there with another content gets a revision.
        mark: write that it was scored even where nothing is new, because what it is compared
            with is.
    """
    known = _known(connection, snapshot)
    pick: list[tuple[int, int]] = []
    corrected = kept = 0
    for at, (row, digest) in enumerate(zip(snapshot.rows, snapshot.digests, strict=True)):
        revision, before, score = known.get(row[0], (0, digest, None))
        if not revision:
            pick.append((at, 1))
        elif before != digest and correct:
            pick.append((at, revision + 1))
            corrected += 1
        elif before != digest and not (snapshot.origin == "import" and score == row[_SCORE]):
            # A table of scores that comes back says less than what the engine recorded.
            kept += 1
    if pick or mark:
        _write(connection, snapshot, pick)
    unchanged = len(snapshot.rows) - len(pick) - kept
    label = snapshot.model.label
    return Written(snapshot.day, label, len(pick) - corrected, corrected, unchanged, kept)


def _known(connection: Connection, snapshot: Snapshot) -> dict[str, tuple[int, str, float | None]]:
    """Account → its latest revision of that day and model version, its content and score."""
    columns = (ENTRIES.c.account_id, ENTRIES.c.revision, ENTRIES.c.digest, ENTRIES.c.score)
    query = (
        select(*columns)
        .where(ENTRIES.c.day == snapshot.day, ENTRIES.c.model == snapshot.model.label)
        .order_by(ENTRIES.c.revision)
    )
    return {account: (*rest,) for account, *rest in connection.execute(query)}


def _write(connection: Connection, snapshot: Snapshot, pick: Sequence[tuple[int, int]]) -> None:
    model = snapshot.model
    if not connection.scalar(select(MODELS.c.digest).where(MODELS.c.digest == model.digest)):
        document = model.model_dump_json()
        row = {"digest": model.digest, "name": model.name, "version": model.version}
        connection.execute(insert(MODELS), {**row, "document": document})
    run = last_id(connection, RUNS) + 1
    connection.execute(
        insert(RUNS),
        {
            "id": run,
            "day": snapshot.day,
            "model": model.label,
            "model_digest": model.digest,
            "origin": snapshot.origin,
            "source": snapshot.source,
            "kinds": snapshot.kinds,
            "written_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        },
    )
    if not pick:
        return
    first = last_id(connection, ENTRIES) + 1
    _bulk(connection, ENTRIES, _entries(snapshot, pick, run, first))
    texts = ((snapshot.accounts[at], snapshot.sheets[at]) for at, _ in pick)
    _bulk(connection, INPUTS, ((first + n, *both) for n, both in enumerate(texts)))


def _entries(
    snapshot: Snapshot, pick: Sequence[tuple[int, int]], run: int, first: int
) -> Iterator[tuple[Any, ...]]:
    day, label = snapshot.day.isoformat(), snapshot.model.label
    for number, (at, revision) in enumerate(pick, start=first):
        account, name, *outcome = snapshot.rows[at]
        end = snapshot.digests[at]
        yield (number, run, account, name, day, label, revision, *outcome, end)


def _bulk(connection: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
    """Many rows at the driver's own pace: neither way looks at each value first."""
    names = [column.name for column in table.columns]
    listed = ", ".join(names)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({listed}) VALUES ({marks})"  # noqa: S608
        connection.exec_driver_sql(statement, list(rows))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
