"""Which renewals come when, how much of them is below green, and how few accounts hold that ARR.

`renewal.py` looks at the renewal of one account; this looks at all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import BELOW_GREEN, TIER_ORDER
from scoring.portfolio import sum_known

__all__ = [
    "BUCKET_ENDS",
    "Concentration",
    "RenewalBucket",
    "arr_concentration",
    "due",
    "renewal_buckets",
    "renewal_months",
    "renewals_within",
]

BUCKET_ENDS = (30, 60, 90, 180)
"""Last days of the buckets: 30, 60 and 90 as asked for, 180 to see what comes after."""


@dataclass(frozen=True, slots=True)
class RenewalBucket:
    """Accounts that renew within a span of days, or in a month.

    Attributes:
        label: ``0–30 days`` or ``Dec 2026``.
        first, last: days from today, both included.
        currency: of all amounts.
        accounts: green, amber, red, no score: how many.
        arr: the same tiers' ARR; 0 of no account, NaN where none of it is known.
        total, total_arr: of all tiers.
        below_green, below_green_arr: of amber and red.
    """

    label: str
    first: int
    last: int
    currency: str
    accounts: tuple[int, int, int, int]
    arr: tuple[float, float, float, float]
    total: int
    total_arr: float
    below_green: int
    below_green_arr: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of the ARR below green the largest accounts hold.

    Attributes:
        currency: of ``arr``.
        accounts: below green, with an ARR above 0 in the currency.
        arr: their sum.
        shares: share 0–1 of ``arr`` that the largest 1, 5 and 10 accounts hold; NaN of nothing.
    """

    currency: str
    accounts: int
    arr: float
    shares: dict[int, float]


def renewal_buckets(
    frame: pd.DataFrame, *, ends: Sequence[int] = BUCKET_ENDS, currency: str | None = None
) -> tuple[RenewalBucket, ...]:
    """Accounts by days to their renewal: 0–30, 31–60, 61–90, 91–180.

    Args:
        frame: a portfolio frame: days_left, tier, arr, currency.
        ends: last days of the buckets, rising; the first starts today.
        currency: amounts in it count; the one of most accounts when not given.

    Returns:
        A bucket each, empty ones too. Renewals that have passed, or have no date, are in none.
    """
    firsts = [0, *(end + 1 for end in ends[:-1])]
    return tuple(
        renewals_within(frame, last, first=first, currency=currency)
        for first, last in zip(firsts, ends, strict=True)
    )


def renewals_within(
    frame: pd.DataFrame, last: int, *, first: int = 0, currency: str | None = None
) -> RenewalBucket:
    """Accounts that renew from *first* to *last* days from today, both included."""
    rows = frame[frame["days_left"].between(first, last)]
    wanted = main_currency(frame) if currency is None else currency
    return _bucket(rows, f"{first}–{last} days", first, last, wanted)


def renewal_months(
    frame: pd.DataFrame, as_of: date, *, months: int = 12, currency: str | None = None
) -> tuple[RenewalBucket, ...]:
    """Accounts by the month of their renewal, the running month from today on; empty ones too.

    Args:
        frame: a portfolio frame: days_left, tier, arr, currency.
        as_of: today.
        months: how many, the running one included.
        currency: as for `renewal_buckets`.
    """
    wanted = main_currency(frame) if currency is None else currency
    today = pd.Timestamp(as_of)
    starts = pd.date_range(today.replace(day=1), periods=months + 1, freq="MS")
    out = []
    for start, following in pairwise(starts):
        first, last = max((start - today).days, 0), (following - today).days - 1
        rows = frame[frame["days_left"].between(first, last)]
        out.append(_bucket(rows, f"{start:%b %Y}", first, last, wanted))
    return tuple(out)


def due(frame: pd.DataFrame, days: int = 180) -> pd.DataFrame:
    """Rows of accounts that renew within so many days, the soonest first.

    Of one day the larger ARR goes first, then the lower account id.
    """
    rows = frame[frame["days_left"].between(0, days)]
    by = rows.assign(size=-rows["arr"].fillna(-math.inf))
    return by.sort_values(["days_left", "size", "account_id"]).drop(columns="size")


def arr_concentration(
    frame: pd.DataFrame, *, largest: Sequence[int] = (1, 5, 10), currency: str | None = None
) -> Concentration:
    """Share of the ARR below green that the few largest accounts hold.

    Args:
        frame: a portfolio frame: tier, arr, currency.
        largest: how many accounts each share looks at.
        currency: amounts in it count; the one of most accounts when not given.
    """
    wanted = main_currency(frame) if currency is None else currency
    inside = frame["tier"].isin(BELOW_GREEN) & (frame["currency"] == wanted) & (frame["arr"] > 0)
    amounts = sorted(frame.loc[inside, "arr"].tolist(), reverse=True)
    whole = math.fsum(amounts)
    shares = {n: math.fsum(amounts[:n]) / whole if whole else math.nan for n in largest}
    return Concentration(wanted, len(amounts), whole, shares)


def _bucket(rows: pd.DataFrame, label: str, first: int, last: int, currency: str) -> RenewalBucket:
    own = rows["arr"].where(rows["currency"] == currency)
    masks = [rows["tier"] == tier for tier in TIER_ORDER]
    counts = [int(mask.sum()) for mask in masks]
    sums = [sum_known(own[mask].tolist()) for mask in masks]
    below = rows["tier"].isin(BELOW_GREEN)
    return RenewalBucket(
        label=label,
        first=first,
        last=last,
        currency=currency,
        accounts=(counts[0], counts[1], counts[2], counts[3]),
        arr=(sums[0], sums[1], sums[2], sums[3]),
        total=len(rows),
        total_arr=sum_known(own.tolist()),
        below_green=int(below.sum()),
        below_green_arr=sum_known(own[below].tolist()),
    )
