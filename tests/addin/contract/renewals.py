"""Calls of `RENEWAL_FORECAST` and `RENEWAL_PLAY`."""

from __future__ import annotations

from tests.addin.contract.call import Call

CALLS: tuple[Call, ...] = ()
