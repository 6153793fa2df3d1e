"""The row that a person selected: JSON of the pane → what `explain` takes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from addin.cells import Grid, Row
from addin.functions.accounts import read_model
from addin.functions.earlier import Earlier
from addin.functions.explanation import Question
from addin.functions.recognition import Place, best_preset
from addin.hosts.officejs.examples import Names
from addin.hosts.officejs.refusal import Refusal
from addin.hosts.officejs.wire import read_grid
from addin.records import read_segment
from scoring.model import ScoreModel

__all__ = ["read_names", "read_question", "wanted_model"]

Given = Mapping[str, object]

_MOST_ROWS = 200
_MOST_COLUMNS = 16_384
# A sheet's name has 31 characters, a model's 40.
_LONGEST_NAME = 100
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def read_question(given: Given) -> tuple[Question, str]:
    """The question, and who chose its model: ``person``, or ``headers`` where nobody did.

    Raises:
        Refusal: not of the form that the pane sends.
        CellProblem: a model or segment that cannot be read.
    """
    headers, row = _row(given.get("headers")), _row(given.get("row"))
    if len(headers) != len(row):
        raise _malformed("Headers and row differ in length")
    model, chosen = _model(given, headers)
    segment = given.get("segment")
    question = Question(
        headers=headers,
        row=row,
        model=model,
        segment=read_segment(segment) if isinstance(segment, str) and segment else None,
        place=_place(given),
        earlier=_rows_of(given.get("earlier")),
        overrides=_rows_of(given.get("overrides")),
    )
    return question, chosen


def read_names(given: Given, question: Question) -> Names:
    """How formulas speak of the question's row and model."""
    raw = given.get("model")
    earlier = given.get("earlier")
    at = earlier.get("at") if isinstance(earlier, dict) else None
    rows = tuple(n for n in at if isinstance(n, int)) if isinstance(at, list) else ()
    same = question.earlier is not None and question.earlier.headers == question.headers
    named = _name(raw.get("range")) if isinstance(raw, dict) else ""
    return Names(
        prefix=_name(given.get("prefix")),
        model=named or f'"{question.model.name}"',
        given=wanted_model(given) or question.model.name,
        earlier_rows=rows if same and question.earlier and _each(rows, question.earlier) else (),
    )


def wanted_model(given: Given) -> object:
    """The model argument of a function: a preset's name, or the rows of a *Model* sheet."""
    raw = given.get("model")
    if isinstance(raw, dict):
        return read_grid(raw.get("rows"))
    return _name(raw) or None


def _model(given: Given, headers: Row) -> tuple[ScoreModel, str]:
    wanted = wanted_model(given)
    if wanted:
        return read_model(wanted), "person"
    return best_preset(headers), "headers"


def _each(rows: tuple[int, ...], earlier: Earlier) -> bool:
    return len(rows) == len(earlier.rows)


def _rows_of(raw: object) -> Earlier | None:
    if not isinstance(raw, dict) or not raw.get("rows"):
        return None
    headers, rows = _row(raw.get("headers")), read_grid(raw["rows"])
    if len(rows) > _MOST_ROWS:
        raise Refusal(413, "too-many-rows", f"{len(rows)} rows of one account, at most "
                      f"{_MOST_ROWS} fit. Keep fewer snapshots on the sheet.")  # fmt: skip
    if len(headers) != len(rows[0]):
        raise _malformed("Headers and rows differ in length")
    return Earlier(headers, rows)


def _row(raw: object) -> Row:
    grid: Grid = read_grid([raw])
    if len(grid[0]) > _MOST_COLUMNS:
        text = f"{len(grid[0])} columns, at most {_MOST_COLUMNS} fit."
        raise Refusal(413, "too-many-columns", text)
    return grid[0]


def _name(raw: object) -> str:
    """A name, or "" where none is given."""
    if isinstance(raw, str) and len(raw) > _LONGEST_NAME:
        raise _malformed("A name is too long")
    return raw if isinstance(raw, str) else ""


def _place(given: Given) -> Place:
    at, header = given.get("at", "A2"), given.get("headerRow", 1)
    found = _ADDRESS.fullmatch(at) if isinstance(at, str) else None
    if found is None or not isinstance(header, int):
        raise _malformed("The row stands at no address")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return Place(column - 1, int(found[2]), header)


def _malformed(what: str) -> Refusal:
    return Refusal(400, "malformed", f"{what}. Reload the add-in; it may be older than the server.")
