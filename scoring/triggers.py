"""What makes an alert: rules over an account's dated rows, as data, each with its source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scoring.model import Frozen, Key, Name

__all__ = [
    "SEVERITIES",
    "TRIGGERS",
    "Below",
    "Drop",
    "Enters",
    "Happened",
    "Limit",
    "Renewal",
    "Rise",
    "Trigger",
]

Severity = Literal["medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("medium", "high", "critical")
"""Rising."""


class _Rule(Frozen):
    """What all triggers say.

    Attributes:
        key: stable name.
        name: what people read; ``{tier}`` stands for the tier's own word, ``{score:g}`` and the
            like for the trigger's limits.
        topic: triggers of one topic tell of one event, so the most severe silences the others.
        severity: one of `SEVERITIES`.
        owner: role that answers.
        action: what to do, one imperative.
        within_hours: 24 are one working day; 0 is the same day.
        source: where it stands, or ``ours`` for what no document gives.
    """

    key: Key
    name: Name
    topic: Key
    severity: Severity
    owner: Name
    action: str
    within_hours: Annotated[int, Field(ge=0)]
    source: str

    def title(self, tier: str = "{tier}") -> str:
        """The name with the tier's own word and the limits in it."""
        return self.name.format_map({**vars(self), "tier": tier})


class Drop(_Rule):
    """The raw score fell by so many points against the score so many days before.

    ``more`` asks for more than the points, else as many suffice.
    """

    kind: Literal["drop"] = "drop"
    points: Annotated[float, Field(gt=0)]
    days: Annotated[int, Field(gt=0)]
    more: bool = False


class Below(_Rule):
    """The displayed score came below a level that the score before was not below."""

    kind: Literal["below"] = "below"
    score: Annotated[float, Field(ge=0, le=100)]


class Enters(_Rule):
    """The tier is this one, and the tier before was better."""

    kind: Literal["enters"] = "enters"
    tier: Literal["amber", "red"]


class Renewal(_Rule):
    """The displayed score is below a level and the renewal at most so many days away."""

    kind: Literal["renewal"] = "renewal"
    score: Annotated[float, Field(ge=0, le=100)]
    days: Annotated[int, Field(ge=0)]


class Limit(_Rule):
    """A fact of the row lies below ``low`` or above ``high``."""

    kind: Literal["limit"] = "limit"
    fact: Literal["usage", "csat", "login_gap"]
    low: float | None = None
    high: float | None = None


class Rise(_Rule):
    """The tickets rose by more than this share: as the row says, or against the count before."""

    kind: Literal["rise"] = "rise"
    share: Annotated[float, Field(gt=0)]


class Happened(_Rule):
    """The row says yes to something."""

    kind: Literal["happened"] = "happened"
    fact: Literal["payment_failed", "stakeholder_left"]


Trigger = Annotated[
    Drop | Below | Enters | Renewal | Limit | Rise | Happened, Field(discriminator="kind")
]

TRIGGERS: tuple[Trigger, ...] = (
    Enters(
        key="enters_red",
        name="Dropped to {tier}",
        topic="tier",
        severity="critical",
        tier="red",
        owner="Executive",
        action="Reach out as an executive and agree a retention plan.",
        within_hours=24,
        source="003 Health score triggers (executive outreach within 24 hours)",
    ),
    Below(
        key="below_60",
        name="Score below {score:g}",
        topic="tier",
        severity="high",
        score=60,
        owner="CSM",
        action="Contact the customer and find what is wrong.",
        within_hours=0,
        source="001 Automated triggers (alert CSM immediately)",
    ),
    Enters(
        key="enters_amber",
        name="Dropped to {tier}",
        topic="tier",
        severity="medium",
        tier="amber",
        owner="CSM",
        action="Reach out before the customer does.",
        within_hours=48,
        source="003 Health score triggers (proactive outreach within 48 hours)",
    ),
    Drop(
        key="drop_over_15",
        name="Score fell by more than {points:g} in {days} days",
        topic="drop",
        severity="high",
        points=15,
        days=7,
        more=True,
        owner="CSM and support manager",
        action="Find the cause together and agree who calls.",
        within_hours=24,
        source="003 Health score triggers (alert CS and support manager); deadline ours",
    ),
    Drop(
        key="drop_10",
        name="Score fell by {points:g} or more in {days} days",
        topic="drop",
        severity="medium",
        points=10,
        days=7,
        owner="CSM",
        action="Find the cause and contact the customer.",
        within_hours=48,
        source="001 Automated triggers (alert CSM); deadline ours",
    ),
    Happened(
        key="payment_failed",
        name="Payment failed",
        topic="payment_failed",
        severity="high",
        fact="payment_failed",
        owner="Billing specialist",
        action="Contact the customer and offer a grace period.",
        within_hours=24,
        source="003 Health score triggers (billing specialist, grace period); deadline ours",
    ),
    Happened(
        key="stakeholder_left",
        name="Stakeholder left",
        topic="stakeholder_left",
        severity="high",
        fact="stakeholder_left",
        owner="CSM",
        action="Find the new stakeholder and build the relationship.",
        within_hours=48,
        source="003 Health score triggers; deadline ours",
    ),
    Limit(
        key="csat_below_3",
        name="CSAT below {low:.1f}",
        topic="csat",
        severity="high",
        fact="csat",
        low=3,
        owner="Support manager",
        action="Follow up with the customer at once.",
        within_hours=0,
        source="003 Health score triggers (immediate support manager follow-up)",
    ),
    Renewal(
        key="renewal_below_70",
        name="Score below {score:g}, renewal within {days} days",
        topic="renewal",
        severity="high",
        score=70,
        days=90,
        owner="CS manager",
        action="Go through the renewal with the CSM.",
        within_hours=48,
        source="001 Automated triggers (alert manager); deadline ours",
    ),
    Limit(
        key="usage_below_40",
        name="Usage below {low:g}",
        topic="usage",
        severity="medium",
        fact="usage",
        low=40,
        owner="CSM",
        action="Start the adoption playbook.",
        within_hours=120,
        source="001 Automated triggers (adoption playbook); deadline ours",
    ),
    Rise(
        key="tickets_up_50",
        name="Tickets up by more than {share:.0%}",
        topic="tickets",
        severity="medium",
        share=0.5,
        owner="Support manager",
        action="Investigate the tickets and offer a call.",
        within_hours=48,
        source="003 Health score triggers (investigation, proactive call); owner, deadline ours",
    ),
    Limit(
        key="login_gap_over_14",
        name="No login for more than {high:g} days",
        topic="login",
        severity="medium",
        fact="login_gap",
        high=14,
        owner="CSM",
        action="Start the re-engagement email sequence.",
        within_hours=48,
        source="003 Health score triggers (re-engagement emails); owner, deadline ours",
    ),
)
"""The triggers of 001 and 003, the most pressing first."""
