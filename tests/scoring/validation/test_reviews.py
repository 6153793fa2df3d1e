"""Post-churn reviews of accounts whose story is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.alerts import Alert
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.triggers import TRIGGERS
from scoring.validation.cases import join_cases
from scoring.validation.records import Review
from scoring.validation.reviews import reviews_of
from scoring.validation.snapshots import take_snapshots
from tests.scoring.rows import dimension, metric, model_of, state
from tests.scoring.validation.companies import simple_model
from tests.scoring.validation.falling import alone

LOSS = date(2026, 6, 30)
MODEL = model_of(
    dimension(
        "use", 60,
        metric("seats", 3, name="Seats active", unit="fraction", scale=(0, 1),
               curve={"kind": "linear", "points": ((0, 0), (1, 100))}, healthy=(0.5, None)),
        metric("gap", 1, name="Days since login", unit="days", scale=(0, None), max_age_days=60,
               curve={"kind": "linear", "points": ((0, 100), (100, 0))}, healthy=(None, 30)),
    ),
    dimension("mood", 40, state("sponsor", ("Active", 100), ("Vacant", 0), name="Sponsor")),
)  # fmt: skip


def _back(days: int) -> date:
    return LOSS - timedelta(days=days)


def _row(back: int, **more: object) -> dict[str, object]:
    facts: dict[str, object] = {"seats": 0.9, "gap": 5.0, "sponsor": "Active"}
    return {"account_id": "A", "date": pd.Timestamp(_back(back)), **facts, **more}


def _reviews(
    rows: Sequence[Mapping[str, object]] | pd.DataFrame,
    losses: Sequence[tuple[str, date]] = (("A", LOSS),),
    *,
    model: ScoreModel = MODEL,
    alerts: Sequence[Alert] = (),
    renewed: Sequence[tuple[str, date]] = (),
    tables: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    **facts: str | float,
) -> tuple[Review, ...]:
    """Reviews of the losses of a list; facts are further columns of it."""
    listed = [(a, d, "churned") for a, d in losses] + [(a, d, "renewed") for a, d in renewed]
    outcomes = pd.DataFrame(listed, columns=["account_id", "date", "outcome"]).assign(**facts)
    outcomes["date"] = pd.to_datetime(outcomes["date"])
    history = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    cases = join_cases(outcomes, take_snapshots(history, model), days=60)
    frames = {name: pd.DataFrame(list(sheet)) for name, sheet in (tables or {}).items()}
    return reviews_of(cases, alerts, frames)


def _alert(back: int, trigger: str, evidence: str, account: str = "A") -> Alert:
    rule = next(t for t in TRIGGERS if t.key == trigger)
    return Alert(account, _back(back), trigger, rule.title("Red"), evidence, rule.severity,
                 rule.owner, rule.action, _back(back - 1), "amber", "red")  # fmt: skip


DECLINE = [_row(190), _row(100), _row(70, seats=0.8), _row(35, seats=0.5, gap=40.0),
           _row(10, seats=0.41, gap=60.0, sponsor="Vacant")]  # fmt: skip


def test_scores_are_those_that_stood() -> None:
    """180, 90, 60 and 30 days before, then the last; each with its own day."""
    scores = _reviews(DECLINE)[0].scores
    assert [s.days for s in scores] == [180, 90, 60, 30, 0]
    assert [s.seen for s in scores] == [_back(b) for b in (190, 100, 70, 35, 10)]
    # 0.6 × (0.75 × 90 + 0.25 × 95) + 0.4 × 100 = 94.75; with 41 %, 60 days, vacant: 24.45.
    assert np.allclose([s.score or 0 for s in scores], [94.75, 94.75, 90.25, 71.5, 24.45])
    assert [s.tier for s in scores] == ["green", "green", "green", "amber", "red"]


def test_what_fell_is_told_with_value_and_points() -> None:
    """The metrics that fell most in the last 90 days, most points first."""
    assert _reviews(DECLINE)[0].fell == (
        "Sponsor vacant, from 100 to 0 points",
        "60 days since login, from 95 to 40 points",
        "Seats active down to 41%, from 90 to 41 points",
    )


def test_the_summary_says_what_was_lost_what_stood_and_what_warned() -> None:
    """Three sentences, the amount first."""
    found = _reviews(DECLINE, alerts=[_alert(35, "drop_10", "90 → 72 in 35 days")], arr=45_000.0,
                     currency="EUR", reason="Moved to a competitor. ")[0]  # fmt: skip
    assert found.summary == (
        "€45K lost on 30 Jun 2026; reason given: Moved to a competitor. "
        "Scored 90 Green 70 days before, 24 Red 10 days before. "
        "1 alert fired, 35 days before; sponsor fell most, from 100 to 0 points."
    )
    assert (found.reason, found.arr, found.currency) == ("Moved to a competitor.", 45_000.0, "EUR")


def test_alerts_of_half_a_year_are_listed_once_a_month() -> None:
    """Older ones, later ones and other accounts' do not count; repeats stand with the first."""
    alerts = [
        _alert(181, "enters_red", "70 → 50"), _alert(180, "enters_red", "70 → 55"),
        _alert(160, "enters_red", "65 → 55"), _alert(151, "enters_red", "61 → 50"),
        _alert(150, "drop_10", "65 → 54 in 7 days"), _alert(149, "enters_red", "60 → 41"),
        _alert(0, "drop_10", "41 → 20 in 7 days"), _alert(20, "drop_10", "other", "B"),
    ]  # fmt: skip
    found = _reviews(DECLINE, alerts=alerts[::-1])[0].alerts
    assert [(a.days_before, a.name, a.evidence) for a in found] == [
        (180, "Dropped to Red", "70 → 55 (2 more to 30 Jan 2026)"),
        (150, "Score fell by 10 or more in 7 days", "65 → 54 in 7 days"),
        (149, "Dropped to Red", "60 → 41"),
    ]


