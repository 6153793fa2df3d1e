"""A curve as straight lines: where each begins and ends, and the points of one unit between."""

from __future__ import annotations

from scoring.model import LinearCurve, Metric
from scoring.model_blocks import BREAKPOINTS
from workbook_templates.formulas import ModelCells
from workbook_templates.lambdas.cells import Cell

__all__ = ["LINES", "identity", "metric_lines"]

LINES = BREAKPOINTS - 1
"""Most lines of a curve."""

Lines = tuple[Cell, ...]
"""Points at the start, then where the lines begin, where they end, and their slopes."""


def identity(slope: Cell) -> Lines:
    """One line through zero: the value itself, or so many points a unit."""
    none = (Cell(0),) * (LINES - 1)
    return (Cell(0), Cell(0), *none, Cell(100), *none, slope, *none)


def metric_lines(metric: Metric, cells: ModelCells) -> Lines:
    """The lines of a metric's curve; a line beyond its last breakpoint has no length.

    The points of a word stand with the word, so a word's curve is `identity`.
    """
    curve = metric.curve
    if not isinstance(curve, LinearCurve):
        return identity(Cell(1))
    froms, tos, slopes = [], [], []
    for i in range(LINES):
        (x0, y0), (x1, y1) = (
            [cells.metric(metric.key, f"{axis}{k}") for axis in "xy"] for k in (i + 1, i + 2)
        )
        (a, b), (c, d) = [*curve.points, *[(0.0, 0.0)] * LINES][i : i + 2]
        there = i + 1 < len(curve.points)
        froms.append(Cell(a if there else 0, f'=IF({x1}="",0,{x0})'))
        tos.append(Cell(c if there else 0, f'=IF({x1}="",0,{x1})'))
        slope = f'=IF({x1}="",0,({y1}-{y0})/({x1}-{x0}))'
        slopes.append(Cell((d - b) / (c - a) if there else 0, slope))
    start = Cell(curve.points[0][1], f"={cells.metric(metric.key, 'y1')}")
    return (start, *froms, *tos, *slopes)
