"""Where a portfolio is weak: means of the dimensions by CSM and segment, and what they cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.amounts import main_currency
from scoring.distribution import mean
from scoring.groups import group_label, groups
from scoring.model import ScoreModel
from scoring.portfolio_frame import DIMENSION, WEIGHT

__all__ = ["DimensionLoss", "GroupMeans", "dimension_losses", "dimension_means", "weakest"]


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """A row of the heatmap.

    Attributes:
        key, label: of the group; "" and ``All accounts`` for all.
        accounts: how many, with or without a score.
        means: mean score 0–100 of each dimension, in the model's order; NaN of none.
        known: accounts of which each dimension is known.
        average: mean raw score of the accounts that have one.
        weakest: key of the dimension with the lowest mean, the first of equals; "" of none.
    """

    key: str
    label: str
    accounts: int
    means: tuple[float, ...]
    known: tuple[int, ...]
    average: float
    weakest: str


@dataclass(frozen=True, slots=True)
class DimensionLoss:
    """What a dimension costs the portfolio.

    Attributes:
        key, name: of the dimension.
        accounts: of which it is known.
        average: mean score 0–100 of those; NaN of none.
        lost: mean points of the total that it lost, over those.
        worst_for: accounts that lose most there, at least half a tenth of a point.
        arr_points: sum over accounts of ARR × points lost / 100, in ``currency``: what is lost
            of the health of each amount. NaN where no ARR is known.
        currency: of ``arr_points``.
    """

    key: str
    name: str
    accounts: int
    average: float
    lost: float
    worst_for: int
    arr_points: float
    currency: str


def dimension_means(
    frame: pd.DataFrame, model: ScoreModel, column: str | None = None
) -> tuple[GroupMeans, ...]:
    """Means of the dimensions: a row for each group, and one for all accounts as the last.

    Args:
        frame: a portfolio frame.
        model: gives the dimensions and their order.
        column: "csm", "segment" or "region"; None for the last row alone.
    """
    rows = [] if column is None else list(groups(frame, column))
    out = [_means(part, model, key, group_label(key)) for key, part in rows]
    return (*out, _means(frame, model, "", "All accounts"))


def dimension_losses(
    frame: pd.DataFrame, model: ScoreModel, *, currency: str | None = None
) -> tuple[DimensionLoss, ...]:
    """What each dimension costs, the one that costs most ARR × points first.

    Args:
        frame: a portfolio frame; accounts without a score are left out.
        model: gives the dimensions.
        currency: amounts in it count; the one of most accounts when not given.
    """
    wanted = main_currency(frame) if currency is None else currency
    rows = frame[frame["tier"] != ""]
    lost = points_lost(rows, model)
    worst = weakest(lost)
    arr = rows["arr"].where(rows["currency"] == wanted)
    out = []
    for dimension in model.dimensions:
        points = lost[dimension.key]
        touched = (arr * points / 100)[arr.notna() & points.notna()]
        out.append(
            DimensionLoss(
                key=dimension.key,
                name=dimension.name,
                accounts=int(points.notna().sum()),
                average=mean(rows[f"{DIMENSION}{dimension.key}"]),
                lost=mean(points),
                worst_for=int((worst == dimension.key).sum()),
                arr_points=math.fsum(touched) if len(touched) else math.nan,
                currency=wanted,
            )
        )
    return tuple(sorted(out, key=_cost, reverse=True))


def points_lost(frame: pd.DataFrame, model: ScoreModel) -> pd.DataFrame:
    """Points of the total that each dimension lost, (n, k) by dimension key; NaN where unknown.

    Weights count over the dimensions that are known, as the score does where missing data are
    left out.
    """
    keys = [d.key for d in model.dimensions]
    scores = frame[[f"{DIMENSION}{k}" for k in keys]].to_numpy(float)
    weights = np.where(np.isnan(scores), 0.0, frame[[f"{WEIGHT}{k}" for k in keys]])
    whole = weights.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        lost = weights / whole * (100.0 - scores)
    return pd.DataFrame(lost, columns=keys, index=frame.index)


def weakest(lost: pd.DataFrame, least: float = 0.05) -> pd.Series[str]:
    """The dimension that lost the most points of each account, (n,); "" where none lost any.

    Args:
        lost: of `points_lost`.
        least: points below which a loss is none. Of equal losses the model's first counts.
    """
    points = lost.fillna(0.0).round(9)
    first = points.to_numpy(float).argmax(axis=1) if lost.shape[1] else []
    keys = np.array(lost.columns, dtype=object)[first]
    told = points.max(axis=1).to_numpy(float) >= least
    return pd.Series(np.where(told, keys, ""), index=lost.index, dtype=object)


def _means(rows: pd.DataFrame, model: ScoreModel, key: str, label: str) -> GroupMeans:
    columns = [rows[f"{DIMENSION}{d.key}"] for d in model.dimensions]
    means = tuple(mean(c) for c in columns)
    known = [(round(m, 9), d.key) for m, d in zip(means, model.dimensions, strict=True) if m == m]
    least = min((m for m, _ in known), default=math.nan)
    return GroupMeans(
        key=key,
        label=label,
        accounts=len(rows),
        means=means,
        known=tuple(int(c.notna().sum()) for c in columns),
        average=mean(rows.loc[rows["tier"] != "", "score"]),
        weakest=next((k for m, k in known if m == least), ""),
    )


def _cost(loss: DimensionLoss) -> tuple[float, float]:
    return (
        loss.arr_points if loss.arr_points == loss.arr_points else -math.inf,
        loss.lost if loss.lost == loss.lost else -math.inf,
    )
