"""Many accounts on one day as one plain frame: facts, score, change, driver, next step.

Everything that shows or analyses a portfolio starts from this frame; the score itself comes from
`Scores` and is not touched here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.account_actions import account_actions, filled
from scoring.amounts import convert
from scoring.expansion import expansion_flags, leaving_flags
from scoring.history import score_before
from scoring.judgement.forecast import contraction_shares
from scoring.model import SEGMENTS, ScoreModel
from scoring.moved import moved_inputs
from scoring.portfolio_texts import driver_texts, gate_texts, override_texts
from scoring.prepare import age_days
from scoring.score import Scores
from scoring.timeline import Timeline
from scoring.trend import velocity_label

__all__ = ["DIMENSION", "WEIGHT", "action_columns", "portfolio_frame"]

DIMENSION, WEIGHT = "dim_", "weight_"
"""Prefixes of a column that holds a dimension's score, and the share of the weight it had."""

Objects = NDArray[np.object_]


def portfolio_frame(
    accounts: pd.DataFrame,
    timeline: Timeline,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: date,
    rates: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """One row an account, in the order of the source.

    Args:
        accounts: n rows as for `score_accounts`, row by row those of ``timeline.now``.
        timeline: today's scores and earlier snapshots.
        tables: optional sheets by name; *Actions* is read.
        as_of: the day; days left count from it.
        rates: currency → units of the base currency, which is the one at 1; then all amounts
            whose currency is in it are in the base. None leaves amounts as they are.

    Returns:
        account_id, account_name, csm, segment, region: text.
        arr: a year, in ``currency`` ("" unknown); start_date, renewal_date; days_left to renewal.
        score: final raw 0–100; shown: as displayed; model_score; tier; status; coverage 0–1;
        low, high: bounds.
        previous_score, previous_tier, previous_day: of the last earlier snapshot with a score.
        told_score, told_tier, told_by: of that snapshot as another model or version scored it then,
        and that model's name; NaN and "" where it was this one.
        change: score − previous_score; velocity: points a day over 30 days; velocity_label.
        driver, driver_key: what lost the most points. moved, moved_points: what moved the score
        most in the direction of its change, in points of the score.
        expansion: whether the account shows that it wants more; leaving: whether it shows
        downgrade or cancellation signals.
        contraction: share of its ARR that a contraction at the renewal loses.
        owner, last_action, last_action_date, next_action, next_due: of *Actions*.
        override, gate: in words. stale, missing: metrics too old to count, or not known.
        dim_<key>, weight_<key>: score 0–100 and share 0–1 of each dimension.
        Texts are "" where missing, dates NaT, numbers NaN. ``attrs["base"]`` is the currency
        that amounts were converted to, "" where none was.

    Raises:
        ValueError: accounts and scores are not the same rows.
        DataError: the rates name no base currency, or one is not above 0.
    """
    now = timeline.now
    if list(accounts["account_id"].astype(str)) != list(now.account_id):
        raise ValueError("accounts and scores must hold the same accounts in the same order")
    columns = {
        **_facts(accounts, as_of),
        **_scores(now),
        **_change(timeline, as_of),
        **driver_texts(accounts, now),
        **moved_inputs(accounts, timeline),
        "expansion": expansion_flags(accounts, now),
        "leaving": leaving_flags(accounts),
        "contraction": contraction_shares(accounts),
        **action_columns(tables.get("Actions"), accounts),
        "override": override_texts(accounts, now),
        "gate": gate_texts(accounts, now.model),
        **_gaps(now),
        **_dimensions(now),
    }
    return convert(pd.DataFrame(columns, index=range(len(now))), rates)


def _texts(accounts: pd.DataFrame, key: str) -> Objects:
    """A column as text, "" where missing."""
    if key not in accounts:
        return np.full(len(accounts), "", dtype=object)
    out: Objects = filled(accounts[key]).astype(str).to_numpy(object)
    return out


def _numbers(accounts: pd.DataFrame, key: str) -> NDArray[np.float64]:
    if key not in accounts:
        return np.full(len(accounts), np.nan)
    return np.asarray(pd.to_numeric(accounts[key]).to_numpy(float, na_value=np.nan))


def _dates(accounts: pd.DataFrame, key: str) -> NDArray[np.datetime64]:
    if key not in accounts:
        return np.full(len(accounts), np.datetime64("NaT", "us"))
    dates = pd.to_datetime(accounts[key], errors="coerce")
    return np.asarray(dates.to_numpy("datetime64[us]"))


def _facts(accounts: pd.DataFrame, as_of: date) -> dict[str, Any]:
    ids, names, segment = (_texts(accounts, k) for k in ("account_id", "account_name", "segment"))
    return {
        "account_id": ids,
        "account_name": np.where(names == "", ids, names),
        "csm": _texts(accounts, "csm"),
        "segment": np.where(np.isin(segment, SEGMENTS), segment, ""),
        "region": _texts(accounts, "region"),
        "arr": _numbers(accounts, "arr"),
        "currency": _texts(accounts, "currency"),
        "start_date": _dates(accounts, "start_date"),
        "renewal_date": _dates(accounts, "renewal_date"),
        "days_left": -age_days(accounts, "renewal_date", as_of) + 0.0,
    }


def _scores(now: Scores) -> dict[str, Any]:
    return {
        "score": now.total,
        "shown": now.rounded,
        "model_score": now.model_total,
        "tier": now.tier,
        "status": now.status,
        "coverage": now.coverage,
        "low": now.low,
        "high": now.high,
    }


def _change(timeline: Timeline, as_of: date) -> dict[str, Any]:
    now = timeline.now
    history = timeline.history()
    history = history[history["score"].notna()]
    last = history.drop_duplicates("account_id", keep="last").set_index("account_id")
    last = last.reindex(now.account_id)
    previous = last["score"].to_numpy(float)
    # The placeholder of a new account is no score to compare.
    total = np.where(now.status == "Provisional", np.nan, now.total)
    before = _before(history, as_of).reindex(now.account_id)
    with np.errstate(all="ignore"):
        speed = (total - before["score"].to_numpy(float)) / before["age"].to_numpy(float)
    return {
        "previous_score": previous,
        "previous_tier": filled(last["tier"]).to_numpy(object),
        "previous_day": pd.to_datetime(last["date"]).to_numpy("datetime64[us]"),
        **_told(timeline),
        "change": total - previous,
        "velocity": speed,
        "velocity_label": _each(velocity_label, speed),
    }


def _told(timeline: Timeline) -> dict[str, Any]:
    """What people were told of the previous snapshot, where another model had scored it."""
    n = len(timeline.now)
    if timeline.told.empty:
        nothing = np.full(n, "", dtype=object)
        return {"told_score": np.full(n, np.nan), "told_tier": nothing, "told_by": nothing}
    rows = timeline.told_before().reindex(timeline.now.account_id)
    return {
        "told_score": rows["told_score"].to_numpy(float),
        "told_tier": filled(rows["told_tier"]).to_numpy(object),
        "told_by": filled(rows["told_by"]).to_numpy(object),
    }


def _before(history: pd.DataFrame, as_of: date) -> pd.DataFrame:
    if history.empty:
        return pd.DataFrame({"score": [], "age": []})
    return score_before(history, as_of=as_of)


def _each(told: Callable[[float], str], values: NDArray[np.float64]) -> Objects:
    return np.array([told(x) for x in values.tolist()], dtype=object)


def action_columns(actions: pd.DataFrame | None, accounts: pd.DataFrame) -> dict[str, Any]:
    """The columns that tell of actions: owner, last and next action with their days.

    Args:
        actions: rows as in `columns.ACTIONS`.
        accounts: n rows, in the order of the frame.
    """
    found = account_actions(actions, accounts["account_id"])
    columns = {str(key): found[key].to_numpy() for key in found}
    named, csm = columns.pop("next_owner"), _texts(accounts, "csm")
    # Nobody is named: the role that has to find somebody.
    owner = np.where(named != "", named, np.where(csm != "", csm, "CS manager"))
    return {"owner": owner, **columns}


def _gaps(now: Scores) -> dict[str, Any]:
    """Metrics too old to count, and metrics not known in dimensions that nobody rated."""
    stale = now.stale.to_numpy(bool)
    known = now.values.notna().to_numpy()
    rated = dict(zip(now.values.columns, known.T, strict=True))
    covered = [rated[d.key] for d in now.model.dimensions for _ in d.metrics]
    if not covered:
        return {"stale": np.zeros(len(now), int), "missing": np.zeros(len(now), int)}
    count = len(now.model.metrics)
    missing = ~known[:, :count] & ~stale & ~np.column_stack(covered)
    return {"stale": stale.sum(axis=1), "missing": missing.sum(axis=1)}


def _dimensions(now: Scores) -> dict[str, Any]:
    model: ScoreModel = now.model
    scores = {f"{DIMENSION}{d.key}": now.dimensions[d.key].to_numpy() for d in model.dimensions}
    return scores | {f"{WEIGHT}{d.key}": now.weights[d.key].to_numpy() for d in model.dimensions}
