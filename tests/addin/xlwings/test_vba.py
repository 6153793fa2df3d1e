"""The VBA text that is made from the registry."""

from __future__ import annotations

import re

import pytest

from addin.hosts.xlwings.vba import FUNCTIONS_MODULE, identifier, modules
from addin.registry import FUNCTIONS, Function

SOURCES = modules("1.2.3")


def _function(name: str) -> str:
    found = re.search(
        rf"(?ms)^Public Function {name}\(.*?^End Function", SOURCES["HealthFunctions"]
    )
    assert found
    return found[0].replace("\r\n", "\n")


def test_a_function() -> None:
    """One function of the sheet: arguments as values, the answer from Python."""
    assert _function("HEALTH_TIER") == (
        "Public Function HEALTH_TIER(score As Variant, Optional model As Variant) As Variant\n"
        '    HEALTH_TIER = Answer("HEALTH_TIER", Array(Given(score), Given(model)))\n'
        "End Function"
    )


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_every_function(function: Function) -> None:
    """All arguments stand in order, those that may be left out as optional."""
    head = _function(function.name).splitlines()[0]
    listed = re.findall(r"(Optional )?(\w+) As Variant", head)
    assert [(bool(optional), name) for optional, name in listed] == [
        (a.optional, identifier(a.name)) for a in function.arguments
    ]
    given = ", ".join(f"Given({identifier(a.name)})" for a in function.arguments)
    assert f'Answer("{function.name}", Array({given}))' in _function(function.name)


def test_reserved_words_are_no_arguments() -> None:
    """A word of VBA's own gets an underscore, in any case; others stay."""
    assert identifier("date") == "date_"
    assert identifier("Date") == "Date_"
    assert identifier("values") == "values"


@pytest.mark.parametrize("name", SOURCES)
def test_sources_fit_vba(name: str) -> None:
    """Plain letters, lines of at most 1,023 characters, declared variables, blocks that end."""
    source = SOURCES[name]
    assert source.isascii()
    assert source.startswith("Option Explicit\r\n")
    assert "\n" not in source.replace("\r\n", "")
    lines = source.split("\r\n")
    assert max(map(len, lines)) <= 1023
    words = [line.strip().split() for line in lines]
    for kind in ("Function", "Sub"):
        opened = [w for w in words if kind in w[:2] and w[:1] in (["Public"], ["Private"])]
        assert len(opened) == sum(w == ["End", kind] for w in words)


def test_the_engine_loads_the_dll_of_xlwings() -> None:
    """Both DLLs carry the version that is installed, and only ThisWorkbook says what runs."""
    engine = SOURCES["HealthEngine"]
    assert '"xlwings64-1.2.3.dll"' in engine
    assert '"xlwings32-1.2.3.dll"' in engine
    assert "{" not in engine
    assert "ActiveWorkbook" not in engine


def test_calls_go_to_the_module_of_functions() -> None:
    """The module that VBA names is the one that holds the functions."""
    assert FUNCTIONS_MODULE in SOURCES["HealthFunctions"]
    assert FUNCTIONS_MODULE == "addin.hosts.xlwings.functions"
