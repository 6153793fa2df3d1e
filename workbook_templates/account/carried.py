"""What people wrote in a scorecard's *Risks & actions*, carried over into the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from scoring.judgement.actions_kept import fingerprint, own_key, plain_text
from scoring.judgement.records import Action
from workbook_templates.drawing.account.risks import (
    ACTION_HEADS,
    ACTION_TABLE,
    RISK_HEADS,
    RISK_TABLE,
)
from workbook_templates.ooxml.book import Book, Table
from workbook_templates.ooxml.cells import CellError, Value, day_of
from workbook_templates.ooxml.places import find_places
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.package import Package
from workbook_templates.refresh.cells import read_cells

__all__ = ["Carried", "read_carried", "risks_code", "written_ref"]

_PLACE = "hs_risks_written"
_NONE = "-"
_DAY = "%Y%m%d"


@dataclass(frozen=True)
class Carried:
    """What a scorecard holds of people's.

    Attributes:
        actions: rows by `columns.ACTIONS`, with ``key``, ``given``, ``opened`` and ``closed``.
        risks: rows by `columns.RISKS`: those that people added or changed.
        left: what cannot be carried over, a few words each.
        saved: people saved it since we made it.
    """

    actions: tuple[Mapping[str, object], ...]
    risks: tuple[Mapping[str, object], ...]
    left: tuple[str, ...]
    saved: bool


def written_ref(action: Action, shown: str) -> str:
    """What tells the next report which action a row is, and what we wrote in it.

    Args:
        action: as planned.
        shown: its text as the row has it, which may be cut.
    """
    given = action.given
    if shown != action.text and not action.edited and given:
        given = fingerprint(shown, action.owner, action.due)
    days = (_NONE if day is None else f"{day:{_DAY}}" for day in (action.opened, action.closed))
    return " ".join((action.key, given or _NONE, *days))


def risks_code(rows: Iterable[Sequence[Value]], carried: Iterable[str]) -> str:
    """What tells rows of risks that we wrote from people's, in few letters.

    Args:
        rows: of the Table, in the order of `RISK_HEADS`.
        carried: texts of risks that people had typed into the workbook before.
    """
    theirs = {plain_text(text) for text in carried}
    return " ".join(_code(row) for row in rows if row[2] and plain_text(row[2]) not in theirs)


def _code(row: Sequence[Value]) -> str:
    text = "|".join(map(plain_text, row[:4]))
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def read_carried(data: bytes, where: str) -> Carried:
    """What people wrote in a scorecard, now or in one that it replaced.

    Raises:
        WorkbookError: it is no workbook.
    """
    package = Package(data, where)
    book = Book(package)
    left: list[str] = []
    actions = _actions(_rows(book, ACTION_TABLE, ACTION_HEADS, left), date1904=book.date1904)
    risks = _risks(book, _rows(book, RISK_TABLE, RISK_HEADS, left))
    left += [f"notes on {s.name}" for s in book.sheets
             if book.related(s.part, "comments", "threadedComment")]  # fmt: skip
    return Carried(tuple(actions), tuple(risks), tuple(left), _saved_by_people(package))


def _saved_by_people(package: Package) -> bool:
    """Our own file says that it was changed when it was made."""
    if "docProps/core.xml" not in package:
        return True
    data = package.read("docProps/core.xml")
    days = [re.search(rb"<dcterms:%b[^>]*>([^<]*)<" % k, data) for k in (b"created", b"modified")]
    return None in days or days[0][1] != days[1][1]  # type: ignore[index]


def _rows(book: Book, name: str, heads: Sequence[str], left: list[str]) -> list[dict[str, Value]]:
    """Rows of a Table by header, those that hold anything."""
    table = next((t for t in book.tables if t.name == name), None)
    if table is None:
        left.append(f"Table {name}, which is not there")
        return []
    part = book.part_of(table.sheet)
    first, last = table.area.c1, table.area.c2
    read = read_cells(book, part, table.data, range(first, last + 1))
    columns = {h: list(read.values[first + i]) for i, h in enumerate(table.columns)}
    left += [f"column {h} of {name}" for h, values in columns.items()
             if h not in heads and any(v not in (None, "") for v in values)]  # fmt: skip
    count = _count(table)
    rows = [{h: column[row] for h, column in columns.items()} for row in range(count)]
    said = [h for h in heads if h not in ("Key", "Ref")]
    return [row for row in rows if any(row.get(h) not in (None, "") for h in said)]


def _count(table: Table) -> int:
    return table.data.r2 - table.data.r1 + 1


def _actions(rows: Iterable[Mapping[str, Value]], *, date1904: bool) -> Iterable[dict[str, object]]:
    for row in rows:
        key, given, opened, closed = _ref(row.get("Ref"))
        text = plain_text(row.get("Action"))
        yield {
            "key": key or own_key(text),
            "given": given,
            "opened": opened,
            "closed": closed,
            "action": text,
            "horizon": plain_text(row.get("Horizon")),
            "owner": plain_text(row.get("Owner")),
            "deadline": _day(row.get("Due"), date1904),
            "status": plain_text(row.get("Status")),
        }


def _ref(value: Value | None) -> tuple[str, str, date | None, date | None]:
    parts = str(value or "").split(" ")
    if len(parts) != 4:
        return "", "", None, None
    key, given, *days = parts
    opened, closed = (_written_day(day) for day in days)
    return key, "" if given == _NONE else given, opened, closed


def _written_day(text: str) -> date | None:
    try:
        return datetime.strptime(text, _DAY).date()  # noqa: DTZ007
    except ValueError:
        return None


def _day(value: Value | None, date1904: bool) -> date | None:
    return day_of(value, date1904=date1904) if isinstance(value, float) else None


def _risks(book: Book, rows: Iterable[Mapping[str, Value]]) -> Iterable[dict[str, object]]:
    place = find_places(book).get(_PLACE)
    cell = None if place is None else cell_value(
        book, book.sheet(place.part).cell(place.area.r1, place.area.c1))  # fmt: skip
    ours = set(str(cell or "").split(" "))
    for row in rows:
        values = [None if isinstance(v := row.get(h), CellError) else v for h in RISK_HEADS]
        if values[2] in (None, "") or _code(values) in ours:
            continue
        severity, dimension, risk, plan = map(plain_text, values)
        yield {"severity": severity, "dimension": dimension, "risk": risk, "mitigation": plan,
               "carried": True}  # fmt: skip
