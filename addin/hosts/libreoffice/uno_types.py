"""Which UNO type carries which kind of argument: all that keeps a cell's meaning.

- ``XCellRange`` hands over cells with their errors, and the only one that does: with an error
  cell in a range of type ``any`` LibreOffice shows Err:504 and calls nobody. It takes ranges
  only, no typed-in arrays and no results of other functions.
- ``string`` takes one cell, number, text or result, and the only one that tells a blank from 0.
  Numbers come with 15 digits, dates as the number of the day, an error comes back as it is. In
  an array formula LibreOffice calls it for every cell of a range.
- ``any`` takes all of these and can be left out, as no other type can. A blank cell comes as 0,
  and a blank among other cells as an empty text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from addin.registry import Argument, ArgumentKind

__all__ = ["IDL", "UnoType", "uno_type"]

UnoType = Literal["range", "string", "any"]

IDL: Mapping[UnoType, str] = {
    "range": "com::sun::star::table::XCellRange",
    "string": "string",
    "any": "any",
}
"""The types as interface descriptions write them."""

_REQUIRED: Mapping[ArgumentKind, UnoType] = {
    "rows": "range",
    "headers": "any",
    "model": "any",
    "text": "string",
    "number": "string",
    "value": "string",
    "numbers": "string",
    "dates": "string",
    "flags": "string",
    "table": "range",
}


def uno_type(argument: Argument) -> UnoType:
    """The type by which LibreOffice hands an argument over."""
    return "any" if argument.optional else _REQUIRED[argument.kind]
