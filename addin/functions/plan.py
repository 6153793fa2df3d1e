"""What would change a score: `HEALTH_WHATIF`, `HEALTH_GOAL`."""

from __future__ import annotations

from addin.cells import Results

__all__ = ["health_goal", "health_whatif"]


def health_whatif(
    values: object, headers: object, metric: object, new_value: object, model: object = None
) -> Results:
    """The score if one metric had another value."""
    raise NotImplementedError


def health_goal(values: object, headers: object, target: object, model: object = None) -> Results:
    """The metric moves that reach a target score."""
    raise NotImplementedError
