"""The known name that a mistyped one is most like."""

from __future__ import annotations

import pytest

from scoring.closest import did_you_mean

NAMES = ("Usage", "Support health", "four-dimension")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("usage", "Usage"),
        ("Usgae", "Usage"),
        ("SUPPORT-HEALTH", "Support health"),
        ("suport helth", "Support health"),
        ("Four Dimensions", "four-dimension"),
    ],
)
def test_close(text: str, name: str) -> None:
    """Case, spaces, punctuation and a slip of the finger do not count."""
    assert did_you_mean(text, NAMES) == f'Did you mean "{name}"?'


def test_other_names() -> None:
    """What is proposed is the name that people see, also where another one was mistyped."""
    names = {"csat": "CSAT (1–5)", "CSAT (1–5)": "CSAT (1–5)", "Usage": "Usage score"}
    assert did_you_mean("Csta", names) == 'Did you mean "CSAT (1–5)"?'
    assert did_you_mean("usge", names) == 'Did you mean "Usage score"?'


@pytest.mark.parametrize("text", ["", "Financial", "%%%"])
def test_nothing_close(text: str) -> None:
    """A name like no other gets no guess."""
    assert did_you_mean(text, NAMES) == ""
