"""Accounts beside their peers, those of the same segment: rank, and who stands far apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["LEAST_PEERS", "OUTLIER", "compare_peers"]

LEAST_PEERS = 8
"""Scored accounts of a segment below which nobody is told apart (ours)."""

OUTLIER = 3.5
"""Modified z-score beyond which a value is an outlier (Iglewicz and Hoaglin, 1993)."""

_NORMAL = 0.6745
"""Median absolute deviation of a normal distribution in standard deviations."""


def compare_peers(frame: pd.DataFrame) -> pd.DataFrame:
    """Each account beside the scored accounts of its segment.

    Args:
        frame: a portfolio frame: segment, tier, score. Accounts without a segment are peers of
            each other.

    Returns:
        n rows as in the frame: peers (scored accounts of the segment, itself included); median
        score; difference from it in points; rank, 1 the best, equals share the better rank;
        percentile 0–1 of peers that score lower, half of those that score the same; z, the
        modified z-score; outlier "low", "high" or "". NaN and "" without a score; z also where
        there are fewer than `LEAST_PEERS`, or at least half of them score the same.

    Source: 004 Customer-to-customer comparison (very healthy in unusual ways: possible case
    studies; very unhealthy: retention risks).
    """
    score = frame["score"].where(frame["tier"] != "").round(9)
    by = score.groupby(frame["segment"], sort=False)
    peers = by.transform("count").astype(float).where(score.notna())
    median = by.transform("median").where(score.notna())
    apart = (score - median).abs()
    spread = apart.groupby(frame["segment"], sort=False).transform("median")
    enough = (peers >= LEAST_PEERS) & (spread > 0)
    with np.errstate(all="ignore"):
        z = (_NORMAL * (score - median) / spread).where(enough)
    average = by.rank(method="average")
    return pd.DataFrame(
        {
            "peers": peers,
            "median": median,
            "difference": score - median,
            "rank": by.rank(method="min", ascending=False),
            "percentile": (average - 0.5) / peers,
            "z": z,
            "outlier": np.select([z < -OUTLIER, z > OUTLIER], ["low", "high"], default=""),
        },
        index=frame.index,
    )
