"""Churn by tier and by bracket of the score."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.score import MANY
from scoring.validation.cases import Cases
from scoring.validation.intervals import share_of
from scoring.validation.records import Group
from scoring.validation.snapshots import Places

__all__ = ["LEAST_CASES", "bracket_groups", "bracket_starts", "displayed", "tier_groups"]

LEAST_CASES = 20
"""Neighbouring tens are one bracket until it holds so many cases at a horizon (ours): with fewer
its churn share is known to no better than ±20 points."""


def displayed(cases: Cases, places: Places) -> Floats:
    """(n,) whole score as people see it at a snapshot, NaN for position −1."""
    return np.asarray(np.clip(round_half_up(scores_at(cases, places), MANY), 0, 100))


def scores_at(cases: Cases, places: Places) -> Floats:
    """(n,) raw score at a snapshot, NaN for position −1."""
    total = cases.snapshots.total
    if not len(total):
        return np.full(len(places), np.nan)
    return np.where(places >= 0, total[np.maximum(places, 0)], np.nan)


def tier_groups(cases: Cases, places: Places) -> tuple[Group, ...]:
    """Cases by the tier that their snapshot had, worst first; tiers without any case, too."""
    named = np.full(len(places), "", dtype=object)
    if len(cases.snapshots):
        named = np.where(places >= 0, cases.snapshots.tier[np.maximum(places, 0)], "")
    return tuple(
        _group(cases, named == key, key, label, (first, last))
        for key, label, first, last in _tier_ranges(cases.snapshots.model)
    )


def bracket_groups(
    cases: Cases, places: Places, starts: Sequence[int] | None = None
) -> tuple[Group, ...]:
    """Cases by the tens of their displayed score, worst first.

    Args:
        cases: joined.
        places: (n,) snapshots.
        starts: first scores of the brackets; `bracket_starts` without.
    """
    shown = displayed(cases, places)
    starts = bracket_starts(cases) if starts is None else starts
    ends = [*(start - 1 for start in starts[1:]), 100]
    return tuple(
        _group(
            cases, (shown >= first) & (shown <= last), str(first), f"{first}–{last}", (first, last)
        )
        for first, last in zip(starts, ends, strict=True)
    )


def bracket_starts(cases: Cases) -> tuple[int, ...]:
    """First scores of the brackets, from 0 up: the same at every horizon, so that they compare.

    Tens (the last is 90–100), from 0 up put together until a bracket holds `LEAST_CASES` at the
    average horizon; what remains on top joins the bracket below.
    """
    every = [displayed(cases, places) for places in cases.at.values()]
    shown = np.concatenate(every) if every else np.empty(0)
    tens = np.minimum(shown[~np.isnan(shown)] // 10, 9).astype(int)
    counts = np.bincount(tens, minlength=10)
    least = LEAST_CASES * max(len(cases.at), 1)
    starts, held = [0], 0
    for ten, count in enumerate(counts.tolist()):
        if held >= least and counts[ten:].sum() >= least:
            starts.append(10 * ten)
            held = 0
        held += count
    return tuple(starts)


def _tier_ranges(model: ScoreModel) -> list[tuple[str, str, int, int]]:
    """Key, label, first and last displayed score of each tier, worst first."""
    tiers = sorted(model.tiers, key=lambda tier: tier.starts_at)
    starts = [math.ceil(tier.starts_at) for tier in tiers]
    ends = [*(start - 1 for start in starts[1:]), 100]
    return [
        (tier.key, tier.label, first, last)
        for tier, first, last in zip(tiers, starts, ends, strict=True)
    ]


def _group(
    cases: Cases, mine: NDArray[np.bool_], key: str, label: str, span: tuple[int, int]
) -> Group:
    churned = cases.churned[mine]
    frame = cases.frame[mine]
    arr, lost = _amounts(frame, cases.frame)
    return Group(
        key=key, label=label, starts_at=span[0], ends_at=span[1],
        cases=int(mine.sum()), churned=int(churned.sum()),
        contracted=int((frame["outcome"] == "contracted").sum()),
        share=share_of(churned, cases.accounts[mine]), arr=arr, arr_lost=lost,
    )  # fmt: skip


def _amounts(frame: pd.DataFrame, every: pd.DataFrame) -> tuple[float | None, float | None]:
    """ARR before and ARR lost of some cases; None where unknown or in several currencies.

    Where only the ARR of lost accounts is known, their sum is not that of the group.
    """
    known = every[every["arr"].notna()]
    if known["currency"].nunique() != 1:
        return None, None
    churn = frame["outcome"] == "churned"
    fell = churn | (frame["outcome"] == "contracted")
    after = frame["arr_after"].where(~churn, frame["arr_after"].fillna(0.0))
    loss = (frame["arr"] - after).clip(lower=0).where(fell).dropna()
    whole = (known["outcome"] != "churned").any()
    return (_sum(frame["arr"].dropna()) if whole else None), _sum(loss) if len(frame) else None


def _sum(amounts: pd.Series[float]) -> float | None:
    return math.fsum(amounts) if len(amounts) else 0.0
