"""Scores and tiers: `HEALTH_SCORE`, `HEALTH_TIER`, `DIMENSION_SCORE`, coverage and bounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from addin.broadcast import broadcast
from addin.cells import Cell, CellProblem, Fault, Result, Results, Row, as_text, filled, or_fault
from addin.functions.accounts import Accounts, read_accounts, read_model, score_row, too_little
from addin.readers import SCORE, read_number
from scoring.closest import did_you_mean
from scoring.columns import match_headers, metric_columns
from scoring.levers import listed
from scoring.model import ScoreModel
from scoring.reach import reach_text
from scoring.rollup import TIERS, tier_code

__all__ = ["dimension_score", "health_bounds", "health_coverage", "health_score", "health_tier"]


def health_score(
    values: object, headers: object = None, model: object = None, segment: object = None
) -> Results:
    """Score one account, or many; arguments as for `read_accounts`.

    Returns:
        The raw score 0–100, or what is wrong with the row as a `Fault`; for many rows a column
        of them.

    Raises:
        CellProblem: nothing can be scored: unknown model or segment, headers that match
            nothing, a wrong number of values.
    """
    return _column(_total, read_accounts(values, headers, model, segment))


def _column(one: Callable[[Row, Accounts], Result], accounts: Accounts) -> Results:
    """A result for each row; a single one as a plain value, whose fault is the call's own.

    Empty rows at the end are no accounts, and stay empty.
    """
    rows = accounts.rows
    if len(rows) == 1:
        return one(rows[0], accounts)
    last = filled(rows)
    found = tuple((or_fault(one, row, accounts),) for row in rows[:last])
    return found + (("",),) * (len(rows) - last)


def _total(row: Row, accounts: Accounts) -> float:
    scored = score_row(row, accounts)
    if scored.score.total != scored.score.total:
        raise too_little(scored)
    return scored.score.total


def dimension_score(
    dimension: object,
    values: object,
    headers: object = None,
    model: object = None,
    segment: object = None,
) -> Results:
    """Score one dimension of an account, or of many.

    Args:
        dimension: one text; its name, key or an alias, without regard to case, spaces and
            punctuation.
        values: as for `read_accounts`, like the other arguments.
        headers: the header row.
        model: a preset's name, or the cells of a *Model* sheet.
        segment: as for `read_accounts`; a dimension's own score does not depend on it.

    Returns:
        0–100 also where the model rates (a rating of 4 is 80), as it counts in the score; a
        `Fault` where nothing of the dimension is known. For many rows a column of them.

    Raises:
        CellProblem: no such dimension, with the model's own; and as `health_score`.
    """
    accounts = read_accounts(values, headers, model, segment)
    position = _dimension(as_text(dimension, "Dimension"), accounts.model)
    return _column(partial(_dimension_score, position), accounts)


@lru_cache(maxsize=256)
def _dimension(text: str, model: ScoreModel) -> int:
    """Position of the dimension that a text names."""
    keys = [d.key for d in model.dimensions]
    columns = [c for c in metric_columns(model) if c.key in keys]
    matched, _, _ = match_headers([text], columns)
    if matched:
        return keys.index(matched[0].key)
    names = [d.name for d in model.dimensions]
    what = f"{text}. Not a dimension of {model.name}." if text else "blank."
    parts = (f"Dimension: {what}", did_you_mean(text, names), f"Type one of: {', '.join(names)}.")
    raise CellProblem("#VALUE!", " ".join(filter(None, parts)))


def _dimension_score(position: int, row: Row, accounts: Accounts) -> float:
    score, record = score_row(row, accounts)
    found: float = score.rolled.dimensions[position]
    if found == found:
        return found
    dimension = accounts.model.dimensions[position]
    old = [m.name for m in dimension.metrics if m.key in score.stale]
    stale = f"Too old to count: {listed(old)}." if old else ""
    text = f"Insufficient data: nothing of {dimension.name} is known."
    raise CellProblem("#N/A", " ".join(filter(None, (text, stale, *record.notes))))


def health_coverage(values: object, headers: object = None, model: object = None) -> Results:
    """Share of the model's weight that was observed; arguments as for `read_accounts`.

    Returns:
        0–1, also where it is too little for a score; a `Fault` where a value of the row cannot
        be used. For many rows a column of them.

    Raises:
        CellProblem: as `health_score`.
    """
    return _column(_coverage, read_accounts(values, headers, model))


def _coverage(row: Row, accounts: Accounts) -> float:
    return score_row(row, accounts).score.coverage


def health_bounds(
    values: object, headers: object = None, model: object = None, segment: object = None
) -> Results:
    """Lowest and highest that the score could be; arguments as for `read_accounts`.

    Returns:
        A row an account: the score with all that is missing at its worst, at its best, and in
        words which tiers that reaches, ``Red, could be Amber``. Also where there is too little
        for a score. Where a value cannot be used, or a new account has no bounds yet, each of
        the three is the same `Fault`.

    Raises:
        CellProblem: as `health_score`; for one row also what is wrong with it.
    """
    accounts = read_accounts(values, headers, model, segment)
    rows = accounts.rows
    if len(rows) == 1:
        return (_bounds(rows[0], accounts),)
    last = filled(rows)
    found = (or_fault(_bounds, row, accounts) for row in rows[:last])
    known = tuple((f, f, f) if isinstance(f, Fault) else f for f in found)
    return known + (("", "", ""),) * (len(rows) - last)


def _bounds(row: Row, accounts: Accounts) -> tuple[Result, ...]:
    score = score_row(row, accounts).score
    if score.low != score.low:
        life = accounts.model.lifecycle
        text = f"A new account has the neutral score {life.neutral_score:g}, without bounds"
        raise CellProblem("#N/A", f"{text}, to day {life.neutral_days}.")
    return score.low, score.high, reach_text(score)


def health_tier(score: object, model: object = None) -> Results:
    """The tier's word of a score: rounded half-up to a whole number first, then compared.

    Args:
        score: one score 0–100, or a range of them.
        model: a preset's name, or the cells of a *Model* sheet; its tiers and words count.

    Returns:
        ``Green``, ``Amber`` (``Yellow`` where the model says so) or ``Red``. No score has no
        tier: a blank gives an empty text, an error cell the same error. For a range as many
        words, in the same shape.

    Raises:
        CellProblem: a single score that is no number or outside 0–100; an unknown model.
    """
    return broadcast(partial(_tier, read_model(model)), score)


def _tier(model: ScoreModel, cell: Cell) -> str:
    return model.tier_label(TIERS[int(tier_code(model, read_number(cell, "Score", SCORE)))])
