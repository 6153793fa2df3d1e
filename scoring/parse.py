"""One cell → one canonical value of its column, or the reason why not.

Everything that reads people's cells goes through here: workbooks, text files, cell functions. So
a value means the same wherever it is typed, and is refused with the same words.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from scoring.columns import Column, normalise
from scoring.model import SEGMENTS, Segment
from scoring.parse_dates import parse_date
from scoring.parse_numbers import currency_code, parse_money, parse_share
from scoring.parse_text import Reading, ValueProblem, clean_text, is_blank, raise_for_error
from scoring.units import short

__all__ = ["Value", "currency_of", "is_numeric", "parse_value"]

Value = str | float | bool | date

_AS_TYPED = Reading()
LARGEST = {"fraction": 2.0, "change": 5.0}
"""Unit → size above which a number is a per cent typed without its sign, where no scale ends."""

# Excel keeps 15 digits; longer ids lose their tail and stop being unique.
_LONGEST_ID = 1e15

SEGMENT_WORDS: Mapping[str, Segment] = {
    **{normalise(s): s for s in SEGMENTS},
    **dict.fromkeys(("ent", "enterprises", "large", "strategic", "majoraccount"), "enterprise"),
    **dict.fromkeys(("mid", "mm", "midmarket", "medium", "commercial", "midsize"), "mid_market"),
    **dict.fromkeys(
        ("sme", "small", "smallbusiness", "smallandmediumbusiness", "smallmediumbusiness"), "smb"
    ),
}
"""Normalised text → the segment it names."""
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "✓", "✔", "ja", "oui"})
_NO = frozenset({"no", "n", "false", "f", "0", "nein", "non"})


def parse_value(raw: object, column: Column, reading: Reading = _AS_TYPED) -> Value | None:
    """Read one cell as its column needs it.

    Args:
        raw: what the cell holds: None, str, bool, int, float, date, datetime or `CellError`.
        column: says kind, unit, words and scale.
        reading: how to read text that two countries read differently.

    Returns:
        id and text: str. segment: ``enterprise``, ``mid_market`` or ``smb``. currency: ISO code.
        money and numbers: float in the column's unit (48% is 0.48). date: `datetime.date`.
        yes_no: bool. state: the column's own word. None where the cell says "no value".

    Raises:
        ValueProblem: the value cannot be used; says what is wrong and what to type.
    """
    raise_for_error(raw)
    if column.words:
        return _word(raw, column)
    if is_blank(raw, named=column.kind in ("id", "text")) and not _is_dash_name(raw, column):
        return None
    reader = _READERS.get(column.kind)
    return reader(raw, column, reading) if reader else _number(raw, column, reading)


def is_numeric(column: Column) -> bool:
    """Whether the column's canonical values are floats."""
    return not column.words and column.kind in ("number", "count", "money")


def currency_of(raw: object) -> str | None:
    """ISO code of the currency that a money text names (``£1,200`` → GBP), else None."""
    if not isinstance(raw, str):
        return None
    for decimal in (".", ","):
        try:
            return parse_money(raw, Reading(decimal=decimal))[1]
        except ValueProblem:
            continue
    return None


def _is_dash_name(raw: object, column: Column) -> bool:
    # An id is taken as it stands: "-" may be one, an empty cell may not.
    return column.kind == "id" and isinstance(raw, str) and bool(raw.strip())


def _word(raw: object, column: Column) -> str | None:
    wanted = clean_text(raw) if raw is not None else ""
    by_key = {word.casefold(): word for word in column.words}
    by_key |= {normalise(word): word for word in column.words if normalise(word)}
    if isinstance(raw, bool) or wanted.casefold() in ("true", "false"):
        wanted = "Yes" if wanted.casefold() == "true" else "No"
    found = by_key.get(wanted.casefold()) or by_key.get(normalise(wanted))
    if found is not None:
        return found
    if is_blank(raw):
        return None
    raise ValueProblem(f"Not one of {_listed(column.words)}.", _suggest(wanted, column.words))


