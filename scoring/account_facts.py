"""Everything that is known of one account on a day, gathered once for all accounts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from scoring.change import explain_timeline
from scoring.columns import SHEETS
from scoring.derive import derive_metrics
from scoring.history import score_before
from scoring.inputs import Inputs
from scoring.judgement.effort import Efforts
from scoring.judgement.library import Library
from scoring.judgement.records import Positive, Risk
from scoring.judgement.risks import find_risks
from scoring.model import ScoreModel
from scoring.renewal import ILLUSTRATION, Chances
from scoring.rollup import TIERS, Rolled, roll_up
from scoring.timeline import TOLD, Timeline, score_over_time

Record = Mapping[str, Any]
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One earlier scorecard: date, raw score, tier key and dimension scores."""

    day: date
    total: float
    tier: str
    dimensions: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a change: input key ("" for none), kind of cause, points."""

    key: str
    kind: str
    points: float


@dataclass(frozen=True, slots=True)
class Told:
    """What another model or version said of the previous snapshot: raw score, tier, its label."""

    total: float
    tier: str
    model: str


@dataclass(frozen=True)
class Facts:
    """One account as workbooks and sentences tell of it.

    Attributes:
        record: raw inputs by column key; None where missing.
        total, model_total, tier, status, coverage, low, high: as in `Scores`.
        rolled: the score step by step.
        weights: dimension weights, shares that sum to 1.
        stale: keys of metrics too old to count.
        past: earlier snapshots, oldest first, those with a score; all under this model.
        before: raw inputs of the previous snapshot; empty without one.
        steps: why the score changed since the previous snapshot, from what was told of it.
        month_ago: (score, days) about 30 days ago, NaN without one.
        tables: rows of the optional sheets.
        told: what was told of the previous snapshot, where another model or version scored it.
        risks, positives: what judgement found, the most severe and the strongest first.
        library: by whose definitions; None for the shipped ones.
        efforts: days of work that goals count with; None for the shipped ones.
        chances: renewal probabilities by score: the illustration, or a calibration.
    """

    model: ScoreModel
    as_of: date
    account_id: str
    record: Record
    total: float
    model_total: float
    tier: str
    status: str
    coverage: float
    low: float
    high: float
    smoothed: float
    rolled: Rolled
    weights: tuple[float, ...]
    stale: frozenset[str]
    past: tuple[Snapshot, ...]
    before: Record
    steps: tuple[Step, ...]
    month_ago: tuple[float, float]
    tables: Mapping[str, Sequence[Record]]
    told: Told | None = None
    risks: tuple[Risk, ...] = ()
    positives: tuple[Positive, ...] = ()
    library: Library | None = None
    efforts: Efforts | None = None
    chances: Chances = ILLUSTRATION

    @property
    def name(self) -> str:
        """Account name, or its id where no name is given."""
        return str(self.record.get("account_name") or self.account_id)

    @property
    def previous(self) -> Snapshot | None:
        """The snapshot before today."""
        return self.past[-1] if self.past else None

    @property
    def tier_code(self) -> int | None:
        """0 red, 1 amber, 2 green; None for no tier."""
        return TIERS.index(self.tier) if self.tier else None

    @property
    def dimensions(self) -> tuple[float, ...]:
        """Dimension scores 0–100 today, NaN where there is none."""
        return tuple(float(x) for x in self.rolled.dimensions)

    @property
    def before_dimensions(self) -> tuple[float, ...]:
        """Dimension scores of the previous snapshot, NaN without one."""
        return self.previous.dimensions if self.previous else (NAN,) * len(self.weights)

    @property
    def shares(self) -> list[float]:
        """Weight of each dimension among those with a score, which sum to 1."""
        pairs = list(zip(self.weights, self.dimensions, strict=True))
        in_play = self.weight_in_play
        return [x / in_play if s == s else 0.0 for x, s in pairs]

    @property
    def weight_in_play(self) -> float:
        """Weight of the dimensions with a score."""
        return sum(x for x, s in zip(self.weights, self.dimensions, strict=True) if s == s)

    def text(self, key: str) -> str:
        """A raw text field, "" where missing."""
        value = self.record.get(key)
        return "" if value is None else str(value)

    def number(self, key: str) -> float:
        """A raw number, NaN where missing."""
        value = self.record.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return NAN
        return float(value)

    def day(self, key: str) -> date | None:
        """A raw date, None where missing."""
        value = self.record.get(key)
        return value if isinstance(value, date) else None


def gather(inputs: Inputs, model: ScoreModel, *, as_of: date) -> Iterator[Facts]:
    """Facts of every account of the inputs, in their order.

    Raises:
        OutOfScale: see `score_accounts`.
    """
    timeline = score_over_time(inputs.accounts, inputs.history, model, as_of=as_of)
    now = timeline.now
    records = _records(derive_metrics(inputs.accounts, model, as_of))
    past = _past(timeline)
    steps = _steps(timeline)
    before = _before(inputs.history, past, model, as_of)
    month = _month_ago(timeline, as_of)
    told = _told(timeline)
    found = find_risks(
        inputs.accounts, timeline, inputs.tables, as_of=as_of, library=inputs.library
    )
    tables = {name: _by_account(inputs.tables.get(name)) for name in SHEETS}
    columns = {name: _rows(getattr(now, name)) for name in ("values", "weights", "stale")}
    metrics = [m.key for m in model.metrics]
    for i, record in enumerate(records):
        account = str(now.account_id[i])
        weights = columns["weights"][i]
        yield Facts(
            model=model,
            as_of=as_of,
            account_id=account,
            record=record,
            total=float(now.total[i]),
            model_total=float(now.model_total[i]),
            tier=str(now.tier[i]),
            status=str(now.status[i]),
            coverage=float(now.coverage[i]),
            low=float(now.low[i]),
            high=float(now.high[i]),
            smoothed=float(now.smoothed[i]),
            rolled=roll_up(model, columns["values"][i], weights),
            weights=tuple(weights),
            stale=frozenset(k for k, old in zip(metrics, columns["stale"][i], strict=True) if old),
            past=tuple(past.get(account, ())),
            before=before.get(account, {}),
            steps=tuple(steps.get(account, ())),
            month_ago=month.get(account, (NAN, NAN)),
            tables={name: rows.get(account, ()) for name, rows in tables.items()},
            told=told.get(account),
            risks=found.risks[i],
            positives=found.positives[i],
            library=inputs.library,
            efforts=inputs.efforts,
            chances=inputs.chances,
        )


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    rows: list[list[Any]] = frame.to_numpy().tolist()
    return rows


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dicts: NaN, NaT and NA become None, timestamps become dates."""
    columns = {str(key): [_plain(v) for v in frame[key].tolist()] for key in frame.columns}
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value


