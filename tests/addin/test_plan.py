"""What-if and goal behind the cells: messages, ages, and what goes from one into the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from addin.cells import Fault, Results, today
from addin.registry import FUNCTIONS

BY_NAME = {f.name: f for f in FUNCTIONS}
HEADS = (("Usage", "Engagement", "Sentiment", "Financial"),)
WORKED = ((55.0, 72.0, 61.0, 85.0),)
FOUR = "four-dimension"


def whatif(*given: object) -> Results:
    """`HEALTH_WHATIF` as a host calls it."""
    return BY_NAME["HEALTH_WHATIF"].call(*given)


def goal(*given: object) -> Results:
    """`HEALTH_GOAL` as a host calls it."""
    return BY_NAME["HEALTH_GOAL"].call(*given)


def message(result: object) -> str:
    """What a fault says."""
    assert isinstance(result, Fault)
    return result.message


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("Usge", 5.0, 'Metric: Usge. Not in the model four-dimension. Did you mean "Usage score"?'),
        ("Csta", 5.0, 'Metric: Csta. Not in the model four-dimension. Did you mean "CSAT (1–5)"?'),
        ("", 5.0, "Metric: blank. Type one such as Active users of seats."),
        ("Usage", None, "New value: blank. Type the value to try."),
        ("Usage", ((96.0, 97.0),), "New value: several cells where one belongs. Give one cell."),
        ("Usage", 120.0, "Usage score: 120. Outside the scale 0 to 100."),
        ("Feature adoption", 48.0, "Feature adoption: 48. Not a fraction. Type 48% or 0.48."),
        ("Sponsor", "Gone", "Executive sponsor: Gone. Not one of Active, Passive, Vacant."),
        ("Seats active", 5.0, "follows from Seats active and Seats licensed, and not both are in"),
    ],
)
def test_whatif_messages(metric: str, value: object, text: str) -> None:
    """A message names the metric, the value and what would be right."""
    assert text in message(whatif(WORKED, HEADS, metric, value, FOUR))


@pytest.mark.parametrize(
    ("values", "target", "text"),
    [
        (WORKED, None, "Target: blank. Type the score to reach."),
        (WORKED, 0.0, "Target: 0. The scale is 1 to 100; correct the value."),
        (WORKED * 2, 80.0, "2 rows of values where one account belongs. Give one row."),
        (((55.0, None, None, None),), 80.0, "Insufficient data: coverage 35%, needs 50%."),
    ],
)
def test_goal_messages(values: object, target: object, text: str) -> None:
    """A message says what to give."""
    assert text in message(goal(values, HEADS, target, FOUR))


def test_goal_out_of_reach() -> None:
    """The best score within reach is named, and what would have to be known."""
    heads = (("Feature adoption", "Logins per week", "Sentiment", "Financial"),)
    text = message(goal(((0.7, 4.5, 100.0, 100.0),), heads, 97.0, "four-dimension-2"))
    assert text == (
        "Target 97 is out of reach: with all that can move at its best the score is 96. "
        "Choose a target up to that. "
        "A missing value cannot move; fill in Seat utilisation; Usage trend, quarter; Engagement."
    )


def test_new_value_counts_as_of_today() -> None:
    """A metric whose value has grown too old is tried with a fresh one."""
    old = today() - timedelta(days=300)
    heads = (("Engagement", "Sentiment", "Financial", "Feature adoption", "Data as of"),)
    row = ((72.0, 61.0, 85.0, 0.2, old),)
    assert BY_NAME["HEALTH_SCORE"].call(row, heads, FOUR) == pytest.approx(46 / 0.65)
    assert whatif(row, heads, "Feature adoption", 0.55, FOUR) == pytest.approx(65.25)


@pytest.mark.parametrize("target", [66.0, 70.0, 80.0, 90.0, 97.5, 100.0])
def test_goal_by_whatifs(target: float) -> None:
    """Typing the moves of a goal one after another gives its scores."""
    found = goal(WORKED, HEADS, target, FOUR)
    assert isinstance(found, tuple)
    row = dict(zip(HEADS[0], WORKED[0], strict=True))
    for name, start, to, score, _ in found[1:-1]:
        header = str(name).removesuffix(" score")
        assert row[header] == start
        assert whatif((tuple(row.values()),), HEADS, name, to, FOUR) == score
        row[header] = to  # type: ignore[assignment]
    assert found[-1][3] == BY_NAME["HEALTH_SCORE"].call((tuple(row.values()),), HEADS, FOUR)
