"""Snapshots over time, each scored as it stood then."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from scoring.change import explain_change
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.score import Scores
from scoring.timeline import Timeline, score_over_time, take, unbroken_since, values_of
from tests.scoring.rows import AS_OF, day, dimension, many, metric, model_of, told
from tests.workbook_templates.accounts import accounts


def simple(**more: Any) -> ScoreModel:
    """A model of one metric whose value is its points for 40 days."""
    return model_of(dimension("x", 1, metric("a", max_age_days=40)), **more)


def frame(*rows: tuple[str, float | None], **more: Any) -> pd.DataFrame:
    """Today's accounts: id and value."""
    return pd.DataFrame([{"account_id": i, "a": a, **more} for i, a in rows])


def past(*rows: tuple[str, int, float | None]) -> pd.DataFrame:
    """History: id, days back and value."""
    return pd.DataFrame([{"account_id": i, "date": day(b), "a": a} for i, b, a in rows])


def over_time(
    now: pd.DataFrame, history: pd.DataFrame, model: ScoreModel | None = None
) -> Timeline:
    """Scores of now and then."""
    return score_over_time(now, history, model or simple(), as_of=AS_OF)


def test_dates_come_oldest_first() -> None:
    """Each earlier date is a snapshot with the accounts that it knows, oldest first."""
    line = over_time(frame(("A", 90)), past(("A", 30, 70), ("B", 60, 10), ("A", 60, 50)))
    assert [s.as_of for s in line.past] == [day(60), day(30)]
    assert [list(s.account_id) for s in line.past] == [["B", "A"], ["A"]]
    history = line.history()
    assert list(history["score"]) == [10, 50, 70]
    assert list(history["tier"]) == ["red", "red", "amber"]
    assert line.now.total[0] == 90


@pytest.mark.parametrize("history", [pd.DataFrame(), past(("A", 0, 10)), past(("A", -9, 10))])
def test_no_earlier_rows(history: pd.DataFrame) -> None:
    """An empty history, rows of today and rows of the future are no snapshots."""
    line = over_time(frame(("A", 90)), history)
    assert (line.past, line.previous()) == ((), None)
    assert list(line.history().columns) == ["account_id", "date", "score", "tier"]
    assert line.history().empty


def test_the_last_row_of_a_date_counts() -> None:
    """Of two rows of one account and date the last one counts."""
    line = over_time(frame(("A", 90)), past(("A", 30, 70), ("A", 30, 60)))
    assert list(line.history()["score"]) == [60]


def test_snapshots_are_as_old_as_they_were() -> None:
    """Staleness and the start of an account count from the snapshot's own date."""
    history = past(("A", 200, 70)).assign(a_as_of=day(239), start_date=day(260))
    line = over_time(frame(("A", 90)), history)
    assert (line.past[0].total[0], line.past[0].status[0]) == (70, "Onboarding")
    older = over_time(frame(("A", 90)), history.assign(a_as_of=day(241)))
    assert older.past[0].status[0] == "Insufficient data"


@pytest.mark.parametrize(
    ("score", "tier"),
    [(79.5, "green"), (79.49999999999999, "green"), (79.4, "amber"), (59.4, "red"), (0, "red")],
)
def test_a_recorded_score(score: float, tier: str) -> None:
    """A recorded score stands where the inputs give none, with the tier that it had."""
    history = past(("A", 60, None), ("A", 30, 70)).assign(score=[score, 1.0])
    line = over_time(frame(("A", 90)), history)
    assert list(line.history()["score"]) == [score, 70]
    assert list(line.history()["tier"]) == [tier, "amber"]


# Before and after


def test_previous_is_the_last_one_with_a_score() -> None:
    """Each account is compared with its own last snapshot that has a score."""
    history = past(
        ("A", 60, 10), ("A", 30, 20), ("B", 60, 30), ("B", 30, None), ("C", 90, 40), ("Z", 3, 50)
    )
    line = over_time(frame(("C", 5), ("N", 6), ("A", 7), ("B", 8)), history)
    pair = line.previous()
    assert pair is not None
    before, now = pair
    assert list(before.account_id) == list(now.account_id) == ["C", "A", "B"]
    assert list(before.total) == [40, 20, 30]
    assert list(now.total) == [5, 7, 8]
    assert list(before.points["a"]) == [40, 20, 30]
    assert list(explain_change(before, now).steps["points"]) == pytest.approx([-35, -13, -22])


def test_taking_rows() -> None:
    """Taken rows say all that they said before, in the order asked for."""
    model = load_preset("scorecard")
    scores = over_time(accounts(model).accounts, pd.DataFrame(), model).now
    taken = take(scores, [5, 0, 3, 3])
    assert [told(taken, i) for i in range(4)] == [told(scores, i) for i in (5, 0, 3, 3)]
    assert list(taken.account_id) == [scores.account_id[i] for i in (5, 0, 3, 3)]
    assert len(take(scores, [])) == 0


# Smoothing


def test_smoothing_of_a_model() -> None:
    """Where the model smooths, today's tier follows the mean of its days and the score stays."""
    history = past(("A", 10, 20), ("A", 20, 10), ("A", 31, 100))
    line = over_time(frame(("A", 90)), history, simple(smoothing_days=30))
    assert (line.now.total[0], line.now.smoothed[0], line.now.tier[0]) == (90, 40, "red")
    plain = over_time(frame(("A", 90)), history)
    assert plain.now.tier[0] == "green"
    assert np.isnan(plain.now.smoothed[0])


