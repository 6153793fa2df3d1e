"""Valid raw values: scales of metrics and typed dimensions, and points of state words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from scoring.errors import DataError
from scoring.model import ScoreModel, StateCurve

NOT_A_NUMBER = "A number belongs here; correct the value."


Fault = tuple[str, str, object, str]
"""One value that cannot be scored: account, column, value, what to do."""


class OutOfScale(DataError):
    """Values outside their metric's scale; ``problems`` holds (account, column, value, message)."""

    def __init__(self, problems: Sequence[Fault]) -> None:
        self.problems = tuple(problems)
        lines = [f"{a}, {c}: {v}. {m}" for a, c, v, m in self.problems[:20]]
        more = len(self.problems) - 20
        super().__init__("\n".join(lines + ([f"and {more} more"] if more > 0 else [])))


def scale_text(scale: tuple[float | None, float | None]) -> str:
    """A scale in words: ``0 to 1``, ``0 or more``."""
    low, high = scale
    if low is None and high is None:
        return "any finite number"
    if high is None:
        return f"{low:g} or more"
    return f"up to {high:g}" if low is None else f"{low:g} to {high:g}"


def typed_scale(model: ScoreModel) -> tuple[float, float]:
    """Scale of a dimension that a person types: ratings 1 to 5, or points 0 to 100."""
    return (1.0, 5.0) if model.typed == "rating" else (0.0, 100.0)


@lru_cache(maxsize=1024)
def state_points(curve: StateCurve) -> Mapping[str, float]:
    """Case-folded state word → points."""
    return {word.casefold(): y for word, y in curve.points}
