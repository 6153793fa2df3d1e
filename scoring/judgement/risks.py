"""Risks and positives of many accounts, by the definitions of a library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from scoring.judgement.records import Positive, Risk
from scoring.timeline import Timeline

__all__ = ["Found", "find_risks"]


@dataclass(frozen=True)
class Found:
    """Row by row of the accounts: risks, the most severe first, and positives."""

    risks: tuple[tuple[Risk, ...], ...]
    positives: tuple[tuple[Positive, ...], ...]


def find_risks(
    accounts: pd.DataFrame,
    timeline: Timeline,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: date,
) -> Found:
    """What the library finds in each account.

    Args:
        accounts: n rows as for `score_accounts`, row by row those of ``timeline.now``.
        timeline: today's scores and the snapshots before.
        tables: optional sheets of the source by name.
        as_of: the day.
    """
    none: tuple[tuple[()], ...] = ((),) * len(accounts)
    return Found(none, none)