def test_what_was_tried_is_told_up_to_the_loss() -> None:
    """Actions by the day they were done or due, and overrides; later ones and undated are not."""
    actions: list[dict[str, object]] = [
        {"account_id": "A", "action": "Call the sponsor", "owner": "CSM", "status": "Done",
         "deadline": pd.Timestamp(_back(40)), "attempts": 3, "last_channel": "email",
         "response": "None yet"},
        {"account_id": "A", "action": "Agree a plan", "owner": None, "status": "Open",
         "deadline": pd.Timestamp(_back(20))},
        {"account_id": "A", "action": "Win back", "deadline": pd.Timestamp(_back(-9))},
        {"account_id": "A", "action": "Train users", "deadline": pd.NaT},
        {"account_id": "B", "action": "Other", "deadline": pd.Timestamp(_back(9))},
    ]  # fmt: skip
    override = {"account_id": "A", "tier": "green", "score": None, "reason": "New sponsor named",
                "author": "Lead Sample", "set_on": pd.Timestamp(_back(30))}  # fmt: skip
    found = _reviews(DECLINE, tables={"Actions": actions, "Overrides": [override]})[0]
    assert found.actions == (
        "Call the sponsor: done 21 May 2026, CSM; 3 attempts by email; response: None yet",
        "Override to Green, 31 May 2026, Lead Sample: New sponsor named",
        "Agree a plan: not done, due 10 Jun 2026",
    )
    assert "1 action has no date." in found.missed


def test_no_alert_and_an_old_red_are_told_together() -> None:
    """An account that was red all the time could not fall."""
    rows = alone("A", {_back(b): 40.0 for b in (200, 100, 70, 35, 10)})
    missed = _reviews(rows, model=simple_model())[0].missed
    assert missed == (
        "No alert fired in the 180 days before: Red since 12 Dec 2025.",
        "No metric fell by 5 points or more in the last 90 days.",
    )


