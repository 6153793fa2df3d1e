"""Reads sentences back: each number must follow from the raw data, by other code than wrote it.

A claim is a pattern and what must hold of its match. A claim that holds accounts for its letters;
every digit must be accounted for. Values, levels and losses are worked out here from the record,
the history and the model alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from scoring.account_facts import Facts
from scoring.model import Dimension, LinearCurve, Metric

DAY = r"(\d{1,2} [A-Z][a-z]{2} \d{4})"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NUMBER = r"([+−]?\d+(?:,\d{3})*(?:\.\d+)?)"
Claim = tuple[str, Callable[[re.Match[str]], bool]]


def number(text: str) -> float:
    """A number as sentences write it."""
    return float(text.replace(",", "").replace("−", "-"))


def day(text: str) -> date:
    """``3 Sep 2026`` as a date; the day has no leading zero."""
    assert not text.startswith("0")
    d, month, year = text.split()
    try:
        return date(int(year), MONTHS.index(month) + 1, int(d))
    except ValueError:
        return date.min


def near(told: str, value: float, digits: int | None = None, scale: float = 1.0) -> bool:
    """Whether a number as told is the value, rounded to the digits that are told."""
    places = len(told.partition(".")[2]) if digits is None else digits
    return abs(number(told) - value * scale) <= 0.5 * 10.0**-places + 1e-6


def unexplained(text: str, claims: list[Claim]) -> list[str]:
    """Digits of a text that no claim accounts for, each with what stands around it."""
    covered = [False] * len(text)
    for pattern, holds in claims:
        for match in re.finditer(pattern, text):
            if holds(match):
                covered[match.start() : match.end()] = [True] * len(match.group())
    return [
        text[max(0, i - 40) : i + 20]
        for i, c in enumerate(text)
        if c.isdigit() and not covered[i]
    ]  # fmt: skip


def points(metric: Metric, raw: float | str) -> float:
    """Points of a raw value, by interpolation."""
    if not isinstance(metric.curve, LinearCurve):
        words = {word.casefold(): y for word, y in metric.curve.points}
        return words[str(raw).strip().casefold()]
    xs, ys = zip(*metric.curve.points, strict=True)
    return float(np.interp(float(raw), xs, ys))


class Worked:
    """An account's score worked out from its record: levels, losses, total."""

    def __init__(self, f: Facts) -> None:
        self.f, model = f, f.model
        self.levels = [self._level(d) for d in model.dimensions]
        young = f.day("start_date")
        age = None if young is None else (f.as_of - young).days
        fresh = age is not None and 0 <= age <= model.lifecycle.onboarding_days
        shares = model.weights(f.record.get("segment"), onboarding=fresh)
        known = [w for w, x in zip(shares, self.levels, strict=True) if x == x]
        self.shares = [w / sum(known) if known and x == x else 0.0
                       for w, x in zip(shares, self.levels, strict=True)]  # fmt: skip
        lost = [s * (100 - x) if x == x else 0.0
                for s, x in zip(self.shares, self.levels, strict=True)]  # fmt: skip
        self.lost, self.all_lost = lost, sum(lost)

    def counts(self, m: Metric) -> bool:
        """Whether a metric is known and young enough."""
        return self.f.record.get(m.key) is not None and m.key not in self.f.stale

    def mean(self, d: Dimension) -> float:
        """Weighted mean points of the metrics that count."""
        fill = {"reweight": None, "zero": 0.0, "neutral": 50.0}[self.f.model.missing]
        pairs = [(m.weight, points(m, self.f.record[m.key])) if self.counts(m)
                 else (m.weight, fill) for m in d.metrics]  # fmt: skip
        known = [(w, y) for w, y in pairs if y is not None]
        return sum(w * y for w, y in known) / sum(w for w, _ in known) if known else math.nan

    def _level(self, d: Dimension) -> float:
        typed = self.f.record.get(d.key)
        rating = self.f.model.typed == "rating"
        if isinstance(typed, int | float):
            return typed * (20.0 if rating else 1.0)
        mean = self.mean(d)
        if not rating or mean != mean:
            return mean
        return math.floor(1 + mean / 25 + 0.5 + 1e-9) * 20.0


