"""The table of efforts: what it holds, what is refused, and the ways a metric can move."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from scoring.errors import DataError
from scoring.judgement.effort import Effort, efforts_from_toml, load_efforts, options
from scoring.levers import Lever, levers
from scoring.model import Unit
from scoring.one import score_one
from scoring.presets import load_preset, preset_names
from tests.scoring.rows import dimension, metric, model_of, near, state


def lever(value: float | str, **more: Any) -> Lever:
    """The lever of a one-metric model."""
    own = state("m", ("Good", 100), ("Fair", 50), ("Poor", 0)) if isinstance(value, str) else None
    model = model_of(dimension("d", 1, own or metric("m", **more)))
    return levers(score_one({"m": value}, model))[0][0]


def stops(found: Lever, effort: Effort) -> list[tuple[float | str, float]]:
    """Value and days of each way."""
    return [(o.stop.value, o.days) for o in options(found, effort)]


def test_every_metric_of_the_presets_is_listed() -> None:
    """No metric of ours is moved by a guess from its unit."""
    known = load_efforts().metrics
    wanted = {m.key for name in preset_names() for m in load_preset(name).metrics}
    assert wanted - set(known) - {"days_to_renewal"} == set()
    assert set(get_args(Unit)) <= set(load_efforts().units)


@pytest.mark.parametrize("key", ["arr_growth", "expansions_12m", "expansion_history"])
def test_what_a_month_cannot_change_does_not_move(key: str) -> None:
    """Yearly counts and histories have no effort."""
    assert load_efforts().of(replace(lever(5.0), key=key)) is None


def test_an_unlisted_count_of_a_year_does_not_move() -> None:
    """A metric of a company's own that counts 12 months stays where it is; others go by unit."""
    table = load_efforts()
    assert table.of(replace(lever(5.0), key="own_thing_12m")) is None
    assert table.of(replace(lever(5.0), key="own_thing")) == table.units["points"]


def test_numbers_move_to_round_steps() -> None:
    """48 goes to 50, 55, 60 within a reach of 12: in halves of a day, rounded up."""
    effort = Effort(days=1, step=5, reach=12)
    assert stops(lever(48.0), effort) == [(50.0, 0.5), (55.0, 1.5), (60.0, 2.5)]


def test_the_best_itself_is_a_stop() -> None:
    """A healthy edge between two steps is reached, and nothing beyond it."""
    effort = Effort(days=2, step=5, reach=50)
    assert stops(lever(88.0, healthy=(93, None)), effort) == [(90.0, 1.0), (93.0, 2.0)]


def test_falling_is_a_way_too() -> None:
    """What is healthy when low moves down."""
    falling = {"kind": "linear", "points": ((0, 100), (100, 0))}
    found = lever(23.0, curve=falling, healthy=(None, 10))
    assert stops(found, Effort(1, 5, 12)) == [(20.0, 1.0), (15.0, 2.0)]


def test_without_a_step_it_moves_at_once() -> None:
    """A call ends a silence of any length for the same work."""
    assert stops(lever(8.0), Effort(days=1.5)) == [(100.0, 1.5)]


def test_a_reach_below_a_step_is_gone_all_the_same() -> None:
    """Between two round values the reach itself is the stop."""
    assert stops(lever(51.0), Effort(1, 10, 4)) == [(55.0, 0.5)]


def test_a_state_moves_by_one_word() -> None:
    """Poor becomes fair within a month, not good."""
    found = list(options(lever("Poor"), Effort(days=2)))
    assert [(o.stop.value, o.days) for o in found] == [("Fair", 2.0)]
    assert found[0].gain == near(50)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metrics = 3 x", "no TOML"),
        ("[metrics]\nlogins = { step = 1, reach = 2 }", "logins: no days of work"),
        ("[metrics]\nlogins = { days = -1 }", "logins: days is -1"),
        ("[metrics]\nlogins = { days = 1, step = 0.01, reach = 5 }", "steps of 0.01"),
        ('[settings]\nbudget = "much"', "settings: budget is much"),
    ],
)
def test_what_is_no_effort_is_named(text: str, said: str) -> None:
    """RevOps reads which row is wrong and what to write."""
    with pytest.raises(DataError, match=said):
        efforts_from_toml(text)
