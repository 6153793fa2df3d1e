"""Which probabilities a day is told: the calibration where it may be used, else why not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scoring.presets import load_preset
from scoring.renewal import ILLUSTRATION, at_score
from scoring.validation.chances import chances_for, chances_of
from scoring.validation.records import LIFE_DAYS, Backtest
from tests.scoring.validation.documents import MADE, evidence, no_evidence

MODEL = load_preset("scorecard")
FOUND = evidence(MODEL)


def used(day: date, found: Backtest = FOUND, digest: str = MODEL.digest) -> tuple[bool, str]:
    """Whether the calibration is used on a day, and what is said where not."""
    chances, why = chances_for(found, digest=digest, as_of=day)
    assert (chances == ILLUSTRATION) == bool(why)
    return not why, why


def test_every_whole_score_finds_its_own_probability() -> None:
    """Brackets are the 101 shares once more, however many of them are alike."""
    calibration = FOUND.calibration
    assert calibration is not None
    chances = chances_of(calibration)
    found = [at_score(chances.brackets, score) for score in range(101)]
    assert tuple(b.churn for b in found) == calibration.churn
    assert tuple(b.contraction for b in found) == calibration.contraction
    assert chances.label == f"Calibrated on {calibration.cases} outcomes, 2 Nov 2026"
    assert (chances.expires, chances.meaning) == (calibration.expires, calibration.meaning)


def test_neighbours_of_one_share_are_one_bracket() -> None:
    """Steps stay steps: two shares make two brackets."""
    assert FOUND.calibration is not None
    steps = {"churn": (0.5,) * 60 + (0.1,) * 41, "contraction": (0.2,) * 101}
    chances = chances_of(FOUND.calibration.model_copy(update=steps))
    assert [(b.starts_at, b.churn) for b in chances.brackets] == [(0, 0.5), (60, 0.1)]


@pytest.mark.parametrize(
    ("days", "good"), [(-1, False), (0, True), (LIFE_DAYS, True), (LIFE_DAYS + 1, False)]
)
def test_it_is_used_from_its_fit_to_its_last_day(days: int, good: bool) -> None:
    """A day before the fit must not know it; after its last day it is too old."""
    found, why = used(MADE + timedelta(days=days))
    assert found == good
    if days < 0:
        assert why == "Its calibration is not used: it was fitted on 2 Nov 2026, after 1 Nov 2026."
    elif not good:
        assert why == "Its calibration is not used: it expired on 1 May 2027."


def test_another_model_or_no_calibration_keeps_the_illustration() -> None:
    """Scores of other weights are other scores; without evidence there is nothing to use."""
    assert "not to the model that scores" in used(MADE, digest="other")[1]
    _, why = chances_for(FOUND, digest="other", as_of=MADE, model=FOUND.model)
    assert "the model scorecard 1.0 has other values now than when it was fitted." in why
    _, why = chances_for(FOUND, digest="other", as_of=MADE, model="scorecard 1.1")
    assert "it was fitted to scorecard 1.0, and scorecard 1.1 scores now." in why
    said = used(MADE, no_evidence(MODEL))[1]
    assert said == (
        "It has no calibration. The score told churned accounts apart no better than chance."
    )
