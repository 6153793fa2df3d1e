"""Many accounts at once: how they and their revenue spread over the tiers. No numpy, no pandas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.model import ScoreModel
from scoring.rollup import TIERS, tier_code

__all__ = [
    "NO_SCORE",
    "TierTotals",
    "shares",
    "sum_known",
    "summarise",
    "tenths",
    "thousandths",
    "whole_parts",
]

NO_SCORE = "No score"


@dataclass(frozen=True, slots=True)
class TierTotals:
    """The accounts of one tier, of those without a score, or all of them.

    Attributes:
        label: the tier's word, ``No score`` or ``Total``.
        accounts: how many.
        share: of the accounts, 0–1 in thousandths; the parts sum to exactly 1.
        arr: sum where it is known, NaN where there are accounts and no ARR is known of any.
        arr_share: of the sum of ARR, as ``share``; NaN where that sum is 0 or ``arr`` NaN.
        average: mean score, NaN where there is none.
        without_arr: accounts of which no ARR is known, and which ``arr`` leaves out; NaN where
            none was asked for.
    """

    label: str
    accounts: int
    share: float
    arr: float
    arr_share: float
    average: float
    without_arr: float


def summarise(
    scores: Sequence[float], amounts: Sequence[float] | None, model: ScoreModel
) -> tuple[TierTotals, ...]:
    """Accounts and ARR by tier: green, amber, red, no score, then the total.

    Args:
        scores: n raw scores 0–100, NaN where there is none; at least one.
        amounts: ARR of the same n accounts in one currency, NaN where unknown; or None.
        model: says where tiers start and what they are called.
    """
    codes = [int(tier_code(model, score)) for score in scores]
    members = {code: [i for i, c in enumerate(codes) if c == code] for code in (2, 1, 0, -1)}
    sums = {code: _sum(amounts, found) for code, found in members.items()}
    count_shares = shares([len(found) for found in members.values()])
    arr_shares = shares(list(sums.values()))
    everyone = range(len(scores))
    whole = _sum(amounts, everyone)
    rows = [
        TierTotals(
            model.tier_label(TIERS[code]) if code >= 0 else NO_SCORE,
            len(found),
            share,
            sums[code],
            arr_share,
            _mean([scores[i] for i in found]),
            _unknown(amounts, found),
        )
        for (code, found), share, arr_share in zip(
            members.items(), count_shares, arr_shares, strict=True
        )
    ]
    total = TierTotals(
        "Total",
        len(scores),
        1.0,
        whole,
        1.0 if whole > 0 else math.nan,
        _mean(scores),
        _unknown(amounts, everyone),
    )
    return (*rows, total)


def _sum(amounts: Sequence[float] | None, of: Sequence[int]) -> float:
    """Sum of the known amounts; 0 of no accounts, NaN of accounts that are all unknown."""
    return math.nan if amounts is None else sum_known([amounts[i] for i in of])


def sum_known(amounts: Sequence[float]) -> float:
    """Sum of the amounts that are known; 0 of none at all, NaN where all are unknown."""
    known = [amount for amount in amounts if amount == amount]
    return math.fsum(known) if known or not len(amounts) else math.nan


def _unknown(amounts: Sequence[float] | None, of: Sequence[int]) -> float:
    if amounts is None:
        return math.nan
    return float(sum(amounts[i] != amounts[i] for i in of))


def _mean(scores: Sequence[float]) -> float:
    known = [score for score in scores if score == score]
    return math.fsum(known) / len(known) if known else math.nan


def shares(parts: Sequence[float]) -> list[float]:
    """Shares 0–1 in thousandths that sum to 1.

    Args:
        parts: NaN where unknown.

    Returns:
        A share each, NaN where the part is unknown; all NaN where the parts sum to 0, or one is
        below 0, of which there is no share.
    """
    known = [part if part == part else 0.0 for part in parts]
    if not sum(known) > 0 or min(known) < 0:
        return [math.nan] * len(parts)
    rounded = zip(parts, thousandths(known), strict=True)
    return [share / 1000 if part == part else math.nan for part, share in rounded]


def thousandths(parts: Sequence[float]) -> list[int]:
    """Shares in thousandths that sum to exactly 1000 (largest remainders); 0 where there is none.

    Args:
        parts: none below zero.
    """
    return whole_parts(parts, 1000)


def whole_parts(parts: Sequence[float], units: int) -> list[int]:
    """Shares in so many units that sum to exactly them (largest remainders); 0 of nothing.

    Args:
        parts: none below zero.
        units: 100 for per cents, 1000 for tenths of them.
    """
    whole = sum(parts)
    if whole <= 0:
        return [0] * len(parts)
    exact = [part / whole * units for part in parts]
    floors = [int(e) for e in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: floors[i] - exact[i])
    for i in by_rest[: units - sum(floors)]:
        floors[i] += 1
    return floors


def tenths(parts: Sequence[float]) -> list[float]:
    """Shares in per cent with one decimal that sum to exactly 100.0 (largest remainders)."""
    return [part / 10 for part in thousandths(parts)]
