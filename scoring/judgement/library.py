"""The library of judgement: what is a risk, what speaks for an account, and which play answers.

Data, not code: RevOps edits conditions, wording, severity and plays in TOML or on a sheet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from scoring.judgement.condition import parse
from scoring.judgement.records import Horizon, Severity
from scoring.judgement.wording import check_wording
from scoring.model import Frozen, Key, Name, Source

if TYPE_CHECKING:
    from scoring.judgement.condition import Condition

__all__ = [
    "TOPICS",
    "Library",
    "Play",
    "PlayStep",
    "PositiveDefinition",
    "RiskDefinition",
    "load_library",
]

TOPICS = ("usage", "engagement", "outcomes", "sentiment", "support", "commercial", "data")
"""What a definition is about; `risk_dimension.DIMENSIONS` says which dimension that is."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Rule = Annotated[str, StringConstraints(max_length=400, strip_whitespace=True)]


def _condition(text: str) -> str:
    if text:
        parse(text)
    return text


class _Definition(Frozen):
    """What risks and positives have in common.

    Attributes:
        key: stable name.
        name: what people read, two to four words.
        condition: of `condition`, over the facts of `facts`.
        text: one specific sentence with ``{fact}`` places, see `wording`.
        evidence: facts it rests on, the leading one first.
        topic: one of `TOPICS`.
        source: document and place, or ``ours``.
    """

    key: Key
    name: Annotated[Name, StringConstraints(max_length=40)]
    condition: Annotated[Rule, StringConstraints(min_length=1)]
    text: Text
    evidence: tuple[Key, ...] = ()
    topic: str
    source: Annotated[Source, StringConstraints(min_length=1)]

    @field_validator("condition")
    @classmethod
    def _parses(cls, text: str) -> str:
        return _condition(text)

    @field_validator("text")
    @classmethod
    def _speaks(cls, text: str) -> str:
        check_wording(text)
        return text

    @field_validator("topic")
    @classmethod
    def _is_topic(cls, word: str) -> str:
        if word not in TOPICS:
            raise ValueError(f'"{word}" is no topic; known: {", ".join(TOPICS)}')
        return word

    @property
    def rule(self) -> Condition:
        """The condition, parsed."""
        return parse(self.condition)


class RiskDefinition(_Definition):
    """A risk: when it holds, how it is told, how severe it is, what answers it.

    Attributes:
        high, medium: conditions under which it is so severe; ``always`` for every time, blank
            for never. Where neither holds the risk is low.
        mitigation: one sentence with ``{fact}`` places.
        play: key of a play, "" where none answers.
        covers: keys of risks that say less of the same; they are left out beside this one.
        said_as: further words by which people call it; a typed risk with all words of one of them
            says the same.
    """

    high: Rule = ""
    medium: Rule = ""
    mitigation: Text
    play: Key | Annotated[str, StringConstraints(max_length=0)] = ""
    covers: tuple[Key, ...] = ()
    said_as: tuple[Short, ...] = ()

    @field_validator("high", "medium")
    @classmethod
    def _severity_parses(cls, text: str) -> str:
        return _condition(text)

    @field_validator("mitigation")
    @classmethod
    def _mitigation_speaks(cls, text: str) -> str:
        check_wording(text)
        return text

    @property
    def severities(self) -> tuple[tuple[Severity, str], ...]:
        """Severity and the condition for it, the most severe first; low has none."""
        return (("High", self.high), ("Medium", self.medium))


class PositiveDefinition(_Definition):
    """What speaks for an account: when it holds and how it is told."""


class PlayStep(Frozen):
    """A step of a play.

    Attributes:
        key: stable within the play; with the play's key it names the action.
        text: what to do, one imperative; ``{fact}`` places as in a risk's wording.
        role: whose work it is, ``CSM``, ``Support manager``.
        horizon: this week, this month or before the renewal.
        within_hours: 24 are one working day; 0 takes the end of the horizon.
        channel: ``email``, ``phone``, ``in-app``, ``meeting``; "" where it does not matter.
        effort_days: days of work it takes.
        lifts: metrics or facts that it moves.
    """

    key: Key
    text: Text
    role: Short
    horizon: Horizon
    within_hours: Annotated[int, Field(ge=0)] = 0
    channel: Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)] = ""
    effort_days: Annotated[float, Field(ge=0, le=60)] = 1.0
    lifts: tuple[Key, ...] = ()

    @field_validator("text")
    @classmethod
    def _speaks(cls, text: str) -> str:
        check_wording(text)
        return text


class Play(Frozen):
    """Steps that answer a risk, in order."""

    key: Key
    name: Annotated[Name, StringConstraints(max_length=40)]
    steps: Annotated[tuple[PlayStep, ...], Field(min_length=1, max_length=12)]
    source: Annotated[Source, StringConstraints(min_length=1)]

    @model_validator(mode="after")
    def _steps_differ(self) -> Self:
        _distinct((s.key for s in self.steps), f"steps of {self.key}")
        return self


class Library(Frozen):
    """All definitions, in the order in which they stand in the file or on the sheet."""

    risks: tuple[RiskDefinition, ...] = ()
    positives: tuple[PositiveDefinition, ...] = ()
    plays: tuple[Play, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _distinct((r.key for r in self.risks), "risks")
        _distinct((p.key for p in self.positives), "positives")
        _distinct((p.key for p in self.plays), "plays")
        plays, risks = {p.key for p in self.plays}, {r.key for r in self.risks}
        for risk in self.risks:
            if risk.play and risk.play not in plays:
                raise ValueError(f"risk {risk.key}: there is no play {risk.play}")
            if lost := sorted(set(risk.covers) - risks):
                raise ValueError(f"risk {risk.key}: it covers {lost[0]}, which is no risk")
            for other in self.risks:
                # Both would be left out for the other's sake.
                if other.key in risk.covers and risk.key in other.covers:
                    raise ValueError(f"risks {risk.key} and {other.key} cover each other")
        return self

    @cached_property
    def _risks(self) -> dict[str, RiskDefinition]:
        return {r.key: r for r in self.risks}

    @cached_property
    def _positives(self) -> dict[str, PositiveDefinition]:
        return {p.key: p for p in self.positives}

    @cached_property
    def _plays(self) -> dict[str, Play]:
        return {p.key: p for p in self.plays}

    def risk(self, key: str) -> RiskDefinition | None:
        """The risk of that key; None where there is none."""
        return self._risks.get(key)

    def positive(self, key: str) -> PositiveDefinition | None:
        """The positive of that key; None where there is none."""
        return self._positives.get(key)

    def play(self, key: str) -> Play | None:
        """The play of that key; None where there is none."""
        return self._plays.get(key)


def _distinct(keys: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f'{what}: the key "{key}" stands twice')
        seen.add(key)


@cache
def load_library() -> Library:
    """The library that ships; the same object every time."""
    text = files("scoring").joinpath("judgement", "library.toml").read_text(encoding="utf-8")
    return Library.model_validate(tomllib.loads(text))
