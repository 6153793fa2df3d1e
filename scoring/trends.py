"""What many accounts of a segment have in common: metrics that got worse, or better.

Usage has its own rule (`segments.early_warnings`); here every other metric is looked at, and both
are told alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.amounts import main_currency
from scoring.churn_range import ChurnRange, churn_range
from scoring.columns import REMAINING
from scoring.earlier import QUARTER_DAYS, earlier
from scoring.groups import group_label, groups
from scoring.metric_phrase import plain_name
from scoring.model import Metric
from scoring.portfolio import sum_known
from scoring.prepare import Floats
from scoring.renewal import ILLUSTRATION, Chances
from scoring.score import Scores
from scoring.segments import early_warnings, metric_points
from scoring.timeline import Timeline, unbroken_since, values_of
from scoring.usage_change import usage_change

__all__ = ["ALL", "CONCERNS", "LEAST_MOVED", "LEAST_SHARE", "MOVED_POINTS", "Trend", "trends"]

MOVED_POINTS = 10.0
"""Points 0–100 of a metric from which it moved (003 Edge Cases: react to 10 points, not to 1)."""
LEAST_MOVED, LEAST_SHARE = 3, 0.2
"""Accounts, and share of those known, from which a move is a trend (ours)."""
HIGH_SHARE, HIGH_ARR, MEDIUM_SHARE = 0.4, 0.2, 0.3
"""Shares of accounts and of ARR from which a trend concerns much (ours, after 002 Example 3)."""
AGAINST = 1.5
"""Times as many accounts must move this way as the other; else they only vary (ours)."""
SAME_ROWS = 0.6
"""Share of accounts in common from which two trends are told as one (ours)."""
PACE = 1.25
"""Times the rate before from which a move is faster; below its inverse it is slower (ours)."""
ALL = "*"
"""Key of a trend that shows in every segment."""

Concern = Literal["High", "Medium", "Low"]
Pace = Literal["", "accelerating", "steady", "slowing"]
CONCERNS: tuple[Concern, ...] = ("High", "Medium", "Low")
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric that moved the same way in many accounts of a segment.

    Attributes:
        segment, label: key and what people read; `ALL` where every segment shows it.
        key, name: of the metric; "" and ``Usage`` for the usage rule.
        better: whether it rose.
        leading: whether the model calls it a leading metric.
        known, moved: accounts known then and now, and of those moved so far.
        share: moved of known, 0–1.
        before, now: mean raw value of the moved, mean points of a word.
        change: relative change of that mean; NaN where it was 0 or is an index or a word.
        since: median of the days since when; None where the history does not tell.
        pace: of the last half of the time against the first.
        currency: of the amounts. arr: of the moved, NaN where none of it is known.
        arr_share: of the segment's ARR, 0–1; NaN where that is not known.
        along: names of other leading metrics that fell among the same accounts, the most first.
        concern: how much it matters; of what got better how much it promises.
        churn: what it could cost; None for what got better.
        rows: positions of the moved in the frame, the largest ARR first.
    """

    segment: str
    label: str
    key: str
    name: str
    better: bool
    leading: bool
    known: int
    moved: int
    share: float
    before: float
    now: float
    change: float
    since: date | None
    pace: Pace
    currency: str
    arr: float
    arr_share: float
    along: tuple[str, ...]
    concern: Concern
    churn: ChurnRange | None
    rows: tuple[int, ...]


@dataclass(frozen=True)
class _Move:
    """A metric of all accounts: raw and points, then and now; (n,) each."""

    metric: Metric
    then: Floats
    now: Floats
    points: Floats
    rate: Floats
    pace: Floats


