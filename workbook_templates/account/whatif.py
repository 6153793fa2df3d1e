"""Values of *What-if* before anybody types: everything as it is now."""

from __future__ import annotations

import math
from typing import Any

from scoring.rollup import roll_up, round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.facts import Facts
from workbook_templates.account.inputs import InputRow
from workbook_templates.drawing.account.evidence import NO_DATA
from workbook_templates.ooxml.cells import Value


def whatif_values(f: Facts, rows: list[InputRow]) -> dict[str, Any]:
    """Place → value; the blue cells hold today's values, stale ones left out."""
    m = len(f.model.metrics)
    metrics, typed = rows[:m], rows[m:]
    target = f.model.tiers[0].starts_at
    scores = [float(x) for x in f.rolled.dimensions]
    step = 20.0 if f.model.typed == "rating" else 1.0
    in_play = sum(x for x, s in zip(f.weights, scores, strict=True) if s == s)
    shares = [x / in_play if s == s else 0.0 for x, s in zip(f.weights, scores, strict=True)]
    points = [_number(a * s) for a, s in zip(shares, scores, strict=True)]
    total = sum(a * s for a, s in zip(shares, scores, strict=True) if s == s)
    score = _dash(total if in_play else math.nan)
    then: list[list[Value]] = [
        [_dash(s / step), a, p, p] for s, a, p in zip(scores, shares, points, strict=True)
    ]
    now = f.model_total
    code = w.score_code(f.model, math.nan if w.young(f) else now)
    rounded = _dash(round_half_up(now))
    missing = max(0.0, target - round_half_up(now)) if now == now else "–"
    reached = "" if missing == "–" else "Target reached" if missing == 0 else "Not yet"
    tier = w.code_words(f.model, code) or "○ No tier"
    return {
        "whatif_typed": [[r.raw] for r in typed],
        "whatif_now": [[_dash(s / step)] for s in scores],
        "whatif_then": [*then, [None, sum(shares), score, score]],
        "whatif_hidden": [
            [p.seen, p.earned, _number(p.mean), _number(s)]
            for p, s in zip(f.rolled.parts, scores, strict=True)
        ],
        "whatif_values": [[r.raw if r.observed else None] for r in metrics],
        "whatif_metric_now": [[NO_DATA if r.raw is None else r.raw] for r in metrics],
        "whatif_points": [[_number(r.points), _number(r.points)] for r in metrics],
        "whatif_win": [[r.lost if r.observed else ""] for r in metrics],
        "whatif_result": [
            [rounded, tier],
            [rounded, tier],
            [_number(now), None],
            [0.0 if now == now else "–", None],
        ],
        "whatif_target": target,
        "whatif_missing": [[missing, reached]],
        "whatif_tiers": [["" if code is None else code]] * 2,
        "moves": [_move(f, i, scores, shares, target) for i in range(len(scores))],
    }


def _move(f: Facts, i: int, scores: list[float], shares: list[float], target: float) -> list[Value]:
    """Now, needed, steps, points a step, score reached, for one dimension alone."""
    rating = f.model.typed == "rating"
    step, most = (20.0, 5.0) if rating else (1.0, 100.0)
    now = scores[i] / step
    if math.isnan(now):
        return ["–", "–", "–", "–", "–"]
    gain = shares[i] * step
    if math.isnan(f.model_total) or w.young(f):
        return [now, "–", "–", gain, "–"]
    rise = max(0.0, target - f.model_total) / gain
    rise = float(math.ceil(round(rise, 6))) if rating else rise
    if now + rise > most + 1e-9:
        return [now, "not alone", rise, gain, "–"]
    return [now, now + rise, rise, gain, round_half_up(f.model_total + rise * gain)]


def what_if(f: Facts, metrics: list[float], typed: list[float]) -> float:
    """Model's rolled-up score of other inputs, as the sheet computes it; for checks."""
    return float(roll_up(f.model, [*metrics, *typed], f.weights).total)


def _number(x: float) -> Value:
    return "" if math.isnan(x) else x


def _dash(x: float) -> Value:
    return "–" if math.isnan(x) else x
