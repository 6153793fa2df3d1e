"""Scores under other weights: the engine's own, for every kind of gap, segment and age."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.score import score_accounts
from scoring.validation.cases import Cases
from scoring.validation.reweigh import Weights, current, sample_of, whole, with_weights
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import simple_model

SEEN = date(2026, 1, 1)
ENDED = pd.Timestamp(2026, 3, 2)


def rows(model: ScoreModel, n: int = 60, *, missing: float = 0.3) -> pd.DataFrame:
    """Accounts with gaps, typed dimensions, segments, and some that are young."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"account_id": [f"S-{i:03}" for i in range(n)], "date": SEEN})
    for metric in model.metrics:
        low, high = metric.scale
        top = (low or 0.0) + 10.0 if high is None else high
        if metric.unit == "state":
            words = [word for word, _ in metric.curve.points]
            frame[metric.key] = rng.choice(np.array(words, dtype=object), n)
        else:
            frame[metric.key] = rng.uniform(low or 0.0, top, n)
        frame.loc[rng.random(n) < missing, metric.key] = None
    typed = model.dimensions[0].key
    frame[typed] = np.where(rng.random(n) < 0.2, 4.0 if model.typed == "rating" else 70.0, np.nan)
    frame["segment"] = rng.choice(np.array(["enterprise", "smb", None], dtype=object), n)
    days = rng.choice([40, 400], n)
    frame["start_date"] = pd.Timestamp(SEEN) - pd.to_timedelta(days, unit="D")
    return frame


def cases_of(model: ScoreModel, history: pd.DataFrame) -> Cases:
    """Every account's only snapshot beside an outcome 60 days later; every third churned."""
    past = take_snapshots(history, model)
    n = len(past)
    outcome = np.where(np.arange(n) % 3 == 0, "churned", "renewed")
    frame = pd.DataFrame({"account_id": past.account_id, "outcome": outcome, "date": ENDED})
    at = np.where(np.isnan(past.total), -1, np.arange(n))
    return Cases(past, "renewals", frame, {60: at}, at, ())


@pytest.mark.parametrize("name", ["scorecard", "four-dimension", "support", "signals"])
def test_todays_weights_give_todays_scores(name: str) -> None:
    """Under the model itself every case has the score that it had, gaps and segments included."""
    model = load_preset(name)
    cases = cases_of(model, rows(model))
    sample = sample_of(cases, 60)
    had = cases.snapshots.model_total[cases.at[60][cases.at[60] >= 0]]
    assert len(sample) == len(had) > 30
    assert sample.under(model) == pytest.approx(had)
    assert sample.score == pytest.approx(had)
    assert (sample.setting >= 0).all()


def test_other_weights_give_the_engines_scores() -> None:
    """What a case would have scored is what the engine says of its row under the new model."""
    model = load_preset("four-dimension")
    history = rows(model)
    sample = sample_of(cases_of(model, history), 60)
    weights = Weights(np.array([0.5, 0.3, 0.15, 0.05]), current(model).metrics[::-1])
    # Metric shares of one dimension must sum to 1: all four have four equal places here.
    inner = weights.metrics.reshape(4, 4)
    new = with_weights(model, Weights(weights.dimensions, (inner.T / inner.sum(1)).T.ravel()))
    scored = score_accounts(history, new, as_of=SEEN)
    mine = ~np.isnan(score_accounts(history, model, as_of=SEEN).total)
    expected = scored.total[mine][np.argsort(history["account_id"][mine].to_numpy(str))]
    # Too little of the new weights may be observed: compared cases stay the same nevertheless.
    there = ~np.isnan(expected)
    assert there.mean() > 0.9
    assert sample.under(new)[there] == pytest.approx(expected[there])


def test_overridden_and_unknown_cases_count_by_their_inputs_alone() -> None:
    """A score that a person set is not weighed; one without inputs is left out and counted."""
    model = simple_model()
    keys = [m.key for m in model.metrics]
    points = {k: [60.0, None] for k in keys}
    history = pd.DataFrame({"account_id": ["A", "B"], "date": SEEN, **points,
                            "override_score": [20.0, np.nan], "score": [np.nan, 55.0]})  # fmt: skip
    sample = sample_of(cases_of(model, history), 60)
    assert (len(sample), sample.left_out) == (1, 1)
    assert sample.score.tolist() == pytest.approx([60.0])


@pytest.mark.parametrize(
    ("shares", "cents"),
    [
        ([0.333, 0.333, 0.334], [33, 33, 34]),
        ([0.996, 0.002, 0.002], [98, 1, 1]),
        ([0.125, 0.375, 0.5], [13, 37, 50]),
        ([1.0], [100]),
        ([2.0, 2.0], [50, 50]),
    ],
)
def test_whole_per_cents(shares: list[float], cents: list[int]) -> None:
    """They sum to 100, none is 0, and the largest remainders go up."""
    assert (100 * whole(np.array(shares))).round(9).tolist() == cents


def test_whole_per_cents_of_anything() -> None:
    """Any shares become whole per cents that sum to 100, each less than two away."""
    rng = np.random.default_rng(0)
    for size in (2, 5, 16, 30):
        for _ in range(50):
            shares = rng.dirichlet(np.full(size, 0.4))
            cents = 100 * whole(shares)
            assert cents.sum() == pytest.approx(100)
            assert cents.min() >= 1 - 1e-9
            assert cents == pytest.approx(cents.round())
            spare = shares > 0.05
            assert (np.abs(cents - 100 * shares)[spare] < size).all()


def test_segments_move_and_onboarding_stays() -> None:
    """A segment's own weights move by the same factors as the base; onboarding's do not move."""
    model = load_preset("four-dimension")
    new = with_weights(model, Weights(np.array([0.42, 0.25, 0.18, 0.15]), current(model).metrics))
    again = ScoreModel.model_validate(new.model_dump())
    assert [d.weight for d in again.dimensions] == [42, 25, 18, 15]
    # SMB has 40, 20, 25, 15; factors 1.2, 1, 0.72, 1 give 48, 20, 18, 15 of 101.
    assert [d.segment_weights["smb"] for d in again.dimensions] == [47, 20, 18, 15]
    assert [d.onboarding_weight for d in again.dimensions] == [
        d.onboarding_weight for d in model.dimensions
    ]
    for segment in (None, "enterprise", "mid_market", "smb"):
        same = with_weights(model, current(model)).weights(segment)
        assert same == pytest.approx(model.weights(segment))


def test_weights_on_another_scale_become_per_cents() -> None:
    """Weights 8, 7, 5 become 40, 35, 25, and onboarding weights keep their share."""
    model = simple_model()
    small = tuple(d.model_copy(update={"weight": d.weight / 5, "onboarding_weight": d.weight / 5})
                  for d in model.dimensions)  # fmt: skip
    new = with_weights(model.model_copy(update={"dimensions": small}), current(model))
    assert [d.weight for d in new.dimensions] == [40, 35, 25]
    assert [d.onboarding_weight for d in new.dimensions] == [40, 35, 25]
