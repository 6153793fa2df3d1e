"""Conditions of the library: ``usage_change <= -0.15 and days_left <= 90``.

A small language over the facts of an account: comparisons, ``and``, ``or``, ``not``,
``known(fact)``, numbers with ``%``, words in quotes, ``+ - * /``, ``always``. It is parsed by
Python's own grammar, of which only these forms are let through; nothing of it is executed.

A comparison with a missing fact is not fulfilled, and neither is its opposite: ``not (x < 1)``
holds only where x is known. No numpy here; `condition_rows` evaluates.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

__all__ = [
    "Always",
    "Arithmetic",
    "Both",
    "Compare",
    "Condition",
    "ConditionFault",
    "Either",
    "Fact",
    "Known",
    "Not",
    "Number",
    "Rule",
    "Word",
    "parse",
]

DEEPEST = 40
"""Parts nested deeper than this are no rule that a person could read."""


class ConditionFault(ValueError):
    """A condition cannot be read; says at which letter, why, and what to write.

    Attributes:
        position: 1-based letter at which it goes wrong.
    """

    def __init__(self, position: int, text: str) -> None:
        super().__init__(f"letter {position}: {text}")
        self.position = position


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed; 15% is 0.15."""

    value: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a state, compared without case."""

    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values added, subtracted, multiplied or divided; by zero gives a missing one."""

    sign: Literal["+", "-", "*", "/"]
    left: Value
    right: Value


Value = Number | Word | Fact | Arithmetic


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    sign: Literal["<", "<=", ">", ">=", "==", "!="]
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a fact is there."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Always:
    """Holds for every account."""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite, where it is known."""

    part: Rule


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least holds."""

    parts: tuple[Rule, ...]


Rule = Compare | Known | Always | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition.

    Attributes:
        text: as written.
        rule: what it says.
        facts: keys of the facts that it names, in order of appearance.
    """

    text: str
    rule: Rule
    facts: tuple[str, ...]


@cache
def parse(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionFault: where it goes wrong, why, and what to write instead.
    """
    source = _plain(text)
    if not source.strip():
        raise ConditionFault(1, "it is empty. Write a condition such as csat < 3.0")
    try:
        tree = ast.parse(source, mode="eval")
    except SyntaxError as error:
        at = max(1, error.offset or 1)
        raise ConditionFault(at, f'"{source[at - 1 : at + 11]}" cannot be read. {_HINT}') from None
    except (ValueError, RecursionError, MemoryError):
        raise ConditionFault(1, f"it cannot be read. {_HINT}") from None
    rule = _Reader(source).rule(tree.body, 0)
    return Condition(text, rule, tuple(dict.fromkeys(_facts(rule))))


_HINT = "Write comparisons with and, or, not, such as csat < 3.0 and days_left <= 90"
_SIGNS: dict[type[ast.cmpop], Literal["<", "<=", ">", ">=", "==", "!="]] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_MATHS: dict[type[ast.operator], Literal["+", "-", "*", "/"]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip
_PARTS = re.compile(r"\(([\d.]+)/100\)")
"""What a per cent was made into, to be shown as it was typed."""
_PERCENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?|\.\d+)%")
_LONE = re.compile(r"(?<![<>=!])=(?!=)")
_TYPED = str.maketrans({"−": "-", "≤": "<", "≥": ">", "“": '"', "”": '"', "‘": "'", "’": "'"})


def _plain(text: str) -> str:
    """What people type in a sheet as Python reads it: 15% as a number, ≤, curly quotes, one =.

    Letters keep their places where that can be, so that a fault is told at the right one.
    """
    source = re.sub(r"≤=?", "<=", re.sub(r"≥=?", ">=", text)).translate(_TYPED)
    source = re.sub(r"\b(AND|OR|NOT)\b", lambda m: m[0].lower(), source)
    source = _PERCENT.sub(lambda m: f"({m[1]}/100)", source)
    return _LONE.sub("==", source).replace("\n", " ").strip()


