"""Risks and actions: order, people's own words, and what the scorecard shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from tests.workbook_templates.accounts import AS_OF
from tests.workbook_templates.samples import facts
from workbook_templates.account.inputs import input_rows
from workbook_templates.account.tables import ActionRow, RiskRow, Tables, make_tables
from workbook_templates.drawing.account.risks import ACTION_HEADS, LETTERS, RISK_HEADS

Row = dict[str, Any]


def _tables(risks: Sequence[Row] = (), actions: Sequence[Row] = (), **more: Any) -> Tables:
    tables = {"Risks": risks, "Actions": actions}
    f = facts("mixed", tables=tables, **{"risks": (), "positives": (), **more})
    return make_tables(f, input_rows(f))


def test_risks_stand_by_severity_and_unknown_words_are_kept() -> None:
    """High, medium, low, then what somebody called something else, as typed."""
    words = ("low", "Severe!", "HIGH", " Medium ", None)
    rows = _tables([{"risk": f"r{i}", "severity": s} for i, s in enumerate(words)]).risks
    assert [(r.risk, r.severity) for r in rows if r.risk] == [
        ("r2", "High"), ("r3", "Medium"), ("r0", "Low"), ("r1", "Severe!"), ("r4", "not rated"),
    ]  # fmt: skip


def _in(days: int) -> date:
    return AS_OF + timedelta(days)


def test_actions_stand_by_horizon_and_date() -> None:
    """This week, this month, before renewal; within each by due date, undated last."""
    actions: list[Row] = [
        {"action": "a", "horizon": "Before renewal", "deadline": _in(1)},
        {"action": "b", "horizon": "Immediate (this week):", "deadline": None},
        {"action": "c", "horizon": "this month", "deadline": _in(9)},
        {"action": "d", "horizon": "This week", "deadline": _in(3)},
        {"action": "e", "horizon": None, "deadline": _in(20)},
        {"action": "f", "horizon": None, "deadline": _in(90)},
        {"action": "g", "horizon": None, "deadline": None},
    ]
    every = [r for r in _tables(actions=actions).actions if r.action]
    rows = [r for r in every if len(r.action or "") == 1]
    assert [(r.action, r.horizon) for r in rows] == [
        ("d", "This week"), ("b", "This week"), ("c", "This month"), ("e", "This month"),
        ("g", "This month"), ("a", "Before renewal"), ("f", "Before renewal"),
    ]  # fmt: skip
    assert {r.status for r in rows} == {"Open"}
    assert [r.key for r in every if r.horizon == "This week"] == [
        f"This week {n + 1}" for n in range(sum(r.horizon == "This week" for r in every))
    ]


def test_the_card_shows_three_risks_and_two_actions_a_horizon() -> None:
    """What is missing is said: no owner, no date, no mitigation."""
    risks = [{"risk": f"r{i}", "severity": "High", "dimension": "engagement"} for i in range(5)]
    actions = [{"action": f"a{i}", "horizon": "This week"} for i in range(4)]
    card = _tables(risks, actions, tier="").card_values()
    assert card["card_risk_3_1"] == "High\nEngagement"
    assert card["card_risk_3_2"] == "r2"
    assert card["card_risk_1_3"] == "no mitigation provided"
    assert card["card_actions_1"] == [["a0", "no owner"], ["a1", "no owner"]]
    assert card["card_due_1"] == [["no date"], ["no date"]]
    assert card["card_actions_2"] == [["No action recorded", ""], ["", ""]]
    assert card["risks_note"] == "5 risks (5 of them typed), 4 actions."


def test_nothing_recorded_is_said_with_what_to_do() -> None:
    """An empty sheet has room to write and explains itself."""
    tables = _tables(tier="")
    assert (len(tables.risks), len(tables.actions)) == (6, 6)
    card = tables.card_values()
    assert card["card_risk_1_2"] == "No risk recorded"
    assert card["risks_note"].startswith("No risks, no actions. Record them here")


@pytest.mark.parametrize(("count", "rows"), [(0, 6), (1, 6), (6, 6), (7, 12), (13, 18)])
def test_tables_leave_room_in_steps_of_six(count: int, rows: int) -> None:
    """Few sizes of Tables keep filling fast."""
    assert len(_tables([{"risk": str(i)} for i in range(count)]).risks) == rows


def test_long_texts_end_with_an_ellipsis() -> None:
    """No cell holds more than its row shows."""
    (row, *_) = _tables([{"risk": "x" * 900, "severity": "Low"}]).risks
    assert row.risk == "x" * (LETTERS - 1) + "…"


def test_rows_have_a_field_for_each_header() -> None:
    """Values and drawing agree on the columns."""
    assert len(RiskRow._fields) == len(RISK_HEADS)
    assert len(ActionRow._fields) == len(ACTION_HEADS)
