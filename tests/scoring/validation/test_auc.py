"""AUC: against scikit-learn, against counting every pair, and its interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from scoring.validation.auc import auc, auc_effect, auc_interval, auc_variance
from scoring.validation.records import Interval

POINTS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=2, max_size=40)


def pairs(points: list[int], churned: list[bool]) -> float:
    """Every pair of one that churned and one that stayed, counted."""
    won = [
        1.0 if a < b else 0.5 if a == b else 0.0
        for a, lost in zip(points, churned, strict=True) if lost
        for b, other in zip(points, churned, strict=True) if not other
    ]  # fmt: skip
    return sum(won) / len(won)


@given(POINTS)
def test_auc_is_every_pair_counted(rows: list[tuple[int, bool]]) -> None:
    """The AUC is the share of pairs in which the churned case has fewer points, ties half."""
    points, churned = [p for p, _ in rows], [c for _, c in rows]
    found = auc(np.array(points, dtype=float), np.array(churned))
    if all(churned) or not any(churned):
        assert found is None
    else:
        assert found == pytest.approx(pairs(points, churned))
        assert found == pytest.approx(roc_auc_score(churned, [-p for p in points]))


def test_unknown_points_do_not_count() -> None:
    """A case without points changes neither the AUC nor its interval."""
    points = np.array([1.0, 5, 3, 9, 7, 2])
    churned = np.array([True, False, True, False, True, False])
    accounts = np.arange(6)
    more, lost, who = np.append(points, np.nan), np.append(churned, True), np.append(accounts, 9)
    assert auc(more, lost) == auc(points, churned)
    assert auc_interval(more, lost, who, seed=1) == auc_interval(points, churned, accounts, seed=1)


@given(POINTS, st.integers(0, 3))
def test_the_interval_holds_the_value_inside_0_and_1(
    rows: list[tuple[int, bool]], seed: int
) -> None:
    """Limits lie around the AUC and never outside 0–1, whatever the cases are."""
    points = np.array([p for p, _ in rows], dtype=float)
    churned = np.array([c for _, c in rows])
    for draws in (0, 50):
        of = auc_interval(points, churned, np.arange(len(rows)), seed=seed, draws=draws)
        if of.value is None:
            assert (of.low, of.high) == (None, None)
        else:
            assert of.low is not None
            assert of.high is not None
            assert 0 <= of.low <= of.value <= of.high <= 1


def test_turning_the_points_round_mirrors_the_interval() -> None:
    """Points with the other sign give 1 − AUC, and limits just as far away."""
    rng = np.random.default_rng(4)
    points, churned = rng.normal(size=120), rng.random(120) < 0.3
    one = auc_interval(points, churned, np.arange(120), seed=2)
    other = auc_interval(-points, churned, np.arange(120), seed=2)
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    assert other.value == pytest.approx(1 - one.value)
    assert other.low == pytest.approx(1 - one.high)
    assert other.high == pytest.approx(1 - one.low)


def test_perfect_separation_still_has_an_interval() -> None:
    """5 of 20 churned, all of them lowest: the AUC is 1, and its lower limit is well below."""
    points = np.arange(20, dtype=float)
    of = auc_interval(points, points < 5, np.arange(20), seed=0)
    assert of.value == 1.0
    assert of.high == 1.0
    assert of.low is not None
    assert 0.6 < of.low < 0.9


def test_repeated_cases_widen_the_interval() -> None:
    """Every case three times over tells no more than once, where accounts are known."""
    rng = np.random.default_rng(7)
    churned = rng.random(150) < 0.3
    points = rng.normal(size=150) - churned
    once = auc_interval(points, churned, np.arange(150), seed=1)
    many, lost, who = np.repeat(points, 3), np.repeat(churned, 3), np.repeat(np.arange(150), 3)
    again = auc_interval(many, lost, who, seed=1)
    blind = auc_interval(many, lost, np.arange(450), seed=1)
    assert _width(again) == pytest.approx(_width(once), rel=0.12)
    assert _width(blind) < 0.7 * _width(once)
    assert auc_effect(many, lost, who) == pytest.approx(3, rel=0.2)


def test_formula_and_bootstrap_agree() -> None:
    """The standard error by formula is that of drawing accounts anew, within a tenth."""
    rng = np.random.default_rng(11)
    accounts = rng.integers(0, 150, 600)
    level = rng.normal(size=150)[accounts]
    churned = rng.random(600) < 0.2
    points = level + rng.normal(size=600) - 0.6 * churned
    drawn = auc_interval(points, churned, accounts, seed=1, draws=2000)
    formula = auc_interval(points, churned, accounts, seed=1, draws=0)
    assert _width(formula) == pytest.approx(_width(drawn), rel=0.1)


def test_the_variance_is_hanley_and_mc_neils() -> None:
    """AUC 0.5 with m and n cases: (m + n + 1) / 12mn within a per cent or so, as for ranks."""
    for m, n in ((40, 40), (50, 80), (200, 400)):
        assert auc_variance(0.5, m, n) == pytest.approx((m + n + 1) / (12 * m * n), rel=0.03)
    assert auc_variance(1.0, 30, 30) == 0.0


def test_the_same_seed_gives_the_same_interval() -> None:
    """Two runs with one seed agree to the last bit."""
    rng = np.random.default_rng(3)
    points, churned = rng.normal(size=200), rng.random(200) < 0.2
    first = auc_interval(points, churned, np.arange(200), seed=5, draws=100)
    assert first == auc_interval(points, churned, np.arange(200), seed=5, draws=100)


def _width(of: Interval) -> float:
    assert of.low is not None
    assert of.high is not None
    return of.high - of.low
