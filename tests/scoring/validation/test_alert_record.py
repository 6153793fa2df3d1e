"""How alerts did, on a history of few accounts counted by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from scoring.alerts import Alert, HistoryRow, find_alerts
from scoring.judgement.flags import Flag
from scoring.triggers import TRIGGERS
from scoring.validation.alert_record import ANY, alert_record, episodes
from scoring.validation.cases import Cases, join_cases
from scoring.validation.intervals import share_interval
from scoring.validation.records import AlertRecord
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import company, simple_model
from tests.scoring.validation.falling import alone

_START = date(2025, 1, 1)


def _on(day: int) -> date:
    return _START + timedelta(days=day)


def _alert(account: str, day: int, trigger: str = "enters_red") -> Alert:
    rule = next(t for t in TRIGGERS if t.key == trigger)
    return Alert(account, _on(day), trigger, rule.title("Red"), "70 → 50", rule.severity,
                 rule.owner, rule.action, _on(day + 1), "amber", "red")  # fmt: skip


def _cases(seen: Mapping[str, range], outcomes: Sequence[tuple[str, int, str]]) -> Cases:
    """Accounts with 70 points on days since the start, and what they decided when."""
    parts = [alone(a, {_on(d): 70.0 for d in days}) for a, days in seen.items()]
    listed = pd.DataFrame(outcomes, columns=["account_id", "day", "outcome"])
    listed["date"] = pd.to_datetime([_on(d) for d in listed["day"]])
    history = pd.concat(parts, ignore_index=True)
    return join_cases(listed, take_snapshots(history, simple_model()), days=60)


@pytest.fixture(scope="module")
def two() -> Cases:
    """A churned on day 200; B renewed on day 300 and is seen to day 390."""
    return _cases({"A": range(0, 181, 30), "B": range(0, 391, 30)},
                  [("A", 200, "churned"), ("B", 300, "renewed")])  # fmt: skip


def _record(cases: Cases, alerts: Sequence[Alert], flags: Sequence[Flag] = ()) -> AlertRecord:
    found = alert_record(cases, alerts, flags)
    assert found is not None
    return found


def test_alerts_are_followed_for_ninety_days(two: Cases) -> None:
    """Five episodes can be followed, two of them saw churn; one came too near to the end."""
    days = [("A", 60), ("A", 120), ("A", 130), ("A", 155), ("B", 100), ("B", 250), ("B", 310)]
    found = _record(two, [_alert(a, d) for a, d in days])
    red = found.triggers[0]
    # 130 repeats 120; of 310 nobody knows what came by day 400.
    assert (red.key, red.name, red.fired, red.churned) == ("enters_red", "Dropped to Red", 5, 2)
    assert red.precision.value == pytest.approx(0.4)
    # Snapshots: 7 of A, 3 of them with churn to come; of B the 11 up to day 300.
    assert red.base == pytest.approx(3 / 18)
    assert red.lead_days == 140.0
    assert (found.caught.count, found.caught.of, found.window) == (1, 1, 90)


def test_what_is_caught_stands_beside_any_day(two: Cases) -> None:
    """Of the 15 rows 90 days and more into a history, six have an alert in the 90 days before."""
    # Rows of A from day 90 to 180, of B to 390. Day 100 lies before A's 120, 150 and 180, and day
    # 300 before B's 330, 360 and 390; on its own day an alert has warned of nothing yet.
    found = _record(two, [_alert("A", 100), _alert("B", 300)])
    assert found.caught_base == pytest.approx((3 + 3) / 15)
    short = _cases({"A": range(0, 61, 30), "B": range(0, 61, 30)}, [("B", 60, "renewed")])
    assert _record(short, [_alert("A", 30)]).caught_base is None


def test_the_day_of_the_loss_is_no_warning(two: Cases) -> None:
    """An alert on the day itself, or 91 days before, neither is precise nor catches it."""
    found = _record(two, [_alert("A", 109), _alert("A", 200)])
    assert (found.total.fired, found.total.churned, found.caught.count) == (1, 0, 0)
    assert _record(two, [_alert("A", 110)]).total.churned == 1
    assert _record(two, [_alert("A", 199)]).total.lead_days == 1.0


def test_one_decline_that_fires_several_triggers_is_one_of_all(two: Cases) -> None:
    """Two triggers within a month count once in total, each once alone."""
    alerts = [_alert("A", 120), _alert("A", 127, "drop_10"), _alert("B", 60, "drop_10")]
    found = _record(two, alerts)
    assert (found.total.key, found.total.fired, found.total.churned) == (ANY, 2, 1)
    assert [(t.key, t.fired, t.churned) for t in found.triggers] == [
        ("drop_10", 2, 1), ("enters_red", 1, 1)]  # fmt: skip


def test_order_does_not_matter(two: Cases) -> None:
    """Alerts come newest first from the command; the record is the same."""
    alerts = [_alert("A", d) for d in (60, 120, 130, 155)] + [_alert("B", 90, "drop_10")]
    assert _record(two, alerts) == _record(two, alerts[::-1])


def test_flags_are_counted_by_the_name_of_the_trigger(two: Cases) -> None:
    """A false positive is kept beside the figures; flags of risks do not count."""
    flag = Flag("A", "alert", "Dropped to Red", _on(120), "", "", "red", _on(121))
    flags = [flag, replace(flag, fired=None), replace(flag, what="Payment failed"),
             replace(flag, kind="risk")]  # fmt: skip
    found = _record(two, [_alert("A", 120), _alert("A", 120, "drop_10")], flags)
    assert {t.key: t.flagged for t in found.triggers} == {"enters_red": 2, "drop_10": 0}
    assert found.total.flagged == 3


def test_rows_of_an_account_that_is_gone_are_no_false_alarm() -> None:
    """After a churn only an account with a later outcome is followed again."""
    cases = _cases(
        {"Gone": range(0, 391, 30), "Back": range(0, 391, 30), "B": range(0, 391, 30)},
        [("Gone", 100, "churned"), ("Back", 100, "churned"), ("Back", 300, "renewed"),
         ("B", 300, "renewed")],
    )  # fmt: skip
    found = _record(cases, [_alert("Gone", 150), _alert("Back", 150), _alert("Back", 299)])
    assert (found.total.fired, found.total.churned) == (2, 0)


def test_an_account_lost_twice_is_warned_of_each_time() -> None:
    """Alerts before the first loss are none of the second's."""
    cases = _cases(
        {"A": range(0, 331, 30), "B": range(0, 421, 30)},
        [("A", 200, "churned"), ("A", 320, "churned"), ("B", 300, "renewed")],
    )
    found = _record(cases, [_alert("A", 180), _alert("A", 290)])
    assert (found.caught.count, found.caught.of) == (2, 2)
    # 20 days before the first loss, 30 before the second; 180 days would reach past the first.
    assert found.total.lead_days == 25.0


