"""Score models as TOML: round trips, and every fault with its place and next step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from scoring.errors import ModelError
from scoring.model import ScoreModel
from scoring.presets import load_preset, model_from_toml, model_to_toml, preset_names
from tests.scoring.models import score_models

NAMES = preset_names()
ONE_DIMENSION = """
name = "own"
version = "1.0"
title = "Own"
source = "ours"
typed = "points"
tiers = [
    { key = "green", label = "Green", starts_at = 80 },
    { key = "amber", label = "Amber", starts_at = 60 },
    { key = "red", label = "Red", starts_at = 0 },
]
[[dimensions]]
key = "usage"
name = "Usage"
weight = 100
source = "ours"
[[dimensions.metrics]]
key = "logins"
name = "Logins"
weight = 1
unit = "per_week"
source = "ours"
curve = { kind = "linear", points = [[0, 0], [4.5, 100]] }
"""


@pytest.mark.parametrize("preset", NAMES)
def test_toml_round_trip(preset: str) -> None:
    """A preset written as TOML reads back as the same model."""
    model = load_preset(preset)
    again = model_from_toml(model_to_toml(model), "test")
    assert again == model
    assert again.digest == model.digest


@given(score_models())
@settings(max_examples=60, deadline=None)
def test_any_model_round_trips_through_toml(model: ScoreModel) -> None:
    """Any model written as TOML reads back as the same model."""
    again = model_from_toml(model_to_toml(model), "test")
    assert again == model
    assert again.digest == model.digest


def test_toml_keeps_quotes_backslashes_and_control_characters() -> None:
    """TOML keeps quotes backslashes and control characters."""
    text = 'He said "48\\%"\x7f\ttab'
    model = load_preset("signals").model_copy(update={"source": text})
    assert model_from_toml(model_to_toml(model), "test").source == text


def test_preset_is_one_object_whatever_its_case() -> None:
    """Preset is one object whatever its case."""
    assert load_preset("scorecard") is load_preset("scorecard")
    assert load_preset(" Scorecard ") == load_preset("scorecard")


def test_unknown_preset_names_the_closest_and_all() -> None:
    """Unknown preset names the closest and all."""
    with pytest.raises(ModelError) as caught:
        load_preset("suport")
    message = str(caught.value)
    assert 'There is no preset "suport". Did you mean "support"?' in message
    assert all(name in message for name in NAMES)


def test_unknown_preset_unlike_any_gets_no_guess() -> None:
    """Unknown preset unlike any gets no guess."""
    with pytest.raises(ModelError) as caught:
        load_preset("zzz")
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("weight = 1\n", "weight = 0\n",
         "own.toml: dimensions[0].metrics[0].weight: must be more than 0"),
        ("weight = 1\n", 'weight = "a"\n',
         "dimensions[0].metrics[0].weight: must be a number, it is 'a'. Type a number."),
        ("weight = 100\n", "", "dimensions[0].weight: is missing. Add it."),
        ("weight = 100\n", "weight = 100\ncolour = 3\n",
         "dimensions[0].colour: is not a property of a model. Remove it or correct its spelling."),
        ('unit = "per_week"', 'unit = "weekly"', "dimensions[0].metrics[0].unit: must be"),
        ('unit = "per_week"', 'unit = "state"',
         "dimensions[0].metrics[0]: metric logins: unit 'state' and a states curve go together"),
        ('kind = "linear"', 'kind = "cubic"', "dimensions[0].metrics[0].curve: must be"),
        ('kind = "linear", ', "", "curve: names no kind of curve. Set it to linear or states."),
        ("[4.5, 100]", "[-1, 100]",
         "metrics[0].curve.points: raw values must rise from left to right, got [0.0, -1.0]."),
        ("[4.5, 100]", "[4.5, 101]", "curve.points: points must lie in 0 to 100"),
        ("[[0, 0], [4.5, 100]]", "[[0, 0]]", "curve.points: needs at least 2, it has 1."),
        ('key = "logins"', 'key = "Logins a week"',
         "metrics[0].key: 'Logins a week' is not a key. Use small letters, digits"),
        ('version = "1.0"', 'version = "new"', 'version: \'new\' is not a version. Write numbers'),
        ('version = "1.0"', "version = 1.0", "version: must be text, it is 1. Put it in quotes."),
        ('name = "own"', 'name = "My Own"', "name: 'My Own' is not a model name."),
        ("starts_at = 60", "starts_at = 90", "the model: tiers must start at falling scores"),
        ('key = "logins"', 'key = "usage"', "the model: each key may stand once in a model"),
        ('key = "usage"\nname', 'key = "usage"\naliases = ["a;b"]\nname',
         "dimensions[0].aliases[0]: 'a;b' is not one header."),
        ('key = "logins"', 'key = "logins"\nmax_age_days = 1.5',
         "max_age_days: must be a whole number, it is 1.5"),
        ('key = "logins"', 'key = "logins"\nleading = "often"',
         "leading: must be true or false, it is 'often'."),
        ("[[dimensions.metrics]]", "[[dimensions.metrics", "own.toml: not valid TOML:"),
    ],
)  # fmt: skip
def test_faulty_toml_names_place_fault_and_next_step(old: str, new: str, expected: str) -> None:
    """Faulty TOML names place fault and next step."""
    assert old in ONE_DIMENSION
    with pytest.raises(ModelError) as caught:
        model_from_toml(ONE_DIMENSION.replace(old, new, 1), "own.toml")
    assert expected in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    """All faults are told at once."""
    text = ONE_DIMENSION.replace('title = "Own"', "").replace("weight = 1\n", "weight = -1\n")
    with pytest.raises(ModelError) as caught:
        model_from_toml(text, "own.toml")
    assert str(caught.value).splitlines() == [
        "own.toml: 2 faults in the score model",
        "  title: is missing. Add it.",
        "  dimensions[0].metrics[0].weight: must be more than 0, it is -1. Type a larger number.",
    ]


def test_infinite_ends_are_open() -> None:
    """Infinite ends are open."""
    text = ONE_DIMENSION.replace('unit = "per_week"', 'unit = "per_week"\nscale = [0, inf]')
    assert model_from_toml(text, "own.toml").metrics[0].scale == (0, None)


@pytest.mark.parametrize("broken", ["dimensions = 3", 'dimensions = ["usage"]'])
def test_dimensions_of_another_shape_are_a_fault(broken: str) -> None:
    """Dimensions of another shape are a fault."""
    text = ONE_DIMENSION.split("[[dimensions]]")[0] + broken
    with pytest.raises(ModelError, match="dimensions"):
        model_from_toml(text, "own.toml")
