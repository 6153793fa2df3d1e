"""Where a portfolio is weak."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.weaknesses import dimension_losses, dimension_means, points_lost, weakest
from tests.scoring.portfolios import FRAMES, MODEL, portfolio, shuffled

FOUR = portfolio(
    {"csm": "Ann", "score": 84, "dim_x": 90, "dim_y": 75, "arr": 100},
    {"csm": "Ann", "score": 50, "dim_x": 50, "dim_y": 50, "arr": 200},
    {"csm": "Bob", "score": 40, "dim_y": 40, "arr": 400},
    {"csm": "", "dim_x": 10, "arr": 800},
)
"""Ann: x 70 and y 62.5; Bob knows only y; one account has no score."""


def test_means_by_hand() -> None:
    """Means of what is known for each CSM, and for all as the last row."""
    ann, bob, nobody, everybody = dimension_means(FOUR, MODEL, "csm")
    assert (ann.label, ann.means, ann.weakest, ann.average) == ("Ann", (70, 62.5), "y", 67)
    assert (bob.known, bob.weakest) == ((0, 1), "y")
    assert math.isnan(bob.means[0])
    assert (nobody.label, nobody.weakest) == ("Not given", "x")
    assert math.isnan(nobody.average)
    assert (everybody.label, everybody.accounts, everybody.known) == ("All accounts", 4, (3, 3))
    assert everybody.means == pytest.approx((50, 55))
    assert everybody.average == pytest.approx(58)


def test_only_the_whole() -> None:
    """Without a column there is the row of all accounts alone."""
    assert [g.label for g in dimension_means(FOUR, MODEL)] == ["All accounts"]


def test_losses_by_hand() -> None:
    """Points lost by dimension, who loses most there, and ARR times points."""
    losses = {d.key: d for d in dimension_losses(FOUR, MODEL)}
    x, y = losses["x"], losses["y"]
    # x: 0.6 × 10 and 0.6 × 50. y: 0.4 × 25, 0.4 × 50, and the whole 60 of who knows nothing else.
    assert (x.accounts, y.accounts) == (2, 3)
    assert [x.lost, y.lost] == pytest.approx([18, 30])
    assert x.arr_points == pytest.approx((6 * 100 + 30 * 200) / 100)
    assert y.arr_points == pytest.approx((10 * 100 + 20 * 200 + 60 * 400) / 100)
    assert (x.worst_for, y.worst_for) == (1, 2)
    assert [d.key for d in dimension_losses(FOUR, MODEL)] == ["y", "x"]


def test_equal_losses_go_to_the_first() -> None:
    """Of equal losses the model's first dimension counts; a full score loses nowhere."""
    frame = portfolio({"dim_x": 60, "dim_y": 40}, {"dim_x": 100, "dim_y": 100}, {})
    assert weakest(points_lost(frame, MODEL)).tolist() == ["x", "", ""]


def test_a_dimension_of_which_no_amount_is_known_comes_last() -> None:
    """What cannot be weighed by ARR goes behind what can, and is not called free of cost."""
    frame = portfolio(
        {"score": 90, "dim_x": 90, "arr": 10},
        {"score": 20, "dim_y": 20},
        {"score": 30, "dim_y": 30},
    )
    first, last = dimension_losses(frame, MODEL)
    assert (first.key, last.key) == ("x", "y")
    assert math.isnan(last.arr_points)


def test_no_accounts() -> None:
    """Nobody has no means and loses nothing."""
    (row,) = dimension_means(portfolio(), MODEL, "segment")
    assert (row.accounts, row.weakest) == (0, "")
    assert all(d.accounts == 0 and math.isnan(d.lost) for d in dimension_losses(portfolio(), MODEL))


def test_only_one_currency_is_weighed() -> None:
    """ARR × points are of the main currency; without amounts there are none."""
    mixed = FOUR.assign(currency=["USD", "USD", "EUR", "USD"])
    y = next(d for d in dimension_losses(mixed, MODEL) if d.key == "y")
    assert y.arr_points == pytest.approx((10 * 100 + 20 * 200) / 100)
    none = dimension_losses(FOUR.assign(arr=math.nan), MODEL)
    assert all(math.isnan(d.arr_points) for d in none)
    assert [d.key for d in none] == ["y", "x"]


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=40)
def test_losses_make_up_what_is_lost(frame, seed) -> None:  # type: ignore[no-untyped-def]
    """Points lost by dimension sum to 100 less the weighted mean, in any order of rows."""
    lost = points_lost(frame, MODEL)
    for i in range(len(frame)):
        x, y = frame["dim_x"][i], frame["dim_y"][i]
        known = [(w, d) for w, d in ((0.6, x), (0.4, y)) if d == d]
        if known:
            total = sum(w * d for w, d in known) / sum(w for w, _ in known)
            assert lost.loc[i].sum() == pytest.approx(100 - total)
    other = shuffled(frame, seed)
    assert repr(dimension_losses(frame, MODEL)) == repr(dimension_losses(other, MODEL))
    assert repr(dimension_means(frame, MODEL, "csm")) == repr(dimension_means(other, MODEL, "csm"))
    counts = [g.accounts for g in dimension_means(frame, MODEL, "segment")]
    assert sum(counts[:-1]) == counts[-1] == len(frame)
