"""The outbox in either kind of database: what waits, what left, and who may send."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.mail.eml import EmlFolder
from pipeline.mail.ledger import Ledger
from pipeline.mail.outbox import deliver
from pipeline.store import Address, History
from pipeline.store.engine import make_engine, reading, writing
from pipeline.store.schema import STEPS, migrate, state
from scoring.errors import DeliveryError
from tests.pipeline.mail.samples import leaders, outgoing
from tests.pipeline.store.samples import JAN, snapshot


def test_each_step_of_a_mail_is_a_row(address: Address) -> None:
    """Rows are only added; the whole mail is kept, byte for byte, until it has left."""
    ledger, message = Ledger(address), outgoing("a@example.com", text="3 newly Red, −$214K")
    ledger.queue([message])
    assert ledger.waiting() == [message]
    assert ledger.begin(message.key, "smtp")
    assert not ledger.begin(message.key, "smtp")
    assert ledger.waiting() == []
    ledger.mark(message.key, "sent", "smtp", "250 Taken")
    ledger.queue([message], again=True)
    assert ledger.waiting() == []
    (entry,) = ledger.entries()
    assert (entry.state, entry.way, entry.detail, entry.day) == (
        "sent", "smtp", "250 Taken", message.day,
    )  # fmt: skip
    with reading(make_engine(address), address) as connection:
        states = connection.scalars(text("SELECT state FROM healthsheet_mail ORDER BY id")).all()
        kept = connection.scalar(text("SELECT count(*) FROM healthsheet_mail_waiting"))
    assert states == ["queued", "sending", "sent"]
    assert kept == 0


def test_what_waits_takes_the_newest_content(address: Address) -> None:
    """Figures that changed before the mail could leave go with it; its place stays."""
    ledger = Ledger(address)
    first, second = leaders(2)
    ledger.queue([first, second])
    newer = outgoing(first.to, text="4 newly Red")
    ledger.queue([newer])
    assert [m.data for m in ledger.waiting()] == [newer.data, second.data]
    assert len(ledger.entries()) == 2


def test_stopped_mail_is_uncertain_until_somebody_decides(address: Address) -> None:
    """What was being handed over is not sent by itself, and is sent once more when asked for."""
    ledger, (message,) = Ledger(address), leaders(1)
    ledger.queue([message])
    ledger.begin(message.key, "smtp")
    assert [(e.key, e.state) for e in ledger.stopped()] == [(message.key, "uncertain")]
    assert ledger.stopped() == []
    ledger.queue([message])
    assert ledger.waiting() == []
    ledger.queue([message], again=True)
    assert ledger.waiting() == [message]


def test_one_sender_at_a_time(address: Address, tmp_path: Path) -> None:
    """While one sends another is told so and sends nothing; then it may."""
    folder = EmlFolder(tmp_path / "mail")
    with Ledger(address).alone(), pytest.raises(DeliveryError, match=r"Another process is sending"):
        deliver(leaders(1), folder, Ledger(address))
    assert Ledger(address).entries() == []
    assert [r.state for r in deliver(leaders(1), folder, Ledger(address))] == ["sent"]


def test_a_history_of_before_gets_an_outbox(address: Address) -> None:
    """Tables of the version before mail are brought up to date, and nothing in them changes."""
    history = History(address, create=True)
    history.record(snapshot(JAN, 3), correct=True)
    with writing(make_engine(address), address) as connection:
        for table in ("healthsheet_mail", "healthsheet_mail_waiting"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DELETE FROM healthsheet_schema WHERE version > 2"))
    with reading(make_engine(address), address) as connection:
        assert state(connection) == 2
    Ledger(address).queue(leaders(1))
    with writing(make_engine(address), address) as connection:
        assert state(connection) == len(STEPS)
        assert migrate(connection, address.shown) == 0
    assert [d.accounts for d in History(address).days()] == [1]
