"""Looking back: what metrics foretold, who was missed, how alerts and overrides did.

Parts of the document of `records`, which names them all.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from scoring.validation.record_parts import Frozen, Interval, ShareAt

__all__ = [
    "AlertRecord",
    "LeadPoint",
    "OverrideRecord",
    "Power",
    "Review",
    "ReviewAlert",
    "ReviewScore",
    "Surprise",
    "TriggerRecord",
]


class LeadPoint(Frozen):
    """AUC of a predictor some days before the outcome."""

    days: int
    cases: int
    churned: int
    auc: Interval


class Power(Frozen):
    """What one dimension or metric foretold.

    Attributes:
        kind: dimension or metric; ``dimension`` is the key of a metric's dimension.
        weight: share 0–1 of the score, by the model.
        observed: share of cases with a value.
        auc: of its points at `Backtest.days`, interval over accounts.
        p_value, q_value: of no relation; corrected for the number of metrics (or dimensions).
        churned_mean, stayed_mean: mean points of those that churned and that stayed.
        correlation: Spearman, of points with staying; positive is what a good metric has.
        verdict: ``predicts`` (q below 0.05), ``wrong way``, ``no evidence``, ``too few values``.
        timing: ``leading`` where it tells churn apart 60 days before or earlier, ``lagging`` where
            only later, "" where it does not.
        leads_days: earliest days before at which it does, without a gap since.
        by_lead: AUC at each lead that was looked at, latest first.
        suspicious: so good that it may only be known because the account was leaving.
        note: one sentence, "" where there is nothing to add.
    """

    kind: Literal["dimension", "metric"]
    key: str
    name: str
    dimension: str
    weight: float
    observed: float
    cases: int
    churned: int
    auc: Interval
    p_value: float | None
    q_value: float | None
    churned_mean: float | None
    stayed_mean: float | None
    correlation: float | None
    verdict: Literal["predicts", "wrong way", "no evidence", "too few values"]
    timing: Literal["leading", "lagging", ""]
    leads_days: int | None
    by_lead: tuple[LeadPoint, ...] = ()
    suspicious: bool = False
    note: str = ""


class Surprise(Frozen):
    """A green account that churned, or a red one that stayed.

    Attributes:
        day: of the outcome; ``seen`` is the snapshot's, ``days`` before it.
        drivers: what cost it most points at that snapshot, as ``Seat utilisation 41 %, 12.5 lost``;
            for a red one that stayed, too.
        later: score and tier of the last snapshot before the outcome, as text; "" for none.
    """

    account_id: str
    account: str
    outcome: str
    day: date
    arr: float | None
    currency: str
    seen: date
    days: int
    score: float
    tier: str
    drivers: tuple[str, ...]
    later: str = ""


class ReviewScore(Frozen):
    """What was known some days before: the latest snapshot not younger than that; 0: the last."""

    days: int
    seen: date | None
    score: float | None
    tier: str


class ReviewAlert(Frozen):
    """An alert that fired before a loss."""

    day: date
    days_before: int
    name: str
    evidence: str


class Review(Frozen):
    """What is to be learned of one lost account.

    Attributes:
        scores: oldest first.
        fell: metrics whose points fell most in the last 90 days, as text.
        alerts: oldest first.
        actions: what was tried, as text; empty where no action is known.
        missed: what the data did not see or not hold, one sentence each.
        summary: two or three sentences, number first.
    """

    account_id: str
    account: str
    day: date
    arr: float | None
    currency: str
    reason: str
    scores: tuple[ReviewScore, ...]
    fell: tuple[str, ...]
    alerts: tuple[ReviewAlert, ...]
    actions: tuple[str, ...]
    missed: tuple[str, ...]
    summary: str


class OverrideRecord(Frozen):
    """Whether people who overrode the score were right.

    An override that made the tier better is right where the account stayed, one that made it
    worse where it churned.

    Attributes:
        better, worse: right ones among overrides to a better and to a worse tier.
        right: among both. model_right: where the model was, and not the person.
        better_base: share that stayed of accounts that the model put in the same tiers as those
            overridden to better ones, and that nobody overrode; worse_base: that churned,
            likewise. None where too few are left to compare.
    """

    better: ShareAt
    worse: ShareAt
    right: ShareAt
    model_right: ShareAt
    better_base: float | None = None
    worse_base: float | None = None


class TriggerRecord(Frozen):
    """One trigger's alerts; repeats within 30 days are one.

    Attributes:
        key: of the trigger; ``any`` of all together, where one decline that fires several is one.
        fired: alerts that could be followed up (an outcome, or `window` days, came after).
        precision: churned within the window, over fired.
        base: churn within as many days of an account picked at random; None where unknown.
        flagged: called false positives by people.
        lead_days: median days from the first alert within 180 days before a churn to it.
    """

    key: str
    name: str
    fired: int
    churned: int
    precision: Interval
    base: float | None
    flagged: int
    lead_days: float | None


class AlertRecord(Frozen):
    """How alerts did: all together, and one by one.

    Attributes:
        window: days within which a churn counts as foretold.
        caught: lost accounts with an alert in the window before, of all lost ones.
        caught_base: share of all accounts' days with an alert in as many days before: what would
            be "caught" of accounts picked at random; None where unknown.
    """

    window: int
    total: TriggerRecord
    caught: ShareAt
    triggers: tuple[TriggerRecord, ...]
    caught_base: float | None = None
