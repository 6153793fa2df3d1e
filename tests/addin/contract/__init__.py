"""The contract: calls that every host must answer alike; the table, and nothing else.

What only one host can do stands in that host's own tests.
"""

from tests.addin.contract import (
    alerts,
    change,
    explain,
    known,
    many,
    messy,
    own_models,
    plan,
    portfolio,
    renewals,
    scores,
    trends,
)
from tests.addin.contract.call import Call

__all__ = ["CALLS", "Call"]

CALLS: tuple[Call, ...] = (
    *scores.CALLS,
    *known.CALLS,
    *explain.CALLS,
    *change.CALLS,
    *plan.CALLS,
    *trends.CALLS,
    *renewals.CALLS,
    *portfolio.CALLS,
    *alerts.CALLS,
    *messy.CALLS,
    *own_models.CALLS,
    *many.CALLS,
)
