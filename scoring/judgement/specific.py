"""Whether a sentence about a risk says something specific, or only that something is bad."""

from __future__ import annotations

import re

__all__ = ["is_boast", "is_specific"]

LEAST_WORDS = 3
"""Words below which nothing specific is said (ours): ``Low engagement``."""

_DATED = re.compile(
    r"\b(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|"
    r"august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|"
    r"yesterday)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:left|leaves|leaving|departed|resign\w*|retire\w*|replace[ds]?|replacement|vacant|"
    r"acquire[ds]?|acquisition|merge[dr]?|merger|cancel\w*|notice|downgrad\w*|competitor|"
    r"evaluat\w*|overdue|unpaid|declined|refuse[ds]?|rejected|outage|breach|bug|incident|"
    r"laid off|layoffs?|budget (?:cut|freeze)|not renew\w*|never|no (?:one|champion|sponsor|owner|"
    r"replacement|answer|response|reply))\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:sponsor|champion|escalations?|invoices?|payments?|payment history|qbr|goals?|seats?)\b"
    r".*\b(?:passive|weak|unresolved|late|missed|failed|returned|off track|idle)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<=[\w,;)] )(?:[A-Z][a-z]{2,}|[A-Z]{2,}\b)")
# Measures are written in capitals and name nobody.
_MEASURES = re.compile(
    r"\b(?:CSAT|NPS|QBR|ROI|DAU|MAU|ARR|MRR|SLA|CES|CSM|KPI|RAG|P[123])s?\b|\b(?:Green|Amber|"
    r"Yellow|Red|High|Medium|Low)\b"
)
_SHARE = re.compile(r"\d(?:[\d.,]*)\s*(?:%|per ?cent|percent)", re.IGNORECASE)
_GOOD = re.compile(r"\b(?:green|healthy|good|satisfied|happy|active|adopted)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d.,]*")


def is_specific(text: str) -> bool:
    """Whether a risk says what, not only that something is bad.

    It does where it holds a figure, a day or month, a name, something that happened, or whose
    state it is:
    ``Executive sponsor left in March, no replacement identified``, not ``Low engagement``.

    Source: 000 Quality Checks; how it is told is ours.
    """
    words = re.findall(r"\w+", text)
    if len(words) < LEAST_WORDS:
        return False
    told = (re.search(r"\d", text), *(x.search(text) for x in (_DATED, _HAPPENED, _STATE)))
    if any(told):
        return True
    return bool(_NAMED.search(_MEASURES.sub("", text)))


def is_boast(text: str) -> bool:
    """Whether a sentence praises a share and gives no other figure to judge it by.

    ``85% of accounts are green`` is one; with the segment's ARR, a count or what it was before it
    is none.

    Source: 004 Common health score pitfalls, single-metric obsession.
    """
    shares = _SHARE.findall(text)
    return len(shares) == 1 and len(_FIGURE.findall(text)) == 1 and bool(_GOOD.search(text))
