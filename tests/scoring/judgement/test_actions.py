"""Actions: who, by when, and what people decided about them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from scoring.judgement.actions import COOL_DOWN, MOST, is_open, is_overdue
from scoring.judgement.case import contact_of, people_of
from scoring.judgement.records import HORIZONS, Action, Risk
from scoring.workdays import due_day
from tests.scoring.judgement.cases import LIBRARY, RISK, TODAY, case, plan, rows

WEEK = timedelta(days=7)


def by_key(actions: tuple[Action, ...]) -> dict[str, Action]:
    """Key → action."""
    return {a.key: a for a in actions}


def test_an_amber_account_is_called_within_48_hours() -> None:
    """Counted from the day it turned amber, so that it is overdue when it is."""
    fresh = by_key(plan(case()))["tier.amber.outreach"]
    assert (fresh.due, fresh.owner, fresh.horizon) == (
        date(2026, 11, 25),
        "Sample CSM",
        HORIZONS[0],
    )
    late = plan(case(tier_since=date(2026, 11, 12)))
    outreach = by_key(late)["tier.amber.outreach"]
    assert outreach.due == date(2026, 11, 16)
    assert is_overdue(outreach, TODAY)
    assert late[0] == outreach


def test_a_red_account_is_called_within_24_hours_and_a_strategic_one_by_the_vp() -> None:
    """003: CS and support manager at once; VP for the largest and for enterprises only."""
    red = case(tier="red", tier_word="Red", risks=())
    assert by_key(plan(red))["tier.red.outreach"].due == date(2026, 11, 24)
    assert "tier.red.executive" not in by_key(plan(red))
    for strategic in (replace(red, arr=100_000.0), replace(red, segment="enterprise")):
        assert by_key(plan(strategic))["tier.red.executive"].role == "VP Customer Success"


def test_green_accounts_have_check_ins_and_expansion_where_they_want_more() -> None:
    """003: quarterly check-in, reference; expansion with a flag."""
    green = case(tier="green", risks=())
    assert {a.key for a in plan(green)} == {"tier.green.check_in", "tier.green.reference"}
    assert "tier.green.expansion" in by_key(plan(replace(green, expansion=True)))


@pytest.mark.parametrize("seed", range(40))
def test_days_fall_in_their_horizon_before_the_renewal_and_on_working_days(seed: int) -> None:
    """Of random accounts on random days; only what counts from the past may be late."""
    dice = random.Random(seed)
    today = TODAY + timedelta(days=dice.randrange(400))
    left = dice.choice([1, 2, 5, 20, 60, 200, 400])
    picked = dice.sample([r for r in LIBRARY.risks if r.play], 3)
    risks = tuple(Risk(r.key, r.name, "…", dice.choice(("High", "Medium", "Low")), play=r.play)
                  for r in picked)  # fmt: skip
    renewal = today + timedelta(days=left)
    one = case(as_of=today, tier=dice.choice(("red", "amber", "green")), risks=risks,
               renewal_date=renewal, arr=dice.choice((5e3, 5e5)))  # fmt: skip
    found = plan(one)
    assert found
    assert not any(n > MOST[h] for h, n in Counter(a.horizon for a in found).items())
    for action in found:
        assert action.due is not None
        assert action.due.weekday() < 5
        first_working = due_day(today, 0)
        assert action.due >= first_working
        assert action.due < renewal or action.due == first_working
        if action.horizon == HORIZONS[0]:
            assert action.due <= today + timedelta(days=9)
        assert action.owner
    assert len({a.key for a in found}) == len(found)


def test_the_same_situation_gives_the_same_keys_next_week() -> None:
    """A day that was given stays given."""
    first = plan(case())
    again = plan(case(as_of=TODAY + WEEK, typed=rows(first)))
    assert set(by_key(first)) <= set(by_key(again))
    assert {k: a.due for k, a in by_key(again).items() if k in by_key(first)} == {
        a.key: a.due for a in first
    }


def test_what_people_typed_wins_and_the_rest_stays_ours() -> None:
    """An edited text, owner or day stays; an owner that nobody edited follows the account."""
    first = plan(case())
    typed = rows(first, tier_amber_outreach={"action": "Write to them", "notes": "prefers mail"},
                 risk_usage_decline_audit={"owner": "Sample other"},
                 tier_amber_review={"deadline": date(2026, 12, 9)})  # fmt: skip
    people = {"CSM": "Sample successor", "Champion": "Sample champion"}
    found = by_key(plan(case(typed=typed, people=people)))
    assert found["tier.amber.outreach"].text == "Write to them"
    assert found["tier.amber.outreach"].notes == "prefers mail"
    assert found["tier.amber.outreach"].owner == "Sample successor"
    assert found["risk.usage_decline.audit"].owner == "Sample other"
    assert found["tier.amber.review"].due == date(2026, 12, 9)
    third = by_key(plan(case(typed=rows(found.values()), people=people)))
    assert third["tier.amber.outreach"].text == "Write to them"
    assert third["risk.usage_decline.audit"].owner == "Sample other"


def test_done_comes_back_after_its_cool_down_and_dropped_never() -> None:
    """A later turn has a key of its own, so that the done row can go to the archive."""
    first = plan(case())
    typed = rows(first, risk_usage_decline_audit={"status": "Done"},
                 tier_amber_outreach={"status": "dropped"})  # fmt: skip
    done = plan(case(typed=typed))
    audit = by_key(done)["risk.usage_decline.audit"]
    assert (audit.status, audit.closed) == ("Done", TODAY)
    assert not is_open(done[-1])
    soon = plan(case(as_of=TODAY + timedelta(days=COOL_DOWN - 1), typed=rows(done)))
    assert by_key(soon)["risk.usage_decline.audit"].status == "Done"
    later = by_key(plan(case(as_of=TODAY + timedelta(days=COOL_DOWN), typed=rows(soon))))
    assert "risk.usage_decline.audit" not in later
    assert later["risk.usage_decline.audit~2"].status == "Open"
    assert later["tier.amber.outreach"].status == "Dropped"


def test_what_nobody_took_up_goes_with_its_situation_and_what_somebody_did_stays() -> None:
    """The risk is over: an untouched step leaves, one in progress is theirs."""
    first = plan(case())
    typed = rows(first, risk_usage_decline_interviews={"status": "In progress"})
    found = by_key(plan(case(typed=typed, risks=())))
    assert "risk.usage_decline.audit" not in found
    assert found["risk.usage_decline.interviews"].status == "In progress"


def test_people_s_own_actions_are_not_proposed_again() -> None:
    """What somebody typed in other words is theirs; ours stays away."""
    own = {"action": "Interview inactive users: what stops them?", "owner": "Sample other"}
    found = plan(case(typed=(own,)))
    assert [a.origin for a in found if "nterview" in a.text] == ["typed"]


def test_three_attempts_without_response_ask_for_an_executive() -> None:
    """Before that another channel; an answer ends it."""
    first = plan(case(unused="Forecasts"))
    key = "tier.amber.outreach"

    def after(**edit: object) -> dict[str, Action]:
        typed = rows(first, tier_amber_outreach=edit)
        return by_key(plan(case(typed=typed, unused="Forecasts")))

    one = after(attempts=1.0, last_channel="e-mail")
    assert one[key].channel == "phone"
    assert f"{key}/up" not in one
    assert after(attempts=2.0, last_channel="Phone")[key].channel == "in-app"
    three = after(attempts=3.0)
    up = three[f"{key}/up"]
    assert (up.escalated, up.role, up.due) == (True, "VP Customer Success", date(2026, 11, 24))
    assert "show what Forecasts would give them" in up.text
    assert f"{key}/up" not in after(attempts=3.0, response="called back")
    assert f"{key}/up" in after(attempts=3.0, response="none")


def test_a_done_escalation_is_not_repeated_at_once() -> None:
    """The executive reached out; the row says so until its cool-down passed."""
    first = plan(case())
    typed = rows(first, tier_amber_outreach={"attempts": 3.0})
    second = plan(case(typed=typed))
    done = [dict(r, status="Done") if r["key"].endswith("/up") else r for r in rows(second)]
    third = by_key(plan(case(typed=tuple(done))))
    assert third["tier.amber.outreach/up"].status == "Done"


def test_an_action_of_the_source_follows_it_until_people_edit_it() -> None:
    """The workbook's edit wins over the source; what nobody edited follows the source."""
    source = {"action": "Send the offer", "owner": "Sample sales", "deadline": date(2026, 12, 1),
              "horizon": "This month", "status": "Open"}  # fmt: skip
    first = plan(case(tier="", risks=(), typed=(source,)))
    assert [(a.text, a.owner) for a in first] == [("Send the offer", "Sample sales")]
    book = rows([replace(first[0], owner="Sample other")])
    moved = dict(source, deadline=date(2026, 12, 4))
    found = plan(case(tier="", risks=(), typed=(moved, *book)))
    assert [(a.owner, a.due) for a in found] == [("Sample other", date(2026, 12, 4))]
    closed = plan(case(tier="", risks=(), typed=(dict(moved, status="done"), *rows(found))))
    assert [a.status for a in closed] == ["Done"]
    assert plan(case(tier="", risks=(), typed=rows(first))) == ()


def test_nothing_is_said_without_a_tier_and_without_risks() -> None:
    """Missing is never zero: no score, no steps."""
    assert plan(case(tier="", risks=())) == ()
    assert {a.risk for a in plan(case(tier=""))} == {RISK.key}


def test_stakeholders_of_ours_own_what_is_their_role() -> None:
    """A relation that is a role on our side names the owner, and never whom to call."""
    rows_of = [
        {"name": "Sample manager", "relation": "CS manager"},
        {"name": "Sample contact", "relation": "User"},
    ]
    assert people_of({"CSM": "Sample CSM", "Champion": ""}, rows_of) == {
        "CSM": "Sample CSM", "CS manager": "Sample manager",
    }  # fmt: skip
    assert contact_of(rows_of, "") == "Sample contact"
    red = case(tier="red", people=people_of({"CSM": "Sample CSM"}, rows_of), contact="")
    assert by_key(plan(red))["tier.red.outreach"].owner == "Sample manager"
