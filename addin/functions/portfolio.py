"""Many accounts at once: `PORTFOLIO_SUMMARY`, `HEALTH_ALERTS`."""

from __future__ import annotations

from addin.cells import Results

__all__ = ["health_alerts", "portfolio_summary"]


def portfolio_summary(scores: object, arr: object = None, model: object = None) -> Results:
    """Accounts and ARR by tier."""
    raise NotImplementedError


def health_alerts(history: object) -> Results:
    """Alerts that fire over a history of scores."""
    raise NotImplementedError
