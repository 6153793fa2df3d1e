"""Companies whose metrics fall a known time before an account leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.validation.cases import Cases, join_cases
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import simple_model

__all__ = ["LAST", "alone", "falling", "joined"]

LAST = date(2026, 3, 31)
"""The day of the last snapshot of `falling`."""


def falling(
    seed: int, falls: Mapping[str, tuple[int, float]], *, accounts: int = 240
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """History and outcomes of accounts, a quarter of which leave.

    Metrics are noise about 70. Each in *falls* is lower in the given number of days before an
    account leaves, and at no other time.

    Args:
        seed: of all draws.
        falls: metric of `simple_model` → days before, and by how many points.
        accounts: how many; each decides once in the last 60 days, after a year of fortnights.
    """
    rng = np.random.default_rng(seed)
    days = [LAST - timedelta(days=14 * i) for i in range(30)][::-1]
    keys = [m.key for m in simple_model().metrics]
    ids = np.array([f"F-{i:03d}" for i in range(accounts)], dtype=object)
    lost = np.arange(accounts) % 4 == 0
    when = pd.Timestamp(LAST) - pd.to_timedelta(rng.integers(0, 60, accounts), unit="D")
    shape = (accounts, len(days), len(keys))
    points = 70 + rng.normal(0, 5, (accounts, 1, len(keys))) + rng.normal(0, 8, shape)
    before = (when.to_numpy()[:, None] - pd.to_datetime(days).to_numpy()).astype("timedelta64[D]")
    for key, (lead, depth) in falls.items():
        near = lost[:, None] & (before.astype(int) <= lead)
        points[:, :, keys.index(key)] -= depth * near
    history = pd.DataFrame(np.clip(points, 0, 100).reshape(-1, len(keys)), columns=keys)
    history.insert(0, "account_id", np.repeat(ids, len(days)))
    history.insert(1, "date", np.tile(pd.to_datetime(days).to_numpy(), accounts))
    outcomes = pd.DataFrame({
        "account_id": ids, "outcome": np.where(lost, "churned", "renewed").astype(object),
        "date": when,
    })  # fmt: skip
    return history, outcomes


def joined(history: pd.DataFrame, outcomes: pd.DataFrame, *, days: int = 60) -> Cases:
    """Cases under `simple_model`."""
    return join_cases(outcomes, take_snapshots(history, simple_model()), days=days)


def alone(account: str, points: Mapping[date, float], **columns: object) -> pd.DataFrame:
    """History of one account whose metrics all have the same points on each day.

    Args:
        account: id.
        points: day → points.
        columns: further columns, the same in each row.
    """
    keys = [m.key for m in simple_model().metrics]
    rows = [{"account_id": account, "date": pd.Timestamp(day), **dict.fromkeys(keys, x), **columns}
            for day, x in points.items()]  # fmt: skip
    return pd.DataFrame(rows)
