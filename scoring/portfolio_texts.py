"""What many accounts' drivers, overrides and gates are called in a list, in a few words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.metric_phrase import metric_phrase, typed_phrase
from scoring.model import ScoreModel, StateCurve
from scoring.score import Scores

__all__ = ["LEAST_LOST", "driver_texts", "gate_texts", "input_texts", "override_texts"]

LEAST_LOST = 0.05
"""Points below which a loss or a move is nothing to act on: half of the last digit shown."""

Objects = NDArray[np.object_]


def driver_texts(accounts: pd.DataFrame, scores: Scores) -> dict[str, Objects]:
    """Input that lost the most points of each account, (n,): driver in words, driver_key.

    Both are "" where nothing is lost, and where there is no score or only a placeholder.
    """
    keys = np.array(scores.model.inputs, dtype=object)
    n = len(scores)
    text, key = np.full(n, "", dtype=object), np.full(n, "", dtype=object)
    seen = scores.values.notna().to_numpy()
    # What differs by the noise of sums is equal, and keeps the model's order.
    lost = np.where(seen, np.nan_to_num(scores.lost.to_numpy(float)), 0.0).round(9)
    if not n or not len(keys):
        return {"driver": text, "driver_key": key}
    worst = lost.argmax(axis=1)
    told = ~np.isnan(scores.total) & (scores.status != "Provisional")
    told &= lost[np.arange(n), worst] >= LEAST_LOST
    for place in np.unique(worst[told]).tolist():
        rows = np.flatnonzero(told & (worst == place))
        text[rows] = input_texts(accounts, scores, keys[place], rows)
        key[rows] = keys[place]
    return {"driver": text, "driver_key": key}


def input_texts(
    accounts: pd.DataFrame, scores: Scores, key: str, rows: NDArray[np.intp], way: str = ""
) -> Objects:
    """An input and its value in words for some of the accounts.

    Args:
        accounts: n rows; words of states are taken from here.
        scores: of these rows; numbers are taken from here.
        key: one of the model's inputs; its value is known in all of *rows*.
        rows: positions of accounts.
        way: as for `metric_phrase`.
    """
    metric = next((m for m in scores.model.metrics if m.key == key), None)
    if metric is None:
        dimension = next(d for d in scores.model.dimensions if d.key == key)
        return _told(
            scores.values[key].to_numpy(float)[rows],
            lambda x: typed_phrase(scores.model, dimension, x, way),
        )
    if isinstance(metric.curve, StateCurve):
        words = accounts[key].to_numpy(object)[rows]
        spelled = {word.casefold(): word for word in metric.curve.words}
        return _told(words, lambda w: metric_phrase(metric, spelled[w.strip().casefold()]))
    numbers = scores.values[key].to_numpy(float)[rows]
    return _told(numbers, lambda x: metric_phrase(metric, x, way))


def _told(values: NDArray[Any], phrase: Callable[[Any], str]) -> Objects:
    """The phrase of each value; each distinct one is put in words once."""
    codes, distinct = pd.factorize(values)
    words = np.array([phrase(v) for v in distinct.tolist()], dtype=object)
    return np.asarray(words[codes])


def override_texts(accounts: pd.DataFrame, scores: Scores) -> Objects:
    """Who set a score or tier by hand until when, (n,); "" where nobody did."""
    out = np.full(len(scores), "", dtype=object)
    for i in np.flatnonzero(scores.status == "Overridden").tolist():
        author = accounts["override_author"].iloc[i] if "override_author" in accounts else None
        until = accounts["override_expires"].iloc[i] if "override_expires" in accounts else None
        who = str(author) if pd.notna(author) and author else "Set by hand"
        day = None if pd.isna(until) else pd.Timestamp(until)
        out[i] = who if day is None else f"{who} until {day.day} {day:%b %Y}"
    return out


def gate_texts(accounts: pd.DataFrame, model: ScoreModel) -> Objects:
    """Names of the gates whose condition is met, (n,); "" where none is."""
    out = np.full(len(accounts), "", dtype=object)
    for gate in model.gates:
        if gate.key in accounts:
            hit = np.array([v is not pd.NA and v == 1 for v in accounts[gate.key]], bool)
            out[hit] = np.where(out[hit] == "", gate.name, out[hit] + f", {gate.name}")
    return out
