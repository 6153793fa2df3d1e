"""The component that LibreOffice runs: UNO values in, registry call, UNO values out.

Imported by LibreOffice's own Python only. It knows kinds of arguments, but no function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from org.healthsheet import XCells

from addin.cells import CellError
from addin.hosts.libreoffice.names import SERVICE, method
from addin.hosts.libreoffice.uno_types import UnoType, uno_type
from addin.hosts.libreoffice.values import cell_reader, error_code, shown
from addin.registry import FUNCTIONS, Function

__all__ = ["Cells", "g_ImplementationHelper"]


def _cells(area: Any) -> object:
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


def _day(value: object) -> object:
    return None if value == 0 else value  # a blank cell comes as 0, and that is nobody's date


_Reader = Callable[[Any], object]


def _readers(context: Any) -> Mapping[UnoType, _Reader]:
    locales = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.i18n.LocaleData", context
    )
    office = Locale()  # an empty one is the office's own
    decimal = locales.getLocaleItem(office).decimalSeparator
    return {"range": _cells, "string": cell_reader(decimal), "any": _as_given}


def _method(function: Function, by_type: Mapping[UnoType, _Reader]) -> Callable[..., object]:
    """The function as LibreOffice calls it, with one value an argument."""
    readers = [
        _day if a.optional and a.kind == "dates" else by_type[uno_type(a)]
        for a in function.arguments
    ]
    alone = function.result == "cell"

    def run(*given: Any) -> object:
        result = function.call(*[read(value) for read, value in zip(readers, given, strict=True)])
        if isinstance(result, tuple):
            return tuple(tuple(map(shown, row)) for row in result)
        return shown(result) if alone else ((shown(result),),)

    return run


class Cells(unohelper.Base, XCells, XServiceInfo, XServiceName):
    """The service that holds every function of the registry as a method."""

    def __init__(self, context: object) -> None:
        """Args: *context* is LibreOffice's component context."""
        readers = _readers(context)
        for function in FUNCTIONS:
            setattr(self, method(function), _method(function, readers))

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


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice asks for it
g_ImplementationHelper.addImplementation(Cells, SERVICE, (SERVICE,))
