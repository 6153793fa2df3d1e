"""A declared source, opened: its tables are read once, then cut at as many days as are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pipeline.metrics.count import Counter, MetricValues
from pipeline.project.cut import Cut, Vault
from pipeline.project.declared import ALWAYS, Project, SheetInput
from pipeline.project.engine import Engine
from pipeline.project.load import ROW, asks_for_day, load_table
from pipeline.project.sheets import Part, accounts_grid, cells_of, stacked_grid
from pipeline.sources.grid import Book, Grid
from pipeline.sources.query import AS_OF, read_query
from scoring.closest import did_you_mean
from scoring.columns import Column
from scoring.errors import DataError
from scoring.inputs import Problem

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["OpenProject"]


class OpenProject:
    """The tables of a project in memory.

    Args:
        project: its declarations.

    Raises:
        DataError: a table cannot be read.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._folder = project.path.parent
        self._vault = Vault(project.patience)
        self._daily = [n for n, t in project.tables.items() if asks_for_day(t, self._folder)]

    def book(
        self, columns: Sequence[Column], *, as_of: date, today: date, strict: bool = False
    ) -> Book:
        """The sheets as they were known at the end of a day.

        Args:
            columns: what may stand on *Accounts*; says unit, words and scale of each metric.
            as_of: the day.
            today: the day it is, against which a day is past.
            strict: refuse a past day where a table does not say when its rows became known.

        Raises:
            DataError: a declaration does not fit the tables, or SQL is wrong.
        """
        problems = self._timeless(strict=strict) if as_of < today else []
        engine, cuts = self._engine(as_of)
        try:
            for cut in cuts.values():
                problems += cut.problems
            values, told = Counter(self.project, engine, columns, as_of).values()
            grids = {
                sheet: self._sheet(sheet, inputs, engine, cuts, problems, values)
                for sheet, inputs in self.project.sheets.items()
            }
        finally:
            engine.close()
        label = self._folder.resolve().name or str(self._folder)
        problems += told
        return Book(label, tuple(grids), grids.__getitem__, problems=tuple(problems), day=as_of)

    def metrics(self, columns: Sequence[Column], *, as_of: date) -> list[MetricValues]:
        """Each rule's SQL and what it gives on a day."""
        engine, _ = self._engine(as_of)
        try:
            return list(Counter(self.project, engine, columns, as_of).values()[0])
        finally:
            engine.close()

    def _timeless(self, *, strict: bool) -> list[Problem]:
        names = self.project.timeless()
        if not names:
            return []
        listed = ", ".join(names)
        fix = (
            f'Declare known_at = "date column" for {listed}, or known_at = "{ALWAYS}" where rows '
            "never change."
        )
        message = f"Nothing says when rows of {listed} became known"
        if strict:
            raise DataError(f"{self.project.path}: {message[0].lower()}{message[1:]}. {fix}")
        told = f"{message}; they stand as they are today."
        return [Problem(self.project.path.name, None, "", "", "", told, fix, "note")]

    def _engine(self, as_of: date) -> tuple[Engine, dict[str, Cut]]:
        """An engine with what was known of all tables, and the tables' own rows."""
        project = self.project
        self._load(as_of)
        cuts = {n: self._vault.cut(n, t, as_of) for n, t in project.tables.items() if t.sql is None}
        words = any("sentiment" in str(rule) for rule in project.rules.values())
        words = words or any("sentiment" in (t.sql or "") for t in project.tables.values())
        engine = Engine(project.patience, sentiment=words)
        for name, table in project.tables.items():
            if table.sql is None:
                engine.add(name, cuts[name].typed)
            else:
                sql, _ = read_query(table.sql, folder=self._folder)
                label = f"{project.path}, source.tables.{name}.sql"
                engine.add_view(name, at_day(sql, as_of), label)
        return engine, cuts

    def _load(self, as_of: date) -> None:
        project = self.project
        for name, table in project.tables.items():
            if table.sql is None and (name in self._daily or not self._vault.has(name)):
                loaded = load_table(
                    name, table, self._folder, headers=self._headers(name), as_of=as_of,
                    zone=project.zone, patience=project.patience,
                )  # fmt: skip
                self._vault.put(name, loaded)

    def _headers(self, name: str) -> set[str]:
        """Columns of a table that the settings speak of."""
        project, table = self.project, self.project.tables[name]
        inputs = (i for sheet in project.sheets.values() for i in sheet if i.table == name)
        found = {table.account, table.known_at, *(c for i in inputs for c in i.columns.values())}
        found |= {c for end, later in table.known_later.items() for c in (end, *later)}
        for rule in project.rules.values():
            if rule.kind != "sql" and rule.table == name:
                found |= {rule.column, rule.date, *rule.where, *rule.matching}
        return {column for column in found if column is not None}

    def _sheet(
        self, sheet: str, inputs: Sequence[SheetInput], engine: Engine, cuts: Mapping[str, Cut],
        problems: list[Problem], values: Sequence[MetricValues],
    ) -> Grid:  # fmt: skip
        parts = [self._part(sheet, given, engine, cuts) for given in inputs]
        if sheet != "Accounts":
            return stacked_grid(sheet, parts)
        parts += [_metric_part(found) for found in values]
        grid, told = accounts_grid(parts)
        # Tables of events know further accounts, as most do; doubles are told by the counter.
        rules = {f"metrics.{found.key}" for found in values}
        problems += [p for p in told if p.sheet not in rules]
        return grid

    def _part(
        self, sheet: str, given: SheetInput, engine: Engine, cuts: Mapping[str, Cut]
    ) -> Part:  # fmt: skip
        name, source = given.table, self.project.tables[given.table]
        place = f"{self.project.path}, source.sheets.{sheet.lower()}.columns"
        if name in cuts:
            table, label = cuts[name].plain, source.file or name
        else:
            table, label = engine.run(f'SELECT * FROM "{name}"', name), name  # noqa: S608
        names = [c for c in table.column_names if c != ROW]
        wanted = given.columns or {c: c for c in names}
        for header, column in wanted.items():
            if column not in names:
                hint = did_you_mean(column, names) or f"It has {', '.join(names)}."
                raise DataError(f"{place}: {header} is to be {column} of {name}. {hint}")
        if given.latest:
            table = self._latest(given, table, place)
        headers = [*wanted, *given.constants]
        columns = [cells_of(table[c]) for c in wanted.values()]
        columns += [[v] * table.num_rows for v in given.constants.values()]
        rows = table[ROW].to_numpy() if ROW in table.column_names else None
        return Part(label, headers, columns, rows)

    def _latest(self, given: SheetInput, table: pa.Table, place: str) -> pa.Table:
        """The last known row of each account; of rows of one moment the lower one."""
        source = self.project.tables[given.table]
        if source.known_at in (None, ALWAYS) or source.account not in table.column_names:
            raise DataError(f"{place.removesuffix('columns')}latest: the table needs known_at.")
        when = cells_of(table[str(source.known_at)])
        ids = cells_of(table[source.account])
        order = sorted(range(len(ids)), key=lambda i: (str(when[i]), i))
        last = {ids[i]: i for i in order}
        return table.take(np.array(sorted(last.values()), dtype=int))


def at_day(sql: str, as_of: date) -> str:
    """SQL with the day in place of ``:as_of``."""
    return AS_OF.sub(f"DATE '{as_of.isoformat()}'", sql)


def _metric_part(found: MetricValues) -> Part:
    headers, columns = ["Account ID", *found.headers], [found.accounts, *found.columns]
    return Part(f"metrics.{found.key}", headers, columns)