def test_a_late_alert_is_told() -> None:
    """13 days are too late to act on, 14 are not."""
    late = _reviews(DECLINE, alerts=[_alert(13, "drop_10", "x")])[0].missed
    early = _reviews(DECLINE, alerts=[_alert(14, "drop_10", "x")])[0].missed
    assert late == ("The first alert fired 13 days before: too late to act.",)
    assert early == ()


def test_all_healthy_means_a_cause_outside() -> None:
    """Every metric in its healthy range at the end: the data could not know."""
    found = _reviews([_row(100), _row(60), _row(10)], alerts=[_alert(40, "drop_10", "x")])[0]
    assert found.missed == ("All 3 metrics stayed healthy: the cause was outside the data.",)
    assert found.summary.endswith("nothing fell by 5 points or more.")


def test_missing_and_old_metrics_are_named() -> None:
    """Two months before, half of the weight was unknown: one metric never given, one too old."""
    gone = {"seats": None, "gap_as_of": pd.Timestamp(_back(170))}
    found = _reviews([_row(100, **gone), _row(60, **gone), _row(10, **gone)])[0]
    assert "1 of 3 metrics had no value 60 days before: Seats active." in found.missed
    assert "1 of 3 metrics had an old value 60 days before: Days since login." in found.missed
    assert "No score stood 60 days before: 40% of the weight was known." in found.missed
    assert found.summary.startswith("Lost on 30 Jun 2026. No score stood before it.")


def test_a_score_that_stood_on_little_is_told() -> None:
    """Without seats 55 % of the weight is known: enough for a score, and little."""
    found = _reviews([_row(100, seats=None), _row(60, seats=None), _row(10)])[0]
    assert "55% of the weight was known 60 days before." in found.missed
    assert found.scores[2].score is not None


def test_a_history_that_begins_late_or_ends_early_is_told() -> None:
    """First seen 41 days before; last seen 75 days before; not seen 60 to 105 days before."""
    # Somebody else's months keep the rhythm of the history.
    months = [_row(30 * i, account_id="Z") for i in range(14)]
    late = _reviews([*months, _row(41), _row(10)])[0].missed
    assert late[0] == "The first snapshot stands 41 days before the loss."
    early = _reviews([*months, _row(200), _row(75)])[0].missed
    assert early[0] == "The last snapshot stands 75 days before the loss."
    hole = _reviews([*months, _row(200), _row(10)])[0]
    assert hole.missed[0] == "No snapshot stands 60 to 105 days before the loss."
    assert hole.summary.startswith(
        "Lost on 30 Jun 2026. Scored 95 Green 10 days before; no score stood 60 days before."
    )


def test_a_loss_without_any_snapshot_is_reviewed_all_the_same() -> None:
    """Accounts that the history does not know, or only afterwards, are told so."""
    found = _reviews([_row(-10)], [("A", LOSS), ("Unknown", LOSS)])
    assert [r.account_id for r in found] == ["A", "Unknown"]
    for review in found:
        assert review.missed == ("The history holds no snapshot before the loss.",)
        assert {s.score for s in review.scores} == {None}
        assert review.summary == "Lost on 30 Jun 2026. No score stood before it."
        assert review.fell == ()


def test_events_that_nothing_alerted_of_are_told() -> None:
    """Within half a year before; what an alert was fired by is not repeated."""
    events = [
        {"account_id": "A", "date": pd.Timestamp(_back(58)), "event": "Merged with a rival"},
        {"account_id": "A", "date": pd.Timestamp(_back(50)), "event": "Champion left"},
        {"account_id": "A", "date": pd.Timestamp(_back(181)), "event": "Old news"},
        {"account_id": "A", "date": pd.Timestamp(_back(-1)), "event": "Later news"},
    ]
    alerts = [_alert(50, "stakeholder_left", "Champion left")]
    found = _reviews(DECLINE, alerts=alerts, tables={"Events": events})[0]
    assert found.missed == ("No alert came of the event 58 days before: Merged with a rival.",)


