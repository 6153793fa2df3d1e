"""A database and its query, given once and remembered by the workbook."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import DONE, IMPOSSIBLE
from pipeline.refresh_source import Origin, origin_of
from scoring.errors import DataError
from tests.pipeline.portfolio_folder import accounts, refresh

_QUERY = """
select id as "Account ID", name as "Account", 55 as "Usage", 60 as "Engagement",
       70 as "Sentiment", 80 as "Financial" from crm where since <= :as_of
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database of one account."""
    with sqlite3.connect(tmp_path / "crm.db") as base:
        base.execute("create table crm (id text, name text, since text)")
        base.execute("insert into crm values ('A-1', 'Ada Ltd', '2026-01-01')")
    base.close()
    return tmp_path


def add(folder: Path, account: str) -> None:
    """One more account in the database."""
    with sqlite3.connect(folder / "crm.db") as base:
        base.execute("insert into crm values (?, ?, '2026-01-01')", (account, account))
    base.close()


def remembered(folder: Path) -> tuple[Any, Any]:
    """Source and query as they stand on *Changes*."""
    sheet = openpyxl.load_workbook(folder / "portfolio.xlsx")["Changes"]
    return sheet["H1"].value, sheet["H2"].value


@pytest.mark.parametrize("as_file", [False, True])
def test_a_query_is_given_once(
    folder: Path, as_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next refresh needs neither source nor query, wherever it is run from."""
    monkeypatch.chdir(folder)
    query = _QUERY
    if as_file:
        (folder / "crm.sql").write_text(_QUERY)
        query = "crm.sql"
    more = ("--from", "sqlite:///crm.db", "--query", query, "-m", "four-dimension")
    assert refresh(folder, *more) == DONE
    assert remembered(folder) == ("sqlite:///crm.db", query.strip())
    add(folder, "A-2")
    monkeypatch.chdir("/")
    assert refresh(folder) == DONE
    assert accounts(folder) == ["A-1", "A-2"]
    note = openpyxl.load_workbook(folder / "portfolio.xlsx")["Changes"]["B2"].value
    said = "crm.sql" if as_file else 'select id as "Account ID"'
    assert f"from sqlite:///crm.db, {said}" in str(note)
    add(folder, "A-3")
    assert refresh(folder, "--from", f"sqlite:///{folder / 'crm.db'}") == DONE
    assert accounts(folder) == ["A-1", "A-2", "A-3"]
    assert remembered(folder) == ("sqlite:///crm.db", query.strip())


def test_another_database_needs_its_own_query(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was asked of one database is not asked of another."""
    url = f"sqlite:///{folder / 'crm.db'}"
    assert refresh(folder, "--from", url, "--query", _QUERY, "-m", "four-dimension") == DONE
    (folder / "other.db").write_bytes((folder / "crm.db").read_bytes())
    assert refresh(folder, "--from", f"sqlite:///{folder / 'other.db'}") == IMPOSSIBLE
    assert "A database needs a query" in capsys.readouterr().err


def test_a_query_with_a_secret_is_not_remembered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is used, and a sentence says how to have it remembered."""
    secret = _QUERY + " and 'password=' != 'x'"
    more = ("--from", f"sqlite:///{folder / 'crm.db'}", "-m", "four-dimension")
    assert refresh(folder, *more, "--query", _QUERY) == DONE
    add(folder, "A-2")
    assert refresh(folder, "--query", secret) == DONE
    assert "Save it as a .sql file" in capsys.readouterr().out
    assert accounts(folder) == ["A-1", "A-2"]
    assert remembered(folder) == ("sqlite:///crm.db", None)
    assert b"password" not in (folder / "portfolio.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("url", "spec"),
    [
        ("postgresql://bo@host/crm", "postgresql://bo@host/crm"),
        ("postgresql://bo:${DB_PASSWORD}@host/crm", "postgresql://bo:${DB_PASSWORD}@host/crm"),
        ("${DATABASE_URL}", "${DATABASE_URL}"),
        ("postgresql://bo:s3cret@host/crm", ""),
        ("snowflake://bo@host/crm?token=s3cret", ""),
        ("sqlite:////elsewhere/crm.db", "sqlite:////elsewhere/crm.db"),
        ("none of them://", ""),
    ],
)
def test_addresses_are_remembered_without_secrets(tmp_path: Path, url: str, spec: str) -> None:
    """A variable only says where a secret is; one in plain sight goes nowhere, nor its query."""
    found = origin_of(tmp_path / "p.xlsx", url, "select 1")
    assert found == Origin(url, "select 1", spec, "select 1" if spec else "")


def test_settings_name_database_and_query(tmp_path: Path) -> None:
    """Both stand in healthsheet.toml, relative to it; what people type counts before."""
    (tmp_path / "healthsheet.toml").write_text(
        '[refresh]\nfrom = "sqlite:///data/crm.db"\nquery = "crm.sql"\n'
    )
    found = origin_of(tmp_path / "p.xlsx", None, None)
    assert found.source == f"sqlite:///{tmp_path / 'data/crm.db'}"
    assert found.query == str(tmp_path / "crm.sql")
    assert (found.spec, found.query_spec) == ("sqlite:///data/crm.db", "crm.sql")
    assert origin_of(tmp_path / "p.xlsx", None, "select 2").query == "select 2"
    (tmp_path / "healthsheet.toml").write_text('[refresh]\nfrom = "a.csv"\nquery = 3\n')
    with pytest.raises(DataError, match=r'Write query = "accounts\.sql"'):
        origin_of(tmp_path / "p.xlsx", None, None)
