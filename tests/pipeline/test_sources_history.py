"""Histories as people keep them: beside accounts, or as one table of dated rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.sources import History, read_history, read_source
from scoring.errors import DataError
from scoring.presets import load_preset
from tests.pipeline.tables import Rows, write_csv, write_xlsx

SCORECARD, FOUR = load_preset("scorecard"), load_preset("four-dimension")
SCORES: Rows = [
    ["Account", "Date", "Score", "Tier", "CSAT", "Usage", "Champion left"],
    ["Sample 1", "2026-11-16", 71, "Amber", 4.2, 50, "no"],
    ["Sample 1", "2026-11-23", 58, "Red", 4.2, 38, "yes"],
    ["Sample 2", "2026-11-23", 90, "Green", None, None, None],
]


def days(history: History) -> list[tuple[str, date]]:
    """Account and day of every row of the history."""
    frame = history.inputs.history
    return list(zip(frame["account_id"], frame["date"].dt.date, strict=True))


def test_one_table_of_scores(tmp_path: Path) -> None:
    """Beside scores the columns mean what they mean in a cell, whatever the model calls them."""
    history = read_history(write_csv(tmp_path / "scores.csv", SCORES), SCORECARD)
    frame = history.inputs.history
    assert (history.has_today, history.has_metrics) == (False, False)
    assert history.inputs.problems == ()
    assert frame["csat"].tolist()[:2] == [4.2, 4.2]
    assert frame["usage"].tolist()[:2] == [50.0, 38.0]
    assert frame["tier"].tolist() == ["Amber", "Red", "Green"]
    assert frame["stakeholder_left"].tolist()[1] is True
    assert history.inputs.accounts["account_id"].tolist() == ["Sample 1", "Sample 2"]
    assert history.inputs.accounts["usage"].tolist()[0] == 38.0


def test_one_table_of_metrics(tmp_path: Path) -> None:
    """A table with the model's own inputs is scored by the model; further facts are read too."""
    rows: Rows = [
        ["Account ID", "Account", "Month", "Usage", "Engagement", "Tickets"],
        ["007", "Sample 7", "2026-10-31", 80, 70, 3],
        ["007", "Sample 7", "2026-11-30", 60, 70, 5],
    ]
    history = read_history(write_csv(tmp_path / "months.csv", rows), FOUR)
    assert (history.has_today, history.has_metrics) == (False, True)
    assert days(history) == [("007", date(2026, 10, 31)), ("007", date(2026, 11, 30))]
    assert history.inputs.history["tickets"].tolist() == [3.0, 5.0]
    assert history.inputs.accounts["account_name"].tolist() == ["Sample 7"]


def test_a_workbook_with_accounts(tmp_path: Path) -> None:
    """Accounts and Score history are read as ever, and facts on both sheets besides."""
    sheets: dict[str, Rows] = {
        "Accounts": [["Account ID", "Usage", "Payment failed"], ["1", 50, "yes"]],
        "Score history": [["Account ID", "Date", "Score", "Tier"], ["1", "2026-11-16", 70, "Red"]],
    }
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    history = read_history(path, FOUR)
    assert history.has_today
    assert history.inputs.problems == ()
    assert history.inputs.accounts["payment_failed"].tolist() == [True]
    assert history.inputs.history["tier"].tolist() == ["Red"]
    # Whoever scores reads them too, so that a portfolio's alerts and a history miss nothing.
    given = read_source(path, FOUR)
    assert given.problems == ()
    assert given.accounts["payment_failed"].tolist() == [True]


@pytest.mark.parametrize("name", ["Accounts", "Customers"])
def test_accounts_under_another_name(tmp_path: Path, name: str) -> None:
    """A sheet of accounts without dates is today's, whatever it is called."""
    sheets: dict[str, Rows] = {
        name: [["Account ID", "Account", "Usage"], ["1", "Sample 1", 50]],
        "Goals": [["Account ID", "Goal"], ["1", "Sample goal"]],
        "Score history": [["Account", "Date", "Score"], ["Sample 1", "2026-11-16", 70]],
    }
    history = read_history(write_xlsx(tmp_path / "a.xlsx", sheets), FOUR)
    assert history.has_today
    assert days(history) == [("1", date(2026, 11, 16))]


def test_a_workbook_of_history_alone(tmp_path: Path) -> None:
    """A workbook may hold nothing but dated rows; --sheet names the one that is meant."""
    sheets: dict[str, Rows] = {
        "Model notes": [["Read me"], ["Nothing"]],
        "2026": SCORES,
        "2025": [SCORES[0], ["Sample 9", "2025-01-06", 50, "Red", None, None, None]],
    }
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    assert len(days(read_history(path, FOUR))) == 3
    assert days(read_history(path, FOUR, sheet="2025")) == [("Sample 9", date(2025, 1, 6))]
    with pytest.raises(DataError, match="has no sheet 2024"):
        read_history(path, FOUR, sheet="2024")


def test_tier_as_segment(tmp_path: Path) -> None:
    """A column Tier that speaks of segments is the segment."""
    rows: Rows = [["Account", "Date", "Usage", "Tier"], ["Sample 1", "2026-11-16", 70, "SMB"]]
    history = read_history(write_csv(tmp_path / "a.csv", rows), FOUR)
    assert history.inputs.problems == ()
    assert history.inputs.history["segment"].tolist() == ["smb"]


def test_rows_that_cannot_be_used(tmp_path: Path) -> None:
    """A row without account or date is named with its place; a table of such rows is refused."""
    rows: Rows = [
        ["Account", "Date", "Score"],
        ["Sample 1", "2026-11-16", 70],
        [None, "2026-11-16", 70],
        ["Sample 2", None, 70],
    ]
    history = read_history(write_csv(tmp_path / "a.csv", rows), FOUR)
    assert days(history) == [("Sample 1", date(2026, 11, 16))]
    assert [(p.row, p.message) for p in history.inputs.problems] == [
        (3, "No account ID."), (4, "No date."),
    ]  # fmt: skip
    with pytest.raises(DataError, match="no row with an account and a date"):
        read_history(write_csv(tmp_path / "b.csv", [rows[0], rows[3]]), FOUR)


def test_a_table_without_dates(tmp_path: Path) -> None:
    """A table without dates is accounts as they are today."""
    history = read_history(
        write_csv(tmp_path / "a.csv", [["Account ID", "Usage"], ["1", 50]]), FOUR
    )
    assert history.has_today
    assert history.inputs.history.empty
