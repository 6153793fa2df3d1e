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
from addin.registry import FUNCTIONS, Argument, Function

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


def _day(value: object) -> object:
    return None if value == 0 else value  # a blank cell comes as 0, and that is nobody's date


_Reader = Callable[[Any], object]


def _readers(context: Any) -> Mapping[UnoType, _Reader]:
    locales = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.i18n.LocaleData", context
    )
    office = Locale()  # an empty one is the office's own
    return {"range": _cells, "string": cell_reader(locales.getLocaleItem(office).decimalSeparator)}


def _reader(argument: Argument, by_type: Mapping[UnoType, _Reader]) -> _Reader | None:
    """What reads an argument; None where it comes as it must."""
    if argument.kind == "text":
        return None
    if argument.kind == "dates" and argument.optional:
        return _day
    return by_type.get(uno_type(argument))


def _method(function: Function, by_type: Mapping[UnoType, _Reader]) -> Callable[..., object]:
    """The function as LibreOffice calls it, with one value an argument."""
    readers = [_reader(argument, by_type) for argument in function.arguments]
    to_read = [(place, read) for place, read in enumerate(readers) if read is not None]
    call, alone = function.call, function.result == "cell"

    def run(*given: Any) -> object:
        values = list(given)
        for place, read in to_read:
            values[place] = read(values[place])
        result = call(*values)
        if isinstance(result, tuple):
            return tuple([tuple([shown(cell) for cell in row]) for row in result])
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
