"""Where each figure of a digest stands on the sheet *Digest*: rows of narrow cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_templates.digest.places import LISTS, TIER_ROWS
from workbook_templates.digest.records import Digest, Figure, Row

__all__ = ["CARDS", "COLUMNS", "Cell", "Line", "layout"]

COLUMNS = "BCDEFG"
"""Columns of the page; together they are as wide as a message."""

_Spec = tuple[str, Mapping[str, str]]
"""Label of a line, and where its keys stand: column or columns, ``C`` or ``C:F``."""
_WHO: _Spec = ("", {"account": "B:E", "arr": "F:G"})
_MOVED: tuple[_Spec, ...] = (
    _WHO,
    ("Moved", {"before_tier": "C", "previous": "D", "tier": "E", "score": "F", "change": "G"}),
    ("Why", {"why": "C:G"}),
)
CARDS: Mapping[str, Sequence[_Spec]] = {
    "newly_red": _MOVED,
    "recovered": _MOVED,
    "risk": (
        _WHO,
        ("Now", {"tier": "C", "score": "D", "change": "E", "renewal": "F", "days": "G"}),
        ("Driver", {"driver": "C:G"}),
        ("Next", {"next": "C:G"}),
        ("Owner", {"owner": "C:E", "due": "F", "late": "G"}),
        ("Last", {"last": "C:F", "last_day": "G"}),
    ),
    "renewal": (
        _WHO,
        ("Renews", {"tier": "C", "score": "D", "play": "E", "renewal": "F", "days": "G"}),
    ),
    "expansion": (
        _WHO,
        ("Now", {"tier": "C", "score": "D", "change": "E", "owner": "F:G"}),
        ("Sign", {"sign": "C:G"}),
    ),
    "override": (
        ("", {"account": "B:F", "expires": "G"}),
        ("Set", {"tier": "C", "model_tier": "D:E", "model_score": "F"}),
        ("Reason", {"reason": "C:G"}),
        ("By", {"author": "C:G"}),
    ),
    "todo": (
        _WHO,
        ("Now", {"tier": "C", "score": "D", "due": "F", "late": "G"}),
        ("Renews", {"renewal": "F", "days": "G"}),
        ("To do", {"do": "C:G"}),
        ("Owner", {"owner": "C:G"}),
    ),
    "warning": (("", {"count": "B", "what": "C:G"}), ("", {"fix": "C:G"})),
    "trend": (("", {"day": "B:C", "arr": "F:G"}),),
    "other": (("", {"currency": "B", "accounts": "C", "arr": "F:G"}),),
}
"""List → lines of each of its rows. A test holds that every key of `places.LISTS` has its cell."""
_PLAIN = frozenset({"warning", "trend", "other"})
"""Lists whose rows have no name that stands out."""
_TIERS = {
    "accounts": "C", "accounts_change": "D", "arr": "E", "arr_share": "F", "arr_change": "G"
}  # fmt: skip
_HEADS = ("Tier", "Accounts", "Change", "ARR", "Share", "Change")
_COUNTED = {"renewal": "renewals", "expansion": "expansions", "override": "overrides",
            "warning": "warnings"}  # fmt: skip
"""List → how its totals are called, where that is another word."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and its place: column or columns of its line."""

    where: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet.

    Attributes:
        kind: "section", "heads", "tier", "first" (of a card), "line", "note" or "gap".
        label: stands in column B.
        cells: the figures.
        texts: further fixed texts, by column.
        account: id of the account it is about; "" for none.
    """

    kind: str
    label: str = ""
    cells: tuple[Cell, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    account: str = ""


def layout(digest: Digest) -> tuple[Line, ...]:
    """All rows below the title: tiers, then list by list, then every other figure.

    Each figure of the digest stands in exactly one cell.
    """
    placed: set[str] = set()
    lines: list[Line] = []
    for line in (*_tiers(digest), *_lists(digest)):
        placed |= {cell.figure.name for cell in line.cells}
        lines.append(line)
    rest = [f for f in digest.figures if f.name not in placed]
    if rest:
        lines += [Line("gap"), Line("section", "Other figures of the message")]
        lines += [Line("line", cells=(Cell("F:G", f),), texts={"B": f.label}) for f in rest]
    return tuple(lines)


def _tiers(digest: Digest) -> Iterator[Line]:
    totals = digest.totals
    yield Line("section", "ARR by tier")
    yield Line("heads", texts=dict(zip(COLUMNS, _HEADS, strict=True)))
    for tier in TIER_ROWS:
        found = _cells(
            {key: totals[name] for key in _TIERS if (name := f"{tier}_{key}") in totals}, _TIERS
        )
        if found:
            yield Line("tier", tier, found)


def _lists(digest: Digest) -> Iterator[Line]:
    for name, listed in LISTS.items():
        rows = digest.lists.get(name, ())
        word = _COUNTED.get(name, name)
        totals = {
            key: digest.totals[f"{word}_{key}"]
            for key in ("count", "arr")
            if f"{word}_{key}" in digest.totals
        }
        if not rows:
            continue
        yield Line("gap")
        yield Line("section", listed.label, _cells(totals, {"count": "F", "arr": "G"}))
        for row in rows:
            yield from _card(row, CARDS[name], "line" if name in _PLAIN else "first")
        if digest.more.get(name):
            yield Line("note", f"{digest.more[name]:,} more are on the other sheets.")


def _card(row: Row, lines: Sequence[_Spec], kind: str) -> Iterator[Line]:
    account = next((f.account for f in row.values() if f.account), "")
    for label, where in lines:
        cells = _cells(row, where)
        if cells:
            yield Line(kind, label, cells, account=account)
            kind = "line"


def _cells(row: Row, where: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell(at, row[key]) for key, at in where.items() if key in row)
