"""The figures of *Summary*: the formulas that count and add up *Accounts*, and their values.

Each figure stands once on *Workings*; cards, tables and sentences read it there. The formulas are
given the addresses of *Accounts*' columns, the values the frame: tests hold one against the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scoring.amounts import own_amounts
from scoring.portfolio import thousandths
from scoring.rollup import TIERS
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["DOWN", "FIGURES", "PARTS", "UP", "Totals", "figure_formulas", "totals"]

PARTS = ("green", "amber", "red", "")
"""Tier keys in the order of the tables; "" for accounts without a tier."""
DOWN = (("green", "amber"), ("green", "red"), ("amber", "red"))
UP = (("amber", "green"), ("red", "green"), ("red", "amber"))
"""Moves between tiers: before, now."""
SOON = 90
"""Days within which a renewal is soon."""

FIGURES: Mapping[str, str] = {
    "weight": "ARR of accounts with a tier",
    "mean": "Score, weighted by ARR",
    "mean_before": "The same of accounts with an earlier score, then",
    "mean_since": "… and now",
    "compared": "Accounts with an earlier tier",
    "risk_arr": "ARR below Green",
    "soon": "Accounts below Green that renew soon",
    "soon_arr": "Their ARR",
    "worse": "Accounts a tier worse",
    "worse_arr": "Their ARR",
    "better": "Accounts a tier better",
    "better_arr": "Their ARR",
}
"""Key of a figure → what it is."""


@dataclass(frozen=True)
class Totals:
    """What *Summary* counts; amounts in the main currency.

    Attributes:
        counts, arr: by tier key, "" without one.
        count_shares, arr_shares: in thousandths, parts sum to 1000; 0 where there is nothing.
        moves: (before, now) → accounts.
        figures: by the keys of `FIGURES`; NaN where there is none.
        known: whether the ARR of any account is known.
    """

    counts: Mapping[str, int]
    arr: Mapping[str, float]
    count_shares: Mapping[str, int]
    arr_shares: Mapping[str, int]
    moves: Mapping[tuple[str, str], int]
    figures: Mapping[str, float]
    known: bool

    @property
    def accounts(self) -> int:
        """All accounts."""
        return sum(self.counts.values())


def figure_formulas(
    column: Any, tier: Mapping[str, str], moves: Sequence[str], risk_arr: str
) -> Mapping[str, str]:
    """Key of a figure → its formula, without "=".

    Args:
        column: gives the range of a column of *Accounts* by its key.
        tier: cells that hold the words of tiers.
        moves: cells that hold the accounts of `DOWN`, then of `UP`.
        risk_arr: cells of the ARR of amber and red, joined by "+".
    """
    words, before, arr = column("tier"), column("previous_tier"), column("arr_total")
    days, score, then = column("days_left"), column("score"), column("previous_score")
    tiered = f'--(LEFT({words},1)<>"○")'
    both = f"{tiered},--ISNUMBER({score}),--ISNUMBER({then})"

    def soon(count: bool, key: str) -> str:
        tests = f'{words},{tier[key]},{days},">=0",{days},"<={SOON}"'
        return f"COUNTIFS({tests})" if count else f"SUMIFS({arr},{tests})"

    def touched(pairs: Sequence[tuple[str, str]]) -> str:
        return "+".join(f"SUMIFS({arr},{before},{tier[a]},{words},{tier[b]})" for a, b in pairs)

    def mean(tests: str, of: str) -> str:
        """Weighted by ARR where it is known of any account, else of all alike."""
        weighed = f"SUMPRODUCT({tests},{arr},{of})/SUMPRODUCT({tests},{arr})"
        plain = f"SUMPRODUCT({tests},{of})/SUMPRODUCT({tests})"
        return f'IFERROR(IF(SUMPRODUCT({tests},{arr})>0,{weighed},{plain}),"")'

    return {
        "weight": f"SUMPRODUCT({tiered},--ISNUMBER({score}),{arr})",
        "mean": mean(f"{tiered},--ISNUMBER({score})", score),
        "mean_before": mean(both, then),
        "mean_since": mean(both, score),
        "compared": f'COUNTIF({before},"?*")',
        "risk_arr": risk_arr,
        "soon": f"{soon(True, 'amber')}+{soon(True, 'red')}",
        "soon_arr": f"{soon(False, 'amber')}+{soon(False, 'red')}",
        "worse": "+".join(moves[: len(DOWN)]),
        "worse_arr": touched(DOWN),
        "better": "+".join(moves[len(DOWN) :]),
        "better_arr": touched(UP),
    }


def totals(p: Portfolio) -> Totals:
    """The same figures from the frame."""
    frame = p.frame
    arr = own_amounts(frame).fillna(0.0)
    tier, before = frame["tier"], frame["previous_tier"]
    counts = {key: int((tier == key).sum()) for key in PARTS}
    sums = {key: math.fsum(arr[tier == key]) for key in PARTS}
    moves = {
        (a, b): int(((before == a) & (tier == b)).sum())
        for a in reversed(TIERS)
        for b in reversed(TIERS)
    }
    return Totals(
        counts,
        sums,
        dict(zip(PARTS, thousandths(list(counts.values())), strict=True)),
        dict(zip(PARTS, thousandths(list(sums.values())), strict=True)),
        moves,
        _figures(frame, arr, sums, moves),
        bool(own_amounts(frame).notna().any()),
    )


def _figures(
    frame: pd.DataFrame,
    arr: pd.Series[float],
    sums: Mapping[str, float],
    moves: Mapping[tuple[str, str], int],
) -> dict[str, float]:
    score, then = frame["score"], frame["previous_score"]
    scored = (frame["tier"] != "") & score.notna()
    both = scored & then.notna()
    soon = frame["tier"].isin(["amber", "red"]) & frame["days_left"].between(0, SOON)
    down, up = (_moved(frame, pairs) for pairs in (DOWN, UP))
    return {
        "weight": math.fsum(arr[scored]),
        "mean": _mean(score[scored], arr[scored]),
        "mean_before": _mean(then[both], arr[both]),
        "mean_since": _mean(score[both], arr[both]),
        "compared": float((frame["previous_tier"] != "").sum()),
        "risk_arr": sums["amber"] + sums["red"],
        "soon": float(soon.sum()),
        "soon_arr": math.fsum(arr[soon]),
        "worse": float(sum(moves[pair] for pair in DOWN)),
        "worse_arr": math.fsum(arr[down]),
        "better": float(sum(moves[pair] for pair in UP)),
        "better_arr": math.fsum(arr[up]),
    }


def _moved(frame: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> Any:
    moved = np.zeros(len(frame), bool)
    for a, b in pairs:
        moved |= ((frame["previous_tier"] == a) & (frame["tier"] == b)).to_numpy(bool)
    return moved


def _mean(of: pd.Series[float], weights: pd.Series[float]) -> float:
    """Weighted mean; the plain one where nothing weighs, NaN of nothing."""
    if of.empty:
        return math.nan
    if weights.sum() > 0:
        return math.fsum(of * weights) / math.fsum(weights)
    return math.fsum(of) / len(of)


def tier_label(p: Portfolio, key: str) -> str:
    """Word of a tier with its shape, ``○ No tier`` for none."""
    return basis.tier_word(p.model, key) or basis.NO_TIER
