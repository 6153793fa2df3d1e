"""Accounts of every kind in Parquet files, and what one machine's engine says of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.data import random_accounts
from scoring.derive import derive_metrics
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.score import Scores, score_accounts

AS_OF = date(2026, 3, 9)
MODEL = load_preset("support")
"""Words, dates, segments' weights, staleness and smoothing: all that a row can hold."""


def mixed(count: int, seed: int = 1) -> pd.DataFrame:
    """Random accounts with segments, dates, values too old to count, and all kinds of columns."""
    rng = np.random.default_rng(seed)
    frame = random_accounts(MODEL, count, seed).drop(columns="days_to_renewal")
    start = pd.Timestamp(2026, 3, 9) - pd.to_timedelta(rng.integers(1, 400, count), "D")
    ahead = pd.Timestamp(2026, 3, 9) + pd.to_timedelta(rng.integers(-20, 300, count), "D")
    segments = np.array(["enterprise", "mid_market", "smb", None], dtype=object)
    return frame.assign(
        segment=segments[rng.integers(0, 4, count)],
        start_date=start.where(rng.random(count) < 0.9),
        renewal_date=ahead,
        data_as_of=pd.Timestamp(2026, 3, 9) - pd.to_timedelta(rng.integers(0, 90, count), "D"),
        arr=rng.uniform(1e3, 1e6, count),
        remark="not ours",
    )


def write(folder: Path, *frames: pd.DataFrame, rows: int = 1000) -> Path:
    """One Parquet file a frame."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, frame in enumerate(frames):
        frame.to_parquet(folder / f"{number:03}.parquet", row_group_size=rows)
    return folder


def local(frame: pd.DataFrame, model: ScoreModel = MODEL) -> Scores:
    """Scores of all at once, as every other command computes them."""
    return score_accounts(derive_metrics(frame, model, AS_OF), model, as_of=AS_OF)


def assert_equal(found: pd.DataFrame, scores: Scores) -> None:
    """Every number is the very same, and every word."""
    by_id = found.set_index("account_id").loc[list(scores.account_id)]
    numbers = {"score": scores.total, "model_score": scores.model_total, "low": scores.low,
               "coverage": scores.coverage, "high": scores.high}  # fmt: skip
    for key, values in scores.dimensions.items():
        numbers[f"dim_{key}"] = values.to_numpy(float)
    for name, expected in numbers.items():
        assert by_id[name].to_numpy(float).tobytes() == _plain(expected).tobytes(), name
    assert by_id["tier"].tolist() == scores.tier.tolist()
    assert by_id["status"].tolist() == scores.status.tolist()


def _plain(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The same numbers with one kind of NaN."""
    return np.where(np.isnan(values), np.nan, values)
