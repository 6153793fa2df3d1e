"""What fires, what is held back, and what does not depend on the order of rows."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring.alert_rows import may_fire
from scoring.alerts import Alert, HistoryRow, account_alerts, find_alerts
from scoring.presets import load_preset
from scoring.rollup import TIERS, round_half_up
from scoring.triggers import SEVERITIES, TRIGGERS

MONDAY = date(2026, 11, 2)
MODEL, SUPPORT = load_preset("scorecard"), load_preset("support")
TOPICS = {t.key: t.topic for t in TRIGGERS}
COMPARING = {"enters_red", "enters_amber", "below_60", "drop_10", "drop_over_15"}


def at(after: int, score: float = math.nan, account: str = "A", **facts: Any) -> HistoryRow:
    """A row so many days after the Monday."""
    return HistoryRow(account, MONDAY + timedelta(days=after), score, **facts)


def fired(*rows: HistoryRow, model: Any = MODEL) -> list[tuple[int, str]]:
    """Day and trigger of every alert, oldest first."""
    return [((a.day - MONDAY).days, a.trigger) for a in account_alerts(rows, model)]


@st.composite
def rows(draw: st.DrawFn) -> list[HistoryRow]:
    """Rows of three accounts over five weeks, each account and day once."""
    places = st.tuples(st.sampled_from("ABC"), st.integers(0, 35))
    scores = st.just(math.nan) | st.integers(0, 200).map(lambda n: n / 2)
    out = []
    for account, after in draw(st.lists(places, unique=True, max_size=40)):
        facts = {
            "renewal": draw(st.none() | st.just(MONDAY + timedelta(days=100))),
            "usage": draw(st.sampled_from([math.nan, 39.0, 41.0])),
            "csat": draw(st.sampled_from([math.nan, 2.5, 3.5])),
            "tickets": draw(st.sampled_from([math.nan, 0.0, 2.0, 5.0])),
            "payment_failed": draw(st.booleans()),
        }
        out.append(at(after, draw(scores), account, **facts))
    return out


@given(rows(), st.randoms())
def test_order_of_rows(given_rows: list[HistoryRow], random: Any) -> None:
    """Rows in another order give the same alerts, newest first."""
    found = find_alerts(given_rows, MODEL)
    assert [a.day for a in found] == sorted((a.day for a in found), reverse=True)
    random.shuffle(given_rows)
    assert find_alerts(given_rows, MODEL) == found


@given(rows())
def test_accounts_are_apart(given_rows: list[HistoryRow]) -> None:
    """An account's alerts are the same beside others as alone."""
    found = find_alerts(given_rows, MODEL)
    for account in "ABC":
        own = [row for row in given_rows if row.account == account]
        assert [a for a in found if a.account == account] == find_alerts(own, MODEL)


@given(rows())
def test_quiet_for_a_week(given_rows: list[HistoryRow]) -> None:
    """The same topic repeats within a week only when more severe or in a worse tier."""
    for account in "ABC":
        own = [row for row in given_rows if row.account == account]
        pairs = combinations(account_alerts(own, MODEL), 2)
        for first, then in pairs:
            if TOPICS[first.trigger] != TOPICS[then.trigger]:
                continue
            assert then.day > first.day
            if (then.day - first.day).days < 7:
                assert _worse(first, then)


def _worse(first: Alert, then: Alert) -> bool:
    severe = SEVERITIES.index(then.severity) > SEVERITIES.index(first.severity)
    tiers = [TIERS.index(t) if t else 9 for t in (first.tier_to, then.tier_to)]
    return severe or tiers[1] < tiers[0]


@given(rows())
def test_first_row_compares_with_nothing(given_rows: list[HistoryRow]) -> None:
    """On an account's first score nothing has fallen and no tier was entered."""
    found = find_alerts(given_rows, MODEL)
    for account in "ABC":
        days = [r.day for r in given_rows if r.account == account and r.score == r.score]
        first = min(days, default=None)
        own = {a.trigger for a in found if a.account == account and a.day == first}
        assert not own & COMPARING


