"""What a portfolio's data lack: metrics not known or too old, accounts without a score and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.metric_phrase import plain_name
from scoring.score import Scores

__all__ = ["ENDING_DAYS", "MetricGap", "OverrideEnd", "metric_gaps", "missing_metrics",
           "override_ends"]  # fmt: skip

ENDING_DAYS = 14
"""Days ahead in which the end of an override is told: two weekly refreshes (ours)."""


@dataclass(frozen=True, slots=True)
class MetricGap:
    """What is not known of a metric.

    Attributes:
        key, name: of the metric; the name without its scale.
        dimension: name of its dimension.
        known: accounts with a value that counts.
        stale: accounts whose value is too old to count.
        missing: accounts without one, in a dimension that nobody rated either.
    """

    key: str
    name: str
    dimension: str
    known: int
    stale: int
    missing: int


@dataclass(frozen=True, slots=True)
class OverrideEnd:
    """An override that ends soon, or did.

    Attributes:
        account_id: whose score or tier was set.
        author, reason: "" where not given.
        day: the last day on which it counts.
        over: whether that has passed.
    """

    account_id: str
    author: str
    reason: str
    day: date
    over: bool


def metric_gaps(scores: Scores) -> tuple[MetricGap, ...]:
    """Each metric of the model, the one that most accounts lack first, then as the model has them.

    A metric of a dimension that a person rated is not missing: the rating stands for it.
    """
    known, missing = scores.values.notna(), missing_metrics(scores)
    found = [
        MetricGap(
            key=metric.key,
            name=plain_name(metric.name),
            dimension=dimension.name,
            known=int(known[metric.key].sum()),
            stale=int(scores.stale[metric.key].sum()),
            missing=int(missing[metric.key].sum()),
        )
        for dimension in scores.model.dimensions
        for metric in dimension.metrics
    ]
    return tuple(sorted(found, key=lambda gap: -(gap.missing + gap.stale)))


def missing_metrics(scores: Scores) -> pd.DataFrame:
    """Whether each metric of each account is missing, (n, m); a stale value is not."""
    out: dict[str, np.ndarray] = {}
    for dimension in scores.model.dimensions:
        rated = scores.values[dimension.key].notna().to_numpy(bool)
        for metric in dimension.metrics:
            known = scores.values[metric.key].notna().to_numpy(bool)
            out[metric.key] = ~known & ~scores.stale[metric.key].to_numpy(bool) & ~rated
    return pd.DataFrame(out, index=range(len(scores)))


def override_ends(
    tables: Mapping[str, pd.DataFrame], *, as_of: date, days: int = ENDING_DAYS
) -> tuple[OverrideEnd, ...]:
    """Overrides that have ended or will within so many days, the earliest end first.

    Args:
        tables: optional sheets by name; *Overrides* is read.
        as_of: today; on the day of its end an override still counts.
        days: how far to look ahead.
    """
    rows = tables.get("Overrides")
    if rows is None or rows.empty or "expires" not in rows.columns:
        return ()
    # Of several for one account the last to expire counts, as it does for the score.
    given = rows[rows["expires"].notna()].sort_values("expires", kind="stable")
    given = given.drop_duplicates("account_id", keep="last")
    ends = [end for end in _ends(given, as_of) if end.day <= as_of + timedelta(days=days)]
    return tuple(sorted(ends, key=lambda end: (end.day, end.account_id)))


def _ends(rows: pd.DataFrame, as_of: date) -> Iterator[OverrideEnd]:
    for row in rows.to_dict("records"):
        day = pd.Timestamp(row["expires"]).date()
        author, reason = (_text(row.get(key)) for key in ("author", "reason"))
        yield OverrideEnd(str(row["account_id"]), author, reason, day, day < as_of)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