def test_an_override_is_not_smoothed() -> None:
    """What a person set is no measurement: neither tier nor mean mix it in."""
    model = simple(smoothing_days=30)
    now = frame(("A", 90)).assign(override_score=30.0)
    line = over_time(now, past(("A", 10, 80)), model)
    assert (line.now.total[0], line.now.tier[0], line.now.smoothed[0]) == (30, "red", 85)


def test_only_some_accounts_have_a_history() -> None:
    """An account without earlier scores keeps the tier of today's."""
    model = simple(smoothing_days=30)
    line = over_time(frame(("A", 90), ("B", 90)), past(("A", 10, 10)), model)
    assert list(line.now.tier) == ["red", "green"]
    assert list(line.now.smoothed) == [50, 90]


@pytest.mark.parametrize("preset", ["scorecard", "support", "four-dimension"])
def test_hard_accounts(preset: str) -> None:
    """Accounts that try a model hard have the snapshots and today's scores of separate runs."""
    model = load_preset(preset)
    given = accounts(model)
    line = over_time(given.accounts, given.history, model)
    assert len(line.past) == 3
    assert list(line.now.account_id) == list(given.accounts["account_id"])
    pair = line.previous()
    assert pair is not None
    change = explain_change(*pair)
    moved = np.bincount(change.steps["row"], change.steps["points"], minlength=len(pair[0]))
    both = np.nan_to_num(pair[1].total - pair[0].total)
    assert moved == pytest.approx(both, abs=1e-9)


def test_metrics_are_derived_then_and_now() -> None:
    """Counts and dates become metrics in every snapshot as they do today."""
    model = load_preset("four-dimension")
    seats = pd.DataFrame({"account_id": ["A"], "seats_active": [12], "seats_licensed": [25]})
    history = seats.assign(date=day(30), seats_active=20)
    line = over_time(seats, history, model)
    assert line.past[0].points["seats_active_share"][0] == pytest.approx(80)
    assert line.now.points["seats_active_share"][0] == pytest.approx(48)


def test_no_accounts() -> None:
    """Without accounts there are no scores, with or without smoothing."""
    for model in (simple(), simple(smoothing_days=30)):
        line = over_time(frame(("A", 1)).iloc[:0], past(("A", 30, 70)), model)
        assert (len(line.now), len(line.past)) == (0, 1)
        assert line.previous() is None
    assert many(simple(), {"a": 3}).total[0] == 3


def test_neutral_placeholders_are_no_history() -> None:
    """The neutral 50 of an account's first days is neither compared with nor averaged."""
    model = load_preset("support")
    row = {"account_id": "A", "start_date": date(2026, 11, 1)}
    row |= {d.key: 80.0 for d in model.dimensions}
    accounts = pd.DataFrame([row])
    past = pd.DataFrame([{**row, "date": date(2026, 11, 10)}])
    timeline = score_over_time(accounts, past, model, as_of=date(2026, 11, 22))
    assert timeline.previous() is None
    assert timeline.now.smoothed[0] == 80.0


def test_earlier_tiers_follow_the_mean_of_their_day() -> None:
    """Where the model smooths, an earlier tier follows the mean of then, and the score stays."""
    history = past(("A", 40, 100), ("A", 20, 90), ("A", 10, 40), ("A", 5, 20))
    line = over_time(frame(("A", 90)), history, simple(smoothing_days=30))
    assert [s.total[0] for s in line.past] == [100, 90, 40, 20]
    assert [s.smoothed[0] for s in line.past] == [100, 95, 65, 50]
    assert [s.tier[0] for s in line.past] == ["green", "green", "amber", "red"]
    assert line.now.smoothed[0] == 60


def test_recorded_scores_are_smoothed_as_well() -> None:
    """A tier of recorded scores follows their mean; what a person set then is left out of it."""
    model = simple(smoothing_days=30)
    recorded = past(("A", 20, None), ("A", 10, None)).assign(score=[100.0, 50.0])
    line = over_time(frame(("A", 90)), recorded, model)
    assert [s.tier[0] for s in line.past] == ["green", "amber"]
    set_by_hand = past(("A", 20, 90)).assign(override_score=10.0)
    line = over_time(frame(("A", 90)), set_by_hand, model)
    assert (line.past[0].total[0], line.past[0].tier[0], line.past[0].smoothed[0]) == (
        10,
        "red",
        90,
    )


def test_values_and_how_long_something_has_held() -> None:
    """A missing value does not end a run, a break does; who is not there has no value."""
    line = over_time(
        frame(("A", 10), ("B", 10), ("C", 90)),
        past(("A", 30, 50), ("B", 30, 10), ("C", 30, 10), ("A", 20, 10), ("B", 10, 50)),
    )
    ids = line.now.account_id
    assert values_of(line.past[1], "a", ids).tolist() == pytest.approx(
        [10, math.nan, math.nan], nan_ok=True
    )
    assert np.isnan(values_of(line.past[1], "none", ids)).all()

    def told(s: Scores) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        found = values_of(s, "a", ids)
        return found < 30, np.isnan(found)

    since = unbroken_since(line, line.now.total < 30, told).astype("datetime64[D]").tolist()
    assert since == [day(20), AS_OF, None]
