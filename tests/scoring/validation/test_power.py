"""What dimensions and metrics foretold, on companies whose truth is planted."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from scoring.presets import load_preset
from scoring.validation.cases import Cases, join_cases
from scoring.validation.permutation import shuffle_test
from scoring.validation.power import powers_of
from scoring.validation.power_columns import columns_of, corrected, p_values, points_at
from scoring.validation.records import Power
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, leavers, simple_model
from tests.scoring.validation.falling import falling, joined


def _by_key(cases: Cases, days: int = 60) -> dict[str, Power]:
    return {p.key: p for p in powers_of(cases, days=days, seed=0)}


@pytest.fixture(scope="module")
def planted() -> tuple[Cases, dict[str, Power]]:
    """Alpha 1 falls 130 days before, beta 1 25 days before, the rest is noise."""
    cases = joined(*falling(5, {"alpha_1": (130, 12), "beta_1": (25, 12)}))
    return cases, _by_key(cases)


def test_a_metric_that_falls_early_leads(planted: tuple[Cases, dict[str, Power]]) -> None:
    """It predicts, leads by the days of its fall, and the model's silence is noted."""
    alpha = planted[1]["alpha_1"]
    assert (alpha.verdict, alpha.timing, alpha.leads_days) == ("predicts", "leading", 120)
    assert (alpha.auc.low or 0) > 0.5
    assert alpha.note == "The model does not call it leading; it told churn 120 days before."
    assert not alpha.suspicious


def test_a_metric_that_falls_late_lags(planted: tuple[Cases, dict[str, Power]]) -> None:
    """Nothing 60 days before, and told so with the days at which it is late."""
    beta = planted[1]["beta_1"]
    assert (beta.verdict, beta.timing, beta.leads_days) == ("no evidence", "lagging", 14)
    assert "only 14 days before" in beta.note


def test_noise_tells_nothing(planted: tuple[Cases, dict[str, Power]]) -> None:
    """The seven other metrics have neither verdict nor timing."""
    rest = [p for k, p in planted[1].items() if p.kind == "metric" and not k.endswith("_1")]
    assert {(p.verdict, p.timing, p.leads_days) for p in rest} == {("no evidence", "", None)}
    assert all(p.q_value is not None and p.q_value >= 0.05 for p in rest)


def test_figures_are_those_of_other_libraries(planted: tuple[Cases, dict[str, Power]]) -> None:
    """AUC as scikit-learn has it, Spearman's correlation as SciPy, means as pandas."""
    cases, found = planted
    at = cases.at[60]
    for key in ("alpha_1", "gamma_2"):
        points = cases.snapshots.points[key].to_numpy()[at]
        power, churned = found[key], cases.churned
        assert power.auc.value == pytest.approx(roc_auc_score(churned, -points))
        assert power.correlation == pytest.approx(spearmanr(points, ~churned).statistic)
        assert power.churned_mean == pytest.approx(points[churned].mean())
        assert power.stayed_mean == pytest.approx(points[~churned].mean())
        assert (power.cases, power.churned, power.observed) == (240, 60, 1.0)


def test_dimensions_come_first_each_kind_by_auc(planted: tuple[Cases, dict[str, Power]]) -> None:
    """Three dimensions, then nine metrics; weights are shares of the score."""
    found = list(planted[1].values())
    assert [p.kind for p in found] == ["dimension"] * 3 + ["metric"] * 9
    for part in (found[:3], found[3:]):
        values = [p.auc.value for p in part if p.auc.value is not None]
        assert values == sorted(values, reverse=True)
        assert sum(p.weight for p in part) == pytest.approx(1.0)
    assert planted[1]["alpha_1"].weight == pytest.approx(0.4 * 0.34)
    assert planted[1]["alpha_1"].dimension == planted[1]["alpha"].dimension == "alpha"


def test_leads_are_told_latest_first(planted: tuple[Cases, dict[str, Power]]) -> None:
    """Every lead that fortnights reach, with its cases."""
    points = planted[1]["alpha_1"].by_lead
    assert [p.days for p in points] == [14, 30, 60, 90, 120, 150, 180]
    assert {(p.cases, p.churned) for p in points} == {(240, 60)}


def test_leads_that_see_the_same_snapshots_are_told_once() -> None:
    """Snapshots of every 84 days cannot tell 30 days from 60."""
    history, outcomes = falling(1, {"alpha_1": (300, 25)})
    days = np.sort(history["date"].unique())[::-1]
    outcomes["date"] = pd.Timestamp("2026-03-31")
    few = take_snapshots(history[history["date"].isin(days[5::6])], simple_model())
    cases = join_cases(outcomes, few, days=60)
    # They stand 70, 154, 238 … days before; an older one counts up to 105 days later.
    assert [p.days for p in _by_key(cases)["alpha_1"].by_lead] == [14, 60, 90, 180]


