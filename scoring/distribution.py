"""How accounts and their ARR spread over the tiers: all of them, by CSM, by segment."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import BELOW_GREEN, TIER_ORDER, group_label, groups, tier_word
from scoring.model import ScoreModel
from scoring.portfolio import shares, sum_known
from scoring.prepare import Floats

__all__ = ["Distribution", "TierPart", "distribution", "distributions"]


@dataclass(frozen=True, slots=True)
class TierPart:
    """The accounts of one tier, or all of them.

    Attributes:
        tier: its key; "" for those without a score, "total" for all.
        label: what people read.
        accounts: how many.
        share: of the accounts, 0–1 in thousandths; the tiers' shares sum to exactly 1. NaN where
            there are no accounts.
        arr: sum in the distribution's currency where it is known; NaN where it is of none.
        arr_share: of the sum, as ``share``; NaN where that is 0 or unknown.
        average: mean of raw scores; NaN where there is none.
        weighted: the same weighted by ARR; NaN where no ARR is known.
        without_arr: accounts of which no ARR is known.
        other_currency: accounts whose ARR is in another currency, and not in ``arr``.
    """

    tier: str
    label: str
    accounts: int
    share: float
    arr: float
    arr_share: float
    average: float
    weighted: float
    without_arr: int
    other_currency: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """Accounts by tier.

    Attributes:
        key, label: of the group; "" and ``All accounts`` for all.
        currency: of all amounts.
        tiers: green, amber, red, no score.
        total: all of them.
    """

    key: str
    label: str
    currency: str
    tiers: tuple[TierPart, ...]
    total: TierPart

    def part(self, tier: str) -> TierPart:
        """The accounts of a tier; "" is no score."""
        return self.tiers[TIER_ORDER.index(tier)]

    @property
    def below_green(self) -> tuple[int, float]:
        """Accounts below green, and their ARR; NaN where none of it is known."""
        parts = [self.part(tier) for tier in BELOW_GREEN]
        return sum(p.accounts for p in parts), sum_known([p.arr for p in parts if p.accounts])


def distribution(
    frame: pd.DataFrame,
    model: ScoreModel,
    *,
    currency: str | None = None,
    key: str = "",
    label: str = "All accounts",
) -> Distribution:
    """Accounts and ARR by tier.

    Args:
        frame: a portfolio frame: tier, score, arr, currency.
        model: says what tiers are called.
        currency: amounts in it count; the one of most accounts when not given.
        key: of the group that the frame is.
        label: of that group.
    """
    wanted = main_currency(frame) if currency is None else currency
    tiers = frame["tier"].to_numpy(object)
    arr = frame["arr"].to_numpy(float)
    own = np.where((frame["currency"] == wanted).to_numpy(bool), arr, np.nan)
    # A placeholder of a new account is no score.
    score = np.where(tiers == "", np.nan, frame["score"].to_numpy(float))
    masks = [tiers == tier for tier in TIER_ORDER]
    by_count = shares([int(mask.sum()) for mask in masks])
    by_arr = shares([sum_known(own[mask].tolist()) for mask in masks])
    words = [tier_word(model, tier) for tier in TIER_ORDER]
    rows = [
        _part(tier, word, (share, arr_share), score[mask], arr[mask], own[mask])
        for tier, word, share, arr_share, mask in zip(
            TIER_ORDER, words, by_count, by_arr, masks, strict=True
        )
    ]
    whole = sum_known(own.tolist())
    ones = 1.0 if len(frame) else math.nan, 1.0 if whole > 0 else math.nan
    total = _part("total", "Total", ones, score, arr, own)
    return Distribution(key, label, wanted, tuple(rows), total)


def distributions(
    frame: pd.DataFrame, model: ScoreModel, column: str, *, currency: str | None = None
) -> tuple[Distribution, ...]:
    """The distribution of each group: by "csm", "segment" or "region"; ``Not given`` last."""
    wanted = main_currency(frame) if currency is None else currency
    needed = frame[[column, "tier", "score", "arr", "currency"]]
    return tuple(
        distribution(rows, model, currency=wanted, key=key, label=group_label(key))
        for key, rows in groups(needed, column)
    )


def _part(
    tier: str,
    label: str,
    of_whole: tuple[float, float],
    score: Floats,
    arr: Floats,
    own: Floats,
) -> TierPart:
    return TierPart(
        tier=tier,
        label=label,
        accounts=len(arr),
        share=of_whole[0],
        arr=sum_known(own.tolist()),
        arr_share=of_whole[1],
        average=mean(score),
        weighted=weighted_mean(score, own),
        without_arr=int(np.isnan(arr).sum()),
        other_currency=int((~np.isnan(arr) & np.isnan(own)).sum()),
    )


def mean(values: Floats | pd.Series[float]) -> float:
    """Mean of what is known; NaN of nothing. The same in any order of the values."""
    known = [x for x in values.tolist() if x == x]
    return math.fsum(known) / len(known) if known else math.nan


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Mean of values by weights where both are known; NaN where the weights sum to 0."""
    known = ~np.isnan(values) & ~np.isnan(weights)
    whole = math.fsum(weights[known].tolist())
    return math.fsum((values * weights)[known].tolist()) / whole if whole > 0 else math.nan
