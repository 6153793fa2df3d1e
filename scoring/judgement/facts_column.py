"""One fact of n accounts, with what is told of it: before, since, benchmark, details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.model import Metric, StateCurve, Unit
from scoring.prepare import Floats
from scoring.scales import state_points

__all__ = ["Days", "FactColumn", "Past", "no_days", "no_words", "state_words", "words_of"]

Words = NDArray[np.object_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Past:
    """How an earlier snapshot tells a fact: the model's input, and its raw values → the fact."""

    key: str
    value: Callable[[Floats], NDArray[Any]]


@dataclass(frozen=True)
class FactColumn:
    """A fact of n accounts.

    Attributes:
        values: (n,) what conditions see: floats with NaN where missing, or words in small letters
            with "" where missing.
        name: what people read.
        unit: of ``shown``; None for a plain number.
        metric: the metric that tells it, which says unit, scale and what is healthy.
        shown: (n,) what people read where that is not ``values``: CSAT 3.2 and not its share.
        before: (n,) as ``shown``, a quarter ago; None where that is never known.
        when: (n,) the day of ``before``, or of the event; NaT where not known.
        benchmark: what is healthy, where no metric says so.
        past: how earlier snapshots tell it; None where they do not.
        since: (n,) the first day, where the fact knows it by itself.
        phrase: row → the fact with its name, where that is not name and value.
        noted: row → the day that a person's note names, which tells more than snapshots.
        detail: row → counts, names or notes behind it, "" where there are none.
    """

    values: NDArray[Any]
    name: str
    unit: Unit | None = None
    metric: Metric | None = None
    shown: NDArray[Any] | None = None
    before: NDArray[Any] | None = None
    when: Days | None = None
    benchmark: str = ""
    past: Past | None = None
    since: Days | None = None
    phrase: Callable[[int], str] | None = None
    noted: Callable[[int], date | None] | None = None
    detail: Callable[[int], str] | None = None

    @property
    def told(self) -> NDArray[Any]:
        """(n,) what people read."""
        return self.values if self.shown is None else self.shown


def no_days(n: int) -> Days:
    """(n,) NaT."""
    return np.full(n, np.datetime64("NaT", "D"))


def no_words(n: int) -> Words:
    """(n,) missing words."""
    return np.full(n, "", dtype=object)


def words_of(column: pd.Series[Any]) -> Words:
    """Words of a column in small letters, "" where missing; truths are yes and no."""
    codes, found = pd.factorize(column)
    return np.array([*(_word(w) for w in found), ""], dtype=object)[codes]


def _word(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return "" if value is None or value != value else str(value).strip().casefold()


def state_words(metric: Metric, points: Floats) -> Words | None:
    """Words in small letters of a state metric's points; None where two words share points."""
    assert isinstance(metric.curve, StateCurve)
    by_word = state_points(metric.curve)
    if len(set(by_word.values())) < len(by_word):
        return None
    out = no_words(len(points))
    for word, value in by_word.items():
        out[np.abs(points - value) < 1e-9] = word
    return out
