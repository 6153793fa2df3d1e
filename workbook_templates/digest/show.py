"""A digest's values as the message prints them; the exact ones stand in the workbook."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pandas as pd

from scoring.rollup import round_half_up
from scoring.units import MINUS, format_money
from workbook_templates.digest.places import cell_name
from workbook_templates.digest.records import Figure, Kind, Value

__all__ = ["day_text", "figure", "plain", "text_of"]

_FAR = 180
"""Days from which a date tells its year."""
_LETTERS = 160
"""Of a text; longer ones are cut, whole they stand on the workbook's other sheets."""


def text_of(value: Value, kind: Kind, *, currency: str = "", as_of: date | None = None) -> str:
    """A value in a few letters: ``$2.31M``, ``+$214K``, ``12.6%``, ``−13``, ``31 Dec``."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day_text(value, as_of)
    if kind == "share":
        return f"{value:.1%}"
    if kind in ("money", "money_change"):
        text = format_money(value, currency)
        return f"+{text}" if kind == "money_change" and value >= 0.5 else text
    size = f"{abs(value):,.0f}"
    if size == "0":
        return "0"
    sign = MINUS if value < 0 else "+" if kind == "change" else ""
    return f"{sign}{size}"


def day_text(day: date, as_of: date | None = None) -> str:
    """31 Dec; with its year where that is not plain."""
    near = as_of is not None and abs((day - as_of).days) <= _FAR
    return f"{day.day} {day:%b}" if near else f"{day.day} {day:%b %Y}"


def plain(value: Any, kind: Kind) -> Value | None:
    """A value of a frame as it stands in a cell; None where it is missing.

    Scores are as displayed, whole; texts are one line that a cell and a mail can hold.
    """
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, str):
        return _line(value) or None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    number = float(value)
    if not math.isfinite(number):
        return None
    return round_half_up(number) if kind == "score" else number + 0.0


def figure(
    name: str,
    value: Value,
    kind: Kind,
    label: str,
    *,
    currency: str = "",
    as_of: date | None = None,
    account: str = "",
    column: str = "",
    text: str = "",
) -> Figure:
    """A figure with its text; ``text`` where it is printed otherwise than its kind."""
    told = text or text_of(value, kind, currency=currency, as_of=as_of)
    return Figure(cell_name(name), value, told, kind, label, currency, account, column)


def _line(text: str) -> str:
    """One line, without what a cell or a mail cannot hold."""
    kept = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in text)
    shown = " ".join(kept.split())
    return shown if len(shown) <= _LETTERS else f"{shown[: _LETTERS - 1].rstrip()}…"
