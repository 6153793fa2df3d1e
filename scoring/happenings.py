"""What the sheet *Events* tells in words: people who left, payments that failed, outside news."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

__all__ = ["KINDS", "Happening", "happenings", "kinds_of", "what_happened"]

_PEOPLE = r"(?:champion|sponsor|stakeholder|decision.?maker|(?:main|key|primary) contact)s?"
# "Left a message" is no departure.
_GONE = (
    r"(?:left(?! (?:an?|us|some|good|positive|negative|great|feedback|reviews?|voicemail)\b)|leaves"
    r"|leaving|departed|departs|departure|resigned|resigns|quits?|retired|laid off|moved on"
    r"|no longer (?:at|with|there)|gone)"
)
_PAYMENT = r"(?:payment|invoice|card|direct debit|charge|transfer)s?"
_FAILED = r"(?:failed|fails|failure|declined|bounced|rejected|returned|refused)"
_UNDONE = re.compile(
    r"\b(?:not|never|without|no) (?:\w+ )?"
    rf"(?:{_GONE}|{_FAILED}|{_PEOPLE}|{_PAYMENT})\b|\b(?:resolved|recovered|solved|settled)\b",
    re.IGNORECASE,
)


def _together(first: str, second: str) -> re.Pattern[str]:
    """Both words in one sentence, in any order."""
    return re.compile(
        rf"\b{first}\b[^.;]*\b{second}\b|\b{second}\b[^.;]*\b{first}\b", re.IGNORECASE
    )


_SAYS = {
    "stakeholder_left": _together(_PEOPLE, _GONE),
    "payment_failed": re.compile(
        rf"{_together(_PAYMENT, _FAILED).pattern}|\bchargeback\b", re.IGNORECASE
    ),
}


KINDS: Mapping[str, re.Pattern[str]] = {
    "champion_left": _together(r"champions?", _GONE),
    "sponsor_left": _together(r"sponsors?", _GONE),
    "stakeholder_left": _SAYS["stakeholder_left"],
    "payment_failed": _SAYS["payment_failed"],
    "merger": re.compile(r"\b(?:merge[rds]*|merging|acqui(?:red|res|sition)|takeover)\b", re.I),
    "funding": re.compile(r"\b(?:funding|funded|investment|series [a-f]|raised|ipo)\b", re.I),
    "budget": re.compile(
        r"\b(?:budgets? (?:\w+ )?(?:cuts?|freeze|frozen|reduced|review)|lay-?offs?|laid off"
        r"|hiring freeze|restructuring|cost[- ]cutting|insolven\w+|bankrupt\w*)\b",
        re.I,
    ),
    "competitor": re.compile(
        r"\b(?:competitors?|rfp|tender|other vendors?|alternatives?|two vendors)\b", re.I
    ),
    "incident": re.compile(r"\b(?:incidents?|outages?|downtime|data loss|breach)\b", re.I),
}
"""Kinds of events that risks look for; the first that an event's text tells is its kind."""


class Happening(NamedTuple):
    """An event that a trigger looks for: whose, on what day, which fact, and what was said."""

    account: str
    day: date
    fact: str
    text: str


def what_happened(text: str) -> list[str]:
    """Facts of `HistoryRow` that an event's text tells, in English; often none.

    A text that says no, or that it was put right, tells none.
    """
    said = " ".join(text.split())
    if _UNDONE.search(said):
        return []
    return [fact for fact, words in _SAYS.items() if words.search(said)]


def kinds_of(text: str) -> list[str]:
    """Kinds of `KINDS` that an event's text tells, in English; often none.

    Somebody who left is told once, by the role that is named.
    """
    said = " ".join(text.split())
    found = [kind for kind, words in KINDS.items() if words.search(said)]
    gone = [kind for kind in found if kind.endswith("_left")]
    undone = _UNDONE.search(said) is not None
    return [
        kind
        for kind in found
        if kind not in gone[1:] and not (undone and (kind in gone or kind == "payment_failed"))
    ]


def happenings(tables: Mapping[str, pd.DataFrame], as_of: date) -> list[Happening]:
    """Events of the sheet *Events*, up to a day, that tell of such facts; oldest first."""
    events = tables.get("Events")
    if events is None or events.empty:
        return []
    known = events[events["date"].notna() & events["event"].notna()].sort_values("date")
    found = []
    for account, when, text in zip(known["account_id"], known["date"], known["event"], strict=True):
        day = pd.Timestamp(when).date()
        if day <= as_of:
            found += [Happening(account, day, fact, str(text)) for fact in what_happened(str(text))]
    return found
