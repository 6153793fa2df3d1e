"""First sentence of an account's summary: score, tier, and change since the last scorecard."""

from __future__ import annotations

import math

from scoring.account_facts import Facts
from scoring.judgement.phrases import counted, day_words, in_sentence, pick, plainly, whole
from scoring.rollup import TIERS, tier_code

__all__ = ["standing"]

_REASON, _AUTHOR = 60, 40
"""Letters of what a person typed that the sentence has room for."""


def standing(f: Facts) -> str:
    """Where the account stands, by whose word, and since when; no full stop.

    An override, a gate, a placeholder and missing data are each told as what they are.
    """
    if f.status == "Overridden":
        return _overridden(f)
    if f.status == "Provisional":
        return _provisional(f)
    if math.isnan(f.total):
        return _no_score(f)
    return _scored(f)


def _label(f: Facts, tier: str) -> str:
    return f.model.tier_label(tier)


def _own_tier(f: Facts, score: float) -> str:
    """Tier key that a score alone gives."""
    return TIERS[int(tier_code(f.model, score))]


def _overridden(f: Facts) -> str:
    author = plainly(f.text("override_author"), _AUTHOR) or "author not provided"
    until = f.day("override_expires")
    by = f"by override of {author}{f' until {day_words(until)}' if until else ''}"
    reason = plainly(f.text("override_reason"), _REASON) or "reason not provided"
    label = _label(f, f.tier) or "No tier"
    typed = not math.isnan(f.number("override_score"))
    start = f"{whole(f.total)} of 100, {label}, {by}" if typed else f"{label} {by}"
    if math.isnan(f.model_total):
        return f"{start} ({reason}); the model has no score"
    own = _label(f, _own_tier(f, f.model_total))
    return f"{start} ({reason}); the model says {whole(f.model_total)}, {own}"


def _provisional(f: Facts) -> str:
    start = f.day("start_date")
    age = f", day {(f.as_of - start).days} today" if start else ""
    first = f"{whole(f.total)} of 100, provisional" if f.total == f.total else "Provisional"
    return f"{first}: neutral until day {f.model.lifecycle.neutral_days}{age}{_so_far(f)}"


def _so_far(f: Facts) -> str:
    rolled = f.rolled.total
    return "" if math.isnan(rolled) else f"; data so far give {whole(rolled)}"


def _no_score(f: Facts) -> str:
    if f.coverage <= 0:
        metrics = counted(len(f.model.metrics), "metric")
        return f"No score: none of {metrics} is known"
    needed, seen = whole(f.model.min_coverage * 100), whole(f.coverage * 100)
    coverage = f"just under {needed}%" if seen == needed else f"{seen}%"
    since = f.previous
    last = f"; last score {whole(since.total)} on {day_words(since.day)}" if since else ""
    young = f.day("start_date")
    if f.status != "Insufficient data" or (
        young is not None and 0 <= (f.as_of - young).days <= f.model.lifecycle.partial_days
    ):
        return f"No score: coverage {coverage}{_so_far(f)}{last}"
    return f"No score: coverage {coverage}, {needed}% is needed{_so_far(f)}{last}"


def _scored(f: Facts) -> str:
    now = f"{whole(f.total)} of 100"
    tier = _tier_words(f)
    shot = f.previous
    if shot is None:
        return f"{now}, {tier}; first scorecard, nothing to compare with"
    then, change = whole(shot.total), int(whole(f.total)) - int(whole(shot.total))
    told = ""
    if f.told is not None and f.told.total == f.told.total and whole(f.told.total) != then:
        told = f" (told then: {whole(f.told.total)} by {f.told.model})"
    day, was = day_words(shot.day), _label(f, shot.tier)
    moved = was != _label(f, f.tier) and bool(was)
    if change == 0:
        return f"{now}, {tier}, unchanged since {day}" + (f", then {was}" if moved else "") + told
    way = f"{'up' if change > 0 else 'down'} {abs(change)}"
    seed = f"{f.account_id}{f.tier}"
    before = f"{then}, {was}" if moved else then
    former = f" ({was})" if moved else ""
    return (
        pick(
            seed,
            (
                f"{now}, {tier}: {way} since {day}, when it was {before}",
                f"{way.capitalize()} since {day} to {now}, {tier}; then it was {before}",
                f"{way.capitalize()} to {now}, {tier}, from {then}{former} on {day}",
            ),
        )
        + told
    )


def _tier_words(f: Facts) -> str:
    """The tier and, where the score alone does not give it, what does."""
    label = _label(f, f.tier)
    mean = f.smoothed == f.smoothed and f.model.smoothing_days > 0
    own = _own_tier(f, f.smoothed if mean else f.total)
    fired = [g for g in f.model.gates if f.record.get(g.key) in (True, 1)]
    if own != f.tier and fired:
        names = ", ".join(in_sentence(g.name) for g in fired)
        return f"capped at {label} by {names}, {_label(f, own)} without"
    if mean and whole(f.smoothed) != whole(f.total):
        return f"{label} by its {f.model.smoothing_days}-day mean of {whole(f.smoothed)}"
    extra = {"Partial": "on partial data", "Onboarding": "with onboarding weights"}.get(f.status)
    return f"{label} {extra}" if extra else label
