"""What fires over a history of scores: `HEALTH_ALERTS`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from addin.cells import (
    Cell,
    CellProblem,
    Result,
    Results,
    Row,
    advice,
    as_grid,
    filled,
    is_error,
    shown,
)
from addin.functions.accounts import read_model
from scoring.alerts import Alert, HistoryRow, find_alerts
from scoring.columns import ALERTS, Column, match_headers
from scoring.parse import Value, is_numeric, parse_value
from scoring.parse_dates import column_day_first
from scoring.parse_text import Reading, ValueProblem, is_blank

__all__ = ["health_alerts"]

_HEAD = ("Account", "Date", "Alert", "On", "Owner", "Action", "Due")
_NONE = ("No alerts", *[""] * (len(_HEAD) - 1))
_PLACE = ("account_id", "account_name", "date")
_TIERS = {"Green": "green", "Amber": "amber", "Yellow": "amber", "Red": "red"}
_NOBODY = ValueProblem("The row does not say whose it is.", "Type the account.")
_NEVER = ValueProblem("The row has no date.", "Type it as 2026-01-31.")
_TOLD = 3

_Columns = Mapping[str, tuple[int, Column]]
_Record = dict[str, Value | None]


class _Slip(NamedTuple):
    """A cell that cannot be used: row of the range, its header row being 1, and why."""

    row: int
    column: Column
    raw: Cell
    problem: ValueProblem


def health_alerts(history: object) -> Results:
    """Alerts over rows of dated scores, by the triggers of `scoring.triggers`.

    Args:
        history: header row and rows, in any order: *Account* or *Account ID*, *Date*, *Score*,
            and any further columns of `columns.ALERTS`, matched by name or alias; others are
            ignored. A row that tells nothing but account and date is left out, an error cell
            among the facts is a missing value. Without *Tier* it follows from the score: green
            from 80, amber from 60.

    Returns:
        A row an alert: account, date, name, numbers, owner, action, due date; newest first, of
        one day the most severe first. Dates are ISO text, readable without a number format.
        Without alerts the one row "No alerts".

    Raises:
        CellProblem: a needed column is not there; cells that cannot be read, each with its row
            and column.
    """
    grid = as_grid(history)
    columns = _columns(grid[0])
    facts = [at for key, (at, _) in columns.items() if key not in _PLACE]
    body = [
        (number, row)
        for number, row in enumerate(grid[1 : filled(grid)], start=2)
        if any(not (is_blank(row[at]) or is_error(row[at])) for at in facts)
    ]
    records, slips = _read(body, columns)
    if slips:
        raise _refusal(slips)
    names = {_account(r): str(r["account_name"]) for r in records if r.get("account_name")}
    found = find_alerts(map(_history_row, records), read_model(None))
    return (_HEAD, *(_line(alert, names) for alert in found)) if found else (_HEAD, _NONE)


def _columns(headers: Row) -> _Columns:
    """Key → position and column of what the header row names.

    Raises:
        CellProblem: names the first needed column that is not there.
    """
    texts = ["" if is_error(h) or h is None else str(h) for h in headers]
    matched, _, _ = match_headers(texts, ALERTS)
    found = {column.key: (at, column) for at, column in matched.items()}
    missing = [c.name for c in ALERTS if c.required and c.key not in found]
    if not found.keys() & {"account_id", "account_name"}:
        missing.insert(0, "Account")
    if missing:
        given = ", ".join(shown(t) for t in texts if t)[:80] or "blank or show errors"
        text = f"History: no {missing[0]} column; the headers are {given}."
        fix = "Give a range that begins with the headers Account, Date and Score."
        raise CellProblem("#VALUE!", f"{text} {fix}")
    return found


def _read(body: Sequence[tuple[int, Row]], columns: _Columns) -> tuple[list[_Record], list[_Slip]]:
    """A record of canonical values for each row, and the cells that cannot be used."""
    slips: list[_Slip] = []
    table = {
        key: _values([(number, row[at]) for number, row in body], column, slips)
        for key, (at, column) in columns.items()
    }
    records = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    names = [columns[key][1] for key in ("account_id", "account_name") if key in columns]
    bad = {slip.row for slip in slips if slip.column in names}
    for (number, _), record in zip(body, records, strict=True):
        if number not in bad and not _account(record):
            slips.append(_Slip(number, names[0], None, _NOBODY))
    return records, sorted(slips, key=lambda slip: slip.row)


def _values(
    cells: Sequence[tuple[int, Cell]], column: Column, slips: list[_Slip]
) -> list[Value | None]:
    """The values of one column; equal cells are read once."""
    day_first = column_day_first(c for _, c in cells) if column.kind == "date" else None
    reading = Reading(day_first=day_first)
    # TRUE and 1 are equal as keys, but not as values.
    known: dict[tuple[type, Cell], Value | ValueProblem | None] = {}
    values: list[Value | None] = []
    for number, cell in cells:
        key = (type(cell), cell)
        if key not in known:
            known[key] = _value(cell, column, reading)
        value = known[key]
        if isinstance(value, ValueProblem):
            slips.append(_Slip(number, column, cell, value))
            value = None
        values.append(value)
    return values


def _value(cell: Cell, column: Column, reading: Reading) -> Value | ValueProblem | None:
    if is_error(cell) and column.key not in _PLACE:
        return None
    try:
        value = parse_value(cell, column, reading)
    except ValueProblem as problem:
        # Without where it was raised: with it each of a history's slips takes 3 KB.
        return problem.with_traceback(None)
    return _NEVER if value is None and column.key == "date" else value


def _account(record: _Record) -> str:
    """Whose row it is: the id, else the name; empty where neither is given."""
    return str(record.get("account_id") or record.get("account_name") or "")


def _history_row(record: _Record) -> HistoryRow:
    day, renewal, login = (record.get(k) for k in ("date", "renewal_date", "last_activity_date"))
    assert isinstance(day, date)  # a row without one is refused before
    gap = _number(record, "days_since_activity")
    if gap != gap and isinstance(login, date):
        gap = float((day - login).days)
    return HistoryRow(
        account=_account(record),
        day=day,
        score=_number(record, "score"),
        tier=_TIERS.get(str(record.get("tier")), ""),
        renewal=renewal if isinstance(renewal, date) else None,
        usage=_number(record, "usage"),
        csat=_number(record, "csat"),
        login_gap=gap,
        tickets=_number(record, "tickets"),
        ticket_change=_number(record, "ticket_change"),
        payment_failed=record.get("payment_failed") is True,
        stakeholder_left=record.get("stakeholder_left") is True,
    )


def _number(record: _Record, key: str) -> float:
    value = record.get(key)
    return value if isinstance(value, float) else math.nan


def _line(alert: Alert, names: Mapping[str, str]) -> tuple[Result, ...]:
    name, day, due = names.get(alert.account, alert.account), alert.day, alert.due
    told = (alert.name, alert.evidence, alert.owner, alert.action)
    return (name, day.isoformat(), *told, due.isoformat())


def _refusal(slips: Sequence[_Slip]) -> CellProblem:
    """What is wrong with the first cells; #NUM! when all are numbers off their scale."""
    lines = [
        f"History, row {slip.row}, {slip.column.name}: {shown(slip.raw)}. {advice(slip.problem)}"
        for slip in slips[:_TOLD]
    ]
    more = len(slips) - len(lines)
    numbers = all(isinstance(s.raw, float) and is_numeric(s.column) for s in slips)
    text = "\n".join([*lines, f"And {more} more."] if more else lines)
    return CellProblem("#NUM!" if numbers else "#VALUE!", text)
