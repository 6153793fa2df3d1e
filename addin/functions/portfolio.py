"""Many accounts at once: `PORTFOLIO_SUMMARY`."""

from __future__ import annotations

import math
from itertools import chain

from addin.cells import Cell, CellProblem, Grid, Result, Results, as_grid, filled, is_error
from addin.functions.accounts import read_model
from addin.readers import SCORE, read_amount, read_number
from scoring.columns import HISTORY, match_headers
from scoring.parse import currency_of
from scoring.parse_text import is_blank
from scoring.portfolio import TierTotals, summarise

__all__ = ["portfolio_summary"]

_HEAD = ("Tier", "Accounts", "Share", "ARR", "ARR share", "Average score", "Without ARR")
_SCORES = [c for c in HISTORY if c.key == "score"]


def portfolio_summary(scores: object, arr: object = None, model: object = None) -> Results:
    """Accounts and ARR by tier: green, amber, red, no score, and the total.

    Args:
        scores: one cell an account; a blank or an error cell is an account without a score.
            Empty rows at the end do not count, nor does a first cell with the header *Score*,
            so that whole columns can be given.
        arr: ARR of the same accounts, in one currency; a blank or an error cell is not known.
        model: a preset's name, or the cells of a *Model* sheet; its tiers and words count.

    Returns:
        A row a tier under the headers Tier, Accounts, Share, ARR, ARR share, Average score,
        Without ARR: ARR is the sum of what is known, the last column counts the accounts of which
        it is not. Shares are thousandths that sum to exactly 1. An empty text where there is no
        account.

    Raises:
        CellProblem: an unknown model; ranges of different sizes; a score or amount that is no
            number or off its scale; amounts in two currencies.
    """
    chosen = read_model(model)
    rated, earned = _accounts(as_grid(scores), as_grid(arr))
    if not rated:
        return ""
    numbers = [_score(cell, place) for place, cell in enumerate(rated, start=1)]
    totals = summarise(numbers, _amounts(earned), chosen)
    return (_HEAD, *map(_row, totals))


def _accounts(scores: Grid, arr: Grid) -> tuple[list[Cell], list[Cell]]:
    """Score and ARR of each account, as far down as anything is filled in; no ARR if not given."""
    height = max(filled(scores), filled(arr))
    rated, earned = (list(chain.from_iterable(grid[:height])) for grid in (scores, arr))
    if all(map(is_blank, earned)):
        earned = []
    elif (len(scores), len(scores[0])) != (len(arr), len(arr[0])):
        told = f"{len(scores)} × {len(scores[0])} and {len(arr)} × {len(arr[0])} cells"
        text = f"Scores and ARR differ in size: {told}. Give ranges of the same shape."
        raise CellProblem("#VALUE!", text)
    first = int(bool(match_headers(rated[:1], _SCORES)[0]))
    # Scores may stand in a row as well, so this looks at each cell with its ARR.
    last = filled(tuple(zip(rated, earned or rated, strict=True)))
    return rated[first:last], earned[first:last]


def _score(cell: Cell, place: int) -> float:
    if is_error(cell):
        return math.nan
    try:
        return read_number(cell, f"Score of account {place}", SCORE)
    except CellProblem as problem:
        if place > 1 or not isinstance(cell, str):
            raise
        hint = "Where it is a header, begin the range below it."
        raise CellProblem("#VALUE!", f"{problem} {hint}") from problem


def _amounts(cells: list[Cell]) -> list[float] | None:
    currencies = sorted({code for cell in cells if (code := currency_of(cell))})
    if len(currencies) > 1:
        text = f"ARR: amounts in {' and '.join(currencies)} cannot be added up."
        raise CellProblem("#VALUE!", f"{text} Give the accounts of one currency.")
    return [_amount(cell, place) for place, cell in enumerate(cells, start=1)] or None


def _amount(cell: Cell, place: int) -> float:
    return math.nan if is_error(cell) else read_amount(cell, f"ARR of account {place}")


def _row(totals: TierTotals) -> tuple[Result, ...]:
    t = totals
    numbers = (float(t.accounts), t.share, t.arr, t.arr_share, t.average, t.without_arr)
    return (t.label, *("" if math.isnan(x) else x for x in numbers))
