"""Databases as sources: PostgreSQL that really runs, SQLite, and what is not installed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pandas as pd
import pytest
from sqlalchemy.engine import make_url

from pipeline.cli import main
from pipeline.sources import read_history, read_snapshots, read_source
from pipeline.sources.blocks import as_cells
from pipeline.sources.database import fetch, open_database
from pipeline.sources.query import escaped
from scoring.errors import DataError
from scoring.presets import load_preset
from tests.postgres import LOCKED, PASSWORD, Postgres

MODEL = load_preset("signals")
DAY = date(2026, 1, 31)
ROWS = """
CREATE TABLE accounts (id text, name text, arr numeric, since date, csat real, seen text);
INSERT INTO accounts VALUES
    ('A-1', 'Sample One', 1200.50, '2025-01-31', 4.5, '2026-01-01'),
    ('A-2', 'Sample Two', 800, '2025-06-30', 9, '2026-01-15'),
    (NULL, 'Sample Three', 5, NULL, NULL, '2026-01-20'),
    ('A-1', 'Sample One again', 1, NULL, 1, '2026-01-25'),
    ('A-4', 'Sample Four', 70, '2026-02-01', 3, '2026-02-01');
"""
QUERY = "select id as account_id, name as account, arr, since as start_date, csat from accounts"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with a table of accounts, of either kind."""
    if request.param == "sqlite":
        with sqlite3.connect(tmp_path / "crm.db") as connection:
            connection.executescript(ROWS)
        yield f"sqlite:///{tmp_path / 'crm.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    database = f"crm_{uuid4().hex}"
    yield _filled(server, database)
    server.drop(database)


@pytest.fixture(scope="module")
def crm(postgres: Postgres) -> Iterator[str]:
    """The same in PostgreSQL alone."""
    database = f"crm_{uuid4().hex}"  # each worker has one of its own
    yield _filled(postgres, database)
    postgres.drop(database)


def _name(url: str) -> str:
    return str(make_url(url).database)


def _filled(server: Postgres, database: str) -> str:
    url = server.create(database)
    with server.connect(database) as connection:
        connection.execute(ROWS.encode())
    return url


def test_rows_are_read_like_a_sheet(url: str) -> None:
    """Headers match, types come over, and each problem is named by row and column."""
    found = read_source(url, MODEL, query=QUERY)
    accounts = found.accounts.set_index("account_id")
    assert list(accounts.index) == ["A-1", "A-2", "Sample Three", "A-4"]
    assert accounts.loc["A-1", "arr"] == 1200.5
    assert accounts.loc["A-1", "start_date"] == pd.Timestamp(2025, 1, 31)
    told = sorted((p.row or 0, p.column, p.value) for p in found.problems)
    assert told == [(3, "csat", "9"), (4, "account_id", ""), (5, "account_id", "A-1")]


def test_the_day_is_bound(url: str) -> None:
    """``:as_of`` is the day of the scores, also where a cast follows."""
    cast = "" if url.startswith("sqlite") else "::date::text"
    query = f"{QUERY} where seen <= :as_of{cast} and id is not null"
    names = read_source(url, MODEL, query=query, as_of=date(2026, 1, 15)).accounts["account_id"]
    assert names.tolist() == ["A-1", "A-2"]


