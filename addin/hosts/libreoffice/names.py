"""Names by which LibreOffice and saved files know the functions. Files hold them: never change."""

from __future__ import annotations

from addin.registry import Argument, Function

MODULE = ("org", "healthsheet")
INTERFACE = "XCells"
SERVICE = "org.healthsheet.Cells"
EXTENSION = "org.healthsheet.addin"
COMPONENT = "healthsheet_cells.py"


def method(function: Function) -> str:
    """Name of a function in the type library: ``HEALTH_SCORE`` is ``healthScore``."""
    return _camel(function.name)


def parameter(argument: Argument) -> str:
    """Name of an argument in the type library: ``new_value`` is ``newValue``."""
    return _camel(argument.name)


def _camel(name: str) -> str:
    # Interface descriptions allow no underscores.
    first, *others = name.casefold().split("_")
    return first + "".join(word.capitalize() for word in others)


def long_name(function: Function) -> str:
    """What .ods files store, and .xlsx files of LibreOffice 7: ``ORG.HEALTHSHEET.CELLS.…``."""
    return f"{SERVICE}.{method(function)}".upper()


def excel_name(function: Function) -> str:
    """What Excel stores for a function of its web add-ins: ``_xldudf_HEALTH_SCORE``.

    LibreOffice 25 reads and writes it in .xlsx files; 7 does neither.
    """
    return f"_xldudf_{function.name}"
