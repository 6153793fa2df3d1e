"""Goals of a portfolio: who can leave red, within whose days, and what renews and grows."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from scoring.judgement.effort import efforts_from_toml
from scoring.judgement.month_goal import goal_of
from scoring.judgement.portfolio_goal import PortfolioGoals, portfolio_goals
from scoring.one import score_one
from scoring.rollup import TIERS
from tests.scoring.portfolios import MODEL, scored
from tests.scoring.rows import AS_OF
from tests.workbook_templates.portfolio import samples

TABLE = """
[settings]
csm_days = {days}
[units]
points = {{ days = 1, step = 5, reach = 20 }}
"""


def goals(*rows: dict[str, Any], days: float = 10) -> PortfolioGoals:
    """Goals of accounts whose a, b, c, d are points."""
    now = pd.DataFrame([{"account_id": f"A{i}", "csm": "Ann", "currency": "USD", **row}
                        for i, row in enumerate(rows)])  # fmt: skip
    frame, _ = scored(now)
    table = efforts_from_toml(TABLE.format(days=days))
    return portfolio_goals(now, frame, MODEL, as_of=AS_OF, efforts=table)


def at(score: float, **more: Any) -> dict[str, Any]:
    """An account of that score."""
    return {**dict.fromkeys("abcd", score), "arr": 1000.0, **more}


def test_red_goes_from_three_to_one() -> None:
    """Two of three red accounts reach amber with the days there are; the far one stays."""
    found = goals(at(55.0), at(56.0), at(10.0), at(85.0))
    assert found.now == {"red": 3, "amber": 0, "green": 1}
    assert found.then == {"red": 1, "amber": 2, "green": 1}
    assert [lift.account_id for lift in found.lifts] == ["A0", "A1"]
    assert (found.listed, found.near, found.points) == (2, 2, 10)


def test_each_csm_has_so_many_days() -> None:
    """What one person cannot do this month is not promised; another's accounts go on."""
    rows = [at(55.0), at(55.0, arr=900.0), at(55.0, csm="Bob")]
    days = goals(rows[0]).lifts[0].days
    found = goals(*rows, days=days)
    assert [(lift.account_id, lift.csm) for lift in found.lifts] == [("A0", "Ann"), ("A2", "Bob")]
    assert found.csm_days == days


def test_red_comes_before_amber() -> None:
    """An amber account of more ARR waits for the red one."""
    found = goals(at(75.0, arr=90000.0), at(55.0), days=4)
    assert found.lifts[0].tier == "red"


def test_renewals_and_expansions_are_counted() -> None:
    """Below green within 90 days: to secure; green with signals: to position, largest first."""
    near, far = pd.Timestamp("2027-01-10"), pd.Timestamp("2027-06-10")
    rows = [
        at(50.0, renewal_date=near), at(70.0, renewal_date=near, arr=None),
        at(70.0, renewal_date=far), at(90.0, renewal_date=near),
        at(90.0, expansion_details="More seats", arr=10.0, account_name="Small"),
        at(90.0, expansion_details="A second team", arr=99.0, account_name="Large"),
        at(50.0, expansion_details="More seats"),
    ]  # fmt: skip
    found = goals(*rows)
    assert (found.renewals, found.renewal_arr) == (2, 1000.0)
    assert found.expansions == ("Large", "Small")


def test_nothing_below_green_has_no_goals() -> None:
    """A green portfolio lifts nobody; an empty one neither."""
    found = goals(at(90.0))
    assert (found.lifts, found.near, found.renewals) == ((), 0, 0)
    assert found.now == found.then


@pytest.mark.parametrize("preset", ["scorecard", "support"])
def test_each_lift_is_scored_by_the_engine(preset: str) -> None:
    """In the demo every account that is lifted has a better tier with its moves made."""
    p = samples.demo(preset)
    found = p.goals
    assert found is not None
    assert found.lifts
    for lift in found.lifts:
        row = p.frame.set_index("account_id").loc[lift.account_id]
        assert row["tier"] == lift.tier
        assert lift.goal.start == row["shown"]
        assert TIERS.index(lift.goal.tier) > TIERS.index(lift.tier)
        assert sum(lift.goal.efforts) == lift.days
    assert sum(found.then.values()) == sum(found.now.values())


def test_a_goal_here_is_the_goal_of_the_account() -> None:
    """Rows of many give the goals that each account gives alone."""
    rows = [at(55.0), at(57.0)]
    for lift, row in zip(goals(*rows, days=99).lifts, rows, strict=True):
        table = efforts_from_toml(TABLE.format(days=99))
        assert lift.goal == goal_of(row, MODEL, as_of=AS_OF, efforts=table)
        moved = {**row, **{m.key: m.to for m in lift.goal.moves}}
        assert score_one(moved, MODEL, as_of=AS_OF).tier == lift.goal.tier
