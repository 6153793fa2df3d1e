"""The functions as xlwings calls them: made from the registry, none by name.

Excel's VBA asks for a function of this module by its name and hands over plain values, so every
converter of xlwings stays out of the way ("raw").
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature

import xlwings

from addin.hosts.xlwings.values import given, shown
from addin.registry import FUNCTIONS, Function

__all__: list[str] = []

_Udf = Callable[..., list[list[object]]]


def _udf(function: Function) -> _Udf:
    def run(*arguments):  # type: ignore[no-untyped-def]  # xlwings would read hints as converters
        return shown(function.call(*map(given, arguments)))

    run.__name__ = run.__qualname__ = function.name
    run.__doc__ = function.help
    run.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=None)
            if a.optional
            else Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD)
            for a in function.arguments
        ]
    )
    made: _Udf = xlwings.func(category="HealthSheet")(run)
    for argument in function.arguments:
        made = xlwings.arg(argument.name, "raw", doc=argument.help)(made)
    return xlwings.ret("raw")(made)


_UDFS = {function.name: _udf(function) for function in FUNCTIONS}


def __getattr__(name: str) -> _Udf:
    try:
        return _UDFS[name]
    except KeyError:
        raise AttributeError(f"no function is called {name}") from None


def __dir__() -> list[str]:
    """None: *Import Functions* of xlwings would wrap what it finds and show errors as numbers."""
    return []
