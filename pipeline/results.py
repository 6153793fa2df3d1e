"""Scores as a table people and programs read on: one row an account."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.scored import Scored
from scoring.columns import Column, account_columns
from scoring.units import format_value

__all__ = ["SHAPES", "driver_names", "result_frame", "top_drivers", "worst_first"]

SHAPES = {"green": "●", "amber": "▲", "red": "■", "": "○"}
"""One shape a tier, for readers who do not see the colour."""

_FACTS = ("account_name", "csm", "segment", "region", "arr", "currency", "renewal_date")
_TIER_ORDER = {"red": 0, "amber": 1, "green": 2, "": 3}
_DRIVERS = 3
# Less than half of the last digit shown is no loss anyone should act on.
_LEAST_LOST = 0.05


def result_frame(scored: Scored) -> pd.DataFrame:
    """One row an account: facts, score, tier, coverage, bounds, dimensions, three drivers.

    Scores are raw (0–100) in ``raw_score`` and ``low``/``high``, whole in ``score``; points lost
    are points of the total. Missing values are NaN, NaT or None.
    """
    scores, accounts = scored.scores, scored.accounts
    model = scores.model
    out: dict[str, Any] = {"account_id": scores.account_id}
    for key in _FACTS:
        out[key] = accounts[key].to_numpy() if key in accounts.columns else None
    out["score"], out["raw_score"] = scores.rounded, scores.total
    out["tier"] = scores.tier
    out["tier_label"] = [model.tier_label(t) for t in scores.tier]
    out["status"], out["coverage"] = scores.status, scores.coverage
    out["low"], out["high"] = scores.low, scores.high
    out["previous_score"] = scored.previous
    out["change"] = score_change(scored)
    for dimension in model.dimensions:
        out[dimension.key] = scores.dimensions[dimension.key].to_numpy()
    out |= _driver_columns(scored)
    out["stale_metrics"] = _stale(scored)
    if (scores.status == "Overridden").any():
        out["model_score"] = scores.model_total
        for key in ("override_reason", "override_author", "override_expires"):
            out[key] = accounts[key].to_numpy()
    out["model"], out["as_of"] = model.label, pd.Timestamp(scores.as_of)
    return pd.DataFrame(out, index=range(len(scores)))


def score_change(scored: Scored) -> Any:
    """Raw score less the latest earlier one, (n,); NaN where either is missing."""
    return scored.scores.total - scored.previous


def worst_first(scored: Scored) -> list[int]:
    """Positions of the accounts: red to green, lowest score first; without a score last."""
    scores = scored.scores
    order = [_TIER_ORDER[t] for t in scores.tier]
    total = np.nan_to_num(scores.total, nan=101.0)
    return sorted(range(len(scores)), key=lambda i: (order[i], total[i], scores.account_id[i]))


def driver_names(scored: Scored) -> dict[str, Column]:
    """Input key → its column, for every input that can be a driver."""
    wanted = set(scored.scores.model.inputs)
    return {c.key: c for c in account_columns(scored.scores.model) if c.key in wanted}


def top_drivers(scored: Scored, count: int = _DRIVERS) -> list[list[tuple[str, float]]]:
    """For each account the inputs that lost the most points: (input key, points lost).

    In the order of `scoring.drivers.rank`; losses too small to act on are left out.
    """
    lost = scored.scores.lost
    keys = list(lost.columns)
    points = np.nan_to_num(lost.to_numpy(float), nan=0.0)
    seen = scored.scores.values.notna().to_numpy()
    points = np.where(seen, points, 0.0)
    # What differs by the noise of sums is equal, and keeps the model's order.
    best = np.argsort(-points.round(9), axis=1, kind="stable")[:, :count]
    return [
        [(keys[k], float(points[i, k])) for k in row if points[i, k] >= _LEAST_LOST]
        for i, row in enumerate(best)
    ]


def driver_value(scored: Scored, row: int, column: Column) -> str:
    """The raw value behind a driver in its unit, as people typed it."""
    if column.key not in scored.accounts.columns:
        return "–"
    # "Days to renewal 53 days" would say it twice.
    unit = "count" if column.unit == "days" and "day" in column.name.casefold() else column.unit
    return format_value(scored.accounts[column.key].iloc[row], unit)


def _driver_columns(scored: Scored) -> dict[str, list[Any]]:
    names, drivers = driver_names(scored), top_drivers(scored)
    out: dict[str, list[Any]] = {}
    for k in range(_DRIVERS):
        rows = [d[k] if len(d) > k else None for d in drivers]
        out[f"driver_{k + 1}"] = [names[r[0]].name if r else None for r in rows]
        out[f"driver_{k + 1}_value"] = [
            driver_value(scored, i, names[r[0]]) if r else None for i, r in enumerate(rows)
        ]
        out[f"driver_{k + 1}_points_lost"] = [round(r[1], 4) if r else np.nan for r in rows]
    return out


def _stale(scored: Scored) -> list[str | None]:
    names = {m.key: m.name for m in scored.scores.model.metrics}
    stale = scored.scores.stale
    if not stale.to_numpy(bool).any():
        return [None] * len(stale)
    labels = np.array([names[k] for k in stale.columns], dtype=object)
    return ["; ".join(labels[row]) or None for row in stale.to_numpy(bool)]
