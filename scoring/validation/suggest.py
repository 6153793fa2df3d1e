"""What to change in the model, and what it gains on accounts it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.validation.cases import Cases
from scoring.validation.records import Power, Recommendation

__all__ = ["recommendations_of"]


def recommendations_of(
    cases: Cases, powers: Sequence[Power], *, days: int, seed: int
) -> tuple[Recommendation, ...]:
    """Weights, tier cuts and metrics to drop, in this order; always all three, with a verdict."""
    return ()
