"""Metrics to drop: chance is found, what is planted stays, weights go to the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scoring.lint import lint_model
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.validation.drops import MARGIN, NO_POWER, find_drops, without
from tests.scoring.validation.companies import simple_model
from tests.scoring.validation.samples import sample, shuffled

NOISE = ("beta_2", "gamma_3")


def test_chance_is_dropped_and_the_planted_stays() -> None:
    """Two metrics of pure chance are found on 1,000 accounts; none that drives churn goes."""
    drivers = tuple(m.key for m in simple_model().metrics if m.key not in NOISE)
    found = find_drops(sample(41, accounts=1000, only=drivers, noise=NOISE), (), seed=0, repeats=1)
    assert found.keys == NOISE
    assert (found.gain.interval.low or -1) > -MARGIN
    assert all((found.powers[k].high or 1) < NO_POWER for k in NOISE)
    assert all((found.powers[k].low or 0) > 0.5 for k in drivers)


def test_what_is_to_be_kept_is_kept() -> None:
    """A metric that foretells at another time stays whatever these cases say."""
    given = sample(41, accounts=1000, only=tuple(
        m.key for m in simple_model().metrics if m.key not in NOISE), noise=NOISE)  # fmt: skip
    assert find_drops(given, {"beta_2"}, seed=0, repeats=1).keys == ("gamma_3",)


def test_few_cases_leave_it_open() -> None:
    """With 120 accounts chance may still be power: nothing goes, and the metrics are named."""
    found = find_drops(sample(42, accounts=120, noise=NOISE), (), seed=0, repeats=1)
    assert found.keys == ()
    assert set(found.open) & set(NOISE)


def test_not_all_metrics_go() -> None:
    """Where nothing tells anything at least one metric is left, and a score for every case."""
    base = shuffled(sample(43, accounts=1500), 1)
    found = find_drops(base, (), seed=0, repeats=1)
    assert len(found.keys) < len(simple_model().metrics)
    assert found.open == ()


def test_the_only_metric_that_is_known_does_not_go() -> None:
    """Accounts of which nothing else is known would lose their score."""
    given = sample(41, accounts=1000, only=tuple(
        m.key for m in simple_model().metrics if m.key not in NOISE), noise=NOISE)  # fmt: skip
    values = [v.copy() for v in given.values]
    for n in range(9):
        if n != 4:
            values[n][:50] = np.nan
    alone = replace(given, values=tuple(values))
    alone = replace(alone, score=alone.under(alone.model))
    assert find_drops(alone, (), seed=0, repeats=1).keys == ("gamma_3",)


def test_weights_go_to_the_others_of_the_dimension() -> None:
    """34, 33, 33 without the second become 51 and 49, and nothing else changes."""
    model = simple_model()
    new = without(model, {"beta_2"})
    assert [m.weight for m in new.dimensions[1].metrics] == [51, 49]
    assert new.dimensions[0] == model.dimensions[0]
    assert [d.weight for d in new.dimensions] == [40, 35, 25]
    assert without(model, ()) == model


def test_an_empty_dimension_goes() -> None:
    """Its weight goes to the other dimensions, also in segments and onboarding."""
    model = load_preset("four-dimension")
    gone = {m.key for m in model.dimensions[3].metrics}
    new = ScoreModel.model_validate(without(model, gone).model_dump())
    assert [d.key for d in new.dimensions] == [d.key for d in model.dimensions[:3]]
    # 35, 25, 25 of 85: 41.2, 29.4, 29.4; of equal remainders the first goes up.
    assert [d.weight for d in new.dimensions] == [41, 30, 29]
    assert sum(d.segment_weights["smb"] for d in new.dimensions) == 100
    assert sum(d.onboarding_weight or 0 for d in new.dimensions) == 100
    codes = {f.code for f in lint_model(new)} - {f.code for f in lint_model(model)}
    assert codes == set()


def test_a_case_scores_the_same_without_a_metric_it_never_had() -> None:
    """Reweighting did already what dropping does."""
    given = sample(42, accounts=120, noise=NOISE)
    values = list(given.values)
    values[4] = np.full(len(given), np.nan)
    bare = replace(given, values=tuple(values))
    before, after = bare.under(bare.model), bare.under(without(bare.model, {"beta_2"}))
    # 34 and 33 become 51 and 49 in whole per cents.
    assert after == pytest.approx(before, abs=0.2)
