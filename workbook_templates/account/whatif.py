"""Values of *What-if* before anybody types: everything as it is now."""

from __future__ import annotations

import math
from typing import Any

from scoring.account_facts import Facts
from scoring.rollup import round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.inputs import InputRow
from workbook_templates.account.numbers import column, number, shown
from workbook_templates.drawing.account.evidence import NO_DATA
from workbook_templates.ooxml.cells import Value
from workbook_templates.typed import typing


def whatif_values(f: Facts, rows: list[InputRow]) -> dict[str, Any]:
    """Place → value; the blue cells hold today's values, stale ones left out."""
    metrics, typed = rows[: len(f.model.metrics)], rows[len(f.model.metrics) :]
    step, points = typing(f.model).step, [number(r.points) for r in metrics]
    return {
        "whatif_typed": column([r.raw for r in typed]),
        "whatif_now": column([shown(s / step) for s in f.dimensions]),
        "whatif_then": _then(f),
        "whatif_hidden": [
            [p.seen, p.earned, number(p.mean), number(s)]
            for p, s in zip(f.rolled.parts, f.dimensions, strict=True)
        ],
        "whatif_values": column([r.raw if r.observed else None for r in metrics]),
        "whatif_metric_now": column([NO_DATA if r.raw is None else r.raw for r in metrics]),
        "whatif_points": [[p, p] for p in points],
        "whatif_win": column([r.lost if r.observed else "" for r in metrics]),
        **_result(f),
        "moves": [_move(f, i) for i in range(len(f.dimensions))],
    }


def _then(f: Facts) -> list[list[Value]]:
    """Score, weight, points now and then of each dimension, and their total."""
    step, shares = typing(f.model).step, f.shares
    pairs = list(zip(shares, f.dimensions, strict=True))
    rows = [[shown(s / step), a, number(a * s), number(a * s)] for a, s in pairs]
    total = sum(a * s for a, s in pairs if s == s) if f.weight_in_play else math.nan
    return [*rows, [None, sum(shares), shown(total), shown(total)]]


def _result(f: Facts) -> dict[str, Any]:
    """Nothing typed yet: the score then is the score now."""
    target, now = f.model.tiers[0].starts_at, f.model_total
    code = w.score_code(f.model, math.nan if w.young(f) else now)
    line: list[Value] = [shown(round_half_up(now)), w.code_words(f.model, code) or "○ No tier"]
    missing = max(0.0, target - round_half_up(now)) if now == now else math.nan
    reached = "" if math.isnan(missing) else "Not yet" if missing else "Target reached"
    change = shown(now - now)
    return {
        "whatif_result": [line, line, [number(now), None], [change, None]],
        "whatif_target": target,
        "whatif_missing": [[shown(missing), reached]],
        "whatif_tiers": column(["" if code is None else code] * 2),
    }


def _move(f: Facts, i: int) -> list[Value]:
    """Now, needed, steps, points a step, score reached, for one dimension alone."""
    typed = typing(f.model)
    now = f.dimensions[i] / typed.step
    if math.isnan(now):
        return ["–"] * 5
    gain = f.shares[i] * typed.step
    if math.isnan(f.model_total) or w.young(f):
        return [now, "–", "–", gain, "–"]
    rise = max(0.0, f.model.tiers[0].starts_at - f.model_total) / gain
    rise = float(math.ceil(round(rise, 6))) if typed.is_rating else rise
    if now + rise > typed.high + 1e-9:
        return [now, "not alone", rise, gain, "–"]
    return [now, now + rise, rise, gain, round_half_up(f.model_total + rise * gain)]
