"""All snapshots of a history in one place, to be looked up by account and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.prepare import Floats
from scoring.score import Scores
from scoring.timeline import snapshots
from scoring.validation.model_tiers import model_tiers

__all__ = ["Days", "Places", "Snapshots", "order_key", "take_snapshots"]

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
        tier, model_tier: (n,) key or "", with and without overrides. coverage: (n,).
        overridden: (n,) whether a person had set the score or the tier.
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
    model_tier: NDArray[np.object_]
    overridden: NDArray[np.bool_]
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

    @cached_property
    def accounts(self) -> NDArray[np.object_]:
        """(a,) every account once, in the order of the snapshots."""
        return self.account_id[self._starts]

    @cached_property
    def first_days(self) -> Days:
        """(a,) first day of each of `accounts`."""
        return self.day[self._starts]

    @cached_property
    def last_days(self) -> Days:
        """(a,) last day of each of `accounts`."""
        return self.day[np.append(self._starts[1:], len(self)) - 1] if len(self) else self.day

    @cached_property
    def rhythm(self) -> int:
        """Median days from one snapshot of an account to its next; 0 where none has two."""
        gaps = np.diff(self.day).astype(np.int64)[~self._begins[1:]]
        return int(np.median(gaps)) if len(gaps) else 0

    def at(self, accounts: NDArray[np.object_], days: Days, *, oldest: int) -> Places:
        """The latest snapshot of each account on or before a day.

        Args:
            accounts: (q,) of whom.
            days: (q,) when.
            oldest: a snapshot that is more days older than that does not count.

        Returns:
            (q,) positions, −1 where there is none.
        """
        place, found = self._found(accounts, days)
        safe = np.maximum(found - 1, 0)
        fits = (found > 0) & (place >= 0)
        if len(self):
            fits &= self._code[safe] == place
            fits &= (days - self.day[safe]).astype(np.int64) <= oldest
        return np.where(fits, safe, -1)

    def after(self, accounts: NDArray[np.object_], days: Days) -> Places:
        """The first snapshot of each account after a day, (q,) positions; −1 for none."""
        place, found = self._found(accounts, days)
        safe = np.minimum(found, max(len(self) - 1, 0))
        fits = (found < len(self)) & (place >= 0)
        if len(self):
            fits &= self._code[safe] == place
        return np.where(fits, safe, -1)

    def span(self, account: str) -> tuple[int, int]:
        """First position of an account's snapshots and the one after its last; (0, 0) for none."""
        place = int(self._index.get_indexer(pd.Index([account], dtype=object))[0])
        return (0, 0) if place < 0 else (int(self._ends[place]), int(self._ends[place + 1]))

    def _found(self, accounts: NDArray[np.object_], days: Days) -> tuple[Places, Places]:
        """Number of each account, −1 for an unknown one, and the place after its day."""
        place = np.asarray(self._index.get_indexer(pd.Index(accounts, dtype=object)))
        wanted = order_key(np.maximum(place, 0), days)
        return place, np.searchsorted(self._keys, wanted, side="right")

    @cached_property
    def _begins(self) -> NDArray[np.bool_]:
        """(n,) whether it is the first snapshot of its account."""
        new = np.ones(len(self), dtype=bool)
        new[1:] = self.account_id[1:] != self.account_id[:-1]
        return new

    @cached_property
    def _starts(self) -> Places:
        return np.flatnonzero(self._begins)

    @cached_property
    def _ends(self) -> Places:
        return np.append(self._starts, len(self))

    @cached_property
    def _code(self) -> Places:
        return np.cumsum(self._begins) - 1

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        return order_key(self._code, self.day)

    @cached_property
    def _index(self) -> pd.Index[Any]:
        return pd.Index(self.accounts, dtype=object)


def order_key(code: NDArray[Any], day: Days) -> NDArray[np.int64]:
    """(n,) one number that rises with the account's number, then with the day."""
    return code.astype(np.int64) * 10_000_000 + day.astype("datetime64[D]").astype(np.int64)


def take_snapshots(
    history: pd.DataFrame, model: ScoreModel, scored: Sequence[Scores] | None = None
) -> Snapshots:
    """Score every row of a history as of its day.

    Args:
        history: as for `timeline.score_over_time`; may be empty.
        model: scores them; a recorded score counts where the inputs give none.
        scored: what `timeline.snapshots` made of the same rows, where somebody has it.
    """
    if not len(history):
        return _nothing(model)
    after = pd.Timestamp(pd.to_datetime(history["date"]).max()).date() + timedelta(days=1)
    scored = snapshots(history, model, after) if scored is None else scored
    scored = [s for s in scored if len(s)]
    days = [np.full(len(s), np.datetime64(s.as_of, "D")) for s in scored]
    names = _join([s.account_id.astype(str) for s in scored]).astype(object)
    day = np.concatenate(days)
    order = np.lexsort((day, names.astype(str)))

    def frame(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
        return pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True)

    return Snapshots(
        model=model,
        account_id=names[order],
        day=day[order],
        total=_join([s.total for s in scored])[order],
        model_total=_join([s.model_total for s in scored])[order],
        tier=_join([s.tier for s in scored])[order].astype(object),
        model_tier=_join(model_tiers(history, scored, model))[order].astype(object),
        overridden=_join([s.status == "Overridden" for s in scored])[order].astype(bool),
        coverage=_join([s.coverage for s in scored])[order],
        smoothed=_join([s.smoothed for s in scored])[order],
        weights=frame([s.weights for s in scored]),
        dimensions=frame([s.dimensions for s in scored]),
        points=frame([s.points for s in scored]),
        values=frame([s.values for s in scored]),
        lost=frame([s.lost for s in scored]),
        stale=frame([s.stale for s in scored]),
    )


def _nothing(model: ScoreModel) -> Snapshots:
    """No snapshot, with the columns that the model gives any."""
    one = pd.DataFrame({"account_id": ["nobody"], "date": [pd.Timestamp(2000, 1, 1)]})
    any_one = take_snapshots(one, model)
    parts = [f.name for f in fields(Snapshots) if f.name != "model"]
    return replace(any_one, **{name: getattr(any_one, name)[:0] for name in parts})


def _join(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts)
