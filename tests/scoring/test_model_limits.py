"""Models that could not be scored with are refused when they are made."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from scoring.model import ScoreModel
from tests.scoring.rows import dimension, metric, model_of, single


def weighted(**more: Any) -> ScoreModel:
    """Two dimensions with these further weights each."""
    return model_of(dimension("x", 1, metric("a"), **more), dimension("y", 1, **more))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"segment_weights": {"smb": 0}}, "weights of smb must sum to more than 0"),
        ({"onboarding_weight": 0}, "onboarding weights must sum to more than 0"),
    ],
)
def test_weights_that_sum_to_nothing(more: dict[str, Any], told: str) -> None:
    """Weights of a segment, or while onboarding, may not all be 0."""
    with pytest.raises(ValidationError, match=told):
        weighted(**more)


def test_a_weight_of_nothing_beside_others() -> None:
    """One dimension may weigh nothing in a segment; alone it makes no score."""
    model = model_of(dimension("x", 1, metric("a"), segment_weights={"smb": 0}), dimension("y", 1))
    assert single(model, segment="smb", a=90, y=40).total[0] == 40
    assert single(model, segment="smb", a=90).status[0] == "Insufficient data"


@pytest.mark.parametrize("xs", [(0, 5e-324), (-1e308, 1e308)])
def test_curves_without_a_slope(xs: tuple[float, float]) -> None:
    """Raw values too close together or too far apart to draw a line between are refused."""
    curve = {"kind": "linear", "points": [(xs[0], 0), (xs[1], 100)]}
    with pytest.raises(ValidationError, match="too close together or too far apart"):
        model_of(dimension("x", 1, metric("a", curve=curve)))


@pytest.mark.parametrize("score", [-1, 101])
def test_the_neutral_score_is_a_score(score: float) -> None:
    """The score of a new account lies between 0 and 100."""
    with pytest.raises(ValidationError, match="neutral_score"):
        weighted().model_validate(
            {**weighted().model_dump(), "lifecycle": {"neutral_score": score}}
        )


def test_more_metrics_than_anybody_reads() -> None:
    """A dimension has at most 30 metrics; as many score."""
    most = [metric(f"m{number}") for number in range(31)]
    model = model_of(dimension("x", 1, *most[:30]))
    scored = single(model, **{f"m{number}": 40 for number in range(30)})
    assert scored.total[0] == pytest.approx(40)
    with pytest.raises(ValidationError, match="at most 30"):
        model_of(dimension("x", 1, *most))
