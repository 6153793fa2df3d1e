"""Risks that people typed: beside found ones, merged where they say the same, never lost."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.judgement.records import Risk
from scoring.judgement.risk_words import positives_line, risk_line, severity_word
from scoring.judgement.typed_risks import severity_of, with_typed
from tests.scoring.judgement.acme import AS_OF, FACTS, MODEL
from tests.scoring.judgement.test_risks import VP, account


def typed(text: str, **more: Any) -> dict[str, Any]:
    """A row of the sheet *Risks*."""
    return {"account_id": FACTS["account_id"], "risk": text, "severity": None,
            "mitigation": None, "dimension": None, **more}  # fmt: skip


def risks(*rows: dict[str, Any]) -> tuple[Risk, ...]:
    """Of the account of 002 with typed rows."""
    return account({"Risks": rows, "Stakeholders": [VP]}).risks


def test_a_typed_risk_stands_beside() -> None:
    """With its own words, severity and mitigation, before found ones of that severity."""
    (first, *_) = risks(typed("Reorganisation in spring", severity="high", mitigation="Ask"))
    assert (first.text, first.severity, first.mitigation) == (
        "Reorganisation in spring", "High", "Ask"
    )  # fmt: skip
    assert (first.key, first.typed, first.arr) == ("", True, 45_000.0)


def test_one_that_says_the_same_is_merged() -> None:
    """The person's wording, severity and mitigation win; evidence, points and play stay."""
    alone = {r.key: r for r in risks()}["csat_low"]
    found = risks(typed("CSAT of the London team is poor", severity="Low"))
    merged = {r.key: r for r in found}["csat_low"]
    assert (merged.text, merged.severity, merged.typed) == (
        "CSAT of the London team is poor", "Low", True
    )  # fmt: skip
    assert merged.mitigation == alone.mitigation
    assert (merged.evidence, merged.points, merged.play) == (
        alone.evidence, alone.points, alone.play
    )  # fmt: skip
    assert len(found) == len(risks())


def test_another_dimension_is_another_risk() -> None:
    """The same words about something else stay apart."""
    found = risks(typed("CSAT survey unpaid", dimension="Financial"))
    assert any(r.key == "" and r.dimension == "financial" for r in found)
    assert any(r.key == "csat_low" and not r.typed for r in found)


def test_none_is_lost_and_each_found_one_takes_one() -> None:
    """Two that say the same: one is merged, the other stands alone."""
    texts = {r.text for r in risks(typed("CSAT is bad"), typed("CSAT really is bad"))}
    assert {"CSAT is bad", "CSAT really is bad"} <= texts


@pytest.mark.parametrize(
    ("word", "severity", "shown"),
    [
        ("HIGH", "High", "High"),
        ("low:", "Low", "low:"),
        ("Critical", "High", "Critical"),
        ("moderate", "Medium", "moderate"),
        ("Severe!", None, "Severe!"),
        (None, None, "not rated"),
        ("", None, "not rated"),
    ],
)
def test_severities_of_people(word: str | None, severity: str | None, shown: str) -> None:
    """Their words are kept; what nobody rated says so and comes last."""
    assert severity_of(word) == severity
    (only,) = with_typed((), [{"risk": "Something", "severity": word}], MODEL)
    assert severity_word(only) == shown
    assert only.rated is (severity is not None)


def test_unrated_ones_come_last() -> None:
    """After low ones, in their order."""
    found = risks(typed("Unrated"), typed("Rated low", severity="Low"))
    texts = [r.text for r in found]
    assert texts[-1] == "Unrated"
    assert texts.index("Rated low") < texts.index("Unrated")


def test_blank_rows_are_no_risks() -> None:
    """A row without text says nothing."""
    assert len(risks(typed("  "), typed("\n"))) == len(risks())


def test_a_line_tells_since_when_once() -> None:
    """Not where the sentence has the day, the risk is new, or a person wrote it."""
    by_key = {r.key: r for r in risks()}
    assert risk_line(by_key["logins_low"], AS_OF).endswith("(since 23 Aug 2026)")
    assert risk_line(by_key["usage_decline_tickets"], AS_OF).count("23 Oct 2026") == 1
    assert "since" not in risk_line(by_key["single_champion"], AS_OF)


def test_positives_fit_one_line() -> None:
    """Whole ones only; none says so."""
    positives = account({"Stakeholders": [VP]}).positives
    line = positives_line(positives, 120)
    assert line.startswith("Speaks for the account: ")
    assert len(line) <= 120
    assert line.endswith(".")
    assert positives_line((), 120) == "Nothing found that speaks for the account."
