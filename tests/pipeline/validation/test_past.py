"""Histories that a backtest reads, and which model scores them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.store import History, read_address
from pipeline.validation.past import Past, read_past
from scoring.errors import DataError, HistoryError
from scoring.validation.snapshots import take_snapshots
from tests.pipeline.store.samples import FEB, JAN, MAR, MODEL, snapshot
from tests.pipeline.tables import Rows, write_csv, write_xlsx

AS_OF = date(2026, 4, 1)


def read(source: Path | str, model: str | None = None, as_of: date = AS_OF) -> Past:
    """Read up to a day."""
    return read_past(str(source), model, as_of=as_of)


def totals(past: Past) -> list[float]:
    """The scores of all snapshots, by account and day."""
    return [float(x) for x in take_snapshots(past.rows, past.model).total]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Two accounts, recorded on three days; one was corrected later."""
    path = tmp_path / "history.db"
    kept = History(read_address(str(path)), create=True)
    for day, ratings in ((JAN, (3, 4)), (FEB, (2, 4)), (MAR, (1, 5))):
        kept.record(snapshot(day, *ratings), correct=False)
    kept.record(snapshot(JAN, 5, 4), correct=True)
    return path


def test_a_recorded_history(recorded: Path) -> None:
    """Scores, names and what was left out of it, with a note."""
    past = read(recorded)
    assert totals(past) == [60.0, 40.0, 20.0, 80.0, 80.0, 100.0]
    assert past.names == {"S-001": "Sample Account 01", "S-002": "Sample Account 02"}
    assert past.versions == {MODEL.version}
    (note,) = past.notes
    assert note == "1 correction written after the day of the snapshot left out: hindsight."


def test_nothing_after_the_day(recorded: Path) -> None:
    """Snapshots after --as-of do not exist; before the first there is nothing to read."""
    assert len(read(recorded, as_of=FEB).rows) == 4
    with pytest.raises(HistoryError, match="no snapshot up to 2025-12-31"):
        read(recorded, as_of=date(2025, 12, 31))
    with pytest.raises(DataError, match="no earlier day"):
        read(recorded, as_of=JAN)


def test_the_model_that_scored_it(recorded: Path, tmp_path: Path) -> None:
    """Unless one is named, here or in the settings; what another scored is told."""
    assert read(recorded).model == MODEL
    assert read(recorded, "support").model.name == "support"
    assert "scored by scorecard 1.0 then" in read(recorded, "support").notes[1]
    (tmp_path / "healthsheet.toml").write_text('model = "signals"\n')
    assert read(recorded).model.name == "signals"


def test_a_project_names_its_history(recorded: Path, tmp_path: Path) -> None:
    """The settings file, or its folder, stands for the history in it."""
    settings = tmp_path / "healthsheet.toml"
    settings.write_text(f'history = "{recorded.name}"\n')
    assert totals(read(settings)) == totals(read(tmp_path)) == totals(read(recorded))


def test_one_table_of_scores(tmp_path: Path) -> None:
    """Account, date and score will do; rows after the day are left out."""
    rows: Rows = [["Account", "Date", "Score"], ["A", "2026-01-01", 70], ["A", "2026-02-01", 40],
                  ["A", "2026-09-01", 10], ["B", "2026-02-01", 90]]  # fmt: skip
    past = read(write_csv(tmp_path / "scores.csv", rows))
    assert totals(past) == [70.0, 40.0, 90.0]
    assert list(past.rows.columns) == ["account_id", "date", "score"]


def test_a_workbook_with_score_history(tmp_path: Path) -> None:
    """Today's accounts are one more row each; accounts that are gone stay in the past."""
    ratings = [d.name for d in MODEL.dimensions]
    path = write_xlsx(tmp_path / "accounts.xlsx", {
        "Accounts": [["Account ID", "Account", *ratings], ["S-1", "Sample 1", *[4] * 5]],
        "Score history": [["Account ID", "Date", "Score"], ["S-1", JAN, 60], ["S-9", JAN, 30]],
        "Outcomes": [["Account ID", "Churn date"], ["S-9", FEB]],
    })  # fmt: skip
    past = read(path)
    assert totals(past) == [60.0, 80.0, 30.0]
    assert past.history.inputs.history["date"].max() == pd.Timestamp(AS_OF)


def test_accounts_of_today_only(tmp_path: Path) -> None:
    """Without an earlier day nothing can have come before an outcome."""
    rows: Rows = [["Account ID", "Segment", "ARR"], ["S-1", "smb", 10]]
    with pytest.raises(DataError, match="Score history"):
        read(write_csv(tmp_path / "accounts.csv", rows))
