"""Evaluates conditions of the library for n accounts at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.judgement.condition import (
    Always,
    Arithmetic,
    Both,
    Compare,
    Condition,
    Either,
    Fact,
    Known,
    Not,
    Number,
    Rule,
    Value,
    Word,
)

__all__ = ["Lookup", "Truths", "compared", "holds", "is_known"]

Truths = NDArray[np.bool_]
Lookup = Callable[[str], NDArray[Any] | None]
"""Fact → (n,) floats with NaN where missing, or words in small letters with "" where missing."""

CLOSE = 1e-9
"""Thresholds are meant as typed: 0.15 is not below 0.15 by the last bit of a division."""


def holds(condition: Condition, facts: Lookup, n: int) -> Truths:
    """Where a condition is fulfilled, (n,).

    A comparison with a missing fact is neither fulfilled nor unfulfilled, so ``not`` of it is not
    fulfilled either.
    """
    true: Truths = _Rows(facts, n).rule(condition.rule)[0]
    return true


def is_known(values: NDArray[Any]) -> Truths:
    """Where a fact is there: no NaN, no empty word."""
    if values.dtype == object:
        return np.asarray(values != "", dtype=bool)
    return np.asarray(~np.isnan(values), dtype=bool)


def compared(values: NDArray[Any], sign: str, limit: float | str) -> Truths:
    """Where values are there and stand so to a limit, (n,)."""
    facts: Mapping[str, NDArray[Any]] = {"x": values}
    right: Value = Word(limit) if isinstance(limit, str) else Number(limit)
    rule = Compare(sign, Fact("x"), right)  # type: ignore[arg-type]
    true: Truths = _Rows(facts.get, len(values)).rule(rule)[0]
    return true


class _Rows:
    """One condition over n rows: each part gives where it is true and where it is known."""

    def __init__(self, facts: Lookup, n: int) -> None:
        self.facts = facts
        self.n = n

    def rule(self, part: Rule) -> tuple[Truths, Truths]:
        match part:
            case Always():
                return np.ones(self.n, bool), np.ones(self.n, bool)
            case Known(fact):
                return is_known(self.value(fact)), np.ones(self.n, bool)
            case Not(inner):
                true, known = self.rule(inner)
                return known & ~true, known
            case Both(parts):
                found = [self.rule(p) for p in parts]
                true = np.logical_and.reduce([t for t, _ in found])
                false = np.logical_or.reduce([k & ~t for t, k in found])
                return true, true | false
            case Either(parts):
                found = [self.rule(p) for p in parts]
                true = np.logical_or.reduce([t for t, _ in found])
                false = np.logical_and.reduce([k & ~t for t, k in found])
                return true, true | false
            case Compare():
                return self._compare(part)

    def _compare(self, part: Compare) -> tuple[Truths, Truths]:
        left, right = self.value(part.left), self.value(part.right)
        if (left.dtype == object) != (right.dtype == object):
            # A word is no number: nobody can say whether it is larger, or another.
            return np.zeros(self.n, bool), np.zeros(self.n, bool)
        known = is_known(left) & is_known(right)
        if left.dtype == object:
            same = np.asarray(left == right, dtype=bool)
            return known & (same if part.sign == "==" else ~same), known
        with np.errstate(invalid="ignore"):
            gap = left - right
            true = _SIGNS[part.sign](gap)
        return known & true, known

    def value(self, part: Value) -> NDArray[Any]:
        match part:
            case Number(number):
                return np.broadcast_to(np.float64(number), self.n)
            case Word(word):
                return np.full(self.n, word, dtype=object)
            case Fact(key):
                found = self.facts(key)
                return np.full(self.n, np.nan) if found is None else found
            case Arithmetic(sign, left, right):
                a, b = self.value(left), self.value(right)
                if a.dtype == object or b.dtype == object:
                    return np.full(self.n, np.nan)
                return _calculated(sign, a, b)


_SIGNS: Mapping[str, Callable[[NDArray[Any]], Truths]] = {
    "<": lambda gap: gap < -CLOSE,
    "<=": lambda gap: gap <= CLOSE,
    ">": lambda gap: gap > CLOSE,
    ">=": lambda gap: gap >= -CLOSE,
    "==": lambda gap: np.abs(gap) <= CLOSE,
    "!=": lambda gap: np.abs(gap) > CLOSE,
}


def _calculated(sign: str, a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    with np.errstate(all="ignore"):
        match sign:
            case "+":
                found = a + b
            case "-":
                found = a - b
            case "*":
                found = a * b
            case _:
                found = a / b
    return np.where(np.isfinite(found), found, np.nan)
