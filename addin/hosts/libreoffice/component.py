"""The component that LibreOffice runs: UNO values in, registry call, UNO values out.

Imported by LibreOffice's own Python only. It knows kinds of arguments, but no function.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo, XServiceName
from org.healthsheet import XCells

from addin.cells import CellError, Fault, Result
from addin.hosts.libreoffice.names import SERVICE, method
from addin.registry import FUNCTIONS, ArgumentKind, Function

__all__ = ["Cells", "g_ImplementationHelper"]

_ERRORS = {
    503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!",
    32767: "#N/A",
}  # fmt: skip
_NUMBERS = {text: number for number, text in _ERRORS.items()}
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d*)?(?:E[-+]?\d+)?")


def _rows(area: Any) -> object:
    """Cells of a range: "" where blank, an error cell as `CellError`."""
    data = area.getDataArray()
    for row in data:
        if None in row:  # the only way an error cell shows there
            return tuple(_with_errors(area, y, row) for y, row in enumerate(data))
    return data


def _with_errors(area: Any, y: int, row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_error(area, x, y) if cell is None else cell for x, cell in enumerate(row))


def _error(area: Any, x: int, y: int) -> CellError:
    number = area.getCellByPosition(x, y).getError()
    return CellError(_ERRORS.get(number, f"Err:{number}"))


def _score(text: str) -> object:
    """A cell's text as LibreOffice edits it: a number, with the decimal sign of its language."""
    return float(text.replace(",", ".")) if _PLAIN.fullmatch(text) else text


def _as_given(value: object) -> object:
    return value


_READERS: Mapping[ArgumentKind, Callable[[Any], object]] = {"rows": _rows, "score": _score}


def _shown(result: Result) -> float | str:
    return _signal(result.code) if isinstance(result, Fault) else result


def _signal(code: str) -> float:
    """A NaN that carries an error's number: LibreOffice shows that error, in a matrix too."""
    number = _NUMBERS.get(code) or int(code.removeprefix("Err:"))
    value: float = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_0000_0000 | number))[0]
    return value


def _method(function: Function) -> Callable[..., object]:
    """The function as LibreOffice calls it: itself first, then one value an argument."""
    readers = tuple(_READERS.get(a.kind, _as_given) for a in function.arguments)

    def run(_component: object, *given: Any) -> object:
        result = function.call(*(read(x) for read, x in zip(readers, given, strict=True)))
        if isinstance(result, tuple):
            return tuple(tuple(_shown(cell) for cell in row) for row in result)
        return ((_shown(result),),) if function.many_rows else _shown(result)

    return run


class Cells(unohelper.Base, XCells, XServiceInfo, XServiceName):
    """The service that holds every function of the registry; its methods are added below."""

    def __init__(self, context: object) -> None: ...

    def getServiceName(self) -> str:  # noqa: N802
        """Name under which the type library knows the functions."""
        return SERVICE

    def getImplementationName(self) -> str:  # noqa: N802
        """Name of this implementation."""
        return SERVICE

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """Whether *name* is this service."""
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """All service names: one."""
        return (SERVICE,)


for _function in FUNCTIONS:
    setattr(Cells, method(_function), _method(_function))

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice asks for it
g_ImplementationHelper.addImplementation(Cells, SERVICE, (SERVICE,))
