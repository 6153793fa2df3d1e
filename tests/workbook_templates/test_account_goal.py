"""The 30-day goal on *What-if* and *Scorecard*, and the strategy on *Renewal*, as they are told."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scoring.account_facts import Facts
from scoring.judgement.month_goal import month_goal
from scoring.judgement.strategy import renewal_strategy
from scoring.presets import preset_names
from scoring.renewal import Bracket, as_displayed, scenarios
from tests.office.client import Office
from tests.scoring.judgement.acme import MODEL, account
from tests.workbook_templates.samples import all_facts
from workbook_templates.account.inputs import input_rows
from workbook_templates.account.renewal import renewal_values
from workbook_templates.account.whatif_goal import goal_values
from workbook_templates.drawing.account.canvas import RENEWAL, WHATIF, Canvas
from workbook_templates.drawing.account.strategy import STRATEGY_ROWS
from workbook_templates.drawing.account.whatif import metrics_top
from workbook_templates.drawing.account.whatif_goal import GOAL_ROWS
from workbook_templates.drawing.theme import Book
from workbook_templates.report import account_template, fill_scorecard


def told(f: Facts) -> dict[str, Any]:
    """Place → value of an account's goal."""
    return goal_values(f, month_goal(f), input_rows(f))


def test_the_goal_of_the_account_of_002() -> None:
    """Title, rule and moves as people read them, and the score of all of them by the formulas."""
    values = told(account())
    assert values["goal_title"] == "30-day goal: 65 → 72 by 23 Dec 2026"
    assert values["goal_note"] == (
        "7 points in a month; Green is 15 off. The cheapest moves that reach it give 72, Amber."
    )
    assert values["card_goal"] == "Actions · 30-day goal 72 (now 65)"
    assert values["goal_short"] == [[72.0, "moves below"]]
    first = values["goal_moves"][0]
    assert first[:4] == ["Usage trend", "−18%", "−10%", 2.0]
    assert first[6] == "Win back the users who stopped"
    assert values["goal_moves"][5] == [None] * 7
    days, gain, score = values["goal_total"][0]
    assert (days, score) == (11.5, 72.0)
    assert gain == pytest.approx(values["goal_exact"] - account().model_total)


def test_more_moves_than_rows_are_summed_up() -> None:
    """Of ten moves five stand alone; the last row names the others with their sums."""
    f = account()
    goal = month_goal(f)
    assert goal is not None
    twice = replace(goal, moves=goal.moves * 2, efforts=goal.efforts * 2, actions=goal.actions * 2)
    rows = goal_values(f, twice, input_rows(f))["goal_moves"]
    assert len(rows) == GOAL_ROWS
    assert rows[-1][0] == "5 more moves"
    assert rows[-1][3] == sum(goal.efforts)
    assert rows[-1][4] == pytest.approx(sum(m.gain for m in goal.moves))
    assert rows[-1][6].count("→") == 5


def test_without_a_goal_the_reason_stands_there() -> None:
    """Green holds, a new account waits, no score has none: each says so."""
    facts = all_facts("scorecard")
    assert told(facts["best"])["card_goal"] == "Actions · 30-day goal: hold 100"
    new = told(facts["day5"])
    assert (new["goal_title"], new["card_goal"]) == ("30-day goal: none", "Actions")
    assert "neutral to day" in new["goal_note"]
    none = told(facts["nothing"])
    assert none["goal_note"] == "No score, so no goal: fill in what is missing."
    assert none["goal_total"] == [["–", "–", "–"]]


def test_the_strategy_fills_its_rows() -> None:
    """Text, day, role and why of each step; rows left over are empty."""
    rows = renewal_values(account())["strategy"]
    assert len(rows) == STRATEGY_ROWS
    assert rows[1][:3] == ["Close 4 satisfaction concerns", date(2027, 1, 14), "Support manager"]
    assert rows[-1] == [None] * 4


@pytest.mark.parametrize("preset", preset_names())
def test_every_account_fits_its_rows(preset: str) -> None:
    """No account has more steps than rows, nor a reason longer than its cell holds."""
    for f in all_facts(preset).values():
        steps = renewal_strategy(f)
        assert len(steps) <= STRATEGY_ROWS
        assert max(len(s.why) for s in steps) <= 330
        assert max(len(s.text) for s in steps) <= 80
        shares = [row[0] for row in renewal_values(f)["scenarios"][:3]]
        if f.tier:
            assert sum(round(x * 100) for x in shares) == 100


def test_scenarios_stand_beside_their_exact_shares() -> None:
    """What is shown in whole per cents has its exact per cent, whole part and rest out of sight."""
    values = renewal_values(account())
    assert [row[0] for row in values["scenarios"]] == [0.4, 0.26, 0.34, 1.0]
    assert values["scenario_exact"] == [[40.0, 40.0, 0.0], [26.0, 26.0, 0.0], [34.0, 34.0, 0.0]]


def test_the_moves_typed_into_the_blue_cells_give_the_goal(office: Office, tmp_path: Path) -> None:
    """LibreOffice: typing each To gives the goal's score, the one of all moves beside it too."""
    f = account()
    goal = month_goal(f)
    assert goal is not None
    path = tmp_path / "goal.xlsx"
    path.write_bytes(fill_scorecard(account_template(MODEL), f))
    canvas = Canvas(Book(io.BytesIO(), title=""), MODEL)
    row = {m.key: metrics_top(canvas) + i for i, m in enumerate(MODEL.metrics)}
    typed = {(WHATIF, f"D{row[move.key]}"): move.to for move in goal.moves}
    # Other shares of its score, 65, of half per cents, typed on *Renewal*.
    at = 6 + 65
    typed |= {(RENEWAL, f"S{at}"): 0.345, (RENEWAL, f"T{at}"): 0.265}
    fresh = office.recalculate(path, typed)
    sheet, end = fresh[WHATIF], metrics_top(canvas) + len(MODEL.metrics) - 1
    assert sheet["K6"] == goal.reached == sheet[f"G{end + 5 + GOAL_ROWS}"]
    assert sheet["K7"] == pytest.approx(goal.moves[-1].score)
    shares = [fresh[RENEWAL][f"C{r}"] for r in (6, 7, 8)]
    assert shares == [0.39, 0.27, 0.34]
    exact = scenarios(65.0, 45000.0, 0.48, [Bracket(0, 0.345, 0.265)])
    assert shares == [x.probability for x in as_displayed(exact)]
