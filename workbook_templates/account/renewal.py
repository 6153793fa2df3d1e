"""Values of *Renewal* and of what *Scorecard* shows of it."""

from __future__ import annotations

import math
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.outlook import days_left, play_of, seats_used
from scoring.renewal import LABEL, expected_loss, scenarios
from scoring.rollup import round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.numbers import column, shown
from workbook_templates.drawing.account.detail import NOT_PROVIDED
from workbook_templates.drawing.account.renewal import EXPECTED, SCENARIOS
from workbook_templates.ooxml.cells import Value


def renewal_values(f: Facts) -> dict[str, Any]:
    """Place → value."""
    rows = _scenario_rows(f)
    speed, left, play = w.points_a_day(f), days_left(f), play_of(f)
    used = shown(seats_used(f), NOT_PROVIDED)
    labels = [*SCENARIOS, EXPECTED]
    return {
        "renewal_note": _note(f, left),
        "scenarios": rows,
        "play": column([play.name, play.reason, shown(speed), used]),
        "expansion_words": _signal(f, "expansion_signals", "expansion_details"),
        "downgrade_words": _signal(f, "downgrade_signals", "downgrade_details"),
        "card_scenarios": [[label, row[0]] for label, row in zip(labels, rows, strict=True)],
        "card_risk": column([row[1] for row in rows]),
        "card_play": f"Play: {play.name}",
        "card_reason": play.reason,
    }


def _note(f: Facts, left: float) -> str:
    score = "" if math.isnan(f.total) else f"{w.whole(f.total)} "
    due = "renewal date not provided" if math.isnan(left) else f"renews in {left:.0f} days"
    return f"{score}{w.tier_words(f)}  ·  {due}  ·  {LABEL.lower()}"


def _scenario_rows(f: Facts) -> list[list[Value]]:
    """Probability, ARR at risk, expected loss of each scenario and of all; none without a tier."""
    tiered = bool(f.tier) and not math.isnan(f.total)
    score = round_half_up(f.total) if tiered else 0.0
    rows: list[list[Value]] = []
    found = scenarios(score, f.number("arr"), seats_used(f))
    for s in found:
        loss = s.probability * s.arr_at_risk if tiered else math.nan
        rows.append([s.probability if tiered else "–", shown(s.arr_at_risk), shown(loss)])
    expected = expected_loss(found) if tiered else math.nan
    return [*rows, [1.0 if tiered else "–", shown(expected), None]]


def _signal(f: Facts, state: str, details: str) -> str:
    said, more = f.text(state), f.text(details)
    return ": ".join(x for x in (said, more) if x) or NOT_PROVIDED
