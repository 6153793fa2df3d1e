"""Outcomes beside snapshots: what counts, what is left out, and which snapshot stood then."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from scoring.validation.cases import Cases, join_cases
from scoring.validation.outcome_list import COLUMNS
from tests.scoring.validation.companies import company, simple_model
from tests.scoring.validation.pasts import day, listed, monthly, taken

MONTHS = range(0, 361, 30)
"""Days of thirteen snapshots, a month apart."""


def reasons(cases: Cases) -> dict[str, int]:
    """Reason → count of what was left out."""
    return {row.reason: row.count for row in cases.left_out}


def seen(cases: Cases, days: int) -> list[int | None]:
    """Day of the snapshot at a horizon, counted from the first; None for none."""
    first = np.datetime64(day(0), "D")
    return [
        int((cases.snapshots.day[p] - first).astype(int)) if p >= 0 else None
        for p in cases.at[days].tolist()
    ]


def test_the_snapshot_that_stood_then() -> None:
    """30, 60 and 90 days before day 215 the latest snapshots are of days 180, 150 and 120."""
    cases = join_cases(listed(("A", "renewed", 215)), taken(monthly("A", MONTHS)), days=60)
    assert cases.design == "renewals"
    assert [seen(cases, h) for h in (30, 60, 90)] == [[180], [150], [120]]
    assert cases.landmark.tolist() == cases.at[60].tolist()
    assert cases.left_out == ()


def test_a_horizon_counts_its_first_day_and_not_the_next() -> None:
    """A snapshot of exactly 60 days before counts; one of 59 days before does not."""
    for offset, expected in ((210, 150), (209, 120)):
        cases = join_cases(listed(("A", "renewed", offset)), taken(monthly("A", MONTHS)), days=60)
        assert seen(cases, 60) == [expected]


def test_an_old_snapshot_does_not_count() -> None:
    """46 days older than asked for is too old, 45 is not; the case still counts elsewhere."""
    rows = monthly("A", [0, 30, 60, 150, 180])
    old = join_cases(listed(("A", "renewed", 60 + 46 + 30)), taken(rows), days=60)
    new = join_cases(listed(("A", "renewed", 60 + 45 + 30)), taken(rows), days=60)
    assert (seen(old, 30), seen(old, 60)) == ([None], [60])
    assert (seen(new, 30), len(old), len(new)) == ([60], 1, 1)


def test_a_quarterly_history_is_used() -> None:
    """With snapshots 91 days apart one may be 114 days older than asked for."""
    rows = [monthly(name, range(0, 400, 91)) for name in "AB"]
    cases = join_cases(listed(("A", "renewed", 270), ("B", "churned", 300)), taken(*rows), days=60)
    assert cases.oldest == 114
    assert [seen(cases, h) for h in (30, 60, 90)] == [[182, 182], [182, 182], [91 + 91 - 91, 182]]


def test_faults_are_left_out_with_their_reason() -> None:
    """Each row that cannot be used is counted once, in words."""
    outcomes = listed(
        ("A", "renewed", 200), ("A", "cancelled", 201), ("B", "renewed", 200), ("A", "churned", 0),
        ("A", "renewed", 350), ("C", "renewed", 200), ("D", "churned", 200),
    )  # fmt: skip
    dateless = pd.DataFrame({"account_id": ["A"], "outcome": ["renewed"], "date": [pd.NaT]})
    outcomes = pd.concat([outcomes, dateless.astype({"date": outcomes["date"].dtype})])
    rows = taken(monthly("A", MONTHS), monthly("C", [195, 198]), monthly("D", MONTHS, float("nan")))
    cases = join_cases(outcomes, rows, days=60, made=day(340).date())
    assert cases.frame["account_id"].tolist() == ["A"]
    assert reasons(cases) == {
        "Not one of renewed, contracted, expanded, churned": 1,
        "No date": 1,
        "After the day of this backtest: not known yet": 1,
        "The account is not in the history": 1,
        "On or before the account's first snapshot": 1,
        "No snapshot old enough and not too old before it": 1,
        "No score before it: the snapshots hold too little": 1,
    }


def test_two_outcomes_of_one_day_are_the_worse_one() -> None:
    """Renewed, contracted and churned on one day is one lost account, and says so."""
    outcomes = listed(("A", "renewed", 200), ("A", "churned", 200), ("A", "contracted", 200))
    cases = join_cases(
        pd.concat([outcomes, listed(("A", "renewed", 170))]), taken(monthly("A", MONTHS)), days=60
    )
    assert cases.frame["outcome"].tolist() == ["renewed", "churned"]
    assert reasons(cases) == {"Another outcome of the account that day; the worse one counts": 2}


def test_an_account_that_came_back_has_two_spells() -> None:
    """After a churn only snapshots taken since count for what comes later."""
    outcomes = listed(("A", "churned", 150), ("A", "renewed", 240), ("A", "renewed", 330))
    cases = join_cases(outcomes, taken(monthly("A", MONTHS)), days=60)
    since = [(pd.Timestamp(d) - day(0)).days for d in cases.frame["since"]]
    assert since == [0, 180, 180]
    assert [seen(cases, h) for h in (30, 60, 90)] == [
        [120, 210, 300], [90, 180, 270], [60, None, 240]
    ]  # fmt: skip


def test_a_second_churn_without_a_snapshot_between_does_not_count() -> None:
    """Churn told twice, nine days apart, is one loss; what comes later is none."""
    outcomes = listed(("A", "churned", 185), ("A", "churned", 194), ("A", "renewed", 500))
    gone = join_cases(outcomes, taken(monthly("A", range(0, 181, 30))), days=60)
    assert len(gone) == 1
    assert reasons(gone) == {"Churned before, and not seen again since": 2}


def test_every_loss_that_happened_is_kept_for_the_reviews() -> None:
    """Losses without history or snapshot are listed, those of the future are not."""
    outcomes = listed(
        ("A", "churned", 200), ("X", "churned", 100), ("A", "churned", 900), ("A", "renewed", 80)
    )
    cases = join_cases(outcomes, taken(monthly("A", MONTHS)), days=60, made=day(400).date())
    assert cases.lost["account_id"].tolist() == ["A", "X"]
    assert list(cases.lost.columns) == list(COLUMNS)


def test_a_new_accounts_placeholder_is_no_score() -> None:
    """A snapshot whose 50 is only a placeholder has none, so the case is left out."""
    model = simple_model()
    rows = monthly("A", MONTHS).assign(start_date=day(-5), score=np.nan)
    for metric in model.metrics:
        rows[metric.key] = 40.0
    rows = rows.assign(start_date=pd.Timestamp(2024, 12, 25))
    cases = join_cases(listed(("A", "renewed", 35)), taken(rows), days=30, horizons=(30,))
    assert len(cases) == 0
    assert list(reasons(cases)) == ["No score before it: the snapshots hold too little"]


def test_a_lead_of_no_day_is_refused() -> None:
    """What was known on the day itself may be the outcome."""
    cases = join_cases(listed(("A", "renewed", 200)), taken(monthly("A", MONTHS)), days=60)
    assert cases.lead(1).tolist() == [6]
    with pytest.raises(ValueError, match="at least 1 day before"):
        cases.lead(0)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("kinds", [[], ["churned"], ["expanded"], ["renewed"]])
def test_poor_input_gives_poor_cases_and_no_error(known: bool, kinds: list[str]) -> None:
    """Without outcomes, without history, or with one kind only there are cases or none."""
    of = company(3, accounts=20)
    history = of.history if known else of.history.iloc[:0]
    snapshots = taken(history) if known else taken(pd.DataFrame())
    outcomes = of.outcomes[of.outcomes["outcome"].isin(kinds)]
    for frame in (outcomes, outcomes[["account_id", "outcome", "date"]], pd.DataFrame()):
        cases = join_cases(frame, snapshots, days=60, made=date(2026, 3, 1))
        assert len(cases.frame) == len(cases.landmark) == len(cases.at[30]) == len(cases)
        assert len(cases.churned) == len(cases.accounts) == len(cases.strata) == len(cases)
        assert known or not len(cases)
