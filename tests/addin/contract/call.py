"""What a call of the contract is, and short ways to write its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from addin.cells import CellError, Fault, Grid, Results
from scoring.model import Gate
from scoring.model_sheet import model_to_rows
from scoring.presets import load_preset

Given = Grid | str | float | None

NA, DIV = CellError("#N/A"), CellError("#DIV/0!")
VALUE_FAULT, NUM_FAULT, NA_FAULT = Fault("#VALUE!"), Fault("#NUM!"), Fault("#N/A")
DIMENSIONS = ("Usage", "Engagement", "Sentiment", "Financial")
WORKED = (55.0, 72.0, 61.0, 85.0)
"""The worked example of the four-dimension models."""


@dataclass(frozen=True)
class Call:
    """One call: function, arguments (a grid stands in cells, else typed), what it must give."""

    name: str
    function: str
    given: tuple[Given, ...]
    expected: Results


def row(*cells: float | str | bool | date | CellError | None) -> Grid:
    """One row of cells."""
    return (tuple(cells),)


def model_range(name: str, **changes: object) -> Grid:
    """The cells of a *Model* sheet for a preset, with some of its properties changed."""
    model = load_preset(name).model_copy(update=changes)
    return tuple(tuple(cells) for cells in model_to_rows(model))


FOUR, FOUR_2 = "four-dimension", "four-dimension-2"
LONG_AGO, NOT_YET = date(2020, 1, 1), date(2090, 1, 1)
"""Days that lie on the same side of today whenever the calls run: data of the one is too old, and
an account that starts on the other is new."""
WEIGHTS = (30, 20, 20, 15, 15)
"""Of the five dimensions of the scorecard."""
UNPAID = model_range(FOUR, gates=(Gate(key="unpaid", name="Payment failed", cap="amber"),))
MANY = 5000
"""Rows of the largest calls."""
