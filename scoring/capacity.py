"""How much each CSM has to do, who has too much, and which accounts could move to whom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import BELOW_GREEN, group_label, groups
from scoring.portfolio import sum_known

__all__ = ["CAPACITY", "Capacity", "CsmLoad", "csm_loads"]


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one CSM can look after.

    Attributes:
        red: the most red accounts.
        over_mean: load above this multiple of the mean is too much.
        effort: tier key → what an account of it takes, in standard accounts; "" is no score.
        renewal_days: an account that renews within so many days stays with its CSM.
        moves: at most so many accounts leave a CSM at a time.
        source: where each figure stands.
    """

    red: int = 3
    over_mean: float = 1.25
    effort: Mapping[str, float] | None = None
    renewal_days: int = 90
    moves: int = 3
    source: str = (
        "002 Capacity analysis: 2 to 3 red accounts a CSM, reassign 2 to 3 green ones. "
        "Ours: a red account takes 3, an amber one 2, a green one 1; more than 125% of the mean "
        "is too much; no move within 90 days of a renewal."
    )

    def takes(self, tier: str) -> float:
        """What an account of a tier takes, in standard accounts."""
        effort = {"red": 3.0, "amber": 2.0} if self.effort is None else self.effort
        return effort.get(tier, 1.0)


CAPACITY = Capacity()


@dataclass(frozen=True, slots=True)
class CsmLoad:
    """One CSM's accounts.

    Attributes:
        csm, label: name, and what people read; ``Not given`` for "".
        currency: of the amounts.
        accounts, arr: all of them; ARR 0 of none, NaN where none of it is known.
        at_risk, at_risk_arr: below green.
        green, amber, red, no_score: accounts by tier.
        renewals, renewals_arr: that renew within `Capacity.renewal_days`.
        load: in standard accounts.
        against_mean: load over the mean of all CSMs; NaN for "Not given".
        reasons: why it is too much, in words; empty where it is not.
    """

    csm: str
    label: str
    currency: str
    accounts: int
    arr: float
    at_risk: int
    at_risk_arr: float
    green: int
    amber: int
    red: int
    no_score: int
    renewals: int
    renewals_arr: float
    load: float
    against_mean: float
    reasons: tuple[str, ...]

    @property
    def overloaded(self) -> bool:
        """Whether it is more than a CSM can look after."""
        return bool(self.reasons)


def csm_loads(
    frame: pd.DataFrame, *, capacity: Capacity = CAPACITY, currency: str | None = None
) -> tuple[CsmLoad, ...]:
    """The load of each CSM, in order of their names; accounts without one last.

    Args:
        frame: a portfolio frame.
        capacity: what one CSM can look after.
        currency: amounts in it count; the one of most accounts when not given.
    """
    wanted = main_currency(frame) if currency is None else currency
    # Worked out for all accounts at once: of hundreds of CSMs each has few.
    facts = pd.DataFrame(
        {
            "csm": frame["csm"],
            "tier": frame["tier"],
            "arr": frame["arr"].where(frame["currency"] == wanted),
            "below": frame["tier"].isin(BELOW_GREEN),
            "soon": frame["days_left"].between(0, capacity.renewal_days),
        }
    )
    parts = list(groups(facts, "csm"))
    loads = [math.fsum(map(capacity.takes, rows["tier"])) for _, rows in parts]
    named = [load for (key, _), load in zip(parts, loads, strict=True) if key]
    average = math.fsum(named) / len(named) if named else math.nan
    return tuple(
        _load(key, rows, wanted, capacity, (load, average))
        for (key, rows), load in zip(parts, loads, strict=True)
    )


def _load(
    csm: str,
    rows: pd.DataFrame,
    currency: str,
    capacity: Capacity,
    load_and_mean: tuple[float, float],
) -> CsmLoad:
    arr, below, soon = (rows[key].to_numpy() for key in ("arr", "below", "soon"))
    tiers = Counter(rows["tier"].tolist())
    load, average = load_and_mean
    against = load / average if csm and average > 0 else math.nan
    red = tiers["red"]
    return CsmLoad(
        csm=csm,
        label=group_label(csm),
        currency=currency,
        accounts=len(rows),
        arr=sum_known(arr.tolist()),
        at_risk=int(below.sum()),
        at_risk_arr=sum_known(arr[below].tolist()),
        green=tiers["green"],
        amber=tiers["amber"],
        red=red,
        no_score=tiers[""],
        renewals=int(soon.sum()),
        renewals_arr=sum_known(arr[soon].tolist()),
        load=load,
        against_mean=against,
        reasons=_reasons(csm, red, against, capacity),
    )


def _reasons(csm: str, red: int, against: float, capacity: Capacity) -> tuple[str, ...]:
    if not csm:
        return ()
    out = []
    if red > capacity.red:
        out.append(f"{red} red account{'' if red == 1 else 's'}, at most {capacity.red}")
    if against > capacity.over_mean + 1e-9:
        out.append(f"{against:.0%} of the mean load")
    return tuple(out)