def _by_account(frame: pd.DataFrame | None) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = {}
    if frame is None or frame.empty:
        return out
    for row in _records(frame):
        out.setdefault(str(row["account_id"]), []).append(row)
    return out


def _past(timeline: Timeline) -> dict[str, list[Snapshot]]:
    out: dict[str, list[Snapshot]] = {}
    for s in timeline.past:
        dimensions = _rows(s.dimensions)
        for i in np.flatnonzero(~np.isnan(s.total)).tolist():
            shot = Snapshot(s.as_of, float(s.total[i]), str(s.tier[i]), tuple(dimensions[i]))
            out.setdefault(str(s.account_id[i]), []).append(shot)
    return out


def _steps(timeline: Timeline) -> dict[str, list[Step]]:
    out: dict[str, list[Step]] = {}
    change = explain_timeline(timeline)
    accounts = timeline.now.account_id
    columns = (change.steps[c].tolist() for c in ("row", "key", "kind", "points"))
    for row, key, kind, points in zip(*columns, strict=True):
        out.setdefault(str(accounts[row]), []).append(Step(key, kind, points))
    return out


def _told(timeline: Timeline) -> dict[str, Told]:
    rows = timeline.told_before().reset_index()
    columns = (rows[key].tolist() for key in ("account_id", *TOLD))
    return {str(a): Told(*said) for a, *said in zip(*columns, strict=True)}


def _before(
    history: pd.DataFrame,
    past: Mapping[str, Sequence[Snapshot]],
    model: ScoreModel,
    as_of: date,
) -> dict[str, dict[str, Any]]:
    """Raw inputs of each account's previous snapshot."""
    if history.empty:
        return {}
    day = history["account_id"].map({a: pd.Timestamp(s[-1].day) for a, s in past.items()})
    rows = derive_metrics(history[pd.to_datetime(history["date"]) == day], model, as_of)
    return {str(r["account_id"]): r for r in _records(rows)}


def _month_ago(timeline: Timeline, as_of: date) -> dict[str, tuple[float, float]]:
    history = timeline.history()
    if history.empty:
        return {}
    rows = score_before(history, as_of=as_of)
    pairs = zip(rows.index.tolist(), rows["score"].tolist(), rows["age"].tolist(), strict=True)
    return {str(account): (float(score), float(age)) for account, score, age in pairs}
