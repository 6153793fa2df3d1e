"""What a digest counts: tiers with their change, moves, renewals, actions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.account_actions import DONE, DROPPED
from scoring.amounts import main_currency, own_amounts
from scoring.columns import normalise
from scoring.groups import tier_word
from scoring.movers import newly_red, recovered, tier_moves
from scoring.portfolio import shares, sum_known
from scoring.renewal_calendar import due
from scoring.rollup import round_half_up
from scoring.score import MANY
from workbook_templates.digest.places import TIER_ROWS, TOTALS
from workbook_templates.digest.records import Figure, Value
from workbook_templates.digest.show import figure, plain
from workbook_templates.portfolio.facts import Portfolio

__all__ = ["RENEWALS", "WEEK", "expansions", "open_actions", "totals"]

RENEWALS, WEEK = 90, 7
"""Days ahead of renewals that the message lists, and of what is due this week."""
_KEYS = {"red": "red", "amber": "amber", "green": "green", "none": ""}


def totals(p: Portfolio, since: date | None) -> dict[str, Figure]:
    """Figures that are no list's, by name; what is not known is left out.

    Args:
        p: with the changes of the days that the message tells.
        since: the day it is compared with; None where nothing changed because nothing was known.
    """
    code = main_currency(p.frame)
    out: dict[str, Figure] = {}
    for key, value in {**_tiers(p, since), **_moves(p, since), **_ahead(p), **_actions(p)}.items():
        known = plain(value, TOTALS[key][1])
        if known is not None:
            label, kind = TOTALS[key]
            out[key] = figure(key, known, kind, _worded(p, label), currency=code, as_of=p.as_of)
    return out


def _worded(p: Portfolio, label: str) -> str:
    """The label with the model's words for tiers."""
    first, _, rest = label.partition(" ")
    if first in (*_KEYS, "total"):
        return f"{tier_word(p.model, _KEYS[first]) if first in _KEYS else 'Total'} {rest}"
    return label.replace(" red", f" {p.model.tier_label('red')}")


def _tiers(p: Portfolio, since: date | None) -> dict[str, Value]:
    frame, own = p.frame, own_amounts(p.frame)
    tier, before = frame["tier"], frame["previous_tier"]
    here = _seen(p)
    out: dict[str, Value] = {}
    masks = {name: tier == key for name, key in _KEYS.items()}
    masks["total"] = pd.Series(True, index=frame.index)
    then = {name: here & (before == key) for name, key in _KEYS.items()} | {"total": here}
    sums = {name: sum_known(own[mask].tolist()) for name, mask in masks.items()}
    parts = shares([sums[name] for name in TIER_ROWS[:-1]])
    for name, share in zip(TIER_ROWS, [*parts, math.nan], strict=True):
        now, was = masks[name], then[name]
        out[f"{name}_accounts"] = float(now.sum())
        out[f"{name}_arr"] = sums[name]
        out[f"{name}_arr_share"] = share
        if since is not None:
            out[f"{name}_accounts_change"] = float(now.sum() - was.sum())
            known = own.notna()
            out[f"{name}_arr_change"] = (
                math.fsum(own[now & known]) - math.fsum(own[was & known])
                if known.any() else math.nan
            )  # fmt: skip
    return out


def _seen(p: Portfolio) -> pd.Series[bool]:
    """Accounts that an earlier snapshot knows, with a score or without."""
    known = set().union(*(s.account_id for s in p.timeline.past))
    return p.frame["account_id"].isin(known)


def _moves(p: Portfolio, since: date | None) -> dict[str, Value]:
    out: dict[str, Value] = {"as_of": p.as_of}
    if since is None:
        return out
    own, moved = own_amounts(p.frame), tier_moves(p.frame)
    out |= {"since": since, "worse_count": moved.worse, "better_count": moved.better}
    for name, rows in (("newly_red", newly_red(p.frame)), ("recovered", recovered(p.frame))):
        out[f"{name}_count"] = len(rows)
        out[f"{name}_arr"] = sum_known(own[rows.index].tolist())
    return out | _largest(p.frame)


def _largest(frame: pd.DataFrame) -> dict[str, Value]:
    """The score that moved most, as displayed."""
    now = frame["shown"].to_numpy(float)
    then = np.asarray(round_half_up(frame["previous_score"].to_numpy(float), MANY))
    size = np.where(frame["change"].isna(), np.nan, np.abs(now - then))
    if not len(size) or not np.nanmax(size, initial=0.0) > 0:
        return {}
    at = int(np.nanargmax(size))
    return {
        "largest_account": str(frame["account_name"].iloc[at]),
        "largest_move": float(size[at]),
        "largest_before": float(then[at]),
        "largest_now": float(now[at]),
    }


def _ahead(p: Portfolio) -> dict[str, Value]:
    own = own_amounts(p.frame)
    soon, more = due(p.frame, RENEWALS), expansions(p.frame)
    red = soon[soon["tier"] == "red"]
    return {
        "renewals_count": len(soon),
        "renewals_arr": sum_known(own[soon.index].tolist()),
        "renewals_red_arr": sum_known(own[red.index].tolist()),
        "week_renewals_count": len(due(p.frame, WEEK - 1)),
        "expansions_count": len(more),
        "expansions_arr": sum_known(own[more.index].tolist()),
    }


def expansions(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of green accounts that show that they want more, the largest ARR first."""
    rows = frame[frame["expansion"].to_numpy(bool) & (frame["tier"] == "green")]
    by = rows.assign(size=-own_amounts(frame)[rows.index].fillna(-math.inf))
    return by.sort_values(["size", "account_id"]).drop(columns="size")


def open_actions(p: Portfolio) -> pd.DataFrame:
    """Actions that nobody closed, of accounts that are known: account, deadline.

    Without a list of actions, each account's next one.
    """
    if p.actions.empty:
        rows = p.frame[p.frame["next_action"] != ""]
        return rows[["account_id", "account_name"]].assign(
            deadline=pd.to_datetime(rows["next_due"])
        )
    rows = p.actions[p.actions["account_id"].isin(p.frame["account_id"])]
    closed = rows["status"].map(lambda word: normalise(str(word or "")) in DONE | DROPPED)
    return rows.loc[~closed.to_numpy(bool), ["account_id", "account_name", "deadline"]]


def _actions(p: Portfolio) -> dict[str, Value]:
    rows = open_actions(p)
    days = pd.to_datetime(rows["deadline"])
    today = pd.Timestamp(p.as_of)
    late = rows[days < today]
    week = (days >= today) & (days < today + timedelta(days=WEEK))
    out: dict[str, Value] = {"actions_overdue": len(late), "actions_week": int(week.sum())}
    return out | dict(_longest(p, late))


def _longest(p: Portfolio, late: pd.DataFrame) -> Iterator[tuple[str, Value]]:
    if len(late):
        first = late.sort_values(["deadline", "account_id"]).iloc[0]
        yield "longest_account", str(first["account_name"])
        yield "longest_late", float((pd.Timestamp(p.as_of) - first["deadline"]).days)
