"""Rules → columns of *Accounts*: each metric's values, their dates, and the SQL they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.metrics.rules import Counted, Rule, SqlRule
from pipeline.metrics.sentiment import sentiment_value
from pipeline.metrics.sql import quoted, select_of
from pipeline.sources.grid import Cells
from pipeline.sources.query import AS_OF, read_query
from scoring.closest import did_you_mean
from scoring.columns import Column
from scoring.errors import DataError
from scoring.inputs import Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.project.declared import Project
    from pipeline.project.engine import Engine

__all__ = ["Counter", "MetricValues"]

_SHARES = ("fraction", "change")


@dataclass(frozen=True)
class MetricValues:
    """What a rule gave.

    Attributes:
        key, name: of the metric.
        kind: of the rule.
        sql: the SELECT that was run.
        accounts: (n,) ids.
        headers: of *Accounts*: the metric, and the date of its values where they have one.
        columns: each header's n cells.
        none: whether accounts that no row is about get a value too.
    """

    key: str
    name: str
    kind: str
    sql: str
    accounts: list[object]
    headers: list[str]
    columns: list[Cells]
    none: float | str | None = None

    @property
    def known(self) -> int:
        """How many accounts got a value."""
        return sum(1 for value in self.columns[0] if value not in ("", None))


class Counter:
    """Runs the rules of a project.

    Args:
        project: the rules, and which column of a table says what.
        engine: what was known of its tables.
        columns: what may stand on *Accounts*.
        as_of: the day.
    """

    def __init__(
        self, project: Project, engine: Engine, columns: Sequence[Column], as_of: date
    ) -> None:
        self._project, self._engine, self._as_of = project, engine, as_of
        self._columns: Mapping[str, Column] = {c.key: c for c in columns}

    def values(self) -> tuple[list[MetricValues], list[Problem]]:
        """What each rule gives, and a note on each rule of a metric that nobody asks for.

        Raises:
            DataError: a rule does not fit its table, or its SQL is wrong.
        """
        found: list[MetricValues] = []
        problems: list[Problem] = []
        for key, rule in self._project.rules.items():
            if key in self._columns:
                found.append(self._one(key, rule, problems))
            else:
                problems.append(self._unknown(key))
        return found, problems

    def _unknown(self, key: str) -> Problem:
        hint = did_you_mean(key, list(self._columns))
        message = f"The model has no metric {key}; its rule is not used."
        fix = hint or "healthsheet model show lists the model's metrics."
        return Problem(
            f"{self._project.path.name}, metrics.{key}", None, "", "", "", message, fix, "note"
        )

    def _one(self, key: str, rule: Rule, problems: list[Problem]) -> MetricValues:
        place = f"{self._project.path}, metrics.{key}"
        sql = self._sql(rule, place)
        table = self._engine.select(sql, place)
        lacking = [n for n in ("account_id", "value") if n not in table.column_names]
        if lacking:
            raise DataError(
                f"{place}.sql gives no column {' and '.join(lacking)}. Name them so: select … as "
                "account_id, … as value."
            )
        accounts, column = _texts(table["account_id"]), self._columns[key]
        problems += _repeated(key, accounts)
        values: Cells = [self._cell(v, rule, column) for v in table["value"].to_pylist()]
        accounts, values = self._with_none(rule, accounts, list(values))
        headers, columns = [column.name], [values]
        dated = self._columns.get(f"{key}_as_of")
        if "as_of" in table.column_names and dated is not None:
            days: list[object] = ["" if d is None else d for d in table["as_of"].to_pylist()]
            headers.append(dated.name)
            columns.append([*days, *[""] * (len(accounts) - len(days))])
        return MetricValues(key, column.name, rule.kind, sql, accounts, headers, columns, rule.none)

    def _sql(self, rule: Rule, place: str) -> str:
        if isinstance(rule, SqlRule):
            sql, _ = read_query(rule.sql, folder=self._project.path.parent)
            return AS_OF.sub(f"DATE '{self._as_of.isoformat()}'", sql)
        source = self._project.tables[rule.table]
        self._check_columns(rule, source.account, place)
        known_at = None if source.known_at == "always" else source.known_at
        try:
            return select_of(rule, account=source.account, known_at=known_at, as_of=self._as_of)
        except ValueError as error:
            raise DataError(f"{place} {error}.") from error

    def _check_columns(self, rule: Counted, account: str, place: str) -> None:
        there = self._engine.columns(rule.table)
        wanted = {
            "column": rule.column, "date": rule.date, "over": rule.over, "closed": rule.closed,
            "account": account, **{f"where.{n}": n for n in rule.where},
            **{f"matching.{n}": n for n in rule.matching},
        }  # fmt: skip
        for field, name in wanted.items():
            if name is not None and name not in there:
                hint = did_you_mean(name, there) or f"It has {', '.join(there)}."
                if field == "account":
                    hint += f' Say which holds the account: account = "…" of {rule.table}.'
                raise DataError(f"{place}.{field}: {rule.table} has no column {name}. {hint}")

    def _with_none(
        self, rule: Rule, accounts: list[object], values: list[object]
    ) -> tuple[list[object], Cells]:
        """The value of accounts that no row is about, where the rule has one."""
        if rule.none is None:
            return accounts, values
        base = self._project.sheets["Accounts"][0]
        source = self._project.tables[base.table]
        name = base.columns.get("Account ID", source.account)
        if name not in self._engine.columns(base.table):
            return accounts, values
        sql = f"SELECT CAST({quoted(name)} AS VARCHAR) AS id FROM {quoted(base.table)}"  # noqa: S608
        known = set(accounts)
        others = [a for a in _texts(self._engine.run(sql, "accounts")["id"]) if a not in known]
        return [*accounts, *others], [*values, *[rule.none] * len(others)]

    def _cell(self, value: Any, rule: Rule, column: Column) -> object:
        if value is None or value != value:
            return ""
        if isinstance(value, str | bool | date):
            return value
        # The last bits of a sum depend on the order of rows, which a database does not promise.
        number = float(f"{float(value):.12g}")
        if rule.kind == "sentiment":
            scale = (0.0, 100.0) if column.unit == "points" else column.scale
            low, high = scale
            return sentiment_value(number, words=column.words, low=low, high=high)
        if column.unit in _SHARES:
            # Said with its sign, so that a growth of 2,800 % is not taken for a slip of typing.
            return number if abs(number) <= 1 else f"{number * 100:.12g}%"
        return number


def _texts(column: pa.ChunkedArray) -> list[object]:
    return ["" if v is None else str(v) for v in column.to_pylist()]


def _repeated(key: str, accounts: Sequence[object]) -> list[Problem]:
    seen: set[object] = set()
    twice = next((a for a in accounts if a in seen or seen.add(a)), None)  # type: ignore[func-returns-value]
    if twice is None:
        return []
    message = "The SQL gives this account more than once; the first row counts."
    fix = "Group by account_id."
    return [Problem(f"metrics.{key}", None, "", "", str(twice), message, fix)]
