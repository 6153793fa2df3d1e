"""The review list: only what asks for a decision."""

from __future__ import annotations

from collections import Counter

from scoring.judgement.review import KINDS
from scoring.rollup import TIERS
from tests.scoring.judgement.test_actions_many import _sample


def test_a_tier_change_is_listed_where_it_is_a_fall() -> None:
    """All accounts whose tier is worse than before, no other."""
    p = _sample()
    listed = {line.account_id for line in p.review if line.kind == "Tier change"}
    fell = {row["account_id"] for row in p.frame.to_dict("records")
            if row["tier"] in TIERS and row["previous_tier"] in TIERS
            and TIERS.index(row["tier"]) < TIERS.index(row["previous_tier"])}  # fmt: skip
    assert listed == fell
    assert fell


def test_a_new_high_risk_is_one_line_an_account_that_is_not_listed_already() -> None:
    """With the number of further ones."""
    lines = _sample().review
    new = [line for line in lines if line.kind == "New High risk"]
    assert new
    assert max(Counter(line.account_id for line in new).values()) == 1
    pressing = {line.account_id for line in lines
                if line.kind in ("Escalated", "Overdue", "Tier change")}  # fmt: skip
    assert not pressing & {line.account_id for line in new}
    assert any(" more" in line.what for line in new)


def test_the_most_pressing_kind_stands_first() -> None:
    """In the order of the kinds, and fewer lines than accounts."""
    p = _sample()
    places = [KINDS.index(line.kind) for line in p.review]
    assert places == sorted(places)
    assert 0 < len(places) < len(p.frame) * 0.6
