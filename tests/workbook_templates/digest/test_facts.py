"""What a digest finds in portfolios that can be told by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pandas as pd
import pytest

from tests.workbook_templates.digest.made import (
    TODAY,
    WEEK_AGO,
    account,
    days_before,
    portfolio,
    printed,
    values,
)
from tests.workbook_templates.portfolio.samples import demo
from workbook_templates.digest.facts import digest_of
from workbook_templates.digest.layout import CARDS
from workbook_templates.digest.places import LISTS, places
from workbook_templates.digest.records import Digest

GREEN, AMBER, RED = 5.0, 3.0, 2.0


def week() -> Digest:
    """Two turned red, one recovered, one got worse, one stayed, one is new."""
    accounts = [
        account("A", RED, 200_000), account("B", RED, 124_000), account("C", AMBER, 70_000),
        account("D", AMBER, 50_000), account("E", GREEN, 300_000), account("F", GREEN, 1_000),
        account("G", RED, 6_000),
    ]  # fmt: skip
    then = {"A": GREEN, "B": AMBER, "C": RED, "D": GREEN, "E": GREEN, "G": RED}
    return digest_of(portfolio(accounts, {WEEK_AGO: then}))


def total(digest: Digest, key: str) -> object:
    """Value of a figure that is no list's."""
    return digest.totals[key].value


def test_tiers_and_their_change() -> None:
    """Accounts and ARR of each tier are those of today, changes those against last week."""
    d = week()
    assert [total(d, f"{t}_accounts") for t in ("red", "amber", "green", "total")] == [3, 2, 2, 7]
    assert total(d, "red_arr") == 330_000
    # A and B came, C left; D went from green to amber, A left green, F is new.
    assert total(d, "red_arr_change") == 200_000 + 124_000 - 70_000
    assert total(d, "amber_arr_change") == 70_000 + 50_000 - 124_000
    assert total(d, "green_arr_change") == 1_000 - 200_000 - 50_000
    assert total(d, "total_arr_change") == 1_000
    changes = [total(d, f"{t}_accounts_change") for t in ("red", "amber", "green", "total")]
    assert changes == [1, 1, -1, 1]
    assert (total(d, "worse_count"), total(d, "better_count")) == (3, 1)


def test_newly_red_and_recovered() -> None:
    """Who turned red and who left it, the largest ARR first, with the scores before and now."""
    d = week()
    assert values(d, "newly_red", "account") == ["Sample A", "Sample B"]
    assert values(d, "newly_red", "previous") == [100, 60]
    assert values(d, "newly_red", "change") == [-60, -20]
    assert values(d, "newly_red", "before_tier") == ["Green", "Amber"]
    assert values(d, "recovered", "account") == ["Sample C"]
    assert d.subject == "2 newly Red, $324K; 1 recovered"
    assert printed(d.headline) == "Red ARR is $330K, up $254K"
    assert printed(d.lines[0]).startswith("2 turned Red ($324K), 1 recovered ($70K). ")


def test_shares_sum_to_one() -> None:
    """The tiers' shares are rounded so that they are all of the ARR."""
    d = week()
    shares = [total(d, f"{t}_arr_share") for t in ("red", "amber", "green", "none")]
    assert math.isclose(sum(float(str(s)) for s in shares), 1.0)


def test_a_week_is_told_where_snapshots_are_daily() -> None:
    """Of daily snapshots the one a week ago counts, not yesterday's."""
    days = {day: {"A": RED} for day in days_before(6, 5, 4, 3, 2, 1)}
    days[WEEK_AGO] = {"A": GREEN}
    p = portfolio([account("A", RED)], days)
    d = digest_of(p)
    assert d.since == WEEK_AGO
    assert values(d, "newly_red", "previous") == [100]
    assert not digest_of(p, days=1).changed
    assert digest_of(p, days=1).since == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("ages", "since"), [((6, 13), 6), ((3, 14), 3), ((30, 60), 30), ((5, 9), 9), ((1,), 1)]
)
def test_nearest_snapshot_counts(ages: tuple[int, ...], since: int) -> None:
    """The snapshot nearest to a week ago is compared with, of two the earlier."""
    before = {day: {"A": GREEN} for day in sorted(days_before(*ages))}
    assert digest_of(portfolio([account("A", RED)], before)).since == days_before(since)[0]


def test_first_snapshot_has_no_change() -> None:
    """Without an earlier snapshot nothing is told as changed, and the message is no quiet one."""
    d = digest_of(portfolio([account("A", RED, 5000), account("B", GREEN)]))
    assert d.since is None
    assert d.changed
    assert not {k for k in d.totals if k.endswith("_change") or k.startswith("newly")}
    assert printed(d.lines[0]) == "First snapshot: no change to tell yet."
    assert d.subject == "2 accounts: 1 Red, $5K"


def test_quiet_week() -> None:
    """Where no tier changed the digest says so, and what is to be done."""
    p = portfolio([account("A", RED, 400_000), account("B", GREEN)],
                  {WEEK_AGO: {"A": RED, "B": GREEN}})  # fmt: skip
    d = digest_of(p)
    assert not d.changed
    assert d.subject.startswith("No tier changed; $400K Red")
    assert printed(d.headline) == "No account changed tier. Red ARR stays $400K"
    assert printed(d.lines[0]) == "No score moved."
    assert values(d, "todo", "account") == ["Sample A"]


