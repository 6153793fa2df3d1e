"""One Table of ours in a refresh: its rows before, today's, and which is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.refs import MAX_COL
from workbook_templates.refresh.cells import Read, key_text, read_cells, same
from workbook_templates.refresh.column import Column, differing, rearranged, written
from workbook_templates.refresh.find import Found
from workbook_templates.refresh.match import Rows, match_listed, match_standing
from workbook_templates.refresh.theirs import Theirs

__all__ = ["Work"]

_NAMES = ("account_name", "account")


@dataclass
class Work:
    """A Table's rows before and today.

    Attributes:
        book, found: where it stands.
        new: today's values by column key, as read; lists of equal length.
        archived: whether what people wrote in a row that leaves is kept elsewhere.
    """

    book: Book
    found: Found
    new: Mapping[str, Sequence[Value]]
    archived: bool

    @cached_property
    def read(self) -> Read:
        """Our columns' cells before."""
        cells = set(self.found.columns.values())
        return read_cells(self.book, self.found.part, self.found.table.data, cells)

    @cached_property
    def old(self) -> dict[str, Column]:
        """The same by column key."""
        return {key: self.read.values[col] for key, col in self.found.columns.items()}

    def before(self, key: str, row: int) -> Value:
        """What a row said before; of a formula without a value what the engine had given."""
        value, engine = self.old[key][row], self.old.get(f"engine_{key}")
        if value is None and engine is not None:
            return engine[row]
        return value

    @cached_property
    def rows(self) -> Rows:
        """Which row is which.

        Raises:
            WorkbookError: an account stands there twice.
        """
        if self.found.spec.keeps_order:
            return match_standing(self.found, self.old, self.new, self._stays)
        spec = self.found.spec
        # What a formula gives is not known where another program saved the file without values.
        computed = any(spec.has(k) and spec.column(k).formula for k in spec.key)
        return match_listed(() if computed else spec.key, self.old, self.new)

    def _stays(self, row: int) -> bool:
        if not self.found.ours:
            return True
        account = any(key_text(self.old[k][row]) for k in self._keys if k in self.old)
        if account and self.archived:
            return False
        anywhere = Theirs(self.book, self.found, (1, MAX_COL)).entries(row)
        return bool(anywhere) or (not account and not self._empty(row))

    def _empty(self, row: int) -> bool:
        formulas = self.read.formulas
        return all(
            self.read.values[c][row] in (None, "") or row in formulas[c]
            for c in self.found.columns.values()
        )

    @property
    def _keys(self) -> tuple[str, ...]:
        return (*self.found.spec.key, *_NAMES)

    def account(self, row: int, *, today: bool = False) -> tuple[str, str]:
        """Id and name of the account in a row of before, or of today's."""
        columns = self.new if today else self.old
        key = next((k for k in self.found.spec.key if k == "account_id"), "account_id")
        name = next((k for k in _NAMES if k in columns), "")
        found = (key_text(columns[k][row]) if k in columns else "" for k in (key, name))
        account_id, called = found
        return account_id, called

    @cached_property
    def held(self) -> frozenset[str]:
        """Our columns that hold somebody's formulas in every row, which are left alone."""
        out = set()
        for key, col in self.found.owned.items():
            formulas = self.read.formulas[col]
            mine = self.found.ours and self.found.spec.column(key).formula
            if mine or not formulas:
                continue
            values = self.read.values[col]
            if all(r in formulas or v in (None, "") for r, v in enumerate(values)):
                out.add(key)
        return frozenset(out)

    @cached_property
    def filled(self) -> dict[str, int]:
        """Key → column of what is written in every row.

        What the source says nothing of stays as it is in somebody else's Table: a column of
        theirs that has our header may be all that they know.
        """
        owned = self.found.owned.items()
        found = {k: c for k, c in owned if k in self.new and k not in self.held}
        if self.found.ours:
            return found
        return {k: c for k, c in found.items() if any(v not in (None, "") for v in self.new[k])}

    def columns(self) -> Columns | None:
        """What must be written, under the headers that stand there; None where nothing must."""
        data = {}
        take, source = self.rows.take, self.rows.source
        plain = take == tuple(range(len(take)))
        grows = None in source
        for key, col in self.filled.items():
            new, old = self.new[key], self.read.values[col]
            # A formula that reads a changed cell would lose its value.
            if not (grows or self.found.spec.column(key).formula or self.changes(key)):
                continue
            data[self.found.header(col)] = (
                rearranged(new, old, take, source) if not plain else written(new)
            )
        return Columns(data, len(take)) if data else None

    def changes(self, key: str) -> list[tuple[int, int]]:
        """(row before, row today) of rows that were there and show another value now."""
        if key not in self._changes:
            self._changes[key] = self._compare(key)
        return self._changes[key]

    @cached_property
    def _changes(self) -> dict[str, list[tuple[int, int]]]:
        return {}

    def _compare(self, key: str) -> list[tuple[int, int]]:
        old, new = self.old[key], self.new[key]
        return [
            (s, t)
            for s, t in differing(old, new, *self._standing)
            if old[s] != new[t] and not same(old[s], new[t])
        ]

    @cached_property
    def _standing(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows that were there and are there today: before and today."""
        pairs = zip(self.rows.source, self.rows.take, strict=True)
        there = [(s, t) for s, t in pairs if s is not None and t >= 0]
        before, today = np.array(there, np.int64).reshape(-1, 2).T
        return np.ascontiguousarray(before), np.ascontiguousarray(today)

    def lost(self, key: str) -> list[int]:
        """Rows of before where a value stands in place of our formula."""
        col = self.found.columns[key]
        formulas = self.read.formulas[col]
        if not self.found.spec.column(key).formula or not formulas:
            return []
        before, _ = self._standing
        old = self.old[key]
        return [s for s in before[~formulas.mask[before]].tolist() if old[s] is not None]

    @property
    def moves(self) -> bool:
        """Whether rows leave, come or change places."""
        return self.rows.source != tuple(range(self.found.rows))
