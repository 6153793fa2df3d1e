"""Each function's example, changed to the row that a person has selected, and its result there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from addin.cells import Fault, Results
from addin.function import Argument, Function
from addin.functions.explanation import Explanation, Question
from addin.functions.recognition import Known
from addin.registry import FUNCTIONS
from scoring.model import LinearCurve, Metric
from scoring.presets import DEFAULT
from scoring.units import MINUS

__all__ = ["Example", "Names", "examples"]

_LARGE = 10_000


@dataclass(frozen=True, slots=True)
class Names:
    """How a formula speaks of the row and its model.

    Attributes:
        prefix: the row's sheet as a formula names it, ``Accounts!``; "" on the same sheet.
        model: what a formula says: ``"support"`` in quotes, or the range of a *Model* sheet.
        given: the same as a function takes it: a preset's name or rows of cells.
        earlier_rows: row numbers of the earlier rows where they stand under the same header.
    """

    prefix: str
    model: str
    given: object
    earlier_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One formula.

    Attributes:
        name: of the function.
        formula: that can be put into a cell.
        adapted: whether it speaks of the selected row; else its cells are examples.
        result: what it gives, in words; "" where that is not known.
    """

    name: str
    formula: str
    adapted: bool
    result: str


class _Part(NamedTuple):
    """An argument: its text in the formula, and its value."""

    text: str
    value: object


@dataclass(frozen=True, slots=True)
class _Here:
    question: Question
    found: Explanation
    names: Names


def examples(question: Question, found: Explanation, names: Names) -> list[Example]:
    """An example for each function of the registry, in its order.

    Args:
        question: the selected row.
        found: its explanation.
        names: how formulas speak of it.
    """
    here = _Here(question, found, names)
    return [_example(function, here) for function in FUNCTIONS]


def _example(function: Function, here: _Here) -> Example:
    parts: list[_Part | None] = []
    for argument in function.arguments:
        part = _part(argument, here)
        if part is None and not argument.optional:
            return Example(function.name, function.examples[0], False, "")
        parts.append(part)
    while parts and parts[-1] is None:
        parts.pop()
    result = function.call(*(p.value if p else None for p in _filled(parts, function)))
    return Example(function.name, f"={_call(function.name, parts)}", True, _told(result))


def _filled(parts: list[_Part | None], function: Function) -> list[_Part | None]:
    return [*parts, *[None] * (len(function.arguments) - len(parts))]


def _call(name: str, parts: list[_Part | None]) -> str:
    return f"{name}({', '.join(p.text if p else '' for p in parts)})"


def _part(argument: Argument, here: _Here) -> _Part | None:
    """What an argument can be here; None where the row does not tell."""
    resolve = _BY_NAME.get((argument.name, argument.kind)) or _BY_NAME.get((argument.name, ""))
    return resolve(here) if resolve else None


def _values(here: _Here) -> _Part | None:
    return _span(here, here.question.place.row, here.question.row, "")


def _headers(here: _Here) -> _Part | None:
    return _span(here, here.question.place.header_row, here.question.headers, "$")


def _span(here: _Here, row: int, cells: tuple[object, ...], fixed: str) -> _Part | None:
    """The cells from the first to the last column that counts."""
    known = here.found.columns.recognised
    if not known:
        return None
    first, last = known[0], known[-1]
    text = f"{here.names.prefix}{first.letter}{fixed}{row}:{last.letter}{fixed}{row}"
    return _Part(text, (tuple(cells[first.position : last.position + 1]),))


def _model(here: _Here) -> _Part | None:
    names = here.names
    return None if names.given == DEFAULT else _Part(names.model, names.given)


def _previous_row(here: _Here) -> _Part | None:
    change = here.found.verdict.change if here.found.verdict else None
    earlier, rows = here.question.earlier, here.names.earlier_rows
    if change is None or earlier is None or not rows:
        return None
    return _span(here, rows[change.position], earlier.rows[change.position], "")


def _score(here: _Here) -> _Part | None:
    verdict = here.found.verdict
    if verdict is None or verdict.total is None:
        return None
    parts = [_values(here), _headers(here), _model(here)]
    return _Part(_call("HEALTH_SCORE", [p for p in parts if p]), verdict.total)