def test_no_accounts() -> None:
    """A leader without accounts gets a digest that says so."""
    p = portfolio([account("A", RED)])
    d = digest_of(replace(p, frame=p.frame.iloc[:0]))
    assert d.subject == "No accounts yet"
    assert printed(d.headline) == "No accounts yet"
    assert all(not rows for name, rows in d.lists.items() if name not in ("trend", "warning"))


def test_other_currencies_are_not_added() -> None:
    """ARR of another currency is in no sum of the main one, and listed by itself."""
    d = digest_of(portfolio([
        account("A", RED, 100.0), account("B", RED, 50.0), account("C", RED, 7.0, currency="EUR"),
        account("D", GREEN, 9.0, currency=""),
    ]))  # fmt: skip
    assert total(d, "red_arr") == 150.0
    assert values(d, "other", "currency") == ["No currency", "EUR"]
    assert values(d, "other", "arr") == [9.0, 7.0]


def test_unknown_is_left_out() -> None:
    """What is not known has no figure: no zero, no NaN."""
    d = digest_of(portfolio([account("A", RED, None), account("B", None, None)]))
    assert "red_arr" not in d.totals
    assert total(d, "none_accounts") == 1
    assert "renewal" not in d.lists["risk"][0]
    assert printed(d.headline) == "1 account is Red"
    assert all(not (isinstance(f.value, float) and math.isnan(f.value)) for f in d.figures)


def test_renewals_have_a_play() -> None:
    """Renewals within 90 days, the soonest first; a red account that leaves is managed out."""
    d = digest_of(portfolio([
        account("A", RED, 10.0, renewal_date=pd.Timestamp(2026, 12, 23)),
        account("B", RED, 20.0, renewal_date=pd.Timestamp(2026, 12, 1), downgrade_signals="Yes"),
        account("C", GREEN, 30.0, renewal_date=pd.Timestamp(2026, 11, 23)),
        account("D", GREEN, 40.0, renewal_date=pd.Timestamp(2027, 2, 22)),
    ]))  # fmt: skip
    assert values(d, "renewal", "account") == ["Sample C", "Sample B", "Sample A"]
    assert values(d, "renewal", "days") == [0, 8, 30]
    assert values(d, "renewal", "play") == ["Hold", "Manage out", "Save"]
    assert total(d, "renewals_arr") == 60.0
    assert total(d, "renewals_red_arr") == 30.0
    assert total(d, "week_renewals_count") == 1


def test_overrides_that_expire() -> None:
    """Overrides that end within 14 days are told with what the model says by itself."""
    rows = [
        ("A", "green", "Sponsor confirmed", date(2026, 11, 27)),
        ("B", "green", "Far off", date(2026, 12, 8)),
        ("C", "green", "Over", date(2026, 11, 22)),
    ]
    frame = pd.DataFrame([
        {"account_id": a, "tier": t, "score": float("nan"), "reason": why,
         "author": "CSM Sample A", "expires": pd.Timestamp(end), "set_on": pd.NaT}
        for a, t, why, end in rows
    ])  # fmt: skip
    accounts = [account(name, AMBER) for name in "ABC"]
    d = digest_of(portfolio(accounts, Overrides=frame))
    assert values(d, "override", "account") == ["Sample A"]
    assert values(d, "override", "model_tier") == ["Amber"]
    assert values(d, "override", "expires") == [date(2026, 11, 27)]


def test_chart_shows_at_most_thirteen_weeks() -> None:
    """The bars are today's and one a week before, the oldest first, at today's ARR."""
    days = {day: {"A": RED if i % 2 else GREEN}
            for i, day in enumerate(reversed(days_before(*range(1, 93))))}  # fmt: skip
    d = digest_of(portfolio([account("A", RED, 500.0)], days))
    told = values(d, "trend", "day")
    assert len(told) == 13
    assert told[-1] == TODAY
    assert {(b - a).days for a, b in pairwise(told)} == {7}
    assert set(values(d, "trend", "arr")) <= {0.0, 500.0}


def test_every_figure_has_its_place() -> None:
    """Names are unique, begin alike, and are among those that the sheet holds."""
    d = digest_of(demo())
    known = {place.name for place in places()}
    names = [f.name for f in d.figures]
    assert len(names) == len(set(names))
    assert set(names) <= known
    for f in d.figures:
        assert f.text
        assert f.label
        assert not isinstance(f.value, datetime)


def test_lists_are_cut_and_say_so() -> None:
    """A list holds as many rows as its sheet; the others are counted."""
    d = digest_of(demo())
    for name, listed in LISTS.items():
        assert len(d.lists[name]) <= listed.rows
        if d.more[name]:
            assert len(d.lists[name]) == listed.rows
    assert total(d, "expansions_count") == len(d.lists["expansion"]) + d.more["expansion"]


def test_sheet_holds_every_key() -> None:
    """Each column of each list has a cell on the card of the sheet."""
    for name, listed in LISTS.items():
        placed = {key for _, where in CARDS[name] for key in where}
        assert placed == set(listed.columns), name
