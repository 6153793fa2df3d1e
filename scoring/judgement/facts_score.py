"""Facts of the score itself: score, tier, velocity, coverage; of contract and calendar."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scoring.history import score_before
from scoring.judgement.facts import Concept, FactTable
from scoring.judgement.facts_column import Days, FactColumn, no_days, words_of
from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.score import MANY
from scoring.trend import VELOCITY_DAYS

__all__ = ["SCORE"]


def _score(t: FactTable) -> FactColumn:
    """The displayed score, with the one about 30 days ago."""
    before, when = _month_ago(t)
    shown = np.asarray(round_half_up(before, MANY))
    return FactColumn(np.asarray(t.now.rounded), "Score", "points", before=shown, when=when)


def _month_ago(t: FactTable) -> tuple[Floats, Days]:
    """Raw score about 30 days ago and its day."""

    def find() -> tuple[Floats, Days]:
        history = t.timeline.history()
        before, when = np.full(t.n, np.nan), no_days(t.n)
        if history.empty:
            return before, when
        rows = score_before(history, as_of=t.as_of, days=VELOCITY_DAYS).reindex(t.now.account_id)
        before = rows["score"].to_numpy(float)
        age = rows["age"].to_numpy(float)
        known = ~np.isnan(age)
        back = np.where(known, age, 0).astype("timedelta64[D]")
        when[known] = (np.datetime64(t.as_of, "D") - back)[known]
        return before, when

    return t.once("month_ago", find)


def _change(t: FactTable) -> FactColumn:
    before, when = _month_ago(t)
    return FactColumn(np.asarray(t.now.total) - before, "Score change", "points", when=when)


def _velocity(t: FactTable) -> FactColumn:
    before, when = _month_ago(t)
    days = (np.datetime64(t.as_of, "D") - when).astype(float)
    days[np.isnat(when)] = np.nan
    with np.errstate(all="ignore"):
        speed = np.where(days > 0, (np.asarray(t.now.total) - before) / days, np.nan)
    return FactColumn(speed, "Points a day", None, when=when)


def _tier(t: FactTable) -> FactColumn:
    return FactColumn(np.asarray(t.now.tier, dtype=object), "Tier", "state")


def _coverage(t: FactTable) -> FactColumn:
    return FactColumn(np.asarray(t.now.coverage), "Coverage", "fraction", benchmark="100%")


def _stale(t: FactTable) -> FactColumn:
    count = t.now.stale.to_numpy(bool).sum(axis=1).astype(float)
    return FactColumn(count, "Metrics too old", "count", benchmark="0")


def _days_left(t: FactTable) -> FactColumn | None:
    """Days to the renewal; below 0 where its date has passed."""
    days = t.dates("renewal_date")
    if np.isnat(days).all():
        return t.metric("days_to_renewal") if "days_to_renewal" in t.metrics else None
    left = (days - np.datetime64(t.as_of, "D")).astype(float)
    left[np.isnat(days)] = np.nan
    return FactColumn(left, "Days to renewal", "days", when=days)


def _since(metric: str, date: str, name: str) -> Concept:
    """Days since a date: the model's metric, else the column of *Accounts*."""

    def build(t: FactTable) -> FactColumn | None:
        return t.metric(metric) if metric in t.metrics else t.age(date, name)

    return build


def _qbr_overdue(t: FactTable) -> FactColumn | None:
    """Days since the next QBR should have been held; none was held since."""
    planned, held = t.dates("next_qbr_date"), t.dates("last_qbr_date")
    if np.isnat(planned).all():
        return None
    late = (np.datetime64(t.as_of, "D") - planned).astype(float)
    late[np.isnat(planned) | (~np.isnat(held) & (held >= planned)) | (late <= 0)] = np.nan
    return FactColumn(late, "Days QBR overdue", "days", when=planned)


def _segment(t: FactTable) -> FactColumn | None:
    if "segment" not in t.accounts:
        return None
    return FactColumn(words_of(t.accounts["segment"]), "Segment", "state")


def _dimension(*keys: str) -> Concept:
    """The score of the model's dimension of one of these keys."""

    def build(t: FactTable) -> FactColumn | None:
        found = next((k for k in keys if k in t.now.dimensions), None)
        if found is None:
            return None
        name = next(d.name for d in t.model.dimensions if d.key == found)
        return FactColumn(t.now.dimensions[found].to_numpy(float), name, "points")

    return build


SCORE: Mapping[str, Concept] = {
    "score": _score,
    "score_change": _change,
    "velocity": _velocity,
    "tier": _tier,
    "coverage": _coverage,
    "stale_count": _stale,
    "days_left": _days_left,
    "age_days": lambda t: t.age("start_date", "Days since the start"),
    "days_since_qbr": _since("days_since_qbr", "last_qbr_date", "Days since QBR"),
    "qbr_overdue_days": _qbr_overdue,
    "days_since_activity": _since(
        "days_since_activity", "last_activity_date", "Days since activity"
    ),
    "segment": _segment,
    "usage_score": _dimension("usage", "product_adoption", "product_engagement"),
    "engagement_score": _dimension("engagement", "relationship", "relationship_health"),
    "sentiment_score": _dimension("sentiment", "satisfaction", "support_health"),
    "commercial_score": _dimension("commercial", "financial", "business_health"),
}
"""Facts by key."""