def test_who_vanished_without_an_outcome_is_not_followed() -> None:
    """Neither churn nor the end of 90 days was seen."""
    cases = _cases({"V": range(0, 121, 30), "B": range(0, 391, 30)},
                   [("B", 300, "renewed")])  # fmt: skip
    found = _record(cases, [_alert("V", 60), _alert("V", 20), _alert("Nobody", 60)])
    assert (found.total.fired, found.caught.of) == (1, 0)
    assert found.total.lead_days is None
    assert found.caught.share.value is None


def test_no_alert_is_no_record(two: Cases) -> None:
    """Without alerts there is nothing to tell."""
    assert alert_record(two, [], []) is None


def test_episodes_count_from_their_first_alert() -> None:
    """Daily alerts over 75 days are three episodes: days 0, 31 and 62."""
    account = np.zeros(76, dtype=np.intp)
    day = np.arange(76, dtype=np.int64)
    assert np.flatnonzero(episodes(account, day)).tolist() == [0, 31, 62]
    assert episodes(np.array([0, 1, 1]), np.array([5, 5, 5])).tolist() == [True, True, False]


def test_in_windows_a_stay_of_ours_ends_nothing() -> None:
    """Where only churn is listed, an account is followed until it was last seen."""
    cases = _cases({"A": range(0, 211, 30), "B": range(0, 391, 30), "C": range(0, 151, 30)},
                   [("A", 215, "churned"), ("C", 160, "churned")])  # fmt: skip
    assert cases.design == "windows"
    found = _record(cases, [_alert("A", 150), _alert("B", 150), _alert("B", 350)])
    assert (found.total.fired, found.total.churned) == (2, 1)


def test_a_company_counted_by_a_plain_loop() -> None:
    """Precision and base of a company with signal are those of a loop over alerts and rows."""
    c = company(3, strength=1.5, accounts=150)
    taken = take_snapshots(c.history, simple_model())
    cases = join_cases(c.outcomes, taken, days=60)
    days = [d.astype(object) for d in taken.day]
    rows = [HistoryRow(str(a), d, score=float(x))
            for a, d, x in zip(taken.account_id, days, taken.total, strict=True)]  # fmt: skip
    alerts = [a for a in find_alerts(rows, simple_model()) if a.trigger == "enters_red"]
    when = {a: (d.date(), kind) for a, d, kind in
            zip(c.outcomes["account_id"], c.outcomes["date"], c.outcomes["outcome"],
                strict=True)}  # fmt: skip
    end = max(days)

    def followed(account: str, day: date) -> bool | None:
        decided, kind = when[account]
        until = day + timedelta(days=90)
        if until > end or (kind == "churned" and decided <= day):
            return None
        return bool(kind == "churned" and decided <= until)

    found = _record(cases, alerts)
    told = [followed(a.account, a.day) for a in alerts]
    everyone = [followed(r.account, r.day) for r in rows]
    # Rows are a month apart, so that no alert repeats another within 30 days, or stands in for it.
    hits, known = sum(t is True for t in told), sum(t is not None for t in told)
    red = found.triggers[0]
    assert abs(red.fired - known) <= 2
    assert abs(red.churned - hits) <= 2
    known_rows = [t for t in everyone if t is not None]
    assert red.base == pytest.approx(sum(known_rows) / len(known_rows))
    assert red.precision.low is not None
    assert red.precision.low <= (share_interval(red.churned, red.fired).low or 1) + 1e-9
