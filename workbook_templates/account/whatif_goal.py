"""Values of the 30-day goal on *What-if* and *Scorecard*."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from scoring.account_facts import Facts
from scoring.judgement.month_goal import move_words, value_words
from scoring.judgement.records import MonthGoal
from scoring.metric_phrase import short_name
from scoring.one import score_one
from scoring.rollup import Part, round_half_up
from workbook_templates.account import words as w
from workbook_templates.account.inputs import InputRow
from workbook_templates.account.numbers import number, shown
from workbook_templates.drawing.account.whatif_goal import GOAL_ROWS
from workbook_templates.ooxml.cells import Value

__all__ = ["goal_values"]

_NONE = "No score, so no goal: fill in what is missing."


def goal_values(f: Facts, goal: MonthGoal | None, rows: Sequence[InputRow]) -> dict[str, Any]:
    """Place → value, of the goal and of the score with all its moves."""
    return {
        "goal_title": _title(goal),
        "goal_note": _note(f, goal),
        "goal_moves": _moves(f, goal),
        "goal_short": [[goal.target if goal and goal.rule else "–", _short(goal)]],
        "card_goal": _card(f, goal),
        **_scored(f, goal, rows),
    }


def _title(goal: MonthGoal | None) -> str:
    if goal is None or not goal.rule:
        return "30-day goal: none"
    if not goal.moves:
        return f"30-day goal: hold {goal.target:.0f}"
    return f"30-day goal: {goal.start:.0f} → {goal.target:.0f} by {w.day_words(goal.by)}"


def _note(f: Facts, goal: MonthGoal | None) -> str:
    """The rule and what follows from it."""
    if goal is None:
        return _NONE
    parts = [goal.rule, goal.note.rstrip(".")]
    if goal.moves:
        tier = f.model.tier_label(goal.tier)
        parts.append(f"The cheapest moves that reach it give {goal.reached:.0f}, {tier}")
    return ". ".join(part for part in parts if part) + "."


def _short(goal: MonthGoal | None) -> str:
    return "moves below" if goal and goal.moves else ""


def _card(f: Facts, goal: MonthGoal | None) -> str:
    """Title of the actions on *Scorecard*."""
    if goal is None or not goal.rule:
        return "Actions"
    if not goal.moves:
        return f"Actions · 30-day goal: hold {goal.target:.0f}"
    return f"Actions · 30-day goal {goal.target:.0f} (now {goal.start:.0f})"


def _moves(f: Facts, goal: MonthGoal | None) -> list[list[Value]]:
    """A row a move; where there are more than rows, the last sums up the rest."""
    moves = goal.moves if goal else ()
    rows: list[list[Value]] = []
    for i, move in enumerate(moves):
        assert goal is not None
        start, to = (value_words(f.model, move, x) for x in (move.start, move.to))
        what = goal.actions[i]
        days, gain = goal.efforts[i], move.gain
        if i == GOAL_ROWS - 1 and len(moves) > GOAL_ROWS:
            rest = moves[i:]
            days, gain = math.fsum(goal.efforts[i:]), math.fsum(m.gain for m in rest)
            told = "; ".join(move_words(f.model, m) for m in rest)
            rows.append([f"{len(rest)} more moves", "", "", days, gain, rest[-1].score, told])
            break
        rows.append([short_name(move.name), start, to, days, gain, move.score, what])
    return rows + [[None] * 7] * (GOAL_ROWS - len(rows))


def _scored(f: Facts, goal: MonthGoal | None, rows: Sequence[InputRow]) -> dict[str, Any]:
    """What the formulas find: values with all moves made, and the score of them."""
    to = {move.key: move.to for move in goal.moves} if goal else {}
    metrics, typed = rows[: len(f.model.metrics)], rows[len(f.model.metrics) :]
    parts, total = f.rolled.parts, f.model_total
    points = {r.key: r.points for r in metrics}
    if to:
        moved = score_one({**f.record, **to}, f.model, as_of=f.as_of)
        parts, total = moved.rolled.parts, moved.total
        new = (x for part in parts for x in part.points)
        points |= {m.key: x for m, x in zip(f.model.metrics, new, strict=True) if m.key in to}
    days = math.fsum(goal.efforts) if goal and goal.moves else math.nan
    return {
        "goal_total": [[shown(days), shown(total - f.model_total), shown(round_half_up(total))]],
        "goal_exact": number(total),
        "goal_dimensions": [
            [to.get(r.key, r.raw), *_part(part)] for r, part in zip(typed, parts, strict=True)
        ],
        "goal_metrics": [
            [to.get(r.key, r.raw if r.observed else None), number(points[r.key])] for r in metrics
        ],
    }


def _part(part: Part) -> list[Value]:
    return [part.seen, part.earned, number(part.mean), number(part.score)]
