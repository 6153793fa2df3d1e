"""Words of the backtest workbook: numbers, intervals, days, lines that fit."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date

from scoring.model import ScoreModel
from scoring.validation.records import Backtest, Horizon, Interval
from workbook_templates.account.words import day_words
from workbook_templates.drawing.theme import SHAPE, SIGN
from workbook_templates.portfolio.spoken import money_words
from workbook_templates.portfolio.texts import counted, joined

__all__ = [
    "DASH",
    "OUTCOMES",
    "amount",
    "between",
    "counted",
    "figure",
    "horizon",
    "joined",
    "lines",
    "percent",
    "span",
    "tier_key",
    "tier_text",
]

DASH = "–"
"""Stands where a number is not known."""
OUTCOMES = {
    "renewed": "Renewed",
    "contracted": "Contracted",
    "expanded": "Expanded",
    "churned": "Churned",
    "stayed": "Stayed",
}


def figure(value: float | None, digits: int = 2) -> str:
    """0.74 with a true minus; a dash where it is not known."""
    return DASH if value is None else f"{value:.{digits}f}".replace("-", "−")


def percent(value: float | None) -> str:
    """18% of a share; one digit more below 10 %; a dash where it is not known."""
    if value is None:
        return DASH
    digits = 1 if 0 < abs(value) < 0.0995 else 0
    return f"{value * 100:.{digits}f}%".replace("-", "−")


def between(interval: Interval, *, share: bool = False) -> str:
    """0.68–0.80, or 14–22%; "" where it is not known. Ends are never negative."""
    if interval.low is None or interval.high is None:
        return ""
    say = percent if share else figure
    return f"{say(interval.low).removesuffix('%')}–{say(interval.high)}"


def span(since: date | None, until: date | None) -> str:
    """3 Feb 2025 to 28 Oct 2026; a dash without days."""
    if since is None or until is None:
        return DASH
    return f"{day_words(since)} to {day_words(until)}"


def amount(backtest: Backtest, value: float | None) -> str:
    """An amount in the backtest's currency as £1.5m; a dash where it is not known."""
    if value is None or not math.isfinite(value):
        return DASH
    code = backtest.currency
    return money_words(value, SIGN.get(code) or (f"{code} " if code else ""))


def tier_text(model: ScoreModel, key: str) -> str:
    """Shape and word of a tier; a hollow shape for none."""
    return f"{SHAPE[key]} {model.tier_label(key)}" if key else f"{SHAPE['']} No tier"


def tier_key(model: ScoreModel, label: str) -> str:
    """Key of a tier by its word, "" for none."""
    found = [t.key for t in model.tiers if label in (t.key, t.label)]
    return found[0] if found else ""


def horizon(backtest: Backtest, days: int | None = None) -> Horizon | None:
    """The horizon of so many days, of the one looked at when not given."""
    wanted = backtest.days if days is None else days
    return next((h for h in backtest.horizons if h.days == wanted), None)


def lines(parts: Iterable[str], width: int, room: int) -> list[str]:
    """Texts as lines of at most *width* letters, *room* of them; the last one says what is cut.

    Args:
        parts: a text each, that begins a new line.
        width: letters of a line.
        room: lines.
    """
    out: list[str] = []
    for part in parts:
        out += textwrap.wrap(part, width, break_long_words=True) or []
    return _cut(out, width, room)


def _cut(found: Sequence[str], width: int, room: int) -> list[str]:
    if len(found) <= room:
        return [*found, *[""] * (room - len(found))]
    last = found[room - 1][: width - 1].rstrip(" .,")
    return [*found[: room - 1], f"{last}…"]
