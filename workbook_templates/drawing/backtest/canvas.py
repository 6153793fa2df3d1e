"""Where things stand in the backtest workbook, and the hand that draws them there."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_templates.backtest.heights import Heights
from workbook_templates.backtest.names import CURRENCY
from workbook_templates.backtest.shape import Shape
from workbook_templates.backtest.sheets import backtest_tables
from workbook_templates.drawing.hand import Hand
from workbook_templates.drawing.theme import Book

__all__ = ["CORNERS", "Canvas"]

CORNERS = {
    "Cases": "A4",
    "Brackets": "B34",
    "Powers": "B25",
    "Calibration": "P5",
    "Changes": "B13",
    "Surprises": "B4",
    "Reviews": "B4",
    "Triggers": "B17",
    "Method": "B4",
    "TierBars": "AA2",
    "BracketBars": "AG2",
    "AucPoints": "AM2",
    "CurvePoints": "AS2",
    "IllustrationPoints": "AY2",
    "Diagonal": "BE2",
    "MetricBars": "BH2",
    "DimensionBars": "BP2",
    "BracketLines": "BX2",
    "LiftLines": "CD2",
    "WeightBars": "CJ2",
    "TriggerBars": "CN2",
    "ScoreRange": "DG2",
    "ToldTiers": "CS2",
    "ToldBrackets": "CX2",
}
"""Table → its first header cell."""


_ROW = 22


def _corners(shape: Shape) -> dict[str, str]:
    """Tables move up where what stands over them is not drawn."""
    up = {} if shape.overridden else {"Triggers": "B9"}
    return {**CORNERS, **up, **({} if shape.compared else {"Powers": "B5"})}


class Canvas(Hand):
    """The drawing hand: a book, what it is to have room for, and the addresses formulas need."""

    def __init__(self, book: Book, shape: Shape, heights: Heights = ()) -> None:
        super().__init__(book, backtest_tables(shape), _corners(shape), CURRENCY)
        self.shape = shape
        # Two rows at least: a range of one cell would not grow.
        self.heights = {name: (*sizes, _ROW)[: max(len(sizes), 2)] for name, sizes in heights}
        self.rows = {name: len(sizes) for name, sizes in self.heights.items()}

    def tall(self, table: str) -> Sequence[int]:
        """Heights of the rows of a Table, or of *Told*: the lines of recommendations."""
        return self.heights.get(table, (_ROW, _ROW))
