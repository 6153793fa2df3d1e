"""Calls of `HEALTH_SCORECARD`, `HEALTH_DRIVERS`, `HEALTH_CHANGE`, `HEALTH_METRICS`."""

from __future__ import annotations

from tests.addin.contract.call import Call

CALLS: tuple[Call, ...] = ()
