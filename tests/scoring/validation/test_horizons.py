"""Horizons: groups, lift, precision, Brier and curves, against scikit-learn and by hand."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from scoring.validation.calibration import Fit
from scoring.validation.cases import Cases, join_cases
from scoring.validation.horizons import horizon_of
from scoring.validation.measures import brier, churned_among, curve_of, lift_of, precision_of
from scoring.validation.records import Horizon
from scoring.validation.score_groups import bracket_starts, displayed, scores_at
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, simple_model
from tests.scoring.validation.pasts import listed, monthly, taken


def renewals(scores: list[float], churned: list[bool]) -> Cases:
    """One case an account, each with that score 60 days before."""
    names = [f"A{i:03d}" for i in range(len(scores))]
    rows = [monthly(name, [0], score) for name, score in zip(names, scores, strict=True)]
    outcomes = listed(*[
        (name, "churned" if lost else "renewed", 60)
        for name, lost in zip(names, churned, strict=True)
    ])  # fmt: skip
    return join_cases(outcomes, taken(*rows), days=60, horizons=(60,))


def nothing_fitted(cases: Cases) -> Fit:
    """No probability."""
    return Fit(None, "Not enough evidence.", np.full(len(cases), np.nan))


def of_company(seed: int) -> tuple[Cases, Horizon]:
    """A company with a held-out probability that falls with the score."""
    of = company(seed, accounts=150)
    cases = join_cases(of.outcomes, take_snapshots(of.history, simple_model()), days=60)
    chance = 1 / (1 + np.exp((scores_at(cases, cases.at[60]) - 50) / 8))
    return cases, horizon_of(cases, 60, Fit(None, "", chance), seed=0, draws=50, shuffles=99)


def test_counts_auc_and_brier_are_those_of_scikit_learn() -> None:
    """AUC and Brier score equal scikit-learn's; counts are those of the cases."""
    cases, found = of_company(3)
    score = scores_at(cases, cases.at[60])
    chance = 1 / (1 + np.exp((score - 50) / 8))
    assert (found.cases, found.churned) == (len(cases), int(cases.churned.sum()))
    assert found.accounts == len(cases)
    assert found.auc.value == pytest.approx(roc_auc_score(cases.churned, -score))
    assert found.brier == pytest.approx(brier_score_loss(cases.churned, chance))
    share = cases.churned.mean()
    plain = brier_score_loss(cases.churned, np.full(len(cases), share))
    assert found.brier_base == pytest.approx(plain)
    assert found.brier is not None
    assert found.brier_skill == pytest.approx(1 - found.brier / plain)
    said = np.select([score >= 79.5, score >= 69.5, score >= 59.5], [0.03, 0.12, 0.34], 0.78)
    assert found.brier_illustration == pytest.approx(brier_score_loss(cases.churned, said))


def test_tiers_and_brackets_share_out_every_case() -> None:
    """Each case is in one tier and one bracket, whose scores follow on each other up to 100."""
    cases, found = of_company(4)
    for groups in (found.tiers, found.brackets):
        assert sum(group.cases for group in groups) == found.cases
        assert sum(group.churned for group in groups) == found.churned
        assert groups[0].starts_at == 0
        assert groups[-1].ends_at == 100
        ends, starts = [g.ends_at for g in groups], [g.starts_at for g in groups]
        assert starts[1:] == [end + 1 for end in ends[:-1]]
    assert [(g.key, g.label, g.starts_at) for g in found.tiers] == [
        ("red", "Red", 0), ("amber", "Amber", 60), ("green", "Green", 80)
    ]  # fmt: skip
    shown = displayed(cases, cases.at[60])
    red = found.tiers[0]
    assert red.cases == int((shown < 60).sum())
    assert red.contracted == int((cases.frame["outcome"] == "contracted")[shown < 60].sum())
    assert min(g.cases for g in found.brackets) >= 10


def test_half_points_belong_to_the_higher_bracket() -> None:
    """59.5 is shown as 60, and counts there."""
    scores = [10.0, 59.4, 59.5, 99.6] * 10
    found = horizon_of(cases := renewals(scores, [True, False] * 20), 60, nothing_fitted(cases),
                       seed=0, draws=10, shuffles=19)  # fmt: skip
    assert [(b.label, b.cases) for b in found.brackets] == [("0–59", 20), ("60–100", 20)]
    assert [g.cases for g in found.tiers] == [20, 10, 10]


def test_brackets_are_the_same_at_every_horizon() -> None:
    """They are cut once, from all horizons, and none is nearly empty."""
    of = company(8, accounts=120)
    cases = join_cases(of.outcomes, take_snapshots(of.history, simple_model()), days=60)
    starts = bracket_starts(cases)
    assert starts[0] == 0
    assert all(start % 10 == 0 for start in starts)
    found = [
        horizon_of(cases, d, nothing_fitted(cases), seed=0, draws=5, shuffles=9)
        for d in (30, 60, 90)
    ]
    assert {tuple(b.starts_at for b in h.brackets) for h in found} == {starts}


