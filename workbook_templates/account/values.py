"""A value for every named place of the account template: inputs, and what formulas will show.

Cached values let a phone or a mail preview show the numbers without calculating; tests
recalculate every formula and compare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.renewal import renewal_play, scenarios
from scoring.rollup import TIERS, Part, round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.detail import detail_values
from workbook_templates.account.facts import Facts
from workbook_templates.account.inputs import InputRow, input_rows, ranked
from workbook_templates.account.tables import Tables
from workbook_templates.account.whatif import whatif_values
from workbook_templates.drawing.account.blocks import FACTS, STEPS
from workbook_templates.drawing.account.canvas import CheckRows
from workbook_templates.drawing.account.card_layout import DRIVERS
from workbook_templates.ooxml.cells import Value

Places = dict[str, Any]
CUT = 70


def number(x: float) -> Value:
    """A float for a cell; "" for NaN, as formulas give it."""
    return "" if math.isnan(x) else x


def blank(x: float) -> Value:
    """A float for an input cell; empty for NaN."""
    return None if math.isnan(x) else x


def shown(x: float, otherwise: str = "–") -> Value:
    """A float for a cell that people read; a dash for NaN."""
    return otherwise if math.isnan(x) else x


def place_values(f: Facts, tables: Tables) -> Places:
    """Place → value for one account; names without their prefix ``hs_``."""
    rows = input_rows(f)
    values: Places = {}
    values |= _header(f)
    values |= _panel(f)
    values |= _dimension_table(f)
    values |= _drivers(rows)
    values |= _evidence(f, rows)
    values |= _renewal(f)
    values |= detail_values(f, rows)
    values |= tables.card_values()
    values |= whatif_values(f, rows)
    values |= _checks(f, rows)
    values["note"] = note_words(f, rows)
    return values


def _header(f: Facts) -> Places:
    name = f.name
    renewal = f.day("renewal_date")
    arr = f.number("arr")
    rolled = f.rolled.total
    lost = (
        "Where the points went"
        if math.isnan(rolled)
        else f"Where the {w.whole(100 - rolled)} points went"
    )
    return {
        "account_name": name if len(name) <= CUT else name[: CUT - 1] + "…",
        "csm": f.text("csm") or "not provided",
        "segment_label": w.SEGMENT_WORDS.get(f.text("segment"), "not provided"),
        "model_label": f.model.label,
        "head_arr": shown(arr, "not provided"),
        "head_renewal": renewal or "not provided",
        "days_left": (renewal - f.as_of).days if renewal else "–",
        "head_as_of": f.as_of,
        "lost_title": lost,
    }


def _panel(f: Facts) -> Places:
    return {
        "score": shown(round_half_up(f.total)),
        "out_of": "" if math.isnan(f.total) else "out of 100",
        "tier": w.tier_words(f),
        "subtier": w.subtier_words(f),
        "change_words": w.change_words(f),
        "coverage_words": w.coverage_words(f),
        "last_words": w.last_words(f),
    }


def dimension_scores(f: Facts) -> list[float]:
    """Dimension scores 0–100, NaN where there is none."""
    return [float(x) for x in f.rolled.dimensions]


def _shares(f: Facts) -> list[float]:
    """Weight of each dimension among those with a score."""
    scores = dimension_scores(f)
    in_play = sum(x for x, s in zip(f.weights, scores, strict=True) if s == s)
    return [x / in_play if s == s else 0.0 for x, s in zip(f.weights, scores, strict=True)]


def _dimension_table(f: Facts) -> Places:
    step = 20.0 if f.model.typed == "rating" else 1.0
    scores, shares = dimension_scores(f), _shares(f)
    before = f.previous.dimensions if f.previous else (math.nan,) * len(scores)
    left, right = [], []
    for d, part, s, share, then in zip(
        f.model.dimensions, f.rolled.parts, scores, shares, before, strict=True
    ):
        typed = " (typed)" if part.typed else ""
        left.append([d.name + typed, shown(s / step), share if s == s else "–"])
        moved = round_half_up(s / step) - round_half_up(then / step)
        right.append([number(share * s), shown(moved), shown(s / 100, "no data")])
    total = f.rolled.total
    shown_total, then = f.total, f.previous.total if f.previous else math.nan
    moved = round_half_up(shown_total) - round_half_up(then)
    last = [sum(shares), None, shown(total), shown(moved), shown(total / 100)]
    return {"card_dimensions": left, "card_points": right, "card_total": [last]}


def _drivers(rows: list[InputRow]) -> Places:
    top = ranked(rows)[:DRIVERS]
    healthy = {r.key: r.healthy for r in rows}
    filled: list[list[Value]] = [[r.name, r.now, healthy[r.key], r.lost] for r in top]
    return {"drivers": filled + [["", "", "", ""]] * (DRIVERS - len(filled))}


def _column(values: Sequence[Value]) -> list[list[Value]]:
    return [[v] for v in values]


def _evidence(f: Facts, rows: list[InputRow]) -> Places:
    metrics = rows[: len(f.model.metrics)]
    observed = sum(r.observed for r in metrics)
    stale = sum(r.key in f.stale for r in metrics)
    missing = len(metrics) - observed - stale
    parts = [f"{observed} of {len(metrics)} metrics observed"]
    parts += [f"{stale} stale"] if stale else []
    parts += [f"{missing} missing"] if missing else []
    typed = sum(r.observed for r in rows) - observed
    parts += [f"{typed} typed by a person"] if typed else []
    note = f"{f.name[:CUT]} · as of {w.day_words(f.as_of)} · {', '.join(parts)}"
    return {
        "evidence_note": f"{note} · coverage {w.whole(f.coverage * 100)}%",
        "evidence_value": _column([r.raw for r in rows]),
        "evidence_points": _column([number(r.points) for r in rows]),
        "evidence_lost": _column([r.lost if r.observed else "" for r in rows]),
        "evidence_as_of": _column([r.as_of for r in rows]),
        "evidence_age": _column(["" if r.age is None else r.age for r in rows]),
        "evidence_status": _column([r.status for r in rows]),
    }


def _yes(f: Facts, *keys: str) -> bool:
    """Whether any of these signals is given: a Yes state, or details in words."""
    values = [f.record.get(k) for k in keys]
    return any(v is True or (isinstance(v, str) and v.casefold() not in ("", "no")) for v in values)


def expanding(f: Facts) -> bool:
    """Whether the account shows expansion signals."""
    state = f.record.get("expansion_signal")
    return _yes(f, "expansion_signal") if state is not None else _yes(f, "expansion_details")


def leaving(f: Facts) -> bool:
    """Whether the account shows downgrade or cancellation signals."""
    state = f.record.get("downgrade_signal")
    return _yes(f, "downgrade_signal") if state is not None else _yes(f, "downgrade_details")


def seats_used(f: Facts) -> float:
    """Active over licensed seats, NaN where not known."""
    given = f.number("seats_active_share")
    licensed, active = f.number("seats_licensed"), f.number("seats_active")
    return given if not math.isnan(given) else active / licensed if licensed > 0 else math.nan


def _renewal(f: Facts) -> Places:
    arr, renewal = f.number("arr"), f.day("renewal_date")
    left = math.nan if renewal is None else float((renewal - f.as_of).days)
    score = round_half_up(f.total) if f.tier else math.nan
    rows: list[list[Value]] = [["", "–", "–"]] * 3
    if score == score:
        rows = []
        for s in scenarios(score, arr, seats_used(f)):
            rows.append([s.probability, shown(s.arr_at_risk), shown(s.probability * s.arr_at_risk)])
    elif arr == arr:
        at_risk = [s.arr_at_risk for s in scenarios(0, arr, seats_used(f))]
        rows = [["", x, "–"] for x in at_risk]
    known = score == score and arr == arr
    expected: Value = sum(float(r[2]) for r in rows) if known else "–"  # type: ignore[arg-type]
    whole: Value = 1.0 if score == score else ""
    speed = w.points_a_day(f)
    play = renewal_play(f.tier, speed, left, expanding=expanding(f), leaving=leaving(f))
    score_words = "" if math.isnan(f.total) else f"{w.whole(f.total)} "
    due = f"renews in {left:.0f} days" if renewal else "renewal date not provided"
    return {
        "renewal_note": f"{score_words}{w.tier_words(f)}  ·  {due}  ·  illustration, not calibrated",
        "scenarios": [*rows, [whole, expected, None]],
        "play": _column(
            [play.name, play.reason, shown(speed), shown(seats_used(f), "not provided")]
        ),
        "expansion_words": _signal(f, "expansion_signal", "expansion_details"),
        "downgrade_words": _signal(f, "downgrade_signal", "downgrade_details"),
        "card_scenarios": [
            ["Full renewal at current ARR", rows[0][0]],
            ["Renewal with contraction", rows[1][0]],
            ["Churn", rows[2][0]],
            ["Expected", whole],
        ],
        "card_risk": _column([rows[0][1], rows[1][1], rows[2][1], expected]),
        "card_play": f"Play: {play.name}",
        "card_reason": play.reason,
    }


def _signal(f: Facts, state: str, details: str) -> str:
    said, more = f.text(state), f.text(details)
    return ": ".join(x for x in (said, more) if x) or "not provided"


def _facts(f: Facts) -> list[Value]:
    shot = f.previous
    score, days = f.month_ago
    tier = f.record.get("override_tier")
    values: Mapping[str, Value] = {
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
    return [values[key] for key, _ in FACTS]


def _steps(f: Facts) -> list[Value]:
    life = f.model.lifecycle
    age = w.age_days(f)
    scores = dimension_scores(f)
    in_play = sum(x for x, s in zip(f.weights, scores, strict=True) if s == s)
    partial = age is not None and age <= life.partial_days and f.coverage > 0
    own = w.own_code(f)
    values: Mapping[str, Value] = {
        "age": "" if age is None else age,
        "young": w.young(f),
        "onboarding": age is not None and age <= life.onboarding_days,
        "in_play": in_play,
        "rolled": number(f.rolled.total),
        "coverage": f.coverage,
        "low": number(f.low),
        "high": number(f.high),
        "enough": f.coverage >= f.model.min_coverage - 1e-9 or partial,
        "model_total": number(f.model_total),
        "basis": number(w.basis(f)),
        "model_tier": "" if own is None else own,
        "overridden": w.override_active(f),
        "total": number(f.total),
        "tier": "" if f.tier_code is None else f.tier_code,
        "status": f.status,
        "velocity": number(w.points_a_day(f)),
    }
    return [values[key] for key, _ in STEPS]


def _dimension_steps(f: Facts) -> list[list[Value]]:
    typed_scale = 20.0 if f.model.typed == "rating" else 1.0
    rows: list[list[Value]] = []
    scores, shares = dimension_scores(f), _shares(f)
    for i, (part, s, share) in enumerate(zip(f.rolled.parts, scores, shares, strict=True)):
        typed = f.number(f.model.dimensions[i].key) * typed_scale
        rows.append(
            [f.weights[i], part.seen, part.earned, _mean(part), number(typed), number(s), share,
             number(share * s), part.covered, part.low, part.high]
        )  # fmt: skip
    return rows


def _mean(part: Part) -> Value:
    return number(part.mean)


def _checks(f: Facts, rows: list[InputRow]) -> Places:
    numbers = [f.total, f.model_total, f.coverage, f.low, f.high]
    code = math.nan if f.tier_code is None else float(f.tier_code)
    given = sum(r.gives for r in rows)
    engine = [*numbers, code, *dimension_scores(f), 0.0 if math.isnan(f.rolled.total) else given]
    top = CheckRows(f.model).inputs
    order = [_rank(r.lost, top + i) for i, r in enumerate(rows)]
    steps = []
    for r, rank in zip(rows, order, strict=True):
        steps.append(
            [r.share, 1 if r.observed else 0, number(r.counted), r.could, r.gives, r.lost,
             number(rank), r.now, r.gives, 0]
        )  # fmt: skip
    before = f.previous.dimensions if f.previous else (math.nan,) * len(f.weights)
    return {
        "checks_title": "Every formula agrees with the engine",
        "check_formula": _column([number(x) for x in engine]),
        "check_engine": _column([blank(x) for x in engine]),
        "check_difference": _column(["" if math.isnan(x) else 0.0 for x in engine]),
        "check_agrees": _column(["Yes"] * len(engine)),
        "facts": _column(_facts(f)),
        "steps": _column(_steps(f)),
        "dimension_steps": _dimension_steps(f),
        "input_steps": steps,
        "previous_dimensions": _column([blank(x) for x in before]),
    }


def _rank(lost: float, row: int) -> float:
    """Sort key of the drivers, as on the sheet: of equal losses the upper row comes first."""
    return lost - row * 1e-10 if lost > 1e-9 else math.nan


def note_words(f: Facts, rows: list[InputRow]) -> str:
    """Last line of the page: how points are made, tier edges, what is missing or stale."""
    green, amber, _ = f.model.tiers
    made = "rating ÷ 5 × weight" if f.model.typed == "rating" else "score × weight"
    edges = (
        f"● {green.label} {green.starts_at:g} to 100, ▲ {amber.label} {amber.starts_at:g} to "
        f"{green.starts_at - 1:g}, ■ {f.model.tier_label('red')} below {amber.starts_at:g}."
    )
    parts = [f"Points = {made}.", edges]
    if f.previous:
        parts.append(f"Trend: against the scorecard of {w.day_words(f.previous.day)}.")
    metrics = rows[: len(f.model.metrics)]
    for label, names in (
        ("Missing", [r.name for r in metrics if r.status == "Missing"]),
        ("Stale", [r.name for r in metrics if r.key in f.stale]),
    ):
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            parts.append(f"{label}: {', '.join(names[:5])}{more}.")
    moving = w.movement(f)
    if moving:
        parts.append(f"{moving} ({w.signed(w.points_a_day(f), 2)} points a day).")
    return " ".join(parts)
