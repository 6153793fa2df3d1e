"""What is to be added to a metric's power, in one sentence: doubts first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.judgement.phrases import counted, whole
from scoring.validation.power_columns import LEAST
from scoring.validation.records import LeadPoint
from scoring.validation.timing import LEADING_DAYS

__all__ = ["Gap", "Known", "doubt", "note_of"]

TOO_GOOD = 0.95
"""AUC from which a metric is more likely a consequence of leaving than a warning (ours)."""
SUDDEN = 0.85
"""AUC just before the outcome, of a metric that told nothing 60 days before and earlier (ours)."""
NOTHING = 0.65
_LATE = 30


@dataclass(frozen=True)
class Gap:
    """Whether having a value at all goes with churn, at one lead.

    Attributes:
        days: before. q: of no relation, corrected for the number of metrics; NaN unknown.
        with_value, without: share that churned, NaN where there are no such cases.
        churned_known, stayed_known: share of those that churned, and stayed, with a value.
    """

    days: int
    q: float
    with_value: float
    without: float
    churned_known: float
    stayed_known: float


@dataclass(frozen=True)
class Known:
    """What a note starts from.

    Attributes:
        leading: whether the model calls it so; None for a dimension.
        auc, days: at the lead looked at. churned, stayed: cases with a value there.
        verdict, timing, leads_days: as in `records.Power`.
        by_lead: latest first. gap: at *days*. late: at the latest lead.
        fell: whether those that churned lost more points from the earliest lead to *days* than
            those that stayed; None where too few have both.
    """

    leading: bool | None
    auc: float | None
    days: int
    churned: int
    stayed: int
    verdict: str
    timing: str
    leads_days: int | None
    by_lead: Sequence[LeadPoint]
    gap: Gap
    late: Gap
    fell: bool | None


def doubt(k: Known) -> str:
    """Why it may be known only because the account was leaving, and what to do; "" for no doubt."""
    if k.verdict == "predicts" and k.auc is not None and k.auc >= TOO_GOOD:
        return _too_good(k.auc, k.days)
    late = [p for p in k.by_lead if p.days <= _LATE]
    early = [p for p in k.by_lead if p.days >= LEADING_DAYS]
    if late and early:
        last, before = late[0], max(early, key=lambda p: p.auc.value or 0.0)
        told = (last.auc.value or 0.0, before.auc.value or 0.0)
        if told[0] >= SUDDEN and told[1] <= NOTHING and (last.auc.low or 0.0) > 0.5:
            return (
                f"AUC {told[0]:.2f} {last.days} days before, at most {told[1]:.2f} earlier: "
                f"see whether it changes only once an account leaves."
            )
    # Accounts may be gone some weeks before the day that a list gives for it.
    best = max(late, key=lambda p: p.auc.value or 0.0, default=None)
    if best and (best.auc.value or 0.0) >= TOO_GOOD and (best.auc.low or 0.0) > 0.5:
        return _too_good(best.auc.value or 0.0, best.days)
    return _appears(k)


def _too_good(auc: float, days: int) -> str:
    return (
        f"AUC {auc:.2f} {days} days before is too good to be true: "
        "see whether it is written only once an account leaves."
    )


def _appears(k: Known) -> str:
    """A value that is there only shortly before churn."""
    late, gap = k.late, k.gap
    if not late.q < 0.05 or late.days > _LATE:
        return ""
    rare = gap.churned_known <= late.churned_known / 2
    if rare and late.churned_known > late.stayed_known:
        return (
            f"{_percent(late.churned_known)} of those that churned had a value {late.days} days "
            f"before, {_percent(gap.churned_known)} {gap.days} days before: "
            f"see whether it is written only once an account leaves."
        )
    return ""


def note_of(k: Known) -> str:
    """One sentence, "" where there is nothing to add."""
    return doubt(k) or _faulty(k) or _missing(k) or _level(k) or _flag(k)


def _faulty(k: Known) -> str:
    if k.verdict == "wrong way":
        return "More points came before churn: see whether its curve is upside down."
    if k.verdict == "too few values":
        kind, count = ("churned", k.churned) if k.churned < LEAST else ("stayed", k.stayed)
        return f"{counted(count, 'case')} with a value {kind}, {LEAST} are needed.".capitalize()
    return ""


def _missing(k: Known) -> str:
    gap = k.gap
    if not gap.q < 0.05 or np.isnan(gap.without) or np.isnan(gap.with_value):
        return ""
    return (
        f"{_percent(gap.without)} churned where it was missing {gap.days} days before, "
        f"{_percent(gap.with_value)} where it was not."
    )


def _level(k: Known) -> str:
    """A metric that was low all along: it names accounts, and gives no moment to act."""
    first = max((p.days for p in k.by_lead), default=0)
    if k.timing == "leading" and k.leads_days == first > k.days and k.fell is False:
        return f"Low {first} days before already, and fell no further: it tells who, not when."
    return ""


def _flag(k: Known) -> str:
    """How early it told churn, where the model says or hopes otherwise."""
    if k.leading and k.timing == "lagging":
        return f"The model calls it leading; it told churn only {k.leads_days} days before."
    if k.timing == "lagging":
        return f"It told churn only {k.leads_days} days before: late to act on."
    if k.leading is False and k.timing == "leading":
        return f"The model does not call it leading; it told churn {k.leads_days} days before."
    return ""


def _percent(share: float) -> str:
    return "none" if share == 0 else f"{whole(100 * share)}%"
