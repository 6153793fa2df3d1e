"""What is specific and what is only bad; what praises one figure."""

from __future__ import annotations

import pytest

from scoring.judgement.specific import is_boast, is_specific


@pytest.mark.parametrize(
    "text",
    [
        "Executive sponsor left in March, no replacement identified",
        "Executive sponsor left, no replacement identified",
        "48% of seats are active, 80% is healthy",
        "Champion moves to Sample Industries next quarter",
        "Procurement evaluates a competitor",
        "Reporting bug reopened three times",
        "Budget freeze announced by finance",
        "Executive sponsor is passive",
        "Payment history is late",
    ],
)
def test_what_happened_is_specific(text: str) -> None:
    """A figure, a day, a name or an event is something to act on."""
    assert is_specific(text)


@pytest.mark.parametrize(
    "text",
    [
        "Low engagement",
        "Poor adoption across the board",
        "Customer seems unhappy with us",
        "CSAT is too low for this tier",
        "Relationship could be better",
        "At risk",
        "Risk of churn is High",
        "",
    ],
)
def test_what_is_only_bad_is_vague(text: str) -> None:
    """000 names “low engagement” as the example of what not to write."""
    assert not is_specific(text)


@pytest.mark.parametrize(
    "text",
    ["85% of accounts are green", "Adoption is healthy at 92 %", "We have 85% green accounts!"],
)
def test_one_share_alone_is_a_boast(text: str) -> None:
    """004: a share of green tells nothing without segment, ARR or what it was before."""
    assert is_boast(text)


@pytest.mark.parametrize(
    "text",
    [
        "85% of accounts are green, up from 79%",
        "85% of 64 accounts are green",
        "85% of ARR is below target",
        "48 of 64 accounts are green",
        "All accounts are green",
        "$1.2M of $4.0M, 30%, is healthy",
    ],
)
def test_figures_in_context_are_none(text: str) -> None:
    """A second figure, or no praise, is no boast."""
    assert not is_boast(text)
