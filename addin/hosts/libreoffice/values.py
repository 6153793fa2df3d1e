"""LibreOffice's values ↔ ours, as far as that needs no UNO."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

from addin.cells import Fault, Result

__all__ = ["cell_reader", "error_code", "shown"]

_CODES = {
    503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!",
    32767: "#N/A",
}  # fmt: skip
_NUMBERS = {code: number for number, code in _CODES.items()}
_QUIET_NAN = 0x7FF8_0000_0000_0000


def error_code(number: int) -> str:
    """The error that LibreOffice shows for a number of its own: 532 is ``#DIV/0!``."""
    return _CODES.get(number, f"Err:{number}")


def shown(result: Result) -> float | str:
    """A result as LibreOffice takes it.

    A fault becomes a NaN that carries the error's number: LibreOffice shows that very error, in
    one cell and in a matrix. An exception would be #VALUE! or Err:502 for the whole matrix.
    """
    if not isinstance(result, Fault):
        return result
    own = result.code.removeprefix("Err:")
    number = int(own) if own.isdecimal() else _NUMBERS.get(result.code, _NUMBERS["#VALUE!"])
    value: float = struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | number))[0]
    return value


def cell_reader(decimal: str) -> Callable[[str], float | str]:
    """What reads a cell that arrives as the text LibreOffice gives for it.

    Args:
        decimal: the decimal sign of the office's language. Numbers come as plain digits with it,
            without thousands signs; all else is the text of a cell.
    """
    plain = re.compile(rf"-?\d+(?:{re.escape(decimal)}\d+)?(?:E[-+]?\d+)?").fullmatch

    def read(text: str) -> float | str:
        return float(text.replace(decimal, ".")) if plain(text) else text

    return read
