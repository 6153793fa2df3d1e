"""Earlier rows that a source brings along, kept as they were when a day was scored with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from pipeline.store.encode import encode_rows
from pipeline.store.rows import IMPORTED
from pipeline.store.schema import ENTRIES, INPUTS, RUNS

__all__ = ["not_kept"]


class _Kept(NamedTuple):
    """An entry that counts: who gave it, the score if it was brought in, its columns as JSON."""

    origin: str
    given: float | None
    text: str


def not_kept(connection: Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a source's own history that the tables lack, or know with other values.

    A day that the engine recorded for an account is its own; the source's row adds nothing.

    Args:
        connection: in a transaction.
        rows: account_id, date, and score, raw inputs or both.

    Returns:
        Those rows, oldest first.
    """
    parts = []
    for day, part in rows.groupby(pd.to_datetime(rows["date"]), sort=True):
        kept = _kept(connection, pd.Timestamp(str(day)).date())
        parts.append(part[_new(part, kept)])
    return pd.concat(parts) if parts else rows


def _kept(connection: Connection, day: date) -> dict[str, _Kept]:
    """Account → its entry of a day; one that the engine made wins, else the one written last."""
    columns = (ENTRIES.c.account_id, ENTRIES.c.score, ENTRIES.c.status, RUNS.c.origin)
    joined = ENTRIES.join(RUNS, RUNS.c.id == ENTRIES.c.run_id)
    query = (
        select(*columns, INPUTS.c.account)
        .select_from(joined.join(INPUTS, INPUTS.c.entry_id == ENTRIES.c.id))
        .where(ENTRIES.c.day == day)
        .order_by(ENTRIES.c.id)
    )
    found: dict[str, _Kept] = {}
    for account, score, status, origin, text in connection.execute(query):
        if account not in found or found[account].origin != "score":
            given = score if status == IMPORTED else None
            found[account] = _Kept(origin, given, text)
    return found


def _new(part: pd.DataFrame, kept: Mapping[str, _Kept]) -> list[bool]:
    raw = part.drop(columns=["account_id", "date", "score"], errors="ignore")
    scores: Sequence[Any] = [None] * len(part)
    if "score" in part:
        scores = [None if s != s else s for s in part["score"].astype(float).tolist()]
    ids = map(str, part["account_id"].tolist())
    return [
        known is None or (known.origin != "score" and (known.given, known.text) != (score, text))
        for known, score, text in zip(map(kept.get, ids), scores, encode_rows(raw), strict=True)
    ]
