"""Entries as frames: those that count, and what they were scored from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from pipeline.store.encode import Kinds, decode_rows
from pipeline.store.schema import ENTRIES, INPUTS, MODELS, RUNS
from scoring.errors import HistoryError
from scoring.model import ScoreModel

__all__ = ["Run", "merged_kinds", "read_entries", "read_inputs", "read_model", "read_runs"]

_T = TypeVar("_T")
_KEY = ["account_id", "day", "model"]
_MOST = 500
"""Values in one IN list; SQLite and PostgreSQL take more, query planners do not like it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One writing: the digest of its model, who gave it, what was read, kinds of its columns."""

    digest: str
    origin: str
    source: str
    kinds: Mapping[str, Any]


def read_entries(
    connection: Connection,
    *where: ColumnElement[bool],
    revisions: bool = False,
    accounts: Collection[str] | None = None,
) -> pd.DataFrame:
    """The entries that a condition picks.

    Args:
        connection: in a transaction.
        where: conditions on `schema.ENTRIES`.
        revisions: all revisions; without it only the one that counts.
        accounts: only these, by id.

    Returns:
        One row an entry: columns of `ENTRIES`, ``day`` as timestamps, missing scores NaN. In the
        order in which accounts were first written.
    """
    query = select(ENTRIES).where(*where)
    if accounts is None:
        rows = list(connection.execute(query.order_by(ENTRIES.c.id)))
    else:
        parts = (query.where(ENTRIES.c.account_id.in_(a)) for a in _chunks(sorted(accounts)))
        rows = sorted((row for part in parts for row in connection.execute(part)), key=_id)
    names = [column.name for column in ENTRIES.columns]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    frame = pd.DataFrame({name: _column(name, columns.get(name, ())) for name in names})
    return frame if revisions else _counting(frame)


def _id(row: Any) -> int:
    number: int = row.id
    return number


def _column(name: str, values: Sequence[Any]) -> pd.Series[Any]:
    if name == "day":
        return pd.Series(np.array(values, dtype="datetime64[s]"))
    if name in ("score", "model_score", "coverage"):
        return pd.Series(np.array(values, dtype=float))
    if name in ("id", "run_id", "revision"):
        return pd.Series(np.array(values, dtype=np.int64))
    return pd.Series(values, dtype=object)


def _counting(frame: pd.DataFrame) -> pd.DataFrame:
    if not frame.duplicated(_KEY).any():
        return frame
    first = frame.drop_duplicates(_KEY, keep="first")[_KEY]
    last = frame.drop_duplicates(_KEY, keep="last")
    return first.merge(last, on=_KEY, how="left")[frame.columns]


def read_runs(connection: Connection, ids: Collection[int]) -> dict[int, Run]:
    """Runs by number."""
    columns = (RUNS.c.id, RUNS.c.model_digest, RUNS.c.origin, RUNS.c.source, RUNS.c.kinds)
    found: dict[int, Run] = {}
    for some in _chunks(sorted(set(ids))):
        for number, digest, origin, source, kinds in connection.execute(
            select(*columns).where(RUNS.c.id.in_(some))
        ):
            found[number] = Run(digest, origin, source, json.loads(kinds))
    return found


def read_model(connection: Connection, digest: str) -> ScoreModel:
    """The whole model that scored entries here.

    Raises:
        HistoryError: this version of HealthSheet cannot read it.
    """
    query = select(MODELS.c.document).where(MODELS.c.digest == digest)
    document = connection.scalar(query)
    try:
        return ScoreModel.model_validate_json(document or "")
    except ValueError as error:
        raise HistoryError(
            "A model kept in the history cannot be read by this version of HealthSheet. Use the "
            "version that wrote it."
        ) from error


def read_inputs(
    connection: Connection, entries: pd.DataFrame, runs: Mapping[int, Run], *, few: bool = False
) -> tuple[pd.DataFrame, dict[str, str]]:
    """What entries were scored from.

    Args:
        connection: in a transaction.
        entries: n of them, as `read_entries` gives them.
        runs: at least theirs.
        few: whether they are few of their runs' entries, so that each is looked up.

    Returns:
        (n rows, ``account_id`` and the raw columns, row by row those of *entries*), and by
        account the rows of other sheets as JSON.
    """
    texts: dict[int, tuple[str, str | None]] = {}
    wanted = sorted(set(entries["run_id"].tolist()))
    columns = (INPUTS.c.entry_id, INPUTS.c.account, INPUTS.c.sheets)
    joined = INPUTS.join(ENTRIES, ENTRIES.c.id == INPUTS.c.entry_id)
    by, values = (INPUTS.c.entry_id, entries["id"].tolist()) if few else (ENTRIES.c.run_id, wanted)
    source = INPUTS if few else joined
    for some in _chunks(values):
        query = select(*columns).select_from(source).where(by.in_(some))
        texts.update((n, (account, sheets)) for n, account, sheets in connection.execute(query))
    kinds = merged_kinds([runs[number].kinds["account"] for number in wanted])
    kind_of_id = kinds.pop("account_id", "object")
    ids = entries["id"].tolist()
    frame = decode_rows([texts[n][0] for n in ids], kinds)
    names = entries["account_id"].tolist()
    frame.insert(0, "account_id", pd.Series(names, dtype=kind_of_id))
    pairs = ((name, texts[n][1]) for name, n in zip(names, ids, strict=True))
    return frame, {name: sheets for name, sheets in pairs if sheets}


def merged_kinds(given: Sequence[Kinds]) -> dict[str, str]:
    """One kind a column, of several runs; a column whose kind changed holds objects."""
    merged: dict[str, str] = {}
    for kinds in given:
        for key, kind in kinds.items():
            before = merged.setdefault(key, kind)
            if before != kind:
                merged[key] = _wider(before, kind)
    return merged


def _wider(one: str, other: str) -> str:
    if one.startswith("datetime64") and other.startswith("datetime64"):
        return str(np.promote_types(one, other))
    if {one, other} <= {"float64", "int64"}:
        return "float64"
    return "object"


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]
