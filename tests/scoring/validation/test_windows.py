"""Lists that name only churn: windows of 90 days, who stayed, and from which day they are seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.validation.cases import Cases, join_cases
from scoring.validation.snapshots import Snapshots
from tests.scoring.validation.pasts import day, listed, monthly, taken

YEAR = range(0, 421, 30)
"""Fifteen months; complete windows begin on days 30, 120, 210 and 300."""


def told(cases: Cases) -> list[tuple[str, str, int]]:
    """Account, outcome and first day of the window of each case."""
    frame = cases.frame
    starts = [(start - day(0)).days for start in frame["window"]]
    return sorted(zip(frame["account_id"], frame["outcome"], starts, strict=True))


def three() -> Snapshots:
    """A is there all the time, B until day 180, C from day 150."""
    return taken(
        monthly("A", YEAR), monthly("B", range(0, 181, 30)), monthly("C", range(150, 421, 30))
    )


def test_each_account_and_window_is_a_case() -> None:
    """B churns in the second window, A in the fourth; who is seen to the end stays."""
    cases = join_cases(listed(("B", "churned", 185), ("A", "churned", 380)), three(), days=60)
    assert cases.design == "windows"
    assert told(cases) == [
        ("A", "churned", 300), ("A", "stayed", 120), ("A", "stayed", 210),
        ("B", "churned", 120), ("C", "stayed", 210), ("C", "stayed", 300),
    ]  # fmt: skip
    by_window = cases.frame.groupby("window")["account_id"].count()
    assert sorted(np.bincount(cases.strata)) == sorted(by_window.tolist())


def test_who_stayed_is_seen_on_the_days_of_churn() -> None:
    """Both kinds look back from the same days, and from any day where nobody churned."""
    many = [monthly(f"S{i}", YEAR) for i in range(40)]
    gone = [monthly(name, range(0, 150, 30)) for name in ("B", "C")]
    outcomes = listed(
        ("B", "churned", 145), ("C", "churned", 147), ("S0", "contracted", 60),
        ("S1", "churned", 310),
    )  # fmt: skip
    cases = join_cases(outcomes, taken(*many, *gone), days=60)
    frame = cases.frame[cases.frame["outcome"] == "stayed"]
    starts = zip(frame["window"].tolist(), frame["date"].tolist(), strict=True)
    days: dict[int, set[int]] = {}
    for start, when in starts:
        days.setdefault((start - day(0)).days, set()).add((when - day(0)).days)
    assert days[120] == {145, 147}
    assert days[300] == {310}
    assert len(days[30]) > 15
    assert 30 <= min(days[30]) <= max(days[30]) < 120


def test_incomplete_windows_are_left_out() -> None:
    """Churn before the first window and after the last complete one does not count."""
    outcomes = listed(("B", "churned", 20), ("A", "churned", 415), ("C", "churned", 230))
    cases = join_cases(outcomes, three(), days=60)
    assert {reason.reason: reason.count for reason in cases.left_out} == {
        "Before the first window: too little history before it": 1,
        "After the last complete window of the history": 1,
    }
    assert ("A", "stayed", 210) in told(cases)


def test_windows_that_the_list_may_not_cover_do_not_count() -> None:
    """Nobody is said to have stayed before the first and after the last outcome listed."""
    cases = join_cases(listed(("B", "churned", 185)), three(), days=60)
    assert {start for _, _, start in told(cases)} == {120}


def test_an_account_not_seen_on_the_first_day_is_no_case() -> None:
    """C comes on day 150 and churns on day 200: it was not there when the window began."""
    cases = join_cases(listed(("C", "churned", 200), ("B", "churned", 185)), three(), days=60)
    assert told(cases) == [("A", "stayed", 120), ("B", "churned", 120)]
    reasons = [row.reason for row in cases.left_out]
    assert reasons == ["Not seen yet, or no longer, on the first day of its window"]


def test_an_account_that_vanished_is_neither() -> None:
    """Rows that end without a churn listed say nothing, also where a contraction is listed."""
    outcomes = listed(("B", "contracted", 130), ("A", "churned", 150), ("A", "contracted", 400))
    cases = join_cases(outcomes, three(), days=60)
    assert not any(account == "B" for account, _, _ in told(cases))
    assert "No longer in the history at the end of its window, and no churn listed" in [
        row.reason for row in cases.left_out
    ]


def test_the_worst_of_a_window_counts() -> None:
    """Contraction, churn and a second churn in one window are one lost case, at the first churn."""
    outcomes = listed(("A", "contracted", 130), ("A", "churned", 150), ("A", "churned", 170))
    cases = join_cases(outcomes, three(), days=60)
    lost = cases.frame[cases.frame["account_id"] == "A"]
    assert lost["outcome"].tolist() == ["churned"]
    assert lost["date"].tolist() == [day(150)]
    assert cases.left_out[0].count == 2


def test_rows_that_go_on_after_churn_are_not_a_stay() -> None:
    """A churned account stays on many lists; it counts again where it was away and came back."""
    zombie = monthly("A", YEAR)
    away = pd.concat([monthly("D", range(0, 151, 30)), monthly("D", range(270, 421, 30))])
    outcomes = listed(("A", "churned", 140), ("D", "churned", 140), ("B", "churned", 380))
    cases = join_cases(
        outcomes, taken(zombie, away, monthly("B", YEAR)), days=60, horizons=(30, 60)
    )
    assert ("A", "churned", 120) in told(cases)
    assert not any(row[:2] == ("A", "stayed") for row in told(cases))
    assert [row for row in told(cases) if row[0] == "D"] == [
        ("D", "churned", 120), ("D", "stayed", 300)
    ]  # fmt: skip
    again = cases.frame[(cases.frame["account_id"] == "D") & (cases.frame["outcome"] == "stayed")]
    assert again["since"].tolist() == [day(270)]


def test_churn_twice_is_two_losses_where_the_account_was_seen_between() -> None:
    """A churns in the second and in the fourth window, and is there again in between."""
    cases = join_cases(listed(("A", "churned", 140), ("A", "churned", 380)), three(), days=60)
    mine = cases.frame[cases.frame["account_id"] == "A"]
    assert mine["outcome"].tolist() == ["churned", "stayed", "churned"]
    assert [(d - day(0)).days for d in mine["since"]] == [0, 150, 150]


def test_the_landmark_is_the_windows_first_day() -> None:
    """A probability is fitted to the snapshot that stood when the 90 days began."""
    cases = join_cases(listed(("B", "churned", 185)), three(), days=60)
    days = cases.snapshots.day[cases.landmark]
    assert [(pd.Timestamp(d) - day(0)).days for d in days] == [120, 120]


def test_only_expansion_listed_makes_stays_and_no_churn() -> None:
    """Without any churn the cases are there, and none of them is lost."""
    cases = join_cases(listed(("A", "expanded", 140), ("C", "contracted", 350)), three(), days=60)
    assert cases.design == "windows"
    assert not cases.churned.any()
    assert set(cases.frame["outcome"]) == {"expanded", "contracted", "stayed"}
