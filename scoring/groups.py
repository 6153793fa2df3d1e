"""Accounts by CSM, segment, region or tier: how groups are named and ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from scoring.model import SEGMENTS, ScoreModel
from scoring.portfolio import NO_SCORE

__all__ = [
    "BELOW_GREEN",
    "NOT_GIVEN",
    "SEGMENT_LABELS",
    "TIER_ORDER",
    "group_label",
    "groups",
    "tier_word",
]

NOT_GIVEN = "Not given"
"""Label of the accounts whose CSM, segment or region is missing."""

SEGMENT_LABELS: Mapping[str, str] = dict(
    zip(SEGMENTS, ("Enterprise", "Mid-market", "SMB"), strict=True)
)

TIER_ORDER = ("green", "amber", "red", "")
"""Tier keys as lists show them; "" is no score."""

BELOW_GREEN = ("amber", "red")
"""Tiers whose ARR is at risk."""


def tier_word(model: ScoreModel, tier: str) -> str:
    """The word people read for a tier key: ``Amber`` or ``Yellow``; ``No score`` for ""."""
    return model.tier_label(tier) or NO_SCORE


def group_label(key: str) -> str:
    """What people read for a group's key: a segment's label, a name, or ``Not given``."""
    return SEGMENT_LABELS.get(key, key) or NOT_GIVEN


def groups(frame: pd.DataFrame, column: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Key and rows of each group of a portfolio frame.

    Args:
        frame: n accounts.
        column: "csm", "segment" or "region"; "" is a group of its own.

    Yields:
        Segments from enterprise to SMB, names in order of the alphabet; "" last.
    """
    order: dict[str, int] = {key: place for place, key in enumerate(SEGMENTS)}
    found = {str(key): rows for key, rows in frame.groupby(column, sort=False, dropna=False)}
    for key in sorted(found, key=lambda k: (k == "", order.get(k, len(order)), k)):
        yield key, found[key]
