"""Why a score is what it is: dimensions, drivers, steps of a change, what a model wants."""

from __future__ import annotations

from addin.cells import Results

__all__ = ["health_change", "health_drivers", "health_metrics", "health_scorecard"]


def health_scorecard(
    values: object,
    headers: object = None,
    model: object = None,
    segment: object = None,
    previous: object = None,
) -> Results:
    """Dimensions of one account with score, weight, weighted score and trend, and the total."""
    raise NotImplementedError


def health_drivers(
    values: object,
    headers: object = None,
    model: object = None,
    segment: object = None,
    count: object = None,
) -> Results:
    """Metrics of one account ranked by the points they lost."""
    raise NotImplementedError


def health_change(
    values: object, previous_values: object, headers: object = None, model: object = None
) -> Results:
    """Exact steps from an earlier score to this one."""
    raise NotImplementedError


def health_metrics(model: object = None) -> Results:
    """What a model wants to know."""
    raise NotImplementedError
