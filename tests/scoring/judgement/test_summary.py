"""An account's summary says only what the data say, and each special case as what it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scoring.account_facts import Facts, Told
from scoring.judgement.judge import judge
from scoring.judgement.records import Action
from scoring.judgement.summary import LETTERS, account_summary, money_words
from scoring.model import Gate
from tests.scoring.judgement import acme
from tests.scoring.judgement.crowd import PRESETS, crowd
from tests.scoring.judgement.test_assessment import flaws
from tests.scoring.judgement.tracing import unexplained
from tests.scoring.judgement.tracing_summary import summary_claims
from tests.workbook_templates.accounts import AS_OF
from tests.workbook_templates.samples import facts, shot


@pytest.mark.parametrize("preset", PRESETS)
def test_each_number_follows_from_the_data(preset: str) -> None:
    """Every digit of every summary is worked out again; the text is whole and fits its cell."""
    seen = 0
    for f in crowd(preset, 150):
        found = judge(f)
        text = found.summary
        claims = summary_claims(f, found.actions)
        assert unexplained(text, claims) == [], f"{f.account_id}: {text}"
        assert flaws(text) == [], text
        assert len(text) <= LETTERS
        seen += sum(c.isdigit() for c in text)
    assert seen > 3_000


def test_tiers_are_called_as_the_model_calls_them() -> None:
    """Where the model says Yellow no summary says Amber."""
    texts = [account_summary(f) for f in crowd("support", 150)]
    assert not any("Amber" in text for text in texts)
    assert any("Yellow" in text for text in texts)


def _after(score: float, tier: str = "green", **more: Any) -> str:
    """Summary of *best* (100, green) after a snapshot a month ago."""
    past = (shot(AS_OF - timedelta(31), score, tier),)
    return account_summary(facts("best", past=past, **more))


@pytest.mark.parametrize(
    ("score", "tier", "told"),
    [
        (90, "green", r"[Uu]p 10\b.*22 Oct 2026"),
        (70, "amber", r"[Uu]p 30\b.*70\W+Amber"),
        (99.6, "green", r"100 of 100, Green, unchanged since 22 Oct 2026"),
    ],
)
def test_the_change_is_told_with_its_day(score: float, tier: str, told: str) -> None:
    """Direction and size of the displayed scores, the day, and the tier where it changed."""
    text = _after(score, tier)
    assert re.search(told, text), text
    assert "own " not in text.split(".")[0]


def test_what_another_model_told_then_is_said() -> None:
    """People remember another number; it stands beside the one computed anew."""
    text = _after(90, told=Told(84.0, "green", "scorecard 0.9"))
    assert "(told then: 84 by scorecard 0.9)" in text


def test_a_first_scorecard_compares_with_nothing() -> None:
    """No direction where there is no earlier score."""
    text = account_summary(facts("best", past=()))
    assert "first scorecard, nothing to compare with" in text
    assert not re.search(r"\b([Uu]p|[Dd]own) \d", text)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("override_score", r"^42 of 100, Red, by override of CSM Sample A until 2 Dec 2026 \(Spon"),
        ("override_score", r"confirmed in writing\); the model says 67, Amber\."),
        ("override_tier", r"^Red by override of CSM Sample A \(Sponsor confirmed in writing\); "),
        ("nothing", r"^No score: none of 16 metrics is known\."),
        ("little", r"^No score: coverage 24%, 50% is needed; data so far give 69\."),
        ("day5", r"^50 of 100, provisional: neutral until day 14, day 5 today; data so far"),
        ("day20", r"^58 of 100, Red on partial data; "),
        ("day60", r"^55 of 100, Red with onboarding weights; "),
    ],
)  # fmt: skip
def test_each_special_case_is_said(kind: str, told: str) -> None:
    """Override, missing data, neutral days and onboarding are told as what they are."""
    assert re.search(told, account_summary(facts(kind)))


def test_a_gate_names_its_condition_and_what_the_score_alone_gives() -> None:
    """A cap is not the score's doing."""
    f = facts("best")
    gate = Gate(key="cancellation_notice", name="Cancellation notice", cap="red")
    capped = replace(
        f,
        tier="red",
        model=f.model.model_copy(update={"gates": (gate,)}),
        record={**f.record, "cancellation_notice": True},
    )
    text = account_summary(capped)
    assert text.startswith("100 of 100, capped at Red by cancellation notice, Green without")


def test_a_smoothed_tier_names_the_mean_it_follows() -> None:
    """Where the model smooths, the tier belongs to the mean."""
    f = facts("best", preset="support")
    text = account_summary(replace(f, smoothed=50.0, tier="amber", past=()))
    assert "Yellow by its 30-day mean of 50" in text


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "renews on 22 Nov 2026, today"), (1, "in 1 day"), (-1, "was due for renewal on 21 Nov"),
     (400, "in 400 days")],
)  # fmt: skip
def test_the_renewal_is_told_by_its_day(days: int, told: str) -> None:
    """Today, tomorrow, past and far."""
    f = facts("best", record={"renewal_date": AS_OF + timedelta(days)})
    assert told in money_words(f)


def test_missing_money_is_said() -> None:
    """Without ARR, without a renewal date, without both."""
    none = facts("best", record={"arr": None, "renewal_date": None})
    assert money_words(none) == "ARR and renewal date are not provided"
    assert "ARR not provided" in money_words(facts("best", record={"arr": None}))
    assert "renewal date not provided" in money_words(facts("best", record={"renewal_date": None}))


def _action(**more: Any) -> Action:
    given: dict[str, Any] = {"key": "a", "horizon": "This week", "text": "Call the sponsor"}
    given |= {"owner": "CSM Sample A", "role": "CSM", "due": date(2026, 11, 26)}
    return Action(**{**given, **more})


def test_the_first_open_action_has_owner_and_day() -> None:
    """Done ones are passed over; one that is late is said to be."""
    f = acme.account()
    done = _action(text="Old", status="Done", closed=date(2026, 11, 1))
    assert "ext (CSM Sample A, by 26 Nov 2026): Call the sponsor." in account_summary(
        f, actions=(done, _action())
    )
    late = account_summary(f, actions=(_action(due=date(2026, 11, 2)),))
    assert "(CSM Sample A, overdue since 2 Nov 2026)" in late


def test_long_texts_of_people_give_way() -> None:
    """A text of a thousand letters neither overflows the cell nor hides the score."""
    f = acme.account()
    text = account_summary(f, actions=(_action(text="word " * 300, owner="n" * 200),))
    assert len(text) <= LETTERS
    assert text.startswith("65 of 100, Amber")


def test_the_document_s_account() -> None:
    """002's first example: score and tier, what costs most, ARR, days to the renewal, a risk."""
    found = judge(acme.account())
    assert found.summary.startswith("65 of 100, Amber; first scorecard")
    assert "$45,000 ARR renews on 30 Mar 2027, in 127 days" in found.summary
    assert " risk: " in found.summary
    assert ", by " in found.summary


def test_the_same_facts_read_the_same() -> None:
    """Wording varies from account to account, not from run to run."""
    some: tuple[Facts, ...] = crowd("signals", 150)
    assert [account_summary(f) for f in some] == [account_summary(f) for f in some]
