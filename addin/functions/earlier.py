"""Earlier rows of an account: what it scored then, and how it came to its score of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from addin.cells import CellProblem, Grid, Row, is_error
from addin.functions.accounts import Accounts, score_row
from addin.functions.recognition import match_table
from addin.records import layout
from scoring.model import ScoreModel
from scoring.one import Score
from scoring.parse import Value, parse_value
from scoring.parse_text import ValueProblem
from scoring.rollup import TIERS, tier_code
from scoring.trend import VELOCITY_DAYS, velocity

__all__ = ["Earlier", "Then", "day_of", "earlier_scores", "velocity_since"]

# A snapshot up to three days younger than a month counts as a month old, as in the history.
_SLACK_DAYS = 3


@dataclass(frozen=True, slots=True)
class Earlier:
    """Rows of one account at earlier dates, under a header row with a *Date* column."""

    headers: Row
    rows: Grid


@dataclass(frozen=True, slots=True)
class Then:
    """What an account scored on an earlier day.

    Attributes:
        day: date of the row.
        total: raw score.
        tier: its tier's key.
        score: all of it where the row holds inputs; None where it holds a score alone.
        position: of the row among the rows given.
    """

    day: date
    total: float
    tier: str
    score: Score | None
    position: int


def day_of(headers: Row, row: Row, model: ScoreModel) -> date | None:
    """The day of a row: its *Date*, else its *Data as of*; None without one that can be read."""
    for key in ("date", "data_as_of"):
        found = _value(headers, row, model, key)
        if isinstance(found, date):
            return found
    return None


def earlier_scores(earlier: Earlier, accounts: Accounts, before: date) -> tuple[Then, ...]:
    """Scores of the rows that lie before a day, the latest first.

    A row that holds inputs is scored as of its own day; else its *Score* column counts. Rows
    without a day or without a score are left out.

    Args:
        earlier: rows of the account.
        accounts: how the account of today is scored: model and segment.
        before: the day of today's row.
    """
    found = list(_then(earlier, accounts, before))
    return tuple(sorted(found, key=lambda then: then.day, reverse=True))


def velocity_since(total: float, day: date, then: Sequence[Then]) -> float | None:
    """Points a day since the snapshot about a month ago; the earliest where all are younger."""
    old = [t for t in then if (day - t.day).days >= VELOCITY_DAYS - _SLACK_DAYS]
    base = old[0] if old else then[-1] if then else None
    return None if base is None else velocity(total, base.total, (day - base.day).days)


def _then(earlier: Earlier, accounts: Accounts, before: date) -> Iterator[Then]:
    model = accounts.model
    for position, row in enumerate(earlier.rows):
        day = day_of(earlier.headers, row, model)
        if day is None or day >= before:
            continue
        score = _scored(earlier.headers, row, accounts, day)
        if score is not None and score.total == score.total:
            yield Then(day, score.total, score.tier, score, position)
            continue
        given = _value(earlier.headers, row, model, "score")
        if isinstance(given, float):
            yield Then(day, given, TIERS[int(tier_code(model, given))], None, position)


def _scored(headers: Row, row: Row, accounts: Accounts, day: date) -> Score | None:
    model, segment = accounts.model, accounts.segment
    try:
        how = layout(headers, model, segment_given=segment is not None)
        as_of = day if how.dated else None
        return score_row(row, Accounts(model, (row,), how, segment, as_of)).score
    except CellProblem:
        return None


def _value(headers: Row, row: Row, model: ScoreModel, key: str) -> Value | None:
    """What the row's column of that key holds; None where it holds nothing that can be read."""
    for at, column in match_table(headers, model)[0].items():
        if column.key == key and not is_error(row[at]):
            try:
                return parse_value(row[at], column)
            except ValueProblem:
                return None
    return None
