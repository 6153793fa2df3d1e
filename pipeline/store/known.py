"""Snapshots as they were known in their own time, for looking back without hindsight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from pipeline.store.earlier import one_a_day, said_then
from pipeline.store.encode import decode_sheets
from pipeline.store.read import Run, merged_kinds, read_entries, read_inputs, read_runs
from pipeline.store.rows import IMPORTED
from pipeline.store.schema import ENTRIES, RUNS
from scoring.model import ScoreModel

__all__ = ["KnownThen", "known_then"]


@dataclass(frozen=True)
class KnownThen:
    """Every snapshot up to a day, one row an account and date.

    Attributes:
        frame: account_id, date, score, `timeline.TOLD` and raw inputs, as `earlier` gives them.
        tables: sheet name → rows of each account as they stood in its last snapshot.
        corrections: revisions that were written too late to count.
        by_others: name and version of another model → snapshots that it had scored.
    """

    frame: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    corrections: int
    by_others: Mapping[str, int]


def known_then(connection: Connection, model: ScoreModel, *, before: date) -> KnownThen:
    """Read every snapshot before a day, without what was corrected later.

    A snapshot stands for what was known from its day on. A correction counts where it was written
    (UTC) on the snapshot's day or before; a later one may know what happened since. Where even the
    first revision was written later, as one built for the past is, the first counts: no other is
    nearer to the day.

    Args:
        connection: in a transaction.
        model: today's; of two snapshots on one day that of its version counts.
        before: the day; only earlier ones count.
    """
    every = read_entries(connection, ENTRIES.c.day < before, revisions=True)
    chosen = _chosen(every, _written(connection))
    entries = one_a_day(chosen, model)
    if entries.empty:
        return KnownThen(pd.DataFrame(), {}, 0, {})
    runs = read_runs(connection, entries["run_id"].tolist())
    ours = entries["run_id"].map({n: r.digest == model.digest for n, r in runs.items()})
    given = entries["status"] == IMPORTED
    told = said_then(entries, runs, ~ours & ~given)
    frame = pd.DataFrame({
        "account_id": entries["account_id"], "date": entries["day"],
        "score": entries["model_score"].where(ours | given),
    }).join(told)  # fmt: skip
    inputs, sheets = read_inputs(connection, entries, runs)
    others = told["told_by"].value_counts()
    return KnownThen(
        frame=frame.join(inputs.drop(columns="account_id")),
        tables=decode_sheets(sheets, _kinds(runs)),
        corrections=len(every) - len(_up_to(every, chosen)),
        by_others={str(name): int(n) for name, n in others.items()},
    )


def _written(connection: Connection) -> dict[int, np.datetime64]:
    """Run → the day (UTC) on which it wrote."""
    rows = connection.execute(select(RUNS.c.id, RUNS.c.written_at))
    return {number: np.datetime64(written[:10], "D") for number, written in rows}


_KEY = ["account_id", "day", "model"]


def _chosen(entries: pd.DataFrame, written: Mapping[int, np.datetime64]) -> pd.DataFrame:
    """One revision of each account, day and model; revisions come in the order of writing."""
    if not entries.duplicated(_KEY).any():
        return entries
    when = entries["run_id"].map(written).to_numpy("datetime64[D]")
    in_time = when <= entries["day"].to_numpy("datetime64[D]")
    counts = entries[in_time | ~entries.duplicated(_KEY).to_numpy()]
    kept: pd.DataFrame = counts.drop_duplicates(_KEY, keep="last")
    return kept


def _up_to(entries: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """The entries that are no later revision than the chosen one."""
    if len(chosen) == len(entries):
        return entries
    last = entries[_KEY].merge(chosen[[*_KEY, "revision"]], on=_KEY, how="left")["revision"]
    kept: pd.DataFrame = entries[entries["revision"].to_numpy() <= last.to_numpy()]
    return kept


def _kinds(runs: Mapping[int, Run]) -> dict[str, dict[str, str]]:
    """Sheet name → one kind a column, of all runs."""
    kinds = [runs[n].kinds["sheets"] for n in sorted(runs)]
    names = sorted({name for of_run in kinds for name in of_run})
    return {n: merged_kinds([of_run[n] for of_run in kinds if n in of_run]) for n in names}
