"""What moved each account's score most since its previous snapshot, from the exact waterfall."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.change import explain_change
from scoring.metric_phrase import short_name
from scoring.portfolio_texts import LEAST_LOST, input_texts
from scoring.score import Scores
from scoring.timeline import Timeline
from scoring.units import MINUS
from scoring.waterfall import CAUSES

__all__ = ["moved_inputs"]


def moved_inputs(accounts: pd.DataFrame, timeline: Timeline) -> dict[str, NDArray[np.generic]]:
    """The largest step in the direction of each account's change.

    Args:
        accounts: n rows, those of ``timeline.now``.
        timeline: today's scores and the snapshots before.

    Returns:
        moved: (n,) the step in words, such as ``Seat utilisation down to 48%``; "" where the
            score did not move or has nothing to compare with. Where another model version had
            told the snapshot before, what that is worth stands behind it; the change, which
            compares two days under today's model, does not hold it.
        moved_points: (n,) points of the score, NaN there.
    """
    n = len(timeline.now)
    text, points = np.full(n, "", dtype=object), np.full(n, np.nan)
    both = timeline.previous()
    if both is None:
        return {"moved": text, "moved_points": points}
    before, after = both
    at = pd.Series(np.arange(n), index=timeline.now.account_id)[list(after.account_id)].to_numpy()
    top = _largest(before, after)
    points[at[top["row"].to_numpy()]] = top["points"].to_numpy()
    for (kind, key), part in top.groupby(["kind", "key"], sort=False):
        rows = at[part["row"].to_numpy()]
        # What the score counts in today's data is told in today's words.
        text[rows] = _words(accounts, timeline.now, before, str(kind), str(key), rows, part)
    if not timeline.told.empty:
        _add_version(text, at, before, timeline)
    return {"moved": text, "moved_points": points}


def _add_version(
    text: NDArray[np.object_], at: NDArray[np.intp], before: Scores, timeline: Timeline
) -> None:
    """The step from the score that people were told to the same inputs under today's model."""
    told = timeline.told_before()["told_score"].reindex(before.account_id).to_numpy(float)
    points = before.total - told
    for row in np.flatnonzero(np.abs(points).round(9) >= LEAST_LOST).tolist():
        step = f"model version {points[row]:+.1f}".replace("-", MINUS)
        first = text[at[row]]
        text[at[row]] = f"{first}; {step}" if first else step.capitalize()


def _largest(before: Scores, after: Scores) -> pd.DataFrame:
    change = explain_change(before, after)
    steps = change.steps
    way = np.sign(change.after - change.before)
    size = (steps["points"] * way[steps["row"].to_numpy()]).round(9)
    provisional = after.status[steps["row"].to_numpy()] == "Provisional"
    steps = steps.assign(size=size)[(size >= LEAST_LOST) & ~provisional]
    # Of equal steps the first of the walk counts.
    first: pd.DataFrame = steps.sort_values("size", ascending=False, kind="stable")
    return first.drop_duplicates("row")


def _words(
    accounts: pd.DataFrame,
    now: Scores,
    before: Scores,
    kind: str,
    key: str,
    rows: NDArray[np.intp],
    part: pd.DataFrame,
) -> NDArray[np.object_]:
    if not key:
        return np.full(len(rows), CAUSES[kind], dtype=object)
    names = {m.key: short_name(m.name) for m in now.model.metrics}
    names |= {d.key: f"{d.name} rating" for d in now.model.dimensions}
    if kind == "data vanished":
        stale = np.zeros(len(rows), bool)
        if key in now.stale:
            stale = now.stale[key].to_numpy(bool)[rows]
        gone = (f"{names[key]} too old to count", f"{names[key]} no longer known")
        return np.where(stale, gone[0], gone[1]).astype(object)
    if kind == "data appeared":
        return np.asarray(input_texts(accounts, now, key, rows) + ", newly known")
    out = np.full(len(rows), "", dtype=object)
    then = before.values[key].to_numpy(float)[part["row"].to_numpy()]
    rose = now.values[key].to_numpy(float)[rows] > then
    for mask, way in ((rose, "up"), (~rose, "down")):
        out[mask] = input_texts(accounts, now, key, rows[mask], way)
    return out
