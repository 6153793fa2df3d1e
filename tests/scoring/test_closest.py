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


@pytest.mark.parametrize("text", ["", "Financial", "%%%"])
def test_nothing_close(text: str) -> None:
    """A name like no other gets no guess."""
    assert did_you_mean(text, NAMES) == ""
