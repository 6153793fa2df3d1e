"""Renewals: `RENEWAL_FORECAST`, `RENEWAL_PLAY`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import chain

from addin.broadcast import broadcast, error_in
from addin.cells import Cell, CellProblem, Result, Results, Row, as_grid, shown, single, today
from addin.functions.accounts import read_model
from addin.readers import SCORE, read_amount, read_date, read_flag, read_number, read_share
from scoring.columns import normalise
from scoring.parse_text import is_blank
from scoring.renewal import BRACKETS, LABEL, Bracket, expected_loss, scenarios
from scoring.renewal import renewal_play as recommended_play
from scoring.rollup import TIERS, round_half_up, tier_code

__all__ = ["renewal_forecast", "renewal_play"]

_HEAD = ("Scenario", "Probability", "ARR at risk", "Basis")
_CALIBRATED = "Your calibration"
_COLUMNS = ("Score from", "Churn", "Contraction")
_BASIS, _EXPIRES = "Basis", "Expires"
"""Headers that a calibration may have besides."""

# A sum of shares may miss 1 by this much.
_SLACK = 1e-9


def renewal_forecast(score: object, arr: object, calibration: object = None) -> Results:
    """Renewal scenarios of one account: full renewal, contraction, churn, and what to expect.

    Args:
        score: 0–100; the displayed whole number is looked up.
        arr: annual recurring revenue; where it is blank, the ARR at risk is blank.
        calibration: rows under the headers *Score from*, *Churn* and *Contraction*: shares of
            accounts from that score up. *Basis* says what they rest on; from the day after
            *Expires* on they do not count. Without it, and after that day, the documents'
            illustration, labelled so.

    Returns:
        A row a scenario under the headers Scenario, Probability, ARR at risk, Basis; the three
        probabilities sum to 1, the row *Expected* gives the ARR lost on average. For a blank
        score an empty text, for an error cell the same error.

    Raises:
        CellProblem: a score or amount that is no number or off its scale; a calibration that
            cannot be read.
    """
    cells, shares = (single(score, "Score"), single(arr, "ARR")), as_grid(calibration)
    if shares == ((0.0,),):
        shares = ()  # a blank cell, as some hosts hand it over
    for cell in (*cells, *chain.from_iterable(shares)):
        if fault := error_in(cell):
            return fault
    rated, amount = read_number(cells[0], "Score", SCORE), read_amount(cells[1], "ARR")
    grid = [row for row in shares if not all(map(is_blank, row))]
    brackets, basis = _brackets(grid), _basis(grid)
    if math.isnan(rated):
        return ""
    if ended := _ended(grid):
        brackets, basis = (), f"{LABEL}: yours expired on {ended.isoformat()}"
    found = scenarios(round_half_up(rated), amount, math.nan, brackets or BRACKETS)
    rows = [(s.name, s.probability, _known(s.arr_at_risk), basis) for s in found]
    return (_HEAD, *rows, ("Expected", 1.0, _known(expected_loss(found)), basis))


def _known(amount: float) -> Result:
    return "" if math.isnan(amount) else amount


def _brackets(grid: Sequence[Row]) -> tuple[Bracket, ...]:
    """The shares under the headers of a range, by rising score; empty where there is no range."""
    if not grid:
        return ()
    head = [normalise(shown(cell)) for cell in grid[0]]
    missing = [name for name in _COLUMNS if normalise(name) not in head]
    if missing or len(grid) == 1:
        text = f"no {missing[0]} column" if missing else "no row under the headers"
        named = f"{', '.join(_COLUMNS[:2])} and {_COLUMNS[2]}"
        raise CellProblem("#VALUE!", f"Calibration: {text}. Give a range headed {named}.")
    places = [head.index(normalise(name)) for name in _COLUMNS]
    found = sorted((_bracket(row, places) for row in grid[1:]), key=lambda b: b.starts_at)
    starts = [b.starts_at for b in found]
    if starts[0] > 0 or len(set(starts)) < len(starts):
        text = f"Score from is {', '.join(map(shown, starts))}"
        fix = "Begin with 0, each score once, so that every score has one row."
        raise CellProblem("#VALUE!", f"Calibration: {text}. {fix}")
    return tuple(found)


def _basis(grid: Sequence[Row]) -> str:
    """What the probabilities rest on: the first text under *Basis*."""
    told = [shown(cell).strip() for cell in _under(grid, _BASIS) if not is_blank(cell)]
    return told[0] if told else _CALIBRATED if grid else LABEL


def _ended(grid: Sequence[Row]) -> date | None:
    """The last day of a range that is past it; None while it counts, or where none is given."""
    days = [read_date(cell, f"Calibration, {_EXPIRES}") for cell in _under(grid, _EXPIRES)]
    last = min((day for day in days if day is not None), default=None)
    return last if last is not None and today() > last else None


def _under(grid: Sequence[Row], name: str) -> list[Cell]:
    """Cells under a header that may be there."""
    head = [normalise(shown(cell)) for cell in grid[0]] if grid else []
    if normalise(name) not in head:
        return []
    at = head.index(normalise(name))
    return [row[at] for row in grid[1:]]


def _bracket(row: Row, places: Sequence[int]) -> Bracket:
    start, churn, contraction = (row[at] for at in places)
    names = [f"Calibration, {name}" for name in _COLUMNS]
    bracket = Bracket(
        read_number(start, names[0], SCORE),
        read_share(churn, names[1]),
        read_share(contraction, names[2]),
    )
    lost = bracket.churn + bracket.contraction
    if math.isnan(bracket.starts_at + lost):
        text = f"Calibration: the row from {shown(start)} has a blank. Fill in its three numbers."
        raise CellProblem("#VALUE!", text)
    if lost > 1 + _SLACK:
        text = f"Calibration: churn and contraction from {shown(start)} sum to {lost:.0%}."
        raise CellProblem("#NUM!", f"{text} Correct them: together they are at most 100%.")
    return bracket


def renewal_play(
    score: object, velocity: object, days_to_renewal: object, expansion: object = None
) -> Results:
    """What to do about a renewal, by the first rule that applies.

    Args:
        score: 0–100, or a range of them; its tier by the default model counts.
        velocity: points a day; blank where it is not known.
        days_to_renewal: blank where it is not known.
        expansion: whether the account wants more; blank is no.

    Returns:
        ``Expand``, ``Hold`` or ``Save``; an empty text for a blank score. ``Manage out`` needs
        signs that the account is leaving, which none of these says: scorecards have it.

    Raises:
        CellProblem: what cannot be read; a score off its scale.
    """
    return broadcast(_play, score, velocity, days_to_renewal, expansion)


def _play(score: Cell, velocity: Cell, days: Cell, expansion: Cell) -> Result:
    tier = TIERS[int(tier_code(read_model(None), read_number(score, "Score", SCORE)))]
    speed, left = read_number(velocity, "Velocity"), read_number(days, "Days to renewal")
    expanding = read_flag(expansion, "Expansion")
    return recommended_play(tier, speed, left, expanding=expanding, leaving=False).name
