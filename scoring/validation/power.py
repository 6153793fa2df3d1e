"""What each dimension and metric foretold, and how early."""

from __future__ import annotations

from scoring.validation.cases import Cases
from scoring.validation.records import Power

__all__ = ["powers_of"]


def powers_of(cases: Cases, *, days: int, seed: int) -> tuple[Power, ...]:
    """Dimensions, then metrics, each kind by falling AUC; in the model's order where equal."""
    return ()
