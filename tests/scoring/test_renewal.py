"""Renewal scenarios and plays."""

from __future__ import annotations

import math

import pytest

from scoring.renewal import Bracket, contraction_share, expected_loss, renewal_play, scenarios

NAN = math.nan


@pytest.mark.parametrize(
    ("score", "churn"),
    [(0, 78), (59, 78), (60, 34), (69, 34), (70, 12), (79, 12), (80, 3), (100, 3)],
)
def test_churn_by_score(score: float, churn: float) -> None:
    """Churn is what the document gives for each range of scores."""
    assert scenarios(score, 1000, NAN)[2].probability == pytest.approx(churn / 100)


@pytest.mark.parametrize("score", range(101))
def test_probabilities_sum_to_one(score: int) -> None:
    """The three scenarios sum to 100 % for every score, and none is negative."""
    found = scenarios(score, 1000, 0.5)
    assert sum(s.probability for s in found) == pytest.approx(1, abs=1e-12)
    assert all(0 < s.probability < 1 for s in found)
    assert [s.name for s in found] == ["Full renewal", "Contraction", "Churn"]


def test_brackets_of_ones_own() -> None:
    """Other shares by score take the place of the illustration."""
    own = (Bracket(0, 0.5, 0.25), Bracket(75, 0.125, 0))
    assert [s.probability for s in scenarios(74, 800, NAN, own)] == [0.25, 0.25, 0.5]
    found = scenarios(75, 800, NAN, own)
    assert [s.probability for s in found] == [0.875, 0, 0.125]
    assert expected_loss(found) == 100
    assert math.isnan(expected_loss(scenarios(75, NAN, NAN, own)))


def test_a_better_score_never_churns_more() -> None:
    """Churn falls and full renewal rises with the score."""
    by_score = [scenarios(score, 1000, NAN) for score in range(101)]
    churn = [s[2].probability for s in by_score]
    full = [s[0].probability for s in by_score]
    assert churn == sorted(churn, reverse=True)
    assert full == sorted(full)


def test_revenue_at_risk() -> None:
    """Nothing is lost in a full renewal, the unused seats in a contraction, all in a churn."""
    assert [s.arr_at_risk for s in scenarios(68, 45_000, 0.48)] == pytest.approx(
        [0, 23_400, 45_000]
    )
    assert scenarios(68, 45_000, NAN)[1].arr_at_risk == pytest.approx(11_250)


def test_unknown_revenue_stays_unknown() -> None:
    """Where ARR is not known no scenario says an amount."""
    assert all(math.isnan(s.arr_at_risk) for s in scenarios(68, NAN, 0.5))


@pytest.mark.parametrize(
    ("used", "share"), [(0.0, 1), (0.48, 0.52), (0.999, 0.001), (1, 0.25), (1.2, 0.25), (NAN, 0.25)]
)
def test_contraction(used: float, share: float) -> None:
    """A contraction drops to the seats in use, or by a quarter where all or none are known."""
    assert contraction_share(used) == pytest.approx(share)


@pytest.mark.parametrize("score", [NAN, -1.0])
def test_no_score_has_no_scenarios(score: float) -> None:
    """Without a score there is nothing to forecast from, and the error says so."""
    with pytest.raises(ValueError, match="score"):
        scenarios(score, 1000, NAN)


@pytest.mark.parametrize(
    ("tier", "velocity", "days", "expanding", "leaving", "play"),
    [
        ("green", 0, 200, True, False, "Expand"),
        ("green", 0, 200, False, False, "Hold"),
        ("green", -1, 10, False, False, "Hold"),
        ("green", 0, 200, True, True, "Save"),
        ("green", NAN, NAN, True, False, "Expand"),
        ("amber", 0, 91, False, False, "Hold"),
        ("amber", 0, 90, False, False, "Save"),
        ("amber", 0, -5, False, False, "Save"),
        ("amber", -0.2, 200, False, False, "Save"),
        ("amber", -0.19, 200, True, False, "Hold"),
        ("amber", NAN, NAN, False, False, "Hold"),
        ("amber", 0, 200, False, True, "Save"),
        ("red", 0, 200, False, False, "Save"),
        ("red", 0, 30, False, False, "Save"),
        ("red", 0, 200, False, True, "Save"),
        ("red", 0, 90, False, True, "Manage out"),
        ("red", 0, NAN, False, True, "Save"),
        ("", 0, 10, True, True, "Hold"),
    ],
)
def test_plays(
    tier: str, velocity: float, days: float, expanding: bool, leaving: bool, play: str
) -> None:
    """The first rule that applies chooses the play and gives its reason."""
    chosen = renewal_play(tier, velocity, days, expanding=expanding, leaving=leaving)
    assert chosen.name == play
    assert chosen.reason
