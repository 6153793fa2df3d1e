"""Dates as people and programs write them; text that two countries read differently is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from scoring.parse_text import Reading, ValueProblem

# Excel day numbers for 1980 and 2100: outside, a number in a date column is a slip, not a date.
FIRST_SERIAL, LAST_SERIAL = 29221, 73415
_SERIAL_ZERO, _SERIAL_1904 = date(1899, 12, 30), date(1904, 1, 1)

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})([01]\d)([0-3]\d)")
_NUMERIC = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?:[T ,]+[\d:.]+.*)?")
_DAY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})[-/., ]+(\d{4}|\d{2})")
_WORD_DAY = re.compile(r"([a-z]{3,9})[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d{2})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip

_FIX = "Type it as 2026-01-31."


def parse_date(raw: object, reading: Reading) -> date:
    """Read a date cell, an Excel day number or text (ISO, 31-01-2026, 31/01/2026, 31 Jan 2026).

    Raises:
        ValueProblem: no date, an impossible one, or text that may be day or month first while
            nobody declared which and no other value of the column shows it.
    """
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, bool):
        raise ValueProblem("TRUE or FALSE where a date belongs.", _FIX)
    if isinstance(raw, int | float):
        return _from_serial(float(raw), date1904=reading.date1904)
    return _from_text(str(raw).strip(), reading.day_first)


def _from_serial(serial: float, *, date1904: bool) -> date:
    zero = _SERIAL_1904 if date1904 else _SERIAL_ZERO
    shift = (_SERIAL_1904 - _SERIAL_ZERO).days if date1904 else 0
    if not FIRST_SERIAL <= serial + shift <= LAST_SERIAL:
        raise ValueProblem("A number where a date belongs.", _FIX)
    return zero + timedelta(days=int(serial))


def _from_text(text: str, day_first: bool | None) -> date:
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _build(found[1], found[2], found[3])
    lower = text.casefold()
    if found := _DAY_WORD.fullmatch(lower):
        return _build(found[3], _month(found[2]), found[1])
    if found := _WORD_DAY.fullmatch(lower):
        return _build(found[3], _month(found[1]), found[2])
    if found := _NUMERIC.fullmatch(text):
        return _from_numbers(found, day_first)
    raise ValueProblem("Not a date.", _FIX)


def _from_numbers(found: re.Match[str], day_first: bool | None) -> date:
    first, second = int(found[1]), int(found[3])
    shown = day_first_shown(found[0])
    if shown is None and first != second:
        # Dashes and dots are written day first nearly everywhere; slashes are not.
        shown = day_first if day_first is not None else (None if found[2] == "/" else True)
        if shown is None:
            day, month = _build(found[4], found[3], found[1]), _build(found[4], found[1], found[3])
            raise ValueProblem(
                f"Ambiguous: {_spoken(day)} or {_spoken(month)}.",
                f"Type {day.isoformat()} or {month.isoformat()}, or declare the day order.",
            )
    if shown is False:
        first, second = second, first
    return _build(found[4], second, first)


def day_first_shown(text: str) -> bool | None:
    """Whether a date text proves its order: True 31/01/2026, False 01/31/2026, None neither."""
    found = _NUMERIC.fullmatch(text.strip())
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return True
    if second > 12 >= first:
        return False
    return None


def column_day_first(cells: Iterable[object]) -> bool | None:
    """The day order that the unambiguous texts of one column agree on, else None."""
    shown = {day_first_shown(c) for c in cells if isinstance(c, str)} - {None}
    return shown.pop() if len(shown) == 1 else None


def _month(word: str) -> int:
    for number, name in enumerate(_MONTHS, start=1):
        if name.startswith(word) or (word == "sept" and number == 9):
            return number
    raise ValueProblem("Not a date.", _FIX)


def _build(year: str | int, month: str | int, day: str | int) -> date:
    number = int(year)
    try:
        built = date(number + 2000 if number < 100 else number, int(month), int(day))
    except ValueError:
        raise ValueProblem("No such day in the calendar.", _FIX) from None
    if not 1900 <= built.year <= 2199:
        raise ValueProblem("The year lies outside 1900 to 2199.", _FIX)
    return built


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B}"
