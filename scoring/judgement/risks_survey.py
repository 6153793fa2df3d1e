"""What the library finds in n accounts, as columns: which definition holds where, how severe.

Sentences are made for single rows only, when they are asked for: of 100,000 accounts a sheet
shows some thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.judgement.condition import Both, Compare, Condition, Fact, Number, Rule, Word, parse
from scoring.judgement.condition_rows import Truths, compared, holds, is_known
from scoring.judgement.facts import FactTable
from scoring.judgement.facts_column import Days, no_days
from scoring.judgement.facts_told import evidence_of, tell
from scoring.judgement.library import Library, PositiveDefinition, RiskDefinition
from scoring.judgement.phrases import day_words
from scoring.judgement.records import SEVERITIES, Evidence, Positive, Risk
from scoring.judgement.risk_dimension import dimension_of
from scoring.judgement.wording import speak
from scoring.prepare import Floats

__all__ = ["NONE", "Survey"]

NONE = -1
"""Code of no risk; else the place in `SEVERITIES`."""

Definition = RiskDefinition | PositiveDefinition


class Survey:
    """Risks and positives of n accounts by a library.

    Args:
        facts: of these accounts.
        library: definitions; those that no fact of the accounts can fulfil cost nothing.
    """

    def __init__(self, facts: FactTable, library: Library) -> None:
        self.facts = facts
        self.library = library
        self.n = facts.n
        self._since: dict[str, Days] = {}

    @cached_property
    def severity(self) -> NDArray[np.int8]:
        """(n, r) place in `SEVERITIES` of each risk of the library, `NONE` where it is none."""
        risks = self.library.risks
        out = np.full((self.n, len(risks)), NONE, dtype=np.int8)
        found = [self._holds(r.condition) for r in risks]
        for column, (risk, where) in enumerate(zip(risks, found, strict=True)):
            kept = where.copy()
            for other in self._instead(column):
                kept &= ~found[other]
            if kept.any():
                out[kept, column] = self._severity_of(risk)[kept]
        return out

    def _holds(self, condition: str) -> Truths:
        return holds(parse(condition), self.facts.values, self.n)

    def _severity_of(self, risk: RiskDefinition) -> NDArray[np.int8]:
        points = self.points(risk)

        def values(key: str) -> NDArray[Any] | None:
            return points if key == "points" else self.facts.values(key)

        out = np.full(self.n, len(SEVERITIES) - 1, dtype=np.int8)
        # The milder first: the most severe that holds has the last word.
        for severity, text in reversed(risk.severities):
            if text:
                out[holds(parse(text), values, self.n)] = SEVERITIES.index(severity)
        return out

    def _instead(self, column: int) -> list[int]:
        """Risks that say the same and more: those that cover it, or lead with the same fact."""
        risks = self.library.risks
        risk = risks[column]
        lead = self.lead(risk)
        out = [k for k, other in enumerate(risks) if risk.key in other.covers]
        for k, other in enumerate(risks):
            if k == column or other.key in risk.covers or other.topic != risk.topic:
                continue
            same = self._behind(self.lead(other)) == self._behind(lead) != ""
            if same and _order(other, k) < _order(risk, column):
                out.append(k)
        return out

    def lead(self, definition: Definition) -> str:
        """The first fact of its evidence that the accounts can have at all; "" for none."""
        known = (k for k in definition.evidence if self.facts.column(k) is not None)
        return next(known, "")

    def _behind(self, fact: str) -> str:
        """The metric behind a fact, else the fact itself."""
        column = self.facts.column(fact) if fact else None
        return fact if column is None or column.metric is None else column.metric.key

    def points(self, risk: RiskDefinition) -> Floats:
        """Points of the score that the metrics behind a risk's evidence lose, (n,)."""
        return self.facts.once(f"points {risk.key}", lambda: self._find_points(risk))

    def _find_points(self, risk: RiskDefinition) -> Floats:
        lost = self.facts.once("lost", lambda: self.facts.now.lost)
        keys = []
        for fact in risk.evidence:
            column = self.facts.column(fact)
            if column is not None and column.metric is not None and column.metric.key in lost:
                keys.append(column.metric.key)
        total = np.zeros(self.n)
        for key in dict.fromkeys(keys):
            total += np.nan_to_num(lost[key].to_numpy(float))
        return total

    @cached_property
    def arr(self) -> Floats:
        """ARR of each account in its currency, (n,); NaN where not known."""
        return self.facts.numbers("arr")

    # Since when

    def since(self, definition: Definition) -> Days:
        """The first day from which a definition has held without a break, (n,).

        Told by the leading fact: by its own day, or by walking back through the snapshots as long
        as it stays on the same side of the condition. NaT where no snapshot tells.
        """
        if definition.key not in self._since:
            self._since[definition.key] = self._find_since(definition)
        return self._since[definition.key]

    def _find_since(self, definition: Definition) -> Days:
        out = no_days(self.n)
        lead = self.lead(definition)
        column = self.facts.column(lead)
        if column is None:
            return out
        if column.since is not None:
            return column.since.astype("datetime64[D]")
        limits = _limits(parse(definition.condition), lead)
        if column.past is None or not self.facts.timeline.past:
            return out
        going = is_known(column.values)
        out[going] = np.datetime64(self.facts.as_of, "D")
        for number in range(len(self.facts.timeline.past) - 1, -1, -1):
            raw = self.facts.snapshot(number, column.past.key)
            then = column.past.value(raw)
            if limits:
                held = np.logical_and.reduce([compared(then, s, x) for s, x in limits])
            else:
                held = then == column.values
            down = going & held
            out[down] = np.datetime64(self.facts.timeline.past[number].as_of, "D")
            going &= down | ~is_known(then)
        return out

    # One account

    def risks(self, row: int) -> tuple[Risk, ...]:
        """Risks of an account: the most severe first, then what costs most, then as listed."""
        codes = self.severity[row]
        found = [self.risk(row, k) for k in np.flatnonzero(codes != NONE).tolist()]
        return tuple(sorted(found, key=lambda r: (SEVERITIES.index(r.severity), -r.points)))

    def risk(self, row: int, column: int) -> Risk:
        """One risk of an account that `severity` marks."""
        definition = self.library.risks[column]
        since = self._day(definition, row)
        return Risk(
            key=definition.key,
            name=definition.name,
            text=self._speak(definition.text, row, definition),
            severity=SEVERITIES[int(self.severity[row, column])],
            dimension=self.dimension(definition),
            evidence=self._evidence(definition, row, since),
            since=since,
            arr=float(self.arr[row]),
            mitigation=self._speak(definition.mitigation, row, definition),
            play=definition.play,
            points=float(self.points(definition)[row]),
        )

    def positives(self, row: int) -> tuple[Positive, ...]:
        """What speaks for an account, as listed."""
        out = []
        for k in np.flatnonzero(self._positive[row]).tolist():
            definition = self.library.positives[k]
            since = self._day(definition, row)
            out.append(
                Positive(
                    key=definition.key,
                    name=definition.name,
                    text=self._speak(definition.text, row, definition),
                    dimension=self.dimension(definition),
                    evidence=self._evidence(definition, row, since),
                    since=since,
                )
            )
        return tuple(out)

    @cached_property
    def _positive(self) -> Truths:
        found = [self._holds(p.condition) for p in self.library.positives]
        return np.column_stack(found) if found else np.zeros((self.n, 0), bool)

    def dimension(self, definition: Definition) -> str:
        """Key of the model's dimension that a definition belongs to; "" for none."""
        name = f"dimension {type(definition).__name__} {definition.key}"
        return self.facts.once(name, lambda: dimension_of(definition, self.facts))

    def _day(self, definition: Definition, row: int) -> date | None:
        column = self.facts.column(self.lead(definition))
        if column is not None and column.noted is not None and (noted := column.noted(row)):
            return noted
        day = self.since(definition)[row]
        return None if np.isnat(day) else day.astype(object)

    def _evidence(
        self, definition: Definition, row: int, since: date | None
    ) -> tuple[Evidence, ...]:
        out, lead = [], self.lead(definition)
        for key in definition.evidence:
            found = evidence_of(self.facts, row, key, since if key == lead else None)
            if found is not None:
                out.append(found)
        return tuple(out)

    def _speak(self, text: str, row: int, definition: Definition) -> str:
        lead = self.lead(definition)

        def say(fact: str, part: str) -> str:
            if part == "since" and fact == lead:
                day = self._day(definition, row)
                # "Since today" would only say that the history is silent.
                recent = day is None or day >= self.facts.as_of - timedelta(days=1)
                return "" if recent else day_words(day) if day else ""
            return tell(self.facts, row, fact, part)

        # A wording may have nothing but parts that are left out.
        return speak(text, say) or definition.name


def _order(risk: RiskDefinition, place: int) -> tuple[int, int]:
    """The more facts a condition names the more specific it is; of equals the one listed first."""
    return (-len(parse(risk.condition).facts), place)


def _limits(condition: Condition, lead: str) -> Sequence[tuple[str, float | str]]:
    """Comparisons of the leading fact with a number or word that must all hold."""
    parts: Sequence[Rule] = (
        condition.rule.parts if isinstance(condition.rule, Both) else (condition.rule,)
    )
    out: list[tuple[str, float | str]] = []
    for part in parts:
        match part:
            case Compare(sign, Fact(key), Number(limit)) if key == lead:
                out.append((sign, limit))
            case Compare(sign, Fact(key), Word(word)) if key == lead:
                out.append((sign, word))
    return out
