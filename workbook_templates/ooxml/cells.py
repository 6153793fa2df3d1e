"""Values of Python as the XML of a cell, the way Excel writes them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import NamedTuple

from workbook_templates.ooxml.problems import DoesNotFit
from workbook_templates.ooxml.remembered import Remembered

__all__ = [
    "ERRORS",
    "MAX_INT",
    "NOT_AVAILABLE",
    "PLAIN_TEXT",
    "SPECIAL",
    "TYPES",
    "CellError",
    "CellWriters",
    "Encoder",
    "Value",
    "cell_writers",
    "clean_text",
    "day_of",
    "number_text",
    "plain",
    "serial",
    "text_xml",
]

MAX_TEXT = 32_767
"""UTF-16 units that a cell can hold."""
MAX_INT = 2**53

ERRORS = frozenset(
    {
        "#N/A",
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
    }
)


@dataclass(frozen=True, slots=True)
class CellError:
    """An error value of the spreadsheet, such as `CellError("#N/A")`."""

    code: str

    def __post_init__(self) -> None:
        if self.code not in ERRORS:
            raise DoesNotFit(
                f"{self.code!r} is not a spreadsheet error. Use one of {', '.join(sorted(ERRORS))}."
            )


NOT_AVAILABLE = CellError("#N/A")

Value = None | bool | int | float | str | date | datetime | CellError
"""What a cell can be given. NaN and infinities become #N/A, never a silent blank."""
TYPES = frozenset({type(None), bool, int, float, str, date, datetime, CellError})
"""Its types; their values can be keys of a dict."""

PLAIN_TEXT = MAX_TEXT // 2
"""A text shorter than this cannot be too long, whatever its characters."""
SPECIAL = re.compile("[\x00-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x|^\\s|\\s$|\n|\t")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _escape_control(m: re.Match[str]) -> str:
    return f"_x{ord(m[0]):04X}_"


def clean_text(text: str) -> str:
    """*text* as a cell can hold it: lone surrogates replaced, cut with "…" at 32,767 units."""
    if len(text) >= PLAIN_TEXT:
        text = _cut(text)
    return _SURROGATE.sub("�", text)


def _cut(text: str) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")
    if len(raw) <= 2 * MAX_TEXT:
        return text
    return raw[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "surrogatepass").rstrip("\ud800") + "…"


