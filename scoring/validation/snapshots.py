"""All snapshots of a history in one place, to be looked up by account and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.prepare import Floats
from scoring.score import Scores
from scoring.timeline import snapshots

__all__ = ["Days", "Places", "Snapshots", "take_snapshots"]

Days = NDArray[np.datetime64]
"""Days as datetime64[D]."""
Places = NDArray[np.intp]
"""Positions of snapshots; −1 where there is none."""


@dataclass(frozen=True)
class Snapshots:
    """n snapshots of all accounts, sorted by account, then day.

    Attributes:
        model: that scored them.
        account_id: (n,) text. day: (n,) datetime64[D].
        total, model_total: (n,) raw score with and without overrides; NaN where there is none.
        tier: (n,) key or "". coverage: (n,).
        smoothed: (n,) rolling mean that the tier follows; NaN where the model does not smooth.
        weights: (n, k) dimension weights that counted, as shares that sum to 1.
        dimensions: (n, k) scores. points: (n, m). values: (n, m + k) raw inputs.
        lost: (n, m + k) points of the score that each input lost.
        stale: (n, m) too old to count.
    """

    model: ScoreModel
    account_id: NDArray[np.object_]
    day: Days
    total: Floats
    model_total: Floats
    tier: NDArray[np.object_]
    coverage: Floats
    smoothed: Floats
    weights: pd.DataFrame
    dimensions: pd.DataFrame
    points: pd.DataFrame
    values: pd.DataFrame
    lost: pd.DataFrame
    stale: pd.DataFrame

    def __len__(self) -> int:
        return len(self.total)

    def at(self, accounts: NDArray[np.object_], days: Days, *, oldest: int) -> Places:
        """The latest snapshot of each account on or before a day.

        Args:
            accounts: (q,) of whom.
            days: (q,) when.
            oldest: a snapshot that is more days older than that does not count.

        Returns:
            (q,) positions, −1 where there is none.
        """
        if not len(self) or not len(accounts):
            return np.full(len(accounts), -1, dtype=np.intp)
        names, code = np.unique(self.account_id.astype(str), return_inverse=True)
        asked = np.asarray(accounts).astype(str)
        place = np.minimum(np.searchsorted(names, asked), len(names) - 1)
        mine, wanted = _key(code, self.day), _key(place, days)
        found = np.searchsorted(mine, wanted, side="right") - 1
        safe = np.maximum(found, 0)
        fits = (found >= 0) & (code[safe] == place) & (names[place] == asked)
        fits &= (days - self.day[safe]).astype(np.int64) <= oldest
        return np.where(fits, found, -1)


def _key(code: NDArray[Any], day: Days) -> NDArray[np.int64]:
    """One rising number for account and day."""
    return code.astype(np.int64) * 10_000_000 + day.astype("datetime64[D]").astype(np.int64)


def take_snapshots(history: pd.DataFrame, model: ScoreModel) -> Snapshots:
    """Score every row of a history as of its day.

    Args:
        history: as for `timeline.score_over_time`; may be empty.
        model: scores them; a recorded score counts where the inputs give none.
    """
    scored: list[Scores] = []
    if len(history):
        after = pd.Timestamp(pd.to_datetime(history["date"]).max()).date() + timedelta(days=1)
        scored = [s for s in snapshots(history, model, after) if len(s)]
    if not scored:
        scored = snapshots(_nobody(), model, date.max)
    days = [np.full(len(s), np.datetime64(s.as_of, "D")) for s in scored]
    names = _join([s.account_id.astype(object) for s in scored])
    day = np.concatenate(days) if days else np.empty(0, "datetime64[D]")
    order = np.lexsort((day, names.astype(str)))

    def frame(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
        whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        return whole.iloc[order].reset_index(drop=True)

    return Snapshots(
        model=model,
        account_id=names[order],
        day=day[order],
        total=_join([s.total for s in scored])[order],
        model_total=_join([s.model_total for s in scored])[order],
        tier=_join([s.tier for s in scored])[order],
        coverage=_join([s.coverage for s in scored])[order],
        smoothed=_join([s.smoothed for s in scored])[order],
        weights=frame([s.weights for s in scored]),
        dimensions=frame([s.dimensions for s in scored]),
        points=frame([s.points for s in scored]),
        values=frame([s.values for s in scored]),
        lost=frame([s.lost for s in scored]),
        stale=frame([s.stale for s in scored]),
    )


def _nobody() -> pd.DataFrame:
    return pd.DataFrame()


def _join(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=float)
