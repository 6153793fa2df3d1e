"""The waterfall of a change: every point has one cause."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.change import KINDS, explain_change, explain_timeline
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.timeline import Timeline, score_over_time
from tests.scoring.rows import AS_OF, day, dimension, many, metric, model_of, state, two_by_two

FULL = {"a": 90, "b": 50, "c": 70, "d": 30}  # x = 80, y = 50, total = 68


def steps(
    model: ScoreModel,
    before: dict[str, Any],
    after: dict[str, Any],
    now: ScoreModel | None = None,
) -> list[tuple[str, str, float]]:
    """Kind, input and points of each step of one account; they sum to the change."""
    change = explain_change(many(model, before), many(now or model, after))
    found = list(zip(change.steps["kind"], change.steps["key"], change.steps["points"],
                     strict=True))  # fmt: skip
    assert sum(p for _, _, p in found) == pytest.approx(change.after[0] - change.before[0])
    assert {kind for kind, _, _ in found} <= set(KINDS)
    return [(kind, key, round(points, 9)) for kind, key, points in found]


def test_behaviour() -> None:
    """What moved is named with the points it moved the score by, in the model's order."""
    assert steps(two_by_two(), FULL, {**FULL, "a": 70, "c": 80}) == [
        ("behaviour", "a", -9),
        ("behaviour", "c", 2),
    ]


def test_no_change_has_no_steps() -> None:
    """Two snapshots alike have nothing to explain."""
    assert steps(two_by_two(), FULL, FULL) == []


def test_data_that_vanished() -> None:
    """An input that went missing is told apart from one that fell."""
    after = {"a": 90, "c": 80, "d": 30}
    assert steps(two_by_two(), FULL, after) == [
        ("data vanished", "b", 6),
        ("behaviour", "c", 2),
    ]


def test_data_that_appeared() -> None:
    """An input that came is told apart from one that rose."""
    assert steps(two_by_two(), {"a": 90, "c": 70, "d": 30}, {**FULL, "c": 80}) == [
        ("behaviour", "c", 2),
        ("data appeared", "b", -6),
    ]


def test_a_value_that_grew_stale_vanished() -> None:
    """A value that no longer counts is data that vanished, not behaviour."""
    model = model_of(dimension("x", 1, metric("a", max_age_days=30), metric("b")))
    fresh = {"a": 100, "b": 50, "a_as_of": day(30)}
    assert steps(model, fresh, {**fresh, "a_as_of": day(31)}) == [("data vanished", "a", -25)]


def test_another_model() -> None:
    """What other weights give is a step of its own, before anything else."""
    heavier = model_of(
        dimension("x", 80, metric("a", 3), metric("b", 1)),
        dimension("y", 20, metric("c"), metric("d")),
        version="2.0",
    )
    assert steps(two_by_two(), FULL, {**FULL, "d": 50}, heavier) == [
        ("model", "", 6),
        ("behaviour", "d", 2),
    ]


def test_another_segment() -> None:
    """Weights of another segment are a step of the model, not of behaviour."""
    model = load_preset("four-dimension")
    typed = {"usage": 55, "engagement": 72, "sentiment": 61, "financial": 85}
    found = steps(model, {**typed, "segment": "smb"}, {**typed, "segment": "enterprise"})
    assert found == [("model", "", round(66.1 - 64.4, 9))]


def test_a_new_metric_of_a_new_version() -> None:
    """A metric that only the new model has is data that appeared."""
    old = model_of(dimension("x", 1, metric("a")))
    new = model_of(dimension("x", 1, metric("a"), metric("b")), version="2.0")
    assert steps(old, {"a": 80}, {"a": 80, "b": 40}, new) == [("data appeared", "b", -20)]


def test_a_word_worth_other_points() -> None:
    """A word that stayed while the new model gives it other points is the model's step."""
    old = model_of(dimension("x", 1, state("a", ("Yes", 100), ("Partly", 50), ("No", 0))))
    new = model_of(
        dimension("x", 1, state("a", ("Yes", 100), ("Partly", 40), ("No", 0))), version="2.0"
    )
    assert steps(old, {"a": "Partly"}, {"a": "Partly"}, new) == [("model", "", -10)]
    assert steps(old, {"a": "Partly"}, {"a": "Yes"}, new) == [
        ("model", "", -10),
        ("behaviour", "a", 60),
    ]


