"""functions.json: what Excel shows of each function while it is typed, made from the registry."""

from __future__ import annotations

from addin.registry import FUNCTIONS, Argument, ArgumentKind, Function

__all__ = ["functions_json", "help_url"]

_SCALARS: frozenset[ArgumentKind] = frozenset({"text", "number", "value"})


def functions_json(url: str) -> dict[str, object]:
    """The metadata of all functions.

    Args:
        url: of the server, such as ``https://scores.example.com``; help pages stand there.
    """
    return {
        # Without it Excel answers for us as soon as any cell of a range shows an error.
        "allowErrorForDataTypeAny": True,
        "allowCustomDataForDataTypeAny": False,
        "functions": [_function(f, url) for f in FUNCTIONS],
    }


def help_url(url: str, name: str) -> str:
    """Where the help of a function stands."""
    return f"{url}/help#{name}"


def _function(function: Function, url: str) -> dict[str, object]:
    return {
        "id": function.name,
        "name": function.name,
        "description": function.help,
        "helpUrl": help_url(url, function.name),
        "parameters": [_parameter(a) for a in function.arguments],
        "result": {"type": "any", "dimensionality": "matrix" if _spills(function) else "scalar"},
        # Old Excel hands over 0 for a blank cell; the client asks the sheet which zeros are none.
        "options": {"requiresParameterAddresses": True},
    }


def _parameter(argument: Argument) -> dict[str, object]:
    # Only "any" lets error cells, texts, dates and blanks through as they are.
    shape = "scalar" if argument.kind in _SCALARS else "matrix"
    found: dict[str, object] = {
        "name": argument.name,
        "description": argument.help,
        "type": "any",
        "dimensionality": shape,
    }
    return found | ({"optional": True} if argument.optional else {})


def _spills(function: Function) -> bool:
    takes_range = any(a.kind not in _SCALARS for a in function.arguments)
    return function.result != "cell" or takes_range
