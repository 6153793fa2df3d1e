"""Score a frame of accounts: frame in, `Scores` out. Policy lives in `rollup.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    valid_overrides,
)
from scoring.rollup import (
    STATUSES,
    TIERS,
    Circumstance,
    Ops,
    Rolled,
    Shown,
    roll_up,
    round_half_up,
    show,
)
from scoring.scales import OutOfScale

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

_CHUNK = 16_384
"""Rows scored at a time, so that the working arrays stay in the processor's cache."""


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
    account_id: NDArray[np.object_]
    total: Floats
    model_total: Floats
    tier: NDArray[np.object_]
    status: NDArray[np.object_]
    coverage: Floats
    low: Floats
    high: Floats
    weights: pd.DataFrame
    dimensions: pd.DataFrame
    values: pd.DataFrame
    points: pd.DataFrame
    contributions: pd.DataFrame
    available: pd.DataFrame
    stale: pd.DataFrame
    smoothed: Floats

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
    ids = accounts["account_id"].astype(str).to_numpy(object)
    values, stale = read_inputs(accounts, model, as_of)
    age = age_days(accounts, "start_date", as_of)
    weights = row_weights(accounts, model, age)
    given = Circumstance(
        age_days=age,
        smoothed=np.full(n, np.nan) if smoothed is None else smoothed,
        cap=gate_caps(accounts, model),
        **valid_overrides(accounts, as_of),
    )
    rolled, shown = _in_chunks(model, values, weights, given, n)
    keys = list(model.inputs)
    metric_keys = keys[: len(model.metrics)]
    frame = _framer(accounts.index, n)
    tiers = np.array([*TIERS, ""], dtype=object)
    return Scores(
        model=model,
        as_of=as_of,
        account_id=ids,
        total=shown.total,
        model_total=shown.model_total,
        tier=tiers[shown.tier.astype(int)],
        status=np.array(STATUSES, dtype=object)[shown.status.astype(int)],
        coverage=rolled.coverage,
        low=shown.low,
        high=shown.high,
        weights=frame(weights, [d.key for d in model.dimensions]),
        dimensions=frame(rolled.dimensions, [d.key for d in model.dimensions]),
        values=frame(values, keys),
        points=frame(rolled.points, metric_keys),
        contributions=frame(rolled.contributions, keys),
        available=frame(rolled.available, keys),
        stale=frame(stale, metric_keys, bool),
        smoothed=np.asarray(given.smoothed),
    )


def _framer(index: pd.Index[Any], n: int) -> Any:
    def frame(columns: Sequence[Any], keys: list[str], dtype: type = float) -> pd.DataFrame:
        data: dict[str, Any] = {
            k: np.broadcast_to(c, (n,)).astype(dtype) for k, c in zip(keys, columns, strict=True)
        }
        return pd.DataFrame(data, index=index)

    return frame


def _in_chunks(
    model: ScoreModel, values: list[Floats], weights: list[Floats], given: Circumstance, n: int
) -> tuple[Rolled, Shown]:
    """Roll up rows in cache-sized pieces and join them again."""
    rolled_parts, shown_parts = [], []
    for start in range(0, max(n, 1), _CHUNK):
        part = slice(start, start + _CHUNK)
        with np.errstate(all="ignore"):
            rolled = roll_up(model, [v[part] for v in values], [w[part] for w in weights], MANY)
            c = Circumstance(*(np.asarray(getattr(given, f))[part] for f in _FIELDS))
            rolled_parts.append(rolled)
            shown_parts.append(show(model, rolled, c, MANY))
    return _joined(Rolled, rolled_parts, n), _joined(Shown, shown_parts, n)


_FIELDS = ("age_days", "smoothed", "cap", "override_score", "override_tier")


def _joined(kind: Any, parts: Sequence[Any], n: int) -> Any:
    """Concatenate equal fields of several results; lists of arrays column by column."""
    sizes = [min(_CHUNK, n - i * _CHUNK) for i in range(len(parts))]

    def join(pieces: Sequence[Any]) -> Any:
        full = [np.broadcast_to(p, (s,)) for p, s in zip(pieces, sizes, strict=True)]
        return full[0] if len(full) == 1 else np.concatenate(full)

    out: dict[str, Any] = {}
    for name in kind.__dataclass_fields__:
        if name == "parts":  # steps of one account; nobody reads them for many
            out[name] = []
            continue
        pieces = [getattr(p, name) for p in parts]
        if isinstance(pieces[0], list):
            out[name] = [join(column) for column in zip(*pieces, strict=True)]
        else:
            out[name] = join(pieces)
    return kind(**out)
