"""What a person types for a dimension: a rating 1–5 or points 0–100, as the model says."""

from __future__ import annotations

from typing import NamedTuple

from scoring.model import ScoreModel


class Typed(NamedTuple):
    """The scale of typed dimensions.

    ``word`` is what people call such a value, ``step`` the points 0–100 that one unit is worth,
    ``healthy`` the best value in words.
    """

    word: str
    step: int
    low: int
    high: int
    healthy: str

    @property
    def scale(self) -> str:
        """The scale in words: ``1 to 5``."""
        return f"{self.low} to {self.high}"

    @property
    def is_rating(self) -> bool:
        """Whether only whole steps count."""
        return self.step > 1


RATING = Typed("Rating", 20, 1, 5, "5 of 5")
POINTS = Typed("Score", 1, 0, 100, "100")


def typing(model: ScoreModel) -> Typed:
    """The scale of a model's typed dimensions."""
    return RATING if model.typed == "rating" else POINTS