def _suggest(wanted: str, words: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(
        wanted.casefold(), [w.casefold() for w in words], n=1, cutoff=0.6
    )
    best = next((w for w in words if close and w.casefold() == close[0]), words[0])
    return f"Type {best}." if close else f"Type one of them, for example {best}."


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def _text(raw: object, column: Column, reading: Reading) -> str | None:
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    if column.kind == "id" and isinstance(raw, int | float) and abs(raw) >= _LONGEST_ID:
        message = "A number of more than 15 digits has lost its last ones."
        raise ValueProblem(message, "Format the column as text and type the id again.")
    return clean_text(raw) or None


def _segment(raw: object, column: Column, reading: Reading) -> str:
    found = SEGMENT_WORDS.get(normalise(str(raw)))
    if found is None:
        raise ValueProblem("Not a segment.", "Type Enterprise, Mid-Market or SMB.")
    return found


def _currency(raw: object, column: Column, reading: Reading) -> str:
    code = currency_code(str(raw))
    if code is None:
        raise ValueProblem("Not a currency.", "Type its three letters, for example USD or EUR.")
    return code


def _date(raw: object, column: Column, reading: Reading) -> date:
    return parse_date(raw, reading)


def _yes_no(raw: object, column: Column, reading: Reading) -> bool:
    word = clean_text(raw).casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueProblem("Neither Yes nor No.", "Type Yes or No.")


def _money(raw: object, column: Column, reading: Reading) -> float:
    value = parse_money(raw, reading)[0] if isinstance(raw, str) else _plain(raw)
    _check_scale(value, column)
    return value


def _number(raw: object, column: Column, reading: Reading) -> float:
    percent = False
    if isinstance(raw, str):
        value, percent = parse_share(raw, reading)
    else:
        value = _plain(raw)
    if percent and column.unit not in ("fraction", "change"):
        raise ValueProblem("A percentage where a plain number belongs.", "Type the number itself.")
    if not percent:
        _check_typed_as_share(value, column)
    _check_scale(value, column)
    return value


def _plain(raw: object) -> float:
    if isinstance(raw, bool):
        raise ValueProblem("TRUE or FALSE where a number belongs.", "Type a number.")
    if isinstance(raw, date | time | timedelta):
        raise ValueProblem("A date or time where a number belongs.", "Type a number.")
    if not isinstance(raw, int | float):
        raise ValueProblem("Text where a number belongs.", "Type a number or leave it blank.")
    if raw in (float("inf"), float("-inf")):
        raise ValueProblem("Infinite.", "Type a number or leave it blank.")
    return float(raw)


def _check_typed_as_share(value: float, column: Column) -> None:
    largest = LARGEST.get(column.unit or "")
    if largest is None:
        return
    high = column.scale[1] if column.scale[1] is not None else largest
    if abs(value) > high:
        kind = "fraction" if column.unit == "fraction" else "change as a fraction"
        share = f"{value / 100:.6f}".rstrip("0").rstrip(".")
        raise ValueProblem(f"Not a {kind}.", f"Type {value:g}% or {share}.")


def _check_scale(value: float, column: Column) -> None:
    low, high = scale_limits(column)
    if value < low or value > high:
        raise ValueProblem(
            f"Outside {_scale_words(column)}.", f"Type a value {_fix_words(column)}."
        )
    if column.kind == "count" and value != int(value):
        raise ValueProblem("Not a whole number.", "Type a whole number.")


def scale_limits(column: Column) -> tuple[float, float]:
    """Lowest and highest raw value the column takes; infinite where open, counts from 0."""
    low, high = column.scale
    if low is None:
        counted = column.kind == "count" or column.unit in ("count", "per_week", "per_month")
        low = 0.0 if counted else float("-inf")
    return low, float("inf") if high is None else high


def _scale_words(column: Column) -> str:
    low, high = (_in_unit(x, column) for x in scale_limits(column))
    return f"the scale {low} to {high}" if low and high else f"the scale, {_fix_words(column)}"


def _fix_words(column: Column) -> str:
    low, high = (_in_unit(x, column) for x in scale_limits(column))
    if low and high:
        return f"from {low} to {high}"
    return f"from {low} up" if low else f"up to {high}"


def _in_unit(value: float, column: Column) -> str:
    if value in (float("inf"), float("-inf")):
        return ""
    return f"{short(value * 100)}%" if column.unit in ("fraction", "change") else short(value)


_READERS: dict[str, Callable[[object, Column, Reading], Value | None]] = {
    "id": _text,
    "text": _text,
    "segment": _segment,
    "currency": _currency,
    "date": _date,
    "yes_no": _yes_no,
    "money": _money,
}
