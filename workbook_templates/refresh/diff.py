"""What a refresh changed, as people and programs are told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from workbook_templates.ooxml.cells import CellError, Value

__all__ = ["Diff", "Line", "Typed", "spoken"]


class Line(NamedTuple):
    """One change: whose, of what, from what, to what; texts as people read them.

    `what` is "Added", "Removed", "Returned", "Archived: …", "Typed over: …" or a header.
    """

    account_id: str
    account: str
    what: str
    before: str
    after: str


class Typed(NamedTuple):
    """A value that people typed over one of ours; ours stands there again.

    place: sheet and cell. header: of its column. value: as it was typed. now: ours.
    """

    place: str
    header: str
    value: str
    now: str


@dataclass
class Diff:
    """All that a refresh changed in a workbook.

    Attributes:
        accounts: rows of *Accounts* afterwards that are accounts.
        lines: every change that is listed, in the order of the sheet.
        cells: (Table, header) → changed cells of rows that were there before.
        tiers: (before, after) → accounts that changed so.
        up, down: accounts whose shown score rose or fell.
        scores: account id, account, score before, score after, tier before, tier after of those.
        archived: things of people's that went to *Archive*, and of how many rows.
        typed: values typed over ours.
        stayed: accounts that the source no longer has, whose rows stay.
        places: named cells outside Tables that changed.
        notes: sentences about what was not found or not done.
        moved: lists outside *Accounts* whose rows changed.
        sheets: our Table → the sheet it stands on, of all that were found and people look at.
    """

    accounts: int = 0
    lines: list[Line] = field(default_factory=list)
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    tiers: Counter[tuple[str, str]] = field(default_factory=Counter)
    scores: list[tuple[str, str, float, float, str, str]] = field(default_factory=list)
    archived: int = 0
    archived_rows: int = 0
    typed: list[Typed] = field(default_factory=list)
    stayed: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)

    def of(self, what: str) -> list[Line]:
        """Lines of one kind: "Added", "Removed", "Returned"."""
        return [line for line in self.lines if line.what == what]

    @property
    def up(self) -> int:
        """Accounts whose score rose."""
        return sum(after > before for _, _, before, after, *_ in self.scores)

    @property
    def down(self) -> int:
        """Accounts whose score fell."""
        return sum(after < before for _, _, before, after, *_ in self.scores)

    def title(self) -> str:
        """The change in one line, numbers first."""
        rows = [(len(self.of(what)), what.casefold()) for what in ("Added", "Removed", "Returned")]
        told = [f"{n:,} {word}" for n, word in rows if n]
        if told:
            first = next(n for n, _ in rows if n)
            told[0] = told[0].replace(" ", f" account{'' if first == 1 else 's'} ", 1)
        for n, word in ((sum(self.tiers.values()), "tier"), (len(self.scores), "score")):
            told += [f"{n:,} {word}{'' if n == 1 else 's'} changed"] if n else []
        return ", ".join(told) or "No account, tier or score changed"


_DATES = {"date"}
_DECIMALS = {"points": 1, "change1": 1, "arrow1": 1, "change2": 2, "exact": 9}


def spoken(value: Value, form: str, *, date1904: bool = False) -> str:
    """A value as the sheet shows it, in plain text.

    Args:
        value: as read: a number, a date's serial, a text.
        form: of its column, see `TableColumn.format`.
        date1904: serials count from 1904.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, CellError):
        return value.code
    if not isinstance(value, (int, float)):
        return str(value)
    if form in _DATES:
        day = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        day += timedelta(days=int(value))
        return f"{day.day} {day:%b %Y}"
    if form.startswith("percent"):
        return _rounded(value * 100, 1 if form.endswith("1") else 0) + "%"
    if form == "text":
        return _rounded(value, 0) if value == int(value) else repr(float(value))
    return _rounded(value, _DECIMALS.get(form, 0))


def _rounded(value: float, digits: int) -> str:
    """Half-up, with thousands and a true minus."""
    step = Decimal(1).scaleb(-digits)
    number = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)
    text = f"{abs(number):,}"
    return f"−{text}" if number < 0 else text
