"""Calls of `HEALTH_ALERTS`."""

from __future__ import annotations

from tests.addin.contract.call import Call

CALLS: tuple[Call, ...] = ()