def test_an_unknown_last_contact_is_told_where_stakeholders_are_listed() -> None:
    """Not without such a sheet, nor without its people, nor where one contact is known."""
    told = "The last contact with anybody there is not known."
    person = {"account_id": "A", "name": "Sample", "last_contact": pd.Timestamp(_back(90))}
    nobody = {**person, "last_contact": pd.NaT}
    assert told not in _reviews(DECLINE)[0].missed
    assert told not in _reviews(DECLINE, tables={"Stakeholders": [nobody, person]})[0].missed
    assert told in _reviews(DECLINE, tables={"Stakeholders": [nobody]})[0].missed
    other = {**nobody, "account_id": "B"}
    assert told not in _reviews(DECLINE, tables={"Stakeholders": [other]})[0].missed


def test_an_account_lost_twice_has_two_reviews() -> None:
    """Newest first; what was before the first loss is not told of the second."""
    first = _back(150)
    rows = [_row(400), _row(250, seats=0.2), _row(160, seats=0.1), *DECLINE[1:]]
    action = {"account_id": "A", "action": "Call", "deadline": pd.Timestamp(_back(160))}
    found = _reviews(rows, [("A", first), ("A", LOSS)], renewed=[("A", _back(380))],
                     alerts=[_alert(155, "drop_10", "x")],
                     tables={"Actions": [action]})  # fmt: skip
    assert [r.day for r in found] == [LOSS, first]
    assert [len(r.alerts) for r in found] == [0, 1]
    assert [len(r.actions) for r in found] == [0, 1]
    assert found[0].scores[0].seen is None
    assert found[1].scores[-1].seen == _back(160)


def test_ratings_that_a_person_typed_are_reviewed() -> None:
    """Under the scorecard: dimensions by their names, and no metric is called missing."""
    model = load_preset("scorecard")
    ratings = {d.key: 5 for d in model.dimensions}
    rows = [
        {"account_id": "A", "date": pd.Timestamp(_back(b)), **ratings, "engagement": rated}
        for b, rated in ((90, 5), (60, 4), (10, 2))
    ]
    found = _reviews(rows, model=model)[0]
    assert found.fell == ("Engagement rated down to 2 of 5, from 100 to 40 points",)
    assert found.missed == ("No alert fired in the 180 days before.",)
    assert found.summary.endswith("engagement fell most, from 100 to 40 points.")


def test_what_stayed_healthy_is_counted_as_it_is_known() -> None:
    """One known metric of three, and five ratings of a model that has metrics, too."""
    fired = [_alert(40, "drop_10", "x")]
    gone = {"gap": None, "sponsor": None}
    one = _reviews([_row(100, **gone), _row(60, **gone), _row(10, **gone)], alerts=fired)[0]
    assert "The only known metric stayed healthy: the cause was outside the data." in one.missed
    model = load_preset("scorecard")
    ratings = {d.key: 5 for d in model.dimensions}
    rows = [{"account_id": "A", "date": pd.Timestamp(_back(b)), **ratings} for b in (90, 60, 10)]
    five = _reviews(rows, model=model, alerts=fired)[0]
    assert five.missed == ("All 5 dimensions stayed healthy: the cause was outside the data.",)


def test_recorded_scores_have_a_review() -> None:
    """Nothing is known but the score, and that is told."""
    rows = [{"account_id": "A", "date": pd.Timestamp(_back(b)), "score": x}
            for b, x in ((90, 80.0), (60, 70.0), (10, 50.0))]  # fmt: skip
    found = _reviews(rows)[0]
    assert [s.score for s in found.scores] == [None, 80.0, 70.0, 70.0, 50.0]
    assert found.fell == ()
    assert "Only a score is known 60 days before: no metric stands behind it." in found.missed


def test_no_loss_is_no_review() -> None:
    """A list without churn has none."""
    assert _reviews(DECLINE, (), renewed=[("A", LOSS)]) == ()
