"""By how much usage changed, and since when."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.earlier import earlier
from scoring.model import ScoreModel
from scoring.timeline import Timeline, score_over_time
from scoring.usage_change import usage_change
from tests.scoring.rows import AS_OF, day, dimension, metric, model_of

NAN = float("nan")


def share(key: str) -> dict[str, Any]:
    """A metric between 0 and 1."""
    curve = {"kind": "linear", "points": ((0, 0), (1, 100))}
    return metric(key, unit="fraction", scale=(0, 1), curve=curve)


def trend(key: str) -> dict[str, Any]:
    """A metric that is a change itself."""
    curve = {"kind": "linear", "points": ((-0.5, 0), (0.5, 100))}
    return metric(key, unit="change", scale=(-1, None), curve=curve)


LEVEL = model_of(dimension("x", 1, share("seats_active_share"), share("dau_mau")))
BOTH = model_of(dimension("x", 1, share("seats_active_share"), trend("usage_trend_quarter")))


def line(model: ScoreModel, key: str, now: list[float], past: dict[int, list[float]]) -> Timeline:
    """Accounts A, B, … with one metric today and on earlier days."""
    ids = [chr(65 + i) for i in range(len(now))]
    today = pd.DataFrame({"account_id": ids, key: now})
    history = [
        pd.DataFrame({"account_id": ids[: len(v)], "date": day(back), key: v})
        for back, v in past.items()
    ]
    return score_over_time(today, pd.concat(history) if history else pd.DataFrame(), model,
                           as_of=AS_OF)  # fmt: skip


def since(found: np.ndarray) -> list[date | None]:
    """Dates, None where there is none."""
    return [None if np.isnat(d) else pd.Timestamp(d).date() for d in found]


def test_a_level_against_a_quarter_ago() -> None:
    """0.8 to 0.6 is 25 % down; the decline began with the first snapshot beyond 15 %."""
    found = usage_change(
        line(LEVEL, "seats_active_share", [0.6, 0.8, NAN, 0.7],
             {90: [0.8, 0.8, 0.8, 0.8], 60: [0.75, 0.8, 0.8, 0.8], 30: [0.66, 0.5, 0.8, 0.8]})
    )  # fmt: skip
    assert found.change == pytest.approx([-0.25, 0, NAN, -0.125], nan_ok=True)
    assert found.metric.tolist() == ["seats_active_share", "seats_active_share", "",
                                     "seats_active_share"]  # fmt: skip
    assert since(found.since) == [day(30), None, None, None]


def test_a_gap_does_not_end_a_decline() -> None:
    """A snapshot without the value neither ends the decline nor starts it."""
    past = {90: [0.8], 60: [0.5], 30: [NAN]}
    found = usage_change(line(LEVEL, "seats_active_share", [0.5], past))
    assert since(found.since) == [day(60)]
    past = {90: [0.8], 60: [0.5], 30: [0.8], 14: [NAN]}
    found = usage_change(line(LEVEL, "seats_active_share", [0.5], past))
    assert since(found.since) == [AS_OF]


def test_a_measured_trend_goes_first() -> None:
    """Where the model measures the change itself, that counts; exactly 15 % is not more."""
    found = usage_change(
        line(BOTH, "usage_trend_quarter", [-0.22, -0.15, 0.1], {30: [-0.2, 0, 0], 60: [-0.1, 0, 0]})
    )
    assert found.change == pytest.approx([-0.22, -0.15, 0.1])
    assert since(found.since) == [day(30), None, None]


def test_exactly_fifteen_per_cent_does_not_begin_a_decline() -> None:
    """Neither of a trend nor of a level the limit itself counts, then as now."""
    found = usage_change(line(BOTH, "usage_trend_quarter", [-0.2], {30: [-0.15], 60: [-0.3]}))
    assert since(found.since) == [AS_OF]
    found = usage_change(line(LEVEL, "seats_active_share", [0.4], {90: [0.8], 30: [0.68]}))
    assert since(found.since) == [AS_OF]


def test_without_history_a_level_tells_nothing() -> None:
    """A level alone is no change, and nothing used before cannot become less."""
    assert np.isnan(usage_change(line(LEVEL, "seats_active_share", [0.1], {})).change[0])
    zero = usage_change(line(LEVEL, "seats_active_share", [0.0], {90: [0.0]}))
    assert np.isnan(zero.change[0])


def test_the_next_level_stands_in() -> None:
    """An account without the plainest metric is told by the next one that it has."""
    found = usage_change(line(LEVEL, "dau_mau", [0.2], {90: [0.4]}))
    assert (found.metric[0], found.change[0]) == ("dau_mau", pytest.approx(-0.5))


@pytest.mark.parametrize(
    ("days", "expected"),
    [((90,), 90), ((75,), 75), ((74,), NAN), ((80, 100), 80), ((180,), 180), ((181,), NAN)],
)
def test_the_snapshot_of_then(days: tuple[int, ...], expected: float) -> None:
    """The youngest snapshot that is old enough, half a month of grace, never twice as old."""
    past = {back: [0.5] for back in days}
    found = earlier(line(LEVEL, "dau_mau", [0.5], past))
    assert found.age[0] == pytest.approx(expected, nan_ok=True)


def test_a_metric_of_a_newer_model_was_not_known() -> None:
    """Accounts and metrics that a snapshot lacks are NaN."""
    found = earlier(line(LEVEL, "dau_mau", [0.5, 0.5], {90: [0.4]}))
    assert found.values["dau_mau"].tolist() == pytest.approx([0.4, NAN], nan_ok=True)
    assert found.values["seats_active_share"].isna().all()
    assert list(earlier(line(LEVEL, "dau_mau", [0.5], {90: [0.4]}), keys=["x"]).values) == ["x"]
