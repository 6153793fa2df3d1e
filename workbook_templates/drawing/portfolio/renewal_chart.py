"""Renewals as a chart: days left × score, shape = tier, size = ARR, the worst by their rank.

XlsxWriter has no bubble chart, and bubbles cannot have a shape each: a scatter chart has, with
three sizes of markers. A ranked account is a series of one point whose name is its rank, because
labels from cells print as values in LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scoring.rollup import TIERS
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.theme import (
    INK,
    SHAPE,
    SOLID,
    TEXT,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)

DAYS = 180
"""Days to the right end of the axis."""
_MARKER = {"green": "circle", "amber": "triangle", "red": "square"}
_SIZES = (6, 9, 13)
_RANKED = {"amber": 17, "red": 14}
"""A triangle needs more room for a number than a square."""
_Y = tuple((key, size) for key in TIERS for size in range(len(_SIZES)))


@dataclass(frozen=True)
class Block:
    """Where the points stand.

    Attributes:
        sheet, column, top: of its first cell: days, then a column a tier and size.
        points: rows for points.
        ranks: rows for ranked accounts below them: days, amber's score, red's score, the rank.
    """

    sheet: str
    column: str
    top: int
    points: int
    ranks: int = 0

    @property
    def first(self) -> int:
        """The first column, 0-based."""
        return int(xl_cell_to_rowcol(f"{self.column}1")[1])

    @property
    def ranks_top(self) -> int:
        """First row of the ranked accounts."""
        return self.top + self.points + 1

    @property
    def edges_top(self) -> int:
        """First row of the lines at the tiers' edges."""
        return self.ranks_top + self.ranks + 1

    def ref(self, part: str) -> str:
        """Block of the ``points`` or ``ranks`` as a reference on its sheet."""
        top, count, width = {
            "points": (self.top, self.points, 1 + len(_Y)),
            "ranks": (self.ranks_top, self.ranks, 4),
        }[part]
        right = xl_col_to_name(self.first + width - 1)
        return f"{self.column}{top}:{right}{top + count - 1}"


def draw_points(c: Canvas, ws: Worksheet, block: Block, key: str) -> None:
    """Room for the points, named for fill, and the lines at the edges, read from *Model*."""
    c.place(f"{key}_points", block.sheet, block.ref("points"))
    if block.ranks:
        c.place(f"{key}_ranks", block.sheet, block.ref("ranks"))
    for row, day in enumerate((0, DAYS), start=block.edges_top - 1):
        ws.write_number(row, block.first, day)
        for k, tier in enumerate(("green", "amber"), start=1):
            edge = next(t.starts_at for t in c.model.tiers if t.key == tier)
            ws.write_formula(row, block.first + k, f"={c.cells.tier(tier)}", None, edge)
    for k, tier in enumerate(("green", "amber"), start=1):
        edge = next(t.starts_at for t in c.model.tiers if t.key == tier)
        text = f'="{SHAPE[tier]} "&{c.cells.tier(tier)}'
        where = (block.edges_top + 1, block.first + k)
        ws.write_formula(*where, text, None, f"{SHAPE[tier]} {edge:g}")


def renewal_chart(c: Canvas, block: Block, name: str, *, title: str = "") -> Any:
    """The chart over a block of points."""
    chart = c.book.workbook.add_chart({"type": "scatter", "name": name})
    for series in (*_points(block), *_ranks(block), *_edges(block)):
        chart.add_series(series)
    calm_chart(chart, title)
    chart.show_hidden_data()
    label = {"name_font": chart_font()}
    x = calm_axis(min=0, max=DAYS, major_unit=30, name="Days to renewal", **label)
    chart.set_x_axis(x)
    y = calm_axis(min=0, max=100, major_unit=20, name="Score", **{**label, "line": {"none": True}})
    chart.set_y_axis(y)
    return chart


def _span(block: Block, column: int, top: int, rows: int) -> list[Any]:
    col = block.first + column
    return [block.sheet, top - 1, col, top + rows - 2, col]


def _points(block: Block) -> Iterator[dict[str, Any]]:
    for k, (tier, size) in enumerate(_Y, start=1):
        fill = {"color": SOLID[tier], "transparency": 25}
        edge = {"color": WHITE, "width": 0.75}
        marker = {"type": _MARKER[tier], "size": _SIZES[size], "fill": fill, "border": edge}
        yield {
            "name": f"{tier} {size + 1}",
            "categories": _span(block, 0, block.top, block.points),
            "values": _span(block, k, block.top, block.points),
            "marker": marker,
        }


def _ranks(block: Block) -> Iterator[dict[str, Any]]:
    for row in range(block.ranks_top, block.ranks_top + block.ranks):
        for k, tier in enumerate(_RANKED, start=1):
            label = {"series_name": True, "value": False, "position": "center"}
            colour = INK if tier == "amber" else WHITE
            edge = {"color": INK, "width": 1}
            look = {"type": _MARKER[tier], "size": _RANKED[tier], "border": edge}
            yield {
                "name": [block.sheet, row - 1, block.first + 3],
                "categories": _span(block, 0, row, 1),
                "values": _span(block, k, row, 1),
                "marker": {**look, "fill": {"color": SOLID[tier]}},
                "data_labels": {**label, "font": chart_font(8, colour, bold=True)},
            }


def _edges(block: Block) -> Iterator[dict[str, Any]]:
    for k, tier in enumerate(("green", "amber"), start=1):
        label = {"series_name": True, "value": False, "position": "right"}
        font = chart_font(8, TEXT[tier], bold=True)
        yield {
            "name": [block.sheet, block.edges_top + 1, block.first + k],
            "categories": _span(block, 0, block.edges_top, 2),
            "values": _span(block, k, block.edges_top, 2),
            "marker": {"type": "none"},
            "line": {"color": SOLID[tier], "width": 1, "dash_type": "dash"},
            "data_labels": {**label, "font": font, "custom": [{"delete": True}, {}]},
        }