def test_a_query_in_a_file(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that ends in .sql is a file; the command line scores its rows."""
    file = tmp_path / "accounts.sql"
    file.write_text(f"-- what we sell: everything\n{QUERY} where id = 'A-2';\n", encoding="utf-8")
    assert main(["score", url, "-m", "signals", "--query", str(file), "--no-history"]) == 1
    out = capsys.readouterr().out
    assert "Sample Two" in out
    assert "accounts.sql, row 2, csat: 9" in out
    assert f"--query {file}" in out


def test_dated_rows(url: str) -> None:
    """Alerts and imports read a table of dated rows from a database too."""
    query = "select id as account_id, seen as date, csat as score from accounts where id = 'A-1'"
    assert len(read_history(url, MODEL, query=query).inputs.history) == 2
    assert len(read_snapshots(url, MODEL, query=query).history) == 2


@pytest.mark.parametrize("query", ["delete from accounts", "/* select */ drop table accounts"])
def test_nothing_can_be_changed(url: str, query: str) -> None:
    """A statement that writes is not sent, and the database would refuse it."""
    with pytest.raises(DataError, match="would not only read"):
        read_source(url, MODEL, query=query)
    with pytest.raises(DataError, match=r"would change the database|refuses the query"):
        fetch(open_database(url), escaped(query), "the query", as_of=DAY)
    assert len(read_source(url, MODEL, query=QUERY).accounts) == 4


def test_functions_that_write_are_refused(postgres: Postgres, crm: str) -> None:
    """The transaction is read-only, so a SELECT that changes something fails too."""
    with postgres.connect(_name(crm)) as connection:
        connection.execute(b"CREATE SEQUENCE counted")
    with pytest.raises(DataError, match=r"would change the database .*read-only"):
        read_source(crm, MODEL, query="select nextval('counted') as account_id, 1 as arr")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select nope from accounts", "refuses the query: .*nope"),
        ("select from where", "refuses the query: "),
        ("select * from nothing_there", "nothing_there"),
        ("select 1; select 2", "the query"),
        ("select * from accounts where id = :who", "parameter :who. Only :as_of"),
        ("gone.sql", "gone.sql cannot be read as a query"),
        (
            "select id as account_id, arr from accounts where 1 = 0",
            "no row with an account for 20.*another day",
        ),
        ("select 1 as x", "no column of accounts"),
    ],
)
def test_what_is_wrong_is_told_in_the_databases_words(url: str, query: str, said: str) -> None:
    """No traceback: the message names the query and repeats what the database said."""
    with pytest.raises(DataError, match=said):
        read_source(url, MODEL, query=query)


def test_a_query_that_takes_too_long_is_stopped(url: str) -> None:
    """After the patience of the settings, in either kind of database."""
    endless = "with recursive x(n) as (select 1 union all select n + 1 from x) select max(n) from x"
    with pytest.raises(DataError, match="took longer than 1 s"):
        fetch(open_database(url, patience=1), escaped(endless), "the query", as_of=DAY)


def test_limits_of_the_settings(crm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory's settings say the time zone and how long a query may take."""
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "healthsheet.toml"
    settings.write_text('[source]\ntimezone = "America/New_York"\ntimeout_seconds = 1\n')
    query = "select 'A' as account_id, 1 as arr, '2026-02-01T03:00Z'::timestamptz as start_date"
    accounts = read_source(crm, MODEL, query=query).accounts
    assert accounts["start_date"].tolist() == [pd.Timestamp(2026, 1, 31)]
    with pytest.raises(DataError, match="took longer than 1 s"):
        read_source(crm, MODEL, query="select pg_sleep(9)")
    settings.write_text("[source]\ntimeout_seconds = 0\n")
    with pytest.raises(DataError, match=r"source\.timeout_seconds: input should be greater"):
        read_source(crm, MODEL, query=query)


def test_many_rows_come_in_parts(crm: str) -> None:
    """100,000 accounts, each once and none lost between two parts."""
    query = "select 'A-' || n as account_id, n as arr from generate_series(1, 100000) as n"
    accounts = read_source(crm, MODEL, query=query).accounts
    assert accounts["account_id"].nunique() == 100_000
    assert accounts["arr"].sum() == 100_000 * 100_001 / 2


def test_types_of_postgresql(crm: str) -> None:
    """Moments become days of UTC, big numbers stay whole, and odd types their text."""
    query = """select 12345678901234567890::numeric, 7::bigint, true, null::text,
        '2026-01-31 23:30:00-05'::timestamptz, '2026-01-31'::date, '{"a": [1]}'::jsonb,
        '6f1b8a9e-0c7b-4d0f-8a45-1d5b6c7e8f90'::uuid, array[1, 2], '\\xff00'::bytea"""
    rows = fetch(open_database(crm), escaped(query), "q", as_of=DAY)
    cells = [next(iter(as_cells(column))) for column in rows.columns]
    assert cells[:4] == ["12345678901234567890", 7.0, True, ""]
    assert [str(c) for c in cells[4:6]] == ["2026-02-01 04:30:00", "2026-01-31"]
    assert cells[6:] == ['{"a": [1]}', "6f1b8a9e-0c7b-4d0f-8a45-1d5b6c7e8f90", "[1, 2]", "ff00"]


def test_a_password_is_never_seen(
    postgres: Postgres,
    crm: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In plain sight it is refused; from a variable it is used, and no message repeats it."""
    plain = postgres.url(_name(crm), LOCKED)
    named = plain.replace(LOCKED + "@", LOCKED + ":${CRM_SECRET}@")
    asked = ["--query", "select 1 as account_id, 2 as arr", "--no-history"]
    assert main(["score", plain.replace(LOCKED + "@", LOCKED + ":hunter2@"), *asked]) == 2
    assert main(["score", named, *asked]) == 2
    monkeypatch.setenv("CRM_SECRET", "wrong-guess")
    assert main(["score", named, *asked]) == 2
    said = capsys.readouterr().err.splitlines()
    assert "password in plain sight" in said[0]
    assert "CRM_SECRET, which is not set" in said[1]
    assert "Cannot connect to postgresql://locked:***@" in said[2]
    monkeypatch.setenv("CRM_SECRET", PASSWORD)
    assert main(["score", named, *asked]) == 0
    told = capsys.readouterr()
    monkeypatch.setenv(
        "CRM_URL", plain.replace(LOCKED + "@", f"{LOCKED}:{quote(PASSWORD, safe='')}@")
    )
    assert main(["score", "${CRM_URL}", *asked]) == 0
    assert "${CRM_URL}" in capsys.readouterr().out
    for secret in ("hunter2", "wrong-guess", PASSWORD):
        assert secret not in " ".join(said) + told.out + told.err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("snowflake://me@account/db", "pip install 'snowflake-sqlalchemy'"),
        ("bigquery://project/set", "pip install 'sqlalchemy-bigquery'"),
        ("mysql://me@host/db", "pip install 'pymysql'"),
        ("nosuch://host/db", "no database that is known here"),
        ("postgresql://host:port/db", "is no URL"),
        ("snowflake://me@account/db?token=abc", "password in plain sight"),
        ("bigquery://p?credentials_base64=abc", "password in plain sight"),
        ("sqlite:///not-there.db", "does not exist"),
        ("sqlite://", "names no file"),
    ],
)
def test_what_cannot_be_reached(address: str, said: str) -> None:
    """A driver that is missing is named with its package; other reasons with their fix."""
    with pytest.raises(DataError, match=said) as caught:
        read_source(address, MODEL, query="select 1")
    assert "abc" not in str(caught.value)


def test_query_and_source_belong_together(tmp_path: Path) -> None:
    """A database needs a query, and a file takes none."""
    with pytest.raises(DataError, match="needs a query"):
        read_source("postgresql://host/db", MODEL)
    with pytest.raises(DataError, match="--query asks a database"):
        read_source(tmp_path / "x.csv", MODEL, query="select 1")


def test_colons_that_are_no_parameters() -> None:
    """Casts, times and texts keep their colons."""
    sql = "select a::date, '12:30', ':x' from t where d <= :as_of::date"
    assert str(escaped(sql)) == sql.replace(":as_of", "(:as_of)")
