"""What most functions begin with: model, rows of accounts and headers, read and scored.

`score_row` keeps what it has scored, because a sheet asks several functions about one row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from addin.cells import (
    CellProblem,
    Fault,
    Grid,
    Row,
    as_grid,
    as_text,
    shown,
    single,
    today,
)
from addin.records import Layout, Record, layout, plain_layout, read_row, read_segment
from scoring.errors import ModelError
from scoring.levers import listed, missing_inputs
from scoring.model import ScoreModel, Segment
from scoring.one import Score, score_one
from scoring.parse_text import is_blank
from scoring.presets import DEFAULT, load_preset, unknown_preset
from scoring.scales import OutOfScale, typed_scale

__all__ = [
    "Accounts",
    "Scored",
    "lack",
    "read_accounts",
    "read_model",
    "score_record",
    "score_row",
    "too_little",
]

# What a message lists of a model's faults: a sheet that is no model has thousands.
_MOST_LINES = 9
# A sum of weights may miss its whole number by this much.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Accounts:
    """Rows of accounts and how to read them.

    Attributes:
        model: what scores them.
        rows: one row of ``how.width`` cells an account.
        how: which position holds what.
        segment: the segment argument, which wins over a *Segment* column; None without one.
        as_of: day that ages count to; None where no date counts.
    """

    model: ScoreModel
    rows: Grid
    how: Layout
    segment: Segment | None
    as_of: date | None


class Scored(NamedTuple):
    """One account: its `Score`, and the values and notes it stands on."""

    score: Score
    record: Record


def read_accounts(
    values: object, headers: object = None, model: object = None, segment: object = None
) -> Accounts:
    """The accounts that four arguments describe, as most functions take them.

    Args:
        values: one row of cells an account. Without headers: the model's dimensions in order,
            as ratings 1–5 or points 0–100, whichever the model takes.
        headers: the header row over the values; names it does not know are ignored. Values and
            headers may both stand in a column instead.
        model: a preset's name, or the cells of a *Model* sheet; ``scorecard`` when left out.
        segment: enterprise, mid-market or smb; when left out, a *Segment* column decides.

    Raises:
        CellProblem: nothing can be scored: unknown model or segment, headers that match
            nothing, a wrong number of values.
    """
    asked = _question(_fixed(headers), _fixed(model), _fixed(segment))
    rows, how = as_grid(values), asked.how
    if asked.upright or (not asked.named and len(rows) == how.width > 1 and len(rows[0]) == 1):
        rows = tuple(zip(*rows, strict=True))
    if len(rows[0]) != how.width:
        raise _wrong_width(len(rows[0]), asked)
    return Accounts(asked.model, rows, how, asked.segment, today() if how.dated else None)


def only_row(accounts: Accounts) -> Row:
    """The row of a function that takes one account.

    Raises:
        CellProblem: several rows.
    """
    if len(accounts.rows) > 1:
        text = f"{len(accounts.rows)} rows of values where one account belongs. Give one row."
        raise CellProblem("#VALUE!", text)
    return accounts.rows[0]


def score_row(row: Row, accounts: Accounts) -> Scored:
    """Score one of the rows.

    Raises:
        CellProblem: every value that cannot be used, with column, value and fix.
    """
    # TRUE and 1 are equal as keys, but not as values: so the kinds of the cells are in the key.
    kinds = tuple(map(type, row))
    a = accounts
    found = _scored(row, kinds, a.how, a.model, a.segment, a.as_of)
    if isinstance(found, Fault):
        raise CellProblem(found.code, found.message)  # type: ignore[arg-type]
    return found


def read_model(argument: object) -> ScoreModel:
    """The model an argument names or holds; the default preset when it is left out.

    Raises:
        CellProblem: no such preset, or what is wrong with the cells of the *Model* sheet.
    """
    if argument is None or argument == "":
        return _preset(DEFAULT)
    grid = as_grid(argument)
    if len(grid) * len(grid[0]) > 1:
        return _model_of(grid)
    cell = single(grid, "Model")
    # "n/a" is a name that no preset has, and no reason to score by the default.
    name = cell.strip() if isinstance(cell, str) else as_text(cell, "Model")
    return _preset(name or DEFAULT)


@lru_cache(maxsize=64)
def _preset(name: str) -> ScoreModel:
    try:
        return load_preset(name)
    except ModelError as error:
        text = f"{unknown_preset(name)} For a model of your own give the cells of its Model sheet."
        raise CellProblem("#VALUE!", text) from error


@lru_cache(maxsize=16)
def _model_of(grid: Grid) -> ScoreModel:
    # Most sheets name a preset; only a Model range needs its reader.
    from scoring.model_sheet import model_from_rows

    try:
        # A host hands cells over without where they stand.
        return model_from_rows(grid, "Model range (its first cell being A1)")
    except ModelError as error:
        lines = str(error).splitlines()
        more = len(lines) - _MOST_LINES
        lines[_MOST_LINES:] = [f"  And {more} more."] if more > 0 else []
        raise CellProblem("#VALUE!", "\n".join(lines)) from error


class _Question(NamedTuple):
    """What headers, model and segment say about whatever values stand under them."""

    model: ScoreModel
    how: Layout
    segment: Segment | None
    named: bool
    upright: bool


def _fixed(argument: object) -> object:
    return as_grid(argument) if isinstance(argument, tuple | list) else argument


# A sheet asks thousands of times with the same three, and only its values differ.
@lru_cache(maxsize=256)
def _question(headers: object, model: object, segment: object) -> _Question:
    chosen = read_model(model)
    grid = _headers(headers)
    if len(grid) > 1 and len(grid[0]) > 1:
        raise CellProblem("#VALUE!", "Headers: several rows. Give the one header row.")
    names = tuple(chain.from_iterable(grid))
    given = read_segment(text) if (text := as_text(segment, "Segment")) else None
    how = layout(names, chosen, segment_given=given is not None) if names else plain_layout(chosen)
    return _Question(chosen, how, given, named=bool(names), upright=len(grid) > 1)


def _headers(argument: object) -> Grid:
    """Header cells as a grid; empty when the argument is left out or blank."""
    if argument is None or argument == "" or argument == 0:
        return ()
    grid = as_grid(argument)
    return grid if any(not is_blank(h) for row in grid for h in row) else ()


def _wrong_width(width: int, asked: _Question) -> CellProblem:
    model, wanted = asked.model, asked.how.width
    values = _counted(width, "value")
    if asked.named:
        message = f"{_counted(wanted, 'header')} over {values}. Give ranges of the same width."
        return CellProblem("#VALUE!", message)
    names = ", ".join(d.name for d in model.dimensions)
    low, high = typed_scale(model)
    return CellProblem(
        "#VALUE!",
        f"{values} where {model.name} expects {wanted}, each {low:g} to {high:g}: "
        f"{names}. Give these, or their header row as headers.",
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


# A full recalculation, and every further function over the same row, asks for the same again.
@lru_cache(maxsize=16_384)
def _scored(
    row: Row,
    _kinds: tuple[type, ...],
    how: Layout,
    model: ScoreModel,
    segment: Segment | None,
    as_of: date | None,
) -> Scored | Fault:
    try:
        record = read_row(row, how, as_of)
        if segment is not None:
            record.values["segment"] = segment
        return score_record(record, model, as_of)
    except CellProblem as problem:
        return problem.fault


def score_record(record: Record, model: ScoreModel, as_of: date | None) -> Scored:
    """Score a record that has been read, or changed since.

    Raises:
        CellProblem: every value outside its scale.
    """
    try:
        return Scored(score_one(record.values, model, as_of=as_of), record)
    except OutOfScale as error:
        lines = [f"{column}: {shown(v)}. {text}" for _, column, v, text in error.problems]
        raise CellProblem("#NUM!", "\n".join(lines)) from error


def too_little(scored: Scored) -> CellProblem:
    """What a function raises for a row without a score: how much is known, and what is not."""
    score, names = scored.score, {m.key: m.name for m in scored.score.model.metrics}
    missing = f"Missing: {listed(missing_inputs(score))}."
    old = f"Too old to count: {listed([names[key] for key in score.stale])}." if score.stale else ""
    text = " ".join(filter(None, (lack(score), missing, old, *scored.record.notes)))
    return CellProblem("#N/A", text)


def lack(score: Score) -> str:
    """How much is known and how much a score needs: ``Insufficient data: coverage 35%, …``."""
    # Rounded down, so that 49.6% never reads as the 50% it misses.
    seen = math.floor(100 * score.coverage + _SLACK)
    return f"Insufficient data: coverage {seen}%, needs {100 * score.model.min_coverage:g}%."
