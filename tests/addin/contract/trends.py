"""Calls of arrows, velocities, days and survey points."""

from __future__ import annotations

from tests.addin.contract.call import Call

CALLS: tuple[Call, ...] = ()
