"""The fitted churn probability: near the planted truth, refused where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scoring.validation.calibration import FEWEST, FOLDS, Fit, fit_calibration
from scoring.validation.cases import Cases, join_cases
from scoring.validation.churn_curve import SHAPES, Shape, curve
from scoring.validation.records import Calibration, Verdict
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, simple_model

MADE = date(2026, 3, 1)
_ODDS = 0.09
"""Log odds of churn for a point less."""


@dataclass(frozen=True)
class Planted:
    """Cases, and the true chance of each whole score."""

    cases: Cases
    truth: NDArray[np.float64]


def planted(seed: int, count: int, *, odds: float = _ODDS, smaller: float = 0.1) -> Planted:
    """Accounts with one recorded score, 60 days before what they decided.

    Args:
        seed: of all draws.
        count: of cases.
        odds: log odds of churn for a point less; 0 for no relation.
        smaller: share of those that stay which contracts.
    """
    rng = np.random.default_rng(seed)
    score = np.clip(rng.normal(65, 15, count), 5, 99).round()
    truth = 1 / (1 + np.exp(odds * (np.arange(101) - 50.0) + (0 if odds else 1.4)))
    lost = rng.random(count) < truth[score.astype(int)]
    less = ~lost & (rng.random(count) < smaller)
    names = np.array([f"A-{i:05d}" for i in range(count)], dtype=object)
    when = pd.Timestamp("2020-03-01")
    history = pd.DataFrame({"account_id": names, "date": when, "score": score})
    outcome = np.where(lost, "churned", np.where(less, "contracted", "renewed")).astype(object)
    days = when + pd.Timedelta(days=60)
    outcomes = pd.DataFrame({"account_id": names, "outcome": outcome, "date": days})
    return Planted(join_cases(outcomes, take_snapshots(history, simple_model()), days=60), truth)


def fit(cases: Cases, verdict: Verdict | None = None) -> Fit:
    """The fit of one day."""
    return fit_calibration(cases, made=MADE, days=60, seed=0, verdict=verdict)


def calibration(of: Planted) -> Calibration:
    """The calibration, which there is."""
    found = fit(of.cases)
    assert found.calibration is not None, found.reason
    assert found.reason == ""
    return found.calibration


def score_of(cases: Cases) -> NDArray[np.intp]:
    """Displayed scores at the landmark."""
    return np.asarray(cases.snapshots.total[cases.landmark], dtype=np.intp)


def test_the_error_shrinks_with_the_cases() -> None:
    """Mean distance from the true chance, by case: 0.03 of 300, half of that of 2,400."""
    error = {}
    for count in (300, 2400):
        found = []
        for seed in range(3):
            of = planted(seed, count)
            at = score_of(of.cases)
            told = np.array(calibration(of).churn)
            found.append(float(np.abs(told - of.truth)[at].mean()))
        error[count] = float(np.mean(found))
    assert error[300] < 0.04
    assert error[2400] < 0.6 * error[300]


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Over 30 companies the 95 % interval at three scores holds the true chance."""
    held = 0
    for seed in range(30):
        of = planted(seed, 300)
        found = calibration(of)
        held += sum(found.low[at] <= of.truth[at] <= found.high[at] for at in (45, 60, 75))
    assert 80 <= held <= 90


def test_noise_is_refused() -> None:
    """Without a relation hardly one of 20 companies gets a probability; each is told why."""
    found = [fit(planted(seed, 300, odds=0.0).cases) for seed in range(20)]
    assert sum(f.calibration is not None for f in found) <= 2
    for f in found:
        assert (f.calibration is None) == bool(f.reason)
        assert not np.isnan(f.held_out).any()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_no_curve_rises_or_is_certain(shape: Shape, seed: int) -> None:
    """Whatever is drawn, also a relation the wrong way round; edges go on as they are."""
    rng = np.random.default_rng(seed)
    score = rng.integers(20, 90, 60).astype(float)
    hit = rng.random(60) < score / 100 if seed % 2 else rng.random(60) < 0.3
    found = curve(score, hit, shape)
    assert found.shape == (101,)
    assert (np.diff(found) <= 1e-12).all()
    assert found.min() > 0
    assert found.max() < 1
    assert (found[: int(score.min())] == found[int(score.min())]).all()
    assert (found[int(score.max()) :] == found[int(score.max())]).all()


def test_all_or_none_churned_gives_no_certainty() -> None:
    """Two dozen of one kind leave room for the other."""
    score = np.linspace(30, 90, 24).round()
    assert curve(score, np.ones(24, dtype=bool)).max() < 1
    assert curve(score, np.zeros(24, dtype=bool)).min() > 0


