"""What judgement says of an account: risks and positives with their evidence, actions, goals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scoring.goal import Move
from scoring.renewal import Play, Scenario

__all__ = [
    "HORIZONS",
    "SEVERITIES",
    "Action",
    "Evidence",
    "Horizon",
    "Judgement",
    "MonthGoal",
    "Outlook",
    "Positive",
    "Risk",
    "Severity",
    "StrategyStep",
]

Severity = Literal["High", "Medium", "Low"]
Horizon = Literal["This week", "This month", "Before renewal"]
SEVERITIES: tuple[Severity, ...] = ("High", "Medium", "Low")
HORIZONS: tuple[Horizon, ...] = ("This week", "This month", "Before renewal")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One number or word behind a sentence.

    Attributes:
        key: of the fact or metric.
        text: the value as it is told, ``Seats active 48%``.
        value: raw, in the fact's unit; a word for a state.
        benchmark: what would be healthy, as told; "" where none is known.
        before: the earlier raw value that it is compared with; None where none is.
        since: the first day it is seen at; None where the history does not tell.
    """

    key: str
    text: str
    value: float | str
    benchmark: str = ""
    before: float | str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """What endangers an account.

    Attributes:
        key: of its definition in the library; "" for one that a person typed.
        name: short, ``Usage decline``.
        text: one specific sentence with its evidence.
        severity: High, Medium or Low.
        dimension: key of the model's dimension, "" where it belongs to none.
        evidence: what it rests on; empty for a typed one.
        since: since when; None where not known.
        arr: ARR touched, in the account's currency; NaN where not known.
        mitigation: what is to be done, one sentence.
        play: key of the play in the library; "" where none.
        points: of the score that it costs; 0 where it costs none.
        typed: a person worded it; with a key it says the same as a found one.
        rated: somebody said how severe it is; without, it ranks last.
        said: the severity in a person's own word, where that is none of ours.
    """

    key: str
    name: str
    text: str
    severity: Severity
    dimension: str = ""
    evidence: tuple[Evidence, ...] = ()
    since: date | None = None
    arr: float = math.nan
    mitigation: str = ""
    play: str = ""
    points: float = 0.0
    typed: bool = False
    rated: bool = True
    said: str = ""


@dataclass(frozen=True, slots=True)
class Positive:
    """What speaks for an account; as `Risk`."""

    key: str
    name: str
    text: str
    dimension: str = ""
    evidence: tuple[Evidence, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do for an account.

    Attributes:
        key: stable from refresh to refresh; tells edited actions from new ones.
        horizon: this week, this month or before the renewal.
        text: what to do, one sentence.
        owner: the person of the account's columns, else the role.
        role: whose work it is, ``CSM``.
        due: a working day.
        status: word of the product's list, ``Open``.
        risk: key of the risk it answers; "" where it answers none.
        channel: how, ``email``, ``phone``; "" where it does not matter.
        attempts: times it was tried without response.
        escalated: it is the executive outreach that follows attempts without response.
        origin: "play", "tier", "alert", "escalation" or "typed".
        why: the rule that chose it, a few words.
        last_channel, response: how it was tried last, and what came back, as people typed it.
        notes: what people wrote beside it.
        opened: the day it was listed first. closed: the day it was first seen done or dropped.
        given: fingerprint of what we wrote, by which people's edits are told from ours.
        edited: people changed its text, owner or day.
    """

    key: str
    horizon: Horizon
    text: str
    owner: str
    role: str
    due: date | None
    status: str = "Open"
    risk: str = ""
    channel: str = ""
    attempts: int = 0
    escalated: bool = False
    origin: str = "play"
    why: str = ""
    last_channel: str = ""
    response: str = ""
    notes: str = ""
    opened: date | None = None
    closed: date | None = None
    given: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class MonthGoal:
    """A score to reach in 30 days.

    Attributes:
        start, target: displayed scores.
        by: the day, 30 days on, on a working day.
        moves: metric moves in order of what they give for their effort.
        efforts: days of work of each move.
        reached: displayed score of the account with all moves made, by the engine.
        tier: key of the tier reached.
        actions: what makes each move, one sentence.
        rule: how the target was chosen.
        note: why there is no goal, or no higher one; "" else.
    """

    start: float
    target: float
    by: date
    moves: tuple[Move, ...]
    efforts: tuple[float, ...]
    reached: float
    tier: str
    note: str = ""
    actions: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class StrategyStep:
    """A step of the 90 days before a renewal: what, by when, whose, and why."""

    text: str
    due: date | None
    role: str
    why: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the renewal could bring.

    Attributes:
        scenarios: full renewal, contraction, churn; empty without a score.
        expected: ARR lost on average, NaN where not known.
        play: recommended play and the rule that chose it.
        label: what the probabilities are: the illustration, or a calibration with its date.
    """

    scenarios: Sequence[Scenario]
    expected: float
    play: Play
    label: str


@dataclass(frozen=True)
class Judgement:
    """All that is said of one account.

    Attributes:
        risks: the most severe first. positives: the strongest first.
        actions: overdue first, then by horizon and day.
        goal: None where there is no score.
        strategy: steps of the 90 days before the renewal.
        outlook: what the renewal could bring.
        summary: the account in two to four sentences.
        assessments: dimension key → one or two sentences.
    """

    risks: tuple[Risk, ...]
    positives: tuple[Positive, ...]
    actions: tuple[Action, ...]
    goal: MonthGoal | None
    strategy: tuple[StrategyStep, ...]
    outlook: Outlook
    summary: str
    assessments: Mapping[str, str]
