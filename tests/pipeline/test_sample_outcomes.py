"""The sample renewals: plainly a sample, the same each time, with the relation that is planted."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sample.outcomes import (
    HISTORY_FILE,
    OUTCOMES_FILE,
    SampleOutcomes,
    raw_values,
    sample_outcomes,
    write_outcomes,
)
from pipeline.validation.outcomes import read_outcomes
from pipeline.validation.past import read_past
from scoring.model import LinearCurve
from scoring.presets import load_preset, preset_names
from scoring.validation.auc import auc

DAY = date(2026, 11, 22)


@cache
def made(preset: str = "scorecard") -> SampleOutcomes:
    """The sample of a preset."""
    return sample_outcomes(load_preset(preset), as_of=DAY)


def test_the_same_arguments_give_the_same_renewals() -> None:
    """Two samples are alike; another seed gives another one."""
    model = load_preset("scorecard")
    again = sample_outcomes(model, as_of=DAY)
    assert again.history.equals(made().history)
    assert again.outcomes.equals(made().outcomes)
    assert not sample_outcomes(model, as_of=DAY, seed=8).outcomes.equals(made().outcomes)


def test_names_say_that_they_are_samples_and_nothing_is_of_the_future() -> None:
    """Every account is a Sample Renewal; rows of an account end before its renewal."""
    history, outcomes = made().history, made().outcomes
    assert outcomes["Account"].str.startswith("Sample Renewal ").all()
    assert set(history["Account ID"]) == set(outcomes["Account ID"])
    assert (outcomes["Date"].dt.date < DAY).all()
    last = history.groupby("Account ID")["Date"].max()
    renewed = outcomes.set_index("Account ID")["Date"]
    assert (last <= renewed.loc[last.index]).all()


@pytest.mark.parametrize("preset", preset_names())
def test_files_are_read_back_without_a_problem(preset: str, tmp_path: Path) -> None:
    """Whatever the model: every value lies on its metric's scale, every outcome is understood."""
    write_outcomes(tmp_path, load_preset(preset), as_of=DAY)
    past = read_past(str(tmp_path / HISTORY_FILE), preset, as_of=DAY)
    found = read_outcomes(str(tmp_path / OUTCOMES_FILE), past.names, as_of=DAY)
    assert past.history.inputs.problems == ()
    assert found.problems == ()
    assert len(found.frame) == 240
    assert set(found.frame["outcome"]) == {"renewed", "expanded", "contracted", "churned"}


def test_health_decides_and_the_last_metric_does_not() -> None:
    """Two months before, those that churned were lower in the first metric, not in the last."""
    model = load_preset("four-dimension")
    history, outcomes = made("four-dimension").history, made("four-dimension").outcomes
    rows = history.groupby("Account ID").nth(9).set_index("Account ID")
    lost = (outcomes.set_index("Account ID")["Outcome"] == "churned").loc[rows.index].to_numpy()
    assert 0.12 < lost.mean() < 0.3
    aucs = []
    for metric in (model.metrics[0], model.metrics[-1]):
        raw = rows[metric.name].astype(float)
        assert isinstance(metric.curve, LinearCurve)
        xs, ys = zip(*metric.curve.points, strict=True)
        known = raw.notna().to_numpy()
        points = np.interp(raw[known], xs, ys)
        found = auc(points, lost[known])
        assert found is not None
        aucs.append(found)
    assert 0.62 < aucs[0] < 0.9
    assert 0.38 < aucs[1] < 0.62


@given(st.sampled_from(preset_names()), st.floats(0, 100))
def test_a_raw_value_is_worth_about_its_points(preset: str, points: float) -> None:
    """On the metric's own curve, as near as its unit's decimals and its ends allow."""
    for metric in load_preset(preset).metrics:
        value = raw_values(metric, np.array([[points]]), np.array([[0.5]]))[0, 0]
        if not isinstance(metric.curve, LinearCurve):
            assert value in [word for word, _ in metric.curve.points]
            continue
        xs, ys = (np.array(x, dtype=float) for x in zip(*metric.curve.points, strict=True))
        low, high = metric.scale
        assert low is None or low <= value
        assert high is None or value <= high
        step = np.abs(np.diff(ys) / np.diff(xs)).max()
        wanted = np.clip(points, ys.min(), ys.max())
        assert abs(np.interp(value, xs, ys) - wanted) <= 0.51 * step + 1e-6
