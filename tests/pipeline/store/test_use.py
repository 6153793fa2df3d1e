"""Scoring with a history: nothing to compare at first, nothing later ever, the past reproduced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.store import History
from pipeline.store.use import Remembered, score_with_history
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.presets import load_preset
from tests.pipeline.store.samples import FEB, JAN, MAR, MODEL, TODAY, inputs


def score(
    history: History,
    day: date,
    *ratings: float,
    model: ScoreModel = MODEL,
    given: Inputs | None = None,
    correct: bool = False,
    full: bool = False,
) -> Remembered:
    """Score accounts of these ratings for a day, and record them."""
    read = given or inputs(*ratings)
    return score_with_history(
        read, model, history, as_of=day, today=TODAY, record=True, correct=correct, full=full
    )


def test_the_first_snapshot_compares_nothing(history: History) -> None:
    """There is no previous score, and every account is new."""
    found = score(history, TODAY, 3, 4)
    assert np.isnan(found.scored.previous).all()
    assert found.scored.history.empty
    assert found.written is not None
    assert found.written.new == 2


@pytest.mark.parametrize("full", [False, True])
def test_the_last_snapshot_is_the_previous_one(history: History, full: bool) -> None:
    """Of several snapshots the one before counts, for an account that misses it an older one."""
    score(history, JAN, 2, 2)
    score(history, FEB, 3)
    found = score(history, TODAY, 5, 5, full=full)
    assert found.scored.previous.tolist() == [60.0, 40.0]


def test_a_past_day_never_compares_with_later_ones(history: History) -> None:
    """A snapshot put in between sees what stood before it, and today sees it."""
    score(history, JAN, 2)
    score(history, MAR, 4)
    between = score(history, FEB, 3)
    assert between.scored.previous.tolist() == [40.0]
    assert between.written is not None
    assert between.written.new == 1
    assert [d.day for d in history.days()] == [JAN, FEB, MAR]
    assert score(history, TODAY, 5).scored.previous.tolist() == [80.0]


def test_a_recorded_day_is_reproduced(history: History) -> None:
    """The source has moved on; the day's accounts, order and scores are those recorded then."""
    first = score(history, FEB, 3, 4)
    moved = Inputs(inputs(5, 5, 5).accounts.iloc[::-1].reset_index(drop=True), source="new.xlsx")
    again = score(history, FEB, given=moved)
    assert again.reproduced
    assert again.written is None
    assert again.scored.problems == ()
    pd.testing.assert_frame_equal(again.scored.accounts, first.scored.accounts)
    for name in ("total", "tier", "status", "coverage", "low", "high"):
        old, new = getattr(first.scored.scores, name), getattr(again.scored.scores, name)
        assert old.tobytes() == new.tobytes() if name != "tier" else (old == new).all()
    assert history.of_account("S-001")["revision"].tolist() == [1]


def test_what_came_later_does_not_reach_back(history: History) -> None:
    """A day is reproduced from what was known then, whatever was put before it since."""
    model = MODEL.model_copy(update={"smoothing_days": 90})
    score(history, JAN, 3, model=model)
    first = score(history, MAR, 5, model=model)
    score(history, FEB, 1, model=model)
    again = score(history, MAR, 5, model=model)
    assert again.reproduced
    assert again.scored.scores.smoothed.tolist() == first.scored.scores.smoothed.tolist() == [80.0]
    assert again.scored.previous.tolist() == [60.0]


def test_a_past_day_is_corrected_on_demand(history: History) -> None:
    """With `correct` the source's values become a revision, which later days then compare with."""
    score(history, FEB, 3)
    told = score(history, FEB, 4, correct=True)
    assert not told.reproduced
    assert told.written is not None
    assert told.written.corrected == 1
    assert score(history, TODAY, 5).scored.previous.tolist() == [80.0]


def test_today_follows_the_source(history: History) -> None:
    """A source that changes during the day corrects the day's snapshot without being asked."""
    score(history, TODAY, 3)
    told = score(history, TODAY, 4).written
    assert told is not None
    assert (told.new, told.corrected) == (0, 1)


def test_another_model_compares_like_with_like(history: History) -> None:
    """Snapshots of another model are scored again by today's from their raw inputs."""
    score(history, FEB, 3, model=load_preset("signals"))
    doubled = MODEL.model_copy(update={"version": "2.0", "missing": "zero"})
    assert score(history, TODAY, 4, model=doubled).scored.previous.tolist() == [60.0]
    assert [d.model for d in history.days()] == ["signals 1.0", "scorecard 2.0"]


def test_a_model_changed_without_a_version_is_told(history: History) -> None:
    """The day stands under the model as it was, and a note names the one that was changed."""
    frame = inputs(3).accounts.assign(outcomes=5.0)
    score(history, FEB, given=Inputs(frame, source="sample.xlsx"))
    heavier = (MODEL.dimensions[0].model_copy(update={"weight": 90.0}), *MODEL.dimensions[1:])
    changed = MODEL.model_copy(update={"dimensions": heavier})
    again = score(history, FEB, 3, model=changed)
    (note,) = again.scored.problems
    assert note.severity == "note"
    assert "scorecard 1.0 was changed since 2026-02-02 without a new version" in note.message
    assert again.scored.scores.total.tolist() == [68.0]
    assert again.scored.scores.model == MODEL


def test_the_sources_own_history_stands_beside(history: History) -> None:
    """Rows of both count; where both know a day, the recorded one does."""
    score(history, FEB, 3, 3)
    own = pd.DataFrame(
        {
            "account_id": pd.Series(["S-001", "S-002", "S-002"], dtype=object),
            "date": pd.to_datetime([FEB, MAR, JAN]),
            "score": [11.0, 22.0, 33.0],
        }
    )
    read = replace(inputs(4, 4), history=own)
    found = score(history, TODAY, given=read).scored
    assert found.previous.tolist() == [60.0, 22.0]
    assert len(found.history) == 4


def test_smoothing_takes_every_snapshot_of_its_days(history: History) -> None:
    """The mean runs over the model's days, and over no older one."""
    model = MODEL.model_copy(update={"smoothing_days": 30})
    for days, rating in ((31, 1), (20, 2), (10, 3)):
        score(history, TODAY - timedelta(days), rating, model=model)
    assert score(history, TODAY, 4, model=model).scored.scores.smoothed.tolist() == [60.0]


@pytest.mark.parametrize("full", [False, True])
def test_ages_count_to_their_own_day(history: History, full: bool) -> None:
    """A raw date recorded in February is as old as it was in February."""
    model = load_preset("support")
    assert "days_to_renewal" in model.inputs
    frame = inputs(3).accounts.assign(renewal_date=pd.Series([pd.Timestamp(2026, 5, 20)]))
    sparse = model.model_copy(update={"min_coverage": 0.0})
    then = score(history, FEB, given=Inputs(frame, source="x"), model=sparse).scored.scores.total
    newer = sparse.model_copy(update={"version": "9.0"})
    now = score(history, TODAY, given=Inputs(frame, source="x"), model=newer, full=full)
    assert now.scored.previous.tolist() == then.tolist()
    assert not np.isnan(then).any()
