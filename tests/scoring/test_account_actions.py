"""Last done and next open action of each account."""

from __future__ import annotations

import pandas as pd
import pytest

from scoring.account_actions import ACTION_COLUMNS, account_actions

IDS = pd.Series(["A", "B", "C"])


def actions(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """Rows of the sheet: account, action, status, deadline."""
    frame = pd.DataFrame(rows, columns=["account_id", "action", "status", "deadline"])
    return frame.assign(deadline=pd.to_datetime(frame["deadline"]))


def test_last_and_next() -> None:
    """Of the done the latest deadline counts, of the open the earliest; dropped ones never."""
    found = account_actions(
        actions(
            ("A", "Called", "Done", "2026-11-02"),
            ("A", "Met", "completed", "2026-11-09"),
            ("A", "Later", "Open", "2026-12-09"),
            ("A", "Soon", None, "2026-12-01"),
            ("A", "Never", "Dropped", "2026-11-01"),
            ("B", "Undated", "In progress", None),
            ("B", "Dated", "Open", "2027-01-01"),
        ),
        IDS,
    )
    assert list(found["last_action"]) == ["Met", "", ""]
    assert list(found["next_action"]) == ["Soon", "Dated", ""]
    assert found["next_due"][0] == pd.Timestamp("2026-12-01")
    assert found["last_action_date"].isna().tolist() == [False, True, True]


def test_the_day_it_was_closed_counts_not_the_day_it_was_due() -> None:
    """Done before its deadline, an action is told with the day it was done."""
    rows = actions(
        ("A", "Called", "Done", "2026-12-04"),
        ("A", "Met", "Done", "2026-11-20"),
        ("B", "Wrote", "Done", "2026-11-20"),
    )
    closed = pd.to_datetime(pd.Series(["2026-11-02", "2026-11-19", None]))
    found = account_actions(rows.assign(closed=closed), IDS)
    assert found["last_action"].tolist() == ["Met", "Wrote", ""]
    told = found["last_action_date"].tolist()
    assert told[:2] == [pd.Timestamp("2026-11-19"), pd.Timestamp("2026-11-20")]


def test_an_action_without_a_deadline_is_better_than_none() -> None:
    """An undated action is told where there is no dated one; of two the first."""
    found = account_actions(actions(("C", "One", "", None), ("C", "Two", "", None)), IDS)
    assert found["next_action"].tolist() == ["", "", "One"]
    assert pd.isna(found["next_due"][2])


@pytest.mark.parametrize("sheet", [None, pd.DataFrame(), actions().iloc[:0]])
def test_no_sheet(sheet: pd.DataFrame | None) -> None:
    """Without actions all texts are empty and no date is given."""
    found = account_actions(sheet, IDS)
    assert list(found.columns) == list(ACTION_COLUMNS)
    assert (found[["last_action", "next_action", "next_owner"]] == "").all().all()
    assert found[["last_action_date", "next_due"]].isna().all().all()


def test_columns_that_are_not_there() -> None:
    """A sheet of accounts and actions alone is read; nobody owns them and nothing is due."""
    found = account_actions(pd.DataFrame({"account_id": ["A"], "action": ["Call"]}), IDS)
    assert (found["next_action"][0], found["next_owner"][0]) == ("Call", "")
