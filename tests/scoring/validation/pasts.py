"""Small histories written down by hand, and the outcomes that came after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pandas as pd

from scoring.validation.snapshots import Snapshots, take_snapshots
from tests.scoring.validation.companies import simple_model

__all__ = ["FIRST", "day", "listed", "monthly", "taken"]

FIRST = date(2025, 1, 1)
"""The first day of these histories."""


def day(number: int) -> pd.Timestamp:
    """The day so many days after `FIRST`."""
    return pd.Timestamp(FIRST + timedelta(days=number))


def monthly(account: str, days: Iterable[int], score: float | Sequence[float] = 70) -> pd.DataFrame:
    """Rows of one account with recorded scores, on days counted from `FIRST`."""
    when = list(days)
    scores = list(score) if isinstance(score, Sequence) else [score] * len(when)
    return pd.DataFrame({"account_id": account, "date": [day(n) for n in when], "score": scores})


def taken(*parts: pd.DataFrame) -> Snapshots:
    """Snapshots of some accounts' rows."""
    return take_snapshots(pd.concat(parts, ignore_index=True), simple_model())


def listed(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Outcomes as (account, outcome, days after `FIRST`)."""
    table = [(account, outcome, day(number)) for account, outcome, number in rows]
    return pd.DataFrame(table, columns=["account_id", "outcome", "date"])
