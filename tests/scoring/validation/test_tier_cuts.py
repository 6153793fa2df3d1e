"""Tier cuts: a hand-worked example, what no cut may do, and gains on held-out accounts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scoring.validation.reweigh import Sample
from scoring.validation.tier_cuts import LEAST_SHARE, REACH, best_cuts, cuts_of, find_cuts
from tests.scoring.validation.companies import simple_model
from tests.scoring.validation.samples import sample, shuffled

NOW = (80, 60)


def cases(*groups: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Displayed scores and churn of groups of (score, cases, churned)."""
    shown = np.concatenate([np.full(n, score) for score, n, _ in groups])
    churned = np.concatenate([np.arange(n) < lost for _, n, lost in groups])
    return shown, churned


def test_cuts_worked_by_hand() -> None:
    """Churn is 60 % up to 55, 20 % from 66 to 72 and 2 % from 75: cuts between are found.

    Any amber start from 56 to 66 and green start from 73 to 75 tells the groups apart; the nearest
    to 80 and 60 are 75 and 60.
    """
    shown, churned = cases((50, 50, 30), (55, 50, 30), (66, 50, 10), (72, 50, 10), (75, 50, 1),
                           (90, 50, 1))  # fmt: skip
    assert best_cuts(shown, churned, NOW) == (75, 60)


def test_an_amber_cut_inside_a_group_moves_to_its_edge() -> None:
    """Where 60 cuts through nothing but 66 to 70 churns like red, amber starts at 71."""
    shown, churned = cases((50, 60, 36), (66, 60, 36), (71, 80, 8), (85, 80, 1))
    assert best_cuts(shown, churned, NOW) == (80, 67)


def test_churn_falls_from_tier_to_tier() -> None:
    """Where amber would churn more than red no such cut is taken, and chance moves nothing."""
    shown, churned = cases((50, 100, 5), (65, 100, 60), (90, 100, 20))
    green, amber = best_cuts(shown, churned, NOW)
    share = [churned[(shown < amber)].mean(), churned[(shown >= amber) & (shown < green)].mean()]
    assert (green, amber) == NOW or share[0] > share[1]
    level = cases((50, 100, 20), (65, 100, 20), (90, 100, 20))
    assert best_cuts(*level, NOW) == NOW


def test_no_tier_is_nearly_empty_and_no_cut_goes_far() -> None:
    """A handful of hopeless cases is no tier of its own; cuts stay within reach."""
    shown, churned = cases((47, 8, 8), (50, 192, 40), (66, 200, 20), (95, 200, 2))
    green, amber = best_cuts(shown, churned, NOW, hold=0.0)
    sizes = np.bincount((shown >= amber).astype(int) + (shown >= green), minlength=3)
    assert sizes.min() >= LEAST_SHARE * len(shown)
    assert abs(green - 80) <= REACH
    assert abs(amber - 60) <= REACH


def test_a_move_must_be_worth_it() -> None:
    """The same better cut is taken with many cases and left with few."""
    groups = ((50, 10, 5), (70, 10, 4), (72, 10, 1), (95, 20, 1))
    few = best_cuts(*cases(*groups), NOW)
    many = best_cuts(*cases(*((s, 40 * n, 40 * lost) for s, n, lost in groups)), NOW)
    assert few == NOW
    assert many in ((72, 60), (80, 71))


def test_cuts_of_a_model() -> None:
    """Green and amber as the displayed whole score meets them: 79.5 means from 80."""
    model = simple_model()
    assert cuts_of(model) == NOW
    green = model.tiers[0].model_copy(update={"starts_at": 79.5})
    assert cuts_of(model.model_copy(update={"tiers": (green, *model.tiers[1:])})) == NOW


def lifted(given: Sample, by: float) -> Sample:
    """The same cases with scores so many points higher."""
    return replace(given, followed=np.clip(given.followed + by, 0, 100))


def test_cuts_follow_a_score_that_lies_too_high() -> None:
    """Where all score 25 points more than churn suggests, cuts rise and explain more."""
    found = find_cuts(lifted(sample(31, accounts=1500, strength=1.8), 25), seed=0)
    assert found.cuts[0] > 80
    assert found.cuts[1] > 63
    assert found.gain.value > 0.01
    assert 0.05 < found.explained < 0.4


@pytest.mark.parametrize("seed", range(4))
def test_chance_recommends_no_cut(seed: int) -> None:
    """With outcomes dealt out anew no gain lies above 0, and the error is not taken for none."""
    given = shuffled(sample(30, accounts=300), seed)
    found = find_cuts(given, seed=seed, repeats=1)
    assert (found.gain.interval.low or 0) <= 0
    assert found.least_error > 0.02


def test_the_smoothed_score_is_cut() -> None:
    """What tiers follow is what is cut: another smoothed score gives other cuts."""
    base = sample(31, accounts=1500, strength=1.8)
    assert find_cuts(base, seed=0, repeats=1).cuts != find_cuts(
        lifted(base, 25), seed=0, repeats=1
    ).cuts  # fmt: skip
