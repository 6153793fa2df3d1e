"""Early warnings by segment: how many accounts use much less, since when, what goes with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.amounts import main_currency
from scoring.distribution import mean
from scoring.earlier import QUARTER_DAYS, Earlier, earlier
from scoring.groups import group_label, groups
from scoring.metric_phrase import plain_name
from scoring.model import Metric
from scoring.portfolio import sum_known
from scoring.prepare import Floats
from scoring.timeline import Timeline
from scoring.usage_change import DECLINE, UsageChange, usage_change

__all__ = ["EarlyWarning", "MetricShift", "early_warnings", "metric_points", "metric_shifts"]

LEAST_KNOWN = 3
"""Accounts with a value then and now below which a metric's shift is not told (ours)."""


@dataclass(frozen=True, slots=True)
class MetricShift:
    """How a metric of a group of accounts moved.

    Attributes:
        key, name: of the metric; the name without its scale.
        leading: whether the model calls it a leading metric.
        accounts: known then and now.
        worse: of those, how many lost points on it.
        before, now: mean raw value, or mean points of a word.
        change: relative change of the mean, −0.18 is 18 % down; NaN where it was 0 or is a
            change itself, an index or a word.
        points: change of the mean points 0–100 of the metric; below 0 is worse.
        arr: ARR of the accounts that lost points; NaN where none of it is known.
    """

    key: str
    name: str
    leading: bool
    accounts: int
    worse: int
    before: float
    now: float
    change: float
    points: float
    arr: float


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """Usage declines of a segment.

    Attributes:
        segment, label: key and what people read; ``Not given`` for "".
        currency: of the amounts.
        accounts: in the segment.
        known: whose usage change is known.
        declining: of those, down by more than 15 %.
        share: declining of known, 0–1; NaN where none is known.
        size: mean change of the declining, −0.22; NaN of none.
        since: median of the days since when they decline; None of none.
        arr: ARR of the declining; 0 of none, NaN where none of it is known.
        arr_share: of the segment's ARR, 0–1; NaN where that is not known.
        leading: what else fell most among the declining, the most points first.
        rows: positions of the declining in the frame, the largest ARR first.
    """

    segment: str
    label: str
    currency: str
    accounts: int
    known: int
    declining: int
    share: float
    size: float
    since: date | None
    arr: float
    arr_share: float
    leading: tuple[MetricShift, ...]
    rows: tuple[int, ...]


def early_warnings(
    frame: pd.DataFrame,
    timeline: Timeline,
    *,
    currency: str | None = None,
    leading: int = 3,
    days: int = QUARTER_DAYS,
) -> tuple[EarlyWarning, ...]:
    """Usage declines by segment, the one that touches most ARR first.

    Args:
        frame: the portfolio frame of today, row by row ``timeline.now``.
        timeline: today's scores and the snapshots before.
        currency: amounts in it count; the one of most accounts when not given.
        leading: how many leading metrics to name.
        days: how far back values are compared.

    Source: 002 Early warning report (share of accounts with a usage decline above 15 %, mean
    size, since when, ARR touched, leading indicators).
    """
    wanted = main_currency(frame) if currency is None else currency
    usage = usage_change(timeline, days=days)
    before = earlier(timeline, days=days)
    arr = frame["arr"].where(frame["currency"] == wanted).to_numpy(float)
    found = []
    for key, part in groups(frame, "segment"):
        rows = part.index.to_numpy()
        down = rows[usage.change[rows] < DECLINE - 1e-9]
        shifts = _shifts(frame, timeline, before, down, arr, leading_only=True)
        fallen = [s for s in shifts if s.points < 0 and s.key not in set(usage.metric[down])]
        found.append(_warning(key, rows, down, usage, arr, wanted, fallen[:leading]))
    return tuple(sorted(found, key=lambda w: (-(w.arr if w.arr == w.arr else 0.0), -w.declining)))


