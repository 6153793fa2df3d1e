"""What a cell can hold besides a value: nothing, an error, or text that needs cleaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scoring.errors import DataError

ERROR_CODES = (
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA",
    "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!",
)  # fmt: skip

_DASHES = frozenset({"-", "–", "—"})
# In a column of numbers, dates or words these say "no value"; as a name they are a name.
_NO_VALUE = frozenset({"na", "nan", "none", "null", "nil", "#n/a n/a", "<na>"})
BLANK_WORDS = frozenset({"", "n/a"}) | _DASHES | _NO_VALUE
"""Case-folded texts that say "no value" in a column of numbers, dates or words."""

# C0 and C1 controls (but tab and line feed), lone surrogates and the two non-characters: no
# spreadsheet can hold them, and they hide in exported text.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class ValueProblem(DataError):
    """A cell's value cannot be used as its column needs it.

    Attributes:
        message: what is wrong, one short sentence without the place and the value.
        fix: what to type or declare instead, one sentence.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that holds a spreadsheet error such as ``#DIV/0!`` instead of a value."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Reading:
    """How text that two countries read differently is read; None where nobody said.

    Attributes:
        day_first: True reads 03/04/2026 as 3 April, False as 4 March.
        decimal: "," reads 1.234,56 as 1234.56; "." (or None) reads 1,234.56 so.
        date1904: numbers in date columns count from 1904, as some workbooks declare.
    """

    day_first: bool | None = None
    decimal: str | None = None
    date1904: bool = False


def clean_text(raw: object) -> str:
    """Text of a cell, trimmed, without characters that no spreadsheet can hold."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e16:
        return str(int(raw))
    return _UNSAFE.sub("", str(raw)).strip()


def has_unsafe(text: str) -> bool:
    """Whether a text holds characters that no spreadsheet can hold."""
    return _UNSAFE.search(text) is not None


def raise_for_error(raw: object) -> None:
    """Raise `ValueProblem` when the cell holds an error, as a cell kind or as exported text."""
    if isinstance(raw, CellError) or (isinstance(raw, str) and raw.strip() in ERROR_CODES):
        message = f"The cell shows the error {str(raw).strip()}, so the value is missing."
        raise ValueProblem(message, "Repair its formula or clear the cell.")


def is_blank(raw: object, *, named: bool = False) -> bool:
    """Whether a cell says "no value". With *named* (ids, names) NA, None and null are names."""
    if raw is None or (isinstance(raw, float) and raw != raw):  # NaN is the only x != x
        return True
    if not isinstance(raw, str):
        return False
    text = raw.strip().casefold()
    if not text or text in _DASHES or text == "n/a":
        return True
    return not named and text in _NO_VALUE