def _previous_score(here: _Here) -> _Part | None:
    return _number(round(here.found.last.total, 1)) if here.found.last else None


def _velocity(here: _Here) -> _Part | None:
    velocity = here.found.verdict.velocity if here.found.verdict else None
    return _number(round(velocity[0], 2)) if velocity else None


def _target(here: _Here) -> _Part | None:
    """Where the next better tier starts; ten points more for a Green."""
    verdict = here.found.verdict
    if verdict is None or verdict.total is None:
        return None
    above = [t.starts_at for t in here.question.model.tiers if t.starts_at > verdict.total]
    return _number(min(above, default=min(round(verdict.total) + 10.0, 100.0)))


def _dimension(here: _Here) -> _Part | None:
    return _text(here.question.model.dimensions[0].name)


def _metric(here: _Here) -> _Part | None:
    metric = _driver(here)
    return _text(metric.name) if metric else None


def _new_value(here: _Here) -> _Part | None:
    metric = _driver(here)
    if metric is None:
        return None
    if isinstance(metric.curve, LinearCurve):
        return _number(max(metric.curve.points, key=lambda point: point[1])[0])
    return _text(metric.curve.words[0])


def _driver(here: _Here) -> Metric | None:
    """The metric that lost most."""
    losses = here.found.verdict.losses if here.found.verdict else ()
    metrics = {m.name: m for m in here.question.model.metrics}
    return next((metrics[loss.name] for loss in losses if loss.name in metrics), None)


def _days_left(here: _Here) -> _Part | None:
    renewal = _renewal(here)
    # The function that takes it reads a day count; the nested call gives one.
    days = next(f for f in FUNCTIONS if f.name == "DAYS_TO_RENEWAL")
    return _Part(f"DAYS_TO_RENEWAL({renewal.text})", days.call(renewal.value)) if renewal else None


def _renewal(here: _Here) -> _Part | None:
    return _cell(here, lambda known: known.name == "Renewal date")


def _arr(here: _Here) -> _Part | None:
    return _cell(here, lambda known: known.name == "ARR")


def _of_unit(unit: str) -> Callable[[_Here], _Part | None]:
    def resolve(here: _Here) -> _Part | None:
        wanted = {m.name for m in here.question.model.metrics if m.unit == unit}
        return _cell(here, lambda known: known.name in wanted)

    return resolve


def _cell(here: _Here, wanted: Callable[[Known], bool]) -> _Part | None:
    columns = here.found.columns
    known = next(filter(wanted, (*columns.recognised, *columns.others)), None)
    if known is None:
        return None
    q = here.question
    return _Part(f"{here.names.prefix}{q.place.cell(known.position)}", q.row[known.position])


def _number(value: float) -> _Part:
    return _Part(f"{value:.15g}", float(value))


def _text(value: str) -> _Part:
    return _Part('"' + value.replace('"', '""') + '"', value)


# By an argument's name, and its kind where one name stands for two things.
_BY_NAME: Mapping[tuple[str, str], Callable[[_Here], _Part | None]] = {
    ("values", ""): _values,
    ("headers", ""): _headers,
    ("model", ""): _model,
    ("previous", "rows"): _previous_row,
    ("previous_values", ""): _previous_row,
    ("previous", "numbers"): _previous_score,
    ("score", ""): _score,
    ("velocity", ""): _velocity,
    ("target", ""): _target,
    ("dimension", ""): _dimension,
    ("metric", ""): _metric,
    ("new_value", ""): _new_value,
    ("days_to_renewal", ""): _days_left,
    ("date", ""): _renewal,
    ("arr", ""): _arr,
    ("nps", ""): _of_unit("nps_index"),
    ("csat", ""): _of_unit("csat"),
}


def _told(result: Results) -> str:
    """A result in a few words: a value, an error with its message, or the size of a table."""
    if isinstance(result, tuple):
        if len(result) == 1:
            return ", ".join(_told(cell) for cell in result[0])
        return f"{len(result)} rows, {len(result[0])} columns"
    if isinstance(result, Fault):
        return f"{result.code} {result.message}".strip()
    if isinstance(result, str):
        return result or "blank"
    digits = f"{result:,.0f}" if abs(result) >= _LARGE else f"{result:.4g}"
    return digits.replace("-", MINUS)
