"""What a call of the contract is, and short ways to write its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from addin.cells import CellError, Fault, Grid, Results
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
