"""Intervals of shares: against scipy, published values, and accounts with several cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from scoring.validation.intervals import design_effect, share_interval, share_of


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_scipy(pair: tuple[int, int]) -> None:
    """Value and limits are those of scipy's Wilson interval."""
    count, of = pair
    theirs = binomtest(count, of).proportion_ci(0.95, method="wilson")
    ours = share_interval(count, of)
    assert ours.value == count / of
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_equals_newcombes_table(count: int, of: int, low: float, high: float) -> None:
    """The four examples of Newcombe 1998, table I, method 3."""
    found = share_interval(count, of)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_no_cases_have_no_share() -> None:
    """0 of 0 is unknown, not 0."""
    empty = share_interval(0, 0)
    assert (empty.value, empty.low, empty.high) == (None, None, None)
    none = np.empty(0)
    assert share_of(none.astype(bool), none.astype(int)).value is None


def test_one_case_an_account_has_no_effect() -> None:
    """Independent cases weigh one each, and so do those that nothing sets apart."""
    rng = np.random.default_rng(1)
    assert design_effect(rng.random(100) < 0.3, np.arange(100)) == 1.0
    assert design_effect(np.zeros(100, dtype=bool), np.repeat(np.arange(50), 2)) == 1.0


def test_alike_cases_count_as_their_accounts() -> None:
    """Four equal cases an account weigh about as much as one."""
    hit = np.random.default_rng(2).random(200) < 0.3
    one = share_interval(int(hit.sum()), 200)
    four = share_of(np.repeat(hit, 4), np.repeat(np.arange(200), 4))
    assert design_effect(np.repeat(hit, 4), np.repeat(np.arange(200), 4)) == pytest.approx(
        4, rel=0.02
    )
    assert four.low == pytest.approx(one.low, abs=0.003)
    assert four.high == pytest.approx(one.high, abs=0.003)
