"""One input of the engine as the workbook lists it: metrics first, then typed dimensions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbook_templates.account.facts import Facts
from workbook_templates.account.words import now_words
from workbook_templates.drawing.account.evidence import NO_DATA
from workbook_templates.drawing.account.healthy import healthy_range


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row of *Evidence* and of the inputs block on *Checks*.

    ``raw`` is the value as typed (None where missing), ``counted`` the points that count, and
    ``points`` NaN where the input was not observed.
    """

    name: str
    key: str
    raw: Any
    as_of: date | None
    age: int | None
    status: str
    points: float
    share: float
    counted: float
    could: float
    gives: float
    now: str
    healthy: str

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
    number = 0
    for part, dimension in zip(f.rolled.parts, f.model.dimensions, strict=True):
        whole = sum(m.weight for m in dimension.metrics)
        for metric, points, counted in zip(
            dimension.metrics, part.points, part.counted, strict=True
        ):
            raw = f.record.get(metric.key)
            dated = f.day(f"{metric.key}_as_of") or f.day("data_as_of")
            status = "Missing" if raw is None else "Observed"
            if metric.key in f.stale:
                status = "Stale, not counted"
            rows.append(
                InputRow(
                    name=metric.name,
                    key=metric.key,
                    raw=NO_DATA if raw is None else raw,
                    as_of=dated if raw is not None else None,
                    age=(f.as_of - dated).days if dated and raw is not None else None,
                    status=status,
                    points=points,
                    share=metric.weight / whole,
                    counted=counted if f.model.missing != "reweight" else points,
                    could=f.rolled.available[number],
                    gives=f.rolled.contributions[number],
                    now=now_words(metric, raw) if points == points else "",
                    healthy=healthy_range(metric),
                )
            )
            number += 1
    return rows


def _typed_rows(f: Facts) -> list[InputRow]:
    rows: list[InputRow] = []
    rating = f.model.typed == "rating"
    start = len(f.model.metrics)
    for number, dimension in enumerate(f.model.dimensions):
        value = f.number(dimension.key)
        typed = not math.isnan(value)
        points = value * (20.0 if rating else 1.0)
        word = "rating" if rating else "score"
        rows.append(
            InputRow(
                name=f"{dimension.name}, typed {word}",
                key=dimension.key,
                raw=value if typed else None,
                as_of=None,
                age=None,
                status="Typed" if typed else "Not typed",
                points=points,
                share=1.0,
                counted=points,
                could=f.rolled.available[start + number],
                gives=f.rolled.contributions[start + number],
                now=f"{round(value, 1):g} of {5 if rating else 100}" if typed else "",
                healthy="5 of 5" if rating else "100",
            )
        )
    return rows


def ranked(rows: list[InputRow]) -> list[InputRow]:
    """Inputs that lost points, most first; ties keep the model's order."""
    losers = [r for r in rows if r.lost > 1e-9]
    return sorted(losers, key=lambda r: -round(r.lost, 9))
