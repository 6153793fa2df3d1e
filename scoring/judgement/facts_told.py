"""What is told of a fact of one account: value, benchmark, how it moved, since when."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from scoring.judgement.facts import FactTable
from scoring.judgement.facts_column import FactColumn
from scoring.judgement.phrases import day_words, in_sentence
from scoring.judgement.records import Evidence
from scoring.metric_phrase import metric_phrase, value_phrase
from scoring.metric_text import healthy_text
from scoring.units import MINUS, format_value, short

__all__ = ["benchmark_of", "evidence_of", "tell"]


def tell(t: FactTable, row: int, key: str, part: str) -> str:
    """One part of a fact, as `wording.PARTS` names them; "" where it is not known."""
    column = t.column(key)
    if column is None:
        return ""
    match part:
        case "name":
            return column.name
        case "benchmark":
            return benchmark_of(column)
        case "detail":
            return column.detail(row) if column.detail else ""
        case "when":
            return _day(column, row)
        case "since":
            return _day_text(None if column.since is None else column.since[row], t.as_of)
    now = _plain(column.told[row])
    if now is None:
        return ""
    match part:
        case "phrase":
            return column.phrase(row) if column.phrase else _phrase(column, now)
        case "was":
            return _was(column, row, now)
        case "before":
            before = None if column.before is None else _plain(column.before[row])
            return "" if before is None else _value(column, before)
        case "size" if isinstance(now, float):
            return _value(column, abs(now)).lstrip("+")
        case _:
            return _value(column, now)


def benchmark_of(column: FactColumn) -> str:
    """What is healthy, in the middle of a sentence; "" where nobody says."""
    if column.benchmark or column.metric is None:
        return in_sentence(column.benchmark) if column.benchmark else ""
    if column.unit == "change" and column.metric.unit != "change":
        return ""
    text = healthy_text(column.metric)
    return "" if text == "any" else in_sentence(text)


def evidence_of(t: FactTable, row: int, key: str, since: date | None) -> Evidence | None:
    """A fact as evidence; None where the account does not have it."""
    column = t.column(key)
    now = None if column is None else _plain(column.told[row])
    if column is None or now is None:
        return None
    before = None if column.before is None else _plain(column.before[row])
    text = column.phrase(row) if column.phrase else _phrase(column, now)
    return Evidence(key, text, now, benchmark_of(column), before, since)


def _plain(value: Any) -> float | str | None:
    if isinstance(value, str):
        return value or None
    number = float(value)
    return None if number != number else number


def _value(column: FactColumn, value: float | str) -> str:
    if isinstance(value, str):
        return value
    unit = column.unit
    if column.metric is not None and column.metric.unit == unit:
        return value_phrase(column.metric, value)
    if unit in ("fraction", "change"):
        size = np.floor(abs(value) * 100 + 0.5 + 1e-9)
        sign = MINUS if value < 0 and size else "+" if unit == "change" and value > 0 else ""
        return f"{sign}{short(float(size))}%"
    if unit is None:
        return f"{value:.1f}".replace("-", MINUS) if value % 1 else short(value)
    return format_value(value, unit)


def _phrase(column: FactColumn, value: float | str) -> str:
    metric = column.metric
    if metric is not None and metric.unit == column.unit:
        return metric_phrase(metric, value)
    said = _value(column, value)
    if column.unit == "days" and column.name.startswith("Days "):
        return f"{said} {column.name[5:]}"
    return f"{column.name} {said}"


def _day(column: FactColumn, row: int) -> str:
    return "" if column.when is None else _day_text(column.when[row])


def _day_text(day: Any, today: date | None = None) -> str:
    """The day in words; "" for none, and where it is only seen today."""
    if day is None or np.isnat(day):
        return ""
    found = day.astype("datetime64[D]").astype(object)
    return "" if found == today else day_words(found)


def _was(column: FactColumn, row: int, now: float | str) -> str:
    """``down from 68% on 30 Sep 2026``; "" where it did not move or nobody knows."""
    when = _day(column, row)
    before = None if column.before is None else _plain(column.before[row])
    if before is None or not when:
        return ""
    old, new = _value(column, before), _value(column, now)
    if old == new:
        return ""
    if isinstance(now, str) or isinstance(before, str):
        return f"was {old} on {when}"
    way = "was" if column.unit == "change" else "up from" if now > before else "down from"
    return f"{way} {old} on {when}"