def test_every_field_says_what_it_was_fitted_to() -> None:
    """Days, counts, shares of scores; held-out error below that of the plain share."""
    of = planted(1, 600)
    found, cases = calibration(of), of.cases
    assert (found.fitted, found.expires) == (MADE, date(2026, 8, 28))
    assert (found.cases, found.accounts) == (600, 600)
    assert found.churned == int(cases.churned.sum())
    assert found.contracted == int((cases.frame["outcome"] == "contracted").sum())
    assert (found.since, found.until) == (date(2020, 4, 30), date(2020, 4, 30))
    assert (found.model, found.digest) == (simple_model().label, simple_model().digest)
    assert found.meaning == "churn at a renewal, by the score 60 days before"
    assert sum(found.scores) == pytest.approx(1.0, abs=1e-4)
    assert found.scores[6] == pytest.approx(np.mean(score_of(cases) // 10 == 6), abs=1e-6)
    assert found.brier < found.brier_base
    assert 0.7 < found.slope < 1.4
    churn, rest = np.array(found.churn), np.array(found.contraction)
    assert (np.array(found.low) <= churn).all()
    assert (churn <= np.array(found.high)).all()
    assert (churn + rest <= 1).all()
    assert (np.diff(rest / (1 - churn)) <= 2e-3).all()


def test_held_out_probabilities_do_not_know_their_account() -> None:
    """Of equal scores an account that churned is told less than one that stayed.

    Its fold's fit misses its own churn; a fit that knew it would tell both the same.
    """
    of = planted(2, 400)
    even = np.full(len(of.cases.snapshots), 60.0)
    cases = replace(of.cases, snapshots=replace(of.cases.snapshots, total=even))
    told, lost = fit(cases).held_out, of.cases.churned
    assert 1 < len(np.unique(told)) <= FOLDS
    assert told[lost].mean() < told[~lost].mean()


def test_the_same_outcomes_give_the_same_fit() -> None:
    """Nothing is left to chance, also where the outcomes come in another order."""
    c = company(5, accounts=250)
    snapshots = take_snapshots(c.history, simple_model())
    turned = c.outcomes.sample(frac=1.0, random_state=3)
    one, two = (fit(join_cases(o, snapshots, days=60)) for o in (c.outcomes, turned))
    assert one.calibration == two.calibration is not None
    assert np.array_equal(one.held_out, two.held_out, equal_nan=True)


def test_too_few_cases_are_counted() -> None:
    """Below 20 churned, or 20 that stayed, there is nothing; it says how many more."""
    of = planted(1, 30)
    lost = int(of.cases.churned.sum())
    assert 0 < lost < FEWEST
    found = fit(of.cases)
    assert found.calibration is None
    assert found.reason.endswith(f"It needs 20, {FEWEST - lost} more.")
    assert np.isnan(found.held_out).all()
    all_lost = of.cases.frame.assign(outcome="churned")
    assert "that stayed" in fit(replace(of.cases, frame=all_lost)).reason
    nobody = replace(of.cases, landmark=np.full(30, -1))
    assert fit(nobody).reason.startswith("0 churned cases")


@pytest.mark.parametrize(
    ("key", "said"), [("no evidence", "No evidence"), ("wrong way", "Churn rises with the score")]
)
def test_without_evidence_there_is_no_probability(key: str, said: str) -> None:
    """The verdict over all horizons comes first; predictions stay to be looked at."""
    verdict = Verdict.model_validate(
        {"key": key, "headline": "", "detail": "", "p_value": 0.4, "needed_churned": 12}
    )
    found = fit(planted(1, 400).cases, verdict)
    assert found.calibration is None
    assert found.reason.startswith(said)
    assert ("12 more churned cases" in found.reason) == (key == "no evidence")
    assert not np.isnan(found.held_out).any()


def test_steps_are_fitted_where_they_are_clearly_better() -> None:
    """A cliff at 60 is no logistic curve: many cases show it, and the fit follows."""
    rng = np.random.default_rng(4)
    of = planted(4, 3000)
    score = score_of(of.cases)
    lost = rng.random(3000) < np.where(score < 60, 0.5, 0.08)
    frame = of.cases.frame.assign(outcome=np.where(lost, "churned", "renewed").astype(object))
    found = fit(replace(of.cases, frame=frame)).calibration
    assert found is not None
    assert "steps" in found.method
    assert found.churn[50] - found.churn[65] > 0.3
    assert "no contraction is listed" in found.method
    assert set(found.contraction) == {0.0}