@given(rows())
def test_later_rows_change_nothing(given_rows: list[HistoryRow]) -> None:
    """What fired by a day stands whatever comes after it."""
    middle = MONDAY + timedelta(days=17)
    by_then = [row for row in given_rows if row.day <= middle]
    found = find_alerts(given_rows, MODEL)
    assert [a for a in found if a.day <= middle] == find_alerts(by_then, MODEL)


@given(st.lists(st.integers(0, 200).map(lambda n: n / 2), min_size=2, max_size=12))
def test_weekly_falls(scores: list[float]) -> None:
    """Week by week a fall fires exactly where the difference is large enough."""
    found = fired(*(at(7 * week, score) for week, score in enumerate(scores)))
    wanted = []
    for week, (before, now) in enumerate(pairwise(scores), start=1):
        if before - now >= 10:
            wanted.append((7 * week, "drop_over_15" if before - now > 15 else "drop_10"))
    assert [f for f in found if f[1].startswith("drop")] == wanted


@given(st.lists(st.integers(0, 200).map(lambda n: n / 2), min_size=2, max_size=12))
def test_weekly_tiers(scores: list[float]) -> None:
    """Week by week a tier is entered exactly where the displayed score leaves a better one."""
    found = fired(*(at(7 * week, score) for week, score in enumerate(scores)))
    codes = [(round_half_up(s) >= 60) + (round_half_up(s) >= 80) for s in scores]
    wanted = [
        (7 * week, f"enters_{TIERS[now]}")
        for week, (before, now) in enumerate(pairwise(codes), start=1)
        if now < before
    ]
    assert [f for f in found if f[1].startswith("enters")] == wanted


def test_tiers_of_another_model() -> None:
    """The model's own edges and words count; below 60 is an event of its own there."""
    slow = [at(n, score) for n, score in ((0, 71.0), (30, 69.0), (60, 59.0), (90, 45.0), (120, 39))]
    assert fired(*slow, model=SUPPORT) == [
        (30, "enters_amber"), (60, "below_60"), (120, "enters_red"),
    ]  # fmt: skip
    names = [a.name for a in account_alerts(slow, SUPPORT)]
    assert names == ["Dropped to Yellow", "Score below 60", "Dropped to Red"]
    # On one day the most severe of the three stands for all.
    assert fired(at(0, 75.0), at(30, 39.0), model=SUPPORT) == [(30, "enters_red")]
    assert fired(at(0, 75.0), at(30, 55.0), model=SUPPORT) == [(30, "below_60")]


def test_recorded_tier_wins() -> None:
    """A smoothed tier decides what was entered, the raw score what fell."""
    rows = [at(0, 85.0, tier="green"), at(7, 70.0, tier="green"), at(14, 70.0, tier="amber")]
    assert fired(*rows) == [(7, "drop_10"), (14, "enters_amber")]


def test_alert_tells_all() -> None:
    """An alert says what, on which numbers, who, what to do, by when, and the tiers."""
    (alert,) = [a for a in account_alerts([at(0, 82.4), at(4, 58.6)], MODEL) if "red" in a.trigger]
    assert alert == Alert(
        account="A",
        day=MONDAY + timedelta(days=4),
        trigger="enters_red",
        name="Dropped to Red",
        evidence="82 → 59, Green → Red",
        severity="critical",
        owner="Executive",
        action="Reach out as an executive and agree a retention plan.",
        due=MONDAY + timedelta(days=7),
        tier_from="green",
        tier_to="red",
    )


def test_gap_in_the_history() -> None:
    """After weeks without a row the oldest score of the last seven days is compared with."""
    assert fired(at(0, 99.0), at(20, 97.0), at(24, 86.0)) == [(24, "drop_10")]
    assert fired(at(0, 99.0), at(20, 89.0)) == []
    assert fired(at(0, 99.0), at(4, 98.0), at(14, 88.0)) == [(14, "drop_10")]


