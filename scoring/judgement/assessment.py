"""What stands out in a dimension, which way it goes, what it costs and what is not known."""

from __future__ import annotations

import math
from collections.abc import Iterator

from scoring.account_facts import Facts
from scoring.judgement.assessment_metric import (
    Seen,
    before_words,
    benchmark,
    metric_words,
    seen_metrics,
    typed_words,
)
from scoring.judgement.phrases import (
    counted,
    day_words,
    first_fitting,
    in_sentence,
    listed,
    pick,
    points_words,
    sentence,
    tenths,
    whole,
)
from scoring.metric_phrase import short_name
from scoring.model import Metric

__all__ = ["LETTERS", "assess", "assessments", "level_words", "trend_words"]

LETTERS = 240
"""Letters that a cell of *Detail* holds, on three lines."""
LEAST = 0.05
"""Points below which a loss is nothing to act on: half of the last digit shown."""
_ALSO = 0.5
"""Points from which the second loss of a dimension is told (ours)."""
_GOOD = 75.0
"""Points from which the best metric of a dimension is told (ours)."""
_FULL = 99.95
_NAMED = 2
"""Missing and stale metrics that are named; more are counted."""
_NO_COST = "no points"


def assessments(f: Facts) -> dict[str, str]:
    """Dimension key → one or two sentences."""
    return {d.key: assess(f, d.key) for d in f.model.dimensions}


def assess(f: Facts, dimension: str, *, letters: int = LETTERS) -> str:
    """One or two sentences on a dimension.

    First what stands out, with its value and benchmark; then since when the dimension stands
    where it is, what it costs, and what is missing or stale.

    Args:
        f: the account.
        dimension: key of a dimension of its model.
        letters: most letters; what matters less is left out.

    Raises:
        KeyError: the model has no such dimension.
    """
    place = next((i for i, d in enumerate(f.model.dimensions) if d.key == dimension), None)
    if place is None:
        raise KeyError(f"{dimension} is no dimension of {f.model.label}.")
    if math.isnan(f.dimensions[place]):
        return _unknown(f, place, letters)
    firsts, seconds = list(_first(f, place)), list(_second(f, place))
    # Of texts that fit the one that says most.
    texts = {f"{a} {b}" for a in firsts for b in seconds}
    return first_fitting(sorted(texts, key=lambda text: (-len(text), text)), letters)


def _unknown(f: Facts, place: int, letters: int) -> str:
    dimension = f.model.dimensions[place]
    gaps = _gaps(f, place)
    why = gaps or "nobody has rated it"
    last = next((s for s in reversed(f.past) if _at(s.dimensions, place) is not None), None)
    more = ""
    if last is not None:
        told = level_words(f, last.dimensions[place])
        more = f" Last known on {day_words(last.day)}, at {told}."
    start = pick(f"{f.account_id}{dimension.key}", ("Not counted", "No data, so it does not count"))
    told = sentence(f"{start}; {why}")
    return first_fitting((told + more, told), letters)


def _at(dimensions: tuple[float, ...], place: int) -> float | None:
    """A dimension's score in a snapshot; None where there is none."""
    score = dimensions[place] if place < len(dimensions) else math.nan
    return None if score != score else score


def level_words(f: Facts, score: float) -> str:
    """A dimension's score 0–100 as it is displayed: ``2 of 5``, ``55 of 100``."""
    return f"{_level(f, score)} of {5 if f.model.typed == 'rating' else 100}"


def _level(f: Facts, score: float) -> str:
    return tenths(score / 20) if f.model.typed == "rating" else whole(score)


