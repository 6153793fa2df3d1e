"""Scores and tiers: `HEALTH_SCORE`, `HEALTH_TIER`."""

from __future__ import annotations

from addin.cells import (
    Cell,
    CellError,
    CellProblem,
    Fault,
    Result,
    Results,
    Row,
    as_grid,
    is_error,
    or_fault,
    shown,
)
from addin.functions.accounts import Accounts, read_accounts, read_model, score_row, too_little
from scoring.model import ScoreModel
from scoring.parse_numbers import parse_number
from scoring.parse_text import Reading, ValueProblem, is_blank
from scoring.rollup import TIERS, tier_code
from scoring.scales import scale_text

__all__ = ["dimension_score", "health_bounds", "health_coverage", "health_score", "health_tier"]

# A sum of weights may miss its whole number by this much.
_SLACK = 1e-9


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
    accounts = read_accounts(values, headers, model, segment)
    if len(accounts.rows) == 1:
        return _total(accounts.rows[0], accounts)
    return tuple((or_fault(_total, row, accounts),) for row in accounts.rows)


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
    """Score of one dimension."""
    raise NotImplementedError


def health_coverage(values: object, headers: object = None, model: object = None) -> Results:
    """Share of the weight that was observed."""
    raise NotImplementedError


def health_bounds(
    values: object, headers: object = None, model: object = None, segment: object = None
) -> Results:
    """Lowest and highest the score could be."""
    raise NotImplementedError


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
    chosen = read_model(model)
    grid = as_grid(score)
    if len(grid) * len(grid[0]) == 1:
        return _tier(grid[0][0], chosen)
    return tuple(tuple(or_fault(_tier, cell, chosen) for cell in row) for row in grid)


def _tier(cell: Cell, model: ScoreModel) -> Result:
    if is_error(cell):
        code = cell.code if isinstance(cell, CellError) else str(cell).strip()
        return Fault(code, "The score itself is an error.")
    if is_blank(cell):
        return ""
    score = _score_number(cell)
    if not -_SLACK <= score <= 100 + _SLACK:
        text = f"Score: {shown(score)}. The scale is {scale_text((0.0, 100.0))}; correct the value."
        raise CellProblem("#NUM!", text)
    return model.tier_label(TIERS[int(tier_code(model, score))])


def _score_number(cell: object) -> float:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    try:
        return parse_number(cell if isinstance(cell, str) else "", Reading())
    except ValueProblem as problem:
        raise CellProblem("#VALUE!", f"Score: {shown(cell)}. {problem}") from problem
