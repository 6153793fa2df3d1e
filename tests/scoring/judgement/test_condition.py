"""Conditions: what they mean, with gaps, against plain Python; and what a faulty one is told."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from scoring.judgement.condition import Both, Compare, ConditionFault, Fact, Number, Word, parse
from scoring.judgement.condition_rows import compared, holds


def rows(text: str, **facts: list[Any]) -> list[bool]:
    """Where a condition holds."""
    columns = {
        key: np.array(values, dtype=object if isinstance(values[0], str) else float)
        for key, values in facts.items()
    }
    n = len(next(iter(facts.values())))
    return [bool(x) for x in holds(parse(text), columns.get, n)]


@pytest.mark.parametrize(
    ("text", "sign", "limit"),
    [
        ("x <= -15%", "<=", -0.15),
        ("x ≤ −0.15", "<=", -0.15),
        ("x>=15 %".replace(" %", "%"), ">=", 0.15),
        ("x = 3", "==", 3.0),
        ("x < .5%", "<", 0.005),
    ],
)
def test_what_people_type_is_read(text: str, sign: str, limit: float) -> None:
    """Per cents, true minus, ≤ and a single = mean what they look like."""
    rule = parse(text).rule
    assert isinstance(rule, Compare)
    assert (rule.sign, rule.left) == (sign, Fact("x"))
    assert isinstance(rule.right, Number)
    assert rule.right.value == pytest.approx(limit, abs=1e-15)


def test_words_have_no_case_and_curly_quotes_count() -> None:
    """A sheet turns quotes into curly ones."""
    assert parse("sponsor = “Vacant”").rule == Compare("==", Fact("sponsor"), Word("vacant"))
    assert rows('sponsor == "VACANT"', sponsor=["vacant", "active", ""]) == [True, False, False]


def test_a_range_is_two_comparisons() -> None:
    """0 <= days <= 90 holds between both ends."""
    assert isinstance(parse("0 <= days <= 90").rule, Both)
    assert rows("0 <= days <= 90", days=[-1.0, 0.0, 90.0, 91.0]) == [False, True, True, False]


def test_missing_fulfils_nothing_not_even_the_opposite() -> None:
    """A fact that nobody knows makes no risk."""
    gap = math.nan
    assert rows("x < 1", x=[0.0, 2.0, gap]) == [True, False, False]
    assert rows("not (x < 1)", x=[0.0, 2.0, gap]) == [False, True, False]
    assert rows("not (x < 1 and y < 1)", x=[gap, gap], y=[2.0, 0.0]) == [True, False]
    assert rows("x < 1 or y < 1", x=[gap, gap], y=[0.0, 2.0]) == [True, False]
    assert rows("not known(x)", x=[gap, 0.0]) == [True, False]
    assert rows("unheard_of < 1 or x == 0", x=[0.0, 1.0]) == [True, False]
    assert rows("x / y > 0", x=[1.0, 1.0], y=[0.0, 2.0]) == [False, True]
    assert rows("always", x=[gap, 1.0]) == [True, True]


def test_a_word_is_no_number() -> None:
    """Comparing a state with a number, or a number with a word, holds nowhere."""
    assert rows("x == 3", x=["3", "active"]) == [False, False]
    assert rows('x == "3"', x=[3.0, 4.0]) == [False, False]
    assert rows('x != "3"', x=[3.0, 4.0]) == [False, False]


def test_a_threshold_is_meant_as_typed() -> None:
    """0.3 that a division made is not below 0.3."""
    assert rows("x < 30%", x=[0.1 * 3, 0.3, 0.2999]) == [False, False, True]
    assert compared(np.array([0.1 * 3]), "<=", 0.3).tolist() == [True]


_SIGNS = ("<", "<=", ">", ">=", "==", "!=")


def _random(dice: random.Random, depth: int) -> str:
    if depth == 0 or dice.random() < 0.3:
        fact = dice.choice("abc")
        if dice.random() < 0.15:
            return f"known({fact})"
        return f"{fact} {dice.choice(_SIGNS)} {dice.choice(['1', 'b', '2 - c', '-1'])}"
    kind = dice.choice(("and", "or", "not"))
    if kind == "not":
        return f"not ({_random(dice, depth - 1)})"
    return f"({_random(dice, depth - 1)}) {kind} ({_random(dice, depth - 1)})"


class _Maybe:
    """Three-valued logic in plain Python, as an oracle."""

    def __init__(self, facts: dict[str, float | None]) -> None:
        self.facts = facts

    def of(self, text: str) -> bool | None:
        import ast

        return self._rule(ast.parse(text, mode="eval").body)

    def _rule(self, node: Any) -> bool | None:
        import ast

        if isinstance(node, ast.Call):
            return self.facts[node.args[0].id] is not None  # type: ignore[attr-defined]
        if isinstance(node, ast.UnaryOp):
            inner = self._rule(node.operand)
            return None if inner is None else not inner
        if isinstance(node, ast.BoolOp):
            found = [self._rule(v) for v in node.values]
            wins = isinstance(node.op, ast.Or)
            if wins in found:
                return wins
            return None if None in found else not wins
        left, right = self._value(node.left), self._value(node.comparators[0])
        if left is None or right is None:
            return None
        return bool(eval(f"{left!r} {_SIGNS[_index(node.ops[0])]} {right!r}"))

    def _value(self, node: Any) -> float | None:
        import ast

        if isinstance(node, ast.Constant):
            return float(node.value)  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            return self.facts[node.id]
        if isinstance(node, ast.UnaryOp):
            inner = self._value(node.operand)
            return None if inner is None else -inner
        left, right = self._value(node.left), self._value(node.right)
        return None if left is None or right is None else left - right


def _index(op: Any) -> int:
    return ("Lt", "LtE", "Gt", "GtE", "Eq", "NotEq").index(type(op).__name__)


def test_random_conditions_agree_with_plain_python() -> None:
    """Whole columns give what three-valued logic gives row by row."""
    dice = random.Random(5)
    table = [{k: dice.choice((None, -1.0, 0.0, 1.0, 2.0)) for k in "abc"} for _ in range(60)]
    columns = {k: [math.nan if r[k] is None else r[k] for r in table] for k in "abc"}
    for _ in range(150):
        text = _random(dice, 3)
        assert rows(text, **columns) == [_Maybe(r).of(text) is True for r in table], text


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 1, "it is empty"),
        ("csat <", 1, "cannot be read"),
        ("csat", 1, "Write csat > 0 or known(csat)"),
        ("usage_change < -15% and csat", 32, "compared with nothing"),
        ('sponsor < "vacant"', 1, "a word has no size"),
        ("__import__('os').system('x') == 1", 1, "is no value"),
        ("[x for x in y] == 1", 1, "is no value"),
        ("csat is None", 1, "only <"),
        ("csat == True", 9, "yes and no are words"),
        ("(lambda: 1)() < 2", 1, "is no value"),
        ("x < 1e30", 5, "too large"),
        ("x << 10%", 1, '"x << 10%" is no condition'),
    ],
)
def test_a_faulty_condition_says_where_and_what_to_write(
    text: str, position: int, says: str
) -> None:
    """Nothing but the small language gets through."""
    with pytest.raises(ConditionFault) as caught:
        parse(text)
    assert says in str(caught.value)
    if "%" not in text:
        assert caught.value.position == position


def test_deep_nesting_is_refused() -> None:
    """A condition that no person could read does not stop the program either."""
    for depth in (60, 20_000):
        with pytest.raises(ConditionFault):
            parse("not (" * depth + "x < 1" + ")" * depth)
