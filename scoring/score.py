"""Score a frame of accounts: frame in, `Scores` out. Policy lives in `rollup.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.prepare import (
    Floats,
    age_days,
    gate_caps,
    read_inputs,
    row_weights,
    same,
    valid_overrides,
)
from scoring.rollup import STATUSES, TIERS, Ops, round_half_up
from scoring.scales import OutOfScale
from scoring.tape import CIRCUMSTANCES
from scoring.tape_many import run_many

__all__ = ["MANY", "OutOfScale", "Scores", "score_accounts"]

MANY = Ops(
    where=np.where,
    low=np.minimum,
    high=np.maximum,
    floor=np.floor,
    both=np.logical_and,
    either=np.logical_or,
)
"""Operations on float arrays, one element an account."""

_T = TypeVar("_T")


class _Late(Generic[_T]):
    """A field given as a function and worked out when first read.

    Most of a million accounts are only sorted and counted; their details would take three times
    as long as their scores, and twenty times the room.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, owner: Any, kind: type | None = None) -> _T:
        if owner is None:  # a dataclass asks for a default; there is none
            raise AttributeError(self.name)
        value = owner.__dict__[self.name]
        if callable(value):
            value = owner.__dict__[self.name] = value()
        found: _T = value
        return found

    def __set__(self, owner: Any, value: _T | Callable[[], _T]) -> None:
        owner.__dict__[self.name] = value


@dataclass(frozen=True)
class Scores:
    """Scores of n accounts under a model of m metrics, k dimensions.

    Attributes:
        model, as_of: what scored them, and for which day.
        account_id: (n,) text.
        total: (n,) final raw score 0–100, overrides applied; NaN where there is none.
        model_total: (n,) the model's own raw score.
        tier: (n,) "green", "amber", "red" or "".
        status: (n,) one of ``rollup.STATUSES``.
        coverage: (n,) share 0–1 of weight that was observed.
        low, high: (n,) score with everything missing at its worst, at its best.
        weights: (n, k) dimension weights that were used, as shares that sum to 1.
        dimensions: (n, k) dimension scores 0–100.
        values: (n, m + k) raw inputs that counted (state metrics as points).
        points: (n, m) points 0–100 of each metric.
        contributions: (n, m + k) points of the total; rows sum to the model's rolled-up score.
        available: (n, m + k) the most each input could have given.
        stale: (n, m) True where a value was too old to count.
        smoothed: (n,) rolling mean that the tier follows; NaN where the model does not smooth.
    """

    model: ScoreModel
    as_of: date
    total: Floats
    model_total: Floats
    tier: NDArray[np.object_]
    status: NDArray[np.object_]
    coverage: Floats
    low: Floats
    high: Floats
    smoothed: Floats
    account_id: _Late[NDArray[np.object_]] = _Late()
    weights: _Late[pd.DataFrame] = _Late()
    dimensions: _Late[pd.DataFrame] = _Late()
    values: _Late[pd.DataFrame] = _Late()
    points: _Late[pd.DataFrame] = _Late()
    contributions: _Late[pd.DataFrame] = _Late()
    available: _Late[pd.DataFrame] = _Late()
    stale: _Late[pd.DataFrame] = _Late()

    @property
    def rounded(self) -> Floats:
        """Final score as displayed: half-up whole numbers, NaN where there is none."""
        out: Floats = np.asarray(round_half_up(self.total, MANY))
        return out

    @property
    def lost(self) -> pd.DataFrame:
        """Points each input lost, (n, m + k): available less given."""
        return self.available - self.contributions

    def __len__(self) -> int:
        return len(self.total)