def value_claims(f: Facts, m: Metric) -> Iterator[Claim]:
    """A metric with its value, its benchmark and what it was, in any of their forms."""
    raw = f.record.get(m.key)
    if raw is None or isinstance(raw, str):
        return
    x = float(raw)
    scale = 100.0 if m.unit in ("fraction", "change") else 1.0
    name = re.escape(re.sub(r"\s*\(.*\)$", "", m.name).split(",")[0].split(" in ")[0])
    name = re.sub(r"\\ per\\ (week|month)$", "", name)

    def told(match: re.Match[str]) -> bool:
        side, text = match.group(1) or "", match.group(2)
        low, high = m.healthy_range
        if side.startswith("just under"):
            return low is not None and x < low and near(text, low, scale=scale)
        if side.startswith("just over"):
            return high is not None and x > high and near(text, high, scale=scale)
        return near(text, x, scale=scale) and (not text.startswith("+") or x > 0)

    side = r"(just under |just over )?"
    scaled = rf"(?:%| of {m.scale[1]:g}| a week| a month)?" if m.scale[1] else r"(?:%| a \w+)?"
    tail = re.search(r"(?:,| in) (\d+ \w+)$", m.name)
    yield rf"(?i:{name}) {side}{NUMBER}{scaled}" + (
        f"(?: in {tail[1]})?" if tail else ""), told  # fmt: skip
    yield rf"(?i){side}{NUMBER} days? (?:since|to|until) {name.split(' ', 2)[-1]}", told
    if m.key == "days_to_renewal" and x < 0:
        yield r"(?i)renewal date passed (\d+) days? ago", lambda t: near(t[1], -x)
    for key, top, bottom, what in (
        ("seats_active_share", "seats_active", "seats_licensed", "seats? active"),
        ("feature_breadth", "features_used", "features_available", "features? used"),
    ):
        if m.key == key:
            a, b = f.number(top), f.number(bottom)
            yield (rf"(\d+) of (\d+) {what}, {side}{NUMBER}%",
                   lambda t, a=a, b=b: (number(t[1]), number(t[2])) == (a, b)  # type: ignore[misc]
                   and (t[3] is not None or near(t[4], a / b, scale=100.0)))  # fmt: skip


def benchmark_claims(f: Facts, metrics: tuple[Metric, ...]) -> Iterator[Claim]:
    """``80% or more is healthy`` must be a healthy range of one of these metrics."""
    ends = [(m.healthy_range, 100.0 if m.unit in ("fraction", "change") else 1.0) for m in metrics]

    def least(t: re.Match[str]) -> bool:
        return any(r[0] is not None and near(t[1], r[0], scale=s) for r, s in ends)

    def most(t: re.Match[str]) -> bool:
        return any(r[1] is not None and near(t[1], r[1], scale=s) for r, s in ends)

    def both(t: re.Match[str]) -> bool:
        spans = [(low, high, s) for (low, high), s in ends if low is not None and high is not None]
        return any(near(t[1], a, scale=s) and near(t[2], b, scale=s) for a, b, s in spans)

    start = r"(?:; |where |against a healthy |in the healthy range of )"
    yield rf"{start}{NUMBER}%? or more", least
    yield rf"{start}{NUMBER}%? or less", most
    yield rf"{start}{NUMBER}%? to {NUMBER}%?", both
    yield rf"{start}{NUMBER}%?(?= is healthy|;|\.)", lambda t: least(t) or most(t)


def before_claims(f: Facts, m: Metric) -> Iterator[Claim]:
    """``down from 68% on 30 Sep 2026``: the day, the value and the direction."""
    shot, then, now = f.previous, f.before.get(m.key), f.record.get(m.key)
    if shot is None or then is None or now is None:
        return
    if isinstance(then, str):
        words = re.escape(then.casefold())
        yield rf"(?i)was {words} on {DAY}", lambda t: day(t[1]) == shot.day and then != now
        return
    scale = 100.0 if m.unit in ("fraction", "change") else 1.0

    def was(t: re.Match[str]) -> bool:
        way = {"up from": 1, "down from": -1, "was": 0}[t[1]]
        moved = (now > then) - (now < then)
        return near(t[2], then, scale=scale) and day(t[3]) == shot.day and way in (0, moved)

    unit = r"(?:%| of \d+| a week| a month| days?)?"
    yield rf"(up from|down from|was) {NUMBER}{unit} on {DAY}", was


