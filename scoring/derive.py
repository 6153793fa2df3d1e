"""Metrics that follow from other columns: shares of two counts, days since or until a date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from scoring.columns import ACCOUNT, AGES, RATIOS, REMAINING
from scoring.inputs import Problem
from scoring.model import ScoreModel
from scoring.units import format_value


def derive_metrics(accounts: pd.DataFrame, model: ScoreModel, as_of: date) -> pd.DataFrame:
    """Fill the model's metrics that the frame lacks but its other columns give.

    Args:
        accounts: n rows, keys and units of `columns.py`. A row of a history frame is dated by
            its own ``date``; where that is missing, and in *Accounts*, by *as_of*.
        model: only its metrics are derived.
        as_of: the day to which ages and remaining days count.

    Returns:
        The same frame where nothing was derived, else a copy with the derived columns. A value
        that stands there is never replaced; a share over nothing (0 of 0) stays missing, and so
        does a result outside the metric's scale: `derivation_problems` names those.
    """
    filled = {
        key: _fill(accounts, key, values.where(_on_scale(values, model, key)))
        for key, values in _derived(accounts, model, as_of).items()
    }
    return accounts.assign(**filled) if filled else accounts


def derivation_problems(accounts: pd.DataFrame, model: ScoreModel, as_of: date) -> list[Problem]:
    """Rows whose columns contradict each other, such as more seats active than licensed.

    Takes the frame before `derive_metrics`; a row that gives the metric itself is no problem.
    """
    out: list[Problem] = []
    for key, values in _derived(accounts, model, as_of).items():
        bad = values.notna() & ~_on_scale(values, model, key)
        if key in accounts.columns:
            bad &= accounts[key].isna()
        metric = next(m for m in model.metrics if m.key == key)
        sources = " and ".join(_NAMES[c] for c in _sources(key))
        for i in np.flatnonzero(bad.to_numpy(bool)).tolist():
            shown = format_value(float(values.iloc[i]), metric.unit)
            name = str(accounts["account_id"].iloc[i])
            message = f"{shown} follows from {sources}, outside its scale; it counts as missing."
            fix = f"Correct {sources}."
            out.append(Problem(f"Account {name}", None, metric.name, "", "", message, fix))
    return out


_NAMES = {column.key: column.name for column in ACCOUNT}


def _sources(key: str) -> tuple[str, ...]:
    return RATIOS.get(key) or ({**AGES, **REMAINING}[key],)


def _derived(accounts: pd.DataFrame, model: ScoreModel, as_of: date) -> dict[str, pd.Series[float]]:
    """Every derivable metric of the model, as it follows from the frame's other columns."""
    wanted = {metric.key for metric in model.metrics}
    new: dict[str, pd.Series[float]] = {}
    for key, (top, bottom) in RATIOS.items():
        if key in wanted and {top, bottom} <= set(accounts.columns):
            new[key] = _share(accounts[top], accounts[bottom])
    for key, column in {**AGES, **REMAINING}.items():
        if key in wanted and column in accounts.columns:
            days = _days_since(accounts, column, as_of)
            new[key] = -days if key in REMAINING else days
    return new


def _on_scale(values: pd.Series[float], model: ScoreModel, key: str) -> pd.Series[bool]:
    low, high = next(m.scale for m in model.metrics if m.key == key)
    least = -np.inf if low is None else low
    return values.between(least, np.inf if high is None else high)


def _share(top: pd.Series[float], bottom: pd.Series[float]) -> pd.Series[float]:
    counted = bottom.astype(float).where(bottom.astype(float) > 0)
    return top.astype(float) / counted


def _days_since(accounts: pd.DataFrame, column: str, as_of: date) -> pd.Series[float]:
    end = pd.Series(np.datetime64(as_of, "us"), index=accounts.index)
    if "date" in accounts.columns:
        end = pd.to_datetime(accounts["date"]).astype("datetime64[us]").fillna(end)
    start = pd.to_datetime(accounts[column]).astype("datetime64[us]")
    days: pd.Series[float] = (end - start) / pd.Timedelta(days=1)
    return days


def _fill(accounts: pd.DataFrame, key: str, values: pd.Series[float]) -> pd.Series[float]:
    if key not in accounts.columns:
        return values
    return accounts[key].astype(float).fillna(values)
