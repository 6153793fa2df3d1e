"""What a row of outcomes says, in the words of any CRM."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from scoring.validation.outcome_words import Settled, settle_outcomes

DAY = pd.Timestamp(2026, 3, 1)


def settle(**columns: list[Any]) -> Settled:
    """One account a row, S-0, S-1, …"""
    count = len(next(iter(columns.values())))
    ids = {"account_id": [f"S-{n}" for n in range(count)]}
    return settle_outcomes(pd.DataFrame({**ids, **columns}))


def kinds(settled: Settled) -> list[str]:
    """The outcomes, row by row."""
    return [str(kind) for kind in settled.frame["outcome"]]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Renewed", "renewed"), ("closed-won", "renewed"), ("RENEWAL", "renewed"),
        ("Downgrade", "contracted"), ("Contraction", "contracted"), ("down sell", "contracted"),
        ("Upsell", "expanded"), ("upgraded ", "expanded"), ("Expansion", "expanded"),
        ("CHURN", "churned"), ("Cancelled", "churned"), ("canceled", "churned"),
        ("Closed Lost", "churned"), ("Non-renewal", "churned"), ("closedwon", "renewed"),
        ("Closed Lost (Renewals Pipeline)", "churned"), ("(lost)", "churned"),
    ],
)  # fmt: skip
def test_words(word: str, kind: str) -> None:
    """Words of CRM and billing systems mean one of four outcomes, whatever their case."""
    assert kinds(settle(outcome=[word], date=[DAY])) == [kind]


def test_an_unknown_word_is_a_fault_with_a_way_out() -> None:
    """It names the word and what is known; a word like a known one is suggested."""
    settled = settle(outcome=["Renewd", "Blue", "renewed"], date=[DAY] * 3)
    assert kinds(settled) == ["renewed"]
    near, far = settled.faults
    assert (near.row, near.value, near.fix) == (0, "Renewd", 'Did you mean "renewed"?')
    assert "churned" in far.fix
    assert near.fatal


def test_what_is_not_decided_says_nothing() -> None:
    """A pending renewal is counted, and no fault."""
    settled = settle(outcome=["Pending", "churned", "In progress"], date=[None, DAY, DAY])
    assert kinds(settled) == ["churned"]
    assert settled.left_out == {"Nothing decided yet": 2}
    assert settled.faults == ()


def test_stages_of_a_crm_that_are_open_say_nothing() -> None:
    """Salesforce's and HubSpot's own stages before the end are counted, and no fault."""
    stages = ["Negotiation/Review", "Id. Decision Makers", "appointmentscheduled",
              "Contract Sent (Renewals Pipeline)", "Closed Won"]  # fmt: skip
    settled = settle(outcome=stages, date=[DAY] * 5)
    assert kinds(settled) == ["renewed"]
    assert settled.left_out == {"Nothing decided yet": 4}
    assert settled.faults == ()


def test_a_list_of_churn_dates_means_all_churned() -> None:
    """An account without one has not churned, and nothing is said of it."""
    settled = settle(churn_date=[DAY, None, DAY])
    assert kinds(settled) == ["churned", "churned"]
    assert settled.frame["account_id"].tolist() == ["S-0", "S-2"]
    assert sum(settled.left_out.values()) == 1


def test_a_yes_no_column() -> None:
    """Yes churned; No with a date renewed, without one it says nothing."""
    settled = settle(churned=[True, False, False], date=[DAY, DAY, None])
    assert kinds(settled) == ["churned", "renewed"]
    assert settled.left_out == {"No date and not churned: nothing decided": 1}


def test_a_churn_date_goes_before_the_renewal_date() -> None:
    """Who churned did so on the churn date, all others decided on theirs."""
    early = pd.Timestamp(2026, 1, 15)
    settled = settle(outcome=["churned", "renewed"], date=[DAY, DAY], churn_date=[early, None])
    assert settled.frame["date"].tolist() == [early, DAY]


def test_amounts_tell_contraction_and_expansion() -> None:
    """Where the outcome is only renewed, ARR before and after say more; rounding says nothing."""
    settled = settle(
        outcome=["renewed"] * 5, date=[DAY] * 5, arr=[100.0, 100.0, 100.0, None, 0.0],
        arr_after=[80.0, 130.0, 100.5, 50.0, 10.0],
    )  # fmt: skip
    assert kinds(settled) == ["contracted", "expanded", "renewed", "renewed", "renewed"]


def test_amounts_alone() -> None:
    """Without any word ARR before and after are the outcome; without both there is none."""
    settled = settle(date=[DAY] * 4, arr=[100.0] * 4, arr_after=[0.0, 60.0, 100.0, None])
    assert kinds(settled) == ["churned", "contracted", "renewed"]
    assert settled.left_out == {"Nothing decided yet": 1}


def test_contradictions() -> None:
    """Churned beside No is not used; an amount that says otherwise is a note."""
    settled = settle(
        outcome=["renewed", "churned", "expanded"], churned=[True, True, False], date=[DAY] * 3,
        arr=[100.0] * 3, arr_after=[100.0, 20.0, 50.0],
    )  # fmt: skip
    assert kinds(settled) == ["churned", "expanded"]
    assert [(f.row, f.fatal) for f in settled.faults] == [(0, True), (1, False), (2, False)]
    assert settled.faults[1].message.endswith("ARR after is 20.")


@pytest.mark.parametrize(
    "columns",
    [
        {"outcome": ["renewed", None], "date": [None, DAY]},
        {"churned": [True, None], "date": [None, DAY]},
    ],
)
def test_rows_without_a_day_or_an_outcome(columns: dict[str, list[Any]]) -> None:
    """Both are faults that name the column, and nothing is left of them."""
    settled = settle(**columns)
    assert settled.frame.empty
    assert [f.message for f in settled.faults] == ["No date.", "No outcome."]


def test_what_was_given_stays() -> None:
    """Amounts, currency and reason go along with the rows that count."""
    settled = settle(
        outcome=["blue", "lost"], date=[DAY] * 2, arr=[1.0, 2.0], currency=["USD", "EUR"],
        reason=["Price", "Support"], account_name=["Sample 0", "Sample 1"],
    )  # fmt: skip
    row = settled.frame.iloc[0]
    assert (row["arr"], row["currency"], row["reason"]) == (2.0, "EUR", "Support")
    assert row["account_name"] == "Sample 1"