def _first(f: Facts, place: int) -> Iterator[str]:
    """What stands out: the longest way to say it first."""
    seen = seen_metrics(f, place)
    if f.rolled.parts[place].typed:
        yield from _typed(f, place, seen)
        return
    if not seen:
        yield sentence(f"None of its {counted(len(f.model.dimensions[place].metrics), 'metric')} "
                       "is known")  # fmt: skip
        return
    worst = max(seen, key=lambda s: (round(s.lost, 9), -seen.index(s)))
    if worst.lost < LEAST:
        yield from _nothing_lost(f, seen)
        return
    told, was, healthy = metric_words(f, worst.metric), *_around(f, worst.metric)
    seed = f"{f.account_id}{worst.metric.key}"
    for along in (*_along(f, seen, worst), ""):
        for start in (f"{told}, {was}", told) if was else (told,):
            # "Was yes against a healthy yes" would say two things at once, and "a healthy strong"
            # is no English.
            ways = 3 if start is told and any(x.isdigit() for x in healthy) else 2
            if healthy and worst.healthy:
                said = f"{start}, in the healthy range of {healthy}"
            else:
                said = _against(seed, start, healthy, ways)
            yield sentence(said + along)
    yield sentence(told)


def _around(f: Facts, metric: Metric) -> tuple[str, str]:
    return before_words(f, metric), benchmark(metric)


def _against(seed: str, told: str, healthy: str, ways: int = 3) -> str:
    """A value beside what is healthy, in one of so many ways."""
    if not healthy:
        return told
    said = (f"{told}; {healthy} is healthy", f"{told}, where {healthy} is healthy",
            f"{told} against a healthy {healthy}")  # fmt: skip
    return pick(seed, said[:ways])


def _along(f: Facts, seen: list[Seen], worst: Seen) -> tuple[str, ...]:
    """The next losses, or else what is good beside the worst; the longest way first."""
    others = sorted((s for s in seen if s is not worst), key=lambda s: -round(s.lost, 9))
    if not others:
        return ()
    best = max(others, key=lambda s: (round(s.points, 9), -seen.index(s)))
    heavy = [s for s in others if s.lost >= _ALSO and not s.healthy]
    if heavy and (best.points < _GOOD or heavy[0].lost >= worst.lost / 2):
        told = [in_sentence(metric_words(f, s.metric)) for s in heavy[:2]]
        return (f"; also {listed(told)}", f"; also {told[0]}")
    if best.points >= _GOOD:
        return (f"; best: {in_sentence(metric_words(f, best.metric))}",)
    return ()


def _nothing_lost(f: Facts, seen: list[Seen]) -> Iterator[str]:
    """All is well: the metric that shows it, or the one that comes nearest to a loss."""
    low = min(seen, key=lambda s: (round(s.points, 9), seen.index(s)))
    top = seen[0]
    if low.points >= _FULL:
        words = {1: "Its one metric earns", 2: "Both metrics earn"}
        start = f"{words.get(len(seen), f'All {len(seen)} metrics earn')} full points"
        top = pick(f"{f.account_id}{seen[0].metric.key}", seen)
    else:
        start, top = "No points lost, lowest", low
    told, was, healthy = metric_words(f, top.metric), *_around(f, top.metric)
    said = f"{start}: {in_sentence(told)}"
    if top.metric.unit == "state" and top.points >= _FULL:
        healthy = ""
    yield sentence(_against("", f"{said}, {was}" if was else said, healthy, 2))
    yield sentence(_against("", said, healthy, 1))
    yield sentence(said)


def _typed(f: Facts, place: int, seen: list[Seen]) -> Iterator[str]:
    """A person's rating, beside what the metrics alone would give."""
    start = typed_words(f, f.dimensions[place])
    if not seen:
        yield sentence(f"{start}, no metric stands behind it")
        return
    mean = f.rolled.parts[place].mean
    alone = f"its {counted(len(seen), 'metric')} alone {'gives' if len(seen) == 1 else 'give'}"
    beside = f"{start}; {alone} {whole(mean)} of 100"
    low = min(seen, key=lambda s: (round(s.points, 9), seen.index(s)))
    told = in_sentence(metric_words(f, low.metric))
    healthy = benchmark(low.metric)
    if len(seen) > 1 and low.points < _FULL:
        yield sentence(_against("", f"{beside}, lowest {told}", healthy))
        yield sentence(f"{beside}, lowest {told}")
    yield sentence(beside)


