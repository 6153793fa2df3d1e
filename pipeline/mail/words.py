"""Words of the message that its page and its plain text share."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbook_templates.digest.records import Digest, Figure, Row

__all__ = [
    "Part",
    "Shown",
    "chart_alt",
    "clean_line",
    "currency_word",
    "long_day",
    "right_to_left",
    "shown",
]

Part = str | Figure
_CURRENCIES = {"USD": "US dollars", "EUR": "Euros", "GBP": "Pounds sterling", "JPY": "Yen"}
_QUIET = ("todo", "override")
_LOUD = ("newly_red", "recovered", "risk", "renewal", "expansion", "override", "warning")


@dataclass(frozen=True)
class Shown:
    """What of a digest one message shows.

    Attributes:
        digest: the facts.
        lists: name of a list → the rows shown; only lists that have any.
        left: name of a list → how many rows it has beyond.
        first, rest: the three lines, each up to its first full stop, and after it.
        amounts: heights of the chart's bars.
    """

    digest: Digest
    lists: Mapping[str, Sequence[Row]]
    left: Mapping[str, int]
    lines: Sequence[tuple[Sequence[Part], Sequence[Part]]]
    amounts: Sequence[float]


def shown(digest: Digest, room: int, risk: int) -> Shown:
    """The digest with at most *room* rows of each list, and *risk* of those at risk.

    A quiet week has fewer lists.
    """
    names = _LOUD if digest.changed else _QUIET
    rooms = {name: risk if name == "risk" else room for name in names}
    lists = {n: digest.lists[n][: rooms[n]] for n in names if digest.lists.get(n)}
    left = {n: digest.more.get(n, 0) + len(digest.lists[n]) - len(rows)
            for n, rows in lists.items()}  # fmt: skip
    trend = [row["arr"].value for row in digest.lists.get("trend", ()) if "arr" in row]
    amounts = [x for x in trend if isinstance(x, int | float)]
    return Shown(digest, lists, left, [_parted(line) for line in digest.lines], amounts)


def _parted(line: Sequence[Part]) -> tuple[Sequence[Part], Sequence[Part]]:
    """A line cut after its first sentence."""
    line = _joined(line)
    for i, part in enumerate(line):
        if isinstance(part, str) and ". " in part:
            head, _, tail = part.partition(". ")
            return [*line[:i], f"{head}."], [x for x in (tail, *line[i + 1 :]) if x != ""]
    return line, []


def _joined(line: Sequence[Part]) -> Sequence[Part]:
    """The same with texts that stand beside each other as one."""
    out: list[Part] = []
    for part in line:
        if out and isinstance(part, str) and isinstance(out[-1], str):
            out[-1] += part
        else:
            out.append(part)
    return out


def chart_alt(digest: Digest) -> str:
    """What the chart finds; "" where there is none."""
    rows = [row for row in digest.lists.get("trend", ()) if "arr" in row]
    if len(rows) < 2:
        return ""
    red = digest.labels["red"]
    first, last = rows[0], rows[-1]
    amounts = [row["arr"].value for row in rows]
    peak = max(range(len(rows)), key=lambda i: (amounts[i], i))
    ends = f"from {first['arr'].text} on {first['day'].text} to {last['arr'].text}"
    top = ", the highest" if peak == len(rows) - 1 else (
        f"; highest {rows[peak]['arr'].text} on {rows[peak]['day'].text}")  # fmt: skip
    return f"{red} ARR went {ends} on {last['day'].text}{top}."


def long_day(day: date) -> str:
    """Mon 23 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def currency_word(code: str) -> str:
    """Name of a currency in front of a list; its code where it has no name here."""
    return _CURRENCIES.get(code, code)


def right_to_left(text: str) -> bool:
    """Whether a text holds letters of a right-to-left script."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def clean_line(text: str) -> str:
    """One line without control characters and without the mark of an encoded word."""
    kept = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in text)
    return " ".join(kept.replace("=?", " ").split())
