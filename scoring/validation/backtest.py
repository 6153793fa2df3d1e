"""One backtest from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from scoring.alerts import Alert
from scoring.judgement.flags import Flag
from scoring.judgement.phrases import counted
from scoring.validation.alert_record import alert_record
from scoring.validation.calibration import Fit, fit_calibration
from scoring.validation.cases import Cases, join_cases
from scoring.validation.facts import one_currency, with_facts
from scoring.validation.horizons import horizon_of
from scoring.validation.override_record import override_record
from scoring.validation.power import powers_of
from scoring.validation.records import HORIZONS, Backtest, Power, Verdict
from scoring.validation.reviews import reviews_of
from scoring.validation.snapshots import Snapshots
from scoring.validation.suggest import recommendations_of
from scoring.validation.surprises import green_churned, red_stayed
from scoring.validation.verdict import verdict_of

__all__ = ["DAYS", "Asked", "Found", "Tell", "validate"]

DAYS = 60
"""Days before an outcome at which dimensions, metrics, weights and probabilities are looked at:
late enough to see trouble, early enough to act (the middle one of `HORIZONS`)."""

ONLY_SCORES = "The history holds scores only, so no dimension or metric can be looked at."

_NAMED = 3

Tell = Callable[[str, float], None]
"""Progress: what is being done, and the share 0–1 that is done."""


@dataclass(frozen=True)
class Asked:
    """What a backtest looks at.

    Attributes:
        outcomes: as for `cases.join_cases`.
        snapshots: of the history, under the model.
        alerts: that the history's rows fired, of any day.
        flags: alerts that people called false positives.
        tables: sheet name → rows known today (*Actions*, *Overrides*, *Events*), for the reviews.
        made: today.
        history, outcomes_from: what was read, as people may see it.
        facts: of the history: account_id, date and any of account_name, arr, currency, for what
            the outcomes do not say; None for nothing.
        notes: sentences about the data.
        seed: of every random draw.
    """

    outcomes: pd.DataFrame
    snapshots: Snapshots
    made: date
    history: str = ""
    outcomes_from: str = ""
    alerts: Sequence[Alert] = ()
    flags: Sequence[Flag] = ()
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    facts: pd.DataFrame | None = None
    days: int = DAYS
    notes: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Found:
    """A backtest and the cases that it stands on, for the workbook that lists them.

    Attributes:
        backtest: the document.
        cases: joined.
        churn: (n,) held-out churn probability of each case, NaN without one.
    """

    backtest: Backtest
    cases: Cases
    churn: np.ndarray[tuple[int], np.dtype[np.float64]]


def validate(asked: Asked, tell: Tell = lambda what, share: None) -> Found:
    """Compare a history with what happened.

    Args:
        asked: history, outcomes and what belongs to them.
        tell: is called with the progress.
    """
    model = asked.snapshots.model
    tell("Joining outcomes and snapshots", 0.0)
    cases = join_cases(asked.outcomes, asked.snapshots, days=asked.days, made=asked.made)
    if asked.facts is not None:
        cases = with_facts(cases, asked.facts)
    tell("Telling churn apart", 0.1)
    verdict = verdict_of(cases, seed=asked.seed)
    tell("Fitting the churn probability", 0.2)
    fit: Fit = fit_calibration(
        cases, made=asked.made, days=asked.days, seed=asked.seed, verdict=verdict
    )
    horizons = tuple(horizon_of(cases, h, fit, seed=asked.seed) for h in HORIZONS)
    tell("Looking at metrics", 0.4)
    powers = powers_of(cases, days=asked.days, seed=asked.seed)
    tell("Looking at lost accounts", 0.6)
    reviews = reviews_of(cases, asked.alerts, asked.tables)
    tell("Trying other weights and tiers", 0.7)
    recommendations = recommendations_of(
        cases, powers, days=asked.days, seed=asked.seed, verdict=verdict
    )
    when = cases.frame["date"]
    backtest = Backtest(
        made=asked.made,
        model=model.label,
        digest=model.digest,
        history=asked.history,
        outcomes=asked.outcomes_from,
        since=when.min().date() if len(when) else None,
        until=when.max().date() if len(when) else None,
        snapshots=len(asked.snapshots),
        accounts=len(set(asked.snapshots.account_id.tolist())),
        design=cases.design,
        days=asked.days,
        kinds={str(k): int(n) for k, n in cases.frame["outcome"].value_counts().items()},
        left_out=cases.left_out,
        currency=one_currency(cases.frame),
        verdict=verdict,
        horizons=horizons,
        powers=powers,
        green_churned=green_churned(cases, days=asked.days),
        red_stayed=red_stayed(cases, days=asked.days),
        reviews=reviews,
        overrides=override_record(cases, days=asked.days),
        alerts=alert_record(cases, asked.alerts, asked.flags),
        recommendations=recommendations,
        calibration=fit.calibration,
        calibration_reason=fit.reason,
        notes=(*asked.notes, *_notes(cases, verdict, powers)),
    )
    tell("Done", 1.0)
    return Found(backtest, cases, fit.held_out)


def _notes(cases: Cases, verdict: Verdict, powers: Sequence[Power]) -> tuple[str, ...]:
    """What to know before the findings are believed."""
    if not powers:
        return (ONLY_SCORES,) if len(cases) else ()
    late = [p.name for p in powers if p.kind == "metric" and p.suspicious]
    if verdict.key != "evidence" or not late:
        return ()
    more = len(late) - _NAMED
    named = ", ".join(late[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    told = f"{counted(len(late), 'metric')} may be known only once an account leaves: {named}."
    return (f"{told} Check before you trust the score.",)
