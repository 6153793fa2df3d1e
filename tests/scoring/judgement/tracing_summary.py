"""Claims that an account's summary may make with a number; see `tracing`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date

from scoring.account_facts import Facts
from scoring.judgement.records import Action
from scoring.renewal import BRACKETS
from tests.scoring.judgement.tracing import (
    DAY,
    NUMBER,
    Claim,
    Worked,
    day,
    near,
    number,
    points,
    value_claims,
)


def shown(x: float) -> float:
    """A score as it is displayed."""
    return math.floor(x + 0.5 + 1e-9)


def standing_claims(f: Facts) -> Iterator[Claim]:
    """Score, what it was, by how much it moved and since when."""
    shot, rolled = f.previous, 100 - Worked(f).all_lost
    yield r"(?:^|to )(\d+) of 100", lambda t: int(t[1]) == shown(f.total)
    yield r"data so far give (\d+)", lambda t: near(t[1], rolled, 0)
    yield r"the model says (\d+)", lambda t: int(t[1]) == shown(f.model_total)
    age = (f.as_of - (f.day("start_date") or date.min)).days
    neutral = f.model.lifecycle.neutral_days
    yield r"until day (\d+), day (\d+) today", lambda t: (int(t[1]), int(t[2])) == (neutral, age)
    yield rf"until {DAY} \(", lambda t: day(t[1]) == f.day("override_expires")
    yield r"(\d+)-day mean of (\d+)", lambda t: (int(t[1]), int(t[2])) == (
        f.model.smoothing_days, shown(f.smoothed))  # fmt: skip
    yield from _coverage(f)
    if shot is None:
        return
    then = shown(shot.total)
    moved = shown(f.total) - then if f.total == f.total else math.nan

    def way(t: re.Match[str]) -> bool:
        return int(t[2]) * (1 if t[1].lower() == "up" else -1) == moved

    yield rf"(?i)\b(up|down) (\d+) since {DAY}", lambda t: way(t) and day(t[3]) == shot.day
    yield r"(?i)\b(up|down) (\d+) to", way
    yield r"(?:when it was|it was) (\d+)", lambda t: int(t[1]) == then
    yield (
        rf"from (\d+)(?: \(\w+\))? on {DAY}",
        lambda t: int(t[1]) == then and day(t[2]) == shot.day,
    )
    yield rf"unchanged since {DAY}", lambda t: moved == 0 and day(t[1]) == shot.day
    yield rf"last score (\d+) on {DAY}", lambda t: int(t[1]) == then and day(t[2]) == shot.day


def _coverage(f: Facts) -> Iterator[Claim]:
    worked = Worked(f)
    fresh = f.day("start_date")
    age = None if fresh is None else (f.as_of - fresh).days
    young = age is not None and 0 <= age <= f.model.lifecycle.onboarding_days
    weights = f.model.weights(f.record.get("segment"), onboarding=young)
    seen = 0.0
    for d, weight in zip(f.model.dimensions, weights, strict=True):
        whole = sum(m.weight for m in d.metrics)
        known = sum(m.weight for m in d.metrics if worked.counts(m))
        seen += weight * (1.0 if isinstance(f.record.get(d.key), int | float) else known / whole)
    needed = f.model.min_coverage
    yield r"coverage (\d+)%", lambda t: near(t[1], seen, 0, 100)
    yield r"coverage just under (\d+)%", lambda t: near(t[1], needed, 0, 100) and seen < needed
    yield r", (\d+)% is needed", lambda t: near(t[1], needed, 0, 100)
    yield r"none of (\d+) metrics? is known", lambda t: (
        int(t[1]) == len(f.model.metrics) and seen == 0)  # fmt: skip


def why_claims(f: Facts) -> Iterator[Claim]:
    """Causes of the change with their points, or what lost most."""
    signed = [s.points for s in f.steps]
    yield rf"\(({NUMBER[1:-1]})\)", lambda t: any(near(t[1], p, 1) for p in signed)
    for m in f.model.metrics:
        yield from value_claims(f, m)
        then, now = f.before.get(m.key), f.record.get(m.key)
        scale = 100.0 if m.unit in ("fraction", "change") else 1.0
        unit = r"(?:%| of \d+| a week| a month| days?)?"
        name = re.escape(re.sub(r"\s*\(.*\)$", "", m.name).split(",")[0].split(" in ")[0])
        name = re.sub(r"\\ per\\ (week|month)$", "", name)
        if isinstance(now, int | float) and isinstance(then, int | float):
            old, new = float(then), float(now)
            yield (rf"(?i){name} from {NUMBER}{unit} to {NUMBER}{unit}",
                   lambda t, a=old, b=new, s=scale: near(t[1], a, scale=s)  # type: ignore[misc]
                   and near(t[2], b, scale=s))  # fmt: skip
        if isinstance(now, int | float):
            yield (rf"(?i){name} (?:newly known )?at {NUMBER}{unit}",
                   lambda t, b=float(now), s=scale: near(t[1], b, scale=s))  # type: ignore[misc]  # fmt: skip
    yield from _typed_claims(f)
    yield from _loss_claims(f)


def _typed_claims(f: Facts) -> Iterator[Claim]:
    most = "5" if f.model.typed == "rating" else "100"
    for d in f.model.dimensions:
        now, then = f.record.get(d.key), f.before.get(d.key)
        name = rf"(?i){re.escape(d.name)} (?:rating|score)"
        if isinstance(now, int | float):
            value = float(now)
            yield (rf"{name} (?:newly known )?at {NUMBER} of {most}",
                   lambda t, x=value: near(t[1], x, 1))  # type: ignore[misc]  # fmt: skip
            yield (rf"(?i){re.escape(d.name)} (?:rated|scored) {NUMBER} of {most} by hand",
                   lambda t, x=value: near(t[1], x, 1))  # type: ignore[misc]  # fmt: skip
        if isinstance(now, int | float) and isinstance(then, int | float):
            pair = (float(then), float(now))
            yield (rf"{name} from {NUMBER} of {most} to {NUMBER} of {most}",
                   lambda t, p=pair: near(t[1], p[0], 1) and near(t[2], p[1], 1))  # type: ignore[misc]  # fmt: skip


def _loss_claims(f: Facts) -> Iterator[Claim]:
    """Points that an input lost: its share of the dimension's loss, worked out from the model."""
    worked = Worked(f)
    lost = []
    for d, share, level in zip(f.model.dimensions, worked.shares, worked.levels, strict=True):
        if isinstance(f.record.get(d.key), int | float):
            lost.append(share * (100 - level))
            continue
        known = [m for m in d.metrics if worked.counts(m)]
        whole = sum(m.weight for m in known)
        mean = sum(m.weight / whole * points(m, f.record[m.key]) for m in known)
        # A rating step up shrinks what was lost, one down what was earned.
        for m in known:
            weight, y = m.weight / whole, points(m, f.record[m.key])
            gap = (100 - y) * ((100 - level) / (100 - mean) if mean < 100 else 0.0)
            if level < mean:
                gap = 100 - y * level / mean
            lost.append(share * weight * gap)
    total = worked.all_lost

    def told(t: re.Match[str]) -> bool:
        return number(t[1]) <= total + 0.05 and any(near(t[1], x, 1) for x in lost)

    yield r"(?<=\()(\d+(?:\.\d)?)(?=\))", told


