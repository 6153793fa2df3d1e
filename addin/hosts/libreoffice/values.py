"""LibreOffice's values ↔ ours, as far as that needs no UNO."""

from __future__ import annotations

import re
import struct

from addin.cells import Fault, Result

__all__ = ["error_code", "score_cell", "shown"]

_CODES = {
    503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!",
    32767: "#N/A",
}  # fmt: skip
_NUMBERS = {code: number for number, code in _CODES.items()}
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d*)?(?:E[-+]?\d+)?")
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
    number = _NUMBERS.get(result.code) or int(result.code.removeprefix("Err:"))
    value: float = struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | number))[0]
    return value


def score_cell(text: str) -> float | str:
    """A score that arrives as the text LibreOffice shows while one edits the cell.

    That is a number with the decimal sign of the cell's language and no thousands signs.
    """
    return float(text.replace(",", ".")) if _PLAIN.fullmatch(text) else text
