"""Versions of the tables: new, older, newer, missing, and another program's."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pipeline.store import Address, History, schema
from pipeline.store.engine import make_engine, reading, writing
from pipeline.store.schema import STEPS, state
from scoring.errors import HistoryError
from tests.pipeline.store.samples import FEB, JAN, MODEL, snapshot

_NEXT = (
    "ALTER TABLE healthsheet_entries ADD COLUMN remark TEXT",
    "UPDATE healthsheet_entries SET remark = 'from before'",
)


def version(address: Address) -> int | None:
    """Version of the tables that are there."""
    with reading(make_engine(address), address) as connection:
        return state(connection)


def run(address: Address, statement: str) -> None:
    """One statement of somebody else's."""
    with writing(make_engine(address), address) as connection:
        connection.execute(text(statement))


def test_a_new_history_has_the_newest_tables(address: Address, history: History) -> None:
    """Made once, it is opened a second time without a step."""
    assert version(address) == len(STEPS)
    History(address)
    with reading(make_engine(address), address) as connection:
        assert connection.scalar(text("SELECT count(*) FROM healthsheet_schema")) == len(STEPS)


def test_an_older_history_is_brought_up_to_date(
    address: Address, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further step runs once over what stands there, and nothing is lost."""
    history.record(snapshot(JAN, 3), correct=True)
    monkeypatch.setattr(schema, "STEPS", (*STEPS, _NEXT))
    monkeypatch.setattr("pipeline.store.history.STEPS", (*STEPS, _NEXT))
    for _ in range(2):
        newer = History(address)
        assert version(address) == len(STEPS) + 1
    found = newer.recorded(JAN, MODEL.label)
    assert found is not None
    assert found.scores().total.tolist() == [60.0]
    with reading(make_engine(address), address) as connection:
        remarks = connection.scalars(text("SELECT remark FROM healthsheet_entries")).all()
    assert remarks == ["from before"]


def test_a_step_that_fails_leaves_the_old_version(
    address: Address, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a failed step had done is undone, in both kinds of database."""
    history.record(snapshot(JAN, 3), correct=True)
    broken = (*STEPS, (*_NEXT, "ALTER TABLE no_such_table ADD COLUMN x TEXT"))
    monkeypatch.setattr(schema, "STEPS", broken)
    monkeypatch.setattr("pipeline.store.history.STEPS", broken)
    with pytest.raises(HistoryError, match=r"no_such_table"):
        History(address)
    monkeypatch.undo()
    assert version(address) == len(STEPS)
    History(address).record(snapshot(FEB, 3), correct=True)


def test_a_newer_history_is_left_alone(address: Address, history: History) -> None:
    """This program does not touch what it does not know, and says what to do."""
    run(address, "INSERT INTO healthsheet_schema (version, applied_at) VALUES (99, 'later')")
    with pytest.raises(HistoryError, match=r"newer HealthSheet \(history version 99.*Update"):
        History(address, create=True)


def test_a_missing_table_is_named(address: Address, history: History) -> None:
    """A table dropped by hand is an error that names it, not a traceback."""
    run(address, "DROP TABLE healthsheet_inputs")
    with pytest.raises(HistoryError, match=r"healthsheet_inputs.*backup"):
        history.record(snapshot(JAN, 3), correct=True)
    assert history.days() == []


def test_nothing_there_is_told_to_readers(address: Address) -> None:
    """Reading makes neither a file nor tables; the message names the command that does."""
    with pytest.raises(HistoryError, match=r"healthsheet score SOURCE --history"):
        History(address)
    assert address.path is None or not address.path.exists()
