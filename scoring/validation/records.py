"""What a backtest found, as one document: every face shows it, a file keeps it, reports read it.

Shares and probabilities are 0–1; ``None`` is what is not known, never zero. Positive cases are
churned accounts; a low score is expected to come before churn, so an AUC above 0.5 means that the
score (or a metric's points) was lower where an account churned.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from scoring.validation.record_parts import Frozen, Interval, ShareAt
from scoring.validation.records_back import (
    AlertRecord,
    LeadPoint,
    OverrideRecord,
    Power,
    Review,
    ReviewAlert,
    ReviewScore,
    Surprise,
    TriggerRecord,
)

__all__ = [
    "HORIZONS",
    "LIFE_DAYS",
    "AlertRecord",
    "Backtest",
    "Calibration",
    "CalibrationPoint",
    "Change",
    "Group",
    "Horizon",
    "Interval",
    "LeadPoint",
    "LeftOut",
    "LiftPoint",
    "OverrideRecord",
    "Power",
    "PrecisionPoint",
    "Recommendation",
    "Review",
    "ReviewAlert",
    "ReviewScore",
    "ShareAt",
    "Surprise",
    "TriggerRecord",
    "Verdict",
]

HORIZONS = (30, 60, 90)
"""Days before an outcome at which the score is looked at (SPEC: 30/60/90)."""
LIFE_DAYS = 180
"""Days after its fit that a calibration is used: two quarters of renewals (ours)."""


class Group(Frozen):
    """Cases whose score lay in one bracket or tier.

    Attributes:
        key: tier key, or the bracket's first score as text.
        label: as shown (``Green``, ``60–69``).
        starts_at, ends_at: displayed whole scores, both included.
        cases, churned, contracted: counts.
        share: churned over cases.
        arr, arr_lost: of cases with a known amount, in ``Backtest.currency``: ARR before, and what
            churn and contraction took.
    """

    key: str
    label: str
    starts_at: int
    ends_at: int
    cases: int
    churned: int
    contracted: int
    share: Interval
    arr: float | None = None
    arr_lost: float | None = None


class LiftPoint(Frozen):
    """The lowest-scored share of cases: churn among them over churn of all."""

    share: float
    cases: int
    churned: int
    lift: float | None


class PrecisionPoint(Frozen):
    """Of the *k* lowest-scored cases, how many churned, and which share of all churn they hold."""

    k: int
    churned: int
    precision: Interval
    recall: float | None


class CalibrationPoint(Frozen):
    """Cases of like predicted churn: the mean prediction, and what happened."""

    predicted: float
    cases: int
    churned: int
    observed: Interval


class Horizon(Frozen):
    """How well the score told churn apart so many days before.

    Attributes:
        days: before the outcome.
        cases, churned, accounts: with a score old enough and not too old.
        auc: area under the ROC curve, interval by bootstrap over accounts.
        p_value: of "no relation", by permutation of outcomes; one horizon alone.
        tiers, brackets: worst first.
        brier, brier_base: of the fitted probability on accounts it was not fitted to; of the
            plain churn share. ``brier_skill`` is 1 − brier / brier_base. The probability is that
            of the snapshot it is fitted to (``Backtest.days``, or a window's first day), of the
            cases with a score at this horizon.
        curve: the calibration curve of those probabilities.
        illustration: the same curve for 001's illustrative shares.
        brier_illustration: their Brier score.
    """

    days: int
    cases: int
    churned: int
    accounts: int
    auc: Interval
    p_value: float | None
    tiers: tuple[Group, ...]
    brackets: tuple[Group, ...]
    lift: tuple[LiftPoint, ...]
    precision: tuple[PrecisionPoint, ...]
    brier: float | None = None
    brier_base: float | None = None
    brier_skill: float | None = None
    brier_illustration: float | None = None
    curve: tuple[CalibrationPoint, ...] = ()
    illustration: tuple[CalibrationPoint, ...] = ()


class Change(Frozen):
    """A number of the model as it is and as it is proposed.

    Attributes:
        key: of a dimension, a metric or a tier; ``usage.smb`` is a segment's own weight.
        current, proposed: weights as shares 0–1, tiers as displayed whole scores.
        of: what a weight is a share of: "" for the score, else its dimension's name.
    """

    key: str
    name: str
    current: float
    proposed: float
    of: str = ""


class Recommendation(Frozen):
    """A change of the model, with what it gains on accounts it was not fitted to.

    Attributes:
        kind: what it changes.
        verdict: whether to do it.
        headline: one sentence, number first.
        reason: how it was found out, or why nothing is recommended.
        measure: what ``gain`` counts, as ``AUC``.
        gain: on held-out accounts.
        changes: all numbers concerned; empty where nothing is recommended.
        needed_churned: churned cases more that could decide it; None where it is decided, and
            where no number could, since the history holds no inputs.
    """

    kind: Literal["weights", "tiers", "metrics"]
    verdict: Literal["recommended", "no gain", "not enough evidence"]
    headline: str
    reason: str
    measure: str
    gain: Interval
    changes: tuple[Change, ...] = ()
    needed_churned: int | None = None


class Calibration(Frozen):
    """A churn probability for each score, fitted to outcomes.

    Attributes:
        fitted, expires: days; it is used from the first to the last, both included.
        since, until: range of the outcomes.
        days: how long before the outcome the scores stood; 0 where they stood at the first day of
            a window.
        meaning: what the probability is of, one clause: churn at a renewal, or within 90 days.
        model, digest: name and version; a digest of what decides its scores.
        cases, churned, contracted, accounts: what it was fitted to.
        churn: (101,) probability by displayed whole score, not rising with it; never 0 or 1.
            Scores outside those of the cases have the probability of the nearest one.
        low, high: (101,) each, its 95 % interval; empty where nobody worked it out.
        contraction: (101,) probability by displayed whole score. Of those that do not churn, the
            share that contracts does not rise with the score; churn and contraction together are
            at most 1. All 0 where no contraction is among the outcomes.
        auc: of the score, interval by whole accounts.
        brier, brier_base: mean squared error of the probabilities on accounts that were held out;
            of the plain churn share of the others for all of them.
        slope, intercept: of what happened on held-out log odds; a slope of 1 and an intercept of
            0 mean that predicted and observed agree.
        scores: (11,) share of cases in 0–9, 10–19, …, 90–99, 100, to see drift against.
        method: what was fitted, one clause.
    """

    fitted: date
    expires: date
    since: date
    until: date
    days: int
    meaning: str
    model: str
    digest: str
    cases: int
    churned: int
    contracted: int
    accounts: int
    churn: tuple[float, ...]
    contraction: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    auc: Interval
    brier: float
    brier_base: float
    slope: float
    intercept: float
    scores: tuple[float, ...]
    method: str

    @staticmethod
    def last_day(fitted: date) -> date:
        """The last day on which a calibration of that day is used."""
        return fitted + timedelta(days=LIFE_DAYS)


class LeftOut(Frozen):
    """Outcomes that could not be used, and why."""

    reason: str
    count: int


class Verdict(Frozen):
    """The answer.

    Attributes:
        key: evidence (p below 0.05 over all horizons together), none, or the wrong way round.
        headline: one sentence, number first; with ``no evidence`` it says these words.
        detail: what it rests on; for no evidence, whether there was enough to see some.
        p_value: over all horizons together.
        needed_churned: churned cases more with which an AUC of 0.65 would show; 0 for enough.
    """

    key: Literal["evidence", "no evidence", "wrong way"]
    headline: str
    detail: str
    p_value: float | None
    needed_churned: int


class Backtest(Frozen):
    """Everything that a backtest found.

    Attributes:
        format: of this document.
        made: day.
        model, digest: name and version that scored the snapshots; a digest of its content.
        history, outcomes: what was read, as people may see it.
        since, until: first and last outcome that counts.
        snapshots, accounts: of the history.
        design: renewals (decisions that went either way are listed) or windows (only churn is
            listed; each account and 90 days is a case).
        days: horizon at which dimensions, metrics, weights and probabilities are looked at.
        kinds: outcome → count, of those used.
        left_out: and why.
        currency: of amounts; "" where they are in several and no rates are known.
        notes: sentences about the data, such as corrections that came too late to count.
    """

    format: Literal[1] = 1
    made: date
    model: str
    digest: str
    history: str
    outcomes: str
    since: date | None
    until: date | None
    snapshots: int
    accounts: int
    design: Literal["renewals", "windows"]
    days: int
    kinds: dict[str, int]
    left_out: tuple[LeftOut, ...]
    currency: str
    verdict: Verdict
    horizons: tuple[Horizon, ...]
    powers: tuple[Power, ...]
    green_churned: tuple[Surprise, ...]
    red_stayed: tuple[Surprise, ...]
    reviews: tuple[Review, ...]
    overrides: OverrideRecord | None
    alerts: AlertRecord | None
    recommendations: tuple[Recommendation, ...]
    calibration: Calibration | None
    calibration_reason: str
    drift: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
