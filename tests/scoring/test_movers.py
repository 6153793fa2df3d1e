"""Who moved most, who turned red, who recovered."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.movers import (
    biggest_falls,
    biggest_rises,
    compared_with,
    newly_red,
    recovered,
    tier_moves,
)
from tests.scoring.portfolios import FRAMES, portfolio, shuffled

FIVE = portfolio(
    {"account_id": "A", "score": 50, "previous_score": 62, "arr": 10, "moved": "Usage −22%"},
    {"account_id": "B", "score": 70, "previous_score": 82, "arr": 90},
    {"account_id": "C", "score": 85, "previous_score": 55, "arr": 40},
    {"account_id": "D", "score": 70.0, "previous_score": 70.4, "arr": 5},
    {"account_id": "E", "score": 30, "arr": 70},
)
"""Two falls of 12, a rise of 30, a change too small to tell, an account without a past."""


def ids(frame: pd.DataFrame) -> list[str]:
    """The accounts in order."""
    return frame["account_id"].tolist()


def test_the_biggest_moves() -> None:
    """The deepest fall first, of equals the larger ARR; small changes are none."""
    assert ids(biggest_falls(FIVE)) == ["B", "A"]
    assert biggest_falls(FIVE).index.tolist() == [1, 0]
    assert ids(biggest_falls(FIVE, 1)) == ["B"]
    assert ids(biggest_rises(FIVE)) == ["C"]
    assert biggest_falls(FIVE)["moved"].tolist() == ["", "Usage −22%"]


def test_equal_moves_have_one_order() -> None:
    """Of equal moves and ARR the lower id goes first, and unknown ARR last."""
    same = [{"score": 50, "previous_score": 60, "arr": a} for a in (5.0, 5.0, math.nan)]
    assert ids(biggest_falls(portfolio(*same))) == ["A000", "A001", "A002"]
    assert ids(biggest_falls(portfolio(*reversed(same)))) == ["A001", "A002", "A000"]


def test_newly_red_and_recovered() -> None:
    """Red now and not before, the other way round; the largest ARR first, and nobody new."""
    assert ids(newly_red(FIVE)) == ["A"]
    assert ids(recovered(FIVE)) == ["C"]
    more = portfolio(*({"score": 10, "previous_score": 90, "arr": a} for a in (1, 3, 2)))
    assert newly_red(more)["arr"].tolist() == [3, 2, 1]


def test_tiers_that_changed() -> None:
    """Worse and better tiers with their ARR, in one currency."""
    moves = tier_moves(FIVE)
    assert (moves.worse, moves.worse_arr, moves.better, moves.better_arr) == (2, 100, 1, 40)
    euro = tier_moves(FIVE.assign(currency=["EUR", "USD", "USD", "USD", "USD"]))
    assert (euro.currency, euro.worse, euro.worse_arr) == ("USD", 2, 90)
    lost = portfolio({"score": math.nan, "previous_score": 90, "arr": 5})
    assert tier_moves(lost).worse == 0


def test_half_a_point_is_a_move() -> None:
    """From half a point up and down a change is told, for it may change the number shown."""
    frame = portfolio({"score": 70.5, "previous_score": 70}, {"score": 69.5, "previous_score": 70})
    assert (ids(biggest_rises(frame)), ids(biggest_falls(frame))) == (["A000"], ["A001"])


def test_the_first_snapshot_moves_nobody() -> None:
    """Without a previous snapshot nobody fell, rose, turned red or recovered."""
    first = portfolio({"score": 10, "arr": 5}, {"score": 90})
    assert sum(map(len, (biggest_falls(first), biggest_rises(first), newly_red(first)))) == 0
    assert tier_moves(first).worse_arr == 0
    assert compared_with(first) is None


def test_the_day_compared_with() -> None:
    """The day of most accounts' previous snapshot; of equals the later one."""
    told = ["2026-10-22", "2026-10-22", "2026-09-22", "NaT", "NaT"]
    days = pd.to_datetime(pd.Series(told))
    frame = FIVE.assign(previous_day=days)
    assert str(compared_with(frame)) == "2026-10-22"
    assert str(compared_with(frame.iloc[1:])) == "2026-10-22"


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=60)
def test_lists_do_not_depend_on_the_order_of_rows(frame, seed) -> None:  # type: ignore[no-untyped-def]
    """Shuffled accounts give the same lists, and no account is in both directions."""
    other = shuffled(frame, seed)
    for listed in (biggest_falls, biggest_rises, newly_red, recovered):
        assert ids(listed(frame, None)) == ids(listed(other, None))
    assert tier_moves(frame) == tier_moves(other) or math.isnan(
        tier_moves(frame).worse_arr + tier_moves(frame).better_arr
    )
    assert not set(ids(biggest_falls(frame, None))) & set(ids(biggest_rises(frame, None)))
    assert biggest_falls(frame, None)["change"].is_monotonic_increasing
