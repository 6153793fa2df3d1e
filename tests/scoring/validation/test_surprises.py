"""Green accounts that churned and red ones that stayed, worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from scoring.presets import load_preset
from scoring.validation.cases import Cases, join_cases
from scoring.validation.records import Surprise
from scoring.validation.snapshots import take_snapshots
from scoring.validation.surprises import green_churned, red_stayed
from scoring.validation.words import Grid, drivers_at, input_phrase, largest_first
from tests.scoring.rows import dimension, model_of, state
from tests.scoring.validation.companies import company, simple_model
from tests.scoring.validation.falling import alone

LOSS = date(2026, 4, 1)
JAN, FEB, MAR, LATE = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 25)


def _cases(
    points: Mapping[str, tuple[float, ...]], outcomes: Mapping[str, str], **columns: list[object]
) -> Cases:
    """Accounts with their points on four days, all decided on `LOSS`."""
    days = (JAN, FEB, MAR, LATE)
    parts = [alone(a, dict(zip(days, x, strict=True))) for a, x in points.items()]
    # Somebody renews, so that the list is one of renewals.
    parts.append(alone("Z", dict.fromkeys(days, 70.0)))
    listed = {**outcomes, "Z": "renewed"}
    frame = pd.DataFrame({
        "account_id": list(listed), "outcome": list(listed.values()), "date": pd.Timestamp(LOSS),
        **{key: [*values, None] for key, values in columns.items()},
    })  # fmt: skip
    return join_cases(frame, take_snapshots(pd.concat(parts), simple_model()), days=60)


def _one(found: tuple[Surprise, ...]) -> Surprise:
    assert len(found) == 1
    return found[0]


def test_the_horizon_nearest_to_the_asked_one_is_shown() -> None:
    """Green 60 and 90 days before, amber 30: the snapshot of 1 January stood 60 days before."""
    cases = _cases({"A": (85, 85, 70, 50)}, {"A": "churned"}, account_name=["Sample A"],
                   arr=[12_000.0], currency=["EUR"])  # fmt: skip
    found = _one(green_churned(cases, days=60))
    assert (found.account_id, found.account, found.arr, found.currency) == (
        "A", "Sample A", 12_000.0, "EUR")  # fmt: skip
    assert (found.seen, found.days, found.day) == (JAN, 90, LOSS)
    assert (found.tier, found.outcome) == ("green", "churned")
    assert found.score == pytest.approx(85)
    assert found.later == "50 Red on 25 Mar 2026"
    # Alpha 1 weighs 0.4 × 0.34 = 13.6 %, and lost 15 points of 100.
    assert found.drivers == ("Alpha 1 85, 2 lost", "Alpha 2 85, 2 lost", "Alpha 3 85, 2 lost")


def test_green_at_any_horizon_counts() -> None:
    """Green only 30 days before is a surprise, too; its own snapshot is shown."""
    found = _one(green_churned(_cases({"A": (70, 70, 82, 82)}, {"A": "churned"}), days=60))
    assert (found.seen, found.days) == (MAR, 31)
    assert found.account == "A"
    assert found.arr is None


def test_green_only_at_the_end_is_none() -> None:
    """What came within 30 days of the loss stands at no horizon; amber and red are no surprise."""
    cases = _cases({"A": (70, 70, 70, 90), "B": (50, 50, 50, 50)},
                   {"A": "churned", "B": "churned"})  # fmt: skip
    assert green_churned(cases, days=60) == ()


def test_green_that_stayed_is_none() -> None:
    """Only losses surprise a green account."""
    assert green_churned(_cases({"A": (90, 90, 90, 90)}, {"A": "expanded"}), days=60) == ()


def test_red_that_stayed_was_red_at_the_asked_horizon() -> None:
    """Renewed and contracted count, churned does not, red elsewhere does not."""
    points = {"A": (40, 40, 40, 40), "B": (40, 40, 75, 75), "C": (40, 40, 40, 40),
              "D": (75, 40, 40, 40)}  # fmt: skip
    kinds = {"A": "renewed", "B": "contracted", "C": "churned", "D": "renewed"}
    cases = _cases(points, kinds)
    assert [x.account_id for x in red_stayed(cases, days=60)] == ["A", "B"]
    assert [x.account_id for x in red_stayed(cases, days=30)] == ["A", "D"]
    assert red_stayed(cases, days=60)[1].later == "75 Amber on 25 Mar 2026"


def test_red_again_and_again_is_told_once() -> None:
    """Red before two renewals: the last; green before the third; who churned later is not told."""
    days = [date(2024, 1, 1) + timedelta(days=30 * i) for i in range(30)]
    points = {"A": [40.0] * 20 + [90.0] * 10, "B": [40.0] * 30}
    history = pd.concat([alone(a, dict(zip(days, x, strict=True))) for a, x in points.items()])
    listed = [(a, days[i], "renewed") for a in "AB" for i in (8, 16, 28)]
    outcomes = pd.DataFrame(listed, columns=["account_id", "date", "outcome"])
    outcomes.loc[5, "outcome"] = "churned"
    outcomes["date"] = pd.to_datetime(outcomes["date"])
    cases = join_cases(outcomes, take_snapshots(history, simple_model()), days=60)
    assert [(x.account_id, x.day) for x in red_stayed(cases, days=60)] == [("A", days[16])]


def test_largest_comes_first_and_unknown_last() -> None:
    """Of amounts in two currencies those of the more frequent one come first."""
    arr = np.array([5.0, np.nan, 900.0, 7.0, 7.0])
    order = largest_first(arr, ["EUR", "EUR", "USD", "EUR", "EUR"], ["a", "b", "c", "e", "d"])
    assert order.tolist() == [4, 3, 0, 2, 1]


def test_in_windows_the_last_stay_counts_once() -> None:
    """Red for two years and still there is told once; red and churned in the end is not."""
    days = [date(2025, 1, 1) + pd.Timedelta(days=30 * i) for i in range(18)]
    history = pd.concat([
        alone("A", dict.fromkeys(days, 40.0)), alone("B", dict.fromkeys(days[:13], 40.0)),
        alone("C", dict.fromkeys(days[:6], 70.0)),
    ])  # fmt: skip
    outcomes = pd.DataFrame({
        "account_id": ["B", "C"], "outcome": "churned",
        "date": pd.to_datetime([days[12] + pd.Timedelta(days=20), days[5] + pd.Timedelta(days=9)]),
    })  # fmt: skip
    cases = join_cases(outcomes, take_snapshots(history, simple_model()), days=60)
    assert cases.design == "windows"
    stayed = cases.frame[(cases.frame["outcome"] == "stayed")]
    assert (stayed["account_id"] == "A").sum() > 1
    assert [x.account_id for x in red_stayed(cases, days=60)] == ["A"]


def test_every_green_loss_of_a_company_is_listed() -> None:
    """The list is that of a loop over all cases, and none is twice."""
    c = company(2, strength=0.4, accounts=200)
    cases = join_cases(c.outcomes, take_snapshots(c.history, simple_model()), days=60)
    wanted = {
        cases.frame["account_id"][i]
        for i in np.flatnonzero(cases.churned)
        for places in cases.at.values()
        if places[i] >= 0 and cases.snapshots.total[places[i]] >= 79.5
    }
    found = green_churned(cases, days=60)
    assert wanted
    assert sorted(x.account_id for x in found) == sorted(wanted)
    amounts = [x.arr for x in found if x.arr is not None]
    assert amounts == sorted(amounts, reverse=True)


def test_scores_without_inputs_have_no_drivers() -> None:
    """A recorded score has nothing behind it, and is a surprise all the same."""
    history = pd.DataFrame({"account_id": ["A", "Z"], "date": pd.Timestamp(JAN), "score": 90.0})
    outcomes = pd.DataFrame({
        "account_id": ["A", "Z"], "outcome": ["churned", "renewed"],
        "date": pd.Timestamp(2026, 3, 5),
    })  # fmt: skip
    cases = join_cases(outcomes, take_snapshots(history, simple_model()), days=60)
    found = _one(green_churned(cases, days=60))
    assert (found.drivers, found.later) == ((), "")


def test_words_and_ratings_are_told_as_people_know_them() -> None:
    """A state by its word, words of equal points by both, a typed dimension by its rating."""
    model = load_preset("scorecard")
    row = {"account_id": "A", "date": pd.Timestamp(JAN), "product_adoption": 2, "dau_mau": 0.05,
           "executive_sponsor": "Vacant", "champion_strength": "Strong"}  # fmt: skip
    taken = take_snapshots(pd.DataFrame([row]), model)
    told = drivers_at(Grid.of(taken), 0, 9)
    assert any(text.startswith("Product adoption rated 2 of 5, ") for text in told)
    assert any(text.startswith("Executive sponsor vacant, ") for text in told)
    assert not any("DAU" in text for text in told)


def test_words_of_equal_points_are_both_named() -> None:
    """What a snapshot keeps of a word are its points; which word it was is not known any more."""
    words = state("mood", ("Good", 100), ("Unsure", 40), ("Poor", 40), ("Bad", 0))
    model = model_of(dimension("x", 60, words), dimension("y", 40))
    assert input_phrase(model, "mood", 40.0) == "Mood unsure or poor"
    assert input_phrase(model, "mood", 0.0) == "Mood bad"