def score_accounts(
    accounts: pd.DataFrame,
    model: ScoreModel,
    *,
    as_of: date,
    smoothed: Floats | None = None,
) -> Scores:
    """Score every account with *model*.

    Args:
        accounts: n rows, one an account; columns and units in `columns.account_columns`,
            all optional but ``account_id``. Overrides as ``override_tier``, ``override_score``,
            ``override_expires``.
        model: m metrics in k dimensions. Weights are normalised, so their scale is irrelevant.
        as_of: the day the scores are for; ages, staleness and overrides count from it.
        smoothed: (n,) rolling mean from `history.smooth`; the tier follows it where not NaN.

    Returns:
        `Scores`; total is missing below ``model.min_coverage``.

    Raises:
        OutOfScale: names every account, column and value outside its metric's scale.

    Source: weighted mean over observed metrics, then over dimensions (README, "Method").
    """
    n = len(accounts)
    values, stale = read_inputs(accounts, model, as_of)
    age = age_days(accounts, "start_date", as_of)
    weights = row_weights(accounts, model, age)
    given = {
        "age_days": age,
        "smoothed": same(np.nan, n) if smoothed is None else np.asarray(smoothed),
        "cap": gate_caps(accounts, model),
        **valid_overrides(accounts, as_of),
    }
    absent = _absent(accounts, model, smoothed)
    inputs = [*values, *weights, *(given[name] for name in CIRCUMSTANCES)]
    model_total, total, tier, status, low, high, coverage = run_many(
        model, "head", inputs, n, absent
    )
    details = _Details(model, accounts["account_id"], inputs, absent, stale)
    return Scores(
        model=model,
        as_of=as_of,
        account_id=details.account_id,
        total=total,
        model_total=model_total,
        tier=np.array([*TIERS, ""], dtype=object)[tier.astype(np.intp)],
        status=np.array(STATUSES, dtype=object)[status.astype(np.intp)],
        coverage=coverage,
        low=low,
        high=high,
        weights=details.weights,
        dimensions=details.dimensions,
        values=details.values,
        points=details.points,
        contributions=details.contributions,
        available=details.available,
        stale=details.stale,
        smoothed=given["smoothed"],
    )


def _absent(accounts: pd.DataFrame, model: ScoreModel, smoothed: Floats | None) -> frozenset[int]:
    """Positions of the inputs that no account has, as `run_many` counts them."""
    there = {
        "age_days": "start_date" in accounts,
        "smoothed": smoothed is not None,
        "cap": any(g.key in accounts for g in model.gates),
    }
    names = [*model.inputs, *(d.key for d in model.dimensions), *CIRCUMSTANCES]
    weights = range(len(model.inputs), len(model.inputs) + len(model.dimensions))
    return frozenset(
        i
        for i, name in enumerate(names)
        if i not in weights and not there.get(name, name in accounts)
    )


class _Details:
    """What a score is made of, worked out when someone reads it."""

    def __init__(
        self,
        model: ScoreModel,
        ids: pd.Series[Any],
        inputs: Sequence[NDArray[Any]],
        absent: frozenset[int],
        stale: Sequence[NDArray[np.bool_]],
    ) -> None:
        self.model, self.ids, self.inputs = model, ids, inputs
        self.absent, self._stale = absent, stale
        self.keys = list(model.inputs)
        self.metrics = self.keys[: len(model.metrics)]
        self.groups = [d.key for d in model.dimensions]

    @cached_property
    def _arrays(self) -> list[NDArray[Any]]:
        """Dimension scores, points, contributions, available points."""
        return run_many(self.model, "details", self.inputs, len(self.ids), self.absent)

    def _frame(self, columns: Sequence[NDArray[Any]], keys: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame(dict(zip(keys, columns, strict=True)), index=self.ids.index)

    def _part(self, before: int, keys: Sequence[str]) -> pd.DataFrame:
        return self._frame(self._arrays[before : before + len(keys)], keys)

    def account_id(self) -> NDArray[np.object_]:
        return self.ids.astype(str).to_numpy(object)

    def values(self) -> pd.DataFrame:
        return self._frame(self.inputs[: len(self.keys)], self.keys)

    def weights(self) -> pd.DataFrame:
        first = len(self.keys)
        return self._frame(self.inputs[first : first + len(self.groups)], self.groups)

    def stale(self) -> pd.DataFrame:
        return self._frame(self._stale, self.metrics)

    def dimensions(self) -> pd.DataFrame:
        if "_arrays" in self.__dict__:
            return self._part(0, self.groups)
        # Often wanted alone, and then a fifth of the work.
        alone = run_many(self.model, "dimensions", self.inputs, len(self.ids), self.absent)
        return self._frame(alone, self.groups)

    def points(self) -> pd.DataFrame:
        return self._part(len(self.groups), self.metrics)

    def contributions(self) -> pd.DataFrame:
        return self._part(len(self.groups) + len(self.metrics), self.keys)

    def available(self) -> pd.DataFrame:
        return self._part(len(self.groups) + len(self.metrics) + len(self.keys), self.keys)
