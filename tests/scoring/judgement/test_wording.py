"""Wordings: places, optional parts, and what a faulty one is told."""

from __future__ import annotations

import pytest

from scoring.judgement.wording import check_wording, places, speak

KNOWN = {
    ("seats", "phrase"): "Seats active 48%",
    ("seats", "was"): "down from 68% on 30 Sep 2026",
    ("csat", "value"): "3.2 of 5",
    ("nps", "phrase"): "NPS +16",
}


def say(fact: str, part: str) -> str:
    """What is told here of a fact."""
    return KNOWN.get((fact, part), "")


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("{seats.phrase}[, {seats.was}]", "Seats active 48%, down from 68% on 30 Sep 2026"),
        ("{seats.phrase}[, {gone.was}]", "Seats active 48%"),
        ("[{gone.phrase}; ]csat is {csat}", "Csat is 3.2 of 5"),
        ("[{gone}][; {seats.phrase}]", "Seats active 48%"),
        ("CSAT {csat}; {seats.phrase}", "CSAT 3.2 of 5; seats active 48%"),
        ("CSAT {csat}; {nps.phrase}", "CSAT 3.2 of 5; NPS +16"),
        ("Value {gone}", "Value not known"),
        ("  two   spaces ", "Two spaces"),
    ],
)
def test_places_are_filled(text: str, spoken: str) -> None:
    """What is not known leaves its brackets out, and no stray mark behind."""
    check_wording(text)
    assert speak(text, say) == spoken


def test_places_name_fact_and_part() -> None:
    """Without a part the value is told."""
    assert places("{a}[, {b.since}]") == (("a", "value"), ("b", "since"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{}", "names no fact"),
        ("{a b}", "names no fact"),
        ("x {csat.moood}", 'letter 3: "moood" is not told'),
        ("x {csat", 'letter 3: "{" has no partner'),
        ("csat}", "has no partner"),
        ("a [b", 'letter 3: "[" has no partner'),
        ("a] b", "has no partner"),
        ("[a [b] c]", "has no partner"),
    ],
)
def test_a_faulty_wording_says_where(text: str, fault: str) -> None:
    """The letter and what is wrong with it."""
    with pytest.raises(ValueError, match="letter") as caught:
        check_wording(text)
    assert fault in str(caught.value)
