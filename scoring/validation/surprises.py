"""Green accounts that churned, and red ones that stayed."""

from __future__ import annotations

from scoring.validation.cases import Cases
from scoring.validation.records import Surprise

__all__ = ["green_churned", "red_stayed"]


def green_churned(cases: Cases, *, days: int) -> tuple[Surprise, ...]:
    """Every account that was green at a horizon before it churned; largest ARR first."""
    return ()


def red_stayed(cases: Cases, *, days: int) -> tuple[Surprise, ...]:
    """Every account that was red *days* before it renewed, contracted or expanded, or stayed."""
    return ()
