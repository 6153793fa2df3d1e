"""The account of document 002's first example, as a row under `four-dimension-2`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from scoring.account_facts import Facts, gather
from scoring.inputs import Inputs
from scoring.presets import load_preset

AS_OF = date(2026, 11, 23)
MODEL = load_preset("four-dimension-2")

METRICS: dict[str, Any] = {
    "seats_active_share": 0.48, "feature_breadth": 4 / 12, "logins_per_week": 2.1,
    "usage_trend_quarter": -0.18, "touches_90d": 6.0, "executive_sponsor": "Active",
    "training_completed_share": 0.6, "days_since_qbr": 45.0, "nps_response": 6.0,
    "tickets_vs_average": 8 / 3 - 1, "csat": 3.2, "escalations_90d": 1.0, "arr_growth": 0.0,
    "payment_history": "On time", "expansions_12m": 0.0,
}  # fmt: skip
"""What 002 tells of it, metric by metric."""

TYPED: dict[str, Any] = {"usage": 55.0, "engagement": 72.0, "sentiment": 61.0, "financial": 85.0}
"""Its dimension scores there, which give 68."""

FACTS: dict[str, Any] = {
    "account_id": "SAMPLE-4521", "account_name": "Sample Account 4521", "csm": "Sample CSM",
    "arr": 45000.0, "currency": "USD", "seats_active": 12.0, "seats_licensed": 25.0,
    "features_used": 4.0, "features_available": 12.0, "renewal_date": date(2027, 3, 30),
    "start_date": date(2025, 3, 30),
}  # fmt: skip


def account(tables: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Facts of the account, with changes of its row."""
    row = {**FACTS, **METRICS, **changes}
    rows = {name: pd.DataFrame(found) for name, found in (tables or {}).items()}
    inputs = Inputs(pd.DataFrame([row]), tables=rows)
    return next(gather(inputs, MODEL, as_of=AS_OF))
