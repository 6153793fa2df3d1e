"""The forecast and the goals on *Renewals*: what they say, and that other sheets say the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scoring.judgement.effort import Efforts
from scoring.judgement.portfolio_goal import portfolio_goals
from scoring.presets import load_preset
from tests.workbook_templates.portfolio import samples
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.figures import totals
from workbook_templates.portfolio.renewal_forecast import (
    GOAL_LINES,
    forecast_change,
    forecast_of,
    forecast_values,
    goal_lines,
)


def told(p: Portfolio) -> dict[str, Any]:
    """Place → value."""
    return dict(forecast_values(p, forecast_of(p)))


def test_rows_stand_as_the_formulas_give_them() -> None:
    """Twelve months by their first day, four rows of words; renewed is ARR less loss."""
    p = samples.demo()
    values = told(p)
    labels = [row[0] for row in values["forecast_labels"]]
    assert labels[0] == date(p.as_of.year, p.as_of.month, 1)
    assert labels[12:] == ["Next 12 months", "Later", "Passed", "Date not known"]
    for arr, _, renewed, grr, loss, low, high, without in values["forecast"]:
        assert renewed == pytest.approx(arr - without - loss, abs=0.01)
        assert low <= loss <= high or loss == pytest.approx(low)
        assert grr is None or grr == pytest.approx(renewed / (arr - without))


def test_the_note_says_what_the_numbers_are() -> None:
    """Illustration, method of the range, currency and what is left out stand above the table."""
    note = told(samples.demo())["forecast_note"]
    for part in ("Illustration, not calibrated", "80%", "normal approximation", "amounts in USD",
                 "not in these sums: "):  # fmt: skip
        assert part in note


def test_the_chart_says_its_worst_month() -> None:
    """Who cannot see the bars hears the month, the amount and its range."""
    p = samples.demo()
    found = forecast_of(p)
    worst = max(found.months, key=lambda row: row.loss)
    alt = str(forecast_change(p, found).alt_text)
    assert worst.label in alt
    assert alt.endswith("Illustration, not calibrated.")


def test_goals_say_what_the_summary_says() -> None:
    """Renewals to secure are those of Summary's card; tiers are those counted there."""
    p = samples.demo()
    found = totals(p)
    assert p.goals is not None
    assert p.goals.renewals == found.figures["soon"]
    assert p.goals.renewal_arr == pytest.approx(found.figures["soon_arr"])
    assert {key: p.goals.now[key] for key in ("green", "amber", "red")} == {
        key: found.counts[key] for key in ("green", "amber", "red")
    }


def test_goal_lines_carry_the_numbers_of_the_goals() -> None:
    """Red from and to, accounts with their scores, days of work: each from the goals themselves."""
    p = samples.demo()
    goals = p.goals
    assert goals is not None
    lines = goal_lines(p, goals)
    assert len(lines) <= GOAL_LINES
    red = next(line for line in lines if line.startswith("Red"))
    assert red.startswith(f"Red from {goals.now['red']} to {goals.then['red']}: ")
    first = next(lift for lift in goals.lifts if lift.tier == "red")
    assert f"{first.name} ({first.goal.start:.0f} → {first.goal.reached:.0f})" in red
    days = re.match(r"([\d.]+) days of work", lines[-1])
    assert days is not None
    assert float(days[1]) == sum(lift.days for lift in goals.lifts)


def test_without_anything_to_reach_no_goals_stand_there() -> None:
    """Where nothing can move within a month the lines of tiers are left out."""
    p = samples.demo()
    frozen = Efforts({}, {}, 10, 7, 15)
    now = p.timeline.now.values.assign(account_id=p.frame["account_id"].to_numpy())
    goals = portfolio_goals(now.iloc[:0], p.frame.iloc[:0], p.model, as_of=p.as_of, efforts=frozen)
    assert goal_lines(p, goals) == []
    values = told(replace(p, goals=None))
    assert values["portfolio_goals"] == [[None]] * GOAL_LINES


def test_accounts_without_dates_or_amounts_are_counted() -> None:
    """Nothing is invented where ARR or date are missing."""
    model = load_preset("four-dimension")
    rows: dict[str, list[Any]] = {"account_id": ["a", "b"], "account_name": ["A", "B"],
            **{d.key: [50.0, 70.0] for d in model.dimensions}}  # fmt: skip
    values = told(samples.of(model, rows))
    assert values["forecast"][-1][:5] == [0.0, 2, 0.0, None, 0.0]
    assert "12 months without renewals" in values["forecast_note"]