class _Reader:
    """Walks Python's tree and lets the few known forms through."""

    def __init__(self, source: str) -> None:
        self.source = source

    def rule(self, node: ast.expr, depth: int) -> Rule:
        self._not_too_deep(node, depth)
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return Both(tuple(self.rule(v, depth + 1) for v in values))
            case ast.BoolOp(values=values):
                return Either(tuple(self.rule(v, depth + 1) for v in values))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Not(self.rule(part, depth + 1))
            case ast.Compare():
                return self._compare(node, depth)
            case ast.Call(func=ast.Name(id="known"), args=[ast.Name(id=key)], keywords=[]):
                return Known(Fact(key))
            case ast.Name(id="always"):
                return Always()
            case ast.Name(id=key):
                text = f'"{key}" is compared with nothing. Write {key} > 0 or known({key})'
                raise self._fault(node, text)
        raise self._fault(node, f'"{self._text(node)}" is no condition. {_HINT}')

    def _compare(self, node: ast.Compare, depth: int) -> Rule:
        if any(type(op) not in _SIGNS for op in node.ops):
            raise self._fault(node, "only <, <=, >, >=, == and != compare. Use one of them")
        values = [self.value(v, depth + 1) for v in (node.left, *node.comparators)]
        parts: list[Rule] = []
        for k, op in enumerate(node.ops):
            sign = _SIGNS[type(op)]
            if sign not in ("==", "!=") and any(isinstance(v, Word) for v in values[k : k + 2]):
                raise self._fault(node, "a word has no size. Compare words with == or !=")
            parts.append(Compare(sign, values[k], values[k + 1]))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def value(self, node: ast.expr, depth: int) -> Value:
        self._not_too_deep(node, depth)
        match node:
            case ast.Constant(value=bool()):
                raise self._fault(node, 'yes and no are words. Write "Yes" or "No"')
            case ast.Constant(value=int() | float() as number):
                if abs(number) > 1e15:
                    raise self._fault(node, "the number is too large. Write a smaller one")
                return Number(float(number))
            case ast.Constant(value=str(word)):
                return Word(word.strip().casefold())
            case ast.Name(id=key):
                return Fact(key)
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return self._negative(part, depth)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _MATHS:
                a, b = self.value(left, depth + 1), self.value(right, depth + 1)
                if isinstance(a, Word) or isinstance(b, Word):
                    raise self._fault(node, "a word cannot be calculated with. Use numbers")
                if isinstance(a, Number) and b == Number(100.0) and isinstance(op, ast.Div):
                    return Number(a.value / 100.0)
                return Arithmetic(_MATHS[type(op)], a, b)
        raise self._fault(node, f'"{self._text(node)}" is no value. Write a number, fact or "word"')

    def _negative(self, part: ast.expr, depth: int) -> Value:
        inner = self.value(part, depth + 1)
        if isinstance(inner, Word):
            raise self._fault(part, "a word cannot be calculated with. Use numbers")
        if isinstance(inner, Number):
            return Number(-inner.value)
        return Arithmetic("-", Number(0.0), inner)

    def _not_too_deep(self, node: ast.expr, depth: int) -> None:
        if depth > DEEPEST:
            raise self._fault(node, "it is nested too deeply. Split it into two risks")

    def _text(self, node: ast.expr) -> str:
        shown = ast.get_source_segment(self.source, node) or ""
        return _PARTS.sub(r"\1%", shown)[:40]

    def _fault(self, node: ast.expr, text: str) -> ConditionFault:
        # Python counts bytes; before a fault stand plain letters, as a rule.
        return ConditionFault(node.col_offset + 1, text)


def _facts(part: Rule | Value) -> Iterator[str]:
    match part:
        case Fact(key):
            yield key
        case Known(fact):
            yield fact.key
        case Compare(_, left, right) | Arithmetic(_, left, right):
            yield from _facts(left)
            yield from _facts(right)
        case Not(inner):
            yield from _facts(inner)
        case Both(parts) | Either(parts):
            for inner in parts:
                yield from _facts(inner)
