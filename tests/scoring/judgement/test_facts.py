"""Facts: whichever metric of a model tells them, people and events, before and since."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.derive import derive_metrics
from scoring.judgement.facts import FactTable, concepts, known_facts
from scoring.judgement.facts_told import evidence_of, tell
from scoring.presets import load_preset, preset_names
from scoring.timeline import score_over_time

DAY, BEFORE = date(2026, 11, 23), date(2026, 8, 23)
Rows = Sequence[Mapping[str, Any]]


def table(
    preset: str, rows: Rows, past: Rows = (), tables: Mapping[str, Rows] | None = None
) -> FactTable:
    """Facts of accounts A0, A1, … of a preset; ``past`` holds rows with a date."""
    model = load_preset(preset)
    named = [{"account_id": f"A{k}", **row} for k, row in enumerate(rows)]
    accounts = derive_metrics(pd.DataFrame(named), model, DAY)
    timeline = score_over_time(accounts, pd.DataFrame(list(past)), model, as_of=DAY)
    frames = {name: pd.DataFrame(list(found)) for name, found in (tables or {}).items()}
    return FactTable(accounts, timeline, frames, as_of=DAY)


def values(t: FactTable, key: str) -> list[Any]:
    """What conditions see, None where missing."""
    found = t.values(key)
    assert found is not None, key
    return [None if x == "" or x != x else x for x in found.tolist()]


@pytest.mark.parametrize(
    ("preset", "metric", "value", "fact", "seen", "told"),
    [
        ("four-dimension", "csat", 3.0, "csat_share", 0.5, "3 of 5"),
        ("scorecard", "csat_10", 5.0, "csat_share", 0.5, "5 of 10"),
        ("scorecard", "nps_index", -20.0, "nps_share", 0.4, "−20"),
        ("four-dimension-2", "nps_response", 6.0, "nps_share", 0.6, "6 of 10"),
        ("four-dimension-2", "logins_per_week", 2.25, "logins_ratio", 0.5, "2.2 a week"),
        ("support", "logins_per_week", 0.5, "logins_ratio", 0.5, "0.5 a week"),
        ("signals", "logins_vs_target", 0.5, "logins_ratio", 0.5, "50%"),
        ("support", "plan_capacity_used", 0.3, "plan_used", 0.3, "30%"),
        ("four-dimension", "contract_utilisation", 0.3, "plan_used", 0.3, "30%"),
        ("four-dimension", "certification_rate", 0.6, "training_share", 0.6, "60%"),
        ("four-dimension-2", "training_completed_share", 0.6, "training_share", 0.6, "60%"),
        ("four-dimension-2", "tickets_vs_average", 1.67, "tickets_change", 1.67, "+167%"),
        ("support", "ticket_trend_90d", -0.1, "tickets_change", -0.1, "−10%"),
        ("support", "stakeholder_contacts", 2.0, "contacts", 2.0, "2"),
    ],
)
def test_one_fact_under_every_model(
    preset: str, metric: str, value: float, fact: str, seen: float, told: str
) -> None:
    """Conditions see one scale, people the metric's own."""
    t = table(preset, [{metric: value}, {metric: None}])
    assert values(t, fact) == [pytest.approx(seen), None]
    assert tell(t, 0, fact, "value") == told
    assert tell(t, 1, fact, "value") == ""


@pytest.mark.parametrize(
    ("preset", "row", "late"),
    [
        ("scorecard", {"payment_history": "Late"}, "yes"),
        ("scorecard", {"payment_history": "On time"}, "no"),
        ("signals", {"payment_status": "Current"}, "no"),
        ("signals", {"payment_status": "Late"}, "yes"),
        ("support", {"late_payments_12m": 0.0}, "no"),
        ("support", {"late_payments_12m": 2.0}, "yes"),
        ("four-dimension", {"on_time_payment_share": 0.5}, "yes"),
        ("four-dimension", {"on_time_payment_share": 0.8}, "no"),
        ("four-dimension", {}, None),
    ],
)
def test_payments_by_whichever_metric(preset: str, row: dict[str, Any], late: str | None) -> None:
    """Words, counts and shares say the same thing."""
    assert values(table(preset, [row]), "payment_late") == [late]


@pytest.mark.parametrize("preset", preset_names())
def test_nothing_known_is_missing_everywhere(preset: str) -> None:
    """No fact of an empty account has a value, but those that count what is there."""
    t = table(preset, [{"account_name": "Sample"}])
    counted = {"coverage", "stale_count", "champion_recorded"}
    for key in concepts():
        if key not in counted and t.values(key) is not None:
            assert values(t, key) == [None], key
        for part in ("value", "phrase", "was", "since", "before", "detail"):
            assert key in counted or tell(t, 0, key, part) == "", (key, part)
        assert key in counted or evidence_of(t, 0, key, None) is None


