"""A metric and its value in a few words, as a list of accounts shows them beside the score.

``Usage trend −22% in a month``, ``41 days since QBR``, ``Executive sponsor vacant``. No numpy.
"""

from __future__ import annotations

import math
import re

from scoring.model import Dimension, Metric, ScoreModel
from scoring.units import MINUS, short

__all__ = ["metric_phrase", "plain_name", "short_name", "typed_phrase", "value_phrase"]

# "Escalations, 90 days" and "Expansions in 12 months": the value stands before the period.
_PERIOD = re.compile(
    r"^(?P<name>.+?)(?:,| in) (?P<period>(?:\d+ )?(?:days?|months?|quarter|week))$",
)
_SCALE = re.compile(r"\s*\([^()]*\)$")
_RATE = re.compile(r" per (?:week|month)$")
_DAYS = re.compile(r"^Days (?P<which>since|to|until) (?P<what>.+)$", re.IGNORECASE)


def plain_name(name: str) -> str:
    """A metric's name without its scale in brackets: ``CSAT (1–5)`` → ``CSAT``."""
    return _SCALE.sub("", name)


def short_name(name: str) -> str:
    """A metric's name without scale, period and rate: ``Usage trend, month`` → ``Usage trend``."""
    name = plain_name(name)
    period = _PERIOD.match(name)
    return _RATE.sub("", period["name"] if period else name)


def metric_phrase(metric: Metric, value: float | str, way: str = "") -> str:
    """A metric and its value in a few words.

    Args:
        metric: says name, unit and scale.
        value: raw, in the metric's unit; a word for a state.
        way: "up" or "down" where a move is told: ``Seats active down to 48%``. What carries a
            sign of its own, days and words are told without.
    """
    name = plain_name(metric.name)
    if isinstance(value, str):
        return _state(name, value)
    days = _DAYS.match(name) if metric.unit == "days" else None
    if days:
        said = f"{short(_whole(value))} day{'' if abs(_whole(value)) == 1 else 's'}"
        return f"{said} {days['which'].lower()} {days['what']}"
    period = _PERIOD.match(name)
    tail = _tail(period["period"]) if period else ""
    said = value_phrase(metric, value)
    told = f"{way} to {said}" if way and metric.unit != "change" else said
    return f"{short_name(name)} {told}{tail}"


def typed_phrase(model: ScoreModel, dimension: Dimension, value: float, way: str = "") -> str:
    """A dimension that a person rated, in a few words: ``Engagement rated 2 of 5``."""
    word, most = ("rated", 5) if model.typed == "rating" else ("scored", 100)
    moved = f"{way} to " if way else ""
    return f"{dimension.name} {word} {moved}{short(value)} of {most}"


def value_phrase(metric: Metric, value: float) -> str:
    """A number in its unit as short as it can be told: ``48%``, ``−22%``, ``3.2 of 5``."""
    if metric.unit in ("fraction", "change"):
        sign = "+" if metric.unit == "change" and value > 0 else ""
        return f"{sign}{short(_whole(value * 100))}%"
    if metric.unit in ("csat", "nps_response") and metric.scale[1] is not None:
        return f"{short(value)} of {short(metric.scale[1])}"
    if metric.unit in ("per_week", "per_month"):
        return f"{value:.1f} a {metric.unit[4:]}".replace("-", MINUS)
    if metric.unit == "days":
        return f"{short(_whole(value))} day{'' if abs(_whole(value)) == 1 else 's'}"
    return f"+{short(value)}" if metric.unit == "nps_index" and value > 0 else short(value)


def _whole(x: float) -> float:
    """Half away from zero; what would become 0 keeps a decimal, for it is not nothing."""
    rounded = math.copysign(math.floor(abs(x) + 0.5 + 1e-9), x)
    return rounded if rounded or not x else x


def _tail(period: str) -> str:
    return f" in {period}" if period[0].isdigit() else f" in a {period}"


def _state(name: str, word: str) -> str:
    said = word.strip()
    if said.casefold() in ("yes", "no"):
        return f"{name}: {said.lower()}"
    # "NPS" and the like keep their capitals.
    return f"{name} {said.lower() if said[1:2].islower() else said}"