def test_amounts_stand_in_one_currency_or_not_at_all() -> None:
    """ARR before, and what churn and contraction took; none where there are two currencies."""
    cases = renewals([30.0, 40, 80, 90, 85], [True, False, False, False, False])
    frame = cases.frame.assign(
        outcome=["churned", "contracted", "renewed", "renewed", "contracted"],
        arr=[100.0, 200, 300, np.nan, 50], arr_after=[np.nan, 150, 300, np.nan, np.nan],
        currency="USD",
    )  # fmt: skip
    one = dataclasses.replace(cases, frame=frame)
    red, amber, green = horizon_of(one, 60, nothing_fitted(one), seed=0).tiers
    assert (red.arr, red.arr_lost) == (300, 150)
    assert (amber.cases, amber.share.value) == (0, None)
    assert (green.arr, green.arr_lost) == (350, 0)
    two = dataclasses.replace(one, frame=frame.assign(currency=["USD", "EUR", "", "", "USD"]))
    assert {g.arr for g in horizon_of(two, 60, nothing_fitted(two), seed=0).tiers} == {None}
    lost = frame["arr"].where(frame["outcome"] == "churned")
    only = dataclasses.replace(one, frame=frame.assign(arr=lost))
    worst = horizon_of(only, 60, nothing_fitted(only), seed=0).tiers[0]
    assert (worst.arr, worst.arr_lost) == (None, 100)


def test_lift_and_precision_by_hand() -> None:
    """Of 100 cases the 30 lowest churned, all but one in three."""
    points = np.arange(100.0)
    churned = (points < 30) & (points % 3 != 0)
    lift = lift_of(points, churned)
    assert [(p.share, p.cases, p.churned) for p in lift] == [
        (0.05, 5, 3), (0.1, 10, 6), (0.2, 20, 13), (0.3, 30, 20)
    ]  # fmt: skip
    assert [p.lift for p in lift] == pytest.approx([3 / 5 / 0.2, 3, 13 / 20 / 0.2, 20 / 30 / 0.2])
    precision = {p.k: (p.churned, p.recall) for p in precision_of(points, churned)}
    assert precision == {10: (6, 6 / 20), 20: (13, 13 / 20), 50: (20, 1.0)}
    few = precision_of(points[:30], churned[:30])
    assert [p.k for p in few] == [3, 10, 20]


def test_ties_at_the_cut_share_its_places() -> None:
    """Two of four equal cases churned: one place among them is worth half a churned case."""
    points = np.array([1.0, 5, 5, 5, 5, 9])
    churned = np.array([True, True, False, True, False, False])
    assert churned_among(points, churned, 1) == 1.0
    assert churned_among(points, churned, 2) == 1.5
    assert churned_among(points, churned, 5) == 3.0


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=25))
def test_the_order_of_equal_cases_does_not_matter(rows: list[tuple[int, bool]]) -> None:
    """However equal scores are sorted, the count among the lowest k is the same, and rises."""
    points, churned = np.array([float(p) for p, _ in rows]), np.array([c for _, c in rows])
    counts = [churned_among(points, churned, k) for k in range(len(rows) + 1)]
    again = [churned_among(points[::-1], churned[::-1], k) for k in range(len(rows) + 1)]
    assert counts == pytest.approx(again)
    assert all(0 <= b - a <= 1 + 1e-9 for a, b in itertools.pairwise(counts))
    assert counts[-1] == pytest.approx(churned.sum())


@given(st.lists(st.tuples(st.sampled_from([0.03, 0.1, 0.34, 0.78]), st.booleans()), max_size=120))
def test_a_curve_has_every_case_once(rows: list[tuple[float, bool]]) -> None:
    """Points rise, hold all cases, part no equal probabilities, and are not tiny."""
    chance = np.array([p for p, _ in rows], dtype=float)
    churned = np.array([c for _, c in rows], dtype=bool)
    curve = curve_of(chance, churned, np.arange(len(rows)))
    assert sum(point.cases for point in curve) == len(rows)
    assert sum(point.churned for point in curve) == churned.sum()
    said = [point.predicted for point in curve]
    assert said == sorted(said)
    assert len(curve) <= len(set(chance.tolist()))
    assert all(point.cases >= 20 for point in curve) or len(curve) == 1
    assert brier(chance, churned) == (
        pytest.approx(brier_score_loss(churned, chance, labels=[False, True])) if rows else None
    )


def test_nothing_known_is_told_as_nothing() -> None:
    """Without cases, with one class, and without probabilities there is None, never 0."""
    empty = join_cases(pd.DataFrame(), taken(monthly("A", range(0, 200, 30))), days=60)
    found = horizon_of(empty, 60, nothing_fitted(empty), seed=0)
    assert (found.cases, found.auc.value, found.p_value, found.brier) == (0, None, None, None)
    assert (found.lift, found.precision, found.curve) == ((), (), ())
    assert [g.share.value for g in found.tiers] == [None, None, None]
    kept = renewals([50.0, 60, 70], [False, False, False])
    calm = horizon_of(kept, 60, nothing_fitted(kept), seed=0)
    assert (calm.auc.value, calm.p_value, calm.brier_skill) == (None, None, None)
    assert {point.lift for point in calm.lift} == {None}
    assert {point.recall for point in calm.precision} == {None}
