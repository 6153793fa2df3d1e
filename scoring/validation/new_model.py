"""A new version of a model, with what a backtest recommends."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
from pydantic import ValidationError

from scoring.errors import ModelError
from scoring.model import Dimension, Metric, ScoreModel
from scoring.validation.drops import without
from scoring.validation.records import Change, Recommendation
from scoring.validation.reweigh import Weights, current, with_weights
from scoring.validation.suggest_words import Kind

__all__ = ["KINDS", "advised_kinds", "new_model", "next_version"]

KINDS: tuple[Kind, ...] = ("weights", "metrics", "tiers")
Part = TypeVar("Part", Dimension, Metric)
_FITTED = re.compile(r"(^|; )fitted on [^;]*\(was [^;]*\)")


def advised_kinds(recommendations: Sequence[Recommendation]) -> tuple[Kind, ...]:
    """The kinds of change that are recommended, in the order in which to make them.

    Each gain was measured alone, against the model as it is: cuts chosen for today's scores are
    not those of other weights. So the first is made, and the others are looked at again.
    """
    kinds = {r.kind for r in recommendations if r.verdict == "recommended"}
    return tuple(kind for kind in KINDS if kind in kinds)


def new_model(
    model: ScoreModel,
    recommendations: Sequence[Recommendation],
    *,
    made: date,
    source: str,
    which: Collection[Kind] = KINDS,
    used: Collection[str] = (),
) -> ScoreModel:
    """The model with all recommended changes and a version of its own.

    Args:
        model: that the backtest looked at.
        recommendations: of the backtest.
        made: the day they were fitted.
        source: what they were fitted on, such as ``412 outcomes``.
        which: kinds of changes to take.
        used: versions that must not be used again, such as those of a history.

    Raises:
        ModelError: nothing of these kinds is recommended, or it does not fit the model.
    """
    taken = [r for r in recommendations if r.kind in which and r.verdict == "recommended"]
    if not taken:
        raise ModelError(_nothing(model, recommendations, which))
    changes = {r.kind: r.changes for r in taken}
    fitted = f"fitted on {source}, {made:%Y-%m-%d}"
    try:
        new = with_weights(model, _weights_of(model, changes.get("weights", ())))
        gone = {c.key for c in changes.get("metrics", ()) if c.proposed == 0.0}
        new = without(new, gone & {m.key for m in model.metrics})
        new = _sourced(new, model, fitted)
        new = _with_tiers(new, changes.get("tiers", ()))
        notes = [*_tier_note(changes.get("tiers", ()), fitted), *_drop_note(model, gone, fitted)]
        update = {
            "version": next_version(model.version, used),
            "source": "; ".join(filter(None, [model.source, *notes])),
        }
        return ScoreModel.model_validate(new.model_copy(update=update).model_dump())
    except (KeyError, ValidationError) as error:
        raise ModelError(
            f"What was recommended does not fit {model.label}: {error}. Validate again with "
            "this model."
        ) from error


def next_version(version: str, used: Collection[str] = ()) -> str:
    """The version after: its last number raised by one, until it is not in *used*."""
    while True:
        head, dot, last = version.rpartition(".")
        version = f"{head}{dot}{int(last) + 1}"
        if version not in used:
            return version


def _nothing(
    model: ScoreModel, recommendations: Sequence[Recommendation], which: Collection[Kind]
) -> str:
    told = [f"{r.kind}: {r.headline}" for r in recommendations if r.kind in which]
    why = ". ".join(told) or "no outcomes were looked at"
    return (
        f"No change of {model.label} is recommended, so there is no new version. {why}. "
        f"Keep {model.label}, and validate again with more outcomes."
    )


def _weights_of(model: ScoreModel, changes: Sequence[Change]) -> Weights:
    """Proposed weights; those that are not named stay."""
    was, proposed = current(model), {c.key: c.proposed for c in changes}
    outer = [proposed.get(d.key, w) for d, w in zip(model.dimensions, was.dimensions, strict=True)]
    inner = [proposed.get(m.key, w) for m, w in zip(model.metrics, was.metrics, strict=True)]
    return Weights(np.array(outer, dtype=float), np.array(inner, dtype=float))


def _with_tiers(model: ScoreModel, changes: Sequence[Change]) -> ScoreModel:
    starts = {c.key: c.proposed for c in changes}
    tiers = tuple(
        t.model_copy(update={"starts_at": starts.get(t.key, t.starts_at)}) for t in model.tiers
    )
    return model.model_copy(update={"tiers": tiers})


def _sourced(new: ScoreModel, old: ScoreModel, fitted: str) -> ScoreModel:
    """Each weight that changed says what it was fitted on, and what it was."""
    before = {d.key: d for d in old.dimensions}
    metrics = {m.key: m for m in old.metrics}
    parts = []
    for d in new.dimensions:
        inner = tuple(_told(m, metrics[m.key].weight, fitted) for m in d.metrics)
        parts.append(_told(d.model_copy(update={"metrics": inner}), before[d.key].weight, fitted))
    return new.model_copy(update={"dimensions": tuple(parts)})


def _told(part: Part, was: float, fitted: str) -> Part:
    if abs(part.weight - was) < 1e-6:
        return part
    source = f"{_FITTED.sub('', part.source)}; {fitted} (was {was:g})"
    return part.model_copy(update={"source": source.removeprefix("; ")})


def _tier_note(changes: Sequence[Change], fitted: str) -> list[str]:
    if not changes:
        return []
    return [f"tiers {fitted} (were {' and '.join(f'{c.current:g}' for c in changes)})"]


def _drop_note(model: ScoreModel, gone: Collection[str], fitted: str) -> list[str]:
    names = [m.name for m in model.metrics if m.key in gone]
    return [f"without {', '.join(names)}: no power {fitted}"] if names else []
