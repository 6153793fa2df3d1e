"""A value for every named place of the account template: inputs, and what formulas will show.

Cached values let a phone or a mail preview show the numbers without calculating; tests
recalculate every formula and compare.
"""

from __future__ import annotations

import math
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.month_goal import month_goal
from scoring.judgement.outlook import outlook
from scoring.judgement.summary import account_summary
from scoring.rollup import round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.checks import checks_values, checks_words
from workbook_templates.account.detail import detail_values
from workbook_templates.account.inputs import InputRow, ranked
from workbook_templates.account.numbers import column, number, shown
from workbook_templates.account.quality import quality_values
from workbook_templates.account.renewal import renewal_values
from workbook_templates.account.steps import why_words
from workbook_templates.account.tables import Tables
from workbook_templates.account.whatif import whatif_values
from workbook_templates.account.whatif_goal import goal_values
from workbook_templates.drawing.account.card_layout import DRIVERS
from workbook_templates.drawing.account.detail import NOT_PROVIDED
from workbook_templates.drawing.account.evidence import MISSING
from workbook_templates.ooxml.cells import Value
from workbook_templates.typed import typing

Places = dict[str, Any]
CUT, CSM_CUT = 70, 26
"""Letters that the title and the CSM's cell hold in a size people can read."""
NAMED = 5
"""Most metrics named in the note; more are counted."""


def place_values(f: Facts, rows: list[InputRow], tables: Tables) -> Places:
    """Place → value for one account; names without their prefix ``hs_``."""
    values = {
        **_header(f),
        **_panel(f),
        **_dimension_table(f),
        **_drivers(rows),
        **_evidence(f, rows),
        **renewal_values(f),
        **detail_values(f),
        **tables.card_values(),
        **whatif_values(f, rows),
        **goal_values(f, month_goal(f), rows),
        **checks_values(f, rows),
        "summary": account_summary(f, actions=tables.plan, outlook=outlook(f)),
        "note": note_words(f, rows),
        **why_words(f, tables.steps),
    }
    quality = quality_values(f, rows, tables, values)
    return {**values, **quality, "checks_title": checks_words(quality["quality_found"])}


def _header(f: Facts) -> Places:
    name, renewal, rolled = f.name, f.day("renewal_date"), f.rolled.total
    lost = "" if math.isnan(rolled) else f"{w.whole(100 - rolled)} "
    return {
        "account_name": w.cut(name, CUT),
        "csm": w.cut(f.text("csm"), CSM_CUT) or NOT_PROVIDED,
        "segment_label": w.SEGMENT_WORDS.get(f.text("segment"), NOT_PROVIDED),
        "model_label": f.model.label,
        "head_arr": shown(f.number("arr"), NOT_PROVIDED),
        "head_renewal": renewal or NOT_PROVIDED,
        "days_left": (renewal - f.as_of).days if renewal else "–",
        "head_as_of": f.as_of,
        "lost_title": f"Where the {lost}points went",
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


def _dimension_table(f: Facts) -> Places:
    step = typing(f.model).step
    left: list[list[Value]] = []
    right: list[list[Value]] = []
    columns = (f.model.dimensions, f.rolled.parts, f.dimensions, f.shares, f.before_dimensions)
    for d, part, score, share, then in zip(*columns, strict=True):
        name = f"{d.name} (typed)" if part.typed else d.name
        left.append([name, shown(score / step), "–" if math.isnan(score) else share])
        moved = round_half_up(score / step) - round_half_up(then / step)
        right.append([number(share * score), shown(moved), shown(score / 100, "no data")])
    then = f.previous.total if f.previous else math.nan
    moved = round_half_up(f.total) - round_half_up(then)
    total = f.rolled.total
    last = [sum(f.shares), None, shown(total), shown(moved), shown(total / 100)]
    return {"card_dimensions": left, "card_points": right, "card_total": [last]}


def _drivers(rows: list[InputRow]) -> Places:
    top: list[list[Value]] = [[r.name, r.now, r.healthy, r.lost] for r in ranked(rows)[:DRIVERS]]
    return {"drivers": top + [["", "", "", ""]] * (DRIVERS - len(top))}


def _evidence(f: Facts, rows: list[InputRow]) -> Places:
    return {
        "evidence_note": _evidence_note(f, rows),
        "evidence_value": column([r.raw for r in rows]),
        "evidence_points": column([number(r.points) for r in rows]),
        "evidence_lost": column([r.lost if r.observed else "" for r in rows]),
        "evidence_as_of": column([r.as_of for r in rows]),
        "evidence_age": column(["" if r.age is None else r.age for r in rows]),
        "evidence_status": column([r.status for r in rows]),
    }


def _evidence_note(f: Facts, rows: list[InputRow]) -> str:
    """How much was observed, and what not."""
    metrics = rows[: len(f.model.metrics)]
    observed = sum(r.observed for r in metrics)
    stale = sum(r.key in f.stale for r in metrics)
    counts = {
        "stale": stale,
        "missing": len(metrics) - observed - stale,
        "typed by a person": sum(r.observed for r in rows) - observed,
    }
    parts = [f"{observed} of {len(metrics)} metrics observed"]
    parts += [f"{count} {word}" for word, count in counts.items() if count]
    note = f"{f.name[:CUT]} · as of {w.day_words(f.as_of)} · {', '.join(parts)}"
    return f"{note} · coverage {w.whole(f.coverage * 100)}%"


def note_words(f: Facts, rows: list[InputRow]) -> str:
    """Last line of the page: how points are made, tier edges, what is missing or stale."""
    green, amber, red = f.model.tiers
    made = "rating ÷ 5 × weight" if typing(f.model).is_rating else "score × weight"
    edges = (
        f"● {green.label} {green.starts_at:g} to 100, ▲ {amber.label} {amber.starts_at:g} to "
        f"{green.starts_at - 1:g}, ■ {red.label} below {amber.starts_at:g}."
    )
    parts = [f"Points = {made}.", edges]
    if f.previous:
        parts.append(f"Trend: against the scorecard of {w.day_words(f.previous.day)}.")
    metrics = rows[: len(f.model.metrics)]
    parts += _named("Missing", [r.name for r in metrics if r.status == MISSING])
    parts += _named("Stale", [r.name for r in metrics if r.key in f.stale])
    moving = w.movement(f)
    if moving:
        parts.append(f"{moving} ({w.signed(w.points_a_day(f), 2)} points a day).")
    return " ".join(parts)


def _named(label: str, names: list[str]) -> list[str]:
    """A sentence that names the first few, or none."""
    if not names:
        return []
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return [f"{label}: {', '.join(names[:NAMED])}{more}."]