def trends(
    frame: pd.DataFrame,
    timeline: Timeline,
    *,
    currency: str | None = None,
    days: int = QUARTER_DAYS,
    chances: Chances = ILLUSTRATION,
) -> tuple[Trend, ...]:
    """Trends of all segments: what got worse first, each the one that touches most ARR first.

    Args:
        frame: the portfolio frame of today, row by row ``timeline.now``.
        timeline: today's scores and the snapshots before.
        currency: amounts in it count; the one of most accounts when not given.
        days: how far back values are compared.
        chances: churn by score, for what a decline could cost.

    Source: 002 Example 3, early warning report. Limits are ours where the document gives none.
    """
    wanted = main_currency(frame) if currency is None else currency
    arr = frame["arr"].where(frame["currency"] == wanted).to_numpy(float)
    parts = {key: part.index.to_numpy() for key, part in groups(frame, "segment")}
    usage = set(usage_change(timeline, days=days).metric.tolist())
    moves = [m for m in _moves(timeline, days) if m.metric.key not in usage | set(REMAINING)]
    found = list(_usage(frame, timeline, wanted, arr, days))
    for better in (False, True):
        for move in moves:
            found += _of_metric(frame, timeline, move, parts, arr, wanted, better=better)
    kept = _apart(sorted(found, key=_rank))
    return tuple(_along(_costed(trend, frame, arr, chances), moves) for trend in kept)


def _costed(trend: Trend, frame: pd.DataFrame, arr: Floats, chances: Chances) -> Trend:
    """The trend with what it could cost, where it is one for the worse."""
    if trend.better:
        return trend
    rows = np.array(trend.rows, dtype=np.intp)
    return replace(trend, churn=churn_range(frame, rows, arr, chances=chances))


def _apart(ranked: Sequence[Trend]) -> Iterator[Trend]:
    """The trends without those that mostly the same accounts show in another metric."""
    kept: list[tuple[Trend, frozenset[int]]] = []
    for trend in ranked:
        rows = frozenset(trend.rows)
        others = (mine for t, mine in kept if t.better == trend.better)
        if not any(len(rows & mine) >= SAME_ROWS * len(rows | mine) for mine in others):
            kept.append((trend, rows))
            yield trend


def _rank(t: Trend) -> tuple[bool, int, bool, float, int, str, str]:
    size = t.arr if t.arr == t.arr else 0.0
    # Usage leads, so what goes with it is told beside it.
    return t.better, CONCERNS.index(t.concern), t.key != "", -size, -t.moved, t.segment, t.key


def _usage(
    frame: pd.DataFrame, timeline: Timeline, currency: str, arr: Floats, days: int
) -> Iterator[Trend]:
    """Usage declines of more than 15 %, as `early_warnings` finds them."""
    change = usage_change(timeline, days=days).change
    for w in early_warnings(frame, timeline, currency=currency, days=days):
        rows = np.array(w.rows, dtype=np.intp)
        if not _enough(w.declining, w.known):
            continue
        mean = math.fsum(change[rows]) / len(rows)
        yield Trend(
            w.segment, w.label, "", "Usage", False, True, w.known, w.declining, w.share,
            math.nan, math.nan, mean, w.since, "", currency, w.arr, w.arr_share,
            tuple(s.name for s in w.leading),
            _concern(w.share, w.arr_share, leading=True), None, w.rows,
        )  # fmt: skip


def _enough(moved: int, known: int) -> bool:
    return moved >= LEAST_MOVED and moved / known >= LEAST_SHARE - 1e-9


def _concern(share: float, arr_share: float, *, leading: bool) -> Concern:
    much = share >= HIGH_SHARE - 1e-9 or arr_share >= HIGH_ARR - 1e-9
    if leading and much:
        return "High"
    return "Medium" if much or share >= MEDIUM_SHARE - 1e-9 else "Low"


def _of_metric(
    frame: pd.DataFrame,
    timeline: Timeline,
    move: _Move,
    parts: Mapping[str, Rows],
    arr: Floats,
    currency: str,
    *,
    better: bool,
) -> list[Trend]:
    """The trends of one metric: one for all where every segment that can tell shows it."""
    sign = 1.0 if better else -1.0
    known = ~np.isnan(move.points)
    there = known & (sign * move.points >= MOVED_POINTS - 1e-9)
    since = _since(timeline, move, there, sign)

    def told(segment: str, label: str, rows: Rows) -> Trend:
        return _trend(frame, move, (segment, label, rows), (known, there, since), arr, currency,
                      better=better)  # fmt: skip

    able = {k: r for k, r in parts.items() if known[r].sum() >= LEAST_MOVED}
    back = known & (sign * move.points <= -MOVED_POINTS + 1e-9)
    shows = {
        k: r
        for k, r in able.items()
        if _enough(int(there[r].sum()), int(known[r].sum()))
        and there[r].sum() >= AGAINST * back[r].sum()
    }
    if len(shows) > 1 and len(shows) == len(able):
        return [told(ALL, "All segments", np.concatenate(list(parts.values())))]
    return [told(key, group_label(key), rows) for key, rows in shows.items()]


