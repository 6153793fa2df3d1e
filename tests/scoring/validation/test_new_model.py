"""A new model version: what changed, where it says so, and that it is a whole model."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from scoring.errors import HealthSheetError, ModelError
from scoring.lint import lint_model
from scoring.model import ScoreModel
from scoring.model_sheet import model_from_rows, model_to_rows
from scoring.presets import load_preset, model_from_toml, model_to_toml
from scoring.validation.drops import without
from scoring.validation.new_model import advised_kinds, new_model, next_version
from scoring.validation.records import Change, Interval, Recommendation
from scoring.validation.reweigh import Weights, current, whole, with_weights
from scoring.validation.suggest_words import Kind, weight_changes
from tests.scoring.validation.companies import simple_model

MADE = date(2026, 3, 1)
SAID = "fitted on 412 outcomes, 2026-03-01"


def recommended(kind: Kind, *changes: Change) -> Recommendation:
    """A recommendation to make these changes."""
    return Recommendation(
        kind=kind, verdict="recommended", headline="+0.03 AUC", reason="", measure="AUC",
        gain=Interval(value=0.03, low=0.01, high=0.05), changes=changes,
    )  # fmt: skip


def weights(model: ScoreModel, *shares: float, metrics: bool = False) -> Recommendation:
    """A recommendation of these dimension weights; with metrics, of the reverse inside, too."""
    was = current(model)
    inner = was.metrics.copy()
    if metrics:
        at = 0
        for d in model.dimensions:
            inner[at : at + len(d.metrics)] = whole(inner[at : at + len(d.metrics)][::-1])
            at += len(d.metrics)
    new = with_weights(model, Weights(np.array(shares), inner))
    return recommended("weights", *weight_changes(model, new, metrics=metrics))


def tiers(green: float, amber: float) -> Recommendation:
    """A recommendation of these cuts."""
    return recommended(
        "tiers",
        Change(key="green", name="Green", current=80, proposed=green),
        Change(key="amber", name="Amber", current=60, proposed=amber),
    )


def drop(model: ScoreModel, *keys: str) -> Recommendation:
    """A recommendation to drop metrics."""
    return recommended("metrics", *(
        Change(key=m.key, name=m.name, current=0.33, proposed=0.0)
        for m in model.metrics if m.key in keys
    ))  # fmt: skip


def made(model: ScoreModel, *found: Recommendation, **how: object) -> ScoreModel:
    """The new version."""
    return new_model(model, found, made=MADE, source="412 outcomes", **how)  # type: ignore[arg-type]


def test_weights_change_and_say_so() -> None:
    """Each changed weight tells what it was fitted on and what it was; others keep their source."""
    new = made(simple_model(), weights(simple_model(), 0.2, 0.35, 0.45))
    assert [d.weight for d in new.dimensions] == [20, 35, 45]
    assert [d.source for d in new.dimensions] == [
        f"test; {SAID} (was 40)", "test", f"test; {SAID} (was 25)",
    ]  # fmt: skip
    assert {m.source for m in new.metrics} == {"test"}
    assert (new.name, new.version, new.label) == ("planted", "1.1", "planted 1.1")


def test_it_is_the_model_that_was_measured() -> None:
    """Weights, segments and onboarding are those of the fit, number for number."""
    model = load_preset("four-dimension")
    found = weights(model, 0.42, 0.25, 0.18, 0.15, metrics=True)
    new = made(model, found)
    inner = [c.proposed for c in found.changes if c.of]
    measured = with_weights(model, Weights(np.array([0.42, 0.25, 0.18, 0.15]), np.array(inner)))
    for a, b in zip(new.dimensions, measured.dimensions, strict=True):
        assert (a.weight, a.segment_weights, a.onboarding_weight) == (
            b.weight, b.segment_weights, b.onboarding_weight,
        )  # fmt: skip
        assert [m.weight for m in a.metrics] == [m.weight for m in b.metrics]


def test_tiers_change_and_the_model_says_so() -> None:
    """Tiers have no source of their own: the model's tells of them."""
    new = made(simple_model(), tiers(75, 58))
    assert [t.starts_at for t in new.tiers] == [75, 58, 0]
    assert new.source == f"test; tiers {SAID} (were 80 and 60)"


def test_metrics_go_and_others_take_their_weight() -> None:
    """A dropped metric is gone, the model names it, and who has its weight says so."""
    model = simple_model()
    new = made(model, drop(model, "beta_2"))
    assert [m.key for m in new.dimensions[1].metrics] == ["beta_1", "beta_3"]
    assert new.dimensions[1].metrics[0].source == f"test; {SAID} (was 34)"
    assert new.source == f"test; without Beta 2: no power {SAID}"
    assert new.dimensions[1].metrics == tuple(
        m.model_copy(update={"source": f"test; {SAID} (was {w})"})
        for m, w in zip(without(model, {"beta_2"}).dimensions[1].metrics, (34, 33), strict=True)
    )


