"""Scoring many accounts and one, against reading the inputs once and against peers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from benchmarks.data import random_accounts
from benchmarks.measure import Row, peak_megabytes, repeat, rounds
from benchmarks.peers import duckdb_total, numpy_total, polars_total
from scoring.model import LinearCurve, ScoreModel, StateCurve
from scoring.one import score_one
from scoring.presets import load_preset
from scoring.score import score_accounts

MODEL = "four-dimension"  # 16 metrics in 4 dimensions
AS_OF = date(2026, 1, 31)
_LOOP_ROWS = 2_000
_ONE_TIMES = 2_000


def score_many(count: int, *, memory: bool) -> Iterator[Row]:
    """Rows for one number of accounts: ours, the floor, pandas, and a plain loop."""
    model = load_preset(MODEL)
    accounts = random_accounts(model, count)
    numbers = points_matrix(accounts, model)
    table = pl.from_pandas(accounts, nan_to_null=True)
    few = accounts.head(_LOOP_ROWS).to_dict("records")
    found = rounds(
        {
            "reading the inputs once": numbers.sum,
            "HealthSheet": partial(score_accounts, accounts, model, as_of=AS_OF),
            "HealthSheet, with all contributions": partial(_with_details, accounts, model),
            "polars, total only": partial(_polars, table, model),
            "numpy, total only": partial(numpy_total, numbers, model),
            "pandas, total only": partial(pandas_total, accounts, model),
            "DuckDB, total only": partial(_duckdb, pa.Table.from_pandas(accounts), model),
            "plain Python, total only": partial(loop_total, few, model),
        },
        count=5 if count < 10_000_000 else 3,
    )
    found["plain Python, total only"] *= count / len(few)
    floor = found["reading the inputs once"]
    peaks = _peaks(count) if memory else {}
    for case, seconds in found.items():
        ours = case == "HealthSheet"
        yield Row(
            job=f"score {count:,} accounts, 16 metrics",
            case=case,
            seconds=seconds,
            shown=f"{count / seconds / 1e6:.2f} M/s",
            ratio=seconds / floor,
            target=15.0 if ours else None,
            wanted=2.0 if ours else None,
            peak=peaks.get(case),
        )


def _peaks(count: int) -> dict[str, float]:
    """Megabytes above those of the accounts themselves, each case in a process of its own."""
    jobs = {"HealthSheet": _score, "pandas, total only": _pandas}
    made = peak_megabytes(_make, count)
    return {case: peak_megabytes(job, count) - made for case, job in jobs.items()}


def score_single() -> Iterator[Row]:
    """Rows for one validated account: ours, and the frame of one row."""
    model = load_preset(MODEL)
    frame = random_accounts(model, 1).fillna(1.0)
    record = frame.to_dict("records")[0]
    plain = {str(k): v for k, v in record.items()}
    found = rounds(
        {
            "score_one": repeat(partial(score_one, plain, model), _ONE_TIMES),
            "a frame of one row": repeat(
                partial(score_accounts, frame, model, as_of=AS_OF), _ONE_TIMES // 100
            ),
        }
    )
    each = {"score_one": _ONE_TIMES, "a frame of one row": _ONE_TIMES // 100}
    for case, seconds in found.items():
        micro = seconds / each[case] * 1e6
        ours = case == "score_one"
        yield Row(
            job="score one account, validated",
            case=case,
            seconds=seconds / each[case],
            shown=f"{micro:,.1f} µs",
            ratio=micro if ours else None,
            target=12.0 if ours else None,
            wanted=5.0 if ours else None,
            note="(µs)" if ours else "",
        )


def _with_details(accounts: pd.DataFrame, model: ScoreModel) -> None:
    """Scores and everything that explains them; details are worked out when read."""
    scores = score_accounts(accounts, model, as_of=AS_OF)
    assert len(scores.dimensions) == len(scores.points)
    assert len(scores.contributions) == len(scores.available)


def points_matrix(accounts: pd.DataFrame, model: ScoreModel) -> Any:
    """The inputs as one block of floats, one row a metric; words as their points."""
    rows = []
    for metric in model.metrics:
        column = accounts[metric.key]
        if isinstance(metric.curve, StateCurve):
            column = column.map(dict(metric.curve.points))
        rows.append(column.to_numpy(float))
    return np.array(rows)


def pandas_total(accounts: pd.DataFrame, model: ScoreModel) -> pd.Series[float]:
    """The reweighted total as an analyst writes it with pandas and ``np.interp``."""
    total = pd.Series(0.0, index=accounts.index)
    weight = pd.Series(0.0, index=accounts.index)
    for dimension, share in zip(model.dimensions, model.weights(), strict=True):
        earned = pd.Series(0.0, index=accounts.index)
        seen = pd.Series(0.0, index=accounts.index)
        for metric in dimension.metrics:
            column = accounts[metric.key]
            if isinstance(metric.curve, LinearCurve):
                xs, ys = zip(*metric.curve.points, strict=True)
                points = pd.Series(np.interp(column, xs, ys), index=accounts.index)
            else:
                points = column.map(dict(metric.curve.points))
            points = points.where(column.notna())
            earned += (points * metric.weight).fillna(0.0)
            seen += points.notna() * metric.weight
        score = earned / seen.where(seen > 0)
        total += (score * share).fillna(0.0)
        weight += score.notna() * share
    return total / weight


def loop_total(records: list[dict[Any, Any]], model: ScoreModel) -> list[float]:
    """The same, one account after the other in plain Python."""
    shares = model.weights()
    return [_one_total(record, model, shares) for record in records]


def _one_total(record: dict[Any, Any], model: ScoreModel, shares: list[float]) -> float:
    total = weight = 0.0
    for dimension, share in zip(model.dimensions, shares, strict=True):
        earned = seen = 0.0
        for metric in dimension.metrics:
            x = record[metric.key]
            if x == x:
                earned += metric.weight * _curve(metric.curve, x)
                seen += metric.weight
        if seen:
            total += share * earned / seen
            weight += share
    return total / weight


def _curve(curve: Any, x: Any) -> float:
    if isinstance(curve, StateCurve):
        return dict(curve.points)[x]
    if x <= curve.points[0][0]:
        return float(curve.points[0][1])
    for (x0, y0), (x1, y1) in pairwise(curve.points):
        if x <= x1:
            return float(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
    return float(curve.points[-1][1])


def _polars(frame: pl.DataFrame, model: ScoreModel) -> None:
    frame.select(polars_total(model))


def _duckdb(accounts: Any, model: ScoreModel) -> None:
    duckdb.sql(f"SELECT {duckdb_total(model)} AS score FROM accounts").fetchnumpy()


def _pandas(count: int) -> None:
    model = load_preset(MODEL)
    pandas_total(random_accounts(model, count), model)


def _make(count: int) -> None:
    random_accounts(load_preset(MODEL), count)


def _score(count: int) -> None:
    model = load_preset(MODEL)
    score_accounts(random_accounts(model, count), model, as_of=AS_OF)
