"""Facts that whichever metric of a model tells: seats share, usage change, CSAT, payment, plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.earlier import QUARTER_DAYS
from scoring.judgement.facts import Concept, FactTable
from scoring.judgement.facts_column import FactColumn, Past, no_words
from scoring.judgement.phrases import whole
from scoring.metric_phrase import metric_phrase, short_name, value_phrase
from scoring.metric_text import healthy_text
from scoring.model import Metric
from scoring.prepare import Floats
from scoring.usage_change import LEVELS, usage_change

__all__ = ["CONCEPTS"]

_FULL = "80% or more"
"""Ours, where no metric says what is healthy: where green starts."""


def _metric(*keys: str) -> Concept:
    """The first of these metrics that the model has."""

    def build(t: FactTable) -> FactColumn | None:
        return next((t.metric(k) for k in keys if k in t.metrics), None)

    return build


def _share(*keys: str) -> Concept:
    """Where a value stands on the scale of its metric, 0 to 1; people read the value."""

    def build(t: FactTable) -> FactColumn | None:
        found = next((t.metrics[k] for k in keys if k in t.metrics), None)
        if found is None or None in found.scale:
            return None
        low, high = (float(end or 0.0) for end in found.scale)
        return _scaled(t, found, lambda x: (x - low) / (high - low))

    return build


def _scaled(t: FactTable, metric: Metric, value: Callable[[Floats], Floats]) -> FactColumn:
    raw = t.raw(metric.key)
    return FactColumn(
        value(raw), metric.name, metric.unit, metric, shown=raw,
        before=t.before(metric.key), when=t.before_day, past=Past(metric.key, value),
    )  # fmt: skip


def _moved(key: str) -> Concept:
    """By how much a share changed within a quarter, in points of the share."""

    def build(t: FactTable) -> FactColumn | None:
        column = t.column(key)
        if column is None or column.past is None or column.before is None:
            return None
        change = column.values - column.past.value(column.before)
        return FactColumn(change, f"Change of {column.name}", "change", when=column.when)

    return build


def _unhealthy(key: str) -> Concept:
    """Whether a value lies outside the healthy range of its metric: yes or no."""

    def build(t: FactTable) -> FactColumn | None:
        column = t.column(key)
        if column is None or column.metric is None:
            return None
        low, high = column.metric.healthy_range
        raw = column.told
        out = no_words(t.n)
        out[~np.isnan(raw)] = "no"
        with np.errstate(invalid="ignore"):
            if low is not None:
                out[raw < low - 1e-9] = "yes"
            if high is not None:
                out[raw > high + 1e-9] = "yes"
        return FactColumn(out, column.name, "state", column.metric)

    return build


def _usage_change(t: FactTable) -> FactColumn | None:
    found = usage_change(t.timeline)
    if np.isnan(found.change).all():
        return None
    columns = {k: t.metric(k) for k in dict.fromkeys(found.metric.tolist()) if k}

    def phrase(row: int) -> str:
        metric = t.metrics[str(found.metric[row])]
        change = float(found.change[row])
        if metric.key not in LEVELS:
            return metric_phrase(metric, change)
        column = columns[metric.key]
        then, now = (float(x[row]) for x in (column.before, column.told) if x is not None)
        way = "down" if change < 0 else "up"
        said = f"{short_name(metric.name)} {way} {whole(abs(change) * 100)}%"
        # The share of seats is told beside it.
        if metric.key == "seats_active_share":
            return f"{said} in a quarter"
        ends = f"from {value_phrase(metric, then)} to {value_phrase(metric, now)}"
        return f"{said} in a quarter, {ends}"

    first = next((t.metrics[k] for k in found.metric.tolist() if k), None)
    column = FactColumn(
        found.change, "Usage change", "change",
        when=t.before_day, since=found.since.astype("datetime64[D]"), phrase=phrase,
    )  # fmt: skip
    # The metric places the risk in a dimension; a level's own benchmark would not fit a change.
    return column if first is None else _of_metric(column, first)


def _of_metric(column: FactColumn, metric: Metric) -> FactColumn:
    text = healthy_text(metric) if metric.key not in LEVELS else ""
    return replace(column, metric=metric, benchmark=text)


def _counted_share(key: str, name: str, top: str, bottom: str, what: str) -> Concept:
    """A share of two counts: the model's metric, else the columns of *Accounts*."""

    def build(t: FactTable) -> FactColumn | None:
        a, b = t.numbers(top), t.numbers(bottom)

        def detail(row: int) -> str:
            one, all_ = float(a[row]), float(b[row])
            if not (one >= 0 and all_ > 0):
                return ""
            # Counts that say another share would contradict the number beside them.
            share = t.values(own)
            near = share is not None and abs(one / all_ - float(share[row])) < 0.006
            return f"{whole(one)} of {whole(all_)}{what}" if near else ""

        own = "seats_share" if top == "seats_active" else "breadth"
        if key in t.metrics:
            return replace(t.metric(key), detail=detail)
        with np.errstate(all="ignore"):
            share = np.where(b > 0, a / b, np.nan)
        if np.isnan(share).all():
            return None
        return FactColumn(share, name, "fraction", benchmark=_FULL, detail=detail)

    return build


def _flat_days(t: FactTable) -> FactColumn | None:
    """Days since the breadth last rose; the days that the history knows where it never did."""
    keys = ("feature_breadth", "features_used")
    key = next((k for k in keys if k in t.metrics), None)
    if key is None or not t.timeline.past:
        return None
    days = np.full(t.n, np.nan)
    now = t.raw(key)
    going = ~np.isnan(now)
    for number in range(len(t.timeline.past) - 1, -1, -1):
        then = t.snapshot(number, key)
        # A share rounds, and a feature more is a whole step: less than half a step is no rise.
        with np.errstate(invalid="ignore"):
            flat = going & (then >= now - _STEP[key])
        days[flat] = (t.as_of - t.timeline.past[number].as_of).days
        going &= flat | np.isnan(then)
    return FactColumn(days, "Days without a rise in features", "days")