def test_a_quarter_ago_stands_beside() -> None:
    """Value, day and direction of what was before, and the change in points of the share."""
    row = {"seats_active_share": 0.48}
    past = [{"account_id": "A0", "date": BEFORE, "seats_active_share": 0.68}]
    t = table("four-dimension-2", [row, row], past)
    assert tell(t, 0, "seats_share", "was") == "down from 68% on 23 Aug 2026"
    assert tell(t, 0, "seats_share", "before") == "68%"
    assert tell(t, 1, "seats_share", "was") == ""
    assert values(t, "seats_change") == [pytest.approx(-0.2), None]
    same = table("four-dimension-2", [{"seats_active_share": 0.68}], past)
    assert tell(same, 0, "seats_share", "was") == ""


def test_words_tell_what_they_were() -> None:
    """A sponsor who was active."""
    past = [{"account_id": "A0", "date": BEFORE, "executive_sponsor": "Active"}]
    t = table("scorecard", [{"executive_sponsor": "Vacant"}], past)
    assert values(t, "sponsor") == ["vacant"]
    assert tell(t, 0, "sponsor", "was") == "was active on 23 Aug 2026"
    assert tell(t, 0, "sponsor", "phrase") == "Executive sponsor vacant"


def test_counts_that_agree_stand_behind_a_share() -> None:
    """12 of 25 seats; counts that say another share are not told."""
    row = {"seats_active": 12.0, "seats_licensed": 25.0}
    t = table("four-dimension-2", [row, {**row, "seats_active_share": 0.9}])
    assert tell(t, 0, "seats_share", "detail") == "12 of 25 seats"
    assert tell(t, 1, "seats_share", "detail") == ""
    # A model without that metric still knows the columns.
    other = table("signals", [row])
    assert values(other, "seats_share") == [pytest.approx(0.48)]
    assert tell(other, 0, "seats_share", "phrase") == "Seats active 48%"
    assert tell(other, 0, "seats_share", "benchmark") == "80% or more"


def test_stakeholders_count() -> None:
    """Contacts, strong champions, moods and the last contact, by account; none for the others."""
    people: Rows = [
        {"account_id": "A0", "name": "a", "relation": "Champion", "strength": "Strong",
         "last_contact": date(2026, 11, 3), "sentiment": "Negative"},
        {"account_id": "A0", "name": "b", "relation": "User", "strength": None,
         "last_contact": date(2026, 12, 24), "sentiment": "Positive"},
        {"account_id": "gone", "name": "c", "relation": "Champion", "strength": "Strong",
         "last_contact": None, "sentiment": None},
    ]  # fmt: skip
    t = table("four-dimension", [{}, {}], tables={"Stakeholders": people})
    assert values(t, "contacts") == [2.0, None]
    assert values(t, "strong_champions") == [1.0, None]
    assert values(t, "champion") == ["strong", None]
    assert values(t, "champion_recorded") == ["yes", "no"]
    assert values(t, "contacts_negative") == [1.0, None]
    assert tell(t, 0, "contacts_negative", "detail") == "a"
    # What lies ahead is no contact yet.
    assert values(t, "days_since_contact") == [20.0, None]
    assert tell(t, 0, "days_since_contact", "when") == "3 Nov 2026"


def test_goals_off_track_are_named() -> None:
    """The first one with its evidence, and how many more."""
    goals: Rows = [
        {"account_id": "A0", "goal": "Close in 4 days", "progress": "Off track", "evidence": "8"},
        {"account_id": "A0", "goal": "Move teams", "progress": "off track", "evidence": None},
        {"account_id": "A0", "goal": "Answer fast", "progress": "On track", "evidence": None},
    ]
    t = table("support", [{}, {}], tables={"Goals": goals})
    assert values(t, "goals_off") == [2.0, None]
    assert tell(t, 0, "goals_off", "detail") == "Close in 4 days: off track, 8 (and 1 more)"


def test_the_last_event_of_a_kind_counts() -> None:
    """With day, words and source; what is yet to come does not."""
    events: Rows = [
        {"account_id": "A0", "date": day, "event": text, "source": "News"}
        for day, text in (
            (date(2026, 5, 1), "Merger announced"), (date(2026, 10, 4), "Merger completed"),
            (date(2027, 1, 1), "Merger reversed"), (date(2026, 11, 1), "Sponsor resigned"),
        )
    ]  # fmt: skip
    t = table("scorecard", [{}, {}], tables={"Events": events})
    assert values(t, "merger_days") == [50.0, None]
    assert tell(t, 0, "merger_days", "detail") == "Merger completed (News)"
    assert tell(t, 0, "merger_days", "when") == "4 Oct 2026"
    assert values(t, "sponsor_left_days") == [22.0, None]
    assert t.values("champion_left_days") is None


