"""functions.json: what Excel takes, and all that the registry says."""

from __future__ import annotations

import inspect
import re

import pytest

from addin.hosts.officejs.metadata import functions_json, help_url
from addin.registry import FUNCTIONS, Argument, Function
from tests.addin.officejs.wire_calls import client

URL = "https://scores.example.com"
TEXTS = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)


def described(function: Function) -> dict[str, object]:
    found = functions_json(URL)["functions"]
    assert isinstance(found, list)
    (entry,) = [f for f in found if f["id"] == function.name]
    assert isinstance(entry, dict)
    return entry


def parameters(function: Function) -> list[dict[str, object]]:
    found = described(function)["parameters"]
    assert isinstance(found, list)
    return found


def test_errors_reach_us() -> None:
    """Error cells come as values, and nothing but the keys that Excel knows is sent."""
    found = functions_json(URL)
    assert found["allowErrorForDataTypeAny"] is True
    keys = {"allowErrorForDataTypeAny", "allowCustomDataForDataTypeAny", "functions"}
    assert set(found) == keys


@TEXTS
def test_every_function_is_described(function: Function) -> None:
    """Id and name are the function's, within what Excel takes, with help that leads somewhere."""
    entry = described(function)
    keys = {"id", "name", "description", "helpUrl", "parameters", "result", "options"}
    assert set(entry) == keys
    assert entry["id"] == entry["name"] == function.name
    assert re.fullmatch(r"[A-Z][A-Z0-9_.]{2,63}", function.name)
    assert not re.fullmatch(r"[A-Z]{1,3}\d{1,7}|R\d*C\d*", function.name)
    assert entry["description"] == function.help
    assert 1 <= len(function.help) <= 128
    assert entry["helpUrl"] == f"{URL}/help#{function.name}"


@TEXTS
def test_every_parameter_is_described(function: Function) -> None:
    """Parameters stand in order; whatever a cell holds comes as it is; optional ones are last."""
    found = parameters(function)
    assert [p["name"] for p in found] == [a.name for a in function.arguments]
    for parameter, argument in zip(found, function.arguments, strict=True):
        assert parameter["type"] == "any"
        assert parameter["description"] == argument.help
        assert 1 <= len(argument.help) <= 128
        assert parameter.get("optional", False) is argument.optional
        one = argument.kind in ("text", "number", "value")
        assert parameter["dimensionality"] == ("scalar" if one else "matrix")
    optional = [bool(p.get("optional")) for p in found]
    assert optional == sorted(optional)


@TEXTS
def test_addresses_are_asked_for_where_excel_allows_it(function: Function) -> None:
    """Excel gives the addresses of parameters only to functions that may spill."""
    entry = described(function)
    assert entry["options"] == {"requiresParameterAddresses": True}
    assert entry["result"] == {"type": "any", "dimensionality": "matrix"}


@TEXTS
def test_parameters_are_those_of_the_code(function: Function) -> None:
    """What may be left out is what the implementation can do without."""
    taken = list(inspect.signature(function.run).parameters.values())
    assert len(taken) == len(function.arguments)
    for parameter, argument in zip(taken, function.arguments, strict=True):
        assert argument.optional == (parameter.default is not inspect.Parameter.empty)


def test_results_spill() -> None:
    """A function that takes a range may give one; one that takes single cells gives one cell."""
    shapes = {f.name: described(f)["result"] for f in FUNCTIONS}
    one = [
        f.name
        for f in FUNCTIONS
        if f.result == "cell" and all(a.kind in ("text", "number", "value") for a in f.arguments)
    ]
    for name, shape in shapes.items():
        wanted = "scalar" if name in one else "matrix"
        assert shape == {"type": "any", "dimensionality": wanted}


def test_a_function_of_single_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of single cells is told from one that spills."""
    single = Argument("n", "number", "A number.")
    add = Function("ADD_ONE", "One more.", "Test", (single,), ("=ADD_ONE(1)",), "cell", float)
    monkeypatch.setattr("addin.hosts.officejs.metadata.FUNCTIONS", (add,))
    assert described(add)["result"] == {"type": "any", "dimensionality": "scalar"}


def test_help_leads_to_the_function() -> None:
    """Each address of help is an anchor of the page that the server has."""
    page = client().get("/help").text
    for function in FUNCTIONS:
        anchor = help_url("", function.name).partition("#")[2]
        assert f'id="{anchor}"' in page
