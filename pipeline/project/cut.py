"""A table as it was known at the end of a day: later rows and later values are not there.

Types of text columns are found from what was known too, so that a row of tomorrow cannot change
what yesterday's rows mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.metrics.sql import literal, quoted
from pipeline.project.declared import ALWAYS, TableSource
from pipeline.project.engine import Engine
from pipeline.project.load import ROW, Loaded
from scoring.closest import did_you_mean
from scoring.errors import DataError
from scoring.inputs import Problem

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Cut", "Vault"]

_WHOLE = r"-?(0|[1-9]\d{0,14})"
_NUMBER = r"-?(0|[1-9]\d*)?(\.\d+)?([eE][-+]?\d{1,2})?"
_DAY_MONTH = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}([T ]|$)"
_MONTH = r"\d{4}-\d{2}"
_IS_ID = re.compile(r"(^|[_ ])id$|[a-z]I[dD]$", re.IGNORECASE)


@dataclass(frozen=True)
class Cut:
    """What was known of a table.

    Attributes:
        typed: n rows for SQL: numbers, dates and truths as such, ids as text.
        plain: the same rows as they stand in the source, with `ROW`; only dates are read.
        problems: rows that cannot be placed in time.
    """

    typed: pa.Table
    plain: pa.Table
    problems: tuple[Problem, ...]


class Vault:
    """All rows of all tables, where no SQL but ours reaches them.

    Args:
        patience: seconds that a cut may take.
    """

    def __init__(self, patience: int) -> None:
        self._engine = Engine(patience)
        self._loaded: dict[str, Loaded] = {}

    def put(self, name: str, loaded: Loaded) -> None:
        """Keep a table, in place of an earlier one of that name."""
        self._engine.drop(name)
        self._engine.add(name, loaded.table)
        self._loaded[name] = loaded

    def has(self, name: str) -> bool:
        """Whether the table is there."""
        return name in self._loaded

    def cut(self, name: str, source: TableSource, as_of: date) -> Cut:
        """The table as it was known at the end of a day.

        Raises:
            DataError: a declared column is absent, or a date column holds no dates.
        """
        loaded = self._loaded[name]
        step = _Step(self._engine, name, source, loaded)
        seen = f"SELECT {', '.join(step.seen(as_of))} FROM {quoted(name)} {step.known(as_of)}"  # noqa: S608
        self._engine.drop("_seen")
        self._engine.add("_seen", self._engine.run(f"{seen} ORDER BY {quoted(ROW)}", name))
        typed, plain = step.types()
        return Cut(
            self._engine.run(f"SELECT {', '.join(typed)} FROM _seen", name),  # noqa: S608
            self._engine.run(f"SELECT {', '.join(plain)}, {quoted(ROW)} FROM _seen", name),  # noqa: S608
            tuple(step.undated()),
        )


class _Step:
    """One cut of one table, as SQL."""

    def __init__(self, engine: Engine, name: str, source: TableSource, loaded: Loaded) -> None:
        self._engine, self._name, self._source, self._loaded = engine, name, source, loaded
        self._columns = [c for c in loaded.table.column_names if c != ROW]
        self._known_at = None
        if source.known_at not in (None, ALWAYS):
            self._known_at = self._moment(self._column("known_at", str(source.known_at)))
        self._later: dict[str, str] = {}
        for end, columns in source.known_later.items():
            moment = self._moment(self._column("known_later", end))
            for column in (end, *columns):
                self._later[self._column(f"known_later.{end}", column)] = moment

    def known(self, as_of: date) -> str:
        """The WHERE of rows that were known."""
        if self._known_at is None:
            return ""
        return f"WHERE CAST({self._known_at} AS DATE) <= {literal(as_of)}"

    def seen(self, as_of: date) -> list[str]:
        """Each column with the values that were known."""
        out = []
        for column in self._columns:
            shown, end = quoted(column), self._later.get(column)
            if end is not None:
                test = f"CAST({end} AS DATE) <= {literal(as_of)}"
                shown = f"CASE WHEN {test} THEN {shown} END AS {shown}"
            out.append(shown)
        return [*out, quoted(ROW)]

    def undated(self) -> list[Problem]:
        """A problem where rows have no date that can be read."""
        if self._known_at is None:
            return []
        sql = (
            f"SELECT count(*), min({quoted(ROW)}) FROM {quoted(self._name)} "  # noqa: S608
            f"WHERE {self._known_at} IS NULL"
        )
        count, first = self._row(sql)
        if not count:
            return []
        rows = "1 row has" if count == 1 else f"{count:,} rows have"
        message = f"{rows} no date that can be read; not used. The first is this."
        column = str(self._source.known_at)
        fix = "Type it as 2026-01-31, or declare day_first for the table."
        return [Problem(self._loaded.label, int(first), column, "", "", message, fix)]

    def types(self) -> tuple[list[str], list[str]]:
        """Every column for SQL, and as it stands."""
        texts = [] if self._loaded.typed else self._texts()
        found = self._found("_seen", texts)
        # Where nothing was known yet, the whole column says what it will be.
        unknown = [c for c in texts if found[c][0] == 0]
        found |= self._found(self._name, unknown)
        typed, plain = [], []
        for column in self._columns:
            name = quoted(column)
            if self._is_id(column):
                typed.append(f"{self._id(column)} AS {name}")
                plain.append(name)
                continue
            shown, read = self._typed(column, found[column]) if column in found else (name, False)
            typed.append(f"{shown} AS {name}")
            plain.append(f"{shown} AS {name}" if read else name)
        return typed, plain

    def _texts(self) -> list[str]:
        return [c for c in self._columns if self._is_text(c) and not self._is_id(c)]

    def _is_text(self, column: str) -> bool:
        return str(self._loaded.table.schema.field(column).type) in ("string", "large_string")

    def _is_id(self, column: str) -> bool:
        return column == self._source.account or _IS_ID.search(column) is not None

    def _id(self, column: str) -> str:
        name = quoted(column)
        if str(self._loaded.table.schema.field(column).type) == "double":
            whole = f"CAST(CAST({name} AS HUGEINT) AS VARCHAR)"
            return f"CASE WHEN {name} = floor({name}) THEN {whole} ELSE CAST({name} AS VARCHAR) END"
        return f"CAST({name} AS VARCHAR)"

    def _found(self, table: str, columns: list[str]) -> dict[str, tuple[int, ...]]:
        """How many values of each column are of each kind; see `_typed`."""
        if not columns:
            return {}
        told = []
        for column in columns:
            c, n = quoted(column), self._numeral(column)
            tests = (
                f"regexp_full_match({n}, '{_WHOLE}')", f"regexp_full_match({n}, '{_NUMBER}')",
                f"lower({c}) IN ('true', 'false')",
                f"regexp_matches({c}, '{_ISO}') AND TRY_CAST({c} AS TIMESTAMP) IS NOT NULL",
                f"regexp_matches({c}, '{_DAY_MONTH}')",
                f"{_part(c, 1)} > 12", f"{_part(c, 2)} > 12",
                f"length({c}) > 10",
            )  # fmt: skip
            told += [f"count({c})", *(f"count(*) FILTER (WHERE {test})" for test in tests)]
        row = self._row(f"SELECT {', '.join(told)} FROM {quoted(table)}")  # noqa: S608
        width = 9
        return {c: tuple(row[i * width : (i + 1) * width]) for i, c in enumerate(columns)}

    def _typed(self, column: str, counts: tuple[int, ...]) -> tuple[str, bool]:
        """A text column as SQL of its type, and whether a sheet takes that and not the text."""
        count, whole, number, truth, iso, day_month, first, second, long = counts
        name = quoted(column)
        if not count:
            return name, False
        if number == count:
            kind = "BIGINT" if whole == count else "DOUBLE"
            # A declared decimal mark is for this table only, so a sheet gets the number too.
            return f"CAST({self._numeral(column)} AS {kind})", self._source.decimal is not None
        if truth == count:
            return f"CAST({name} AS BOOLEAN)", False
        kind = "TIMESTAMP" if long else "DATE"
        if iso == count:
            return f"CAST({name} AS {kind})", True
        settled = self._source.day_first is not None or bool(first) != bool(second)
        if iso + day_month == count and settled:
            day_first = self._source.day_first
            shown = _placed(name, day_first=bool(first) if day_first is None else day_first)
            return f"CAST({shown} AS {kind})", True
        return name, False

    def _numeral(self, column: str) -> str:
        name = quoted(column)
        if self._source.decimal == ",":
            return f"replace(replace({name}, '.', ''), ',', '.')"
        return name if self._source.decimal is None else f"replace({name}, ',', '')"

    def _moment(self, column: str) -> str:
        """A column of dates as moments; a month such as 2026-01 is known when it is over."""
        name = quoted(column)
        if not self._is_text(column):
            kind = str(self._loaded.table.schema.field(column).type)
            if not kind.startswith(("date", "timestamp", "null")):
                raise DataError(
                    f"source.tables.{self._name}: the column {column} of {self._loaded.label} "
                    "holds no dates. Name another one, or write them as 2026-01-31."
                )
            return f"CAST({name} AS TIMESTAMP)"
        counts = self._found(self._name, [column])[column]
        day_first = self._source.day_first
        if day_first is None and counts[5] and bool(counts[6]) == bool(counts[7]):
            raise DataError(
                f"source.tables.{self._name}: nobody can tell day and month in the column {column} "
                f"of {self._loaded.label}. Add day_first = true or false."
            )
        placed = _placed(name, day_first=bool(counts[6]) if day_first is None else day_first)
        end = f"last_day(TRY_CAST({name} || '-01' AS DATE))"
        month = f"CASE WHEN regexp_full_match({name}, '{_MONTH}') THEN {end} END"
        return f"coalesce(CAST({month} AS TIMESTAMP), TRY_CAST({placed} AS TIMESTAMP))"

    def _column(self, place: str, column: str) -> str:
        if column not in self._columns:
            hint = did_you_mean(column, self._columns) or f"It has {', '.join(self._columns)}."
            raise DataError(
                f"source.tables.{self._name}.{place}: {self._loaded.label} has no column {column}. "
                f"{hint}"
            )
        return column

    def _row(self, sql: str) -> list[int]:
        table = self._engine.run(sql, self._name)
        return [column[0].as_py() for column in table.columns]


def _part(column: str, place: int) -> str:
    return f"TRY_CAST(regexp_extract({column}, '{_DAY_MONTH}', {place}) AS INTEGER)"


def _placed(column: str, *, day_first: bool) -> str:
    """A date text with the year first, whichever way round day and month stand."""
    order = r"\3-\2-\1" if day_first else r"\3-\1-\2"
    return f"regexp_replace({column}, '{_DAY_MONTH}', '{order}')"
