"""What intervals and verdicts promise, checked on 200 simulated companies of each kind.

All companies of a kind are drawn at once, as one very large one, and parted by account: accounts
are independent of each other, and the large one tells the truth that each small one estimates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from scoring.validation.auc import auc, auc_interval
from scoring.validation.cases import Cases, join_cases
from scoring.validation.score_groups import scores_at, tier_groups
from scoring.validation.snapshots import take_snapshots
from scoring.validation.verdict import verdict_of
from tests.scoring.validation.companies import Company, company, leavers, simple_model

COMPANIES = 200
DRAWS, SHUFFLES = 100, 199


def flat(of: Company) -> Company:
    """The same with the mean of its metrics as a recorded score: quicker to read."""
    if "score" in of.history:
        return of
    mean = of.history[[m.key for m in simple_model().metrics]].mean(axis=1)
    history = of.history[["account_id", "date"]].assign(score=mean)
    return Company(history, of.outcomes, of.chance, {})


@lru_cache
def every(kind: str) -> Cases:
    """All companies of a kind together, joined."""
    made = {
        "renewals": lambda: company(900, accounts=100 * COMPANIES, months=8, strength=0.9),
        "windows": lambda: leavers(901, accounts=70 * COMPANIES, months=12, strength=0.9),
        "none, renewals": lambda: company(902, accounts=100 * COMPANIES, months=8, strength=0.0),
        "none, windows": lambda: leavers(
            903, accounts=70 * COMPANIES, months=12, churn=0.08, strength=0.0, frailty=1.5
        ),
    }[kind]()
    of = flat(made)
    return join_cases(of.outcomes, take_snapshots(of.history, simple_model()), days=60)


def each(kind: str) -> Iterator[Cases]:
    """The companies one by one: every 200th account belongs to the same."""
    whole = every(kind)
    number = whole.accounts % COMPANIES
    for company_number in range(COMPANIES):
        mine = np.flatnonzero(number == company_number)
        yield replace(
            whole,
            frame=whole.frame.iloc[mine].reset_index(drop=True),
            at={days: places[mine] for days, places in whole.at.items()},
            landmark=whole.landmark[mine],
        )


@pytest.mark.parametrize("kind", ["renewals", "windows"])
def test_the_interval_of_the_auc_holds_the_truth(kind: str) -> None:
    """19 of 20 intervals hold the AUC of the very large company, and miss on either side."""
    whole = every(kind)
    truth = auc(scores_at(whole, whole.at[60]), whole.churned)
    assert truth is not None
    assert 0.68 < truth < 0.8
    below = above = 0
    for seed, cases in enumerate(each(kind)):
        points = scores_at(cases, cases.at[60])
        of = auc_interval(points, cases.churned, cases.accounts, seed=seed, draws=DRAWS)
        assert of.low is not None
        assert of.high is not None
        below += of.high < truth
        above += of.low > truth
    assert 2 <= below + above <= 18
    assert max(below, above) <= 12


@pytest.mark.parametrize("kind", ["renewals", "windows"])
def test_the_interval_of_a_tiers_churn_holds_the_truth(kind: str) -> None:
    """So it is with the churn share of each tier, over all companies."""
    whole = every(kind)
    truth = [group.share.value for group in tier_groups(whole, whole.at[60])]
    held, of = Counter[str](), Counter[str]()
    for cases in each(kind):
        for group, true in zip(tier_groups(cases, cases.at[60]), truth, strict=True):
            share = group.share
            if true is not None and share.low is not None and share.high is not None:
                of[group.key] += 1
                held[group.key] += share.low <= true <= share.high
    assert min(of.values()) > 150
    for key in of:
        assert 0.905 <= held[key] / of[key] <= 0.995, key


@pytest.mark.parametrize("kind", ["none, renewals", "none, windows"])
def test_no_relation_is_called_one_in_5_of_100(kind: str) -> None:
    """Scores that know nothing: about 190 of 200 say no evidence, also where scores hold on."""
    said = Counter(
        verdict_of(cases, seed=seed, draws=0, shuffles=SHUFFLES).key
        for seed, cases in enumerate(each(kind))
    )
    assert 180 <= said["no evidence"] <= 198
    assert said["wrong way"] <= 12
    assert said["evidence"] <= 12


@pytest.mark.parametrize("kind", ["renewals", "windows"])
def test_shuffled_outcomes_are_no_evidence(kind: str) -> None:
    """The same companies with their outcomes dealt out anew: about 190 of 200 say so."""
    said = Counter[str]()
    for seed, cases in enumerate(each(kind)):
        order = np.random.default_rng(seed).permutation(len(cases))
        shuffled = cases.frame["outcome"].to_numpy(object)[order]
        mixed = replace(cases, frame=cases.frame.assign(outcome=shuffled))
        said[verdict_of(mixed, seed=seed, draws=0, shuffles=SHUFFLES).key] += 1
    assert 180 <= said["no evidence"] <= 198


@pytest.mark.parametrize("kind", ["renewals", "windows"])
def test_a_planted_relation_is_mostly_found(kind: str) -> None:
    """With 15 to 25 lost accounts an AUC near 0.73 shows in most companies, never reversed."""
    said = Counter(
        verdict_of(cases, seed=seed, draws=0, shuffles=SHUFFLES).key
        for seed, cases in enumerate(each(kind))
    )
    assert said["evidence"] >= 130
    assert said["wrong way"] == 0