def money_claims(f: Facts) -> Iterator[Claim]:
    """ARR, the renewal, days to it, and the illustration of what is lost on average."""
    arr, renewal = f.number("arr"), f.day("renewal_date")
    yield rf"{NUMBER} ARR", lambda t: near(t[1], arr, 0)
    if renewal is None:
        return
    left = (renewal - f.as_of).days
    yield rf"renews on {DAY}", lambda t: day(t[1]) == renewal and left >= 0
    yield r"in ([\d,]+) days?", lambda t: number(t[1]) == left
    yield rf"was due for renewal on {DAY}, ([\d,]+) days? ago", lambda t: (
        day(t[1]) == renewal and number(t[2]) == -left)  # fmt: skip
    score = shown(f.total) if f.total == f.total else math.nan
    bracket = [b for b in BRACKETS if score >= b.starts_at]
    if bracket:
        used = f.number("seats_active_share")
        cut = 1 - used if used < 1 else 0.25
        churn, less = bracket[-1].churn, bracket[-1].contraction
        yield rf"{NUMBER} of it is lost", lambda t: near(t[1], arr * (churn + less * cut), 0)


def judged_claims(f: Facts, actions: tuple[Action, ...]) -> Iterator[Claim]:
    """Texts of risks, positives and actions, which have tests of their own, as they stand."""
    texts = [r.text for r in f.risks[:1]] + [p.text for p in f.positives[:1]]
    texts += [f"{r.name}, {r.evidence[0].text}" for r in f.risks[:1] if r.evidence]
    texts += [a.text for a in actions]
    for text in texts:
        start = " ".join(text.split()).rstrip(".")
        for length in range(len(start), min(len(start), 40) - 1, -1):
            yield re.escape(start[:length]), lambda t: True
    for a in actions:
        if a.due is not None:
            yield rf"by {DAY}\)", lambda t, due=a.due: day(t[1]) == due  # type: ignore[misc]
            yield (rf"overdue since {DAY}\)",
                   lambda t, due=a.due: day(t[1]) == due < f.as_of)  # type: ignore[misc]  # fmt: skip


def summary_claims(f: Facts, actions: tuple[Action, ...] = ()) -> list[Claim]:
    """All that a summary may say with a number."""
    return [*standing_claims(f), *why_claims(f), *money_claims(f), *judged_claims(f, actions)]