def _second(f: Facts, place: int) -> Iterator[str]:
    """Since when, what it costs, what is not known: the longest way to say it first."""
    way, cost = trend_words(f, place), _cost(f, place)
    gaps = "" if f.rolled.parts[place].typed else _gaps(f, place)
    start = way or f"At {level_words(f, f.dimensions[place])}"
    said = pick(f"{place}{f.account_id}", (f"{start}, costing {cost}",
                                           f"Costs {cost}; {in_sentence(start)}"))  # fmt: skip
    if cost == _NO_COST:
        # The first sentence has said so.
        said = start
    if gaps:
        yield sentence(f"{said}; {in_sentence(gaps)}")
    yield sentence(said)
    yield sentence(said if cost == _NO_COST else f"Costs {cost}")


def _cost(f: Facts, place: int) -> str:
    """``9.8 of the 12 points lost``."""
    lost = f.shares[place] * (100.0 - f.dimensions[place])
    if lost < LEAST:
        return _NO_COST
    so_far = " so far" if f.status in ("Provisional", "Insufficient data") else ""
    total = 100.0 - f.rolled.total
    if tenths(lost) == tenths(total):
        return f"all {points_words(total)} lost{so_far}" if tenths(total) != "1" else (
            f"the 1 point lost{so_far}"
        )  # fmt: skip
    return f"{tenths(lost)} of the {points_words(total)} lost{so_far}"


def trend_words(f: Facts, place: int) -> str:
    """Which way a dimension goes and since when; "" without an earlier score.

    The run of falls, or of rises, that led to today; its day is the last one before it began.
    """
    past = [(s.day, x) for s in f.past if (x := _at(s.dimensions, place)) is not None]
    if not past:
        return ""
    now = f.dimensions[place]
    shown = [float(_number(_level(f, x))) for _, x in past] + [_number(_level(f, now))]
    way = (shown[-1] > shown[-2]) - (shown[-1] < shown[-2])
    k = len(past) - 1
    if way == 0:
        while k > 0 and shown[k - 1] == shown[k]:
            k -= 1
        return f"At {level_words(f, now)} since {day_words(past[k][0])}"
    while k > 0 and (shown[k] - shown[k - 1]) * way > 0:
        k -= 1
    start, word = _level(f, past[k][1]), "Up" if way > 0 else "Down"
    return f"{word} from {start} to {level_words(f, now)} since {day_words(past[k][0])}"


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


def _gaps(f: Facts, place: int) -> str:
    """What is missing and what is stale, in words; "" where all is known."""
    metrics = f.model.dimensions[place].metrics
    missing = [m for m in metrics if f.record.get(m.key) is None]
    stale = [m for m in metrics if m.key in f.stale]
    parts = []
    if missing:
        parts.append(f"missing: {_named([short_name(m.name) for m in missing])}")
    if stale:
        parts.append(f"stale: {_named([_dated(f, m) for m in stale])}")
    return "; ".join(parts) + (_counts_as(f) if parts else "")


def _counts_as(f: Facts) -> str:
    return {"zero": " (counts as 0)", "neutral": " (counts as 50)"}.get(f.model.missing, "")


def _dated(f: Facts, metric: Metric) -> str:
    day = f.day(f"{metric.key}_as_of") or f.day("data_as_of")
    name = short_name(metric.name)
    return f"{name} of {day_words(day)}" if day else name


def _named(names: list[str]) -> str:
    """``CSAT``, ``CSAT and NPS``, ``CSAT, NPS and 2 more``."""
    names = [in_sentence(name) for name in names]
    more = len(names) - _NAMED
    return listed([*names[:_NAMED], f"{more} more"] if more > 0 else names)