def _trend(
    frame: pd.DataFrame,
    move: _Move,
    group: tuple[str, str, Rows],
    found: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.datetime64]],
    arr: Floats,
    currency: str,
    *,
    better: bool,
) -> Trend:
    segment, label, inside = group
    known, there, since = found
    rows = inside[there[inside]]
    rows = rows[np.lexsort((rows, -np.nan_to_num(arr[rows], nan=-1.0)))]
    a, b = _mean(move.then[rows]), _mean(move.now[rows])
    touched, base = sum_known(arr[rows].tolist()), sum_known(arr[inside].tolist())
    count = int(known[inside].sum())
    share, arr_share = len(rows) / count, touched / base if base > 0 else math.nan
    relative = move.metric.unit not in ("change", "nps_index", "state") and a > 0
    days = np.sort(since[rows][~np.isnat(since[rows])])
    return Trend(
        segment, label, move.metric.key, plain_name(move.metric.name), better, move.metric.leading,
        count, len(rows), share, a, b, b / a - 1.0 if relative else math.nan,
        pd.Timestamp(days[(len(days) - 1) // 2]).date() if len(days) else None,
        _pace(move, rows), currency, touched, arr_share, (),
        _concern(share, arr_share, leading=move.metric.leading),
        None, tuple(rows.tolist()),
    )  # fmt: skip


def _mean(values: Floats) -> float:
    return math.fsum(values) / len(values) if len(values) else math.nan


def _along(trend: Trend, moves: Sequence[_Move], most: int = 3) -> Trend:
    """What else of the leading metrics fell among the accounts of a trend."""
    if trend.better or trend.along:
        return trend
    rows = list(trend.rows)
    fell = []
    for move in moves:
        points = move.points[rows]
        points = points[~np.isnan(points)]
        if move.metric.leading and move.metric.key != trend.key and len(points) >= LEAST_MOVED:
            fell.append((_mean(points), plain_name(move.metric.name)))
    worst = sorted((mean, name) for mean, name in fell if mean <= -MOVED_POINTS / 2)
    return replace(trend, along=tuple(name for _, name in worst[:most]))


def _moves(timeline: Timeline, days: int) -> Iterator[_Move]:
    before, half = earlier(timeline, days=days), earlier(timeline, days=days // 2)
    for metric in timeline.now.model.metrics:
        key = metric.key
        then, mid = (x.values[key].to_numpy(float) for x in (before, half))
        now = timeline.now.values[key].to_numpy(float)
        old, middle, new = (metric_points(metric, x) for x in (then, mid, now))
        with np.errstate(all="ignore"):
            first = (middle - old) / (before.age - half.age)
            last = (new - middle) / half.age
        yield _Move(metric, then, now, new - old, first, last)


def _pace(move: _Move, rows: Rows) -> Pace:
    """Faster or slower in the last half, where enough accounts have a snapshot between."""
    first, last = move.rate[rows], move.pace[rows]
    both = np.isfinite(first) & np.isfinite(last)
    if both.sum() < LEAST_MOVED:
        return ""
    a, b = _mean(first[both]), _mean(last[both])
    if abs(b) > abs(a) * PACE and a * b >= 0:
        return "accelerating"
    return "slowing" if abs(b) < abs(a) / PACE or a * b < 0 else "steady"


def _since(
    timeline: Timeline, move: _Move, there: NDArray[np.bool_], sign: float
) -> NDArray[np.datetime64]:
    """The first day of the unbroken move; a missing value does not end it."""
    ids, base = timeline.now.account_id, metric_points(move.metric, move.then)

    def told(snapshot: Scores) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        value = values_of(snapshot, move.metric.key, ids)
        moved = sign * (metric_points(move.metric, value) - base) >= MOVED_POINTS - 1e-9
        return moved, np.isnan(value)

    return unbroken_since(timeline, there, told)
