"""What fills the forecast and the goals on *Renewals*."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from scoring.judgement.forecast import Forecast, ForecastRow, renewal_forecast
from scoring.judgement.portfolio_goal import Lift, PortfolioGoals
from scoring.units import short
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio

__all__ = [
    "FORECAST_CHART",
    "GOAL_LINES",
    "forecast_change",
    "forecast_of",
    "forecast_values",
    "goal_lines",
]

FORECAST_CHART = "Expected loss by month"
GOAL_LINES = 5
_NAMED = 3


def forecast_values(p: Portfolio, found: Forecast) -> Mapping[str, Value | Rows]:
    """Place → value."""
    return {
        "forecast_note": _note(p, found),
        "forecast_labels": [[_label(row)] for row in found.rows],
        "forecast": [_row(row) for row in found.rows],
        "forecast_chart": [[r.low, r.high - r.low, r.loss] for r in found.months],
        "portfolio_goals": _goals(p),
    }


def _label(row: ForecastRow) -> Value:
    return row.label if row.first is None else row.first


def _row(row: ForecastRow) -> list[Value]:
    """Renewing ARR, accounts, renewed, GRR, loss, its range, ARR without a tier."""
    grr: Value = None if math.isnan(row.grr) else row.grr
    without = round(row.unscored, 2) + 0.0
    return [row.arr, row.accounts, row.renewed, grr, row.loss, row.low, row.high, without]


def _note(p: Portfolio, found: Forecast) -> str:
    """What the probabilities are, how the range comes about, what is in no sum."""
    others = [f"{code or 'no currency'} {arr:,.0f}" for code, arr in found.others.items()]
    empty = sum(row.accounts == 0 for row in found.months)
    return t.joined([
        found.label,
        "range: 80%, accounts independent, normal approximation",
        f"amounts in {found.currency}" if found.currency else "",
        f"{t.counted(empty, 'month')} without renewals" if empty else "",
        f"not in these sums: {', '.join(others)}" if others else "",
    ])  # fmt: skip


def forecast_change(p: Portfolio, found: Forecast) -> ChartChange:
    """What a screen reader says of the chart."""
    worst = max(found.months, key=lambda row: row.loss)
    if not worst.loss:
        return ChartChange(alt_text="No loss is expected in the next 12 months.")
    spoken = (t.money(p, x) for x in (worst.loss, worst.low, worst.high))
    loss, low, high = spoken
    text = f"Columns: 80% range of expected loss by month. Most in {worst.label}: {loss}"
    return ChartChange(alt_text=f"{text}, {low} to {high}. {found.label}.")


def _goals(p: Portfolio) -> Rows:
    lines = goal_lines(p, p.goals) if p.goals else []
    return [[line] for line in [*lines, *[None] * GOAL_LINES][:GOAL_LINES]]


def goal_lines(p: Portfolio, goals: PortfolioGoals) -> list[str]:
    """The goals as sentences, the number first."""
    out = [_tier_line(p, goals, tier) for tier in ("red", "amber")]
    if goals.renewals:
        worth = "" if math.isnan(goals.renewal_arr) else f", {t.money(p, goals.renewal_arr)} of ARR"
        green = p.model.tier_label("green")
        count = t.counted(goals.renewals, "renewal")
        out.append(f"Secure {count} below {green} within 90 days{worth}.")
    if goals.expansions:
        named = _named(goals.expansions)
        count = t.counted(len(goals.expansions), "expansion")
        out.append(f"Position {count} in {p.model.tier_label('green')} accounts: {named}.")
    lines = [line for line in out if line]
    if lines:
        lines.append(_rule(goals))
    return lines


def _tier_line(p: Portfolio, goals: PortfolioGoals, tier: str) -> str:
    """``Red from 6 to 3: Sample Account 12 (54 → 60)``; "" where no account leaves the tier."""
    lifts = [lift for lift in goals.lifts if lift.tier == tier]
    if not lifts:
        return ""
    label = p.model.tier_label(tier)
    named = _named([_lift(lift) for lift in lifts])
    return f"{label} from {goals.now[tier]} to {goals.then[tier]}: {named}."


def _lift(lift: Lift) -> str:
    return f"{lift.name} ({lift.goal.start:.0f} → {lift.goal.reached:.0f})"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _rule(goals: PortfolioGoals) -> str:
    days = short(math.fsum(lift.days for lift in goals.lifts))
    near = f"{short(goals.points)} points of a better tier"
    of = f"{goals.listed} of {goals.near:,}" if goals.listed < goals.near else f"{goals.near:,}"
    looked = f"looked at {of} account{'' if goals.near == 1 else 's'} within {near}"
    return f"{days} days of work in all, at most {short(goals.csm_days)} a CSM; {looked}."


def forecast_of(p: Portfolio) -> Forecast:
    """The roll-up of the portfolio."""
    return renewal_forecast(p.frame, p.as_of, p.chances)
