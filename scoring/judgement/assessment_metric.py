"""One metric of an account in words: value, benchmark, and what it was before."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoring.account_facts import Facts
from scoring.judgement.phrases import day_words, in_sentence, tenths
from scoring.metric_phrase import metric_phrase, value_phrase
from scoring.metric_text import healthy_text
from scoring.model import Metric, StateCurve
from scoring.units import short

__all__ = ["Seen", "before_words", "benchmark", "metric_words", "seen_metrics", "typed_words"]

_SHARES = {
    "seats_active_share": ("seats_active", "seats_licensed", "seats active"),
    "feature_breadth": ("features_used", "features_available", "features used"),
}
"""Share → the counts that it is made of, and what they count."""
_SAME = 0.005
"""A share and its counts tell the same to half a percent."""
_CLOCK = 1.5
"""Days that a count of days may differ from the days gone by, and still be only the clock."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A metric that counts: raw value, points 0–100, points of the total that it lost."""

    metric: Metric
    raw: float | str
    points: float
    lost: float

    @property
    def healthy(self) -> bool:
        """Whether the value lies in the metric's healthy range."""
        if isinstance(self.raw, str):
            return self.points >= 100.0
        low, high = self.metric.healthy_range
        return (low is None or self.raw >= low) and (high is None or self.raw <= high)


def seen_metrics(f: Facts, place: int) -> list[Seen]:
    """Observed metrics of the dimension at *place*, in the model's order."""
    start = sum(len(d.metrics) for d in f.model.dimensions[:place])
    lost = [a - b for a, b in zip(f.rolled.available, f.rolled.contributions, strict=True)]
    part, dimension = f.rolled.parts[place], f.model.dimensions[place]
    out = []
    for i, (metric, points) in enumerate(zip(dimension.metrics, part.points, strict=True), start):
        if points == points and f.record.get(metric.key) is not None:
            out.append(Seen(metric, f.record[metric.key], float(points), float(lost[i])))
    return out


def metric_words(f: Facts, metric: Metric) -> str:
    """Name and value: ``12 of 25 seats active, 48%``, ``DAU/MAU just under 25%``."""
    raw = f.record[metric.key]
    if isinstance(raw, str):
        return metric_phrase(metric, _spelled(metric, raw))
    value = float(raw)
    if metric.key == "days_to_renewal" and value < 0:
        days = short(abs(value))
        return f"Renewal date passed {days} day{'' if days == '1' else 's'} ago"
    said, exact = value_phrase(metric, value), _number_words(metric, value)
    counts = _count_words(f, metric.key, value)
    return f"{counts}, {exact}" if counts else metric_phrase(metric, value).replace(said, exact, 1)


def _spelled(metric: Metric, word: str) -> str:
    """A word as the model writes it."""
    words = metric.curve.words if isinstance(metric.curve, StateCurve) else ()
    wanted = word.strip().casefold()
    return next((w for w in words if w.casefold() == wanted), word.strip())


def _number_words(metric: Metric, value: float) -> str:
    """A value; where it looks like the benchmark that it misses, on which side it lies."""
    said = value_phrase(metric, value)
    low, high = metric.healthy_range
    if low is not None and value < low and said == value_phrase(metric, low):
        return f"just under {said}"
    if high is not None and value > high and said == value_phrase(metric, high):
        return f"just over {said}"
    return said


def _count_words(f: Facts, key: str, share: float) -> str:
    """``12 of 25 seats active`` where the counts are known and say the same."""
    if key not in _SHARES:
        return ""
    top, bottom, what = _SHARES[key]
    a, b = f.number(top), f.number(bottom)
    if not (b > 0 and abs(a / b - share) < _SAME and a == int(a) and b == int(b)):
        return ""
    return f"{short(a)} of {short(b)} {what if b != 1 else what.replace('s ', ' ', 1)}"


def benchmark(metric: Metric) -> str:
    """What is healthy, in the middle of a sentence; "" where any value is."""
    text = healthy_text(metric)
    return "" if text == "any" else in_sentence(text)


def before_words(f: Facts, metric: Metric) -> str:
    """``down from 68% on 30 Sep 2026``; "" where nothing else was told then."""
    shot, then, now = f.previous, f.before.get(metric.key), f.record.get(metric.key)
    if shot is None or then is None or now is None:
        return ""
    when = f"on {day_words(shot.day)}"
    if isinstance(now, str) or isinstance(then, str):
        old, new = (_spelled(metric, str(x)) for x in (then, now))
        return "" if old.casefold() == new.casefold() else f"was {in_sentence(old)} {when}"
    old, new = (value_phrase(metric, float(x)) for x in (then, now))
    passed = (f.as_of - shot.day).days
    clock = metric.unit == "days" and math.isclose(abs(now - then), passed, abs_tol=_CLOCK)
    if old == new or clock:
        return ""
    way = "was" if metric.unit == "change" else "up from" if now > then else "down from"
    return f"{way} {old} {when}"


def typed_words(f: Facts, score: float) -> str:
    """What a person typed: ``Rated 2 of 5 by hand``; *score* is 0–100."""
    if f.model.typed == "rating":
        return f"Rated {tenths(score / 20)} of 5 by hand"
    return f"Scored {tenths(score)} of 100 by hand"
