"""Nobody answers: another channel first, after three attempts somebody higher up.

Source: 003, edge case "Support actions don't improve health".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scoring.columns import normalise

__all__ = [
    "ATTEMPTS", "CHANNELS", "answered", "attempts_of", "is_up", "next_channel", "role_above",
]  # fmt: skip

ATTEMPTS = 3
"""Attempts without response after which an executive reaches out (003)."""
CHANNELS = ("email", "phone", "in-app", "meeting")
"""Ways to reach somebody; an email that is ignored is followed by a call, then in-app (003)."""
_NEXT = {"email": "phone", "phone": "in-app", "in-app": "email", "meeting": "phone"}
_SPOKEN = {"mail": "email", "emails": "email", "email": "email", "call": "phone", "tel": "phone",
           "phone": "phone", "phonecall": "phone", "telephone": "phone", "inapp": "in-app",
           "app": "in-app", "message": "in-app", "chat": "in-app", "meeting": "meeting",
           "visit": "meeting", "video": "meeting"}  # fmt: skip
_SILENCE = frozenset({"", "no", "none", "noanswer", "noresponse", "noreply", "notyet", "n", "false",
                      "ignored", "silence", "0", "na", "outofoffice"})  # fmt: skip
_LADDER = (
    ("support", "VP Support"),
    ("billing", "VP Finance"),
    ("sales", "VP Sales"),
    ("account executive", "VP Sales"),
    ("vp", "CEO"),
    ("executive", "CEO"),
)
"""Part of a role → the executive above it; the first that fits counts (ours)."""


def attempts_of(value: object) -> int:
    """A typed number of attempts; 0 where none or no number stands there."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return max(int(value), 0)


def answered(response: object) -> bool:
    """Whether what people typed under Response says that the customer answered."""
    if isinstance(response, bool):
        return response
    text = "" if response is None or response != response else str(response)
    return normalise(text) not in _SILENCE


def is_up(row: Mapping[str, Any]) -> bool:
    """Whether an action's row asks for somebody higher up."""
    return attempts_of(row.get("attempts")) >= ATTEMPTS and not answered(row.get("response"))


def next_channel(last: object, attempts: int, planned: str) -> str:
    """The channel to use now: another one than the last where that got no answer.

    Args:
        last: channel of the last attempt as typed.
        attempts: without response.
        planned: what the action would use.
    """
    tried = _SPOKEN.get(normalise(str(last or "")), "")
    if not attempts:
        return planned
    if not tried:
        # Nobody said how it was tried: as it was planned, most likely.
        tried = planned or "email"
    return _NEXT[tried]


def role_above(role: str) -> str:
    """The executive above a role; for CSMs and those not known the VP of customer success."""
    text = role.casefold()
    return next((above for part, above in _LADDER if part in text), "VP Customer Success")
