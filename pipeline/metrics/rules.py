"""How a metric is counted from a table's rows: a rule of healthsheet.toml."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, model_validator

__all__ = ["Condition", "Conditions", "Counted", "Rule", "RuleAdapter", "SqlRule", "Test"]

Plain = bool | int | float | date | str
Days = Annotated[int, Field(gt=0, le=3660)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Test(_Frozen):
    """Limits that a column's value must keep to; all of those that are given."""

    __test__ = False

    above: float | date | None = None
    below: float | date | None = None
    at_least: float | date | None = None
    at_most: float | date | None = None
    other_than: Plain | None = None
    contains: str | None = None
    empty: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("says nothing; write a limit, such as { at_least = 3 }")
        return self


Condition = Plain | list[Plain] | Test
Conditions = dict[str, Condition]
"""Column → its value, a list of possible values, or limits."""

Kind = Literal[
    "count",  # rows
    "distinct",  # different values of the column
    "active_days",  # days with a row
    "sum",  # of the column
    "mean",  # of the column
    "last",  # the column's latest value
    "days_since",  # days since the latest row
    "share",  # rows that match, of all
    "ratio",  # sum of the column over the sum of another
    "trend",  # this period against the one before, as a change
    "recontact",  # rows that follow on one closed within so many days, of all
    "nps",  # promoters less detractors of answers 0 to 10, in per cent
    "sentiment",  # mood of texts, by words
]
_COLUMN = frozenset({"distinct", "sum", "mean", "last", "ratio", "nps", "sentiment"})
_OWN = {
    "share": ("matching",), "ratio": ("over",), "trend": ("of", "at_least"),
    "recontact": ("closed", "within"),
}  # fmt: skip
_NEEDED = {"share": "matching", "ratio": "over", "recontact": "closed"}


class Counted(_Frozen):
    """A metric counted over the rows of one table, by account.

    Attributes:
        kind: how.
        table, column: over what.
        days: only rows of so many days up to the day; of all days where nothing is said.
        date: the column with a row's date; the table's known_at where nothing is said.
        where: only rows like this.
        per: a count over *days* is told per so many days.
        times: what the value is multiplied by at the end.
        none: the value of an account that the table has never seen. Without it: missing.
        matching: of share: the rows that count.
        over: of ratio: the column below the line.
        of: of trend: what is compared.
        at_least: of trend: the period before counts as at least so much.
        closed, within: of recontact: date column of the end, and days after it.
    """

    kind: Kind
    table: str
    column: str | None = None
    days: Days | None = None
    date: str | None = None
    where: Conditions = Field(default_factory=dict)
    per: Days | None = None
    times: float = 1.0
    none: float | str | None = None
    matching: Conditions = Field(default_factory=dict)
    over: str | None = None
    of: Literal["count", "sum", "distinct", "mean", "active_days"] | None = None
    at_least: Annotated[float, Field(gt=0)] | None = None
    closed: str | None = None
    within: Days = 7

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        needs_column = self.kind in _COLUMN or self.of in _COLUMN
        if needs_column and self.column is None:
            raise ValueError(f'kind "{self.kind}" needs column = "…"')
        if (needed := _NEEDED.get(self.kind)) and not getattr(self, needed):
            raise ValueError(f'kind "{self.kind}" needs {needed}')
        for kind, names in _OWN.items():
            foreign = [n for n in names if n in self.model_fields_set and self.kind != kind]
            if foreign:
                raise ValueError(f'{foreign[0]} belongs to kind "{kind}", not to "{self.kind}"')
        if self.days is None and (self.kind == "trend" or self.per is not None):
            raise ValueError("days is missing; a period needs its length, such as days = 30")
        return self


class SqlRule(_Frozen):
    """A metric that a SELECT gives, with columns account_id and value, and as_of if need be."""

    kind: Literal["sql"] = "sql"
    sql: str
    none: float | str | None = None


def _which(given: Any) -> str:
    if isinstance(given, dict):
        return "sql" if "sql" in given and "kind" not in given else "counted"
    return "counted"


Rule = Counted | SqlRule
RuleAdapter: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        Annotated[Counted, Tag("counted")] | Annotated[SqlRule, Tag("sql")], Discriminator(_which)
    ]
)
"""Validates one rule: a kind with its fields, or sql alone."""
