"""False positives: what people said is none, kept for validation, and silent for a while.

Source: 003, edge case "Health score is inaccurate" (flag false positives, log the reason).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from scoring.judgement.risks import Found
from scoring.rollup import TIERS

__all__ = ["FALSE_POSITIVE", "SILENT_DAYS", "Flag", "loud_alerts", "loud_risks", "unflagged"]

FALSE_POSITIVE = "False positive"
"""The word under Status that flags an alert or a risk."""
SILENT_DAYS = 90
"""Days that a flagged alert or risk stays silent for its account (ours)."""


@dataclass(frozen=True, slots=True)
class Flag:
    """An alert or a risk that somebody called a false positive.

    Attributes:
        kind: "alert" or "risk". what: name of the trigger, key of the risk.
        fired: day of the alert, or since when the risk is seen; None where not known.
        reason: why, as typed. author: who refreshed when it was read first.
        tier: key of the account's tier then. day: when it was read first.
    """

    account_id: str
    kind: str
    what: str
    fired: date | None
    reason: str
    author: str
    tier: str
    day: date

    def silences(self, tier: str, as_of: date) -> bool:
        """It is not old, and the account's tier is not worse than it was."""
        worse = tier in TIERS and self.tier in TIERS and TIERS.index(tier) < TIERS.index(self.tier)
        return not worse and as_of - self.day <= timedelta(days=SILENT_DAYS)


def loud_alerts(lines: pd.DataFrame, flags: Sequence[Flag], *, as_of: date) -> pd.DataFrame:
    """Alerts without those that are silent; the flagged one itself stays, to be seen.

    Args:
        lines: account_id, trigger, date and tier.
        flags: any; those of alerts count.
        as_of: today.
    """
    known: dict[tuple[str, str], list[Flag]] = {}
    for flag in flags:
        if flag.kind == "alert":
            known.setdefault((flag.account_id, flag.what), []).append(flag)
    if not known or not len(lines):
        return lines
    rows = zip(*(lines[k].tolist() for k in ("account_id", "trigger", "date", "tier")), strict=True)
    loud = [
        not any(f.silences(str(tier), as_of) and f.fired != pd.Timestamp(day).date()
                for f in known.get((str(account), str(trigger)), ()))
        for account, trigger, day, tier in rows
    ]  # fmt: skip
    out = lines[loud].reset_index(drop=True)
    out.attrs.update(lines.attrs)
    return out


def unflagged(lines: pd.DataFrame, flags: Iterable[Flag]) -> pd.DataFrame:
    """Alerts that nobody flagged: what asks for an action.

    Args:
        lines: account_id, trigger and date.
        flags: any; those of alerts count.
    """
    known = {(f.account_id, f.what, f.fired) for f in flags if f.kind == "alert"}
    if not known or not len(lines):
        return lines
    rows = zip(*(lines[k].tolist() for k in ("account_id", "trigger", "date")), strict=True)
    keep = [(str(a), str(t), pd.Timestamp(d).date()) not in known for a, t, d in rows]
    return lines[keep]


def loud_risks(
    found: Found, ids: Sequence[str], tiers: Sequence[str], flags: Iterable[Flag], *, as_of: date
) -> Found:
    """What was found, without the risks that are silent.

    Args:
        found: row by row of the accounts.
        ids: their ids.
        tiers: keys of their tiers.
        flags: any; those of risks count.
        as_of: today.
    """
    known: dict[str, list[Flag]] = {}
    for flag in flags:
        if flag.kind == "risk":
            known.setdefault(flag.account_id, []).append(flag)
    if not known:
        return found
    risks = list(found.risks)
    for i, (account, tier) in enumerate(zip(ids, tiers, strict=True)):
        silent = {f.what for f in known.get(account, ()) if f.silences(tier, as_of)}
        if silent:
            risks[i] = tuple(r for r in risks[i] if r.key not in silent)
    return replace(found, risks=tuple(risks))
