"""Snapshots of past days: which days, from what, and again without harm."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.past import Built, build_history, days_between
from pipeline.store import History, read_address
from scoring.errors import DataError, HistoryError
from scoring.presets import load_preset
from tests.postgres import Postgres

MODEL = load_preset("signals")
SETTINGS = """
model = "signals"
history = "history.db"
[source.tables.months]
file = "months.csv"
known_at = "month"
[source.sheets.accounts]
table = "months"
latest = true
"""
ROWS = """account_id,month,csat,payment_status,expansion_history,usage_trend_month,feature_breadth
A,2026-01,4,Current,Grew,1%,50%
B,2026-01,2,Current,Flat,1%,50%
A,2026-02,3,Current,Grew,1%,50%
A,2026-03,9,Current,Grew,1%,50%
"""
TODAY = date(2026, 11, 22)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "healthsheet.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "months.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        ("2026-01-31", "2026-04-30", "month", ["01-31", "02-28", "03-31", "04-30"]),
        ("2026-01-30", "2026-03-31", "month", ["01-30", "02-28", "03-30"]),
        ("2026-02-28", "2026-04-29", "month", ["02-28", "03-31"]),
        ("2026-03-31", "2026-10-01", "quarter", ["03-31", "06-30", "09-30"]),
        ("2026-01-05", "2026-01-19", "week", ["01-05", "01-12", "01-19"]),
        ("2026-01-31", "2026-02-01", "day", ["01-31", "02-01"]),
    ],
)
def test_days(first: str, last: str, every: str, expected: list[str]) -> None:
    """Both ends count; from a month's last day on they are last days."""
    found = days_between(date.fromisoformat(first), date.fromisoformat(last), every)
    assert [f"{d:%m-%d}" for d in found] == expected


def test_days_that_cannot_be() -> None:
    """The wrong way round, or more than anybody wants."""
    with pytest.raises(DataError, match="lies before"):
        days_between(date(2026, 2, 1), date(2026, 1, 1), "month")
    with pytest.raises(DataError, match="more than 4,000 days"):
        days_between(date(2000, 1, 1), date(2026, 1, 1), "day")


