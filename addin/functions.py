"""What people type into cells: arguments in, a value or a `Fault` out.

Each function takes cells as `addin.cells` describes them and scores through `score_one`, the
same engine, policy and numbers as everywhere else. `CellProblem` says what a cell cannot show;
`registry.Function.call` turns it into the cell's error.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import ParamSpec

from addin.cells import (
    Cell,
    CellError,
    CellProblem,
    Fault,
    Grid,
    Result,
    Results,
    Row,
    as_grid,
    as_text,
    is_error,
    shown,
    today,
)
from addin.records import Layout, layout, plain_layout, read_row, read_segment
from scoring.errors import ModelError
from scoring.model import ScoreModel, Segment
from scoring.one import Score, score_one
from scoring.parse_numbers import parse_number
from scoring.parse_text import Reading, ValueProblem, is_blank
from scoring.presets import DEFAULT, load_preset
from scoring.rollup import TIERS, tier_code
from scoring.scales import OutOfScale, scale_text, typed_scale

__all__ = ["health_score", "health_tier"]

P = ParamSpec("P")

# A sum of weights may miss its whole number by this much.
_SLACK = 1e-9


def health_score(
    values: object, headers: object = None, model: object = None, segment: object = None
) -> Results:
    """Score one account, or many.

    Args:
        values: one row of cells an account. Without headers: the model's dimensions in order,
            as ratings 1–5 or points 0–100, whichever the model takes.
        headers: the header row over the values; names it does not know are ignored. Values and
            headers may both stand in a column instead.
        model: a preset's name, or the cells of a *Model* sheet; ``scorecard`` when left out.
        segment: enterprise, mid-market or smb; when left out, a *Segment* column decides.

    Returns:
        The raw score 0–100, or what is wrong with the row as a `Fault`; for many rows a column
        of them.

    Raises:
        CellProblem: nothing can be scored: unknown model or segment, headers that match
            nothing, a wrong number of values.
    """
    chosen = read_model(model)
    rows, names = _oriented(as_grid(values), _headers(headers), chosen)
    given = read_segment(text) if (text := as_text(segment, "Segment")) else None
    how = layout(names, chosen, segment_given=given is not None) if names else plain_layout(chosen)
    _check_width(len(rows[0]), how, chosen, named=bool(names))
    if len(rows) == 1:
        return _score_row(rows[0], how, chosen, given)
    return tuple((_score_row(row, how, chosen, given),) for row in rows)


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
    return tuple(tuple(_or_fault(_tier, cell, chosen) for cell in row) for row in grid)


def read_model(argument: object) -> ScoreModel:
    """The model an argument names or holds; the default preset when it is left out.

    Raises:
        CellProblem: no such preset, or what is wrong with the cells of the *Model* sheet.
    """
    if argument is None or argument == "":
        return _preset(DEFAULT)
    if isinstance(argument, str):
        return _preset(argument)
    grid = as_grid(argument)
    if len(grid) * len(grid[0]) > 1:
        return _model_of(grid)
    return _preset(as_text(argument, "Model") or DEFAULT)


@lru_cache(maxsize=64)
def _preset(name: str) -> ScoreModel:
    try:
        return load_preset(name)
    except ModelError as error:
        raise CellProblem("#VALUE!", str(error)) from error


@lru_cache(maxsize=16)
def _model_of(grid: Grid) -> ScoreModel:
    # Most sheets name a preset; only a Model range needs its reader.
    from scoring.model_sheet import model_from_rows

    try:
        return model_from_rows(grid, "Model range")
    except ModelError as error:
        raise CellProblem("#VALUE!", str(error)) from error


def _headers(argument: object) -> Grid:
    """Header cells as a grid; empty when the argument is left out or blank."""
    if argument is None or argument == "" or argument == 0:
        return ()
    grid = as_grid(argument)
    return grid if any(not is_blank(h) for row in grid for h in row) else ()


def _oriented(values: Grid, headers: Grid, model: ScoreModel) -> tuple[Grid, Row]:
    """Rows of accounts and their header row, whether they stand in rows or in one column."""
    if not headers:
        count = len(model.dimensions)
        upright = len(values) == count > 1 and len(values[0]) == 1
        return (tuple(zip(*values, strict=True)) if upright else values), ()
    if len(headers) == 1:
        return values, headers[0]
    if len(headers[0]) > 1:
        raise CellProblem("#VALUE!", "Headers: several rows. Give the one header row.")
    return tuple(zip(*values, strict=True)), tuple(row[0] for row in headers)


def _check_width(width: int, how: Layout, model: ScoreModel, *, named: bool) -> None:
    if width == how.width:
        return
    if named:
        message = f"{how.width} headers over {width} values. Give ranges of the same width."
        raise CellProblem("#VALUE!", message)
    names = ", ".join(d.name for d in model.dimensions)
    low, high = typed_scale(model)
    raise CellProblem(
        "#VALUE!",
        f"{width} values where {model.name} expects {how.width}, each {low:g} to {high:g}: "
        f"{names}. Give these, or the header row as second argument.",
    )


def _score_row(row: Row, how: Layout, model: ScoreModel, segment: Segment | None) -> Result:
    # TRUE and 1 are equal as keys, but not as values: so the kinds of the cells are in the key.
    kinds = tuple(map(type, row))
    return _scored(row, kinds, how, model, segment, today() if how.dated else None)


# A full recalculation, and every further function over the same row, asks for the same again.
@lru_cache(maxsize=16_384)
def _scored(
    row: Row,
    _kinds: tuple[type, ...],
    how: Layout,
    model: ScoreModel,
    segment: Segment | None,
    as_of: date | None,
) -> Result:
    return _or_fault(_total, row, how, model, segment, as_of)


def _total(
    row: Row, how: Layout, model: ScoreModel, segment: Segment | None, as_of: date | None
) -> float:
    values, notes = read_row(row, how, as_of)
    if segment is not None:
        values["segment"] = segment
    try:
        score = score_one(values, model, as_of=as_of)
    except OutOfScale as error:
        lines = [f"{column}: {shown(v)}. {text}" for _, column, v, text in error.problems]
        raise CellProblem("#NUM!", "\n".join(lines)) from error
    if score.total != score.total:
        raise CellProblem("#N/A", " ".join((_too_little(score, model), *notes)))
    return score.total


def _too_little(score: Score, model: ScoreModel) -> str:
    # Rounded down, so that 49.6% never reads as the 50% it misses.
    seen = math.floor(100 * score.rolled.coverage + _SLACK)
    return f"Insufficient data: coverage {seen}%, needs {100 * model.min_coverage:g}%."


def _or_fault(function: Callable[P, Result], *given: P.args, **more: P.kwargs) -> Result:
    """A result or what is wrong: each cell of a range has its own error."""
    try:
        return function(*given, **more)
    except CellProblem as problem:
        return problem.fault


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
