"""Drift: scores that moved since a fit, and churn that came other than told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.prepare import Floats
from scoring.validation.cases import Cases, join_cases
from scoring.validation.drift import drift_since, score_drift
from scoring.validation.records import Backtest, Calibration
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, simple_model
from tests.scoring.validation.documents import evidence

SHARES = (0.0, 0.0, 0.0, 0.05, 0.1, 0.2, 0.3, 0.2, 0.1, 0.05, 0.0)


def fitted(**changes: object) -> Calibration:
    """A calibration of 400 cases whose scores lie around 65."""
    found = evidence(simple_model()).calibration
    assert found is not None
    return found.model_copy(update={"scores": SHARES, "cases": 400, **changes})


def drawn(seed: int, count: int, shift: float = 0.0) -> Floats:
    """Scores of the same population, moved by so many points."""
    rng = np.random.default_rng(seed)
    tens = rng.choice(11, count, p=SHARES)
    return np.clip(tens * 10 + rng.uniform(0, 9.4, count) + shift, 0, 100)


def test_the_index_is_that_of_the_formula() -> None:
    """Two tens that change places: Σ (p − q) ln(p / q), half a case added to each of ten."""
    found = fitted(scores=(0.25, 0.75, *[0.0] * 9), cases=40)
    scores = np.array([5.0] * 30 + [15.0] * 10)
    p, q = 30.5 / 45, 10.5 / 45
    drift = score_drift(found, scores)
    assert drift.psi == pytest.approx(2 * (p - q) * np.log(p / q))
    assert drift.sentence == "Scores have moved since the fit of 2 Nov 2026, PSI 0.95."


@pytest.mark.parametrize("count", [30, 200, 2000])
def test_the_same_population_seldom_looks_moved(count: int) -> None:
    """Few accounts give a large index by chance alone: at most one of twenty is told of."""
    told = sum(bool(score_drift(fitted(), drawn(seed, count)).sentence) for seed in range(200))
    assert told <= 18


def test_scores_that_moved_are_told() -> None:
    """Fifteen points lower is much; nobody with a score is nothing to tell."""
    assert "have moved since" in score_drift(fitted(), drawn(1, 200, -15)).sentence
    assert "moved somewhat" in score_drift(fitted(), drawn(1, 2000, -5)).sentence
    assert score_drift(fitted(), np.full(5, np.nan)).sentence == ""


@pytest.fixture(scope="module")
def cases() -> Cases:
    """A company's outcomes."""
    c = company(3, accounts=200)
    return join_cases(c.outcomes, take_snapshots(c.history, simple_model()), days=60)


def told(cases: Cases, share: float, **changes: object) -> tuple[str, ...]:
    """What is said of an earlier calibration that gave everybody one churn share."""
    found = fitted(fitted=date(2025, 6, 1), churn=(share,) * 101)
    older = evidence(simple_model()).model_copy(update={"calibration": found, **changes})
    assert isinstance(older, Backtest)
    return drift_since(older, cases)


def test_churn_after_the_fit_is_counted_and_compared(cases: Cases) -> None:
    """Number first; within, above and below what was to be expected."""
    late = cases.frame["date"].to_numpy("datetime64[D]") > np.datetime64("2025-06-01")
    late &= cases.landmark >= 0
    n, lost = int(late.sum()), int((cases.churned & late).sum())
    (text,) = told(cases, lost / n)
    start = f"{lost} of {n} churned since the fit of 1 Jun 2025; {lost:.1f} ("
    assert text.startswith(start)
    assert text.endswith("were expected: as the calibration told.")
    assert told(cases, 0.02)[0].endswith("more than the calibration told.")
    assert told(cases, 0.8)[0].endswith("fewer than the calibration told.")


def test_what_cannot_be_compared_is_said(cases: Cases) -> None:
    """Another model, another design, nothing since, no calibration at all."""
    assert told(cases, 0.2, digest="other")[0].endswith("not compared.")
    assert told(cases, 0.2, design="windows")[0].endswith("not compared.")
    assert told(cases, 0.2, calibration=None) == ()
    early = replace(cases, frame=cases.frame.assign(date=np.datetime64("2025-05-01")))
    assert told(early, 0.2)[0].startswith("0 outcomes")