def test_noise_is_called_a_predictor_at_about_the_rate_it_says() -> None:
    """Outcomes dealt out by chance: 5 in 100 companies may have a metric with q below 0.05."""
    c = company(3, strength=0.0, accounts=400, churn=0.35, months=9)
    cases = join_cases(c.outcomes, take_snapshots(c.history, simple_model()), days=60)
    metrics = [x for x in columns_of(cases.snapshots) if x.kind == "metric"]
    points = points_at(metrics, cases.at[60])
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(120):
        outcome = rng.permutation(cases.frame["outcome"].to_numpy())
        dealt = replace(cases, frame=cases.frame.assign(outcome=outcome))
        p, _ = p_values(points, dealt, seed=0)
        wrong += bool((corrected(p) < 0.05).any())
    # Of 120 at most 6 are expected; 15 and more have a chance below 0.001.
    assert 1 <= wrong <= 14


def test_few_cases_are_dealt_out_and_many_follow_the_normal_curve() -> None:
    """The p of both ways agree where both can be had."""
    c = company(11, strength=0.25, accounts=330, churn=0.5, months=9)
    cases = join_cases(c.outcomes, take_snapshots(c.history, simple_model()), days=60)
    columns = columns_of(cases.snapshots)
    points = points_at(columns, cases.at[60])
    normal, _ = p_values(points, cases, seed=0)
    dealt = shuffle_test(points, cases.churned, cases.accounts, seed=1, draws=999).p
    assert cases.churned.sum() >= 100
    assert np.abs(normal - dealt).max() < 0.06


def test_a_strong_relation_has_a_p_above_0() -> None:
    """However far out: nothing that was found by chance cases is impossible."""
    c = company(12, strength=4.0, accounts=600, churn=0.5, months=9)
    cases = join_cases(c.outcomes, take_snapshots(c.history, simple_model()), days=60)
    p, z = p_values(cases.snapshots.total[cases.at[60]][:, None], cases, seed=0)
    assert z[0] > 9
    assert 0 < p[0] < 1e-15


@pytest.mark.parametrize("accounts", [12, 400])
def test_wholly_apart_is_the_clearest_result(accounts: int) -> None:
    """All that churned have 10 points and all that stayed 90: of 220 ways to deal 3 of 12, one."""
    history, outcomes = falling(0, {}, accounts=accounts)
    cases = joined(history, outcomes)
    points = np.where(cases.churned, 10.0, 90.0)[:, None]
    p, z = p_values(np.hstack([points, 100 - points, points * 0]), cases, seed=0)
    assert (p[:2] <= 4 / comb(12, 3)).all()
    assert z[:2].tolist() == [np.inf, -np.inf]
    assert np.isnan(p[2])


@pytest.fixture(scope="module")
def odd() -> tuple[Cases, dict[str, Power]]:
    """A company of which each metric is odd in its own way."""
    falls = {"alpha_2": (500, 12.0), "alpha_3": (200, -12.0), "beta_2": (200, 25.0),
             "gamma_1": (130, 40.0), "gamma_2": (28, 40.0)}  # fmt: skip
    history, outcomes = falling(6, falls)
    number = history["account_id"].str[2:].astype(int)
    left, when = (
        number % 4 == 0,
        history["account_id"].map(outcomes.set_index("account_id")["date"]),
    )
    soon = left & (when - history["date"] <= pd.Timedelta(days=40))
    # Alpha 1 is missing everywhere for 40 of 60 that left and 12 of 180 that stayed.
    history.loc[left & (number % 12 != 0) | (number % 20 == 1), "alpha_1"] = np.nan
    history.loc[left & (number >= 36), "beta_2"] = np.nan
    history.loc[~soon, "gamma_3"] = np.nan
    cases = joined(history, outcomes)
    return cases, _by_key(cases)


def test_missing_is_left_out_and_not_zero(odd: tuple[Cases, dict[str, Power]]) -> None:
    """A metric that many accounts lack has the AUC of the others."""
    cases, power = odd[0], odd[1]["alpha_1"]
    points = cases.snapshots.points["alpha_1"].to_numpy()[cases.at[60]]
    known = ~np.isnan(points)
    assert (power.cases, power.churned) == (188, 20)
    assert power.observed == pytest.approx(188 / 240)
    assert power.auc.value == pytest.approx(roc_auc_score(cases.churned[known], -points[known]))