def metric_shifts(
    frame: pd.DataFrame,
    timeline: Timeline,
    *,
    segment: str | None = None,
    currency: str | None = None,
    days: int = QUARTER_DAYS,
) -> tuple[MetricShift, ...]:
    """How every metric moved against a quarter ago, the most points lost first.

    Args:
        frame: as for `early_warnings`.
        timeline: as for `early_warnings`.
        segment: only its accounts; all when not given.
        currency: as for `early_warnings`.
        days: as for `early_warnings`.
    """
    wanted = main_currency(frame) if currency is None else currency
    arr = frame["arr"].where(frame["currency"] == wanted).to_numpy(float)
    inside = np.ones(len(frame), bool) if segment is None else frame["segment"] == segment
    rows = np.flatnonzero(inside)
    before = earlier(timeline, days=days)
    return _shifts(frame, timeline, before, rows, arr, leading_only=False)


def _warning(
    key: str,
    rows: NDArray[np.intp],
    down: NDArray[np.intp],
    usage: UsageChange,
    arr: Floats,
    currency: str,
    leading: Sequence[MetricShift],
) -> EarlyWarning:
    known = rows[~np.isnan(usage.change[rows])]
    touched, base = sum_known(arr[down].tolist()), sum_known(arr[rows].tolist())
    order = np.lexsort((down, -np.nan_to_num(arr[down], nan=-1.0)))
    days = np.sort(usage.since[down])
    return EarlyWarning(
        segment=key,
        label=group_label(key),
        currency=currency,
        accounts=len(rows),
        known=len(known),
        declining=len(down),
        share=len(down) / len(known) if len(known) else math.nan,
        size=mean(pd.Series(usage.change[down])),
        since=pd.Timestamp(days[(len(days) - 1) // 2]).date() if len(days) else None,
        arr=touched,
        arr_share=touched / base if base > 0 else math.nan,
        leading=tuple(leading),
        rows=tuple(down[order].tolist()),
    )


def _shifts(
    frame: pd.DataFrame,
    timeline: Timeline,
    before: Earlier,
    rows: NDArray[np.intp],
    arr: Floats,
    *,
    leading_only: bool,
) -> tuple[MetricShift, ...]:
    metrics = [m for m in timeline.now.model.metrics if m.leading or not leading_only]
    found = [_shift(metric, timeline, before, rows, arr) for metric in metrics]
    return tuple(sorted((s for s in found if s), key=lambda s: round(s.points, 9)))


def _shift(
    metric: Metric, timeline: Timeline, before: Earlier, rows: NDArray[np.intp], arr: np.ndarray
) -> MetricShift | None:
    then = before.values[metric.key].to_numpy(float)[rows]
    now = timeline.now.values[metric.key].to_numpy(float)[rows]
    both = ~np.isnan(then) & ~np.isnan(now)
    if both.sum() < LEAST_KNOWN:
        return None
    old, new, mine = then[both], now[both], rows[both]
    moved = metric_points(metric, new) - metric_points(metric, old)
    a, b = math.fsum(old) / len(old), math.fsum(new) / len(new)
    relative = metric.unit not in ("change", "nps_index", "state") and a > 0
    worse = moved < -1e-9
    return MetricShift(
        key=metric.key,
        name=plain_name(metric.name),
        leading=metric.leading,
        accounts=len(old),
        worse=int(worse.sum()),
        before=a,
        now=b,
        change=b / a - 1.0 if relative else math.nan,
        points=math.fsum(moved) / len(moved),
        arr=sum_known(arr[mine[worse]].tolist()),
    )


def metric_points(metric: Metric, values: Floats) -> Floats:
    """Points 0–100 of raw values of a metric; words are points already. NaN stays NaN."""
    if metric.curve.kind == "states":
        return values
    xs, ys = zip(*metric.curve.points, strict=True)
    return np.asarray(np.interp(values, xs, ys))
