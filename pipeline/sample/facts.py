"""What a source knows of a sample account on one day: seats, users, tickets, dates, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import numpy as np

from pipeline.sample.metrics import raw_value
from pipeline.sample.roster import NO_DATA, Profile
from scoring.columns import AGES, RATIOS, REMAINING
from scoring.model import Metric, ScoreModel
from scoring.presets import load_preset

FEATURES = (
    "Dashboards", "Alerts", "Data export", "Scheduled reports", "Single sign-on",
    "API access", "Workflow builder", "Integrations", "Role permissions", "Mobile app",
    "Forecasts", "Audit log",
)  # fmt: skip
"""Feature names of the sample product, in the order in which accounts take them up."""

HIGH_VALUE = frozenset({"Scheduled reports", "API access", "Workflow builder", "Integrations"})

_DERIVED = frozenset(RATIOS) | frozenset(AGES) | frozenset(REMAINING)
_LAGGING = frozenset({"nps_index", "nps_response", "csat", "csat_10", "payment_history"})
# Survey answers are missing more often than what a product counts by itself.
_GAPS: Mapping[str, float] = {"csat": 0.15, "nps_index": 0.2, "nps_response": 0.2}
_OTHER_GAPS = 0.03


@cache
def known_metrics(model: ScoreModel) -> tuple[Metric, ...]:
    """The model's metrics, then those of the default scorecard that it lacks.

    The texts beside the numbers (goals, risks, payment details) speak of the scorecard's
    metrics; so every sample account has them, whatever the model.
    """
    extra = load_preset("scorecard").metrics
    own = {m.key for m in model.metrics}
    return (*model.metrics, *(m for m in extra if m.key not in own))


def snapshots(profile: Profile, model: ScoreModel, seed: int) -> list[dict[str, object]]:
    """One row for each of the profile's dates, oldest first; absent values are absent."""
    rng = np.random.default_rng([seed, profile.number, 1])
    offsets = {m.key: float(rng.normal(0, 9)) for m in known_metrics(model)}
    caution = {m.key: float(rng.uniform(0.15, 0.95)) for m in known_metrics(model)}
    qbrs = _qbr_dates(profile, rng)
    rows = []
    for month, (day, level) in enumerate(zip(profile.dates, profile.levels, strict=True)):
        row = _counts(profile, day, float(level), qbrs, rng)
        for metric in known_metrics(model):
            if metric.key in row or metric.key in _DERIVED:
                continue
            # Money and surveys follow usage a month or two later.
            felt = profile.levels[max(month - 1, 0)] if metric.key in _LAGGING else level
            target = float(np.clip(felt + offsets[metric.key] + rng.normal(0, 3), 0, 100))
            row[metric.key] = raw_value(metric, target, caution[metric.key], rng)
        _apply_story(profile, month, row)
        rows.append(_with_gaps(profile, row, model, rng))
    return rows


def _qbr_dates(profile: Profile, rng: np.random.Generator) -> list[date]:
    """Days of the business reviews; the less healthy the account, the longer between them."""
    day = profile.dates[0] - timedelta(days=int(rng.integers(5, 80)))
    held = [day]
    while day < profile.dates[-1]:
        month = sum(d <= day for d in profile.dates[1:])
        level = float(profile.levels[month])
        day += timedelta(days=int(62 + 1.3 * (100 - level) + rng.integers(20)))
        held.append(day)
    return [d for d in held if profile.start < d]


def _counts(
    profile: Profile, day: date, level: float, qbrs: list[date], rng: np.random.Generator
) -> dict[str, object]:
    """Counts and dates that hold together: no more active seats than seats, P1–P3 add up."""
    share = np.clip(0.08 + 0.0093 * level + rng.normal(0, 0.03), 0.05, 1.0)
    active = max(round(profile.seats * share), 1)
    stick = np.clip(0.04 + 0.005 * level + rng.normal(0, 0.03), 0.03, 0.8)
    used = int(np.clip(round(level / 100 * len(FEATURES) + rng.normal(0, 0.5)), 1, len(FEATURES)))
    p1 = int(rng.random() < (55 - level) / 60)
    p2, p3 = int(rng.poisson((100 - level) / 40)), int(rng.poisson((110 - level) / 25))
    idle = int(max(0, 62 - level) * 0.5 + rng.integers(4))
    past = [d for d in qbrs if d <= day]
    row: dict[str, object] = {
        "seats_licensed": float(profile.seats),
        "seats_active": float(active),
        "mau": float(active),
        "dau": round(active * float(stick), 1),
        "features_used": float(used),
        "features_available": float(len(FEATURES)),
        "open_tickets": float(p1 + p2 + p3),
        "open_p1": float(p1),
        "open_p2": float(p2),
        "open_p3": float(p3),
        "last_activity_date": max(day - timedelta(days=idle), profile.start),
    }
    return row | ({"last_qbr_date": past[-1]} if past else {})


def _apply_story(profile: Profile, month: int, row: dict[str, object]) -> None:
    """What the story says beyond a lower level."""
    if profile.story == "champion_left" and month >= profile.turn:
        row["champion_strength"] = "Weak"
    if row["open_p1"]:
        row["unresolved_escalations"] = "Yes"
    elif row["unresolved_escalations"] == "Yes" and not row["open_p2"]:
        row |= {"open_p2": 1.0, "open_tickets": float(str(row["open_tickets"])) + 1.0}


def _with_gaps(
    profile: Profile, row: dict[str, object], model: ScoreModel, rng: np.random.Generator
) -> dict[str, object]:
    """Leave out what nobody measured that month."""
    metrics = {m.key for m in model.metrics}
    if profile.number == NO_DATA:
        kept = {"seats_licensed", "open_tickets"} | {model.metrics[-1].key}
        return {k: v for k, v in row.items() if k in kept}
    gone = {k for k in row if k in metrics and rng.random() < _GAPS.get(k, _OTHER_GAPS)}
    if profile.number % 9 == 4:
        gone |= {"dau", "mau"}  # this account's product sends no daily counts
    if profile.number % 18 == 4:  # but its own team reports the share
        row["dau_mau"] = round(float(str(row["dau"])) / float(str(row["mau"])), 2)
    return {k: v for k, v in row.items() if k not in gone}