def test_all_together() -> None:
    """Weights, then drops, then tiers make one valid model."""
    model = simple_model()
    new = made(model, weights(model, 0.2, 0.35, 0.45), tiers(75, 58),
               drop(model, "alpha_1", "alpha_2", "alpha_3"))  # fmt: skip
    assert [(d.key, d.weight) for d in new.dimensions] == [("beta", 44), ("gamma", 56)]
    assert ScoreModel.model_validate(new.model_dump()) == new


def test_only_what_was_chosen() -> None:
    """Kinds that are not asked for stay as they are."""
    model = simple_model()
    found = (weights(model, 0.2, 0.35, 0.45), tiers(75, 58))
    assert made(model, *found, which=("tiers",)).dimensions == model.dimensions
    assert made(model, *found, which=("weights",)).tiers == model.tiers


def test_a_second_fit_replaces_what_the_first_said() -> None:
    """Sources do not grow from fit to fit."""
    model = simple_model()
    once = made(model, weights(model, 0.2, 0.35, 0.45))
    twice = new_model(
        once, [weights(once, 0.3, 0.3, 0.4)], made=date(2026, 9, 1), source="500 outcomes"
    )
    assert twice.version == "1.2"
    assert twice.dimensions[0].source == "test; fitted on 500 outcomes, 2026-09-01 (was 20)"


@pytest.mark.parametrize(
    ("version", "used", "after"),
    [("1.0", (), "1.1"), ("1.9", (), "1.10"), ("2", (), "3"), ("1.0.3", (), "1.0.4"),
     ("1.0", ("1.1", "1.2"), "1.3")],
)  # fmt: skip
def test_versions(version: str, used: tuple[str, ...], after: str) -> None:
    """The last number rises, past those that are taken."""
    assert next_version(version, used) == after


@pytest.mark.parametrize(
    "name", ["scorecard", "four-dimension", "four-dimension-2", "support", "signals"]
)
def test_every_preset_makes_a_whole_model(name: str) -> None:
    """It round-trips through TOML and the Model sheet, and lint warns of nothing but ranges."""
    model = load_preset(name)
    count = len(model.dimensions)
    shares = whole(current(model).dimensions[::-1])
    changed = [
        weights(model, *shares, metrics=True),
        tiers(77, 55),
        drop(model, model.metrics[0].key),
    ]
    new = made(model, *changed)
    assert len(new.dimensions) == count
    assert model_from_toml(model_to_toml(new), "test") == new
    assert model_from_rows(model_to_rows(new), "test") == new
    before = {f.code for f in lint_model(model)}
    assert {f.code for f in lint_model(new)} - before <= {"outside-typical-range", "little-leading"}
    assert "weights-not-100" not in {f.code for f in lint_model(new)} - before


def test_nothing_to_recommend_is_refused() -> None:
    """The message says what, why and what to do next."""
    model = simple_model()
    kept = Recommendation(
        kind="weights", verdict="not enough evidence", reason="", measure="AUC", gain=Interval(),
        headline="Not enough evidence for other weights: 80 churned cases more needed",
    )  # fmt: skip
    with pytest.raises(HealthSheetError, match="80 churned cases more needed") as caught:
        made(model, kept)
    assert "planted 1.0" in str(caught.value)
    assert "validate again" in str(caught.value)
    with pytest.raises(ModelError, match="no outcomes were looked at"):
        made(model)
    with pytest.raises(ModelError, match=r"No change of planted 1\.0"):
        made(model, tiers(75, 58), which=("weights",))


def test_recommendations_of_another_model_are_refused() -> None:
    """Cuts that cross are no model: the message names the model and the next step."""
    with pytest.raises(ModelError, match=r"does not fit planted 1\.0"):
        made(simple_model(), tiers(50, 58))


def test_one_kind_of_change_at_a_time() -> None:
    """Weights come before metrics and tiers, which are to be looked at again."""
    model = simple_model()
    weighed, cut = weights(model, 0.2, 0.35, 0.45), tiers(75, 58)
    gone = drop(model, "beta_2")
    assert advised_kinds((weighed, cut, gone)) == ("weights", "metrics", "tiers")
    assert advised_kinds((cut, gone)) == ("metrics", "tiers")
    assert advised_kinds((cut,)) == ("tiers",)
    assert advised_kinds(()) == ()
