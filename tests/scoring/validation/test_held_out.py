"""Folds, gains, their errors, and how much more would be needed."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.validation.auc import auc
from scoring.validation.held_out import Gain, auc_gain, folds, mean_gain


def test_folds_hold_whole_accounts_out() -> None:
    """Each case is held out once, an account's cases together, lost ones spread evenly."""
    rng = np.random.default_rng(1)
    accounts = rng.integers(0, 60, 300)
    churned = np.isin(accounts, rng.permutation(60)[:20])
    masks = list(folds(churned, accounts, 5, seed=3))
    assert (np.sum(masks, axis=0) == 1).all()
    for mask in masks:
        assert not set(accounts[mask]) & set(accounts[~mask])
        assert len(set(accounts[mask & churned])) == 4
    again = list(folds(churned, accounts, 5, seed=3))
    assert all((a == b).all() for a, b in zip(masks, again, strict=True))
    other = list(folds(churned, accounts, 5, seed=4))
    assert any((a != b).any() for a, b in zip(masks, other, strict=True))


def test_a_gain_worked_by_hand() -> None:
    """Two churned among four: the old score puts 2 of 4 pairs right, the new one 3.5."""
    churned = np.array([True, True, False, False])
    was = np.array([10.0, 40.0, 30.0, 20.0])
    new = np.array([10.0, 20.0, 30.0, 20.0])
    assert (auc(was, churned), auc(new, churned)) == (0.5, 0.875)
    gain = auc_gain([(np.arange(4), was, new)], churned, np.arange(4))
    assert gain.value == pytest.approx(0.375)


def test_folds_without_both_kinds_tell_nothing() -> None:
    """A fold in which nobody churned compares nothing, and no fold at all gains nothing."""
    churned = np.array([False, False, True])
    score = np.array([1.0, 2.0, 0.0])
    assert auc_gain([(np.array([0, 1]), score[:2], -score[:2])], churned, np.arange(3)).value == 0
    assert auc_gain([], churned, np.arange(3)) == Gain(0.0, 0.0)


@pytest.mark.parametrize("each", [1, 4])
def test_the_error_is_that_of_drawing_whole_accounts(each: int) -> None:
    """The standard error from a formula is near that of a bootstrap over accounts."""
    rng = np.random.default_rng(7)
    accounts = np.repeat(np.arange(200), each)
    base = np.repeat(rng.normal(0, 1, 200), each)
    churned = np.repeat(rng.random(200) < 0.3, each)
    was = base - churned + rng.normal(0, 1, len(base))
    new = base - 1.5 * churned + rng.normal(0, 1, len(base))
    found = auc_gain([(np.arange(len(base)), was, new)], churned, accounts)
    drawn = []
    for _ in range(400):
        picks = rng.integers(0, 200, 200)
        at = (picks[:, None] * each + np.arange(each)).ravel()
        drawn.append((auc(new[at], churned[at]) or 0) - (auc(was[at], churned[at]) or 0))
    assert found.error == pytest.approx(np.std(drawn), rel=0.15)
    assert found.value == pytest.approx((auc(new, churned) or 0) - (auc(was, churned) or 0))


def test_a_mean_and_its_error() -> None:
    """With one case an account it is the usual error of a mean; alike cases widen it."""
    values = np.random.default_rng(2).normal(0.1, 1, 100)
    alone = mean_gain(values, np.arange(100))
    assert alone.value == pytest.approx(values.mean())
    assert alone.error == pytest.approx(values.std(ddof=1) / 10)
    doubled = mean_gain(np.repeat(values, 2), np.repeat(np.arange(100), 2))
    assert doubled.error == pytest.approx(alone.error)
    assert doubled.interval.low == pytest.approx(alone.value - 1.96 * alone.error, abs=1e-4)


def test_how_many_more() -> None:
    """An error of 0.02 with 50 churned sees 0.03 with 80 % power from 175 on (2.8 × 0.02)²."""
    assert Gain(0.0, 0.02).needed(0.03, 50) == 125
    assert Gain(0.0, 0.01).needed(0.03, 50) == 0
    assert Gain(0.0, 0.0).needed(0.03, 50, least=0.02) == 125
    assert Gain(0.1, 0.02).wider(1.5).error == pytest.approx(0.03)
