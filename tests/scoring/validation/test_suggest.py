"""Recommendations: all three with a verdict, refused where nobody can tell, worded honestly."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from scoring.presets import load_preset
from scoring.validation import suggest
from scoring.validation.cases import Cases, join_cases
from scoring.validation.held_out import LEAST_CHURNED, Gain
from scoring.validation.new_weights import NewWeights, find_weights
from scoring.validation.records import Interval, Power, Recommendation, Verdict
from scoring.validation.reweigh import Weights, current, with_weights
from scoring.validation.snapshots import take_snapshots
from scoring.validation.suggest import recommendations_of
from scoring.validation.suggest_drops import suggest_drops
from scoring.validation.suggest_words import (
    moved_most,
    points,
    signed,
    stays,
    weight_changes,
    weights_reason,
)
from scoring.validation.weights_fit import Choice
from tests.scoring.validation.companies import Company, company, simple_model
from tests.scoring.validation.samples import GAMMA, sample

NOISE = ("beta_2", "gamma_3")
DRIVERS = tuple(m.key for m in simple_model().metrics if m.key not in NOISE)


def cases(made: Company, noise: tuple[str, ...] = ()) -> Cases:
    """A company's outcomes beside its snapshots; some metrics hold chance alone."""
    history, rng = made.history.copy(), np.random.default_rng(0)
    for key in noise:
        history[key] = rng.uniform(0, 100, len(history)).round(1)
    return join_cases(made.outcomes, take_snapshots(history, simple_model()), days=60)


