"""A rule → the SELECT that counts it: one row an account, with value and date.

Names are quoted and values are written as literals, so that none of them can be SQL.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.metrics.rules import Condition, Conditions, Counted, Test

__all__ = ["literal", "quoted", "select_of"]

_NEEDS_DATE = frozenset({"last", "days_since", "active_days", "recontact", "trend"})
_DATED = frozenset({"mean", "last", "share", "ratio", "nps", "sentiment"})
"""Kinds whose value is as old as its newest row; a count is always of the day."""


def quoted(name: str) -> str:
    """A name as SQL, whatever it holds."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def literal(value: object) -> str:
    """A value as SQL, whatever it holds."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int | float):
        return repr(value)
    doubled = str(value).replace("'", "''")
    return f"'{doubled}'"


def select_of(rule: Counted, *, account: str, known_at: str | None, as_of: date) -> str:
    """The SELECT of a rule: ``account_id``, ``value``, and ``as_of`` where a value has an age.

    Args:
        rule: what to count.
        account: the table's column with the account's id.
        known_at: the table's own date column, which counts where the rule names none.
        as_of: the day.

    Raises:
        ValueError: the rule needs dates, and neither it nor the table names a column of them.
    """
    rule = rule if rule.date else rule.model_copy(update={"date": known_at})
    if rule.date is None and (rule.days or rule.kind in _NEEDS_DATE):
        raise ValueError('needs date = "…", the column with the date of a row')
    value = _value(rule, as_of)
    if rule.times != 1:
        value = f"({value}) * {literal(rule.times)}"
    told = f"account_id,\n  {value} AS value"
    if rule.date is not None and rule.kind in _DATED:
        told += f",\n  max(day) FILTER ({_counts(rule)}) AS as_of"
    rows = _rows(rule, account, as_of)
    return f"SELECT {told}\nFROM (\n{rows}\n)\nGROUP BY account_id\nORDER BY account_id"


def _rows(rule: Counted, account: str, as_of: date) -> str:
    """Every row of the table: whose, of which day, what is counted, and whether it counts."""
    parts = [f"CAST({quoted(account)} AS VARCHAR) AS account_id"]
    if rule.date is not None:
        parts.append(f"CAST({quoted(rule.date)} AS DATE) AS day")
        parts.append(f"{quoted(rule.date)} AS moment")
    parts += [
        f"{quoted(name)} AS {short}"
        for name, short in ((rule.column, "x"), (rule.over, "y"))
        if name is not None
    ]
    if rule.matching:
        parts.append(f"({_all(rule.matching)}) AS matches")
    if rule.kind == "recontact":
        parts.append(f"({_recontact(rule, account)}) AS matches")
    parts.append(f"{_used(rule, as_of, 0)} AS used")
    if rule.kind == "trend":
        parts.append(f"{_used(rule, as_of, 1)} AS used_before")
    listed, known = ",\n    ".join(parts), f"{quoted(account)} IS NOT NULL"
    return f"  SELECT {listed}\n  FROM {quoted(rule.table)} AS t\n  WHERE {known}"  # noqa: S608


def _used(rule: Counted, as_of: date, back: int) -> str:
    """Whether a row lies in the period (*back* periods ago) and is like the rule wants it."""
    tests = []
    if rule.date is not None:
        day, until = f"CAST({quoted(rule.date)} AS DATE)", literal(as_of)
        days = rule.days or 0
        tests.append(f"{day} <= {until}" + (f" - {days * back}" if back else ""))
        if rule.days:
            tests.append(f"{day} > {until} - {days * (back + 1)}")
    if rule.where:
        tests.append(_all(rule.where))
    return f"coalesce({' AND '.join(tests) or 'TRUE'}, FALSE)"


def _counts(rule: Counted) -> str:
    if rule.kind == "share":
        return "WHERE used AND matches IS NOT NULL"
    if rule.kind in ("mean", "last", "nps", "sentiment", "ratio"):
        return "WHERE used AND x IS NOT NULL"
    return "WHERE used"


def _value(rule: Counted, as_of: date) -> str:
    counting = _counts(rule)
    if rule.kind == "trend":
        return _trend(rule, as_of)
    simple = {
        "last": f"arg_max(x, struct_pack(moment, x)) FILTER ({counting})",
        "days_since": f"{literal(as_of)} - max(day) FILTER ({counting})",
        "share": "count(*) FILTER (WHERE used AND matches)::DOUBLE"
                 f" / nullif(count(*) FILTER ({counting}), 0)",
        "recontact": "count(*) FILTER (WHERE used AND matches)::DOUBLE"
                     " / nullif(count(*) FILTER (WHERE used), 0)",
        "ratio": "sum(x) FILTER (WHERE used) / nullif(sum(y) FILTER (WHERE used), 0)",
        "nps": "100.0 * (count(*) FILTER (WHERE used AND x >= 9) - count(*) FILTER "
               f"(WHERE used AND x <= 6)) / nullif(count(*) FILTER ({counting}), 0)",
        "sentiment": f"avg(sentiment(CASE WHEN used THEN x END)) FILTER ({counting})",
    }  # fmt: skip
    found = simple.get(rule.kind) or _aggregate(rule.kind, "used")
    return found if rule.per is None else f"({found}) * {float(rule.per)} / {rule.days}"


def _aggregate(kind: str, used: str) -> str:
    inner = {
        "count": "count(*)", "distinct": "count(DISTINCT x)", "mean": "avg(x)",
        "active_days": "count(DISTINCT day)",
    }  # fmt: skip
    if kind == "sum":
        # Of no rows a sum is nothing in SQL; who is known and did nothing did 0.
        return f"coalesce(sum(x) FILTER (WHERE {used}), 0)"
    return f"{inner[kind]} FILTER (WHERE {used})"


def _trend(rule: Counted, as_of: date) -> str:
    """The change against the period before, unknown until the table reaches back to its start."""
    kind = rule.of or ("count" if rule.column is None else "sum")
    now, before = _aggregate(kind, "used"), _aggregate(kind, "used_before")
    base = before if rule.at_least is None else f"greatest({before}, {literal(rule.at_least)})"
    assert rule.days is not None
    first = f"{literal(as_of)} - {2 * rule.days - 1}"
    oldest = f"SELECT min(CAST({_date(rule)} AS DATE)) FROM {quoted(rule.table)}"  # noqa: S608
    change = f"({now} - {before})::DOUBLE\n    / nullif({base}, 0)"
    return f"CASE WHEN ({oldest}) <= {first}\n    THEN {change} END"


def _date(rule: Counted) -> str:
    assert rule.date is not None
    return quoted(rule.date)


def _recontact(rule: Counted, account: str) -> str:
    """Whether the account had another row, closed at most so many days before this one began."""
    assert rule.closed is not None
    when, end, who = _date(rule), quoted(rule.closed), quoted(account)
    tests = (
        f"earlier.{who} = t.{who}", f"earlier.{when} < t.{when}", f"earlier.{end} <= t.{when}",
        f"CAST(earlier.{end} AS DATE) >= CAST(t.{when} AS DATE) - {rule.within}",
    )  # fmt: skip
    listed = "\n      AND ".join(tests)
    return f"EXISTS (SELECT 1 FROM {quoted(rule.table)} AS earlier WHERE {listed})"  # noqa: S608


def _all(conditions: Conditions) -> str:
    return " AND ".join(_one(quoted(name), wanted) for name, wanted in conditions.items())


def _one(column: str, wanted: Condition) -> str:
    if isinstance(wanted, list):
        return f"{column} IN ({', '.join(map(literal, wanted))})"
    if not isinstance(wanted, Test):
        return f"{column} = {literal(wanted)}"
    signs: dict[str, Any] = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<=",
                             "other_than": "<>"}  # fmt: skip
    tests = [
        f"{column} {sign} {literal(limit)}"
        for name, sign in signs.items()
        if (limit := getattr(wanted, name)) is not None
    ]
    if wanted.contains is not None:
        tests.append(f"contains(lower({column}), {literal(wanted.contains.lower())})")
    if wanted.empty is not None:
        tests.append(f"{column} IS {'' if wanted.empty else 'NOT '}NULL")
    return " AND ".join(tests)
