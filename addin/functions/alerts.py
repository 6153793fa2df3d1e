"""What fires over a history of scores: `HEALTH_ALERTS`."""

from __future__ import annotations

from addin.cells import Results

__all__ = ["health_alerts"]


def health_alerts(history: object) -> Results:
    """Alerts that fire over a history of scores."""
    raise NotImplementedError