def power(key: str, verdict: Literal["too few values", "no evidence"]) -> Power:
    """What one metric foretold, as far as drops look at it."""
    return Power(
        kind="metric", key=key, name=key, dimension="beta", weight=0.1, observed=1.0, cases=10,
        churned=5, auc=Interval(), p_value=None, q_value=None, churned_mean=None,
        stayed_mean=None, correlation=None, verdict=verdict, timing="", leads_days=None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def planted() -> tuple[Recommendation, ...]:
    """Of 600 accounts where alpha 1 and beta 1 drive churn and four metrics hold chance."""
    made = company(3, accounts=600, months=7, weights={"alpha_1": 1, "beta_1": 1}, strength=1.6)
    return recommendations_of(cases(made, ("gamma_1", *NOISE)), (), days=60, seed=0)


def test_all_three_in_order(planted: tuple[Recommendation, ...]) -> None:
    """Weights, tiers, metrics, each with headline, reason and measure."""
    assert [r.kind for r in planted] == ["weights", "tiers", "metrics"]
    assert [r.measure for r in planted] == ["AUC", "churn explained", "AUC"]
    assert all("600 cases, " in r.reason and "60 days before" in r.reason for r in planted)


def test_weights_are_recommended_where_they_gain(planted: tuple[Recommendation, ...]) -> None:
    """The gain lies above 0 and the weights are whole per cents that sum to 100."""
    found = planted[0]
    assert found.verdict == "recommended"
    assert found.headline.startswith("+0.")
    assert (found.gain.low or 0) > 0
    assert found.needed_churned is None
    for of in ("", "Alpha", "Beta", "Gamma"):
        mine = [c.proposed for c in found.changes if c.of == of]
        assert len(mine) == 3
        assert sum(mine) == pytest.approx(1)
        assert all(100 * x == pytest.approx(round(100 * x)) for x in mine)
    named = {c.key: c for c in found.changes}
    assert (named["alpha"].current, named["alpha_1"].current) == (0.4, 0.34)
    assert named["alpha_1"].proposed > 0.5


def test_dropped_metrics_come_first(planted: tuple[Recommendation, ...]) -> None:
    """Those that hold chance go to 0, with the share that had to be collected."""
    found = planted[2]
    assert found.verdict == "recommended"
    gone = [c.key for c in found.changes if c.proposed == 0]
    assert set(gone) <= {"gamma_1", *NOISE}
    assert [c.key for c in found.changes][: len(gone)] == gone
    assert "can go" in found.headline
    assert "on held-out accounts" in found.headline
    assert "observed in 100% of cases" in found.reason


def test_few_churned_are_refused_at_once() -> None:
    """Below 30 nothing is tried; each says how many more it would need."""
    made = company(3, accounts=100, months=7)
    found = recommendations_of(cases(made), (), days=60, seed=0)
    lost = int((made.outcomes["outcome"] == "churned").sum())
    assert lost < LEAST_CHURNED
    for told in found:
        assert told.verdict == "not enough evidence"
        assert told.headline.startswith("Not enough evidence")
        assert told.gain == Interval()
        assert told.changes == ()
        assert told.needed_churned is not None
        assert told.needed_churned >= LEAST_CHURNED - lost
        assert f"{lost} accounts churned" in told.reason


def test_nothing_at_all_is_refused() -> None:
    """Without any case there is a verdict too."""
    made = company(3, accounts=20, months=7)
    empty = replace(made, outcomes=made.outcomes.iloc[:0])
    found = recommendations_of(cases(empty), (), days=60, seed=0)
    assert {r.verdict for r in found} == {"not enough evidence"}


def test_no_signal_recommends_no_weights() -> None:
    """With churn that nothing foretells nothing is recommended but fewer metrics at most."""
    found = recommendations_of(
        cases(company(4, accounts=200, months=7, strength=0.0)), (), days=60, seed=0
    )
    assert "recommended" not in {r.verdict for r in found[:2]}
    assert all(r.changes == () for r in found[:2])


def test_the_wrong_way_round_recommends_no_weights() -> None:
    """Where healthy accounts leave, no weights that are not negative help."""
    made = company(4, accounts=200, months=7, strength=-1.2)
    found = recommendations_of(cases(made), (), days=60, seed=0)
    assert found[0].verdict != "recommended"
    assert found[1].verdict != "recommended"


@pytest.mark.parametrize("error", [0.0, 0.01])
def test_a_change_that_was_never_made_has_no_interval(error: float) -> None:
    """Fits that kept the weights gain 0, which says nothing of how sure that is."""
    told = stays("weights", Gain(0.0, error), 7, headline="", reason="").gain
    assert told.value == 0
    assert (told.low is None, told.high is None) == (not error, not error)


def test_scores_alone_are_enough_for_tiers() -> None:
    """A history of scores: the same tiers as from the inputs; weights lack inputs, not churn."""
    made = company(3, accounts=250, months=7)
    known = cases(made)
    past = known.snapshots
    alone = pd.DataFrame({"account_id": past.account_id, "date": past.day, "score": past.total})
    joined = join_cases(made.outcomes, take_snapshots(alone, simple_model()), days=60)
    weights, tiers, metrics = recommendations_of(joined, (), days=60, seed=0)
    assert tiers == recommendations_of(known, (), days=60, seed=0)[1]
    assert tiers.gain.value is not None
    for found in (weights, metrics):
        assert found.verdict == "not enough evidence"
        assert found.headline.endswith("0 of 250 cases have inputs")
        assert found.needed_churned is None


def test_tiers_stay_where_churn_rises_with_the_score() -> None:
    """Upside down, tiers explain much of churn, and no cut makes that right."""
    made = company(4, accounts=200, months=7, strength=-1.2)
    verdict = Verdict(key="wrong way", headline="", detail="", p_value=0.001, needed_churned=0)
    tiers = recommendations_of(cases(made), (), days=60, seed=0, verdict=verdict)[1]
    assert (tiers.verdict, tiers.gain, tiers.needed_churned) == ("no gain", Interval(), None)
    assert tiers.headline == "0 tier cuts help: churn rises with the score"


def test_power_at_any_time_keeps_a_metric() -> None:
    """What foretells, or is rarely there, is never dropped."""
    given = sample(41, accounts=1000, only=DRIVERS, noise=NOISE)
    found = suggest_drops(given, (), days=60, seed=0)
    assert [c.key for c in found.changes if c.proposed == 0] == list(NOISE)
    powers = [
        power("beta_2", "too few values"),
        power("gamma_3", "no evidence").model_copy(update={"timing": "lagging"}),
    ]
    kept = suggest_drops(given, powers, days=60, seed=0)
    assert (kept.verdict, kept.changes) == ("no gain", ())


def test_metrics_that_may_tell_something_are_left() -> None:
    """With 120 accounts nobody knows: it says how many more would tell."""
    found = suggest_drops(sample(42, accounts=120, noise=NOISE), (), days=60, seed=0)
    assert found.verdict == "not enough evidence"
    assert found.needed_churned
    assert "may tell something or nothing" in found.reason


def test_the_same_seed_says_the_same() -> None:
    """Folds are drawn by the seed alone."""
    given = sample(5, accounts=110, strength=2.0)
    first, again, other = (find_weights(given, seed=n, repeats=1) for n in (1, 1, 2))
    assert (first.auc, first.loss) == (again.auc, again.loss)
    assert first.loss != other.loss


def test_segments_and_ranges_are_told() -> None:
    """Own weights of segments, onboarding, and a weight outside its source's range are named."""
    model = load_preset("four-dimension")
    weights = Weights(np.array([0.42, 0.25, 0.18, 0.15]), current(model).metrics)
    new = with_weights(model, weights)
    found = NewWeights(Choice(10.0, False), weights, Gain(0.03, 0.01), Gain(0.01, 0.01), 0.01)
    told = weights_reason("412 cases.", found, model, new)
    assert "Own weights of Enterprise, SMB move by the same factors." in told
    assert "Onboarding weights stay." in told
    assert "leaves the 30 to 35 that its source calls typical" in told
    assert "log loss −0.010" in told
    changes = {c.key: c for c in weight_changes(model, new, metrics=False)}
    usage = model.dimensions[0].key
    assert changes[f"{usage}.smb"].name.endswith(", SMB")
    assert (changes[f"{usage}.smb"].current, changes[f"{usage}.smb"].proposed) == (0.4, 0.47)
    assert not any(c.of for c in changes.values())


def test_words_of_gains() -> None:
    """Number first, true minus, no sign before nothing."""
    assert (signed(0.0312), signed(-0.004), signed(0.0001)) == ("+0.031", "−0.004", "0.000")
    assert (points(0.024), points(-0.012), points(0.0)) == ("+2.4", "−1.2", "0.0")
    model = simple_model()
    new = with_weights(model, Weights(np.array([0.2, 0.35, 0.45]), current(model).metrics))
    assert moved_most(weight_changes(model, new, metrics=False)) == (
        "Gamma up 20 points, Alpha down 20 points"
    )


def test_young_accounts_are_named() -> None:
    """Cases with onboarding weights are counted, since those are not fitted."""
    made = company(6, accounts=120, months=7, churn=0.35, weights=dict.fromkeys(GAMMA, 1.0))
    model = simple_model()
    parts = tuple(d.model_copy(update={"onboarding_weight": w})
                  for d, w in zip(model.dimensions, (20.0, 20.0, 60.0), strict=True))  # fmt: skip
    young = made.history["account_id"].str[-1].isin(list("02468"))
    started = young.map({True: pd.Timestamp(2025, 2, 15), False: pd.Timestamp(2024, 1, 1)})
    history = made.history.assign(start_date=started)
    past = take_snapshots(history, model.model_copy(update={"dimensions": parts}))
    told = recommendations_of(join_cases(made.outcomes, past, days=60), (), days=60, seed=0)[0]
    assert told.verdict != "recommended"
    assert "60 of them had onboarding weights, which are not fitted." in told.reason


@pytest.mark.parametrize(
    ("value", "error", "shows"), [(0.03, 0.01, True), (0.03, 0.02, False), (0.004, 0.001, False)]
)
def test_a_gain_is_sure_and_worth_it(value: float, error: float, shows: bool) -> None:
    """Its interval lies above 0, and it is no mere thousandth."""
    assert suggest._shows(Gain(value, error)) is shows


def test_a_gain_that_may_be_there_yet_is_not_denied() -> None:
    """+0.02 within −0.001 to +0.041 asks for more cases; 0.00 within ±0.01 is none."""
    assert suggest._needed(Gain(0.02, 0.0107), 100, 0.0) == 125
    assert suggest._needed(Gain(0.0, 0.005), 100, 0.0) == 0
    assert suggest._needed(Gain(0.0, 0.0), 100, 0.02) == 249


@pytest.mark.parametrize("key", ["no evidence", "wrong way", "evidence"])
def test_nothing_is_dropped_from_a_score_that_foretells_nothing(
    key: Literal["no evidence", "wrong way", "evidence"],
) -> None:
    """Where it tells nothing, every metric could go at no cost; that is no reason to."""
    told = sample(3, accounts=200)
    verdict = Verdict(key=key, headline="", detail="", p_value=0.5, needed_churned=24)
    found = suggest_drops(told, (), days=60, seed=0, verdict=verdict)
    plain = suggest_drops(told, (), days=60, seed=0)
    assert (found == plain) is (key == "evidence")
    if key != "evidence":
        assert (found.verdict, found.needed_churned) == ("not enough evidence", 24)
        assert found.changes == ()
