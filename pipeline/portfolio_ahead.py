"""What lies ahead of a portfolio, as plain data for programs: goals of a month, renewals a year."""

from __future__ import annotations

import math
from typing import Any

from scoring.judgement.forecast import Forecast, ForecastRow, renewal_forecast
from scoring.judgement.portfolio_goal import PortfolioGoals
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["ahead_data"]


def ahead_data(p: Portfolio) -> dict[str, Any]:
    """``goals`` and ``renewal_forecast`` as dicts, lists, texts and numbers; unknown is None."""
    return {
        "goals": None if p.goals is None else _goals(p.goals),
        "renewal_forecast": _forecast(renewal_forecast(p.frame, p.as_of, p.chances)),
    }


def _goals(goals: PortfolioGoals) -> dict[str, Any]:
    return {
        "days": 30,
        "accounts_now": dict(goals.now),
        "accounts_then": dict(goals.then),
        "lifts": [
            {
                "account_id": lift.account_id,
                "account": lift.name,
                "csm": lift.csm or None,
                "tier": lift.tier,
                "tier_then": lift.goal.tier,
                "score": int(lift.goal.start),
                "score_then": int(lift.goal.reached),
                "by": lift.goal.by.isoformat(),
                "days_of_work": lift.days,
                "moves": [
                    {"metric": m.name, "from": m.start, "to": m.to, "days_of_work": days}
                    for m, days in zip(lift.goal.moves, lift.goal.efforts, strict=True)
                ],
            }
            for lift in goals.lifts
        ],
        "worked_out_for": goals.listed,
        "near_a_better_tier": goals.near,
        "renewals_to_secure": {"accounts": goals.renewals, "arr": _known(goals.renewal_arr)},
        "expansions": list(goals.expansions),
        "currency": goals.currency or None,
    }


def _forecast(found: Forecast) -> dict[str, Any]:
    return {
        "basis": found.label,
        "range": "80%, accounts independent, normal approximation",
        "currency": found.currency or None,
        "rows": [_row(row) for row in found.rows],
        "not_in_these_sums": dict(found.others),
    }


def _row(row: ForecastRow) -> dict[str, Any]:
    return {
        "renews_in": row.label,
        "accounts": row.accounts,
        "arr": row.arr,
        "arr_without_tier": row.unscored,
        "expected_renewed": row.renewed,
        "grr": _known(row.grr),
        "expected_loss": row.loss,
        "low": row.low,
        "high": row.high,
    }


def _known(x: float) -> float | None:
    return None if math.isnan(x) else x
