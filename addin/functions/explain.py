"""Why a score is what it is: dimensions, drivers, steps of a change, what a model wants."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from addin.broadcast import error_in
from addin.cells import CellProblem, Fault, Result, Results, Row, as_grid, is_error, single
from addin.functions.accounts import (
    Accounts,
    Scored,
    only_row,
    read_accounts,
    read_model,
    score_row,
    too_little,
)
from addin.readers import read_number
from scoring.columns import metric_columns
from scoring.drivers import drivers
from scoring.metric_text import healthy_text, range_text, unit_text, values_text
from scoring.model import Dimension, ScoreModel
from scoring.one import Score
from scoring.parse import parse_value
from scoring.parse_text import ValueProblem, is_blank
from scoring.scales import typed_scale
from scoring.trend import trend_arrow
from scoring.waterfall import CAUSES, NO_INPUT, change_one

__all__ = ["health_change", "health_drivers", "health_metrics", "health_scorecard"]

_DRIVERS = 5
_LEAST = 1e-9
"""Points below which a loss is the noise of sums."""
_RATING_STEP = 20.0
"""Points 0–100 of one step of a rating."""

_Lines = Iterator[tuple[Result, ...]]


def health_scorecard(
    values: object,
    headers: object = None,
    model: object = None,
    segment: object = None,
    previous: object = None,
) -> Results:
    """Dimensions of one account and their sum, the score.

    Args:
        values: the row of one account, as for `read_accounts`, like the next three.
        headers: the header row.
        model: a preset's name, or the cells of a *Model* sheet.
        segment: as for `read_accounts`.
        previous: the same row at an earlier date, under the same headers.

    Returns:
        A row a dimension: its score 0–100, or rating 1–5 where the model rates; its weight among
        those that are known; score × weight; ↑, → or ↓ against the earlier row. What is missing
        is blank. The neutral score of a new account has a row of its own. The last row is the
        total, what `HEALTH_SCORE` shows.

    Raises:
        CellProblem: several accounts, a row that cannot be read or has too little for a score.
    """
    accounts = read_accounts(values, headers, model, segment)
    score = _with_score(score_row(only_row(accounts), accounts))
    earlier = _earlier(previous, headers, model, segment).score if _is_given(previous) else None
    return tuple(_scorecard(score, earlier))


def _is_given(previous: object) -> bool:
    """Whether there is anything in the row; a reference to a blank cell may come as 0."""
    grid = as_grid(previous)
    return grid != ((0,),) and any(not is_blank(cell) for row in grid for cell in row)


def _scorecard(score: Score, earlier: Score | None) -> _Lines:
    rated, parts = score.model.typed == "rating", score.rolled.parts
    yield "Dimension", "Rating" if rated else "Score", "Weight", "Weighted score", "Trend"
    in_play = sum(w for p, w in zip(parts, score.weights, strict=True) if p.present)
    for i, dimension in enumerate(score.model.dimensions):
        part, weight = parts[i], score.weights[i]
        if not part.present or not in_play:
            yield dimension.name, "", "", "", ""
            continue
        shown = part.score / _RATING_STEP if rated else part.score
        share = weight / in_play
        trend = trend_arrow(part.score, earlier.rolled.dimensions[i]) if earlier else ""
        yield dimension.name, shown, share, share * part.score, trend
    if name := _on_top(score):
        yield name, "", "", score.total - (score.rolled.total if in_play else 0.0), ""
    # The mean of ratings says nothing that the score does not, and would look like one of them.
    whole = 1.0 if in_play else ""
    yield "Total", "" if rated else score.total, whole, score.total, _total_trend(score, earlier)


def _total_trend(score: Score, earlier: Score | None) -> str:
    """Arrow of the score; a neutral score is no measurement that anything could rise from."""
    if earlier is None or "Provisional" in (score.status, earlier.status):
        return ""
    return trend_arrow(score.total, earlier.total)


def _on_top(score: Score) -> str:
    """What stands in place of the score of the inputs, in words; empty where nothing does."""
    if score.status == "Provisional":
        return "Provisional: neutral score"
    same = abs(score.total - score.rolled.total) <= 1e-9
    return "" if same else "Set by a person"


def health_drivers(
    values: object,
    headers: object = None,
    model: object = None,
    segment: object = None,
    count: object = None,
) -> Results:
    """What lost one account points of its score, most first, by the rule of `drivers.rank`.

    Args:
        values: the row of one account, as for `read_accounts`, like the next three.
        headers: the header row.
        model: a preset's name, or the cells of a *Model* sheet.
        segment: as for `read_accounts`.
        count: how many to list, 5 when it is left out or 0.

    Returns:
        A row a driver: points of the total that it lost, its own points 0–100, its value as
        given, its dimension. Where the model counts missing values as zero or neutral, what they
        lost has a row of its own, and so has the neutral score of a new account, below zero where
        it gives points. All drivers and these rows lost 100 less the score.

    Raises:
        CellProblem: as `health_scorecard`; a count that is no number from 1 up.
    """
    accounts = read_accounts(values, headers, model, segment)
    cell = single(count, "Count")
    if fault := error_in(cell):
        return fault
    many = int(read_number(cell, "Count", (0.0, None), blank=0.0)) or _DRIVERS
    score = _with_score(score_row(only_row(accounts), accounts))
    return tuple(_driver_rows(score, many))


def _driver_rows(score: Score, many: int) -> _Lines:
    yield "Metric", "Points lost", "Points", "Value", "Dimension"
    found, name = drivers(score), _on_top(score)
    for d in found[:many]:
        yield d.name, d.lost, d.points, d.value, d.dimension
    missing = 100.0 - score.rolled.total - math.fsum(d.lost for d in found)
    if missing > _LEAST:
        yield "Missing values", missing, "", "", ""
    if name:
        inputs = score.rolled.total
        yield name, (inputs if inputs == inputs else 100.0) - score.total, "", "", ""
    elif not found and not missing > _LEAST:
        yield "No points lost", 0.0, "", "", ""


def health_change(
    values: object, previous_values: object, headers: object = None, model: object = None
) -> Results:
    """Exact steps from an earlier score of one account to this one, as `change_one` finds them.

    Args:
        values: the row of one account, as for `read_accounts`.
        previous_values: the same row at an earlier date, under the same headers. Where it has a
            *Data as of* date, it is scored as it stood on that day.
        headers: the header row.
        model: a preset's name, or the cells of a *Model* sheet.

    Returns:
        The earlier score, a row a step with its cause and its points, the score. The steps sum
        to the difference of the two.

    Raises:
        CellProblem: several accounts, a row that cannot be read or has too little for a score.
    """
    accounts = read_accounts(values, headers, model)
    after = _with_score(score_row(only_row(accounts), accounts))
    earlier = _earlier(previous_values, headers, model)
    try:
        before = _with_score(earlier)
    except CellProblem as problem:
        raise _of_previous(problem) from problem
    return tuple(_change_rows(before, after))


def _change_rows(before: Score, after: Score) -> _Lines:
    names = {c.key: c.name for c in metric_columns(after.model)}
    yield "Step", "Cause", "Points"
    yield "Previous score", "", before.total
    for step in change_one(before, after).steps:
        yield names.get(step.key) or NO_INPUT[step.kind], CAUSES[step.kind], step.points
    yield "Score", "", after.total


def health_metrics(model: object = None) -> Results:
    """What a model wants to know: a row a metric, its weight as a share of the score.

    A dimension without metrics is typed by a person, and has a row of its own.

    Raises:
        CellProblem: no such preset, or what is wrong with the cells of the *Model* sheet.
    """
    return tuple(_metric_rows(read_model(model)))


def _metric_rows(model: ScoreModel) -> _Lines:
    yield "Metric", "Dimension", "Unit", "Scale", "Healthy", "Weight"
    for dimension, share in zip(model.dimensions, model.weights(), strict=True):
        whole = sum(m.weight for m in dimension.metrics)
        for m in dimension.metrics:
            texts = unit_text(m.unit), values_text(m), healthy_text(m)
            yield m.name, dimension.name, *texts, share * (m.weight / whole)
        if not dimension.metrics:
            yield *_typed_row(dimension, model), share


def _typed_row(dimension: Dimension, model: ScoreModel) -> tuple[str, ...]:
    column = next(c for c in metric_columns(model) if c.key == dimension.key)
    unit = column.unit or "points"
    step = _RATING_STEP if unit == "rating" else 1.0
    healthy = range_text((model.tiers[0].starts_at / step, None), unit)
    scale = range_text(typed_scale(model), unit)
    return column.name, dimension.name, unit_text(unit), scale, healthy


def _with_score(scored: Scored) -> Score:
    """The account's score.

    Raises:
        CellProblem: there is too little data for one.
    """
    if math.isnan(scored.score.total):
        raise too_little(scored)
    return scored.score


def _earlier(previous: object, headers: object, model: object, segment: object = None) -> Scored:
    """The account at an earlier date, as it stood then."""
    try:
        accounts = read_accounts(previous, headers, model, segment)
        row = only_row(accounts)
        return score_row(row, replace(accounts, as_of=_day(row, accounts)))
    except CellProblem as problem:
        raise _of_previous(problem) from problem


def _day(row: Row, accounts: Accounts) -> date | None:
    """The day of an earlier row: its *Data as of*, where it has one before today."""
    field = next((f for f in accounts.how.fields if f.key == "data_as_of"), None)
    if field is None or accounts.as_of is None or is_error(row[field.position]):
        return accounts.as_of
    try:
        day = parse_value(row[field.position], field.column)
    except ValueProblem:
        return accounts.as_of  # reading the whole row says what is wrong
    return min(day, accounts.as_of) if isinstance(day, date) else accounts.as_of


def _of_previous(problem: CellProblem) -> CellProblem:
    fault: Fault = problem.fault
    return CellProblem(fault.code, f"Previous values: {fault.message}")  # type: ignore[arg-type]
