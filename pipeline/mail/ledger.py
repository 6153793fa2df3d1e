"""The outbox: what became of each mail, in the history, so that none leaves twice or is lost.

A mail is queued, whole, before anything is sent. Right before the step from which on it may have
arrived it is noted as *sending*; a mail that a crash left so is uncertain, and stays that way
until somebody says to send it again. Rows are only added; the last one of a mail counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, text

from pipeline.file_lock import try_lock
from pipeline.mail.records import Outgoing
from pipeline.store.address import Address
from pipeline.store.engine import make_engine, reading, writing
from pipeline.store.history import History
from pipeline.store.schema import MAIL, MAIL_WAITING, last_id
from scoring.errors import DeliveryError

__all__ = ["Entry", "Ledger", "State"]

State = Literal["queued", "sending", "sent", "failed", "uncertain"]

_CRASHED = "The run was killed while it handed this over."
_LOCK = 0x4D41494C
"""Number of the lock that senders of one PostgreSQL database take."""
_LONGEST = 500
"""Letters of an answer that are kept."""


class Entry(NamedTuple):
    """The latest row of a mail.

    Attributes:
        key: of the mail.
        state: where it stands.
        to: its recipient.
        day, kind: of its content.
        subject: of the mail.
        way: by which it left, or was to.
        detail: what was answered.
        at: when, UTC.
    """

    key: str
    state: State
    to: str
    day: str
    kind: str
    subject: str
    way: str
    detail: str
    at: str


class Ledger:
    """The outbox in a history; made there when it is absent.

    Args:
        address: of the history.

    Raises:
        HistoryError: it cannot be used.
    """

    def __init__(self, address: Address) -> None:
        # Opening it brings its tables up to date.
        self.shown = History(address, create=True).shown
        self._address = address
        self._engine = make_engine(address)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other senders away from this outbox; a crash lets go by itself.

        Raises:
            DeliveryError: another one is sending.
        """
        path = self._address.path
        with ExitStack() as held:
            if path is not None:
                lock = path.with_name(f".{path.name}.mail.lock")
                got = try_lock(held.enter_context(lock.open("a+b")))
            else:
                # Of a session, so it lasts as long as this connection; no transaction stays open.
                options = {"isolation_level": "AUTOCOMMIT"}
                session = held.enter_context(self._engine.connect().execution_options(**options))
                got = session.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": _LOCK})
            if not got:
                raise DeliveryError(
                    f"Another process is sending mail from the outbox in {self.shown}. Wait until "
                    "it has ended."
                )
            yield

    def queue(self, messages: Sequence[Outgoing], *, again: bool = False) -> None:
        """Keep messages until they have left; of one that waits already the content is renewed.

        Args:
            messages: with keys that differ.
            again: also those that were refused, or of which nobody knows whether they arrived.
        """
        with writing(self._engine, self._address) as connection:
            known = {e.key: e for e in _latest(connection, [m.key for m in messages])}
            for message in messages:
                before = known.get(message.key)
                anew = again and before is not None and before.state in ("failed", "uncertain")
                if before is not None and before.state != "queued" and not anew:
                    continue
                if before is None or anew:
                    _append(connection, _entry(message, "Once more." if anew else ""))
                _keep(connection, message)

    def waiting(self) -> list[Outgoing]:
        """All messages that are queued, the oldest first."""
        with reading(self._engine, self._address) as connection:
            kept = {row.mail: row for row in connection.execute(select(MAIL_WAITING))}
            queued = [e for e in _latest(connection, kept) if e.state == "queued"]
        return [
            Outgoing(
                key=e.key,
                to=e.to,
                sender=kept[e.key].sender,
                subject=e.subject,
                data=kept[e.key].content.encode("latin-1"),
                day=e.day,
                kind=e.kind,
            )
            for e in queued
        ]

    def begin(self, key: str, way: str) -> bool:
        """Note that a queued mail is handed over now; False where it is no longer queued."""
        with writing(self._engine, self._address) as connection:
            found = _latest(connection, [key])
            if not found or found[0].state != "queued":
                return False
            _append(connection, found[0]._replace(state="sending", way=way, detail=""))
            return True

    def mark(self, key: str, state: State, way: str, detail: str) -> None:
        """Note what became of a mail; one that does not wait need not be kept any longer."""
        with writing(self._engine, self._address) as connection:
            (before,) = _latest(connection, [key])
            _append(connection, before._replace(state=state, way=way, detail=detail[:_LONGEST]))
            if state in ("sent", "failed", "uncertain"):
                _drop(connection, key)

    def stopped(self) -> list[Entry]:
        """Mails that a crash stopped while they were handed over; from now on uncertain.

        Only who is `alone` may ask: another sender's would be among them.
        """
        with writing(self._engine, self._address) as connection:
            kept = connection.scalars(select(MAIL_WAITING.c.mail)).all()
            found = [e for e in _latest(connection, kept) if e.state == "sending"]
            changed = [e._replace(state="uncertain", detail=_CRASHED) for e in found]
            for entry in changed:
                _append(connection, entry)
                _drop(connection, entry.key)
        return changed

    def entries(self, keys: Collection[str] | None = None) -> list[Entry]:
        """The latest row of each mail, in the order in which they were queued first.

        Args:
            keys: only these; None for all.
        """
        with reading(self._engine, self._address) as connection:
            return _latest(connection, keys)


def _latest(connection: Connection, keys: Iterable[str] | None) -> list[Entry]:
    first, last = func.min(MAIL.c.id).label("first"), func.max(MAIL.c.id).label("last")
    ends = select(first, last).group_by(MAIL.c.mail)
    if keys is not None:
        ends = ends.where(MAIL.c.mail.in_(list(keys)))
    of = ends.subquery()
    columns = (
        MAIL.c.mail, MAIL.c.state, MAIL.c.recipient, MAIL.c.day, MAIL.c.kind, MAIL.c.subject,
        MAIL.c.way, MAIL.c.detail, MAIL.c.written_at,
    )  # fmt: skip
    query = select(*columns).join(of, MAIL.c.id == of.c.last).order_by(of.c.first)
    return [Entry(*row) for row in connection.execute(query)]


def _append(connection: Connection, entry: Entry) -> None:
    row = {
        "id": last_id(connection, MAIL) + 1, "mail": entry.key, "state": entry.state,
        "recipient": entry.to, "day": entry.day, "kind": entry.kind, "subject": entry.subject,
        "way": entry.way, "detail": entry.detail,
        "written_at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    connection.execute(insert(MAIL), row)


def _entry(message: Outgoing, detail: str) -> Entry:
    m = message
    return Entry(m.key, "queued", m.to, m.day, m.kind, m.subject, "", detail, "")


def _drop(connection: Connection, key: str) -> None:
    connection.execute(delete(MAIL_WAITING).where(MAIL_WAITING.c.mail == key))


def _keep(connection: Connection, message: Outgoing) -> None:
    _drop(connection, message.key)
    # Each byte is one letter, whatever it means; the checks see to it that none is NUL.
    content = message.data.decode("latin-1")
    row = {"mail": message.key, "sender": message.sender, "content": content}
    connection.execute(insert(MAIL_WAITING), row)
