"""Whether two actions say the same: what people typed is not proposed to them again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["alike", "content_words"]

_FILLERS = frozenset(
    "a an and the to of for with on in at by from into about their them they our us we it its is "
    "are be this that these those what who how before after until or as one more up out over all "
    "account customer main contact".split()
)
_SAME = {
    "phone": "call", "ring": "call", "contact": "call", "reach": "call", "outreach": "call",
    "meeting": "call", "meet": "call", "speak": "call", "talk": "call", "checkin": "call",
    "train": "training", "trainings": "training", "enable": "training", "workshop": "training",
    "exec": "executive", "sponsor": "executive", "vp": "executive",
    "ticket": "ticket", "tickets": "ticket", "case": "ticket", "cases": "ticket",
    "invoice": "payment", "invoices": "payment", "bill": "payment", "billing": "payment",
    "qbr": "review", "reviews": "review",
}  # fmt: skip
_SHARE = 0.6
"""Share of the shorter one's words that both have, from which they say the same (ours)."""
_LEAST = 2


def content_words(text: str, leave_out: Iterable[str] = ()) -> frozenset[str]:
    """The words that carry the sense, without names that stand in every action of an account.

    Args:
        text: of an action.
        leave_out: names of the account and its people.
    """
    drop = {w for name in leave_out for w in _words(name)}
    words = (w for w in _words(text) if w not in drop and w not in _FILLERS and len(w) > 1)
    return frozenset(_SAME.get(w, w.removesuffix("s")) for w in words)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two actions share most words of the shorter one, two at least."""
    both = len(one & other)
    shorter = min(len(one), len(other))
    return both >= _LEAST and both >= _SHARE * shorter


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    # Names and the texts of plays come again with every account.
    plain = unicodedata.normalize("NFKD", text).casefold().replace("check-in", "checkin")
    return tuple(re.findall(r"[^\W_]+", plain))
