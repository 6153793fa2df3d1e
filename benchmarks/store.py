"""A snapshot into the history and out of it, against a plain table of the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.data import random_accounts
from benchmarks.measure import Row, rounds
from pipeline.store import History, Snapshot, read_address, snapshot_of
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.score import Scores, score_accounts

_MODEL = "support"  # 19 metrics
_COLUMNS = 30
_FIRST = date(2026, 1, 5)
_ROUNDS = 3


def store(folder: Path, count: int) -> Iterator[Row]:
    """Rows for writing and reading a snapshot of *count* accounts of 30 columns in SQLite."""
    model = load_preset(_MODEL)
    accounts = _accounts(model, count)
    scores = score_accounts(accounts, model, as_of=_FIRST)
    days = iter(_FIRST + timedelta(7 * week) for week in range(1000))
    history = History(read_address(str(folder / "history.db")), create=True)
    plain = _plain_table(folder / "plain.db", accounts)
    frames = sqlite3.connect(folder / "pandas.db")

    def write() -> None:
        history.record(_snapshot(accounts, scores, next(days)), correct=True)

    write()
    again = _snapshot(accounts, scores, _FIRST)
    found = rounds(
        {
            "executemany into a plain table": lambda: _insert(plain, accounts),
            "HealthSheet": write,
            "HealthSheet, the same again": lambda: history.record(again, correct=True),
            "pandas.to_sql": lambda: accounts.to_sql("t", frames, if_exists="append", index=False),
        },
        _ROUNDS,
    )
    yield from _rows("write", count, found, "executemany into a plain table")
    label = model.label
    found = rounds(
        {
            "fetchall of a plain table": lambda: _fetched(plain, count),
            "HealthSheet, a snapshot with its inputs": lambda: history.recorded(_FIRST, label),
            "HealthSheet, the previous scores": lambda: history.earlier(
                model, before=_FIRST + timedelta(3), full=False
            ),
            "pandas.read_sql": lambda: pd.read_sql(f"SELECT * FROM t LIMIT {count}", frames),
        },
        _ROUNDS,
    )
    yield from _rows("read", count, found, "fetchall of a plain table")
    plain.close()
    frames.close()


def _accounts(model: ScoreModel, count: int) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    frame = random_accounts(model, count)
    names = pd.Series([f"Sample Account {n}" for n in range(count)], dtype=object)
    more = range(_COLUMNS - len(frame.columns) - 1)
    extra = {f"extra_{n}": rng.uniform(0, 100, count).round(2) for n in more}
    return frame.assign(account_name=names, **extra)


def _snapshot(accounts: pd.DataFrame, scores: Scores, day: date) -> Snapshot:
    return snapshot_of(accounts, replace(scores, as_of=day))


def _plain_table(path: Path, accounts: pd.DataFrame) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE t ({', '.join(map(str, accounts.columns))})")
    return connection


def _insert(connection: sqlite3.Connection, accounts: pd.DataFrame) -> None:
    marks = ", ".join("?" * len(accounts.columns))
    columns = (accounts[key].tolist() for key in accounts.columns)
    connection.executemany(f"INSERT INTO t VALUES ({marks})", zip(*columns, strict=True))
    connection.commit()


def _fetched(connection: sqlite3.Connection, count: int) -> list[Any]:
    return connection.execute("SELECT * FROM t LIMIT ?", (count,)).fetchall()


def _rows(word: str, count: int, found: dict[str, float], floor: str) -> Iterator[Row]:
    for case, seconds in found.items():
        yield Row(
            job=f"history: {word} {count:,} accounts, {_COLUMNS} columns, SQLite",
            case=case,
            seconds=seconds,
            shown=f"{seconds:.2f} s",
            ratio=seconds / found[floor],
        )
