"""The same weeks a year ago."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from scoring.season import portfolio_season, seasonal_change
from scoring.timeline import Timeline
from tests.scoring.portfolios import scored
from tests.scoring.rows import day


def line(**paths: Mapping[int, float]) -> Timeline:
    """Accounts by id: days back → the value of all four metrics; 0 is today."""
    frame = pd.DataFrame(
        [
            {"account_id": name, "date": day(back), **dict.fromkeys("abcd", float(value))}
            for name, path in paths.items()
            for back, value in path.items()
        ]
    )
    today = frame[frame["date"] == day(0)].drop(columns="date").reset_index(drop=True)
    return scored(today, frame[frame["date"] != day(0)])[1]


HOLIDAY = {394: 80, 364: 70, 30: 82, 0: 70}
"""10 down a year ago, 12 down now."""


def test_a_fall_that_comes_every_year() -> None:
    """12 points down where a year ago it were 10: 2 beyond, and the usual one."""
    found = seasonal_change(line(A=HOLIDAY)).iloc[0]
    assert found.tolist() == [-12, -10, -2, True]
    whole = portfolio_season(line(A=HOLIDAY))
    assert whole is not None
    assert (whole.accounts, whole.change, whole.year_ago, whole.usual) == (1, -12, -10, True)
    assert (whole.since, whole.until) == (day(394), day(364))


@pytest.mark.parametrize(
    ("path", "beyond", "usual"),
    [
        ({394: 80, 364: 70, 30: 90, 0: 70}, -10, False),
        ({394: 70, 364: 80, 30: 80, 0: 79}, -11, False),
        ({394: 80, 364: 70, 30: 70, 0: 75}, 15, False),
        ({394: 80, 364: 70, 30: 83, 0: 70}, -3, True),
    ],
)
def test_other_falls(path: dict[int, float], beyond: float, usual: bool) -> None:
    """Far beyond last year's, none last year, a rise, and just within three points."""
    found = seasonal_change(line(A=path)).iloc[0]
    assert (found["beyond"], found["usual"]) == (beyond, usual)
    whole = portfolio_season(line(A=path))
    assert whole is not None
    assert (whole.beyond, whole.usual) == (beyond, usual)


def test_monthly_snapshots_are_near_enough() -> None:
    """A snapshot up to ten days off stands for a day; the nearest counts, then the older."""
    near = {399: 80, 371: 60, 366: 70, 35: 82, 22: 10, 0: 70}
    assert seasonal_change(line(A=near)).iloc[0].tolist() == [-12, -10, -2, True]
    far = {405: 80, 364: 70, 30: 82, 0: 70}
    assert seasonal_change(line(A=far))["year_ago"].isna().all()


def test_a_history_that_is_too_short() -> None:
    """Without the weeks of a year ago there is no baseline, and nothing is called usual."""
    short = line(A={60: 80, 30: 82, 0: 70})
    found = seasonal_change(short)
    assert found["change"].tolist() == [-12]
    assert found[["year_ago", "beyond"]].isna().all().all()
    assert not found["usual"].any()
    assert portfolio_season(short) is None
    assert portfolio_season(scored(pd.DataFrame({"account_id": []}))[1]) is None


def test_only_accounts_that_were_there() -> None:
    """The whole compares the same accounts then and now."""
    whole = portfolio_season(line(A=HOLIDAY, B={30: 90, 0: 10}))
    assert whole is not None
    assert (whole.accounts, whole.change) == (1, -12)