def test_each_day_knows_what_was_known(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two months: the second has the later value of A; a bad value is told, status 1."""
    build = ["history", "build", str(project), "--from", "2026-01-31"]
    assert main([*build, "--to", "2026-02-28", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [d["day"] for d in told["days"]] == ["2026-01-31", "2026-02-28"]
    assert [d["written"]["new"] for d in told["days"]] == [2, 2]
    history = History(read_address(str(project / "history.db")))
    recorded = [history.recorded(date(2026, m, d), "signals 1.0") for m, d in ((1, 31), (2, 28))]
    values = [r.accounts.set_index("account_id")["csat"].to_dict() for r in recorded if r]
    assert values == [{"A": 4.0, "B": 2.0}, {"A": 3.0, "B": 2.0}]
    assert main([*build, "--to", "2026-03-31"]) == 1
    out = capsys.readouterr().out
    assert "31 Jan 2026: stands there already." in out
    assert "months.csv, row 5, csat: 9" in out
    assert "Built 1 snapshot into" in out


def test_a_build_that_was_stopped_goes_on(project: Path) -> None:
    """The days that stand there are left as they are; each day is whole or absent."""
    days = days_between(date(2026, 1, 31), date(2026, 3, 31), "month")
    history = History(read_address(str(project / "h.db")), create=True)

    def stop(built: Built) -> None:
        if built.day == days[1]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_history(project, MODEL, history, days, today=TODAY, progress=stop)
    assert [d.day for d in history.days()] == days[:2]
    again = build_history(project, MODEL, history, days, today=TODAY)
    assert [b.written is None for b in again] == [True, True, False]
    assert [d.corrections for d in history.days()] == [0, 0, 0]


def test_corrections(project: Path) -> None:
    """A value that was wrong is recorded as a correction where that is asked for."""
    days = [date(2026, 1, 31)]
    history = History(read_address(str(project / "h.db")), create=True)
    build_history(project, MODEL, history, days, today=TODAY)
    (project / "months.csv").write_text(ROWS.replace("B,2026-01,2", "B,2026-01,5"))
    (built,) = build_history(project, MODEL, history, days, today=TODAY, correct=True)
    assert built.written is not None
    assert (built.written.corrected, built.written.unchanged) == (1, 1)


def test_sources_that_know_no_past(project: Path, tmp_path: Path) -> None:
    """Without known_at, without :as_of, or as a plain file there is no past to score."""
    history = History(read_address(str(tmp_path / "h.db")), create=True)
    days = [date(2026, 1, 31)]
    settings = SETTINGS.replace('known_at = "month"', "").replace("latest = true", "")
    (project / "healthsheet.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(DataError, match=r"nothing says when rows of months became known.*known_at"):
        build_history(project, MODEL, history, days, today=TODAY)
    with pytest.raises(DataError, match="says nothing about earlier days"):
        build_history(project / "months.csv", MODEL, history, days, today=TODAY)
    with pytest.raises(DataError, match="same rows for every day"):
        build_history("postgresql://h/d", MODEL, history, days, today=TODAY, query="select 1")
    with pytest.raises(DataError, match="is not over yet"):
        build_history(project, MODEL, history, [date(2026, 12, 31)], today=TODAY)
    assert history.days() == []


def test_a_past_day_of_today_s_tables_is_noted(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scoring a past day goes on all the same, and says which tables stand as they are today."""
    settings = SETTINGS.replace('known_at = "month"', "").replace("latest = true", "")
    (project / "healthsheet.toml").write_text(settings, encoding="utf-8")
    main(["score", str(project), "--as-of", "2026-01-31", "--no-history", "--all"])
    assert "rows of months became known; they stand as they are today" in capsys.readouterr().out


def test_from_a_database(postgres: Postgres, tmp_path: Path) -> None:
    """A query with :as_of is asked for each day."""
    url = postgres.create("past_days")
    with postgres.connect("past_days") as connection:
        connection.execute(b"CREATE TABLE t (id text, day date, csat int)")
        connection.execute(b"INSERT INTO t VALUES ('A', '2026-01-15', 4), ('B', '2026-02-15', 3)")
    history = History(read_address(str(tmp_path / "h.db")), create=True)
    query = "select id as account_id, csat, day as start_date from t where day <= :as_of"
    days = days_between(date(2026, 1, 31), date(2026, 2, 28), "month")
    build_history(url, MODEL, history, days, today=TODAY, query=query)
    postgres.drop("past_days")
    assert [d.accounts for d in history.days()] == [1, 2]


def test_a_build_that_is_killed_goes_on_where_it_stopped(project: Path) -> None:
    """Killed at once and in the middle: afterwards the history is that of a build in peace."""
    wide = ["--from", "2026-01-31", "--to", "2026-02-28", "--every", "day"]
    command = [sys.executable, "-m", "pipeline.cli", "history", "build", str(project), *wide]
    for wanted in (0, 9):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as build:
            while len(_days(project)) <= wanted and build.poll() is None:
                time.sleep(0.02)
            build.kill()
        kept = _days(project)
        assert wanted <= len(kept) < 29
        assert all(accounts == 2 for accounts in kept.values())
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
    found = _days(project)
    assert list(found) == days_between(date(2026, 1, 31), date(2026, 2, 28), "day")
    assert set(found.values()) == {2}
    after = History(read_address(str(project / "history.db")))
    assert len(after.earlier(MODEL, before=TODAY, full=True)) == 2 * 29


def _days(project: Path) -> dict[date, int]:
    """Recorded day → its accounts."""
    path = project / "history.db"
    try:
        history = History(read_address(str(path))) if path.exists() else None
        return {d.day: d.accounts for d in history.days()} if history else {}
    except HistoryError:
        return {}  # the tables are being made
