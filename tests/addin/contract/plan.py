"""Calls of `HEALTH_WHATIF` and `HEALTH_GOAL`."""

from __future__ import annotations

from tests.addin.contract.call import Call

CALLS: tuple[Call, ...] = ()
