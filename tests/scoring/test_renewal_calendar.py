"""Which renewals come when, and who holds the ARR at risk."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings

from scoring.renewal_calendar import (
    arr_concentration,
    due,
    renewal_buckets,
    renewal_months,
    renewals_within,
)
from tests.scoring.portfolios import FRAMES, portfolio
from tests.scoring.rows import AS_OF

SEVEN = portfolio(
    {"days_left": 0, "score": 90, "arr": 10},
    {"days_left": 30, "score": 70, "arr": 20},
    {"days_left": 31, "score": 50, "arr": 30},
    {"days_left": 90, "score": 70},
    {"days_left": 91, "score": 90, "arr": 50, "currency": "EUR"},
    {"days_left": -1, "score": 50, "arr": 60},
    {"score": 50, "arr": 70},
)
"""Edges of buckets, an unknown amount, another currency, a renewal that passed, one unknown."""


def test_buckets_by_hand() -> None:
    """Both ends of a bucket belong to it; what has passed or has no date is in none."""
    buckets = renewal_buckets(SEVEN)
    assert [b.label for b in buckets] == ["0–30 days", "31–60 days", "61–90 days", "91–180 days"]
    assert [b.accounts for b in buckets] == [
        (1, 1, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0),
    ]  # fmt: skip
    assert [b.below_green for b in buckets] == [1, 1, 1, 0]
    first, second, third, fourth = buckets
    assert (first.arr[:2], first.total_arr, first.below_green_arr) == ((10, 20), 30, 20)
    assert (second.total_arr, second.below_green_arr) == (30, 30)
    # An account whose amount nobody knows is no account without money.
    assert math.isnan(third.total_arr)
    assert math.isnan(third.below_green_arr)
    assert math.isnan(fourth.total_arr)
    assert fourth.below_green_arr == 0
    within = renewals_within(SEVEN, 90)
    assert (within.total, within.below_green, within.below_green_arr) == (4, 3, 50)


def test_months_by_hand() -> None:
    """The running month counts from today; later months are whole."""
    frame = portfolio(
        {"days_left": 0}, {"days_left": 8}, {"days_left": 9}, {"days_left": 39},
        {"days_left": 40}, {"days_left": -3},
    )  # fmt: skip
    months = renewal_months(frame, AS_OF, months=3)
    assert [(m.label, m.total) for m in months] == [("Nov 2026", 2), ("Dec 2026", 2),
                                                    ("Jan 2027", 1)]  # fmt: skip
    assert [(m.first, m.last) for m in months] == [(0, 8), (9, 39), (40, 70)]
    assert [m.label for m in renewal_months(frame, date(2027, 12, 31), months=2)] == [
        "Dec 2027", "Jan 2028",
    ]  # fmt: skip


def test_the_soonest_first() -> None:
    """Renewals by day, of one day the larger ARR first and unknown ARR last."""
    frame = portfolio(
        {"days_left": 5, "arr": 1}, {"days_left": 5, "arr": 9}, {"days_left": 5},
        {"days_left": 2}, {"days_left": 181}, {"days_left": -1}, {},
    )  # fmt: skip
    assert due(frame).index.tolist() == [3, 1, 0, 2]
    assert list(due(frame).columns) == list(frame.columns)


def test_concentration_by_hand() -> None:
    """Twelve accounts at risk of 10 to 120: the largest one holds 120 of 780."""
    frame = portfolio(
        *({"score": 50, "arr": 10.0 * n} for n in range(1, 13)),
        {"score": 90, "arr": 1e6},
        {"arr": 1e6},
        {"score": 50, "arr": 1e6, "currency": "EUR"},
        {"score": 50},
    )
    found = arr_concentration(frame)
    assert (found.currency, found.accounts, found.arr) == ("USD", 12, 780)
    assert found.shares == pytest.approx({1: 120 / 780, 5: 500 / 780, 10: 750 / 780})


def test_who_pays_nothing_puts_nothing_at_risk() -> None:
    """An account of ARR 0 is not among those that hold the ARR at risk."""
    found = arr_concentration(portfolio({"score": 50, "arr": 0}, {"score": 50, "arr": 5}))
    assert (found.accounts, found.arr, found.shares[1]) == (1, 5, 1.0)


def test_nothing_at_risk() -> None:
    """Without ARR below green there is no share."""
    found = arr_concentration(portfolio({"score": 90, "arr": 10}))
    assert (found.accounts, found.arr) == (0, 0)
    assert all(math.isnan(share) for share in found.shares.values())
    assert [b.total for b in renewal_buckets(portfolio())] == [0, 0, 0, 0]


@given(FRAMES)
@settings(max_examples=40)
def test_every_renewal_is_in_one_bucket(frame) -> None:  # type: ignore[no-untyped-def]
    """Buckets and months count each coming renewal once, and shares rise to at most 1."""
    expected = int(frame["days_left"].between(0, 180).sum())
    assert sum(b.total for b in renewal_buckets(frame)) == expected == len(due(frame))
    months = renewal_months(frame, AS_OF, months=15)
    assert sum(m.total for m in months) == (frame["days_left"] >= 0).sum()
    for bucket in months:
        assert sum(bucket.accounts) == bucket.total
        assert bucket.below_green == bucket.accounts[1] + bucket.accounts[2]
    shares = list(arr_concentration(frame).shares.values())
    if not math.isnan(shares[0]):
        assert 0 < shares[0] <= shares[1] <= shares[2] <= 1 + 1e-9
