"""Green accounts that churned, and red ones that stayed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.judgement.phrases import day_words
from scoring.validation.cases import Cases
from scoring.validation.records import Surprise
from scoring.validation.snapshots import Places
from scoring.validation.words import Grid, day_at, drivers_at, largest_first, score_at

__all__ = ["green_churned", "red_stayed"]

_ANY_AGE = 100_000


def green_churned(cases: Cases, *, days: int) -> tuple[Surprise, ...]:
    """Every account that was green at a horizon before it churned; largest ARR first.

    Of several such horizons the one nearest to *days* is shown; of two equally near the later.
    """
    shown = np.full(len(cases), -1, dtype=np.intp)
    for horizon in sorted(cases.at, key=lambda h: (abs(h - days), h)):
        fits = (shown < 0) & _in_tier(cases, cases.at[horizon], "green")
        shown = np.where(fits, cases.at[horizon], shown)
    return _told(cases, np.flatnonzero(cases.churned & (shown >= 0)), shown)


def red_stayed(cases: Cases, *, days: int) -> tuple[Surprise, ...]:
    """Every account that was red *days* before it renewed, contracted or expanded, or stayed.

    An account that was so more than once is told once, by the last time; one that churned later is
    not told, for then red was right. Largest ARR first.
    """
    places = cases.at.get(days, cases.landmark)
    rows = np.flatnonzero(~cases.churned & _in_tier(cases, places, "red"))
    account = cases.frame["account_id"].to_numpy(object)
    # Cases stand in the order of account and date, so that the last of an account counts here.
    lost = dict(zip(account[cases.churned], np.flatnonzero(cases.churned), strict=True))
    last = {account[row]: row for row in rows if row > lost.get(account[row], -1)}
    return _told(cases, np.array(sorted(last.values()), dtype=np.intp), places)


def _in_tier(cases: Cases, places: Places, tier: str) -> NDArray[np.bool_]:
    """(n,) whether the snapshot at each position has a tier; False for none."""
    found = np.zeros(len(places), dtype=bool)
    known = places >= 0
    found[known] = cases.snapshots.tier[places[known]] == tier
    return found


def _told(cases: Cases, rows: NDArray[np.intp], places: Places) -> tuple[Surprise, ...]:
    frame = cases.frame.iloc[rows]
    arr = frame["arr"].to_numpy(float)
    order = largest_first(arr, frame["currency"].tolist(), frame["account_id"].tolist())
    last = cases.lead(1, oldest=_ANY_AGE)
    grid = Grid.of(cases.snapshots)
    return tuple(_surprise(cases, grid, int(row), places, last) for row in rows[order])


def _surprise(cases: Cases, grid: Grid, row: int, places: Places, last: Places) -> Surprise:
    snapshots, place = cases.snapshots, int(places[row])
    case = cases.frame.iloc[row]
    seen, day = day_at(snapshots, place), case["date"].date()
    later = int(last[row])
    return Surprise(
        account_id=str(case["account_id"]),
        account=str(case["account_name"]) or str(case["account_id"]),
        outcome=str(case["outcome"]),
        day=day,
        arr=None if np.isnan(case["arr"]) else float(case["arr"]),
        currency=str(case["currency"]),
        seen=seen,
        days=(day - seen).days,
        score=float(snapshots.total[place]),
        tier=str(snapshots.tier[place]),
        drivers=drivers_at(grid, place),
        later=_later(cases, later) if later > place else "",
    )


def _later(cases: Cases, place: int) -> str:
    """``58 Amber on 3 Sep 2026``."""
    day = day_words(day_at(cases.snapshots, place))
    return f"{score_at(cases.snapshots, place)} on {day}"
