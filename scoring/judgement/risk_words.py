"""A risk and what speaks for an account, as sheets show them in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scoring.judgement.phrases import day_words, in_sentence
from scoring.judgement.records import Positive, Risk

__all__ = ["positives_line", "risk_line", "severity_word"]


def risk_line(risk: Risk, as_of: date) -> str:
    """Risk, evidence and since when; the day only where no sentence names it and it is not new."""
    if risk.typed or risk.since is None or risk.since >= as_of:
        return risk.text
    day = day_words(risk.since)
    return risk.text if day in risk.text else f"{risk.text} (since {day})"


def severity_word(risk: Risk) -> str:
    """High, Medium, Low; a person's own word, or that nobody rated it."""
    return risk.said or (risk.severity if risk.rated else "not rated")


def positives_line(positives: Sequence[Positive], letters: int) -> str:
    """As many as fit, the first ones first: ``For it: sponsor active; 3 contacts …``."""
    said = ""
    for place, positive in enumerate(positives):
        text = in_sentence(positive.text) if place == 0 else positive.text
        longer = f"{said}; {in_sentence(text)}" if said else f"Speaks for the account: {text}"
        if len(longer) + 1 > letters:
            continue
        said = longer
    return f"{said}." if said else "Nothing found that speaks for the account."