def level_claims(f: Facts, place: int) -> Iterator[Claim]:
    """Since when a dimension stands where it is, or which way it goes."""
    worked = Worked(f)
    most, step = (5, 20.0) if f.model.typed == "rating" else (100, 1.0)
    past = [(s.day, s.dimensions[place]) for s in f.past if s.dimensions[place:]]
    past = [(when, x) for when, x in past if x == x]
    now = worked.levels[place]

    def shown(x: float) -> float:
        digits = 10 if step > 1 else 1
        return math.floor(x / step * digits + 0.5 + 1e-9) / digits if x == x else math.nan

    def at(t: re.Match[str]) -> bool:
        return number(t[1]) == shown(now) and int(t[2]) == most

    def since(t: re.Match[str]) -> bool:
        start = day(t[3])
        run = [shown(x) for when, x in past if when >= start]
        earlier = [shown(x) for when, x in past if when < start]
        return at(t) and start in dict(past) and set(run) == {shown(now)} and (
            not earlier or earlier[-1] != shown(now))  # fmt: skip

    def moved(t: re.Match[str]) -> bool:
        start = day(t[5])
        run = [shown(x) for when, x in past if when >= start] + [shown(now)]
        gaps = np.diff(run)
        sign = 1 if t[1].lower() == "up" else -1
        return (start in dict(past) and number(t[2]) == run[0] and number(t[3]) == shown(now)
                and int(t[4]) == most and bool((gaps * sign > 0).all()))  # fmt: skip

    yield rf"(?i)\bat {NUMBER} of (\d+)(?! since)(?=[,;.])", at
    yield rf"(?i)\bat {NUMBER} of (\d+) since {DAY}", since
    yield rf"(?i)\b(up|down) from {NUMBER} to {NUMBER} of (\d+) since {DAY}", moved
    last = past[-1] if past else None
    if last:
        known = (last[0], shown(last[1]), most)
        yield (rf"Last known on {DAY}, at {NUMBER} of (\d+)",
               lambda t: (day(t[1]), number(t[2]), int(t[3])) == known)  # fmt: skip
    total = worked.all_lost
    yield (rf"(?i)cost(?:s|ing) {NUMBER} of the {NUMBER} points? lost",
           lambda t: near(t[1], worked.lost[place], 1) and near(t[2], total, 1))  # fmt: skip
    yield (rf"(?i)cost(?:s|ing) (?:all|the) {NUMBER} points? lost",
           lambda t: near(t[1], total, 1) and near(t[1], worked.lost[place], 1))  # fmt: skip


def gap_claims(f: Facts, place: int) -> Iterator[Claim]:
    """How many metrics there are, how many are not named, and from which day stale ones are."""
    d, worked = f.model.dimensions[place], Worked(f)
    seen = [m for m in d.metrics if worked.counts(m)]
    missing = sum(f.record.get(m.key) is None for m in d.metrics)
    stale = [m for m in d.metrics if m.key in f.stale]
    dated = {f.day(f"{m.key}_as_of") or f.day("data_as_of") for m in stale}
    yield r"(?<=and )(\d+) more", lambda t: int(t[1]) in (missing - 2, len(stale) - 2)
    yield rf" of {DAY}(?=[,;. ])", lambda t: day(t[1]) in dated
    yield r"All (\d+) metrics earn full points", lambda t: int(t[1]) == len(seen) and all(
        points(m, f.record[m.key]) >= 99.95 for m in seen)  # fmt: skip
    yield r"None of its (\d+) metrics", lambda t: int(t[1]) == len(d.metrics) and not seen
    yield r"\(counts as (0|50)\)", lambda t: f.model.missing == {"0": "zero"}.get(t[1], "neutral")
    most, typed = (5 if f.model.typed == "rating" else 100), f.record.get(d.key)
    if isinstance(typed, int | float):
        yield (rf"(?:Rated|Scored) {NUMBER} of (\d+) by hand",
               lambda t: near(t[1], typed, 1) and int(t[2]) == most)  # fmt: skip
        yield (rf"its (\d+) metrics? alone gives? {NUMBER} of 100",
               lambda t: int(t[1]) == len(seen) and near(t[2], worked.mean(d), 0))  # fmt: skip


def assessment_claims(f: Facts, place: int) -> list[Claim]:
    """All that an assessment may say with a number."""
    metrics = f.model.dimensions[place].metrics
    each = (c for m in metrics for make in (value_claims, before_claims) for c in make(f, m))
    return [*each, *benchmark_claims(f, metrics), *level_claims(f, place), *gap_claims(f, place)]
