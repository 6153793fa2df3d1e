"""One input of the engine as the workbook lists it: metrics first, then typed dimensions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scoring.account_facts import Facts
from scoring.drivers import rank
from scoring.model import Metric
from workbook_templates.account.words import now_words
from workbook_templates.drawing.account.evidence import (
    MISSING,
    NO_DATA,
    NOT_TYPED,
    OBSERVED,
    STALE,
    TYPED,
)
from workbook_templates.drawing.account.healthy import healthy_range
from workbook_templates.typed import typing


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row of *Evidence* and of the inputs block on *Checks*.

    ``raw`` is the value as typed, ``points`` NaN where the input was not observed, ``counted``
    the points that count, ``share`` its weight in the dimension, ``could`` and ``gives`` points
    of the total.
    """

    name: str
    key: str
    raw: Any
    as_of: date | None
    age: int | None
    status: str
    points: float
    could: float
    gives: float
    now: str
    healthy: str
    share: float = 1.0
    counted: float = math.nan

    @property
    def observed(self) -> bool:
        """Whether the value counted."""
        return not math.isnan(self.points)

    @property
    def lost(self) -> float:
        """Points of the total that it lost."""
        return self.could - self.gives


def input_rows(f: Facts) -> list[InputRow]:
    """All inputs in the order of ``model.inputs``."""
    return [*_metric_rows(f), *_typed_rows(f)]


def _metric_rows(f: Facts) -> list[InputRow]:
    rows: list[InputRow] = []
    for part, dimension in zip(f.rolled.parts, f.model.dimensions, strict=True):
        whole = sum(m.weight for m in dimension.metrics)
        for metric, points, counted in zip(
            dimension.metrics, part.points, part.counted, strict=True
        ):
            reweight = f.model.missing == "reweight"
            row = _metric_row(f, metric, points, len(rows))
            rows.append(
                replace(row, share=metric.weight / whole, counted=points if reweight else counted)
            )
    return rows


def _metric_row(f: Facts, metric: Metric, points: float, number: int) -> InputRow:
    raw = f.record.get(metric.key)
    dated = None
    if raw is not None:
        dated = f.day(f"{metric.key}_as_of") or f.day("data_as_of")
    status = MISSING if raw is None else STALE if metric.key in f.stale else OBSERVED
    return InputRow(
        name=metric.name,
        key=metric.key,
        raw=NO_DATA if raw is None else raw,
        as_of=dated,
        age=(f.as_of - dated).days if dated else None,
        status=status,
        points=points,
        could=f.rolled.available[number],
        gives=f.rolled.contributions[number],
        now="" if raw is None or math.isnan(points) else now_words(metric, raw),
        healthy=healthy_range(metric),
    )


def _typed_rows(f: Facts) -> list[InputRow]:
    scale = typing(f.model)
    start = len(f.model.metrics)
    rows: list[InputRow] = []
    for number, dimension in enumerate(f.model.dimensions, start=start):
        value = f.number(dimension.key)
        typed = not math.isnan(value)
        rows.append(
            InputRow(
                name=f"{dimension.name}, typed {scale.word.lower()}",
                key=dimension.key,
                raw=value if typed else None,
                as_of=None,
                age=None,
                status=TYPED if typed else NOT_TYPED,
                points=value * scale.step,
                counted=value * scale.step,
                could=f.rolled.available[number],
                gives=f.rolled.contributions[number],
                now=f"{round(value, 1):g} of {scale.high}" if typed else "",
                healthy=scale.healthy,
            )
        )
    return rows


def ranked(rows: list[InputRow]) -> list[InputRow]:
    """Inputs that lost points, most first; ties keep the model's order."""
    return [rows[i] for i in rank([r.lost for r in rows])]
