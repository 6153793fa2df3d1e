"""The permutation test: exact rate, repeated cases, strata, several columns."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from scoring.validation.permutation import permutation_p, shuffle_test


def test_p_is_that_of_every_possible_deal() -> None:
    """With 4 of 11 churned, p is the share of all 330 deals that do as well, by brute force."""
    points = np.array([3.0, 1, 4, 1.5, 9, 2.6, 5.3, 5.8, 9.7, 9.3, 2.3])
    churned = np.array([1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0], dtype=bool)

    def measure(lost: np.ndarray) -> float:
        rank = points.argsort().argsort().astype(float)
        a, b = rank[lost], rank[~lost]
        error = np.sqrt(a.var() / len(a) + b.var() / len(b))
        return abs(b.mean() - a.mean()) / error if error else np.inf

    def deal(where: tuple[int, ...]) -> np.ndarray:
        lost = np.zeros(11, dtype=bool)
        lost[list(where)] = True
        return lost

    least = measure(churned) - 1e-9
    exact = np.mean([measure(deal(where)) >= least for where in combinations(range(11), 4)])
    found = permutation_p(points, churned, np.arange(11), seed=1, draws=20_000)
    assert found == pytest.approx(float(exact), abs=0.01)


def test_nothing_to_compare_has_no_p() -> None:
    """All lost, none lost, equal points and no case at all have no p."""
    points, accounts = np.arange(6.0), np.arange(6)
    every = np.ones(6, dtype=bool)
    some = np.array([1, 0, 1, 0, 0, 0], dtype=bool)
    assert permutation_p(points, every, accounts, seed=0) is None
    assert permutation_p(points, ~every, accounts, seed=0) is None
    assert permutation_p(np.full(6, 3.0), some, accounts, seed=0) is None
    assert permutation_p(np.full(6, np.nan), some, accounts, seed=0) is None
    assert permutation_p(np.empty(0), every[:0], accounts[:0], seed=0) is None


def test_a_clear_difference_has_the_smallest_p_and_a_sign() -> None:
    """Separated points give 1 of 400, and the sign says which way."""
    points = np.arange(60.0)
    churned = points < 20
    test = shuffle_test(
        np.column_stack([points, -points]), churned, np.arange(60), seed=0, draws=399
    )
    assert test.p.tolist() == [1 / 400, 1 / 400]
    assert test.p_all == 1 / 400
    assert test.z[0] > 0 > test.z[1]


def test_two_levels_that_separate_are_the_clearest_of_all() -> None:
    """All who churned have 40 and all who stayed 80: the smallest p, not "nothing to compare"."""
    churned = np.arange(60) < 15
    points = np.where(churned, 40.0, 80.0)
    test = shuffle_test(points[:, None], churned, np.arange(60), seed=0, draws=199)
    assert test.z[0] > 10
    assert test.p_all == 1 / 200
    assert np.isfinite(test.critical)


def test_many_columns_need_more_to_be_believed() -> None:
    """Among 30 columns of noise the smallest p is small, and the p of all together is not."""
    rng = np.random.default_rng(4)
    noise, churned = rng.normal(size=(150, 30)), rng.random(150) < 0.25
    test = shuffle_test(noise, churned, np.arange(150), seed=0, draws=999)
    assert test.p.min() < 0.06 < test.p_all
    assert 2.5 < test.critical < 4


def test_a_column_may_have_gaps() -> None:
    """Where a column has no points its p is that of the rest alone, but for chance."""
    rng = np.random.default_rng(6)
    churned = rng.random(300) < 0.3
    points = rng.normal(size=300) - 0.25 * churned
    gaps = np.where(rng.random(300) < 0.4, np.nan, points)
    known = ~np.isnan(gaps)
    whole = permutation_p(gaps, churned, np.arange(300), seed=0)
    alone = permutation_p(gaps[known], churned[known], np.arange(known.sum()), seed=0)
    assert whole == pytest.approx(alone, abs=0.03)


def test_a_trend_of_the_calendar_is_no_evidence_within_strata() -> None:
    """Scores and churn that both fall with time alone say nothing within the same 90 days."""
    rng = np.random.default_rng(8)
    window = np.repeat(np.arange(6), 100)
    points = rng.normal(size=600) + window
    churned = rng.random(600) < 0.45 - 0.07 * window
    blind = permutation_p(points, churned, np.arange(600), seed=0, draws=999)
    fair = permutation_p(points, churned, np.arange(600), seed=0, draws=999, strata=window)
    assert blind is not None
    assert fair is not None
    assert blind < 0.01
    assert fair > 0.05


def test_alike_cases_of_an_account_keep_the_rate() -> None:
    """Points and outcomes that both belong to the account: 5 % of 300 tests see a relation.

    Without accounts some 40 % of the tests would: each account stands there four times.
    """
    accounts = np.repeat(np.arange(60), 4)
    fooled = kept = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        points = rng.normal(size=60)[accounts] + 0.1 * rng.normal(size=240)
        churned = (rng.random(60) < 0.3)[accounts] & (rng.random(240) < 0.9)
        p = permutation_p(points, churned, accounts, seed=seed, draws=199)
        blind = permutation_p(points, churned, np.arange(240), seed=seed, draws=199)
        assert p is not None
        assert blind is not None
        kept += p < 0.05
        fooled += blind < 0.05
    assert 4 <= kept <= 28
    assert fooled > 75