def test_ticket_change_given() -> None:
    """A change that the row gives counts, not the one that its counts would give."""
    before = at(0, tickets=2.0)
    assert fired(before, at(7, tickets=9.0, ticket_change=0.1)) == []
    assert fired(before, at(7, tickets=2.0, ticket_change=0.6)) == [(7, "tickets_up_50")]


def test_decimals_do_not_decide() -> None:
    """A fall of ten that binary numbers miss by a hair still is one of ten."""
    assert 33.3 - 23.3 < 10.0
    assert fired(at(0, 33.3), at(7, 23.3)) == [(7, "drop_10")]
    assert 16.1 - 1.1 > 15.0
    assert fired(at(0, 16.1), at(7, 1.1)) == [(7, "drop_10")]


def test_more_severe_after_less() -> None:
    """A deeper fall within the week is told; the tail of the same fall is not."""
    falls = [at(n, s) for n, s in ((0, 99.0), (2, 89.0), (4, 82.9), (6, 80.0))]
    assert fired(*falls) == [(2, "drop_10"), (4, "drop_over_15")]


def test_facts_are_missing() -> None:
    """A row of nothing fires nothing."""
    assert fired(at(0), at(7), replace(at(14), renewal=MONDAY)) == []


def test_csat_of_ten() -> None:
    """A mean of answers from 0 to 10 counts as one from 1 to 5, and is shown as it was asked."""
    assert fired(at(0, csat_10=5.0)) == []
    (alert,) = account_alerts([at(0, csat_10=4.9)], MODEL)
    assert (alert.trigger, alert.evidence) == ("csat_below_3", "CSAT 4.9 of 10")
    assert fired(at(0, csat=3.5, csat_10=1.0)) == []


def test_what_happened_in_words() -> None:
    """Where the source says what happened, the alert does."""
    (alert,) = account_alerts([at(0, stakeholder_left="Champion moved on")], MODEL)
    assert (alert.trigger, alert.evidence) == ("stakeholder_left", "Champion moved on")


@given(rows(), st.sampled_from([MODEL, SUPPORT]))
def test_rows_that_need_no_look(given_rows: list[HistoryRow], model: Any) -> None:
    """Rows that are passed over are none on which anything fires, whatever fired before."""
    quick = find_alerts(given_rows, model, quick=may_fire)
    slow = [
        alert
        for account in "ABC"
        for alert in account_alerts([r for r in given_rows if r.account == account], model)
    ]
    assert sorted(quick, key=_place) == sorted(slow, key=_place)
    loud = may_fire(given_rows, model, TRIGGERS)
    told = {(r.account, r.day) for r, may in zip(given_rows, loud, strict=True) if may}
    assert {(a.account, a.day) for a in quick} <= told


def _place(alert: Alert) -> tuple[str, date, str]:
    return alert.account, alert.day, alert.trigger


def test_quiet_rows_are_passed_over() -> None:
    """A healthy account that stays as it is needs no look; each kind of fault asks for one."""
    renewal = MONDAY + timedelta(days=30)
    quiet = [at(k, 90.0, "Q", renewal=renewal, usage=80.0, csat=4.5, tickets=3.0) for k in (0, 7)]
    loud = [
        [at(0, 90.0), at(7, 80.0)], [at(0, tier="green"), at(7, tier="red")],
        [at(0, 61.0), at(7, 59.0)], [at(7, 50.0, renewal=renewal)], [at(7, 90.0, usage=5.0)],
        [at(7, csat=1.0)], [at(7, csat_10=1.0)], [at(7, login_gap=90.0)],
        [at(0, tickets=1.0), at(7, tickets=9.0)], [at(7, ticket_change=3.0)],
        [at(7, payment_failed=True)], [at(7, stakeholder_left="Ann Lee, sponsor, left")],
    ]  # fmt: skip
    for own in loud:
        found = may_fire([*quiet, *own], MODEL, TRIGGERS)
        assert (found[:2], found[-1]) == ([False, False], True), own
        assert fired(*own)
        assert not fired(*quiet)
    assert may_fire([], MODEL, TRIGGERS) == []
