"""False positives in the history: who said so of what, and why; rows are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert, select

from pipeline.store.schema import FLAGS, last_id
from scoring.judgement.flags import Flag

__all__ = ["append_flags", "read_flags"]

_SAME = ("account_id", "kind", "what", "fired")


def append_flags(connection: Connection, flags: Sequence[Flag]) -> int:
    """Add those that are not there yet, and say how many.

    One with another reason is a further row; the first one's day and author stay.
    """
    known = {(*_key(f), f.reason) for f in read_flags(connection)}
    new = [f for f in flags if (*_key(f), f.reason) not in known]
    now = datetime.now(tz=UTC).isoformat(timespec="seconds")
    first = last_id(connection, FLAGS) + 1
    rows = [
        {"id": number, "account_id": f.account_id, "kind": f.kind, "what": f.what, "fired": f.fired,
         "reason": f.reason, "author": f.author, "tier": f.tier, "day": f.day, "written_at": now}
        for number, f in enumerate(new, start=first)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(FLAGS), rows)
    return len(rows)


def read_flags(connection: Connection, known_to: date | None = None) -> list[Flag]:
    """All flags, oldest first; those read up to a day."""
    query = select(
        FLAGS.c.account_id, FLAGS.c.kind, FLAGS.c.what, FLAGS.c.fired, FLAGS.c.reason,
        FLAGS.c.author, FLAGS.c.tier, FLAGS.c.day,
    ).order_by(FLAGS.c.id)  # fmt: skip
    if known_to is not None:
        query = query.where(FLAGS.c.day <= known_to)
    return [Flag(*row) for row in connection.execute(query)]


def _key(flag: Flag) -> tuple[object, ...]:
    return tuple(getattr(flag, name) for name in _SAME)
