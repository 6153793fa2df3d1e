"""Values of *Renewal* and of what *Scorecard* shows of it."""

from __future__ import annotations

import math
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.outlook import days_left, outlook, seats_used
from scoring.judgement.records import Outlook
from scoring.judgement.strategy import renewal_strategy
from scoring.renewal import Chances, at_score, scenarios
from scoring.rollup import round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.numbers import column, shown
from workbook_templates.drawing.account.chances import ILLUSTRATED, SHOWN, TITLE
from workbook_templates.drawing.account.detail import NOT_PROVIDED
from workbook_templates.drawing.account.renewal import EXPECTED, SCENARIOS
from workbook_templates.drawing.account.strategy import STRATEGY_ROWS
from workbook_templates.ooxml.cells import Value


def renewal_values(f: Facts) -> dict[str, Any]:
    """Place → value."""
    found = outlook(f)
    rows, play = _scenario_rows(f, found), found.play
    speed, left = w.points_a_day(f), days_left(f)
    used = shown(seats_used(f), NOT_PROVIDED)
    labels = [*SCENARIOS, EXPECTED]
    return {
        "renewal_note": _note(f, left),
        "scenarios": rows,
        "scenario_exact": _exact_rows(f, found),
        **_chances(f.chances),
        "strategy": _strategy_rows(f),
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
    return f"{score}{w.tier_words(f)}  ·  {due}  ·  {f.chances.said}"


def _scenario_rows(f: Facts, o: Outlook) -> list[list[Value]]:
    """Probability, ARR at risk, expected loss of each scenario and of all; none without a tier."""
    arr = f.number("arr")
    # Without a tier what could be lost is known all the same; any score shows it.
    found = o.scenarios or scenarios(0.0, arr, seats_used(f))
    tiered = bool(o.scenarios)
    rows: list[list[Value]] = []
    for s in found:
        loss = s.probability * s.arr_at_risk if tiered else math.nan
        rows.append([s.probability if tiered else "–", shown(s.arr_at_risk), shown(loss)])
    return [*rows, [1.0 if tiered else "–", shown(o.expected), None]]


def _exact_rows(f: Facts, o: Outlook) -> list[list[Value]]:
    """Exact per cents of each scenario, their whole part and the rest."""
    if not o.scenarios:
        return [["", "", ""]] * len(SCENARIOS)
    exact = scenarios(round_half_up(f.total), f.number("arr"), seats_used(f), f.chances.brackets)
    cents = [round(100 * s.probability, 9) for s in exact]
    return [[x, float(math.floor(x)), round(x - math.floor(x), 9)] for x in cents]


def _chances(used: Chances) -> dict[str, Any]:
    """Churn and contraction of every score, what they rest on, and where that is said."""
    every = [at_score(used.brackets, score) for score in range(101)]
    shown = [every[score] for score in SHOWN]
    return {
        "chances": [[b.churn, b.contraction] for b in every],
        "chances_shown": [[b.churn, b.contraction, 1 - b.churn - b.contraction] for b in shown],
        "chances_label": used.said,
        "chances_title": f"{TITLE} ({used.said})",
        "chances_note": _rests_on(used),
        "card_scenario_head": f"Scenario ({used.said})",
    }


def _rests_on(used: Chances) -> str:
    if used.fitted is None or used.expires is None:
        return ILLUSTRATED
    return f"{used.label}: {used.meaning}. Used until {w.day_words(used.expires)}."


def _strategy_rows(f: Facts) -> list[list[Value]]:
    """A row a step of the 90 days before the renewal."""
    steps: list[list[Value]] = [[s.text, s.due, s.role, s.why] for s in renewal_strategy(f)]
    return steps + [[None] * 4] * (STRATEGY_ROWS - len(steps))


def _signal(f: Facts, state: str, details: str) -> str:
    said, more = f.text(state), f.text(details)
    return ": ".join(x for x in (said, more) if x) or NOT_PROVIDED