def test_days_from_dates_of_the_contract() -> None:
    """Renewal ahead and passed, start, QBR planned and not held."""
    rows: Rows = [
        {"renewal_date": date(2027, 2, 1), "start_date": date(2026, 11, 3),
         "next_qbr_date": date(2026, 11, 13), "last_qbr_date": date(2026, 8, 13)},
        {"renewal_date": date(2026, 11, 1), "start_date": None,
         "next_qbr_date": date(2026, 11, 13), "last_qbr_date": date(2026, 11, 14)},
    ]  # fmt: skip
    t = table("four-dimension", rows)
    assert values(t, "days_left") == [70.0, -22.0]
    assert values(t, "age_days") == [20.0, None]
    assert values(t, "qbr_overdue_days") == [10.0, None]
    assert values(t, "days_since_qbr") == [102.0, 9.0]
    assert tell(t, 0, "days_since_qbr", "phrase") == "102 days since QBR"


def test_how_long_features_have_not_risen() -> None:
    """Back to the last snapshot below today's; a gap does not end it."""
    past: Rows = [
        {"account_id": "A0", "date": date(2026, m, 23), "feature_breadth": b}
        for m, b in ((5, 0.25), (6, 0.33), (7, None), (8, 0.33), (10, 0.41))
    ]
    t = table("scorecard", [{"feature_breadth": 0.33}], past)
    assert values(t, "breadth_flat_days") == [(DAY - date(2026, 6, 23)).days]
    assert table("scorecard", [{"feature_breadth": 0.33}]).values("breadth_flat_days") is None


def test_a_day_that_people_wrote_tells_since_when() -> None:
    """Of the details the first day that is not ahead."""
    note = "Due 3 Nov 2026, asked again 2026-11-10, meeting 5 December 2026"
    t = table("scorecard", [{"payment_history": "Late", "payment_details": note}])
    column = t.column("payment_late")
    assert column is not None
    assert column.noted is not None
    assert column.noted(0) == date(2026, 11, 3)


def test_facts_of_the_score() -> None:
    """Displayed score, velocity and change against about 30 days ago."""
    full = {d.key: 4.0 for d in load_preset("scorecard").dimensions}
    past: Rows = [{"account_id": "A0", "date": date(2026, 10, 24), **dict.fromkeys(full, 5.0)}]
    t = table("scorecard", [full, {}], past)
    assert values(t, "score") == [80.0, None]
    assert values(t, "tier") == ["green", None]
    assert values(t, "score_change") == [pytest.approx(-20.0), None]
    assert values(t, "velocity") == [pytest.approx(-20 / 30), None]
    assert tell(t, 0, "score", "was") == "down from 100 on 24 Oct 2026"
    assert values(t, "coverage") == [1.0, 0.0]


def test_known_facts_are_all_that_may_be_named() -> None:
    """Concepts, columns of Accounts and metrics of every preset, each once."""
    known = known_facts()
    assert len(known) == len(set(known))
    assert {"usage_change", "open_p1", "csat", "nps_response", "days_left"} <= set(known)
    for name in preset_names():
        assert {m.key for m in load_preset(name).metrics} <= set(known)


def test_yes_and_no_columns_are_words() -> None:
    """A gate of a company's own model: true is yes; missing is missing."""
    model = load_preset("scorecard")
    gate = {"key": "cancellation_notice", "name": "Cancellation notice", "cap": "red"}
    own = type(model).model_validate(model.model_dump() | {"gates": [gate]})
    accounts = pd.DataFrame(
        {"account_id": ["A", "B", "C"], "cancellation_notice": [True, False, None]}
    )
    timeline = score_over_time(accounts, pd.DataFrame(), own, as_of=DAY)
    t = FactTable(accounts, timeline, {}, as_of=DAY)
    assert values(t, "cancellation_notice") == ["yes", "no", None]


def test_amounts_and_missing_columns() -> None:
    """Numbers are numbers, an absent column is nobody's."""
    t = table("scorecard", [{"arr": 5.0}, {"arr": None}])
    assert values(t, "arr") == [5.0, None]
    assert np.isnan(t.numbers("seats_licensed")).all()
    assert t.values("nowhere") is None
    assert math.isnan(t.numbers("arr")[1])
