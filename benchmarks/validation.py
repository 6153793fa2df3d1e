"""A backtest of two years of weeks, from the recorded history to the answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

from benchmarks.data import random_accounts
from benchmarks.measure import Row, peak_megabytes
from pipeline.store import History, read_address, snapshot_of
from pipeline.validation import Wanted, compare
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.score import score_accounts

_MODEL = "support"  # 19 metrics
_FIRST = date(2024, 1, 1)
_AS_OF = date(2026, 3, 1)
_LIMIT = 60.0
"""Seconds that 1,000 accounts × 104 weeks may take; a third of it is wanted."""
_DRAWS = 1_000
_ROUNDS = 3


def validation(folder: Path, accounts: int, weeks: int, *, memory: bool) -> Iterator[Row]:
    """Rows for one backtest, against a script of pandas and scikit-learn on the same file.

    The script reads the recorded scores, joins them to the outcomes and draws accounts anew for
    the interval of one AUC, as people write it: one `roc_auc_score` a draw. The command
    decodes all raw values, scores each snapshot anew, replays the alerts and does all the rest.
    """
    history, outcomes = folder / "history.db", folder / "outcomes.csv"
    _write(history, outcomes, accounts, weeks)
    stages: dict[str, list[float]] = {}
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        started = perf_counter()
        _backtest(str(history), str(outcomes), stages)
        ours.append(perf_counter() - started)
        started = perf_counter()
        _script(history, outcomes)
        theirs.append(perf_counter() - started)
    floor, whole = median(theirs), median(ours)
    job = f"backtest of {accounts:,} accounts × {weeks} weeks, 19 metrics, SQLite"
    peak = peak_megabytes(_backtest, str(history), str(outcomes), {}) if memory else None
    yield _row(job, "one AUC with pandas and scikit-learn", floor, floor)
    yield Row(
        job=job, case="HealthSheet, the whole backtest", seconds=whole, shown=f"{whole:.1f} s",
        ratio=whole, target=_LIMIT, wanted=_LIMIT / 3, peak=peak, note="s",
    )  # fmt: skip
    for name, seconds in stages.items():
        yield _row(job, f"of it: {name[0].lower()}{name[1:]}", median(seconds), floor)


def _row(job: str, case: str, seconds: float, floor: float) -> Row:
    return Row(job=job, case=case, seconds=seconds, shown=f"{seconds:.1f} s",
               ratio=seconds / floor)  # fmt: skip


def _backtest(history: str, outcomes: str, stages: dict[str, list[float]]) -> None:
    began, doing = perf_counter(), ""

    def tell(what: str, _share: float) -> None:
        nonlocal began, doing
        now = perf_counter()
        if doing:
            stages.setdefault(doing, []).append(now - began)
        began, doing = now, what

    compare(Wanted(history, outcomes, _AS_OF), tell=tell)


def _script(history: Path, outcomes: Path) -> float:
    """Half the width of the interval of the AUC 60 days before."""
    from sklearn.metrics import roc_auc_score

    with sqlite3.connect(history) as connection:
        query = "SELECT e.account_id, e.day, e.score, i.account FROM healthsheet_entries e JOIN "
        query += "healthsheet_inputs i ON i.entry_id = e.id"
        frame = pd.read_sql(query, connection, parse_dates=["day"])
    values = pd.DataFrame([json.loads(text) for text in frame["account"]])
    scores = pd.concat([frame[["account_id", "day", "score"]], values], axis=1)
    listed = pd.read_csv(outcomes, parse_dates=["Date"])
    listed["day"] = listed["Date"] - pd.Timedelta(days=60)
    joined = pd.merge_asof(
        listed.sort_values("day"), scores.sort_values("day"), on="day",
        left_by="Account ID", right_by="account_id",
    ).dropna(subset=["score"])  # fmt: skip
    lost = (joined["Outcome"] == "churned").to_numpy()
    low = -joined["score"].to_numpy(float)
    rng = np.random.default_rng(0)
    draws = (rng.integers(0, len(low), len(low)) for _ in range(_DRAWS))
    found = [roc_auc_score(lost[at], low[at]) for at in draws]
    ends = np.quantile(found, [0.025, 0.975])
    return float(ends[1] - ends[0]) / 2.0


def _write(history: Path, outcomes: Path, accounts: int, weeks: int) -> None:
    """A recorded history whose metrics wander, and one outcome an account by its last score."""
    model, rng = load_preset(_MODEL), np.random.default_rng(3)
    kept = History(read_address(str(history)), create=True)
    base = random_accounts(model, accounts)
    names = [f"Sample Account {n}" for n in range(accounts)]
    base["account_name"] = pd.Series(names, dtype=object)
    base = base.assign(arr=50_000.0, currency="USD")
    days = pd.date_range(_FIRST, periods=weeks, freq="7D")
    total = np.empty(0)
    for day in days:
        base = _a_week_on(base, model, rng)
        scores = score_accounts(base, model, as_of=day.date())
        kept.record(snapshot_of(base, scores), correct=False)
        total = scores.total
    at = rng.integers(min(30, weeks // 2), weeks, accounts)
    when = days[at] + pd.to_timedelta(rng.integers(0, 7, accounts), unit="D")
    # Who scores low at last is likelier to churn: enough for an answer, whatever the size.
    worse = np.argsort(np.argsort(np.nan_to_num(total))) / accounts
    outcome = np.where(rng.random(accounts) < 0.3 * (1.0 - worse), "churned", "renewed")
    pd.DataFrame({
        "Account ID": base["account_id"], "Outcome": outcome, "Date": when, "ARR before": 50_000,
        "Currency": "USD",
    }).to_csv(outcomes, index=False)  # fmt: skip


def _a_week_on(frame: pd.DataFrame, model: ScoreModel, rng: np.random.Generator) -> pd.DataFrame:
    """Every number a twentieth of its spread up or down, within what stood there first."""
    out = frame.copy()
    for metric in model.metrics:
        column = frame[metric.key] if metric.key in frame.columns else None
        if column is None or column.dtype.kind != "f":
            continue
        step = rng.normal(0.0, 0.05 * float(column.std()), len(frame))
        out[metric.key] = (column + step).clip(column.min(), column.max()).round(4)
    return out
