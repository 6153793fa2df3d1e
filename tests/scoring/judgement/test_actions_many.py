"""Actions of many accounts: no more than a team can do, the largest of the worst first."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pandas as pd

from pipeline.portfolio import portfolio_of
from pipeline.sample import sample_inputs
from pipeline.scored import score_inputs
from scoring.judgement.actions_many import MOST
from scoring.judgement.records import HORIZONS
from scoring.presets import load_preset
from workbook_templates.portfolio.facts import Portfolio

DAY = date(2026, 11, 23)
_PROPOSED = ("tier", "play", "alert")


@cache
def _sample(preset: str = "scorecard") -> Portfolio:
    """Sixty-four sample accounts."""
    model = load_preset(preset)
    return portfolio_of(score_inputs(sample_inputs(model, as_of=DAY, accounts=64), model,
                                     as_of=DAY))  # fmt: skip


def test_an_account_has_no_more_proposals_than_its_tier_allows() -> None:
    """Two, two and one where it is red, one a horizon where amber, one in all above."""
    actions = _sample().actions
    ours = actions[actions["origin"].isin(_PROPOSED)]
    count = Counter(zip(ours["account_id"], ours["tier"], ours["horizon"], strict=True))
    assert {tier for _, tier, _ in count} >= {"red", "amber", "green"}
    for (_, tier, horizon), n in count.items():
        assert n <= (MOST[tier][horizon] if tier in MOST else 1)
    rest = ours[~ours["tier"].isin(list(MOST))]
    assert rest["account_id"].value_counts().max() == 1


def test_an_account_that_is_well_is_proposed_something_only_for_a_reason() -> None:
    """A High risk, or that it wants more."""
    p = _sample()
    actions = p.actions
    ours = actions[actions["origin"].isin(_PROPOSED) & ~actions["tier"].isin(list(MOST))]
    high = set(p.risks.rows.loc[p.risks.rows["severity"] == "High", "account_id"])
    grows = set(p.frame.loc[p.frame["expansion"], "account_id"])
    assert set(ours["account_id"]) <= high | grows
    assert len(ours)


def test_what_a_leader_gets_is_short() -> None:
    """At most some two and a half open actions an account, and every red account has one."""
    p = _sample()
    live = p.actions[p.actions["closed"].isna()]
    assert len(live) <= 160
    red = set(p.frame.loc[p.frame["tier"] == "red", "account_id"])
    assert red
    assert red <= set(live["account_id"])


def test_the_worst_and_largest_stand_first() -> None:
    """Overdue before escalated before the horizons; in each by tier, then by ARR."""
    live = _sample().actions
    tiers = ["red", "amber"]
    keys = [
        (not row["overdue"], not row["escalated"],
         0 if row["overdue"] else HORIZONS.index(row["horizon"]),
         tiers.index(row["tier"]) if row["tier"] in tiers else 2,
         -(row["arr"] if pd.notna(row["arr"]) else 0.0))
        for row in live[live["closed"].isna()].to_dict("records")
    ]  # fmt: skip
    assert keys == sorted(keys)


def test_no_day_of_the_sample_falls_on_a_weekend() -> None:
    """What people typed and what is proposed is due from Monday to Friday."""
    days = _sample().actions["deadline"].dropna()
    assert len(days)
    assert (days.dt.day_of_week < 5).all()