def test_missing_that_foretells_churn_is_noted(odd: tuple[Cases, dict[str, Power]]) -> None:
    """40 of the 52 accounts without a value left, 20 of the 188 with one."""
    power = odd[1]["alpha_1"]
    assert power.note == "77% churned where it was missing 60 days before, 11% where it was not."
    assert (power.verdict, power.suspicious) == ("no evidence", False)


def test_too_few_values_say_nothing(odd: tuple[Cases, dict[str, Power]]) -> None:
    """Nine churned cases with a value are one too few, and no AUC is told."""
    power = odd[1]["beta_2"]
    assert (power.verdict, power.churned, power.auc.value) == ("too few values", 9, None)
    assert (power.p_value, power.q_value, power.correlation) == (None, None, None)
    assert (power.by_lead, power.timing) == ((), "")
    assert power.note == "9 cases with a value churned, 10 are needed."


def test_too_good_is_suspicious(odd: tuple[Cases, dict[str, Power]]) -> None:
    """A metric that names who left is a consequence, and the next step is told."""
    power = odd[1]["gamma_1"]
    assert power.suspicious
    assert (power.auc.value or 0) >= 0.95
    assert power.note.endswith("see whether it is written only once an account leaves.")


def test_a_sudden_fall_is_suspicious(odd: tuple[Cases, dict[str, Power]]) -> None:
    """Nothing 60 days before, nearly certain 14 days before."""
    power = odd[1]["gamma_2"]
    assert (power.suspicious, power.timing) == (True, "lagging")
    assert "see whether it changes only once an account leaves." in power.note


def test_a_value_that_appears_with_leaving_is_suspicious(
    odd: tuple[Cases, dict[str, Power]],
) -> None:
    """An exit survey is filled in by those that leave, in their last month."""
    power = odd[1]["gamma_3"]
    assert (power.verdict, power.suspicious) == ("too few values", True)
    assert power.note.startswith("100% of those that churned had a value 14 days before, none 60")


def test_more_points_before_churn_are_the_wrong_way(odd: tuple[Cases, dict[str, Power]]) -> None:
    """A curve upside down is called so, and has no lead."""
    power = odd[1]["alpha_3"]
    assert (power.verdict, power.timing) == ("wrong way", "")
    assert (power.correlation or 0) < 0
    assert power.note.startswith("More points came before churn")


def test_low_all_along_is_no_movement(odd: tuple[Cases, dict[str, Power]]) -> None:
    """A metric that was low a year before tells who leaves, and not when."""
    power = odd[1]["alpha_2"]
    assert (power.timing, power.leads_days) == ("leading", 180)
    assert power.note == (
        "Low 180 days before already, and fell no further: it tells who, not when."
    )


def test_typed_ratings_have_dimensions_only() -> None:
    """The scorecard's five dimensions, each rated by hand."""
    model = load_preset("scorecard")
    rng = np.random.default_rng(0)
    _, outcomes = falling(0, {}, accounts=80)
    days = pd.date_range("2025-06-01", "2026-03-31", freq="MS")
    rows = [{"account_id": a, "date": d, **{x.key: int(rng.integers(1, 6))
                                            for x in model.dimensions}}
            for a in outcomes["account_id"] for d in days]  # fmt: skip
    cases = join_cases(outcomes, take_snapshots(pd.DataFrame(rows), model), days=60)
    found = powers_of(cases, days=60, seed=0)
    assert {p.kind for p in found} == {"dimension"}
    assert sorted(p.key for p in found) == sorted(d.key for d in model.dimensions)


def test_a_history_of_scores_has_none() -> None:
    """Neither dimensions nor metrics stand behind a recorded score."""
    c = leavers(1)
    cases = join_cases(c.outcomes, take_snapshots(c.history, simple_model()), days=60)
    assert len(cases) > 0
    assert powers_of(cases, days=60, seed=0) == ()
    assert columns_of(cases.snapshots) == []


def test_nothing_comes_of_nothing() -> None:
    """Without outcomes there are no powers, and no error."""
    history, outcomes = falling(0, {}, accounts=8)
    assert powers_of(joined(history, outcomes.iloc[:0]), days=60, seed=0) == ()


def test_q_values_leave_out_what_is_not_known() -> None:
    """Benjamini and Hochberg by hand: of 0.01, 0.04, 0.5 the q are 0.03, 0.06, 0.5."""
    q = corrected(np.array([0.04, np.nan, 0.01, 0.5]))
    assert np.isnan(q[1])
    assert q[[0, 2, 3]] == pytest.approx([0.06, 0.03, 0.5])
