"""What goes to *Archive* when rows leave, and what comes back with an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from workbook_templates.ooxml.cells import Value, serial
from workbook_templates.refresh.cells import key_text
from workbook_templates.refresh.theirs import Entry, from_archive

__all__ = ["Archive", "Back", "Owner"]

_KEYS = ("account_id", "account", "place", "column", "kind", "content", "author",
         "archived", "archived_by", "returned", "line")  # fmt: skip


class Owner(NamedTuple):
    """Whose row it is: id and name of the account, and what tells its rows apart, as people read.

    `line` is "" where an account has one row; of *Alerts* it is trigger and day.
    """

    account_id: str
    account: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """One entry that returns to an account's row: the header of its column, and the value."""

    line: int
    column: str
    value: Value | datetime


@dataclass
class Archive:
    """The *Archive* Table: what stands there, and what is added.

    Args:
        columns: its columns by key as read, those that people left in it.
        day: that the refresh is for.
        who: who refreshes.
        date1904: whether the workbook counts dates from 1904.
    """

    columns: Mapping[str, Sequence[Value]]
    day: date
    who: str
    date1904: bool = False
    lines: list[dict[str, Value]] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    changed: bool = False
    _places: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = max((len(c) for c in self.columns.values()), default=0)
        for row in range(count):
            line = {k: c[row] for k, c in self.columns.items()}
            if any(v not in (None, "") for v in line.values()):
                self.standing.append(row)
                self._add({k: line.get(k) for k in _KEYS})

    def _add(self, line: dict[str, Value]) -> None:
        texts = [key_text(line[k]) for k in ("account_id", "place", "line")]
        at = _place(*texts)
        self._places.setdefault(at, []).append(len(self.lines))
        self.lines.append(line)

    @property
    def today(self) -> float:
        """The day of the refresh as a serial."""
        return float(serial(self.day, date1904=self.date1904))

    @property
    def accounts(self) -> frozenset[str]:
        """Ids of the accounts that something is kept of."""
        return frozenset(key_text(line["account_id"]) for line in self.lines)

    def put(self, owner: Owner, table: str, entries: Sequence[Entry]) -> None:
        """Keep what people wrote in a row that leaves."""
        whose = (owner.account_id, owner.account, table)
        for e in entries:
            values = (*whose, e.column, e.kind, e.content, e.author or None)
            kept = (*values, self.today, self.who, None, owner.line or None)
            self._add(dict(zip(_KEYS, kept, strict=True)))
            self.changed = True

    def waiting(self, owner: Owner, table: str) -> list[Back]:
        """What may come back to a row of a Table, the latest of each column."""
        found: dict[str, Back] = {}
        for at in self._places.get(_place(owner.account_id, table, owner.line), ()):
            line = self.lines[at]
            value = from_archive(str(line["kind"] or ""), line["content"])
            if line["returned"] is None and value is not None:
                column = key_text(line["column"])
                found[column.casefold()] = Back(at, column, value)
        return list(found.values())

    def left(self, account_id: str) -> int:
        """How many entries of an account have not returned."""
        mine = (line for line in self.lines if key_text(line["account_id"]) == account_id)
        return sum(line["returned"] is None for line in mine)

    def returned(self, back: Back) -> None:
        """Note that an entry stands in its column again."""
        self.lines[back.line]["returned"] = self.today
        self.changed = True

    def rows(self) -> dict[str, list[Value]]:
        """All lines by column; one blank line where there is none."""
        lines = self.lines or [dict.fromkeys(_KEYS)]
        return {k: [line.get(k) for line in lines] for k in _KEYS}

    @property
    def source(self) -> tuple[int | None, ...]:
        """For each line afterwards the row that it was before."""
        new = len(self.lines) - len(self.standing)
        if not self.lines:
            return (0,)
        return (*self.standing, *(None for _ in range(new)))


def _place(account_id: str, table: str, line: str) -> tuple[str, str, str]:
    return account_id, table.casefold(), line.casefold()
