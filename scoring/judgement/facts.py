"""Facts of n accounts by key: what the conditions of the library speak of.

A key is, in this order, a concept of `facts_concepts`, `facts_people` or `facts_score`; a metric
of the model; a column of *Accounts*. What nobody knows is missing, and a missing fact fulfils
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.columns import ACCOUNT, RECORDED_TIER, account_columns
from scoring.earlier import Earlier, earlier
from scoring.judgement.facts_column import (
    Days,
    FactColumn,
    Past,
    no_days,
    state_words,
    words_of,
)
from scoring.model import Metric, ScoreModel, StateCurve
from scoring.prepare import Floats
from scoring.presets import preset_metrics
from scoring.score import Scores
from scoring.timeline import Timeline

__all__ = ["FactTable", "known_facts"]

_T = TypeVar("_T")
_NUMBERS = ("number", "count", "money")


class FactTable:
    """All facts of n accounts on a day; each is worked out when it is first asked for.

    Args:
        accounts: n rows as for `score_accounts`, row by row those of ``timeline.now``.
        timeline: today's scores and the snapshots before.
        tables: optional sheets of the source by name.
        as_of: the day.
    """

    def __init__(
        self,
        accounts: pd.DataFrame,
        timeline: Timeline,
        tables: Mapping[str, pd.DataFrame],
        *,
        as_of: date,
    ) -> None:
        self.accounts = accounts
        self.timeline = timeline
        self.tables = tables
        self.as_of = as_of
        self.now: Scores = timeline.now
        self.model: ScoreModel = timeline.now.model
        self.n = len(timeline.now)
        self.metrics: dict[str, Metric] = {m.key: m for m in self.model.metrics}
        self._columns: dict[str, FactColumn | None] = {}
        self._kept: dict[str, Any] = {}
        self._places: dict[int, NDArray[np.intp]] = {}

    def values(self, key: str) -> NDArray[Any] | None:
        """What conditions see of a fact, (n,); None where nobody knows it."""
        column = self.column(key)
        return None if column is None else column.values

    def column(self, key: str) -> FactColumn | None:
        """A fact; None where nobody knows it."""
        if key not in self._columns:
            self._columns[key] = self._build(key)
        return self._columns[key]

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """What several facts need, worked out once."""
        if name not in self._kept:
            self._kept[name] = make()
        found: _T = self._kept[name]
        return found

    def _build(self, key: str) -> FactColumn | None:
        concept = concepts().get(key)
        if concept is not None:
            return concept(self)
        if key in self.metrics:
            return self.metric(key)
        return self._account_column(key)

    # Metrics, now and before

    def metric(self, key: str) -> FactColumn:
        """A metric of the model: raw, with the value of a quarter ago."""
        metric, raw = self.metrics[key], self.raw(key)
        if not isinstance(metric.curve, StateCurve):
            return FactColumn(
                raw, metric.name, metric.unit, metric,
                before=self.before(key), when=self.before_day, past=Past(key, lambda x: x),
            )  # fmt: skip
        now, then = state_words(metric, raw), state_words(metric, self.before(key))
        if now is None or then is None:
            typed = self.words(key)
            return FactColumn(np.where(np.isnan(raw), "", typed), metric.name, "state", metric)

        def told(points: Floats) -> NDArray[Any]:
            words = state_words(metric, points)
            assert words is not None
            return words

        return FactColumn(
            now, metric.name, "state", metric,
            before=then, when=self.before_day, past=Past(key, told),
        )  # fmt: skip

    def raw(self, key: str) -> Floats:
        """Raw values of a metric that count today, (n,); a word as its points."""
        return np.asarray(self.now.values[key].to_numpy(float))

    def before(self, key: str) -> Floats:
        """Raw values of a metric a quarter ago, (n,); NaN where not known."""
        return np.asarray(self._earlier.values[key].to_numpy(float))

    @cached_property
    def _earlier(self) -> Earlier:
        return earlier(self.timeline, keys=[m.key for m in self.model.metrics])

    @cached_property
    def before_day(self) -> Days:
        """The day of the snapshot of a quarter ago, (n,)."""
        age = self._earlier.age
        known = ~np.isnan(age)
        back = np.where(known, age, 0).astype("timedelta64[D]")
        return np.where(known, np.datetime64(self.as_of, "D") - back, no_days(self.n))

    def snapshot(self, number: int, key: str) -> Floats:
        """Raw values of a metric at an earlier snapshot, row by row of today's accounts."""
        snapshot = self.timeline.past[number]
        out = np.full(self.n, np.nan)
        if key in snapshot.values:
            if number not in self._places:
                index = pd.Index(snapshot.account_id)
                found = index.get_indexer(pd.Index(self.now.account_id))
                self._places[number] = np.asarray(found)
            at = self._places[number]
            there = at >= 0
            out[there] = snapshot.values[key].to_numpy(float)[at[there]]
        return out

    # Columns of Accounts

    def _account_column(self, key: str) -> FactColumn | None:
        column = next((c for c in account_columns(self.model) if c.key == key), None)
        if key not in self.accounts or column is None:
            return None
        if column.kind == "date":
            return self.age(key, column.name)
        if column.kind in _NUMBERS:
            return FactColumn(self.numbers(key), column.name)
        return FactColumn(self.words(key), column.name, "state")

    def age(self, key: str, name: str) -> FactColumn | None:
        """Days since a date of *Accounts*; None where no account has it."""
        days = self.dates(key)
        gap = (np.datetime64(self.as_of, "D") - days).astype(float)
        gap[np.isnat(days)] = np.nan
        return None if np.isnat(days).all() else FactColumn(gap, name, "days", when=days)

    def numbers(self, key: str) -> Floats:
        """Numbers of a column of *Accounts*, (n,); NaN where missing or no such column."""
        if key not in self.accounts:
            return np.full(self.n, np.nan)
        found = pd.to_numeric(self.accounts[key], errors="coerce")
        return np.asarray(found.to_numpy(float, na_value=np.nan))

    def words(self, key: str) -> NDArray[np.object_]:
        """Words of a column of *Accounts* in small letters, (n,); "" where missing."""
        if key not in self.accounts:
            return np.full(self.n, "", dtype=object)
        return words_of(self.accounts[key])

    def dates(self, key: str) -> Days:
        """Days of a column of *Accounts*, (n,); NaT where missing."""
        if key not in self.accounts:
            return no_days(self.n)
        found = pd.to_datetime(self.accounts[key], errors="coerce")
        return found.to_numpy("datetime64[D]")

    def text(self, key: str, row: int) -> str:
        """A text of *Accounts* as typed, "" where missing."""
        return self.once(f"texts {key}", lambda: self._texts(key))[row]

    def _texts(self, key: str) -> list[str]:
        if key not in self.accounts:
            return [""] * self.n
        return [v.strip() if isinstance(v, str) else "" for v in self.accounts[key].tolist()]


Concept = Callable[[FactTable], FactColumn | None]


def concepts() -> Mapping[str, Concept]:
    """Facts that follow from others, by key."""
    # They are written in terms of the table above.
    from scoring.judgement.facts_concepts import CONCEPTS
    from scoring.judgement.facts_people import PEOPLE
    from scoring.judgement.facts_score import SCORE

    return {**CONCEPTS, **PEOPLE, **SCORE}


def known_facts(model: ScoreModel | None = None) -> tuple[str, ...]:
    """Every key that a condition may name: concepts, columns, metrics of presets and of a model."""
    keys = [*concepts(), *(c.key for c in ACCOUNT if c.key != RECORDED_TIER.key)]
    keys += preset_metrics()
    if model is not None:
        keys += [m.key for m in model.metrics] + [g.key for g in model.gates]
    return tuple(dict.fromkeys(keys))
