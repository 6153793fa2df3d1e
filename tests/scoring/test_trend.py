"""Velocity, its classes, trend arrows and assessment."""

from __future__ import annotations

import math

import pytest

from scoring.trend import assessment, trend_arrow, velocity, velocity_label

NAN = math.nan


@pytest.mark.parametrize(
    ("score", "previous", "days", "points", "label"),
    [
        (65, 80, 30, -0.5, "Declining fast"),
        (80, 65, 30, 0.5, "Improving fast"),
        (74, 80, 30, -0.2, "Stable"),
        (86, 80, 30, 0.2, "Stable"),
        (70, 80, 30, -1 / 3, "Declining"),
        (68, 78, 91, -10 / 91, "Stable"),  # 002's quarter
        (68, 78, 30, -1 / 3, "Declining"),
        (80, 80, 30, 0, "Stable"),
        (58, 78, 30, -2 / 3, "Declining fast"),
    ],
)
def test_velocity(score: float, previous: float, days: float, points: float, label: str) -> None:
    """Velocity is the change over the days between, and its class follows."""
    assert velocity(score, previous, days) == pytest.approx(points)
    assert velocity_label(velocity(score, previous, days)) == label


@pytest.mark.parametrize(
    ("points", "label"),
    [
        (-9, "Declining fast"), (-0.5, "Declining fast"), (-0.4999, "Declining"),
        (-0.2001, "Declining"), (-0.2, "Stable"), (-0.1999, "Stable"), (0.0, "Stable"),
        (0.2, "Stable"), (0.2001, "Improving"), (0.4999, "Improving"), (0.5, "Improving fast"),
        (9, "Improving fast"), (NAN, ""),
    ],
)  # fmt: skip
def test_edges_of_the_classes(points: float, label: str) -> None:
    """Half a point a day is fast, a fifth is still stable; the classes mirror each other."""
    assert velocity_label(points) == label
    mirrored = label.translate(str.maketrans({}))
    for a, b in (("Declining", "Improving"), ("Improving", "Declining")):
        if label.startswith(a):
            mirrored = label.replace(a, b)
    assert velocity_label(-points) == mirrored


def test_edges_that_decimals_miss() -> None:
    """Differences of decimals that fall a hair short of an edge count as on it."""
    fast = [velocity_label(velocity(x / 10, (x + 150) / 10)) for x in range(851)]
    calm = [velocity_label(velocity(x / 10, (x + 60) / 10)) for x in range(941)]
    assert set(fast) == {"Declining fast"}
    assert set(calm) == {"Stable"}


@pytest.mark.parametrize("days", [0, -1])
def test_no_time_has_no_velocity(days: float) -> None:
    """Without time between two scores there is no velocity."""
    assert math.isnan(velocity(80, 70, days))


def test_a_missing_score_has_no_velocity_or_trend() -> None:
    """Where either score is missing there is neither velocity nor arrow."""
    for score, previous in ((NAN, 70), (70, NAN), (NAN, NAN)):
        assert math.isnan(velocity(score, previous))
        assert trend_arrow(score, previous) == ""


@pytest.mark.parametrize(
    ("score", "previous", "tolerance", "arrow"),
    [
        (70, 68, 0, "↑"), (68, 70, 0, "↓"), (70, 70, 0, "→"), (70, 68, 2, "→"),
        (70.01, 68, 2, "↑"), (0.3, 0.1 + 0.2, 0, "→"),
    ],
)  # fmt: skip
def test_trend(score: float, previous: float, tolerance: float, arrow: str) -> None:
    """The arrow shows the direction against the last score, within a tolerance level."""
    assert trend_arrow(score, previous, tolerance) == arrow


@pytest.mark.parametrize(
    ("tier", "label", "said"),
    [
        ("red", "Improving fast", "Recovery possible"),
        ("amber", "Declining fast", "Urgent intervention needed"),
        ("green", "Declining", "Early warning, reach out now"),
        ("green", "Declining fast", "Early warning, reach out now"),
        ("red", "Declining", "Critical, still falling"),
        ("amber", "Improving", "Recovering"),
        ("amber", "Declining", ""),
        ("red", "Improving", ""),
        ("green", "Stable", ""),
        ("", "Declining fast", ""),
        ("green", "", ""),
    ],
)
def test_assessment(tier: str, label: str, said: str) -> None:
    """Tier and velocity together say what the document says, and nothing where it is silent."""
    assert assessment(tier, label) == said
