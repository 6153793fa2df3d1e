"""Efforts on a sheet: out and back the same, a row changes a goal, faults name their row."""

from __future__ import annotations

import pytest

from scoring.errors import DataError
from scoring.judgement.effort import load_efforts
from scoring.judgement.effort_sheet import HEADERS, effort_rows, efforts_from_rows
from scoring.judgement.month_goal import month_goal
from scoring.presets import load_preset, preset_names
from tests.scoring.judgement.acme import MODEL, account


@pytest.mark.parametrize("preset", preset_names())
def test_the_sheet_gives_back_the_table(preset: str) -> None:
    """What is written for a model reads back as the table that was written."""
    model = load_preset(preset)
    assert efforts_from_rows(effort_rows(model), model) == load_efforts()


def test_an_edited_row_changes_the_goal() -> None:
    """Where a metric takes a hundred days, the goal leaves it alone; other rows keep ours."""
    rows = [HEADERS, ("Usage trend, quarter", "100", "0.05", "0.1", ""), ("", None, "", "", "")]
    table = efforts_from_rows(rows, MODEL)
    assert table.metrics["csat"] == load_efforts().metrics["csat"]
    before, after = month_goal(account()), month_goal(account(), efforts=table)
    assert before is not None
    assert after is not None
    assert "usage_trend_quarter" in {m.key for m in before.moves}
    assert "usage_trend_quarter" not in {m.key for m in after.moves}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Metric", "Work")], "no column Days of work"),
        ([HEADERS, ("Logins a week", 1)], 'row 2: Logins a week is no metric of .*"Logins per'),
        ([HEADERS, ("CSAT (1–5)", "much")], "row 2, Days of work: much"),
        ([HEADERS, ("csat", 1, 0.1, -1)], "row 2, Reach in 30 days: -1"),
        ([HEADERS, ("csat", None, 0.1, 1)], "row 2: no days of work"),
    ],
)
def test_faults_name_their_row(rows: list[tuple[object, ...]], said: str) -> None:
    """A wrong header, metric or number says where it stands and what to type."""
    with pytest.raises(DataError, match=said):
        efforts_from_rows(rows, MODEL, "Efforts")
