"""Three plainly made-up accounts for the workbook that people fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from scoring.columns import OUTCOME_SHEET, SCORE_HISTORY, Column
from scoring.model import Metric, ScoreModel, StateCurve, Unit

__all__ = ["EXAMPLES", "example_accounts", "raw_near"]

_IDS = ("S-001", "S-002", "S-003")
# Points of 100 that the three accounts aim at: one green, one amber, one red.
_AIMS = (95.0, 65.0, 30.0)
_RATINGS = (5, 3, 2)

_FACTS: tuple[dict[str, object], ...] = (
    {
        "account_name": "Sample Account 01", "csm": "Sample CSM 1", "segment": "Enterprise",
        "region": "Sample region", "arr": 240000, "currency": "USD",
        "start_date": date(2023, 3, 1), "renewal_date": date(2027, 3, 1),
        "last_qbr_date": date(2026, 9, 15), "features_used": 11, "features_available": 12,
        "seats_licensed": 200, "seats_active": 172, "dau": 90, "mau": 180,
        "champion_name": "Sample Champion 1", "champion_role": "Head of operations",
    },
    {
        "account_name": "Sample Account 02", "csm": "Sample CSM 1", "segment": "Mid-Market",
        "region": "Sample region", "arr": 60000, "currency": "USD",
        "start_date": date(2024, 6, 1), "renewal_date": date(2027, 1, 15),
        "last_qbr_date": date(2026, 6, 10), "features_used": 7, "features_available": 12,
        "seats_licensed": 80, "seats_active": 52, "dau": 18, "mau": 60,
    },
    {
        "account_name": "Sample Account 03", "csm": "Sample CSM 2", "segment": "SMB",
        "region": "Sample region", "arr": 9600, "currency": "USD",
        "start_date": date(2025, 2, 1), "renewal_date": date(2026, 12, 20),
        "features_used": 3, "features_available": 12, "seats_licensed": 20, "seats_active": 6,
        "dau": 1, "mau": 6,
    },
)  # fmt: skip

EXAMPLES: Mapping[str, Sequence[dict[str, object]]] = {
    "Goals": [
        {"account_id": "S-001", "goal": "Cut reporting time by half", "progress": "On track",
         "evidence": "Monthly report takes 2 days instead of 5"},
        {"account_id": "S-003", "goal": "Onboard the second team", "progress": "Off track"},
    ],
    "Features": [
        {"account_id": "S-001", "feature": "Dashboards", "used": "Yes", "high_value": "Yes"},
        {"account_id": "S-003", "feature": "Dashboards", "used": "No", "high_value": "Yes"},
    ],
    "Stakeholders": [
        {"account_id": "S-001", "name": "Sample Champion 1", "role": "Head of operations",
         "relation": "Champion", "strength": "Strong", "last_contact": date(2026, 11, 2),
         "sentiment": "Positive"},
    ],
    "Risks": [
        {"account_id": "S-003", "risk": "Sponsor left in March, nobody named since",
         "severity": "High", "mitigation": "Ask for a new sponsor in the renewal call"},
    ],
    "Actions": [
        {"account_id": "S-003", "action": "Call the new team lead", "horizon": "This week",
         "owner": "Sample CSM 2", "deadline": date(2026, 12, 4), "status": "Open"},
    ],
    "Overrides": [],
    SCORE_HISTORY: [
        {"account_id": name, "date": day, "score": score}
        for name, scores in (("S-001", (91, 93)), ("S-002", (70, 68)), ("S-003", (44, 37)))
        for day, score in zip((date(2026, 9, 30), date(2026, 10, 31)), scores, strict=True)
    ],
    OUTCOME_SHEET: [
        {"account_id": "S-001", "outcome": "renewed", "date": date(2026, 3, 1), "arr": 240000,
         "arr_after": 240000, "currency": "USD"},
        {"account_id": "S-900", "outcome": "churned", "date": date(2026, 8, 31), "arr": 18000,
         "arr_after": 0, "currency": "USD", "reason": "Sample reason"},
    ],
    "Events": [
        {"account_id": "S-003", "date": date(2026, 3, 12), "event": "Executive sponsor left",
         "source": "Sample CSM 2"},
    ],
}  # fmt: skip
"""Rows of the optional sheets, by sheet name."""


def example_accounts(columns: Sequence[Column], model: ScoreModel) -> list[dict[str, object]]:
    """Values of the three accounts for these columns; a metric's value lies on its own curve."""
    metrics = {m.key: m for m in model.metrics}
    bare = {d.key for d in model.dimensions if not d.metrics}
    rows: list[dict[str, object]] = []
    for name, aim, rating, facts in zip(_IDS, _AIMS, _RATINGS, _FACTS, strict=True):
        row: dict[str, object] = {"account_id": name, **facts}
        for column in columns:
            if column.key in metrics:
                row[column.key] = raw_near(metrics[column.key], aim)
            elif column.key in bare:
                row[column.key] = rating if model.typed == "rating" else aim
        rows.append(row)
    return rows


def raw_near(metric: Metric, aim: float) -> object:
    """The raw value that gives about *aim* points: the nearest word, or a place on the curve."""
    if isinstance(metric.curve, StateCurve):
        return min(metric.curve.points, key=lambda p: abs(p[1] - aim))[0]
    for (x0, y0), (x1, y1) in pairwise(metric.curve.points):
        if y0 != y1 and min(y0, y1) <= aim <= max(y0, y1):
            raw = x0 + (aim - y0) / (y1 - y0) * (x1 - x0)
            return _as_typed(raw, metric.unit)
    return min(metric.curve.points, key=lambda p: abs(p[1] - aim))[0]


def _as_typed(raw: float, unit: Unit) -> float:
    if unit in ("fraction", "change"):
        return round(raw, 2)
    return round(raw, 1) if unit in ("csat", "per_week", "per_month") else float(round(raw))
