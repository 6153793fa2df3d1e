"""Cases for tests of actions: an account, and its actions as a workbook would hold them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from scoring.judgement.actions import plan_actions
from scoring.judgement.case import Case
from scoring.judgement.library import Library, load_library
from scoring.judgement.records import Action, Risk

TODAY = date(2026, 11, 23)
LIBRARY = load_library()
RISK = Risk("usage_decline", "Usage decline", "Usage fell", "High", play="usage_recovery")


def case(**changes: Any) -> Case:
    """An amber account that renews in four months, with one High risk."""
    people = {"CSM": "Sample CSM", "Champion": "Sample champion"}
    made = Case("A-1", "Sample Ltd", TODAY, "amber", 64.5, math.nan, 127.0, date(2027, 3, 30),
                45_000.0, "USD", "mid_market", people, (RISK,), contact="Sample champion",
                tier_word="Amber")  # fmt: skip
    return replace(made, **changes)


def plan(one: Case, library: Library = LIBRARY) -> tuple[Action, ...]:
    """Its actions."""
    return plan_actions(one, library)


def rows(actions: Iterable[Action], **edits: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Actions as the workbook's rows; *edits* change some, by key with ``_`` for dots."""
    out = []
    for a in actions:
        row = {"key": a.key, "given": a.given, "action": a.text, "owner": a.owner,
               "deadline": a.due, "horizon": a.horizon, "status": a.status, "opened": a.opened,
               "closed": a.closed, "attempts": a.attempts or None, "response": a.response,
               "last_channel": a.last_channel, "notes": a.notes}  # fmt: skip
        out.append(row | dict(edits.get(a.key.replace(".", "_"), {})))
    return tuple(out)
