"""Small models and rows to score in tests, and what "the same score" means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from scoring.model import SEGMENTS, LinearCurve, Metric, ScoreModel
from scoring.one import Score, score_one
from scoring.score import Scores, score_accounts
from tests.scoring.models import score_models, small_data

AS_OF = date(2026, 11, 22)
EVEN = ((0, 0), (100, 100))
"""Points equal to the raw value."""


def day(back: int) -> date:
    """The day ``back`` days before the day of all tests."""
    return AS_OF - timedelta(days=back)


def metric(key: str, weight: float = 1, **more: Any) -> dict[str, Any]:
    """Plain data of a metric whose raw value is its points, or with the curve given."""
    data = {
        "key": key, "name": key.title(), "weight": weight, "unit": "points", "scale": (0, 100),
        "curve": {"kind": "linear", "points": EVEN}, "source": "a test",
    }  # fmt: skip
    return {**data, **more}


def state(key: str, *points: tuple[str, float], **more: Any) -> dict[str, Any]:
    """Plain data of a metric of words."""
    curve = {"kind": "states", "points": points}
    return metric(key, unit="state", curve=curve, scale=(None, None), **more)


def dimension(key: str, weight: float, *metrics: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Plain data of a dimension."""
    data = {"key": key, "name": key.title(), "weight": weight, "source": "a test"}
    return {**data, "metrics": metrics, **more}


def model_of(*dimensions: dict[str, Any], **more: Any) -> ScoreModel:
    """A model of these dimensions, green from 80 and amber from 60."""
    return ScoreModel.model_validate(small_data(dimensions=dimensions, **more))


def two_by_two(**more: Any) -> ScoreModel:
    """Dimensions x (60 %) with a, b and y (40 %) with c, d; raw values are points."""
    return model_of(
        dimension("x", 60, metric("a", 3), metric("b", 1)),
        dimension("y", 40, metric("c"), metric("d")),
        **more,
    )


def many(model: ScoreModel, *records: Mapping[str, object]) -> Scores:
    """Score records as one frame."""
    rows = [{"account_id": f"A{i}", **r} for i, r in enumerate(records)]
    return score_accounts(pd.DataFrame(rows), model, as_of=AS_OF)


def single(model: ScoreModel, **record: object) -> Scores:
    """Score one account as a frame, and see that one account alone scores the same."""
    scores = many(model, record)
    assert_same(scores, 0, score_one(record, model, as_of=AS_OF))
    return scores


def assert_same(scores: Scores, row: int, one: Score) -> None:
    """Every number and word of a row of many is that of one account alone, bit for bit."""
    assert told(scores, row) == {
        "total": repr(float(one.total)),
        "rounded": repr(float(one.rounded)),
        "tier": one.tier,
        "status": one.status,
        "stale": list(one.stale),
        "bounds": _bits([one.low, one.high]),
        "coverage": repr(float(one.rolled.coverage)),
        "dimensions": _bits(one.rolled.dimensions),
        "points": _bits(one.rolled.points),
        "contributions": _bits(one.rolled.contributions),
        "available": _bits(one.rolled.available),
    }


def told(scores: Scores, row: int) -> dict[str, Any]:
    """All that a row's score says; equal texts are equal bits, and NaN equals NaN."""
    return {
        "total": repr(float(scores.total[row])),
        "rounded": repr(float(scores.rounded[row])),
        "tier": scores.tier[row],
        "status": scores.status[row],
        "stale": [k for k in scores.stale if scores.stale[k].iloc[row]],
        "bounds": _bits([scores.low[row], scores.high[row]]),
        "coverage": repr(float(scores.coverage[row])),
        "dimensions": _bits(scores.dimensions.iloc[row]),
        "points": _bits(scores.points.iloc[row]),
        "contributions": _bits(scores.contributions.iloc[row]),
        "available": _bits(scores.available.iloc[row]),
    }


def _bits(numbers: Any) -> list[str]:
    return [repr(float(x)) for x in numbers]


@st.composite
def raw_values(draw: st.DrawFn, metric: Metric) -> float | str:
    """A valid raw value of a metric, also at and beyond the ends of its curve."""
    if not isinstance(metric.curve, LinearCurve):
        return draw(st.sampled_from(metric.curve.words))
    xs = [x for x, _ in metric.curve.points]
    low, high = metric.scale
    left = xs[0] - 10 if low is None else low
    right = xs[-1] + 10 if high is None else high
    # An open end may lie beyond the other end of the scale.
    left, right = min(left, right), max(left, right)
    left = left if low is None else max(left, low)
    right = right if high is None else min(right, high)
    inside = [x for x in xs if left <= x <= right]
    return draw(st.sampled_from([left, right, *inside]) | st.floats(left, right))


@st.composite
def records(draw: st.DrawFn, model: ScoreModel, gaps: bool = True) -> dict[str, Any]:
    """One account's values, most of them given; with gaps also typed ones, gates and dates."""
    record: dict[str, Any] = {"segment": draw(st.sampled_from([*SEGMENTS, None]))}
    for m in model.metrics:
        if not gaps or draw(st.integers(0, 3)):
            record[m.key] = draw(raw_values(m))
            record[f"{m.key}_as_of"] = draw(st.none() | st.integers(0, 400).map(day))
    top = st.floats(1, 5) if model.typed == "rating" else st.floats(0, 100)
    for d in model.dimensions:
        if not draw(st.integers(0, 4)) or not (gaps or d.metrics):
            record[d.key] = draw(top)
    for gate in model.gates:
        record[gate.key] = draw(st.sampled_from([None, True, False]))
    if gaps:
        record["start_date"] = draw(st.none() | st.integers(-5, 400).map(day))
        record["data_as_of"] = draw(st.none() | st.integers(0, 400).map(day))
    return record


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    """What a person put over a score, perhaps expired."""
    return {
        "override_score": draw(st.none() | st.floats(0, 100)),
        "override_tier": draw(st.sampled_from([None, "green", "amber", "red"])),
        "override_expires": draw(st.none() | st.integers(-2, 2).map(day)),
    }


@st.composite
def scored_cases(draw: st.DrawFn) -> tuple[ScoreModel, list[dict[str, Any]]]:
    """A random model with one to five rows of accounts."""
    model = draw(score_models())
    return model, draw(st.lists(records(model), min_size=1, max_size=5))


def near(value: float) -> Any:
    """A sum of decimals."""
    return pytest.approx(value, abs=1e-9)