def test_words_that_were_worth_the_same() -> None:
    """Of two words with the same points, the one that explains today's value is taken."""
    old = model_of(dimension("x", 1, state("a", ("Yes", 90), ("Mostly", 90), ("Gone", 10))))
    new = model_of(dimension("x", 1, state("a", ("Yes", 100), ("Mostly", 80))), version="2.0")
    for word, points in (("Yes", 10), ("Mostly", -10)):
        assert steps(old, {"a": word}, {"a": word}, new) == [("model", "", points)]
    assert steps(old, {"a": "Gone"}, {"a": "Yes"}, new) == [("behaviour", "a", 90)]


def test_ratings_that_became_points() -> None:
    """A rating of 4 and 80 points are the same, whichever the model asks people to type."""
    ratings, points = two_by_two(typed="rating"), two_by_two(version="2.0")
    was, now = {"x": 4, "y": 3}, {"x": 80, "y": 70}
    assert steps(ratings, was, now, points) == [("behaviour", "y", 4)]
    assert steps(points, now, was, ratings) == [("behaviour", "y", -4)]


def test_a_typed_dimension_that_came() -> None:
    """A rating that a person typed over the metrics is data that appeared."""
    assert steps(two_by_two(), FULL, {**FULL, "y": 100}) == [("data appeared", "y", 20)]


def test_what_is_put_on_top() -> None:
    """An override, or the neutral score of a new account, is a step beside the metrics'."""
    after = {**FULL, "a": 70, "override_score": 90}
    assert steps(two_by_two(), FULL, after) == [("behaviour", "a", -9), ("shown", "", 31)]
    young = {**FULL, "start_date": day(3)}
    assert steps(two_by_two(), young, FULL) == [("shown", "", 18)]


def test_snapshots_that_share_nothing() -> None:
    """Where no input is known on both days there is one step for the whole change."""
    before, after = {"a": 90, "b": 90}, {"c": 40, "d": 40}
    found = steps(two_by_two(min_coverage=0.4), before, after)
    assert [p for _, _, p in found] == [-50]


def test_no_score_has_no_steps() -> None:
    """Without a score on one of the two days there is nothing to explain."""
    assert steps_of_missing({}, FULL) == steps_of_missing(FULL, {}) == 0


def steps_of_missing(before: dict[str, Any], after: dict[str, Any]) -> int:
    """How many steps there are where a score is missing."""
    change = explain_change(many(two_by_two(), before), many(two_by_two(), after))
    assert np.isnan(change.after - change.before).all()
    return len(change.steps)


def test_ratings_move_in_whole_steps() -> None:
    """Under whole ratings a metric that does not move the rating has no step."""
    model = model_of(dimension("x", 1, metric("a"), metric("b")), typed="rating")
    assert steps(model, {"a": 50, "b": 50}, {"a": 60, "b": 60}) == []
    assert steps(model, {"a": 50, "b": 50}, {"a": 60, "b": 80}) == [("behaviour", "b", 20)]


def test_each_account_has_its_own_steps() -> None:
    """Steps of many accounts stand row by row and never mix."""
    model = two_by_two()
    olds = [FULL, {}, FULL, {"a": 90, "c": 70, "d": 30}]
    news = [FULL, FULL, {**FULL, "d": 40}, FULL]
    change = explain_change(many(model, *olds), many(model, *news))
    assert list(change.steps["row"]) == [2, 3]
    assert list(change.steps["key"]) == ["d", "b"]
    assert list(change.steps["points"]) == pytest.approx([2, -6])


def test_no_accounts() -> None:
    """No accounts have no steps."""
    empty = many(two_by_two(), FULL)
    change = explain_change(*(many_none(), many_none()))
    assert (len(change.steps), len(change.before)) == (0, 0)
    assert len(explain_change(empty, empty).steps) == 0


def many_none() -> Any:
    """Scores of no accounts."""
    from scoring.timeline import take

    return take(many(two_by_two(), FULL), [])


