"""How early a dimension or metric tells churn apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.auc import auc_interval
from scoring.validation.cases import Cases
from scoring.validation.power_columns import Column, enough, points_at
from scoring.validation.records import LeadPoint
from scoring.validation.snapshots import Places

__all__ = ["LEADING_DAYS", "LEADS", "at_leads", "leads_days", "points_of"]

LEADS = (14, 30, 60, 90, 120, 150, 180)
"""Days before an outcome at which metrics are looked at, latest first."""
LEADING_DAYS = 60
"""A metric that tells churn apart so early leads: there is time to act (ours)."""


def at_leads(cases: Cases, columns: Sequence[Column], days: int) -> Mapping[int, Floats]:
    """Days before → (n, k) points then, latest first.

    Leads that the history does not reach, and those that see the very snapshots of a later one,
    are left out.

    Args:
        cases: n of them.
        columns: k dimensions or metrics.
        days: is looked at in any case.
    """
    out: dict[int, Floats] = {}
    before: Places | None = None
    for lead in sorted({*LEADS, days}):
        places = cases.at[lead] if lead in cases.at else cases.lead(lead)
        if lead != days and before is not None and np.array_equal(before, places):
            continue
        points = points_at(columns, places)
        if lead == days or enough(points, cases.churned).any():
            out[lead] = points
            before = places
    return out


def points_of(
    leads: Mapping[int, Floats], column: int, churned: NDArray[np.bool_], cases: Cases, seed: int
) -> tuple[LeadPoint, ...]:
    """AUC of one column at each lead with enough values, latest first."""
    out = []
    for days, points in leads.items():
        own = points[:, column]
        if not enough(own[:, None], churned)[0]:
            continue
        known = ~np.isnan(own)
        interval = auc_interval(own, churned, cases.accounts, seed=seed, draws=0)
        out.append(LeadPoint(
            days=days, cases=int(known.sum()), churned=int(churned[known].sum()), auc=interval
        ))  # fmt: skip
    return tuple(out)


def leads_days(points: Sequence[LeadPoint], days: int, *, early: bool, late: bool) -> int | None:
    """The earliest lead at which it tells churn apart, without a gap after; None where at none.

    Looked at often enough, chance tells something apart now and then. So a walk begins only where
    the test over all metrics found something, and each step further back counts only as long as
    the lower limit of every step before lay above 0.5.

    Args:
        points: AUC at each lead, latest first.
        days: the lead at which all metrics were tested.
        early: whether that test found it. The walk then goes from there.
        late: whether a test at the latest lead did. The walk then goes from there, and ends
            before *days*, where the test found nothing.
    """
    if early:
        walk = [p for p in points if p.days >= days]
    elif late:
        walk = [p for p in points if p.days < days]
    else:
        return None
    found = None
    for point in walk:
        if not (point.auc.low is not None and point.auc.low > 0.5):
            break
        found = point.days
    return days if early and found is None else found
