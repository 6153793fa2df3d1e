"""Time through the store: late, missing and repeated snapshots, and accounts that are gone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.store import History
from pipeline.store.use import Remembered, score_with_history
from scoring.account_facts import gather
from scoring.change import explain_timeline
from scoring.history import score_before
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.timeline import Timeline, score_over_time
from scoring.trend import velocity, velocity_label
from tests.pipeline.store.samples import MODEL, TODAY, accounts


def ago(days: int) -> date:
    """A day before today."""
    return TODAY - timedelta(days)


def score(
    history: History, day: date, *ratings: float, model: ScoreModel = MODEL, first: int = 1
) -> Remembered:
    """Record accounts of these ratings for a day, with all that stood before it."""
    read = Inputs(accounts(*ratings, first=first), source="sample.xlsx")
    return score_with_history(read, model, history, as_of=day, today=TODAY, record=True, full=True)


def line(found: Remembered) -> Timeline:
    """The timeline of what was scored."""
    scored = found.scored
    inputs = scored.inputs
    return score_over_time(
        inputs.accounts, inputs.history, scored.scores.model, as_of=scored.scores.as_of
    )


@pytest.mark.parametrize("model", [MODEL, MODEL.model_copy(update={"smoothing_days": 30})])
def test_the_first_snapshot_has_no_change_and_no_velocity(
    history: History, model: ScoreModel
) -> None:
    """Nothing fell or rose where nothing stood before."""
    found = score(history, TODAY, 1, 5, model=model)
    assert np.isnan(found.scored.previous).all()
    timeline = line(found)
    assert (timeline.past, timeline.previous()) == ((), None)
    assert len(explain_timeline(timeline).steps) == 0
    assert len(score_before(timeline.history(), as_of=TODAY)) == 0


def test_a_late_snapshot_stands_at_its_day(history: History) -> None:
    """Recorded after a later one, it is what that one should have compared with, and today sees."""
    score(history, ago(28), 5)
    told = score(history, ago(7), 3)
    score(history, ago(14), 4)
    again = score(history, ago(7), 1)
    assert again.reproduced
    assert again.scored.previous.tolist() == told.scored.previous.tolist() == [100.0]
    timeline = line(score(history, TODAY, 2))
    assert [s.as_of for s in timeline.past] == [ago(28), ago(14), ago(7)]
    assert timeline.history()["score"].tolist() == [100.0, 80.0, 60.0]


def test_weeks_that_are_missing_do_not_dilute_the_mean(history: History) -> None:
    """The smoothed score is the mean of the snapshots there are in its days, each counted once."""
    model = MODEL.model_copy(update={"smoothing_days": 30})
    for day, rating in ((35, 1), (28, 2), (7, 3)):
        score(history, ago(day), rating, model=model)
    found = score(history, TODAY, 4, model=model).scored.scores
    assert found.smoothed.tolist() == [60.0]
    assert found.total.tolist() == [80.0]
    assert found.tier.tolist() == ["amber"]


@pytest.mark.parametrize(
    ("days", "over"),
    [((60, 33, 7), 33), ((90, 60), 60), ((14,), 14), ((27,), 27)],
    ids=["a month, and older ones", "a gap of two months", "two weeks old", "a short month"],
)
def test_velocity_counts_the_days_there_were(
    history: History, days: tuple[int, ...], over: int
) -> None:
    """Points a day are over the days between the two scores, whatever weeks are missing."""
    for day in days:
        score(history, ago(day), 5 if day == over else 1)
    found = score(history, TODAY, 3)
    (facts,) = gather(found.scored.inputs, MODEL, as_of=TODAY)
    assert facts.month_ago == (100.0, float(over))
    speed = velocity(facts.total, *facts.month_ago)
    assert speed == pytest.approx(-40 / over)
    assert velocity_label(speed).startswith("Declining")


def test_the_same_day_twice_is_one_snapshot(history: History) -> None:
    """A day that was scored twice, and again after a correction, counts once."""
    score(history, ago(7), 3)
    score(history, ago(7), 3)
    read = Inputs(accounts(4), source="sample.xlsx")
    score_with_history(read, MODEL, history, as_of=ago(7), today=TODAY, record=True, correct=True)
    timeline = line(score(history, TODAY, 5))
    assert timeline.history()["score"].tolist() == [80.0]
    assert len(history.of_account("S-001")) == 3


def test_an_account_that_is_gone_keeps_its_history(history: History) -> None:
    """It is no account of today, its snapshots are listed, and back again it compares with them."""
    score(history, ago(14), 3, 4)
    today = score(history, ago(7), 5)
    assert today.scored.scores.account_id.tolist() == ["S-001"]
    assert [f.account_id for f in gather(today.scored.inputs, MODEL, as_of=ago(7))] == ["S-001"]
    assert explain_timeline(line(today)).before.tolist() == [60.0]
    assert history.of_account("S-002")["score"].tolist() == [80.0]
    assert [(d.day, d.accounts) for d in history.days()] == [(ago(14), 2), (ago(7), 1)]
    back = score(history, TODAY, 5, 2)
    assert back.scored.previous.tolist() == [100.0, 80.0]


def test_the_earlier_days_of_a_version_are_told_by_it(history: History) -> None:
    """Of snapshots by an older version only the last one's step is the version's."""
    first, *others = MODEL.dimensions
    heavy = (first.model_copy(update={"weight": 90.0}), *others)
    newer = MODEL.model_copy(update={"version": "2.0", "dimensions": heavy})
    for day in (14, 7):
        frame = accounts(3).assign(product_adoption=5.0)
        score_with_history(
            Inputs(frame, source="x"), MODEL, history, as_of=ago(day), today=TODAY, record=True
        )
    timeline = line(score(history, TODAY, 3, model=newer))
    told = timeline.told
    assert told["told_score"].tolist() == [72.0, 72.0]
    assert set(told["told_by"]) == {MODEL.label}
    change = explain_timeline(timeline)
    assert change.before.tolist() == [72.0]
    steps = dict(zip(change.steps["kind"], change.steps["points"], strict=True))
    assert steps == {"version": pytest.approx(82.5 - 72.0), "behaviour": pytest.approx(-22.5)}


def test_only_the_chosen_accounts_are_read(history: History) -> None:
    """Some accounts' snapshots are those that they have among all, and nobody else's."""
    for day in (21, 14, 7):
        score(history, ago(day), 3, 4, 5)
    whole = history.earlier(MODEL, before=TODAY, full=True)
    some = history.earlier(MODEL, before=TODAY, full=True, accounts=["S-002", "S-009"])
    mine = whole[whole["account_id"] == "S-002"].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, mine)
    chosen = score_with_history(
        Inputs(accounts(1, 1, 1), source="x"), MODEL, history, as_of=ago(7), today=TODAY,
        record=False, choose=lambda names: [i for i, n in names.items() if n.endswith("03")],
    )  # fmt: skip
    assert chosen.reproduced
    assert chosen.scored.scores.total.tolist() == [100.0]
    assert list(chosen.names) == ["S-001", "S-002", "S-003"]
    assert set(chosen.past(["S-003"])["account_id"]) == {"S-003"}
