"""No leakage: nothing written after outcome − horizon moves anything."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.validation.cases import Cases, join_cases
from scoring.validation.score_groups import scores_at
from scoring.validation.snapshots import Snapshots, take_snapshots
from tests.scoring.validation.companies import Company, company, leavers, simple_model
from tests.scoring.validation.pasts import FIRST, day, listed, monthly, taken


def joined(history: pd.DataFrame, outcomes: pd.DataFrame) -> Cases:
    """Cases of a history under the simple model."""
    return join_cases(outcomes, take_snapshots(history, simple_model()), days=60)


@lru_cache
def three_accounts(backwards: bool) -> Snapshots:
    """A, B and C, each for 16 months; the rows in this order or the other."""
    rows = pd.concat([monthly(account, range(0, 500, 30)) for account in "ABC"])
    return taken(rows.iloc[::-1] if backwards else rows)


def known(cases: Cases, days: int) -> pd.DataFrame:
    """Account, outcome, day, score and tier at a horizon, as text where nothing is known."""
    places = cases.at[days]
    tier = np.where(places >= 0, cases.snapshots.tier[np.maximum(places, 0)], "")
    shown = cases.frame[["account_id", "outcome", "date"]].assign(
        score=scores_at(cases, places), tier=tier
    )
    return shown.reset_index(drop=True)


@pytest.mark.parametrize("make", [company, leavers])
@pytest.mark.parametrize("days", [30, 60, 90])
def test_what_comes_after_the_horizon_changes_nothing(make: object, days: int) -> None:
    """Every value after outcome − horizon replaced by nonsense: the same scores and tiers."""
    of: Company = make(5, accounts=40)  # type: ignore[operator]
    cases = joined(of.history, of.outcomes)
    latest = cases.frame.groupby("account_id")["date"].max()
    history = of.history.copy()
    after = history["date"] > history["account_id"].map(latest) - pd.Timedelta(days=days)
    assert after.sum() > 40
    values = [key for key in history if key not in ("account_id", "date")]
    nonsense = np.random.default_rng(1).uniform(0, 100, (after.sum(), len(values)))
    history.loc[after, values] = nonsense
    found = known(joined(history, of.outcomes), days)
    ours = known(cases, days)
    last = ours.groupby("account_id").tail(1).index
    pd.testing.assert_frame_equal(found.loc[last], ours.loc[last])


@pytest.mark.parametrize("make", [company, leavers])
def test_a_longer_history_only_adds(make: object) -> None:
    """Snapshots of later months, added afterwards, leave every case as it was."""
    of: Company = make(6, accounts=40)  # type: ignore[operator]
    cut = of.history["date"].sort_values().iloc[int(0.7 * len(of.history))]
    before = of.outcomes[of.outcomes["date"] < cut]
    short = joined(of.history[of.history["date"] <= cut], before)
    long = joined(of.history, before)
    assert len(short) > 10
    for days in (30, 60, 90):
        both = known(short, days).merge(
            known(long, days), on=["account_id", "date"], suffixes=("", "_long")
        )
        assert len(both) == len(short)
        assert both["outcome"].tolist() == both["outcome_long"].tolist()
        np.testing.assert_array_equal(both["score"], both["score_long"])


def test_the_amount_of_an_outcome_decides_nothing() -> None:
    """ARR after, reason and currency of a case move neither snapshot nor score."""
    of = company(7, accounts=60)
    other = of.outcomes.assign(arr=1.0, arr_after=9.0, currency="EUR", reason="price")
    ours, theirs = joined(of.history, of.outcomes), joined(of.history, other)
    for days in (30, 60, 90):
        pd.testing.assert_frame_equal(known(ours, days), known(theirs, days))


ROWS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 500), st.integers(0, 100)),
    min_size=1, max_size=30,
)  # fmt: skip
OUTCOMES = st.lists(
    st.tuples(
        st.sampled_from("ABCX"),
        st.sampled_from(["churned", "contracted", "renewed", "expanded", "odd"]),
        st.integers(-20, 600),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(ROWS, OUTCOMES, st.integers(1, 120))
def test_every_join_keeps_its_promises(
    rows: list[tuple[str, int, int]], outcomes: list[tuple[str, str, int]], horizon: int
) -> None:
    """Whatever is listed: the account's own snapshot, old enough, not too old, of its spell."""
    snapshots = taken(*[monthly(account, [number], score) for account, number, score in rows])
    cases = join_cases(listed(*outcomes), snapshots, days=horizon, horizons=(horizon,))
    frame, places = cases.frame, cases.at[horizon]
    for row, place in zip(frame.to_dict("records"), places.tolist(), strict=True):
        if place < 0:
            continue
        when = pd.Timestamp(snapshots.day[place])
        age = (row["date"] - when).days
        assert snapshots.account_id[place] == row["account_id"]
        assert horizon <= age <= horizon + cases.oldest
        assert when >= row["since"]
        later = snapshots.day[snapshots.account_id == row["account_id"]]
        limit = np.datetime64(row["date"] - pd.Timedelta(days=horizon), "D")
        assert when == pd.Timestamp(later[later <= limit].max())
    assert not frame.duplicated(["account_id", "date", "window"]).any()
    told = frame[frame["outcome"] != "stayed"]
    assert len(told) + sum(left.count for left in cases.left_out) == len(outcomes)


@settings(max_examples=20, deadline=None)
@given(OUTCOMES, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(
    outcomes: list[tuple[str, str, int]], chance: object
) -> None:
    """Outcomes and rows in any order make the same cases."""
    other = list(outcomes)
    chance.shuffle(other)  # type: ignore[attr-defined]
    one = join_cases(listed(*outcomes), three_accounts(False), days=60)
    two = join_cases(listed(*other), three_accounts(True), days=60)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert one.left_out == two.left_out


def test_the_first_day_of_these_histories() -> None:
    """Day 0 is the first day, so that the numbers above are days of the history."""
    assert day(0).date() == FIRST
