"""Renewal scenarios and the recommended play.

The churn shares are 001's illustration (its step 2, churn within 90 days by score). They are not
a forecast: every face labels them so. What the documents do not give is ours, and said to be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from scoring.portfolio import whole_parts

LABEL = "Illustration, not calibrated"


@dataclass(frozen=True, slots=True)
class Bracket:
    """Scores from ``starts_at`` up: share of accounts that churn and that contract."""

    starts_at: float
    churn: float
    contraction: float


BRACKETS: tuple[Bracket, ...] = (
    Bracket(0, 0.78, 0.12),
    Bracket(60, 0.34, 0.26),
    Bracket(70, 0.12, 0.18),
    Bracket(80, 0.03, 0.07),
)
"""Churn: 001 Benchmark thresholds (78, 34, 12, 3 %). Contraction: ours."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Where probabilities come from: the illustration, or what was fitted to outcomes.

    Attributes:
        brackets: shares by score, rising from score 0; a fitted curve has one a whole score.
        fitted: the day of the fit; None for the illustration.
        accounts: outcomes it was fitted to; 0 for the illustration.
        expires: the last day on which a calibration is used; None for the illustration.
        meaning: what a calibration is the probability of, one clause.
    """

    brackets: tuple[Bracket, ...] = BRACKETS
    fitted: date | None = None
    accounts: int = 0
    expires: date | None = None
    meaning: str = ""

    @property
    def label(self) -> str:
        """What every face says beside a probability."""
        if self.fitted is None:
            return LABEL
        day = f"{self.fitted.day} {self.fitted:%b %Y}"
        return f"Calibrated on {self.accounts:,} outcomes, {day}"

    @property
    def said(self) -> str:
        """The label in the middle of a sentence."""
        return self.label[0].lower() + self.label[1:]


ILLUSTRATION = Chances()
"""001's shares, until a calibration is fitted."""

CONTRACTION_SHARE = 0.25
"""Share of ARR lost when a renewal contracts and the seats in use are not known (ours)."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One outcome: probability 0–1 and the ARR it loses, NaN where ARR is unknown."""

    name: str
    probability: float
    arr_at_risk: float


def scenarios(
    score: float, arr: float, seats_used: float, brackets: Sequence[Bracket] = BRACKETS
) -> tuple[Scenario, Scenario, Scenario]:
    """Full renewal, contraction, churn; probabilities sum to 1.

    Args:
        score: 0–100, as displayed (rounded).
        arr: annual recurring revenue in the account's currency, NaN if unknown.
        seats_used: active over licensed seats, NaN if unknown; a contraction drops to it.
        brackets: shares by score, rising from score 0; the illustration when not given.

    Raises:
        ValueError: there is no score to look up.
    """
    bracket = at_score(brackets, score)
    lost = contraction_share(seats_used)
    return (
        Scenario("Full renewal", 1 - bracket.churn - bracket.contraction, 0.0 * arr),
        Scenario("Contraction", bracket.contraction, arr * lost),
        Scenario("Churn", bracket.churn, arr),
    )


def at_score(brackets: Sequence[Bracket], score: float) -> Bracket:
    """The shares of a displayed score.

    Raises:
        ValueError: there is no score to look up.
    """
    below = [b for b in brackets if score >= b.starts_at]
    if not below:
        raise ValueError(f"scenarios need a score from 0 to 100, got {score}")
    return below[-1]


def as_displayed(of: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Scenarios with probabilities in whole per cents that sum to exactly 100 (largest rests)."""
    parts = whole_parts([s.probability for s in of], 100)
    return tuple(replace(s, probability=n / 100) for s, n in zip(of, parts, strict=True))


def expected_loss(of: Sequence[Scenario]) -> float:
    """ARR that scenarios lose on average, in its currency; NaN where ARR is unknown."""
    return sum(s.probability * s.arr_at_risk for s in of)


def contraction_share(seats_used: float) -> float:
    """Share of ARR that a contraction loses: the seats not in use, else the default."""
    return CONTRACTION_SHARE if not seats_used < 1 else 1 - seats_used


@dataclass(frozen=True, slots=True)
class Play:
    """A recommended renewal play, the rule that chose it, and the facts that the rule looked at."""

    name: str
    reason: str
    facts: tuple[str, ...] = ()


SAVE_DAYS = 90
"""001 and 003: an amber account that renews within 90 days is pressing."""
DECLINE = -0.2
"""001: points a day at which a decline begins."""


def renewal_play(
    tier: str, velocity: float, days_to_renewal: float, *, expanding: bool, leaving: bool
) -> Play:
    """Expand, Hold, Save or Manage out, by the first rule that applies; rules are ours.

    Args:
        tier: "green", "amber", "red" or "" for no score.
        velocity: points a day, NaN if unknown.
        days_to_renewal: NaN if unknown.
        expanding: the account shows expansion signals.
        leaving: it gave notice or shows downgrade signals.
    """
    name, reason = _rule(tier, velocity, days_to_renewal, expanding=expanding, leaving=leaving)
    pressing = _renewal_words(days_to_renewal), _leaving_words(leaving=leaving)
    facts = {
        "": ("No tier",),
        "red": ("Tier red", *pressing),
        "amber": ("Tier amber", *pressing, _velocity_words(velocity)),
        "green": (
            "Tier green",
            pressing[1],
            "Expansion signals" if expanding else "No expansion signals",
        ),
    }
    return Play(name, reason, facts[tier])


def _rule(
    tier: str, velocity: float, days: float, *, expanding: bool, leaving: bool
) -> tuple[str, str]:
    near = days <= SAVE_DAYS
    if tier == "":
        return "Hold", "No score yet: collect data first"
    if tier == "red":
        if leaving and near:
            return "Manage out", "Red, leaving, renews within 90 days"
        return "Save", "Red: act before the renewal"
    if tier == "amber":
        if near or leaving or velocity <= DECLINE:
            reason = "renews within 90 days" if near else "leaving" if leaving else "declining"
            return "Save", f"Amber and {reason}"
        return "Hold", "Amber, steady, renewal far off"
    if leaving:
        return "Save", "Green but leaving"
    if expanding:
        return "Expand", "Green with expansion signals"
    return "Hold", "Green, nothing pressing"


def _renewal_words(days: float) -> str:
    if math.isnan(days):
        return "Renewal date not provided"
    if days < 0:
        return f"Renewal date {-days:.0f} days past"
    return f"Renews in {days:.0f} days; near is {SAVE_DAYS}"


def _leaving_words(*, leaving: bool) -> str:
    return "Downgrade or cancellation signals" if leaving else "No downgrade signals"


def _velocity_words(velocity: float) -> str:
    if math.isnan(velocity):
        return "Velocity not known"
    return f"{velocity:+.2f} points a day; declining from {DECLINE}".replace("-", "−")
