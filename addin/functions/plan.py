"""What would change a score: `HEALTH_WHATIF`, `HEALTH_GOAL`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from addin.broadcast import error_in
from addin.cells import (
    Cell,
    CellProblem,
    Result,
    Results,
    Row,
    advice,
    as_text,
    shown,
    single,
    today,
)
from addin.functions.accounts import (
    Accounts,
    only_row,
    read_accounts,
    score_record,
    score_row,
    too_little,
)
from addin.readers import read_number
from addin.records import Derived, Record, derivable, follows, read_row
from scoring.closest import did_you_mean
from scoring.columns import ACCOUNT, Column, match_headers, metric_columns
from scoring.goal import Goal, NoGoal, reach_goal
from scoring.model import ScoreModel
from scoring.parse import Value, parse_value
from scoring.parse_text import ValueProblem, is_blank

__all__ = ["health_goal", "health_whatif"]

_HEAD = ("Metric", "From", "To", "Score after", "Gain")
_NAMES = {c.key: c.name for c in ACCOUNT}


def health_whatif(
    values: object, headers: object, metric: object, new_value: object, model: object = None
) -> Results:
    """The score of one account if one thing had another value, all else as it is.

    Args:
        values: the row of one account, as for `read_accounts`.
        headers: the header row over it; blank for a row of the model's dimensions in order.
        metric: a metric or dimension by any name that a header may have, in the headers or not;
            or a date or count that a metric follows from, such as *Renewal date*.
        new_value: read as if typed in the cell: ``48%``, a word, a date. It counts as of today. A
            metric of a dimension that is typed changes nothing: the typed dimension wins.
        model: a preset's name, or the cells of a *Model* sheet.

    Returns:
        The raw score 0–100. An error cell as new value gives the same error.

    Raises:
        CellProblem: an unknown metric, a value it cannot have, several accounts, a row that
            cannot be read or has too little data then.
    """
    accounts = read_accounts(values, headers, model)
    row = only_row(accounts)
    column = _column(as_text(metric, "Metric"), accounts.model)
    cell = single(new_value, "New value")
    if fault := error_in(cell):
        return fault
    if is_blank(cell):
        raise CellProblem("#VALUE!", "New value: blank. Type the value to try.")
    as_of = today() if column.kind == "date" else accounts.as_of
    record = _changed(row, accounts, column, _parsed(cell, column), as_of)
    scored = score_record(record, accounts.model, as_of)
    if scored.score.total != scored.score.total:
        raise too_little(scored)
    return scored.score.total


def _column(name: str, model: ScoreModel) -> Column:
    """The metric, dimension or source of a metric that a name means.

    Raises:
        CellProblem: there is none; names the closest.
    """
    columns = _columns(model)
    matched, _, _ = match_headers([name], columns)
    if matched:
        return matched[0]
    hint = did_you_mean(name, {text: c.name for c in columns for text in (*c.aliases, c.name)})
    what = f"{name}. Not in the model {model.name}." if name else "blank."
    next_step = (
        f"{hint} HEALTH_METRICS lists all." if hint else f"Type one such as {columns[0].name}."
    )
    raise CellProblem("#VALUE!", f"Metric: {what} {next_step}")


@lru_cache(maxsize=64)
def _columns(model: ScoreModel) -> tuple[Column, ...]:
    inputs = tuple(c for c in metric_columns(model) if c.key in model.inputs)
    sources = {key for d in derivable(model) for key in d.sources}.difference(model.inputs)
    return inputs + tuple(c for c in ACCOUNT if c.key in sources)


def _parsed(cell: Cell, column: Column) -> Value:
    try:
        value = parse_value(cell, column)
    except ValueProblem as problem:
        number = isinstance(cell, float) and column.kind != "date"
        text = f"{column.name}: {shown(cell)}. {advice(problem)}"
        raise CellProblem("#NUM!" if number else "#VALUE!", text) from problem
    assert value is not None  # blanks are refused before
    return value


def _changed(
    row: Row, accounts: Accounts, column: Column, value: Value, as_of: date | None
) -> Record:
    """The row's record with one value replaced, and what follows from it worked out anew."""
    derived = [d for d in derivable(accounts.model) if column.key in d.sources]
    replaced = {column.key, *(d.metric.key for d in derived)}
    # What stood there does not matter, so it may be wrong.
    at = {f.position for f in accounts.how.fields if f.key in replaced}
    kept = tuple(None if i in at else cell for i, cell in enumerate(row))
    record = read_row(kept, accounts.how, as_of)
    record.values[column.key] = value
    for metric in derived:
        record.values[metric.metric.key] = _derived(metric, record, as_of)
    if as_of is not None:
        record.values.update({f"{key}_as_of": as_of for key in replaced})
    return record


def _derived(metric: Derived, record: Record, as_of: date | None) -> Value:
    value = follows(metric, [record.values.get(key) for key in metric.sources], as_of)
    if value is None:
        names = " and ".join(_NAMES[key] for key in metric.sources)
        text = f"{metric.metric.name} follows from {names}, and not both are in the row."
        raise CellProblem("#VALUE!", f"{text} Try {metric.metric.name} itself.")
    return value


def health_goal(values: object, headers: object, target: object, model: object = None) -> Results:
    """The moves that bring one account to a score, by the rule of `reach_goal`.

    Args:
        values: the row of one account, as for `read_accounts`.
        headers: the header row over it; blank for a row of the model's dimensions in order.
        target: 1–100, reached when the displayed score is not below it.
        model: a preset's name, or the cells of a *Model* sheet.

    Returns:
        A row a move under the headers Metric, From, To, Score after, Gain: values in the
        metric's own unit (48% is 0.48), raw scores. The last row is the score itself, found by
        scoring the moved values; where nothing has to move it is the only one.

    Raises:
        CellProblem: #N/A where the target is out of reach or there is no score to start from;
            a target that is no score; several accounts; a row that cannot be read.
    """
    accounts = read_accounts(values, headers, model)
    row = only_row(accounts)
    cell = single(target, "Target")
    if fault := error_in(cell):
        return fault
    wanted = read_number(cell, "Target", (1.0, 100.0))
    if wanted != wanted:
        raise CellProblem("#VALUE!", "Target: blank. Type the score to reach.")
    scored = score_row(row, accounts)
    if scored.score.total != scored.score.total:
        raise too_little(scored)
    try:
        goal = reach_goal(scored.record.values, accounts.model, wanted, as_of=accounts.as_of)
    except NoGoal as problem:
        raise CellProblem("#N/A", str(problem)) from problem
    return (_HEAD, *_rows(goal))


def _rows(goal: Goal) -> Sequence[tuple[Result, ...]]:
    moves = [(m.name, m.start, m.to, m.score, m.gain) for m in goal.moves]
    now, reached = goal.now.total, goal.reached.total
    name = "Score" if moves else "Target already reached"
    return [*moves, (name, now, reached, reached, reached - now)]
