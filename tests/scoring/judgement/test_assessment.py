"""Assessments say only what the data say, in sentences that can be read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scoring.judgement.assessment import LETTERS, assess, assessments
from tests.scoring.judgement import acme
from tests.scoring.judgement.crowd import PRESETS, crowd
from tests.scoring.judgement.tracing import assessment_claims, unexplained

BAD = re.compile(
    r"\bnan\b|\bNone\b|\binf\b|  |(?<![\d.,])1 (?:accounts|points|days|metrics|months)\b|\.\.|,;|;;"
    r"|[\n\t]|\b0 points\b|-\d| ,| \.|\bof of\b"
)
"""What no sentence may hold: not a number, double spaces, a wrong plural, a false minus."""


def flaws(text: str) -> list[str]:
    """What is wrong with a text as a text."""
    found = [m.group() for m in BAD.finditer(text)]
    found += [] if text.endswith((".", "…")) else ["no full stop"]
    return found + ([] if text[:1] == text[:1].upper() else ["no capital"])


@pytest.mark.parametrize("preset", PRESETS)
def test_each_number_follows_from_the_data(preset: str) -> None:
    """Every digit of every assessment of hundreds of accounts is worked out again."""
    seen = 0
    for f in crowd(preset):
        for place, d in enumerate(f.model.dimensions):
            text = assess(f, d.key)
            assert unexplained(text, assessment_claims(f, place)) == [], f"{f.account_id}: {text}"
            seen += sum(c.isdigit() for c in text)
    assert seen > 5_000


def test_a_wrong_number_is_found() -> None:
    """The reader of these tests sees a digit that was changed."""
    missed = tried = 0
    for f in crowd("four-dimension-2")[:60]:
        claims = assessment_claims(f, 0)
        text = assess(f, f.model.dimensions[0].key)
        for i, c in enumerate(text):
            if c.isdigit():
                other = f"{text[:i]}{(int(c) + 3) % 10}{text[i + 1 :]}"
                tried += 1
                missed += not unexplained(other, claims)
    assert tried > 500
    assert missed / tried < 0.03


@pytest.mark.parametrize("preset", PRESETS)
def test_sentences_are_whole(preset: str) -> None:
    """One or two sentences that fit their cell, with nothing odd in them."""
    for f in crowd(preset):
        for text in assessments(f).values():
            assert flaws(text) == [], text
            assert len(text) <= LETTERS
            assert len(re.findall(r"\.(?: |$)", text)) <= 2, text


def test_wording_varies_and_stays() -> None:
    """Accounts read differently; the same facts always read the same."""
    model = "four-dimension"
    texts = [assess(f, "usage") for f in crowd(model)]
    shapes = {re.sub(r"[\d,.%+−]+", "#", text) for text in texts}
    assert len(shapes) > 100
    assert texts == [assess(f, "usage") for f in crowd(model)]


def test_the_example_of_the_document() -> None:
    """Document 002's account: value, benchmark and cost of what stands out in each dimension."""
    usage, engagement, sentiment, financial = assessments(acme.account()).values()
    assert usage == (
        "Usage trend −18% in a quarter, where 0% or more is healthy; also 4 of 12 features used, "
        "33% and logins 2.1 a week. Costs 17.8 of the 35.5 points lost; at 41 of 100."
    )
    assert engagement.startswith("Training completed 60% against a healthy 80% or more; best: ")
    assert "CSAT 3.2 of 5" in sentiment
    assert financial.startswith("Expansions 0 in 12 months; 1 or more is healthy; best: ")


@pytest.mark.parametrize(("share", "told"), [(0.749, "just under 75%"), (0.74, "74%")])
def test_a_value_that_looks_healthy_says_on_which_side_it_lies(share: float, told: str) -> None:
    """74.9 % rounds to the benchmark of 75 %, and is told as just under it."""
    row: dict[str, Any] = {"feature_breadth": 0.9, "logins_per_week": 9.0, "seats_active": None}
    row |= {"usage_trend_quarter": 0.3, "features_used": None, "seats_active_share": share}
    f = acme.account(**row)
    text = assess(f, "usage")
    assert text.startswith("Seat")
    assert f" {told}" in text
    assert "75% or more" in text or "healthy 75%" in text


def test_an_unknown_dimension_is_an_error() -> None:
    """A key that the model lacks is named."""
    with pytest.raises(KeyError, match="mood"):
        assess(acme.account(), "mood")


def test_without_data_it_says_what_is_missing() -> None:
    """No metric known: the names that are missing, and no number."""
    gone = dict.fromkeys(("nps_response", "tickets_vs_average", "csat", "escalations_90d"))
    text = assess(acme.account(**gone), "sentiment")
    assert "missing: NPS response, tickets against average and 2 more" in text
