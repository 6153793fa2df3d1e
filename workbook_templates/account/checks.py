"""Values of *Checks*: facts that formulas read, and every step as the engine computed it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.outlook import expanding, leaving, seats_used
from scoring.rollup import TIERS, Part
from workbook_templates.account import words as w
from workbook_templates.account.inputs import InputRow
from workbook_templates.account.numbers import blank, column, number
from workbook_templates.drawing.account.blocks import (
    CHECKED,
    DIMENSION_STEPS,
    FACTS,
    INPUT_STEPS,
    STEPS,
)
from workbook_templates.drawing.account.canvas import CheckRows
from workbook_templates.drawing.account.checks import AGREES
from workbook_templates.ooxml.cells import Value
from workbook_templates.typed import typing


def checks_values(f: Facts, rows: list[InputRow]) -> dict[str, Any]:
    """Place → value."""
    facts, steps = _facts(f), _steps(f)
    given = "" if math.isnan(f.rolled.total) else sum(r.gives for r in rows)
    # Without a score the contributions still sum to 0, on the sheet and here.
    results = [*(steps[key] for key in CHECKED), *map(number, f.dimensions), given or 0.0]
    engine = [None if x == "" else x for x in results]
    return {
        "check_formula": column(results),
        "check_engine": column(engine),
        "check_difference": column(["" if x is None else 0.0 for x in engine]),
        "check_agrees": column(["Yes"] * len(engine)),
        "facts": column([facts[key] for key, _ in FACTS]),
        "steps": column([steps[key] for key, _ in STEPS]),
        "dimension_steps": _dimension_rows(f),
        "input_steps": _input_rows(f, rows),
        "previous_dimensions": column([blank(x) for x in f.before_dimensions]),
    }


def checks_words(found: Sequence[Sequence[Value]]) -> str:
    """Title of the sheet, where all formulas agree; *found* counts what the quality checks saw."""
    count = sum(row[0] for row in found if isinstance(row[0], int))
    return f"{AGREES}; {count} to mend" if count else AGREES


def _facts(f: Facts) -> Mapping[str, Value]:
    shot, tier = f.previous, f.record.get("override_tier")
    score, days = f.month_ago
    return {
        "as_of": f.as_of,
        "start": f.day("start_date"),
        "segment": f.text("segment") or None,
        "arr": blank(f.number("arr")),
        "currency": f.text("currency") or None,
        "renewal": f.day("renewal_date"),
        "seats_used": blank(seats_used(f)),
        "expanding": int(expanding(f)),
        "leaving": int(leaving(f)),
        "override_score": blank(f.number("override_score")),
        "override_tier": TIERS.index(tier) if tier in TIERS else None,
        "override_expires": f.day("override_expires"),
        "override_note": w.override_note(f),
        "smoothed": blank(f.smoothed),
        "cap": w.gate_cap(f),
        "cap_note": w.gate_note(f),
        "previous_date": shot.day if shot else None,
        "previous_words": w.previous_words(f),
        "previous_score": shot.total if shot else None,
        "previous_tier": TIERS.index(shot.tier) if shot and shot.tier else None,
        "month_ago": blank(score),
        "month_days": blank(days),
    }


def _steps(f: Facts) -> Mapping[str, Value]:
    life, age, own = f.model.lifecycle, w.age_days(f), w.own_code(f)
    least = f.model.min_coverage
    if age is not None and age <= life.partial_days:
        least = min(least, life.partial_coverage)
    return {
        "age": "" if age is None else age,
        "young": w.young(f),
        "onboarding": age is not None and age <= life.onboarding_days,
        "in_play": f.weight_in_play,
        "rolled": number(f.rolled.total),
        "coverage": f.coverage,
        "low": number(f.low),
        "high": number(f.high),
        "enough": f.coverage >= least - 1e-9 and f.coverage > 0,
        "model_total": number(f.model_total),
        "basis": number(w.basis(f)),
        "model_tier": "" if own is None else own,
        "overridden": w.override_active(f),
        "total": number(f.total),
        "tier": "" if f.tier_code is None else f.tier_code,
        "status": f.status,
        "velocity": number(w.points_a_day(f)),
    }


def _dimension_rows(f: Facts) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for i, part in enumerate(f.rolled.parts):
        steps = _dimension(f, i, part)
        rows.append([steps[key] for key, _ in DIMENSION_STEPS])
    return rows


def _dimension(f: Facts, i: int, part: Part) -> Mapping[str, Value]:
    score, share = f.dimensions[i], f.shares[i]
    typed = f.number(f.model.dimensions[i].key) * typing(f.model).step
    return {
        "weight": f.weights[i],
        "seen": part.seen,
        "earned": part.earned,
        "mean": number(part.mean),
        "typed": number(typed),
        "score": number(score),
        "share": share,
        "points": number(share * score),
        "covered": part.covered,
        "low": part.low,
        "high": part.high,
    }


def _input_rows(f: Facts, rows: list[InputRow]) -> list[list[Value]]:
    top = CheckRows(f.model).inputs
    out: list[list[Value]] = []
    for i, r in enumerate(rows):
        steps: Mapping[str, Value] = {
            "share": r.share,
            "observed": int(r.observed),
            "counted": number(r.counted),
            "could": r.could,
            "gives": r.gives,
            "lost": r.lost,
            "order": number(_order(r.lost, top + i)),
            "now": r.now,
            "engine": r.gives,
            "difference": 0,
        }
        out.append([steps[key] for key, _ in INPUT_STEPS])
    return out


def _order(lost: float, row: int) -> float:
    """Sort key of the drivers, as on the sheet: of equal losses the upper row comes first."""
    return lost - row * 1e-10 if lost > 1e-9 else math.nan
