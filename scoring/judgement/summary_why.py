"""Why an account's score changed: the steps of its waterfall in words."""

from __future__ import annotations

import math

from scoring.account_facts import Facts, Step
from scoring.drivers import rank
from scoring.judgement.assessment_metric import metric_words, typed_words
from scoring.judgement.phrases import in_sentence, listed, pick, signed_tenths, tenths
from scoring.metric_phrase import short_name, value_phrase
from scoring.model import Metric, StateCurve

__all__ = ["why"]

LEAST = 0.05
"""Points below which a step is told as none."""
_STEPS = 2
_CAUSES = {
    "version": "another model version",
    "model": "other weights",
    "replaced": "other data than before",
    "shown": "lifecycle or override",
}


def why(f: Facts) -> str:
    """The largest causes of the change since the previous scorecard; of a first one, the losses.

    Returns:
        A sentence without its full stop; "" where there is nothing to say.
    """
    if f.status == "Overridden":
        return ""
    steps = [s for s in f.steps if abs(s.points) >= LEAST]
    if f.previous is None or math.isnan(f.total) or not f.steps:
        return _losses(f)
    if not steps:
        return "No metric moved the score by a tenth of a point"
    change = math.fsum(s.points for s in f.steps)
    # Of steps that cancel each other out the gains come first.
    way = 1 if change >= -LEAST else -1
    along = sorted((s for s in steps if s.points * way > 0), key=lambda s: -abs(s.points))
    against = sorted((s for s in steps if s.points * way < 0), key=lambda s: -abs(s.points))
    if not along:
        along, against = against, []
    start = pick(f.account_id, ("Behind it: ", "What moved it: ", "The reason: "))
    if abs(change) < 0.5 and against:
        start = "Gains and losses nearly balance: "
    text = start + listed([_told(f, s) for s in along[:_STEPS]])
    if against and abs(against[0].points) >= abs(along[0].points) / 3:
        text += f"; the other way: {_told(f, against[0])}"
    return text


def _told(f: Facts, step: Step) -> str:
    return f"{_cause(f, step)} ({signed_tenths(step.points)})"


def _cause(f: Facts, step: Step) -> str:
    """What happened, in the middle of a sentence."""
    if not step.key:
        return _CAUSES.get(step.kind, "other causes")
    metric = next((m for m in f.model.metrics if m.key == step.key), None)
    name = _name(f, step.key, metric)
    then, now = f.before.get(step.key), f.record.get(step.key)
    if step.kind == "data vanished":
        return f"{name} {'too old to count' if step.key in f.stale else 'no longer known'}"
    if step.kind == "data appeared" or then is None:
        if metric is None:
            word = "rated" if f.model.typed == "rating" else "scored"
            return f"{name.rpartition(' ')[0]} {word} {_value(f, metric, now)} by hand"
        joint = ":" if isinstance(now, str) else " at"
        return f"{name} newly known{joint} {_value(f, metric, now)}"
    old, new = _value(f, metric, then), _value(f, metric, now)
    return f"{name} from {old} to {new}" if old != new else f"{name} at {new}"


def _name(f: Facts, key: str, metric: Metric | None) -> str:
    if metric is not None:
        return in_sentence(short_name(metric.name))
    dimension = next(d for d in f.model.dimensions if d.key == key)
    return f"{in_sentence(dimension.name)} {'rating' if f.model.typed == 'rating' else 'score'}"


def _value(f: Facts, metric: Metric | None, value: object) -> str:
    if isinstance(value, str) and metric is not None and isinstance(metric.curve, StateCurve):
        words = {w.casefold(): w for w in metric.curve.words}
        return in_sentence(words.get(value.strip().casefold(), value.strip()))
    if not isinstance(value, int | float):
        return "no value"
    if metric is None:
        return f"{tenths(value)} of {5 if f.model.typed == 'rating' else 100}"
    return value_phrase(metric, float(value))


def _losses(f: Facts) -> str:
    """What lost most points so far."""
    lost = [a - b for a, b in zip(f.rolled.available, f.rolled.contributions, strict=True)]
    keys = f.model.inputs
    # A missing input loses points only where the model counts it; it has no value to tell.
    known = [i for i in rank(lost) if lost[i] >= LEAST and f.record.get(keys[i]) is not None]
    known = [i for i in known if keys[i] not in f.stale]
    if not known:
        return ""
    told = [f"{_input_words(f, keys[i])} ({tenths(lost[i])})" for i in known[:_STEPS]]
    return f"Most points lost: {listed(told)}"


def _input_words(f: Facts, key: str) -> str:
    metric = next((m for m in f.model.metrics if m.key == key), None)
    if metric is not None:
        return in_sentence(metric_words(f, metric))
    place = [d.key for d in f.model.dimensions].index(key)
    name = in_sentence(f.model.dimensions[place].name)
    return f"{name} {in_sentence(typed_words(f, f.dimensions[place]))}"
