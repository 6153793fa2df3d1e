"""Which metric fell first in the accounts whose score fell far: only what the history shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.columns import REMAINING
from scoring.metric_phrase import plain_name
from scoring.prepare import Floats
from scoring.score import Scores
from scoring.timeline import Timeline

__all__ = ["FALL", "LEAST", "WINDOW_DAYS", "FirstToFall", "first_to_fall"]

FALL = 10.0
"""Points from which a score, or a metric, fell far (001: a drop of 10 points)."""
WINDOW_DAYS = 180
"""Days that are looked at (ours): long enough for one fall to follow another."""
LEAST, LEAST_SHARE = 3, 0.4
"""Accounts, and share of the fallen, from which a first metric is a pattern (ours)."""


@dataclass(frozen=True, slots=True)
class FirstToFall:
    """The metric that most often fell first.

    Attributes:
        key, name: of the metric.
        accounts: in which no other metric fell before it; of ``fallen``.
        fallen: accounts whose score lies ``points`` or more below that of ``since``.
        points: see `FALL`.
        since: the snapshot that is compared with.
    """

    key: str
    name: str
    accounts: int
    fallen: int
    points: float
    since: date


def first_to_fall(timeline: Timeline) -> FirstToFall | None:
    """The metric that fell first in most of the accounts that fell far; None without a pattern.

    A metric fell on the day of the first snapshot from which on it stayed `FALL` points below
    where it stood at the beginning. What only the calendar moves is left out.
    """
    now = timeline.now
    start = now.as_of - timedelta(days=WINDOW_DAYS)
    shots = [s for s in timeline.past if s.as_of >= start]
    metrics = [m for m in now.model.metrics if m.key not in REMAINING]
    if len(shots) < 2 or not metrics:
        return None
    base = shots[0]
    at = pd.Index(base.account_id).get_indexer(pd.Index(now.account_id))
    then = np.where(at >= 0, base.total[np.maximum(at, 0)], math.nan)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(now.total - then <= -FALL)
    if len(rows) < LEAST:
        return None
    ids = pd.Index(now.account_id[rows])
    keys = [m.key for m in metrics]
    falls = _falls([_points(s, ids, keys) for s in [*shots, now]])
    first = falls.min(axis=1)
    counts = ((falls == first[:, None]) & np.isfinite(falls)).sum(axis=0)
    best = int(counts.argmax())
    if counts[best] < LEAST or counts[best] < LEAST_SHARE * len(rows):
        return None
    metric = metrics[best]
    return FirstToFall(
        metric.key, plain_name(metric.name), int(counts[best]), len(rows), FALL, base.as_of
    )


def _points(scores: Scores, ids: pd.Index[str], keys: list[str]) -> Floats:
    """Points of the metrics of some accounts at a snapshot, (n, m); NaN where not known."""
    frame: pd.DataFrame = scores.points
    at = pd.Index(scores.account_id).get_indexer(ids)
    out = np.full((len(ids), len(keys)), math.nan)
    for column, key in enumerate(keys):
        if key in frame:
            values = frame[key].to_numpy(float)
            out[at >= 0, column] = values[at[at >= 0]]
    return out


def _falls(points: list[Floats]) -> Floats:
    """Number of the snapshot from which on each metric stayed low, (n, m); inf where it did not."""
    stack = np.stack(points)
    start = stack[0]
    out = np.full(start.shape, math.inf)
    with np.errstate(invalid="ignore"):
        low = stack - start <= -FALL
    unknown = np.isnan(stack)
    going = low[-1].copy()
    for place in range(len(points) - 1, 0, -1):
        going &= low[place] | unknown[place]
        out = np.where(going & low[place], float(place), out)
    return out