def test_other_accounts_are_refused() -> None:
    """Snapshots of other accounts, or in another order, cannot be compared."""
    model = two_by_two()
    one, two = many(model, FULL), many(model, FULL, FULL)
    with pytest.raises(ValueError, match="same accounts in the same order"):
        explain_change(one, two)


def test_the_fall_of_002() -> None:
    """The fall from 78 to 68 over a quarter comes out as usage and sentiment, and nothing else."""
    model = load_preset("four-dimension-2")
    keys = [d.key for d in model.dimensions]
    before = dict(zip(keys, (73.5, 72, 83.5, 85), strict=True))
    after = dict(zip(keys, (55, 72, 61, 85), strict=True))
    change = explain_change(many(model, before), many(model, after))
    assert (round(change.before[0]), round(change.after[0])) == (78, 68)
    assert list(change.steps["key"]) == [keys[0], keys[2]]
    assert list(change.steps["points"]) == pytest.approx([-5.55, -4.5])


# With the model's version as a step of its own

HEAVIER = model_of(
    dimension("x", 80, metric("a", 3), metric("b", 1)),
    dimension("y", 20, metric("c"), metric("d")),
    version="2.0",
)


def line_of(today: dict[str, Any], *history: dict[str, Any]) -> Timeline:
    """A timeline of account A under the heavier model; earlier rows name their days."""
    now = pd.DataFrame([{"account_id": "A", **today}])
    past = pd.DataFrame([{"account_id": "A", **row} for row in history])
    return score_over_time(now, past, HEAVIER, as_of=AS_OF)


def told(model: ScoreModel, **values: Any) -> dict[str, Any]:
    """What a model said of these inputs, as a history row tells it."""
    scores = many(model, values)
    said = {"told_score": scores.total[0], "told_tier": scores.tier[0], "told_by": model.label}
    return {**values, **said}


def test_the_models_version_is_a_step() -> None:
    """From the old model's score (A) to the new one's of the same inputs (B), then to today (C)."""
    line = line_of({**FULL, "d": 50}, {"date": day(7), **told(two_by_two(), **FULL)})
    change = explain_timeline(line)
    assert (change.before[0], change.after[0]) == (68, 76)
    found = change.steps[["row", "kind", "key"]].to_numpy().tolist()
    assert found == [[0, "version", ""], [0, "behaviour", "d"]]
    assert change.steps["points"].tolist() == pytest.approx([6, 2])
    assert line.told_before().to_numpy().tolist() == [[68.0, "amber", two_by_two().label]]


def test_a_version_that_changes_no_score_has_no_step() -> None:
    """The same inputs under a version that scores them alike leave behaviour alone."""
    line = line_of({**FULL, "a": 80}, {"date": day(7), **told(HEAVIER, **FULL)})
    assert set(explain_timeline(line).steps["kind"]) == {"behaviour"}


def test_only_the_last_snapshots_version_counts() -> None:
    """What an older version said of an older day is no part of the change since the last day."""
    older = {"date": day(14), **told(two_by_two(), **FULL)}
    line = line_of(FULL, older, {"date": day(7), **FULL, "told_score": np.nan})
    change = explain_timeline(line)
    assert len(change.steps) == 0
    assert change.before[0] == change.after[0]
    assert len(line.told_before()) == 0


def test_accounts_without_an_earlier_score_have_no_steps() -> None:
    """Steps count today's accounts, and those that are new or without a score have none."""
    old = [{"account_id": i, "date": day(7), **told(two_by_two(), **FULL)} for i in "BCZ"]
    rows = [{"account_id": "A", **FULL}, {"account_id": "B", **FULL}, {"account_id": "C"}]
    line = score_over_time(pd.DataFrame(rows), pd.DataFrame(old), HEAVIER, as_of=AS_OF)
    change = explain_timeline(line)
    assert change.steps[["row", "kind"]].to_numpy().tolist() == [[1, "version"]]
    assert np.isnan(change.before).tolist() == [True, False, False]
    alone = score_over_time(pd.DataFrame(rows), pd.DataFrame(), HEAVIER, as_of=AS_OF)
    assert len(explain_timeline(alone).steps) == 0
    assert np.isnan(explain_timeline(alone).before).all()
