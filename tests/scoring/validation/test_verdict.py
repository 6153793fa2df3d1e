"""The verdict: evidence, none, the wrong way round, and how much more it would need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.validation.auc import auc
from scoring.validation.cases import Cases, join_cases
from scoring.validation.permutation import permutation_p
from scoring.validation.score_groups import scores_at
from scoring.validation.snapshots import take_snapshots
from scoring.validation.verdict import needed_churned, verdict_of
from tests.scoring.validation.companies import Company, company, leavers, simple_model
from tests.scoring.validation.pasts import monthly, taken


def cases_of(of: Company) -> Cases:
    """Joined under the simple model."""
    return join_cases(of.outcomes, take_snapshots(of.history, simple_model()), days=60)


@pytest.mark.parametrize("of", [company(1), leavers(1)], ids=["renewals", "windows"])
def test_a_planted_relation_is_found(of: Company) -> None:
    """Where churn follows the score there is evidence, said number first."""
    cases = cases_of(of)
    found = verdict_of(cases, seed=0, draws=100, shuffles=199)
    assert found.key == "evidence"
    assert found.p_value == 1 / 200
    assert found.needed_churned == 0
    value = auc(scores_at(cases, cases.at[60]), cases.churned)
    assert value is not None
    assert found.headline.startswith(f"AUC {value:.2f} (")
    assert f"{int((cases.churned & (cases.at[60] >= 0)).sum())} of " in found.headline
    assert "60 days before" in found.headline


def test_a_reversed_relation_is_told_as_such() -> None:
    """Where accounts with high scores churn the score points the wrong way."""
    found = verdict_of(cases_of(company(2, strength=-1.0)), seed=0, draws=50, shuffles=199)
    assert found.key == "wrong way"
    assert "the wrong way round" in found.headline
    assert "check the metrics' directions" in found.detail


def test_no_relation_is_no_evidence() -> None:
    """The headline says so, and the detail what the data could have shown."""
    found = verdict_of(cases_of(company(5, strength=0.0)), seed=0, draws=50, shuffles=199)
    assert found.key == "no evidence"
    assert "No evidence" in found.headline
    assert found.p_value is not None
    assert found.p_value >= 0.05
    assert found.needed_churned == 0
    assert "An AUC of 0.65 would have shown" in found.detail


def test_scores_and_churn_that_follow_the_calendar_are_no_evidence() -> None:
    """Everyone's score falls and churn grows by the month: within 90 days nothing is told apart."""
    rng, months = np.random.default_rng(1), 20
    days = pd.date_range("2024-01-01", periods=months, freq="MS")
    score = 90 - 3.0 * np.arange(months) + rng.normal(0, 4, (240, months))
    leaves = rng.random(score.shape) < np.linspace(-0.005, 0.05, months)
    last = np.where(leaves.any(axis=1), leaves.argmax(axis=1), months)
    who, month = np.nonzero(np.arange(months) <= last[:, None])
    ids = np.array([f"T-{n}" for n in range(len(score))], dtype=object)
    history = pd.DataFrame({
        "account_id": ids[who], "date": days.to_numpy()[month], "score": score[who, month],
    })  # fmt: skip
    lost = np.flatnonzero(last < months)
    when = days[last[lost]] + pd.to_timedelta(rng.integers(1, 28, len(lost)), unit="D")
    outcomes = pd.DataFrame({"account_id": ids[lost], "outcome": "churned", "date": when})
    cases = join_cases(outcomes, take_snapshots(history, simple_model()), days=60)
    plain = auc(scores_at(cases, cases.at[60]), cases.churned)
    assert plain is not None
    assert plain > 0.6
    found = verdict_of(cases, seed=0, draws=50, shuffles=199)
    assert found.key == "no evidence"
    assert "60 days before alone p is " in found.detail
    assert ", compared within the same 90 days." in found.detail
    assert "by chance more often" not in found.detail


