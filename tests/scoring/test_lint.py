"""Lint rules: each fires on its own fault and stays silent without it."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.lint import Finding, leading_share, lint_model
from scoring.model import ScoreModel
from scoring.presets import load_preset, preset_names
from tests.scoring.models import small_data


def changed(path: str, value: Any) -> ScoreModel:
    """The small model with one part replaced: ``dimensions.0.weight``."""
    data: Any = small_data()
    target = data
    *parents, last = path.split(".")
    for part in parents:
        target = target[int(part)] if part.isdigit() else target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return ScoreModel.model_validate(data)


def codes(model: ScoreModel) -> list[str]:
    return [finding.code for finding in lint_model(model)]


def only(model: ScoreModel, code: str) -> Finding:
    found = [finding for finding in lint_model(model) if finding.code == code]
    assert len(found) == 1, found
    return found[0]


def test_clean_model_but_for_its_heavy_metric() -> None:
    """The small model breaks one rule and no other."""
    assert codes(ScoreModel.model_validate(small_data())) == ["one-metric-rules"]


def test_balanced_model_is_clean() -> None:
    """A model that keeps all rules has no findings."""
    data = small_data()
    for metric in data["dimensions"][0]["metrics"]:
        metric["weight"] = 50
    assert lint_model(ScoreModel.model_validate(data)) == []


def test_more_than_ten_metrics() -> None:
    """Ten metrics are fine, eleven are a finding."""
    data = small_data()
    first = data["dimensions"][0]["metrics"][0]
    for count, expected in ((10, False), (11, True)):
        metrics = [{**first, "key": f"m{k}", "weight": 1} for k in range(count)]
        data["dimensions"][0]["metrics"] = metrics
        model = ScoreModel.model_validate(data)
        assert ("too-many-metrics" in codes(model)) is expected
    assert "11 metrics" in only(model, "too-many-metrics").message


def test_leading_share_below_seventy_per_cent() -> None:
    """Too little weight on leading metrics is a finding with the share."""
    model = changed("dimensions.0.metrics.1.leading", False)
    assert leading_share(model) == pytest.approx(0.6)
    assert "60.0% of the weight" in only(model, "little-leading").message


def test_leading_share_of_exactly_seventy_per_cent_is_enough() -> None:
    """Leading share of exactly seventy per cent is enough."""
    assert leading_share(load_preset("signals")) == pytest.approx(0.7)
    assert "little-leading" not in codes(load_preset("signals"))


@pytest.mark.parametrize(
    ("path", "value", "where", "setting"),
    [
        ("dimensions.0.weight", 100, "dimensions[0].weight", "base"),
        ("dimensions.0.onboarding_weight", 41, "dimensions[0].onboarding_weight", "onboarding"),
        ("dimensions.0.segment_weights", {"smb": 29},
         "dimensions[0].segment_weights.smb", "smb"),
    ],
)  # fmt: skip
def test_weight_outside_its_typical_range(path: str, value: Any, where: str, setting: str) -> None:
    """Base, segment and onboarding weights are each held to the typical range."""
    data = small_data()
    data["dimensions"][0] |= {"weight": 40, "weight_range": [30, 40], "segment_weights": {}}
    data["dimensions"][0][path.rsplit(".", 1)[1]] = value
    finding = only(ScoreModel.model_validate(data), "outside-typical-range")
    assert finding.where == where
    assert f"({setting}); its source calls 30 to 40 typical" in finding.message


@pytest.mark.parametrize(
    ("path", "value", "where", "message"),
    [
        ("dimensions.0.weight", 99, "dimensions.weight", "The base weights sum to 99, not 100."),
        ("dimensions.0.segment_weights.smb", 90, "dimensions.segment_weights.smb",
         "The smb weights sum to 90, not 100."),
        ("dimensions.0.onboarding_weight", 80, "dimensions.onboarding_weight",
         "The onboarding weights sum to 80, not 100."),
        ("dimensions.0.metrics.0.weight", 50, "dimensions[0].metrics",
         "The metric weights of Usage sum to 90, not 100."),
    ],
)  # fmt: skip
def test_weights_that_do_not_sum_to_a_hundred(
    path: str, value: Any, where: str, message: str
) -> None:
    """Weights of each setting and of each dimension should sum to 100."""
    finding = only(changed(path, value), "weights-not-100")
    assert (finding.where, finding.message) == (where, message)


def test_metric_without_an_age_limit() -> None:
    """A metric without an age limit is a finding."""
    finding = only(changed("dimensions.0.metrics.1.max_age_days", None), "no-age-limit")
    assert finding.where == "dimensions[0].metrics[1].max_age_days"
    assert finding.message.startswith("Sponsor never gets too old")


def test_one_metric_with_more_than_half_of_the_total() -> None:
    """One metric with more than half of the total is a finding."""
    finding = only(ScoreModel.model_validate(small_data()), "one-metric-rules")
    assert finding.message == "Logins alone carries 60.0% of the score."
    assert finding.where == "dimensions[0].metrics[0].weight"


def test_breakpoint_that_no_valid_value_reaches() -> None:
    """A breakpoint outside the scale is a finding."""
    model = changed("dimensions.0.metrics.0.scale", [0, 1])
    finding = only(model, "breakpoint-outside-scale")
    assert "a breakpoint at 5" in finding.message
    assert finding.where == "dimensions[0].metrics[0].curve"


def test_segments_without_weights_of_their_own() -> None:
    """A segment without own weights is told, not warned of."""
    finding = only(load_preset("four-dimension"), "segment-without-weights")
    assert finding.message == "No weights of their own for mid_market; the base weights count."
    assert finding.severity == "info"


def test_thresholds_marked_as_ours() -> None:
    """Figures marked as ours are told, not warned of."""
    model = changed("dimensions.0.metrics.1.source", "003 somewhere; ours: a guess")
    finding = only(model, "threshold-ours")
    assert finding.message == "Figures that no document gives (1): sponsor."
    assert finding.severity == "info"


def test_smb_weights_of_001_leave_its_own_typical_ranges() -> None:
    """SMB weights of 001 leave its own typical ranges."""
    found = [f for f in lint_model(load_preset("four-dimension")) if "typical" in f.code]
    assert [f.where for f in found] == [
        "dimensions[0].segment_weights.smb",
        "dimensions[1].segment_weights.smb",
    ]
    assert "Usage weighs 40 (smb); its source calls 30 to 35 typical." in found[0].message


@pytest.mark.parametrize("preset", preset_names())
def test_presets_break_no_rule_that_is_ours_to_keep(preset: str) -> None:
    """Presets break no rule that is ours to keep."""
    unexpected = {
        "weights-not-100", "no-age-limit", "one-metric-rules", "breakpoint-outside-scale",
    }  # fmt: skip
    assert not unexpected & set(codes(load_preset(preset)))


def test_signals_has_no_warning() -> None:
    """Signals has no warning."""
    assert {f.severity for f in lint_model(load_preset("signals"))} == {"info"}


@pytest.mark.parametrize("preset", preset_names())
def test_lint_changes_nothing_and_puts_warnings_first(preset: str) -> None:
    """Lint changes nothing and puts warnings first."""
    model = load_preset(preset)
    before = model.digest
    severities = [f.severity for f in lint_model(model)]
    assert severities == sorted(severities, reverse=True)
    assert model.model_copy().digest == before


def test_a_model_of_typed_dimensions_only() -> None:
    """A model without metrics has nothing to lint."""
    model = changed("dimensions.0.metrics", [])
    assert leading_share(model) == 0
    assert codes(model) == []
