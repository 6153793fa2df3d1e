"""Explanation, models and functions as the JSON objects that the pane draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from addin.functions.explanation import SEGMENT_WORDS, Explanation
from addin.functions.explanation_text import (
    coverage_text,
    drivers_text,
    explanation_rows,
    explanation_text,
    missing_text,
    velocity_text,
)
from addin.registry import FUNCTIONS
from scoring.columns import ACCOUNT, HISTORY, Column, normalise
from scoring.lint import lint_model
from scoring.model import SEGMENTS, ScoreModel
from scoring.model_sheet import model_to_rows
from scoring.presets import DEFAULT, preset_summaries
from scoring.rollup import round_half_up

__all__ = ["described", "explained", "function_list", "preset_list"]

Json = Mapping[str, object]

# Names of missing metrics that a narrow pane lists.
_FEW = 5


def explained(found: Explanation, model: ScoreModel, *, chosen: str) -> Json:
    """An explanation with its figures in words beside them."""
    verdict = found.verdict
    words: dict[str, object] = {}
    if verdict is not None:
        words = {
            "shown": "–" if verdict.total is None else f"{round_half_up(verdict.total):.0f}",
            "coverage": coverage_text(verdict),
            "drivers": drivers_text(verdict),
            "missing": missing_text(verdict.missing, most=_FEW),
            "velocity": velocity_text(verdict.velocity) if verdict.velocity else "",
        }
    return {
        **asdict(found),
        "words": words,
        "modelName": model.name,
        "chosen": chosen,
        "tiers": _tiers(model),
        "text": explanation_text(found),
        "rows": explanation_rows(found),
    }


def described(model: ScoreModel) -> Json:
    """A model: its weights by segment as shares of the score, tiers, findings, sheet rows."""
    segments = [s for s in SEGMENTS if any(s in d.segment_weights for d in model.dimensions)]
    weights = {str(s): model.weights(s) for s in segments} | {"": model.weights(None)}
    return {
        "name": model.name,
        "label": model.label,
        "title": model.title,
        "source": model.source,
        "metrics": len(model.metrics),
        "segments": [{"key": s, "name": SEGMENT_WORDS[s]} for s in segments],
        "dimensions": [
            {
                "name": d.name,
                "metrics": len(d.metrics),
                "weights": {key: shares[at] for key, shares in weights.items()},
            }
            for at, d in enumerate(model.dimensions)
        ],
        "tiers": _tiers(model),
        "findings": [
            {"severity": f.severity, "message": f.message, "nextStep": f.next_step}
            for f in lint_model(model)
        ],
        "rows": model_to_rows(model),
    }


def preset_list() -> Json:
    """The presets, and the header texts by which the pane finds rows of the same account."""
    return {
        "models": [
            {
                "name": p.name,
                "label": f"{p.name} {p.version}",
                "title": p.title,
                "isDefault": p.name == DEFAULT,
            }
            for p in preset_summaries()
        ],
        "headers": {
            "account": _texts(c for c in ACCOUNT if c.key in ("account_id", "account_name")),
            "name": _texts(c for c in ACCOUNT if c.key == "account_name"),
            "date": _texts(c for c in HISTORY if c.key == "date"),
        },
    }


def function_list() -> Json:
    """Every function with its arguments and examples."""
    return {
        "functions": [
            {
                "name": f.name,
                "help": f.help,
                "category": f.category,
                "signature": f.signature,
                "arguments": [
                    {"name": a.name, "help": a.help, "optional": a.optional} for a in f.arguments
                ],
                "example": f.examples[0],
            }
            for f in FUNCTIONS
        ]
    }


def _tiers(model: ScoreModel) -> list[Json]:
    ends = [100.0, *(t.starts_at - 1 for t in model.tiers[:-1])]
    return [
        {"key": t.key, "label": t.label, "from": t.starts_at, "to": end}
        for t, end in zip(model.tiers, ends, strict=True)
    ]


def _texts(columns: Iterable[Column]) -> list[str]:
    names = {normalise(text) for c in columns for text in (c.name, c.key, *c.aliases)}
    return sorted(names)
