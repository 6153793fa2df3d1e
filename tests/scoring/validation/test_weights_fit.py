"""Weights fitted to planted companies: found again where they are, left alone where not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

from scoring.model import ScoreModel
from scoring.prepare import Floats
from scoring.presets import load_preset
from scoring.validation.new_weights import find_weights
from scoring.validation.reweigh import current, sample_of, with_weights
from scoring.validation.weights_fit import HOLDS, Choice, Design, choose, fit, logistic, path
from tests.scoring.validation.companies import simple_model
from tests.scoring.validation.samples import GAMMA, auc_of, sample, shuffled
from tests.scoring.validation.test_reweigh import SEEN, cases_of, rows


@pytest.mark.parametrize("missing", ["reweight", "zero", "neutral"])
@pytest.mark.parametrize("metrics", [False, True])
def test_the_gradient_is_that_of_the_loss(metrics: bool, missing: str) -> None:
    """Finite differences agree, with gaps, typed dimensions, segments and young accounts."""
    model = load_preset("four-dimension").model_copy(update={"missing": missing})
    design = Design(sample_of(cases_of(model, rows(model)), 60))
    rng = np.random.default_rng(2)
    theta = np.concatenate([[-1.0, 0.7], rng.uniform(0.5, 2.0, 4 + 16 * metrics)])
    _, gradient = design.objective(theta, 20.0)

    def loss(at: Floats) -> float:
        return design.objective(at, 20.0)[0]

    slopes = approx_fprime(theta, loss, 1e-6)
    assert gradient == pytest.approx(slopes, rel=1e-3, abs=1e-3)


def test_todays_factors_are_todays_scores() -> None:
    """With all factors 1 the fitted score is the engine's, also where points are missing."""
    model = load_preset("four-dimension")
    given = sample_of(cases_of(model, rows(model)), 60)
    design = Design(given)
    score, _ = design._score(np.ones(4), np.ones(16))
    assert score == pytest.approx(given.score)
    assert design._score(np.ones(4), np.empty(0))[0] == pytest.approx(given.score)


def test_missing_points_are_never_zero() -> None:
    """A metric that is missing where churn is high draws no weight by it under reweighting."""
    base = sample(1, accounts=300)
    points = base.points.copy()
    points[0, base.churned] = np.nan
    gone = replace(base, points=points)
    was, now = (Design(s) for s in (base, gone))
    told = fit(now, 10.0, metrics=True)
    shares = now.weights(told).metrics[:3]
    # Taken as zero it would separate churn perfectly and take all of the weight.
    assert shares[0] < 0.6
    zero = replace(base, points=np.nan_to_num(points))
    assert Design(zero).weights(fit(Design(zero), 10.0, metrics=True)).metrics[0] > shares[0]
    assert was.weights(fit(was, None, metrics=False)).metrics == pytest.approx(
        current(base.model).metrics
    )


def test_a_stronger_hold_stays_nearer() -> None:
    """Distance from the current weights grows as the hold loosens, and the loss falls."""
    design = Design(sample(2, accounts=400, only=GAMMA))
    fits = path(design, metrics=True, start=fit(design, None, metrics=False))
    far = [np.abs(design.weights(f).dimensions - design.outer).sum() for f in fits]
    assert len(fits) == len(HOLDS)
    assert far == sorted(far)
    losses = [f.loss for f in fits]
    assert losses == sorted(losses, reverse=True)


def test_weights_are_weights() -> None:
    """Fitted shares are not negative and sum to 1 in the score and in each dimension."""
    design = Design(sample(3, accounts=200, only=("alpha_1",)))
    found = design.weights(fit(design, HOLDS[-1], metrics=True))
    assert found.dimensions.sum() == pytest.approx(1)
    assert found.metrics.reshape(3, 3).sum(axis=1) == pytest.approx([1, 1, 1])
    assert min(found.dimensions.min(), found.metrics.min()) >= 0
    whole = found.rounded(simple_model(), metrics=True)
    new = with_weights(simple_model(), whole)
    assert ScoreModel.model_validate(new.model_dump()) == new


def test_more_accounts_find_the_planted_weights_better() -> None:
    """Where gamma drives all, its share rises towards 1 as companies grow; the model has 25 %."""
    found = []
    for size in (150, 1000):
        shares = []
        for seed in range(3):
            given = sample(20 + seed, accounts=size, only=GAMMA)
            design, choice = Design(given), choose(given, seed=0)
            told = fit(design, choice.hold, metrics=choice.metrics)
            shares.append(design.weights(told).dimensions[2])
        found.append(float(np.mean(shares)))
    assert 0.25 < found[0] < found[1]
    assert found[1] > 0.7


def test_one_metric_moves_weights_of_metrics() -> None:
    """Where one metric drives all, the fit moves weights inside its dimension too."""
    given = sample(5, accounts=1200, only=("beta_2",))
    choice = choose(given, seed=0)
    assert choice.metrics
    design = Design(given)
    found = design.weights(fit(design, choice.hold, metrics=True))
    assert found.metrics[4] > 0.6
    assert found.dimensions[1] > 0.5


def test_the_simpler_way_where_the_other_gains_little() -> None:
    """Where whole dimensions drive churn, weights of metrics stay in most companies."""
    kept = [not choose(sample(60 + n, accounts=300, only=GAMMA), seed=0).metrics for n in range(4)]
    assert sum(kept) >= 3