def _escaped(text: str) -> str:
    text = _CONTROL.sub(_escape_control, clean_text(text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text_xml(text: str, tag: str = "t") -> bytes:
    """`<t>…</t>` with `xml:space` where white space would be lost, escaped as Excel does."""
    if len(text) < PLAIN_TEXT and SPECIAL.search(text) is None:
        return f"<{tag}>{text}</{tag}>".encode()
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text or "\t" in text else ""
    return f"<{tag}{keep}>{_escaped(text)}</{tag}>".encode()


_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's dates have no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_DAY = timedelta(days=1)


def serial(value: date, *, date1904: bool = False) -> float | int:
    """Days since the workbook's epoch; a whole number for a date or a midnight.

    Raises:
        DoesNotFit: before the epoch, or with a time zone.
    """
    if not isinstance(value, datetime):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001
    elif value.tzinfo is not None:
        raise DoesNotFit(
            f"{value.isoformat()} has a time zone, which a cell cannot hold. Convert it to the "
            "readers' local time and drop the zone (value.astimezone(...).replace(tzinfo=None))."
        )
    else:
        moment = value
    days = (moment - (_EPOCH_1904 if date1904 else _EPOCH_1900)) / _DAY
    if not date1904 and days < 61:
        days -= 1  # Excel counts a 29 February 1900 that never was
    if not days >= (0 if date1904 else 1):
        raise DoesNotFit(
            f"{value.isoformat()} is before {'1904' if date1904 else '1900'}, where a "
            "spreadsheet's calendar starts. Give it as text."
        )
    return int(days) if days == int(days) else days


def day_of(number: float, *, date1904: bool) -> date | None:
    """The day that a cell's number shows as; None before the epoch and after the year 9999."""
    epoch = _EPOCH_1904 if date1904 else _EPOCH_1900
    if not 0 < number < (date.max - epoch.date()).days + 1:
        return None
    return (epoch + int(number) * _DAY).date()


class Encoder:
    """Turns values into the type attribute and the body of a cell.

    Args:
        prefix: namespace prefix of the sheet part, such as `b"x:"`; usually empty.
        date1904: the workbook counts dates from 1904.
    """

    def __init__(self, prefix: bytes = b"", *, date1904: bool = False) -> None:
        self.date1904 = date1904
        p = prefix.decode()
        self.prefix = p
        self._tail = f"</{p}c>".encode()
        self._v, self._end = f"<{p}v>".encode(), f"</{p}v>".encode()
        self._is, self._si = f"<{p}is>".encode(), f"</{p}is>".encode()

    def cell(self, value: Value, *, formula: bool) -> tuple[bytes, bytes]:
        """(` t="…"`, body) of a cell with *value*, or of a formula whose cached value it is.

        Raises:
            DoesNotFit: a value that a cell cannot hold.
        """
        kind = type(value)
        if kind is str:
            return self._text(value, formula=formula)  # type: ignore[arg-type]
        if kind is float or kind is int:
            return self._number(value)  # type: ignore[arg-type]
        if value is None:
            # A formula cannot give a blank; the nearest thing is an empty text.
            return (b' t="str"', self._v + self._end) if formula else (b"", b"")
        if kind is bool:
            return b' t="b"', self._v + (b"1" if value else b"0") + self._end
        return self._other(value, formula=formula)

    def whole(self, value: Value, *, formula: bool) -> tuple[bytes]:
        """All of a cell that follows its attributes; *formula*: it is computed elsewhere."""
        kind, body = self._kind_and_body(value, formula=formula)
        return (kind + b">" + body + self._tail if body else kind + b"/>",)

    def halves(self, value: Value) -> tuple[bytes, bytes]:
        """What stands before and after `>` and the formula in a formula's cell."""
        kind, body = self._kind_and_body(value, formula=True)
        return kind, body + self._tail

    def _kind_and_body(self, value: Value, *, formula: bool) -> tuple[bytes, bytes]:
        if type(value) is float and value - value == 0.0:
            # A cell knows no negative zero; LibreOffice would show it as -0.
            return b"", self._v + repr(value or 0.0).encode() + self._end
        return self.cell(value, formula=formula)

    def _text(self, value: str, *, formula: bool) -> tuple[bytes, bytes]:
        if formula:
            return b' t="str"', text_xml(value, f"{self.prefix}v")
        return b' t="inlineStr"', self._is + text_xml(value, f"{self.prefix}t") + self._si

    def _number(self, value: float | int) -> tuple[bytes, bytes]:
        text = number_text(value)
        if text is None:
            return self.cell(NOT_AVAILABLE, formula=False)
        return b"", self._v + text + self._end

    def _other(self, value: object, *, formula: bool) -> tuple[bytes, bytes]:
        if isinstance(value, CellError):
            return b' t="e"', self._v + value.code.encode() + self._end
        if isinstance(value, date):
            return self._number(serial(value, date1904=self.date1904))
        return self.cell(plain(value), formula=formula)


class CellWriters(NamedTuple):
    """What `Encoder` makes of each value, remembered.

    Attributes:
        plain: `whole` for a cell without a formula.
        filled: `whole` for a cell that another cell's array formula fills.
        halves: `halves`, for a cell with its own formula.
    """

    plain: Remembered[tuple[bytes, ...]]
    filled: Remembered[tuple[bytes, ...]]
    halves: Remembered[tuple[bytes, ...]]


@cache
def cell_writers(prefix: bytes, *, date1904: bool) -> CellWriters:
    """The writers for sheets with namespace *prefix*; one set serves all workbooks."""
    encoder = Encoder(prefix, date1904=date1904)
    return CellWriters(
        Remembered(TYPES, partial(encoder.whole, formula=False)),
        Remembered(TYPES, partial(encoder.whole, formula=True)),
        Remembered(TYPES, encoder.halves),
    )


def number_text(value: float | int) -> bytes | None:
    """The number as Excel writes it; None for NaN and the infinities."""
    if isinstance(value, int):
        if not -MAX_INT <= value <= MAX_INT:
            raise DoesNotFit(
                f"{value} has more digits than a spreadsheet number keeps (2^53). "
                "Give identifiers as text, large amounts as float."
            )
        return b"%d" % value
    if not math.isfinite(value):
        return None
    text = repr(float(value) or 0.0)
    return (text[:-2] if text.endswith(".0") else text).encode()


def plain(value: object) -> Value:
    """Scalars of numpy, subclasses of str and the like as plain Python values.

    Raises:
        DoesNotFit: a type that no cell holds.
    """
    item = getattr(value, "item", None)
    if callable(item):
        found = item()
        if type(found) in (bool, int, float, str) or isinstance(found, (date, CellError)):
            return found  # type: ignore[no-any-return]
    for kind in (str, bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    raise DoesNotFit(
        f"{value!r} ({type(value).__name__}) cannot stand in a cell. "
        "Give None, a bool, a number, a text, a date or a CellError."
    )
