"""What the data did not see of a loss, or did not hold, one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scoring.judgement.phrases import counted, day_words, listed, sentence, whole
from scoring.model import LinearCurve
from scoring.validation.alert_record import LEAD_DAYS
from scoring.validation.records import ReviewAlert
from scoring.validation.review_past import LEAST_FALL, Past
from scoring.validation.review_tried import Tried
from scoring.validation.words import input_name

__all__ = ["LATE_DAYS", "LITTLE", "LOOKED", "missed"]

LOOKED = 60
"""Days before a loss at which gaps in the data are looked for: early enough to act (ours)."""
LATE_DAYS = 14
"""An alert later than that came too late to act on (ours)."""
LITTLE = 0.75
"""Share of the weight below which a score stood on little (ours)."""
_NAMED = 3


def missed(past: Past, alerts: Sequence[ReviewAlert], tried: Tried) -> tuple[str, ...]:
    """What the data did not see or not hold of one loss.

    Args:
        past: snapshots before it.
        alerts: that fired in the 180 days before, oldest first.
        tried: what people did and knew.
    """
    if past.last < 0:
        found = ["The history holds no snapshot before the loss"]
    else:
        found = [*_scores(past), *_gaps(past), *_warnings(past, alerts)]
    told = {alert.evidence for alert in alerts}
    for day, text in tried.events:
        if text not in told:
            days = (past.day - day).days
            found.append(f"No alert came of the event {counted(days, 'day')} before: {text}")
    if tried.undated:
        verb = "has" if tried.undated == 1 else "have"
        found.append(f"{counted(tried.undated, 'action')} {verb} no date")
    if tried.contacts is False:
        found.append("The last contact with anybody there is not known")
    return tuple(sentence(text) for text in found)


def _scores(past: Past) -> Iterator[str]:
    """Why no score stood 60 days before; and a last snapshot that is old."""
    place, last = past.at(LOOKED), past.last
    if place < 0:
        first = past.days_before(past.start)
        if first < LOOKED:
            yield f"The first snapshot stands {counted(first, 'day')} before the loss"
        else:
            yield f"No snapshot stands {LOOKED} to {LOOKED + past.oldest} days before the loss"
    elif past.total(place) is None:
        coverage = float(past.snapshots.coverage[place])
        new = coverage >= past.snapshots.model.min_coverage - 1e-9
        why = (
            "the account was too new"
            if new
            else f"{whole(100 * coverage)}% of the weight was known"
        )
        yield f"No score stood {LOOKED} days before: {why}"
    age = past.days_before(last)
    if age > past.oldest:
        yield f"The last snapshot stands {age} days before the loss"


def _gaps(past: Past) -> Iterator[str]:
    """Metrics without a value, or with one too old to count; a score that stood on little."""
    place = past.at(LOOKED)
    when = f"{LOOKED} days before"
    if place < 0:
        place, when = past.last, "in the last snapshot"
    grid, model = past.grid, past.snapshots.model
    metrics = _of_untyped(past, place)
    stale = {k for k in metrics if grid.stale[place, grid.columns[k]]}
    levels = grid.levels[place]
    missing = [k for k in metrics if k not in stale and np.isnan(levels[grid.columns[k]])]
    if metrics and len(missing) == len(metrics):
        yield f"Only a score is known {when}: no metric stands behind it"
        return
    for keys, what in ((missing, "no value"), ([k for k in metrics if k in stale], "an old value")):
        if keys:
            names = [input_name(model, k) for k in keys[:_NAMED]]
            more = len(keys) - _NAMED
            names += [f"{more} more"] if more > 0 else []
            count = f"{len(keys)} of {counted(len(metrics), 'metric')}"
            yield f"{count} had {what} {when}: {listed(names)}"
    coverage = float(past.snapshots.coverage[place])
    if past.total(place) is not None and coverage < LITTLE:
        yield f"{whole(100 * coverage)}% of the weight was known {when}"


def _warnings(past: Past, alerts: Sequence[ReviewAlert]) -> Iterator[str]:
    """No alert, or a late one; and nothing that fell, or was low at all."""
    model = past.snapshots.model
    if not alerts:
        red = past.red_since()
        since = f": {model.tier_label('red')} since {day_words(red)}" if red else ""
        yield f"No alert fired in the {LEAD_DAYS} days before{since}"
    elif alerts[0].days_before < LATE_DAYS:
        days = counted(alerts[0].days_before, "day")
        yield f"The first alert fired {days} before: too late to act"
    healthy, known = _healthy(past)
    measured = not np.isnan(past.levels(past.last)[: len(model.metrics)]).all()
    noun, parts = ("metric", model.metrics) if measured else ("dimension", model.dimensions)
    if known and healthy == known:
        some = noun if known == len(parts) else f"known {noun}"
        which = f"All {counted(known, some)}" if known > 1 else f"The only {some}"
        yield f"{which} stayed healthy: the cause was outside the data"
    elif past.falls == []:
        points = counted(int(LEAST_FALL), "point")
        yield f"No {noun} fell by {points} or more in the last 90 days"


def _of_untyped(past: Past, place: int) -> list[str]:
    """Metrics whose dimension nobody typed: what stands beside a typed one is not missed."""
    values, columns = past.grid.values[place], past.grid.columns
    dimensions = past.snapshots.model.dimensions
    return [m.key for d in dimensions if np.isnan(values[columns[d.key]]) for m in d.metrics]


def _healthy(past: Past) -> tuple[int, int]:
    """How many inputs of the last snapshot lie in their healthy range, of how many known.

    A word is healthy with full points, a typed dimension from where green starts.
    """
    model, place = past.snapshots.model, past.last
    levels = past.levels(place)
    healthy = known = 0
    ranges = {m.key: m for m in model.metrics}
    for key, level in zip(model.inputs, levels.tolist(), strict=True):
        if level != level:
            continue
        known += 1
        metric = ranges.get(key)
        if metric is None:
            healthy += level >= model.tiers[0].starts_at
        elif isinstance(metric.curve, LinearCurve):
            low, high = metric.healthy_range
            raw = float(past.grid.values[place, past.grid.columns[key]])
            healthy += (low is None or raw >= low) and (high is None or raw <= high)
        else:
            healthy += level >= 100.0
    return healthy, known
