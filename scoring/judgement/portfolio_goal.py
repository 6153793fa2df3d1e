"""What a portfolio can reach in 30 days: tiers from so many to so many, renewals, expansions.

002's example: red from 6 to 3, amber to 16, five renewals secured, three expansions found. Here
each account counted has a 30-day goal of its own that reaches the next tier.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from scoring.amounts import main_currency, own_amounts
from scoring.judgement.effort import Efforts, load_efforts
from scoring.judgement.month_goal import goal_of
from scoring.judgement.records import MonthGoal
from scoring.model import ScoreModel
from scoring.renewal import SAVE_DAYS
from scoring.rollup import TIERS

__all__ = ["LISTED", "Lift", "PortfolioGoals", "portfolio_goals"]

LISTED = 100
"""Most accounts that goals are worked out for, the most ARR × points below 100 first."""


@dataclass(frozen=True, slots=True)
class Lift:
    """An account that its 30-day goal brings to a better tier."""

    account_id: str
    name: str
    csm: str
    tier: str
    goal: MonthGoal

    @property
    def days(self) -> float:
        """Days of work."""
        return math.fsum(self.goal.efforts)


@dataclass(frozen=True, slots=True)
class PortfolioGoals:
    """Goals of a portfolio for 30 days.

    Attributes:
        now, then: tier → accounts, today and with all lifts made.
        lifts: accounts to lift, red ones first, as far as each CSM's days allow.
        listed: accounts that goals were worked out for, of ``near`` that are at most ``points``
            below the next tier.
        csm_days: days that one CSM has.
        renewals: accounts below green that renew within 90 days; renewal_arr: their ARR in the
            main currency, NaN where it is not known of any.
        expansions: names of green accounts that show that they want more, the largest ARR first.
        currency: of amounts.
    """

    now: Mapping[str, int]
    then: Mapping[str, int]
    lifts: tuple[Lift, ...]
    listed: int
    near: int
    points: float
    csm_days: float
    renewals: int
    renewal_arr: float
    expansions: tuple[str, ...]
    currency: str


def portfolio_goals(
    accounts: pd.DataFrame,
    frame: pd.DataFrame,
    model: ScoreModel,
    *,
    as_of: date,
    efforts: Efforts | None = None,
) -> PortfolioGoals:
    """Goals of a portfolio.

    Args:
        accounts: n rows as for `score_accounts`, with derived metrics.
        frame: the portfolio frame of the same rows.
        model: what scored them.
        as_of: the day.
        efforts: the table of efforts; the one shipped when not given.
    """
    table = efforts or load_efforts()
    own = own_amounts(frame).to_numpy(float)
    tier = frame["tier"].to_numpy(object)
    below = np.isin(tier, TIERS[:-1]) & frame["score"].notna().to_numpy(bool)
    near = below & (_distance(frame, model) <= table.near)
    rows = _riskiest(frame, own, near)
    lifts = _affordable(_lifts(accounts, frame, model, rows, as_of, table), table)
    now = {key: int((tier == key).sum()) for key in TIERS}
    then = dict(now)
    for lift in lifts:
        then[lift.tier] -= 1
        then[lift.goal.tier] += 1
    soon = below & frame["days_left"].between(0, SAVE_DAYS).to_numpy(bool)
    known = own[soon & ~np.isnan(own)]
    return PortfolioGoals(
        now=now,
        then=then,
        lifts=lifts,
        listed=len(rows),
        near=int(near.sum()),
        points=table.near,
        csm_days=table.csm_days,
        renewals=int(soon.sum()),
        renewal_arr=math.fsum(known) if len(known) else math.nan,
        expansions=_expansions(frame, own, tier),
        currency=main_currency(frame),
    )


def _distance(frame: pd.DataFrame, model: ScoreModel) -> Any:
    """Points from each displayed score to the start of the next tier; in the best tier infinite."""
    shown, out = frame["shown"].to_numpy(float), np.full(len(frame), np.inf)
    # The best tier stands first, so that the nearest start above wins.
    for tier in model.tiers:
        out = np.where(shown < tier.starts_at, tier.starts_at - shown, out)
    return out


def _riskiest(frame: pd.DataFrame, own: Any, near: Any) -> list[int]:
    """Positions of the accounts to look at."""
    at = np.flatnonzero(near)
    size = np.nan_to_num(own[at]) * (100.0 - frame["score"].to_numpy(float)[at])
    score = frame["score"].to_numpy(float)[at]
    order: list[int] = at[np.lexsort((at, score, -size))].tolist()
    return order[:LISTED]


def _lifts(
    accounts: pd.DataFrame,
    frame: pd.DataFrame,
    model: ScoreModel,
    rows: Sequence[int],
    as_of: date,
    table: Efforts,
) -> list[Lift]:
    """Accounts whose goal reaches a better tier."""
    records = accounts.iloc[list(rows)].to_dict("records")
    out = []
    for i, record in zip(rows, records, strict=True):
        known = {str(key): x for key, x in record.items() if not pd.isna(x)}
        goal = goal_of(known, model, as_of=as_of, efforts=table)
        before = str(frame["tier"].iloc[i])
        if goal and goal.moves and goal.tier and TIERS.index(goal.tier) > TIERS.index(before):
            name, csm = (str(frame[key].iloc[i]) for key in ("account_name", "csm"))
            out.append(Lift(str(frame["account_id"].iloc[i]), name, csm, before, goal))
    return out


def _affordable(lifts: Sequence[Lift], table: Efforts) -> tuple[Lift, ...]:
    """Red ones first, each in the order given, as long as their CSM has days for them."""
    spent: dict[str, float] = {}
    out = []
    for lift in sorted(lifts, key=lambda x: TIERS.index(x.tier)):
        if spent.get(lift.csm, 0.0) + lift.days <= table.csm_days + 1e-9:
            spent[lift.csm] = spent.get(lift.csm, 0.0) + lift.days
            out.append(lift)
    return tuple(out)


def _expansions(frame: pd.DataFrame, own: Any, tier: Any) -> tuple[str, ...]:
    at = np.flatnonzero((tier == "green") & frame["expansion"].to_numpy(bool))
    order = at[np.lexsort((at, -np.nan_to_num(own[at])))]
    return tuple(frame["account_name"].iloc[order].astype(str))
