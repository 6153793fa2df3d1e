"""What stood before a day, as the history frame that scoring takes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_

from pipeline.store.read import Run, read_entries, read_inputs, read_runs
from pipeline.store.rows import IMPORTED
from pipeline.store.schema import ENTRIES
from scoring.model import ScoreModel
from scoring.timeline import TOLD

__all__ = ["earlier", "one_a_day", "said_then"]


def earlier(
    connection: Connection,
    model: ScoreModel,
    *,
    before: date,
    full: bool,
    known_to: int | None = None,
    accounts: Collection[str] | None = None,
) -> pd.DataFrame:
    """Snapshots before a day, one row an account and date.

    A score recorded under this very model stands as it is. One of another model has its raw inputs
    beside it and no score, so that it is scored again and compares like with like; what people
    were told then stands beside it (`timeline.TOLD`). Of two on one day that of this model's
    version counts, else the one written last.

    Args:
        connection: in a transaction.
        model: today's.
        before: the day; only earlier ones count.
        full: every snapshot with all raw inputs; without it only what a score needs: each
            account's latest scored snapshot, and those that smoothing looks at.
        known_to: number of the run that was the last one known; None knows all.
        accounts: only these, by id; None for all.

    Returns:
        account_id, date, score, `timeline.TOLD` and raw inputs; score NaN where the inputs are to
        give it.
    """
    scope: list[ColumnElement[bool]] = [ENTRIES.c.day < before]
    if known_to is not None:
        scope.append(ENTRIES.c.run_id <= known_to)
    if not full:
        since = before - timedelta(model.smoothing_days)
        where = [*scope, _recent(scope, model.label, since)]
    else:
        where = scope
    entries = one_a_day(read_entries(connection, *where, accounts=accounts), model)
    if entries.empty:
        return pd.DataFrame()
    runs = read_runs(connection, entries["run_id"].tolist())
    ours = entries["run_id"].map({n: r.digest == model.digest for n, r in runs.items()})
    given = entries["status"] == IMPORTED
    score = entries["model_score"].where(ours | given)
    frame = pd.DataFrame(
        {"account_id": entries["account_id"], "date": entries["day"], "score": score}
    ).join(said_then(entries, runs, ~ours & ~given))
    asked = entries if full else entries[~ours]
    if asked.empty:
        return frame
    inputs, _ = read_inputs(connection, asked, runs, few=accounts is not None)
    inputs.index = asked.index
    inputs = inputs.drop(columns="account_id")
    return frame.join(inputs) if full else frame.join(_widened(inputs, frame.index))


def said_then(entries: pd.DataFrame, runs: dict[int, Run], other: pd.Series[bool]) -> pd.DataFrame:
    """What people were told, where another model or version had scored the entry."""
    scored = entries["run_id"].map({n: r.origin == "score" for n, r in runs.items()})
    there = other & scored
    said = (entries["score"], entries["tier"], entries["model"])
    columns = {key: told.where(there) for key, told in zip(TOLD, said, strict=True)}
    return pd.DataFrame(columns)


def _recent(scope: list[ColumnElement[bool]], label: str, since: date) -> ColumnElement[bool]:
    """Entries of each account's last day under each model, and all after *since*.

    Under this model a day without a score is passed over; under another one the inputs may give
    a score yet.
    """
    last = (
        select(ENTRIES.c.account_id, ENTRIES.c.model, func.max(ENTRIES.c.day).label("day"))
        .where(*scope, or_(ENTRIES.c.model_score.is_not(None), ENTRIES.c.model != label))
        .group_by(ENTRIES.c.account_id, ENTRIES.c.model)
    )
    key = tuple_(ENTRIES.c.account_id, ENTRIES.c.model, ENTRIES.c.day)
    return or_(key.in_(last), ENTRIES.c.day > since)


def one_a_day(entries: pd.DataFrame, model: ScoreModel) -> pd.DataFrame:
    """Of two entries of an account and day that of this model's version, else the later one."""
    own = entries["model"] == model.label
    ranked = entries.assign(own=own).sort_values(["own", "id"], kind="stable")
    kept = ranked.drop_duplicates(["account_id", "day"], keep="last").sort_values(["day", "id"])
    return kept.drop(columns="own").reset_index(drop=True)


def _widened(inputs: pd.DataFrame, index: pd.Index[Any]) -> pd.DataFrame:
    """The inputs at their places among more rows; a missing text stays None."""
    wide = inputs.reindex(index)
    for key in inputs.select_dtypes(object).columns:
        wide[key] = wide[key].where(wide[key].notna(), None)
    return wide
