"""What the workbook says about the trend, the season, and what set a tier beside the score."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd

from scoring.inputs import Inputs
from scoring.projection import project
from scoring.tier_trend import tier_trend
from tests.workbook_templates.portfolio import samples
from tests.workbook_templates.portfolio.test_lists import MODEL, rated, rows, values_of
from workbook_templates.account.words import signed
from workbook_templates.portfolio import csm_load, history, migration, movers, renewals, summary
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.outlook import ahead_words, season_words
from workbook_templates.portfolio.summary_lists import top_at_risk, top_rows
from workbook_templates.portfolio.texts import set_by

AS_OF = samples.AS_OF


def test_history_says_where_a_sure_trend_leads() -> None:
    """The interval of the projection is told with its day; a flat or young history says nothing."""
    p = samples.demo()
    points = tier_trend(p.timeline, p.frame)
    found = project([x.day for x in points], [x.average for x in points], as_of=AS_OF)
    assert found is not None
    told = str(values_of(history.fill(p))["history_ahead"])
    assert f"between {found.low:.1f} and {found.high:.1f} on 22 Dec 2026" in told
    assert f"{signed(found.slope * 30)} points in 30 days" in told
    flat = [replace(x, average=80.0) for x in points]
    assert ahead_words(p, flat) == ""
    assert ahead_words(p, [*points[:-1], replace(points[-1], average=math.nan)]) == ""
    assert values_of(history.fill(rated(5, 3)))["history_ahead"] == ""


def test_a_fall_that_comes_every_year_is_called_usual() -> None:
    """The change of the last month stands beside that of the same weeks a year ago."""
    p = over_time({394: 5, 364: 4, 30: 5, 0: 4})
    assert season_words(p) == (
        "Last 30 days: −20.0 points, a year ago −20.0 (mean of 1 account). A usual fall."
    )
    fell_only_now = over_time({394: 5, 364: 5, 30: 5, 0: 4})
    assert season_words(fell_only_now).endswith("a year ago 0.0 (mean of 1 account).")
    assert season_words(over_time({30: 5, 0: 4})) == ""


def over_time(ratings: dict[int, float]) -> Portfolio:
    """One account, all dimensions rated so many days ago; day 0 is today."""
    facts = {"account_id": "A", "account_name": "Sample"}
    past = pd.DataFrame(
        [
            {**facts, "date": pd.Timestamp(AS_OF - timedelta(back)),
             **{d.key: float(x) for d in MODEL.dimensions}}
            for back, x in ratings.items() if back
        ]
    )  # fmt: skip
    today = pd.DataFrame([{**facts, **{d.key: float(ratings[0]) for d in MODEL.dimensions}}])
    return samples.of_inputs(Inputs(accounts=today, history=past, source="test"), MODEL)


def test_a_tier_that_its_score_does_not_give_says_why() -> None:
    """An overridden account names who set the tier wherever score and tier seem to disagree."""
    p = samples.demo()
    frame = p.frame.set_index("account_id")
    set_ones = {k for k, row in frame.iterrows() if set_by(p.model, row.to_dict())}
    assert set_ones == set(frame.index[frame["override"] != ""])
    moved = {row["account_id"]: row["moved"] for row in rows(migration.fill(p), migration.TABLE)}
    named = set_ones & set(moved)
    assert named
    for account in named:
        assert moved[account] == "Tier set by " + str(frame.at[account, "override"])
    for row in rows(movers.fill(p), movers.TABLE):
        overridden = row["account_id"] in set_ones
        assert str(row["moved"]).endswith("tier overridden") == overridden
    capped = {"score": 90.0, "tier": "red", "override": "", "gate": "Cancellation notice"}
    assert set_by(p.model, capped) == "Tier capped: Cancellation notice"
    assert set_by(p.model, {**capped, "tier": "green"}) == ""
    assert set_by(p.model, {**capped, "score": math.nan, "tier": ""}) == ""


def _told(p: Portfolio) -> list[str]:
    return [str(row[-1]) for row in top_rows(p, top_at_risk(p))[2]]


def test_the_last_contact_stands_in_for_an_action() -> None:
    """Done action, else last contact up to the day, else only what is next; never "none"."""
    p = rated(1, arr=[10.0])
    ahead: dict[str, Any] = {
        "next_action": "Call the sponsor about the pilot",
        "next_due": pd.Timestamp(AS_OF),
    }
    p = replace(p, frame=p.frame.assign(**ahead))
    assert _told(p) == ["Next: Call the sponsor about the pilot, 22 Nov"]
    days = [pd.Timestamp(AS_OF) + pd.Timedelta(days=d) for d in (-9, -2, 1)]
    people = pd.DataFrame({"account_id": ["A0"] * 3, "last_contact": days})
    met = replace(p, tables={"Stakeholders": people})
    (told,) = _told(met)
    assert told.split("\n") == [
        "Last contact: 20 Nov 2026",
        "Next: Call the sponsor about the pilot, 22 Nov",
    ]
    done = met.frame.assign(last_action="Review held", last_action_date=pd.Timestamp(AS_OF))
    assert _told(replace(met, frame=done))[0].startswith("Last: Review held, 22 Nov\nNext: ")
    assert _told(replace(met, tables={"Stakeholders": people.iloc[2:]}))[0].startswith("Next: ")


def test_scores_told_by_another_model_are_named() -> None:
    """Summary says which model told the earlier scores, and how many tiers were others then."""
    p = samples.demo()
    assert values_of(summary.fill(p))["summary_told"] == ""
    tiers = p.frame["previous_tier"]
    first = tiers.index[tiers != ""][:3]
    by, then = pd.Series("", index=tiers.index), pd.Series("", index=tiers.index)
    by[first], then[first] = "scorecard 0.9", tiers[first]
    same = replace(p, frame=p.frame.assign(told_by=by, told_tier=then))
    said: Any = values_of(summary.fill(same))["summary_told"]
    assert said.endswith("scorecard 0.9 told those of 3 accounts: tiers are the same.")
    then[first[0]] = "red" if tiers[first[0]] != "red" else "green"
    other = replace(p, frame=p.frame.assign(told_by=by, told_tier=then))
    said = values_of(summary.fill(other))["summary_told"]
    assert said.endswith("of 3 accounts: 1 account had another tier then.")


def test_renewals_count_in_words() -> None:
    """One account is singular, all are not "the largest", and no ARR is no amount."""
    day = pd.Timestamp(AS_OF) + pd.Timedelta(days=10)
    one = values_of(renewals.fill(rated(2, renewal_date=[day])))
    assert one["renewals_title"] == "1 account below Green renews within 90 days"
    assert one["renewals_chart_note"] == "1 account. Number: rank on Summary."
    many = values_of(summary.fill(rated(*[5.0] * 20, renewal_date=[day] * 20)))
    assert many["summary_chart_note"] == "12 largest of 20."


def test_moves_of_a_tier_read_well() -> None:
    """Each side has its amount, and none is a word."""
    both = values_of(migration.fill(samples.demo()))["migration_title"]
    assert both == "8 accounts a tier worse ($1.6m of ARR), 7 a tier better ($243k of ARR)"
    fell = values_of(migration.fill(over_time({30: 5, 0: 2})))["migration_title"]
    assert fell == "1 account a tier worse, none better"
    rose = values_of(migration.fill(over_time({30: 2, 0: 5})))["migration_title"]
    assert rose == "1 account a tier better, none worse"


def test_all_csms_with_too_much_are_told_so() -> None:
    """Where nobody has room, moves even the load out and do not take it away."""
    reds, greens = [1.0] * 8, [5.0] * 12
    csms: list[Any] = ["A"] * 4 + ["B"] * 4 + ["A"] * 12
    values = values_of(csm_load.fill(rated(*reds, *greens, csm=csms)))
    title = str(values["csm_title"])
    assert title.startswith("All 2 CSMs have too much; ")
    assert title.endswith("would even it out")