def test_a_score_that_tells_nothing_keeps_its_weights() -> None:
    """With outcomes dealt out anew, or the wrong way round, weights hardly ever move."""
    base = sample(7, accounts=250)
    kept = [choose(shuffled(base, seed), seed=0).hold is None for seed in range(6)]
    assert sum(kept) >= 4
    turned = replace(base, churned=base.score > np.quantile(base.score, 0.75))
    assert choose(turned, seed=0) == Choice(None, choose(turned, seed=0).metrics)


def test_gains_are_those_of_the_held_out() -> None:
    """Where gamma drives all, the measured gain is near what a large company shows."""
    given = sample(8, accounts=700, only=GAMMA)
    found = find_weights(given, seed=0, repeats=1)
    assert found.weights is not None
    big = sample(9, accounts=6000, only=GAMMA)
    new = big.under(with_weights(big.model, found.weights))
    true = auc_of(big, new) - auc_of(big, big.score)
    assert true > 0.015
    interval = found.auc.interval
    assert interval.low is not None
    assert interval.high is not None
    assert interval.low < true < interval.high
    assert found.loss.value > 0
    assert 0.003 < found.least_error < 0.03


def test_a_logistic_curve() -> None:
    """Its loss is that of the fitted log odds, and beats the plain share where scores tell."""
    given = sample(1, accounts=300)
    loss = logistic(given.score, given.churned)(given.score, given.churned)
    share = given.churned.mean()
    plain = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert loss.mean() < plain - 0.02
    design = Design(given)
    assert loss.mean() == pytest.approx(fit(design, None, metrics=False).loss, abs=1e-4)
    apart = logistic(np.array([1.0, 2.0, 8.0, 9.0]), np.array([True, True, False, False]))
    assert np.isfinite(apart(np.array([0.0, 10.0]), np.array([True, False]))).all()


def test_what_is_known_too_late_gets_no_more_weight() -> None:
    """What may only be known because an account leaves is not raised, nor is its dimension."""
    given = replace(sample(5, accounts=1200, only=("beta_2",)), capped=frozenset({"beta_2"}))
    design, was = Design(given), current(given.model)
    found = design.weights(fit(design, 1.0, metrics=True))
    assert found.dimensions[1] == pytest.approx(was.dimensions[1])
    assert found.metrics[4] == pytest.approx(was.metrics[4])
    assert found.dimensions.sum() == pytest.approx(1)
    assert found.metrics.reshape(3, 3).sum(axis=1) == pytest.approx([1, 1, 1])
    every = Design(replace(given, capped=frozenset(m.key for m in given.model.metrics)))
    kept = every.weights(fit(every, 1.0, metrics=True))
    assert kept.dimensions == pytest.approx(was.dimensions)


def test_what_no_case_has_keeps_its_weight() -> None:
    """Weight on a dimension nobody measured would raise the others' beside what is held down."""
    given = sample(5, accounts=1200, only=("beta_2",))
    model, values, points = given.model, [v.copy() for v in given.values], given.points.copy()
    for n in (6, 7, 8):
        values[n][:], points[n] = np.nan, np.nan
    dimensions = given.dimensions.copy()
    dimensions[2] = np.nan
    blank = replace(given, values=tuple(values), points=points, dimensions=dimensions)
    blank = replace(blank, score=blank.under(model))
    was = current(model)
    for capped in (frozenset[str](), frozenset({"beta_2"})):
        design = Design(replace(blank, capped=capped))
        found = design.weights(fit(design, 1.0, metrics=True))
        assert found.dimensions[2] == pytest.approx(was.dimensions[2])
        assert found.metrics[6:] == pytest.approx(was.metrics[6:])
        assert found.dimensions.sum() == pytest.approx(1)
        up = found.dimensions[1] > was.dimensions[1] + 0.05
        assert up == (not capped)


def test_ratings_that_people_typed_are_weighed() -> None:
    """A history of ratings alone has no metrics to move; its dimensions move."""
    model, rng = load_preset("scorecard"), np.random.default_rng(8)
    keys = [d.key for d in model.dimensions]
    n = 400
    frame = pd.DataFrame(rng.integers(1, 6, (n, 5)).astype(float), columns=keys)
    frame.insert(0, "account_id", [f"S-{i:03}" for i in range(n)])
    frame.insert(1, "date", SEEN)
    given = sample_of(cases_of(model, frame), 60)
    chance = 1 / (1 + np.exp(1.5 * (given.dimensions[4] / 20 - 2)))
    given = replace(given, churned=rng.random(n) < chance)
    found = find_weights(given, seed=0, repeats=1)
    assert not found.choice.metrics
    assert found.weights is not None
    assert found.weights.dimensions[4] > 0.4
    assert (found.auc.interval.low or 0) > 0
    assert np.isfinite(found.least_error)


def test_one_dimension_moves_its_metrics() -> None:
    """With nothing to weigh dimensions against, metrics' weights are what is fitted."""
    whole = simple_model()
    only = whole.model_copy(update={"dimensions": whole.dimensions[1:2]})
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        rng.uniform(0, 100, (400, 3)).round(1), columns=[m.key for m in only.metrics]
    )
    frame.insert(0, "account_id", [f"S-{i:03}" for i in range(400)])
    frame.insert(1, "date", SEEN)
    given = sample_of(cases_of(only, frame), 60)
    given = replace(given, churned=rng.random(400) < 1 / (1 + np.exp((given.points[2] - 30) / 10)))
    found = find_weights(given, seed=0, repeats=1)
    assert found.weights is not None
    assert found.weights.dimensions.tolist() == [1.0]
    assert found.weights.metrics[2] > 0.6
