"""Snapshots of past days from a source that knows what was known when."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipeline.settings import declared_source, is_url
from pipeline.sources.grid import Book
from pipeline.sources.query import AS_OF, open_query, read_query
from pipeline.sources.read import choose_reading, read_book
from pipeline.store import History, Written
from pipeline.store.use import score_with_history
from scoring.columns import account_columns, fact_columns
from scoring.errors import DataError
from scoring.inputs import Problem
from scoring.model import ScoreModel

__all__ = ["EVERY", "Built", "build_history", "days_between", "first_problems"]

EVERY = ("month", "week", "day", "quarter")
_MONTHS = {"month": 1, "quarter": 3}
_DAYS = {"day": 1, "week": 7}
_MOST = 4_000
Opener = Callable[[date], Book]


@dataclass(frozen=True)
class Built:
    """One day.

    Attributes:
        day: for which.
        written: what became of its accounts; None where the day had been recorded before.
        scored: how many accounts got a score.
        problems: of the source on that day.
    """

    day: date
    written: Written | None
    scored: int = 0
    problems: tuple[Problem, ...] = ()


def days_between(first: date, last: date, every: str) -> list[date]:
    """Days from *first* to *last*, both included, one a day, week, month or quarter.

    From the last day of a month on they are last days of months; else a month without that day
    gives its last one.

    Raises:
        DataError: *last* lies before *first*, or the days are too many.
    """
    if last < first:
        raise DataError(f"{last} lies before {first}. Give --from the earlier day.")
    at_end = first.day == calendar.monthrange(first.year, first.month)[1]
    days: list[date] = []
    for step in range(_MOST + 1):
        day = _step(first, step, every, at_end=at_end)
        if day > last:
            return days
        days.append(day)
    raise DataError(f"These are more than {_MOST:,} days. Give a later --from, or --every month.")


def _step(first: date, step: int, every: str, *, at_end: bool) -> date:
    if every in _DAYS:
        return first + timedelta(days=step * _DAYS[every])
    months = first.year * 12 + first.month - 1 + step * _MONTHS[every]
    year, month = divmod(months, 12)
    end = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, end if at_end else min(first.day, end))


def build_history(
    source: str | Path,
    model: ScoreModel,
    history: History,
    days: list[date],
    *,
    today: date,
    query: str | None = None,
    correct: bool = False,
    progress: Callable[[Built], None] = lambda _: None,
) -> list[Built]:
    """Score each day with what was known then, and record it; the oldest first.

    A day that stands there under this model's version is left as it is, so that a build that was
    stopped goes on where it stopped.

    Args:
        source: a declared source, or the URL of a database.
        model: the score model.
        history: where to record.
        days: which, in order.
        today: the day it is.
        query: of a database; must have ``:as_of``.
        correct: score days again that stand there, and record what differs as correction.
        progress: called after each day.

    Raises:
        DataError: the source cannot say what was known when, or cannot be read.
    """
    if days and days[-1] > today:
        raise DataError(f"{days[-1]} is not over yet. Give --to a day up to {today}.")
    standing = {(d.day, d.model) for d in history.days()}
    opened = _opener(source, model, query, today)
    reading, facts = choose_reading(None, None), fact_columns(model)
    out: list[Built] = []
    for day in days:
        if (day, model.label) in standing and not correct:
            built = Built(day, None)
        else:
            inputs = read_book(opened(day), model, None, reading, facts)
            done = score_with_history(
                inputs, model, history, as_of=day, today=today, record=True, correct=correct
            )
            scores = done.scored.scores
            scored = int((scores.total == scores.total).sum())
            built = Built(day, done.written, scored, done.scored.problems)
        out.append(built)
        progress(built)
    return out


def _opener(source: str | Path, model: ScoreModel, query: str | None, today: date) -> Opener:
    """How to get the sheets of a day; tables are read once for all days."""
    columns = (*account_columns(model), *fact_columns(model))
    if is_url(source):
        if query is None or not AS_OF.search(read_query(query)[0]):
            raise DataError(
                "The query gives the same rows for every day. Write :as_of into it where rows "
                "become known, as in: where created_at <= :as_of"
            )
        return lambda day: open_query(str(source), query, as_of=day)
    settings = declared_source(source)
    if settings is None:
        raise DataError(
            f"{source} says nothing about earlier days. Declare its tables in healthsheet.toml, "
            "each with known_at, or record it from today on with score --history."
        )
    from pipeline.project import OpenProject, read_project

    project = OpenProject(read_project(settings))
    return lambda day: project.book(columns, as_of=day, today=today, strict=True)


def first_problems(built: list[Built], count: int) -> Iterator[str]:
    """The first different problems of all days, as text."""
    seen = dict.fromkeys(str(p) for b in built for p in b.problems if p.severity == "error")
    yield from list(seen)[:count]
