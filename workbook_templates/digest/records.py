"""The facts of a digest: each number under the name of the cell that shows it.

A name is that of a defined name in the attached workbook, ``hs_red_arr`` or ``hs_risk_3_due``;
`places.py` lists all that can occur.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

__all__ = ["Digest", "Figure", "Kind", "Row", "Value"]

Kind = Literal["count", "money", "money_change", "share", "score", "change", "days", "date", "text"]
"""How a value is written: ``change`` is a difference of counts or of scores, with its sign."""
Value = float | str | date
Row = Mapping[str, "Figure"]
"""One row of a list: key of the column → its figure; what is not known is left out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, day or text of the digest.

    Attributes:
        name: defined name of its cell, ``hs_`` first.
        value: exact; a share is 0–1.
        text: as the message prints it.
        kind: how it is written.
        label: what it is, in words.
        currency: of an amount.
        account: id of the account, where it is one account's.
        column: column of the portfolio frame that holds it; "" where it is worked out.
    """

    name: str
    value: Value
    text: str
    kind: Kind
    label: str
    currency: str = ""
    account: str = ""
    column: str = ""


@dataclass(frozen=True)
class Digest:
    """What changed in a portfolio, why, how much revenue it touches and who does what by when.

    Attributes:
        as_of: the day. since: the day it is compared with; None without an earlier snapshot.
        model: name and version.
        changed: whether any tier changed, or there is nothing to compare with; else a quiet week.
        subject: of the message, at most 60 characters.
        headline: one sentence. lines: three; parts of both are texts and figures in turn.
        labels: tier key → its word, "" for no score.
        totals: figures that are no list's, by name.
        lists: name of a list (`places.LISTS`) → its rows, the most pressing first.
        more: name of a list → how many further rows it has that are not listed.
        source: what was read.
    """

    as_of: date
    since: date | None
    model: str
    changed: bool
    subject: str
    headline: tuple[str | Figure, ...]
    lines: tuple[tuple[str | Figure, ...], ...]
    labels: Mapping[str, str]
    totals: Mapping[str, Figure]
    lists: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    more: Mapping[str, int] = field(default_factory=dict)
    currency: str = ""
    source: str = ""

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, each name once, in the order in which the message tells them."""
        told = [part for line in (self.headline, *self.lines) for part in line]
        found = [*self.totals.values(), *(x for x in told if isinstance(x, Figure))]
        found += [x for rows in self.lists.values() for row in rows for x in row.values()]
        return tuple({x.name: x for x in found}.values())
