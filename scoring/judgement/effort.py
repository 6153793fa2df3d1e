"""Effort: days of work to move a metric, and how far it moves within 30 days.

The table is data, `effort.toml`; what it says of days is ours, as no document gives any.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scoring.errors import DataError
from scoring.levers import EPS, Lever, Stop

__all__ = [
    "Effort",
    "Efforts",
    "Option",
    "checked_effort",
    "efforts_from_toml",
    "load_efforts",
    "options",
]

HALVES = 2
"""Efforts count in halves of a day."""
_STEPS = 20
"""Most steps of one metric; more would be a plan that nobody follows."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What it takes to move one metric.

    Attributes:
        days: of work a step; of the whole move where there is no step.
        step: raw, in the metric's unit; 0 where the move is made at once.
        reach: the most that it moves within 30 days, raw; 0: it does not move.
        action: what moves it, one sentence.
    """

    days: float
    step: float = 0.0
    reach: float = math.inf
    action: str = ""


@dataclass(frozen=True)
class Efforts:
    """The table of efforts.

    Attributes:
        metrics: by key of the metric. units: by unit, for metrics that are not in ``metrics``.
        near: points from which on the next tier is too far for a month.
        rise: points that a goal asks for then.
        budget: days of work that one account can have in 30 days.
        csm_days: days that one CSM has for such goals in 30 days.
    """

    metrics: Mapping[str, Effort]
    units: Mapping[str, Effort]
    near: float
    rise: float
    budget: float
    csm_days: float = 10.0

    def of(self, lever: Lever) -> Effort | None:
        """Effort of a lever; None where a month cannot move it.

        A count or share of 12 months that nobody listed does not move: yesterday's part of it
        stays.
        """
        found = self.metrics.get(lever.key)
        if found is None and not lever.key.endswith("_12m"):
            found = self.units.get(lever.unit)
        return found if found and found.reach > 0 else None


@dataclass(frozen=True, slots=True)
class Option:
    """One way to move a lever: cost in halves of a day, gain in points of a sum, where it ends."""

    cost: int
    gain: float
    lever: Lever
    stop: Stop
    action: str = ""

    @property
    def days(self) -> float:
        """Days of work."""
        return self.cost / HALVES


@cache
def load_efforts() -> Efforts:
    """The table that is shipped."""
    text = files("scoring.judgement").joinpath("effort.toml").read_text(encoding="utf-8")
    return efforts_from_toml(text)


def efforts_from_toml(text: str) -> Efforts:
    """A table of efforts as RevOps edits it.

    Raises:
        DataError: a row is no effort; names it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"Efforts: the file is no TOML, {error}. Correct that place.") from error
    settings = data.get("settings", {})
    return Efforts(
        {key: _effort(key, row) for key, row in data.get("metrics", {}).items()},
        {key: _effort(key, row) for key, row in data.get("units", {}).items()},
        _number("settings", settings, "near", 10.0),
        _number("settings", settings, "rise", 7.0),
        _number("settings", settings, "budget", 15.0),
        _number("settings", settings, "csm_days", 10.0),
    )


def _effort(key: str, row: Mapping[str, object]) -> Effort:
    days, step = _number(key, row, "days", 0.0), _number(key, row, "step", 0.0)
    reach = _number(key, row, "reach", math.inf)
    return checked_effort(f"Efforts, {key}", days, step, reach, str(row.get("action", "")))


def checked_effort(where: str, days: float, step: float, reach: float, action: str) -> Effort:
    """An effort whose numbers agree.

    Raises:
        DataError: it moves without work, or in more steps than anybody follows.
    """
    if reach and not days:
        raise DataError(f"{where}: no days of work. Give days above 0, or a reach of 0.")
    if step and not reach <= step * _STEPS:
        text = f"{where}: a reach of {reach:g} in steps of {step:g}."
        raise DataError(f"{text} Give at most {_STEPS} steps, or no step.")
    return Effort(days, step, reach, action)


def _number(key: str, row: Mapping[str, object], name: str, otherwise: float) -> float:
    value = row.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise DataError(f"Efforts, {key}: {name} is {value}. Give a number from 0 up.")
    return float(value)


def options(lever: Lever, effort: Effort) -> Iterator[Option]:
    """Every way to move a lever within a month, the smallest first.

    Numbers move to whole steps on the way to their best, and to the best itself where it is near
    enough; a state by one word; what has no step as far as it can at once.
    """
    for stop, steps in _stops(lever, effort):
        if stop.points > EPS:
            yield Option(
                _cost(effort, steps), lever.worth * stop.points, lever, stop, effort.action
            )


def _cost(effort: Effort, steps: float) -> int:
    """Halves of a day, rounded up; at least one."""
    return max(1, math.ceil(effort.days * steps * HALVES - 1e-9))


def _stops(lever: Lever, effort: Effort) -> Iterator[tuple[Stop, float]]:
    if lever.value is None:
        yield lever.next_word(), 1.0
        return
    assert isinstance(lever.best, float)
    way = lever.best - lever.value
    length, sign = min(abs(way), effort.reach), math.copysign(1.0, way)
    if not effort.step:
        yield lever.at(_tidy(lever.value + sign * length)), 1.0
        return
    for value in _grid(lever.value, sign, length, effort.step, whole=length == abs(way)):
        yield lever.at(value), abs(value - lever.value) / effort.step


def _grid(start: float, sign: float, length: float, step: float, *, whole: bool) -> Iterator[float]:
    """Round values on the way; the end too where it is the best, or no round one is within."""
    end, at = _tidy(start + sign * length), start / step
    first = math.floor(at + 1 + 1e-9) if sign > 0 else math.ceil(at - 1 - 1e-9)
    last = math.floor(end / step + 1e-9) if sign > 0 else math.ceil(end / step - 1e-9)
    found = [_tidy(n * step) for n in range(first, last + int(sign), int(sign))]
    yield from found
    if not found or (whole and abs(end - found[-1]) > 1e-9):
        yield end


def _tidy(x: float) -> float:
    """Without the dust that decimals leave."""
    return round(x, 9)
