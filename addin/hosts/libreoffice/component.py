"""The component that LibreOffice runs: UNO values in, registry call, UNO values out.

Imported by LibreOffice's own Python only. It knows kinds of arguments, but no function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import unohelper
from com.sun.star.lang import XServiceInfo, XServiceName
from org.healthsheet import XCells

from addin.cells import CellError
from addin.hosts.libreoffice.names import SERVICE, method
from addin.hosts.libreoffice.values import error_code, score_cell, shown
from addin.registry import FUNCTIONS, ArgumentKind, Function

__all__ = ["Cells", "g_ImplementationHelper"]


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
    return CellError(error_code(area.getCellByPosition(x, y).getError()))


def _as_given(value: object) -> object:
    return value


_READERS: Mapping[ArgumentKind, Callable[[Any], object]] = {"rows": _rows, "numbers": score_cell}


def _method(function: Function) -> Callable[..., object]:
    """The function as LibreOffice calls it: itself first, then one value an argument."""
    readers = tuple(_READERS.get(a.kind, _as_given) for a in function.arguments)

    def run(_component: object, *given: Any) -> object:
        result = function.call(*(read(x) for read, x in zip(readers, given, strict=True)))
        if isinstance(result, tuple):
            return tuple(tuple(shown(cell) for cell in row) for row in result)
        return ((shown(result),),) if function.result != "cell" else shown(result)

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
