"""Who got better, how long it took, and who fell back: runs of tiers in every account's history."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from scoring.timeline import Timeline

__all__ = [
    "QUARTER_DAYS",
    "TARGET_RECOVERY",
    "UP",
    "Improvement",
    "Recovery",
    "TierMove",
    "improvement",
    "tier_runs",
]

QUARTER_DAYS = 90
"""003 Health improvement tracking counts a quarter."""

TARGET_RECOVERY = 0.7
"""003 Health improvement tracking: 70 % of the accounts below green recover."""

_CODE = {"red": 0, "amber": 1, "green": 2}
UP = (("red", "amber"), ("amber", "green"), ("red", "green"))
"""(Lower tier, higher tier) of every move that is told."""


@dataclass(frozen=True, slots=True)
class TierMove:
    """Moves from one tier up to another.

    Attributes:
        was, now: tier keys.
        moves: how many in the period; an account that does it twice counts twice.
        days: median of the days from the first snapshot in the lower tier to the first in the
            higher one; NaN where there is none whose beginning is known.
    """

    was: str
    now: str
    moves: int
    days: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """What became of accounts that stood in a tier.

    Attributes:
        tier: its key.
        accounts: that were in it at some time of the period.
        recovered: of those, in a better tier today.
        rate: share 0–1; NaN of none.
        relapsed: of those, that were better in the meantime and are not today.
    """

    tier: str
    accounts: int
    recovered: int
    rate: float
    relapsed: int


@dataclass(frozen=True, slots=True)
class Improvement:
    """Improvement over a period.

    Attributes:
        days: length of the period that ends today.
        moves: red to amber, amber to green, red to green.
        improved: all of them.
        median_days: of all of them, as `TierMove.days`.
        recoveries: of accounts that were red, and of those that were amber.
    """

    days: int
    moves: tuple[TierMove, ...]
    improved: int
    median_days: float
    recoveries: tuple[Recovery, ...]


def improvement(timeline: Timeline, *, days: int = QUARTER_DAYS) -> Improvement:
    """Moves to a better tier in the last *days* days, today's included.

    Args:
        timeline: today's scores and the snapshots before.
        days: length of the period; moves are dated by the snapshot that first shows them.

    Source: 003 Health improvement tracking (moved from Red to Yellow, from Yellow to Green, mean
    time to improvement, share that recovered). The median is ours: one slow account does not
    move it.
    """
    runs = tier_runs(timeline)
    since = pd.Timestamp(timeline.now.as_of - timedelta(days=days))
    rose = runs[(runs["code"] > runs["code_before"]) & (runs["start"] > since)]
    took = (rose["start"] - rose["start_before"]).dt.days.where(rose["known_before"])
    moves = []
    for was, now in UP:
        mine = (rose["code_before"] == _CODE[was]) & (rose["code"] == _CODE[now])
        moves.append(TierMove(was, now, int(mine.sum()), _median(took[mine])))
    return Improvement(
        days=days,
        moves=tuple(moves),
        improved=len(rose),
        median_days=_median(took),
        recoveries=tuple(_recovery(runs, timeline, tier, since) for tier in ("red", "amber")),
    )


def tier_runs(timeline: Timeline) -> pd.DataFrame:
    """Unbroken stretches of one tier of every account, oldest first.

    Snapshots without a tier are left out: they neither end a stretch nor start one.

    Returns:
        account_id; code 0 red, 1 amber, 2 green; start, end: dates of its first and last
        snapshot. code_before, start_before: of the stretch before it, NaN and NaT for the first;
        known_before: whether that one began with a move, so that its beginning is known.
    """
    now = timeline.now
    today = pd.DataFrame({"account_id": now.account_id, "date": now.as_of, "tier": now.tier})
    history = timeline.history()[["account_id", "date", "tier"]]
    rows = today if history.empty else pd.concat([history, today], ignore_index=True)
    rows = rows[rows["tier"] != ""]
    rows = rows.assign(date=pd.to_datetime(rows["date"]), code=rows["tier"].map(_CODE).astype(int))
    rows = rows.sort_values(["account_id", "date"], kind="stable")
    same = (rows["account_id"] == rows["account_id"].shift()) & (
        rows["code"] == rows["code"].shift()
    )
    runs = rows.groupby((~same).cumsum().to_numpy()).agg(
        account_id=("account_id", "first"),
        code=("code", "first"),
        start=("date", "first"),
        end=("date", "last"),
    )
    before = runs.groupby("account_id")[["code", "start"]].shift()
    # What an account's first snapshot shows began before it, nobody knows when.
    first = ~runs["account_id"].duplicated()
    known = ~first.groupby(runs["account_id"]).shift(fill_value=True)
    return runs.assign(
        code_before=before["code"], start_before=before["start"], known_before=known
    ).reset_index(drop=True)


def _recovery(runs: pd.DataFrame, timeline: Timeline, tier: str, since: pd.Timestamp) -> Recovery:
    code = _CODE[tier]
    # A stretch that began earlier still was that tier when the period began.
    inside = runs[_next_start(runs) > since]
    stood = inside[inside["code"] == code]
    first = stood.groupby("account_id")["start"].min()
    today = pd.Series(timeline.now.tier, index=timeline.now.account_id)
    now = today.reindex(first.index).map(_CODE).astype(float)
    recovered = now > code
    later = inside[inside["account_id"].isin(first.index) & (inside["code"] > code)]
    begun = first.reindex(later["account_id"]).to_numpy()
    better = set(later.loc[later["start"].to_numpy() > begun, "account_id"])
    back = [a for a, again in zip(first.index, now <= code, strict=True) if again and a in better]
    count, up = len(first), int(recovered.sum())
    return Recovery(tier, count, up, up / count if count else math.nan, len(back))


def _next_start(runs: pd.DataFrame) -> pd.Series[Any]:
    """When the account's next stretch began; of the last one when it was seen last."""
    return runs.groupby("account_id")["start"].shift(-1).fillna(runs["end"])


def _median(days: pd.Series[Any]) -> float:
    known = np.asarray(days, dtype=float)
    known = known[~np.isnan(known)]
    return float(median(known.tolist())) if len(known) else math.nan
