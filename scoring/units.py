"""A raw value in words: what people read in a terminal, a message or a cell."""

from __future__ import annotations

import math

from scoring.model import Unit

MINUS = "−"


def format_value(value: float | str | bool | None, unit: Unit | None) -> str:
    """A value with its unit as people write it: ``48%``, ``+18%``, ``41 days``, ``2.0 a week``.

    Missing is an en dash, never 0.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return value or "–"
    if unit == "fraction":
        return f"{short(value * 100)}%"
    if unit == "change":
        return f"{'+' if value > 0 else ''}{short(value * 100)}%"
    if unit == "days":
        return f"{short(value)} day" if abs(value) == 1 else f"{short(value)} days"
    if unit in ("per_week", "per_month"):
        return f"{value:.1f} a {unit[4:]}".replace("-", MINUS)
    if unit == "nps_index" and value > 0:
        return f"+{short(value)}"
    return short(value)


def short(value: float) -> str:
    """A number with at most one decimal, none where it is whole; a true minus sign."""
    # No sign before a zero: a renewal today is "0 days" away, not "−0 days".
    rounded = round(value, 1) + 0.0
    text = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"
    return text.replace("-", MINUS)


_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥", "INR": "₹"}
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def format_money(amount: float, currency: str | None) -> str:
    """An amount in three or four digits: ``$2.31M``, ``€410K``, ``SEK 96K``; zero is ``$0``."""
    if math.isnan(amount):
        return "–"
    size = abs(amount)
    # From 999,500 on, thousands would round up to 1000K.
    step, letter = next(((s, x) for s, x in _STEPS if size >= s * 0.9995), (1.0, ""))
    digits = f"{size / step:.2f}" if step > 1e3 else f"{size / step:.0f}"
    sign = _SIGNS.get(currency or "", f"{currency} " if currency else "")
    return f"{MINUS if amount < 0 and size >= 0.5 else ''}{sign}{digits}{letter}"


def money_in_full(amount: float, currency: str | None) -> str:
    """An amount to the whole unit: ``$427,400``, ``SEK 96,000``; of NaN an en dash."""
    if math.isnan(amount):
        return "–"
    size = math.floor(abs(amount) + 0.5)
    sign = _SIGNS.get(currency or "", f"{currency} " if currency else "")
    return f"{MINUS if amount < 0 and size else ''}{sign}{size:,}"
