"""The waterfall of one account: the walk on floats is the walk on arrays."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.change import explain_change
from scoring.model import ScoreModel
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from scoring.rollup import roll_up, roll_up_total
from scoring.score import MANY, score_accounts
from scoring.waterfall import CAUSES, KINDS, NO_INPUT, Waterfall, change_one
from tests.scoring.rows import (
    AS_OF,
    day,
    dimension,
    many,
    metric,
    model_of,
    overrides,
    records,
    two_by_two,
)
from tests.scoring.test_properties import engine, models
from tests.workbook_templates.accounts import accounts

FULL = {"a": 90, "b": 50, "c": 70, "d": 30}  # x = 80, y = 50, total = 68


def change(
    model: ScoreModel,
    before: dict[str, Any],
    after: dict[str, Any],
    now: ScoreModel | None = None,
) -> Waterfall:
    """The waterfall between two records of one account."""
    then = score_one(before, model, as_of=AS_OF)
    return change_one(then, score_one(after, now or model, as_of=AS_OF))


def told(found: Waterfall) -> list[tuple[str, str, float]]:
    """Kind, input and points of each step."""
    return [(s.kind, s.key, round(s.points, 9)) for s in found.steps]


@st.composite
def versions(draw: st.DrawFn, model: ScoreModel) -> ScoreModel:
    """The same model, a later version with other weights, words and policy, or another model."""
    kind = draw(st.sampled_from(["same", "version", "other"]))
    if kind == "same":
        return model
    if kind == "other":
        return draw(models())
    data = model.model_dump()
    data["version"] = "9.0"
    data["typed"] = draw(st.sampled_from(["rating", "points"]))
    data["missing"] = draw(st.sampled_from(["reweight", "zero", "neutral"]))
    for part in data["dimensions"]:
        part["weight"] = draw(st.integers(1, 100))
        part["metrics"] = part["metrics"][draw(st.integers(0, 1)) :]
        for found in part["metrics"]:
            if found["curve"]["kind"] == "states":
                words = found["curve"]["points"]
                found["curve"]["points"] = [(w, draw(st.integers(0, 100))) for w, _ in words]
    return ScoreModel.model_validate(data)


@engine
@given(st.data())
def test_one_account_is_a_frame_of_one(data: st.DataObject) -> None:
    """Alone an account has the steps it has among many, and they sum to the difference."""
    model = data.draw(models())
    now = data.draw(versions(model))
    before = data.draw(records(model)) | data.draw(overrides())
    after = data.draw(records(now)) | data.draw(overrides())
    if data.draw(st.booleans()):  # most inputs stay as they were
        kept = {k: v for k, v in before.items() if k in now.inputs and k in model.inputs}
        after |= {} if now is not model else kept
    one = change(model, before, after, now)
    frame = explain_change(many(model, before), many(now, after))
    columns = (frame.steps[c] for c in ("kind", "key", "points"))
    among = list(zip(*columns, strict=True))
    assert [s[:2] for s in one.steps] == [s[:2] for s in among]
    assert [s.points for s in one.steps] == pytest.approx([s[2] for s in among], abs=1e-9)
    difference = one.after - one.before
    if math.isnan(difference):
        assert one.steps == ()
    else:
        assert math.fsum(s.points for s in one.steps) == pytest.approx(difference, abs=1e-9)
        assert frame.steps["points"].sum() == pytest.approx(difference, abs=1e-9)


def test_causes_in_their_order() -> None:
    """Steps stand in the order of the walk: what vanished, what moved, what came."""
    before = {"a": 90, "b": 50, "c": 70}
    after = {"a": 70, "c": 70, "d": 30}
    assert told(change(two_by_two(), before, after)) == [
        ("data vanished", "b", 6),  # x is 90 instead of 80, at 60 %
        ("behaviour", "a", -12),  # x is 70
        ("data appeared", "d", -8),  # y is 50 instead of 70, at 40 %
    ]


def test_a_typed_dimension_moves_as_itself() -> None:
    """A rating that a person changed is a step of the dimension, in whole points of the total."""
    model = load_preset("scorecard")
    before = {"outcomes": 4, "engagement": 3, "commercial": 3, "support_health": 2}
    found = change(model, before, {**before, "engagement": 5})
    # Engagement has 20 of the 70 that are known; two steps of a rating are 40 points.
    assert told(found) == [("behaviour", "engagement", round(40 * 20 / 70, 9))]


def test_another_model_comes_first() -> None:
    """Other weights are one step before all inputs."""
    heavier = model_of(
        dimension("x", 80, metric("a", 3), metric("b", 1)),
        dimension("y", 20, metric("c"), metric("d")),
        version="2.0",
    )
    found = change(two_by_two(), FULL, {**FULL, "d": 50}, heavier)
    assert told(found) == [("model", "", 6), ("behaviour", "d", 2)]


def test_what_is_put_on_top() -> None:
    """The neutral score of a new account, or an override, is the last step."""
    young = {**FULL, "start_date": day(3)}
    assert told(change(two_by_two(), young, FULL)) == [("shown", "", 18)]
    set_by_hand = {**FULL, "a": 70, "override_score": 90}
    assert told(change(two_by_two(), FULL, set_by_hand)) == [
        ("behaviour", "a", -9),
        ("shown", "", 31),
    ]


def test_nothing_in_common() -> None:
    """Where no input is known on both days all of them changed at once, in one step."""
    model = two_by_two(min_coverage=0.4)
    before, after = {"a": 90, "b": 90}, {"c": 40, "d": 40}
    assert told(change(model, before, after)) == [("replaced", "", -50)]
    other = model_of(dimension("z", 1, metric("e")), version="2.0")
    assert told(change(model, before, {"e": 30}, other)) == [("replaced", "", -60)]
    by_hand = {**after, "override_score": 70}
    steps = [("replaced", "", -50), ("shown", "", 30)]
    assert told(change(model, before, by_hand)) == steps


def test_first_data_of_a_new_account() -> None:
    """Where nothing was known before, the neutral score alone made way."""
    model = two_by_two()
    assert told(change(model, {"start_date": day(3)}, FULL)) == [("shown", "", 18)]
    assert told(change(model, FULL, {"start_date": day(3)})) == [("shown", "", -18)]


def test_without_a_score_there_are_no_steps() -> None:
    """Where one of the two has no score there is nothing to explain."""
    for before, after in (({}, FULL), (FULL, {}), ({}, {})):
        found = change(two_by_two(), before, after)
        assert found.steps == ()
        assert math.isnan(found.after - found.before)


def test_every_kind_has_its_words() -> None:
    """People read a word for each kind of step."""
    assert tuple(CAUSES) == KINDS
    assert NO_INPUT.keys() <= CAUSES.keys()
    assert all(text[0].isupper() for text in (*CAUSES.values(), *NO_INPUT.values()))


def test_one_account_needs_no_numpy() -> None:
    """Waterfall and drivers of one account load neither numpy nor pandas."""
    code = (
        "import sys, scoring.waterfall, scoring.drivers;"
        "print({'numpy', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("preset", preset_names())
def test_totals_of_a_walk_are_those_of_the_score(preset: str) -> None:
    """The total alone is bit for bit the total of the whole roll-up, for one account and many."""
    model = load_preset(preset)
    scores = score_accounts(accounts(model).accounts, model, as_of=AS_OF)
    values = [scores.values[k].to_numpy(float) for k in model.inputs]
    weights = [scores.weights[d.key].to_numpy(float) for d in model.dimensions]
    whole = roll_up(model, values, weights, MANY).total
    assert roll_up_total(model, values, weights, MANY).tobytes() == whole.tobytes()
    for i in range(len(scores)):
        own, shares = [float(x[i]) for x in values], [float(w[i]) for w in weights]
        total = roll_up_total(model, own, shares)
        assert total == whole[i] or (math.isnan(total) and math.isnan(whole[i]))
