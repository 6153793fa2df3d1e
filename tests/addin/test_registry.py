"""The registry holds what every host and page needs, within every host's limits."""

from __future__ import annotations

import inspect
import re
from typing import get_args

import pytest

from addin.registry import FUNCTIONS, ArgumentKind, Function, function_table_markdown
from tests.modules import ROOT

each = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)


def test_names_are_unique() -> None:
    """No function stands twice."""
    assert len({f.name for f in FUNCTIONS}) == len(FUNCTIONS)


@each
def test_limits_of_hosts(function: Function) -> None:
    """Names and help texts fit the strictest host."""
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", function.name)
    assert 3 <= len(function.name) <= 64
    for text in (function.help, *(a.help for a in function.arguments)):
        assert 10 <= len(text) <= 128
        assert text.endswith(".")
    assert function.category


@each
def test_arguments_match_the_implementation(function: Function) -> None:
    """Names, order and optionality are those of the Python function."""
    parameters = inspect.signature(function.run).parameters.values()
    assert [a.name for a in function.arguments] == [p.name for p in parameters]
    assert [a.optional for a in function.arguments] == [p.default is None for p in parameters]
    optional = [a.optional for a in function.arguments]
    assert optional == sorted(optional)
    assert {a.kind for a in function.arguments} <= set(get_args(ArgumentKind))
    assert inspect.getdoc(function.run)


def _arguments(text: str) -> list[str]:
    """Arguments of a call: commas inside brackets and texts do not part them."""
    plain = re.sub(r'"[^"]*"', "x", text)
    while "(" in plain:
        plain = re.sub(r"\([^()]*\)", "", plain)
    return plain.split(",") if plain else []


@each
def test_examples(function: Function) -> None:
    """There are examples, each a call of the function with as many arguments as it takes."""
    assert function.examples
    for example in function.examples:
        called = re.fullmatch(rf"={function.name}\((.*)\)", example)
        assert called
        given = len(_arguments(called[1]))
        needed = sum(not a.optional for a in function.arguments)
        assert needed <= given <= len(function.arguments)


def test_signature() -> None:
    """Optional arguments stand in brackets."""
    assert FUNCTIONS[1].signature == "HEALTH_TIER(score, [model])"


def test_function_table() -> None:
    """The table has one line a function, under its head."""
    lines = function_table_markdown().splitlines()
    assert len(lines) == 2 + len(FUNCTIONS)
    assert {line.count("|") for line in lines} == {4}


def test_readme_holds_the_table() -> None:
    """The table between the README's markers is the registry's."""
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md")
    text = readme.read_text(encoding="utf-8")
    found = re.search(r"<!-- functions:begin -->\n(.*?)<!-- functions:end -->", text, re.DOTALL)
    assert found, "README.md lacks the markers functions:begin and functions:end"
    assert found[1].strip() == function_table_markdown().strip()
