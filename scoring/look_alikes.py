"""Accounts that resemble those flagged for expansion, segment by segment.

The pattern is what at least three quarters of the flagged accounts have in common: dimension by
dimension a score that they reach. Who reaches all of them, is green and is not flagged, resembles
them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import group_label, groups
from scoring.model import ScoreModel
from scoring.portfolio import sum_known
from scoring.portfolio_frame import DIMENSION

__all__ = ["LEAST_FLAGGED", "LookAlikes", "expansion_look_alikes"]

LEAST_FLAGGED = 5
"""Flagged accounts below which there is no pattern to tell (ours)."""

REACHED_BY = 0.75
"""Share of the flagged accounts that reach the pattern in each dimension (ours)."""


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Accounts of a segment that could expand.

    Attributes:
        segment, label: key and what people read.
        currency: of the amounts.
        flagged: accounts with an expansion flag and a green score: those the pattern is from.
        flagged_arr: their ARR.
        pattern: (dimension key, score that three quarters of them reach); empty where they are
            too few.
        accounts: not flagged, green, and reach the pattern.
        arr: their ARR; 0 of none, NaN where none of it is known.
        rows: their positions in the frame, the largest ARR first.
    """

    segment: str
    label: str
    currency: str
    flagged: int
    flagged_arr: float
    pattern: tuple[tuple[str, float], ...]
    accounts: int
    arr: float
    rows: tuple[int, ...]


def expansion_look_alikes(
    frame: pd.DataFrame, model: ScoreModel, *, currency: str | None = None
) -> tuple[LookAlikes, ...]:
    """Look-alikes of each segment, the most ARR first.

    Args:
        frame: a portfolio frame.
        model: gives the dimensions.
        currency: amounts in it count; the one of most accounts when not given.

    Source: 002 Early warning report, SMB expansion momentum (accounts that match the profile of
    those that expanded). How a match is told is ours.
    """
    wanted = main_currency(frame) if currency is None else currency
    arr = frame["arr"].where(frame["currency"] == wanted)
    found = [_segment(key, rows, arr, wanted, model) for key, rows in groups(frame, "segment")]
    return tuple(sorted(found, key=lambda x: (-(x.arr if x.arr == x.arr else 0.0), -x.accounts)))


def _segment(
    key: str, rows: pd.DataFrame, arr: pd.Series[float], currency: str, model: ScoreModel
) -> LookAlikes:
    green = rows[rows["tier"] == "green"]
    flagged, others = green[green["expansion"]], green[~green["expansion"]]
    pattern = _pattern(flagged, model)
    match = others.iloc[:0] if not pattern else others
    for dimension, least in pattern:
        # An unknown score does not reach anything.
        match = match[match[f"{DIMENSION}{dimension}"] >= least - 1e-9]
    size = arr[match.index].fillna(-1.0).to_numpy(float)
    order = np.lexsort((match["account_id"].to_numpy(str), -size))
    return LookAlikes(
        segment=key,
        label=group_label(key),
        currency=currency,
        flagged=len(flagged),
        flagged_arr=sum_known(arr[flagged.index].tolist()),
        pattern=pattern,
        accounts=len(match),
        arr=sum_known(arr[match.index].tolist()),
        rows=tuple(match.index[order].tolist()),
    )


def _pattern(flagged: pd.DataFrame, model: ScoreModel) -> tuple[tuple[str, float], ...]:
    out = []
    for dimension in model.dimensions:
        known = sorted(flagged[f"{DIMENSION}{dimension.key}"].dropna().tolist(), reverse=True)
        if len(known) >= LEAST_FLAGGED:
            reached = known[math.ceil(REACHED_BY * len(known)) - 1]
            out.append((dimension.key, float(reached)))
    return tuple(out)