_STEP: Mapping[str, float] = {"feature_breadth": 0.02, "features_used": 0.5}


def _logins(t: FactTable) -> FactColumn | None:
    """Logins as a share of what is healthy."""
    if "logins_vs_target" in t.metrics:
        return t.metric("logins_vs_target")
    metric = t.metrics.get("logins_per_week")
    low = metric.healthy_range[0] if metric else None
    if metric is None or not low:
        return None
    return _scaled(t, metric, lambda x: x / float(low))


def _power_users_change(t: FactTable) -> FactColumn | None:
    if "power_users" not in t.metrics:
        return None
    now, then = t.raw("power_users"), t.before("power_users")
    with np.errstate(all="ignore"):
        change = np.where(then > 0, now / then - 1.0, np.nan)
    return FactColumn(
        change, f"Power users in {QUARTER_DAYS} days", "change", t.metrics["power_users"],
        benchmark="no decline", when=t.before_day,
    )  # fmt: skip


_LATE = ("payment_history", "payment_status", "late_payments_12m", "on_time_payment_share")


def _payment_late(t: FactTable) -> FactColumn | None:
    """Whether payments are late: yes or no, by whichever metric says so."""
    key = next((k for k in _LATE if k in t.metrics), None)
    if key is None:
        return None
    source = t.metric(key)

    def late(x: NDArray[Any]) -> NDArray[Any]:
        out = no_words(len(x))
        if x.dtype == object:
            out[(x == "on time") | (x == "current")] = "no"
            out[x == "late"] = "yes"
            return out
        bad = x > 0.5 if key == "late_payments_12m" else x < 0.8 - 1e-9
        out[~np.isnan(x)] = "no"
        out[bad] = "yes"
        return out

    assert source.past is not None
    told = source.past.value
    return FactColumn(
        late(source.values), source.name, source.unit, source.metric, shown=source.told,
        before=source.before, when=source.when, past=Past(key, lambda x: late(told(x))),
        detail=lambda row: t.text("payment_details", row), noted=_noted(t, "payment_details"),
    )  # fmt: skip


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(r"\b(\d{1,2} [A-Z][a-z]{2,8} \d{4}|\d{4}-\d\d-\d\d)\b", re.ASCII)


def _noted(t: FactTable, key: str) -> Callable[[int], date | None]:
    """The first day that people name in what they wrote beside a state."""

    def noted(row: int) -> date | None:
        found = (_day(text) for text in _DAY.findall(t.text(key, row)))
        return min((d for d in found if d and d <= t.as_of), default=None)

    return noted


def _day(text: str) -> date | None:
    """``3 Nov 2026``, ``3 November 2026`` or ``2026-11-03``; None for other digits."""
    try:
        if "-" in text:
            return date.fromisoformat(text)
        day, month, year = text.split()
        return date(int(year), _MONTHS.index(month[:3].casefold()) + 1, int(day))
    except ValueError:
        return None


def _state(keys: Sequence[str], note: str) -> Concept:
    """A state, with the note that people wrote beside it."""

    def build(t: FactTable) -> FactColumn | None:
        key = next((k for k in keys if k in t.metrics), None)
        if key is None:
            return None
        return replace(t.metric(key), detail=lambda row: t.text(note, row), noted=_noted(t, note))

    return build


def _escalation_days(t: FactTable) -> FactColumn | None:
    """Days that an escalation has been open, as far as the history knows."""
    column = t.column("escalation_open")
    if column is None or column.past is None:
        return None
    days = np.where(column.values == "yes", 0.0, np.nan)
    going = column.values == "yes"
    for number in range(len(t.timeline.past) - 1, -1, -1):
        then = column.past.value(t.snapshot(number, column.past.key))
        still = going & (then == "yes")
        days[still] = (t.as_of - t.timeline.past[number].as_of).days
        going = still
    return FactColumn(days, "Days escalated", "days")


CONCEPTS: Mapping[str, Concept] = {
    "usage_change": _usage_change,
    "seats_share": _counted_share(
        "seats_active_share", "Seats active", "seats_active", "seats_licensed", " seats"
    ),
    "seats_change": _moved("seats_share"),
    "breadth": _counted_share(
        "feature_breadth", "Feature adoption", "features_used", "features_available", " features"
    ),
    "breadth_flat_days": _flat_days,
    "logins_ratio": _logins,
    "power_users_change": _power_users_change,
    "training_share": _metric("training_completed_share", "certification_rate"),
    "csat_share": _share("csat", "csat_10"),
    "csat_change": _moved("csat_share"),
    "csat_unhealthy": _unhealthy("csat_share"),
    "nps_share": _share("nps_index", "nps_response"),
    "nps_change": _moved("nps_share"),
    "nps_unhealthy": _unhealthy("nps_share"),
    "tickets_change": _metric("tickets_vs_average", "ticket_trend_90d"),
    "escalations": _metric("escalations_90d"),
    "escalation_open": _state(("unresolved_escalations",), "escalation_details"),
    "escalation_open_days": _escalation_days,
    "payment_late": _payment_late,
    "plan_used": _metric("plan_capacity_used", "contract_utilisation"),
    "expansion": _state(("expansion_signals", "expansion_signal"), "expansion_details"),
    "downgrade": _state(("downgrade_signals",), "downgrade_details"),
    "value_evidenced": _state(("value_evidenced",), "evidence_of_value"),
}
"""Facts by key; each tells None where no metric of the model carries it."""