def test_too_few_cases_say_how_many_are_missing() -> None:
    """4 churned accounts are not looked at, however clear they seem."""
    of = company(3, accounts=60)
    lost = of.outcomes.index[of.outcomes["outcome"] == "churned"][4:]
    found = verdict_of(cases_of(Company(of.history, of.outcomes.drop(lost), of.chance, {})), seed=0)
    assert (found.key, found.p_value) == ("no evidence", None)
    assert found.headline.startswith("4 churned and ")
    assert "No evidence" in found.headline
    assert "6 more that churned" in found.detail
    assert found.needed_churned >= 6


def test_nothing_at_all_is_no_evidence() -> None:
    """Without outcomes, and where nobody stayed, the verdict is there and says so."""
    snapshots = taken(monthly("A", range(0, 300, 30)))
    empty = verdict_of(join_cases(pd.DataFrame(), snapshots, days=60), seed=0)
    assert empty.key == "no evidence"
    assert empty.headline.startswith("0 outcomes")
    of = company(3, accounts=80)
    lost = of.outcomes.assign(outcome="churned")
    lost.loc[0, "outcome"] = "renewed"
    found = verdict_of(cases_of(Company(of.history, lost, of.chance, {})), seed=0)
    assert (found.key, found.p_value) == ("no evidence", None)
    assert "9 more that stayed" in found.detail


def test_one_score_for_all_tells_nobody_apart() -> None:
    """Where every account has 70 there is no evidence and no number that pretends any."""
    of = company(4, accounts=100)
    flat = of.history[["account_id", "date"]].assign(score=70.0)
    found = verdict_of(cases_of(Company(flat, of.outcomes, of.chance, {})), seed=0)
    assert (found.key, found.p_value) == ("no evidence", None)
    assert "the same score" in found.detail


def test_a_horizon_without_enough_cases_is_passed_over() -> None:
    """A history that begins 45 days before the outcomes is judged at 30 days alone."""
    rng = np.random.default_rng(1)
    names = [f"A{i:03d}" for i in range(120)]
    score = rng.normal(65, 12, 120).round(1)
    days = pd.date_range("2025-01-01", periods=2, freq="14D")
    history = pd.DataFrame({
        "account_id": np.repeat(names, 2), "date": np.tile(days.to_numpy(), 120),
        "score": np.repeat(score, 2),
    })  # fmt: skip
    outcomes = pd.DataFrame({
        "account_id": names, "date": pd.Timestamp("2025-02-14"),
        "outcome": np.where(score + rng.normal(0, 9, 120) < 55, "churned", "renewed"),
    })  # fmt: skip
    cases = join_cases(outcomes, take_snapshots(history, simple_model()), days=60)
    found = verdict_of(cases, seed=0, draws=50, shuffles=199)
    assert found.key == "evidence"
    assert "30 days before" in found.headline
    alone = permutation_p(
        scores_at(cases, cases.at[30]), cases.churned, cases.accounts, seed=0, draws=199
    )
    assert found.p_value == alone


def test_the_same_seed_gives_the_same_verdict() -> None:
    """Two runs with one seed say the same, word for word."""
    cases = cases_of(company(6, accounts=90, strength=0.4))
    first = verdict_of(cases, seed=7, draws=50, shuffles=199)
    assert first == verdict_of(cases, seed=7, draws=50, shuffles=199)


def test_the_needed_number_gives_the_power_it_promises() -> None:
    """With as many churned cases, 4 of 5 companies with AUC 0.65 show evidence (200 simulated)."""
    needed = needed_churned(4.0)
    assert 35 <= needed <= 60
    churned = np.arange(5 * needed) < needed
    shift = 0.5449  # two normal scores so far apart have AUC 0.65
    seen = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        points = rng.normal(size=len(churned)) - shift * churned
        p = permutation_p(points, churned, np.arange(len(churned)), seed=seed, draws=199)
        assert p is not None
        seen += p < 0.05
    assert 0.72 <= seen / 200 <= 0.88


def test_more_is_needed_where_cases_hang_together() -> None:
    """Few that stay, alike cases and a stricter limit all ask for more churned cases."""
    plain = needed_churned(4.0)
    assert needed_churned(0.5) > plain
    assert needed_churned(4.0, effect=2.0) == pytest.approx(2 * plain, rel=0.06)
    assert needed_churned(4.0, critical=2.3) > plain
