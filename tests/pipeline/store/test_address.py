"""Addresses: where a history is, and that no secret of it is ever seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.store import History, read_address
from pipeline.store.choice import choose_history
from scoring.errors import HealthSheetError, HistoryError
from tests.pipeline.store.samples import JAN, snapshot
from tests.postgres import LOCKED, PASSWORD, Postgres


def test_a_file_by_name_or_url(tmp_path: Path) -> None:
    """A plain name, one relative to a folder, and a sqlite URL are files."""
    assert read_address("h.db").path == Path("h.db")
    assert read_address("h.db", folder=tmp_path).path == tmp_path / "h.db"
    assert read_address("sqlite:////data/h.db").path == Path("/data/h.db")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("postgresql://me:hunter2@db/health", "password in plain sight"),
        ("postgresql://me@db/health?password=hunter2", "password in plain sight"),
        ("mysql://me:hunter2@db/health", "SQLite or PostgreSQL, not in mysql"),
        ("postgresql://me:hunter2@db:port/health", "is no URL"),
        ("postgresql://me:${NO_SUCH_VARIABLE}@db/health", "NO_SUCH_VARIABLE, which is not set"),
        ("${NO_SUCH_VARIABLE}", "NO_SUCH_VARIABLE, which is not set"),
        ("  ", "has no name"),
        ("sqlite://", "needs a file that stays"),
    ],
)
def test_addresses_that_are_refused(text: str, said: str) -> None:
    """Each with its reason, and without repeating a secret."""
    with pytest.raises(HistoryError, match=said) as caught:
        read_address(text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:${HEALTH_SECRET}@db/health",
        "postgres://me@db/health?password=${HEALTH_SECRET}",
        "${HEALTH_URL}",
    ],
)
def test_secrets_from_the_environment_stay_hidden(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver gets the password; whoever reads a message sees stars."""
    monkeypatch.setenv("HEALTH_SECRET", "p@ss/word")
    monkeypatch.setenv("HEALTH_URL", "postgresql://me:p%40ss%2Fword@db/health")
    found = read_address(text)
    given = found.url.password or found.url.query["password"]
    assert given == "p@ss/word"
    assert "***" in found.shown
    assert "word@" not in found.shown
    assert "p%40" not in found.shown
    assert found.without_secrets("no p@ss/word here") == "no *** here"


def test_a_real_password(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role with a password gets in by PGPASSWORD and by a variable, and not with a wrong one."""
    postgres.create("locked_history")
    with postgres.connect("locked_history") as connection:
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {LOCKED}".encode())
    plain = postgres.url("locked_history", LOCKED)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    History(read_address(plain), create=True).record(snapshot(JAN, 3), correct=True)
    monkeypatch.setenv("PGPASSWORD", "wrong-guess")
    with pytest.raises(HistoryError, match=r"Cannot connect to postgresql://locked@.*PGPASSWORD"):
        History(read_address(plain))
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("HEALTH_SECRET", PASSWORD)
    named = plain.replace(LOCKED + "@", LOCKED + ":${HEALTH_SECRET}@")
    assert len(History(read_address(named)).days()) == 1
    monkeypatch.setenv("HEALTH_SECRET", "wrong-guess")
    with pytest.raises(HistoryError) as caught:
        History(read_address(named))
    assert "wrong-guess" not in str(caught.value)
    postgres.drop("locked_history")


def test_a_role_that_may_not_write(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission is told as such, with what to ask for."""
    postgres.create("barred_history")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with pytest.raises(HistoryError, match=r"no permission.*Ask for CREATE"):
        History(read_address(postgres.url("barred_history", LOCKED)), create=True)
    History(read_address(postgres.url("barred_history")), create=True)
    with pytest.raises(HistoryError, match=r"no permission.*SELECT"):
        History(read_address(postgres.url("barred_history", LOCKED)))
    postgres.drop("barred_history")


def test_no_such_database(postgres: Postgres) -> None:
    """A database that is not there, and a server that is not there, are told."""
    with pytest.raises(HistoryError, match=r'"nowhere" does not exist. Check'):
        History(read_address(postgres.url("nowhere")), create=True)
    with pytest.raises(HistoryError, match=r"Cannot connect to postgresql://me@"):
        History(read_address("postgresql://me@/x?host=/no/such/folder"), create=True)


def test_files_that_are_no_history(tmp_path: Path) -> None:
    """Other files, other programs' databases and missing folders are refused and left alone."""
    import sqlite3

    table = tmp_path / "table.csv"
    table.write_text("a,b\n" * 500)
    with pytest.raises(HistoryError, match=r"it is no SQLite file"):
        History(read_address(str(table)), create=True)
    assert table.read_text() == "a,b\n" * 500
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(HistoryError, match=r"database of another program"):
        History(read_address(str(other)), create=True)
    with pytest.raises(HistoryError, match=r"does not exist. Make it first"):
        History(read_address(str(tmp_path / "no folder" / "h.db")), create=True)
    with pytest.raises(HistoryError, match=r"Check the file and its folder"):
        History(read_address(str(tmp_path)), create=True)


def test_a_file_that_may_not_be_written(open_folder: Path, request: pytest.FixtureRequest) -> None:
    """A read-only folder or file is told as no permission."""
    path = open_folder / "h.db"
    kept = read_address(str(path))
    History(kept, create=True).record(snapshot(JAN, 3), correct=True)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    request.getfixturevalue("unprivileged")
    with pytest.raises(HistoryError, match=r"no permission"):
        History(kept, create=True).record(snapshot(JAN, 4), correct=True)
    with pytest.raises(HistoryError, match=r"no permission"):
        History(read_address(str(open_folder / "new.db")), create=True)


def test_the_settings_name_a_history(tmp_path: Path) -> None:
    """Beside the source, relative to the settings; the command line wins, and may say none."""
    settings = tmp_path / "healthsheet.toml"
    source = tmp_path / "accounts.csv"
    assert choose_history(None, source) is None
    settings.write_text('history = "kept/h.db"\n')
    found = choose_history(None, source)
    assert found is not None
    assert found.path == tmp_path / "kept" / "h.db"
    assert choose_history("", source) is None
    assert choose_history("none", source) is None
    here = choose_history("./none", source)
    assert here is not None
    assert here.path == Path("none")
    given = choose_history("other.db", source)
    assert given is not None
    assert given.path == Path("other.db")
    settings.write_text("history = 3\n")
    with pytest.raises(HealthSheetError, match=r'Write history = "history.db"'):
        choose_history(None, source)
