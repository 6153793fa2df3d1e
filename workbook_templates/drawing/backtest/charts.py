"""Charts of the backtest workbook: estimates with their 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook_templates.drawing.hand import Hand
from workbook_templates.drawing.theme import (
    ACCENT,
    DATA_BAR,
    INK,
    LOSS,
    LOSS_BAR,
    MUTED,
    RULE,
    SPARK,
    WATERFALL,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)

__all__ = ["HORIZON_LOOKS", "auc_bars", "columns", "curve", "intervals", "legend", "points"]

HORIZON_LOOKS = {30: (ACCENT, "solid"), 60: (WATERFALL, "dash"), 90: (SPARK, "round_dot")}
"""Colour and dash of a horizon's line: told apart without colour, too."""


def intervals(c: Hand, table: str, direction: str = "y") -> dict[str, Any]:
    """Error bars from the columns ``plus`` and ``minus`` of a Table."""
    bars = {
        "type": "custom",
        "plus_values": f"={c.column(table, 'plus')}",
        "minus_values": f"={c.column(table, 'minus')}",
        "line": {"color": INK, "width": 1},
    }
    return {f"{direction}_error_bars": bars}


def legend(chart: Any, text: int = 8, position: str = "top") -> None:
    """A small legend under the title, for series that have no label of their own."""
    chart.set_legend({"position": position, "font": chart_font(text, INK)})


def _named(name: str, text: int = 8, **more: Any) -> dict[str, Any]:
    return calm_axis(name=name, name_font=chart_font(text), **more)


def _place(c: Hand, chart: Any, sheet: str, ref: str, size: tuple[int, int]) -> None:
    chart.set_size({"width": size[0], "height": size[1]})
    chart.show_hidden_data()
    c.sheets[sheet].insert_chart(ref, chart, {"object_position": 3, "description": ""})


def columns(
    c: Hand,
    name: str,
    table: str,
    where: tuple[str, str],
    size: tuple[int, int],
    *,
    title: str,
    along: str,
    colours: Sequence[str] = (),
) -> None:
    """Columns of shares with intervals.

    Args:
        c: the hand.
        name: of the chart's frame.
        table: its rows: label, share, plus, minus.
        where: sheet and upper left cell.
        size: width and height in pixels.
        title: of the chart.
        along: name of the category axis.
        colours: of the columns, one each; a quiet one for all when not given.
    """
    chart = c.book.workbook.add_chart({"type": "column", "name": name})
    series: dict[str, Any] = {
        "name": "Churn share",
        "categories": f"={c.column(table, 'label')}",
        "values": f"={c.column(table, 'share')}",
        "fill": {"color": SPARK},
        "border": {"none": True},
        "gap": 60,
        **intervals(c, table),
    }
    if colours:
        series["points"] = [{"fill": {"color": colour}} for colour in colours]
    chart.add_series(series)
    calm_chart(chart, title)
    chart.set_x_axis(_named(along, num_font=chart_font(8, INK)))
    chart.set_y_axis(_named("Churned, share of cases", num_format="0%", min=0, line={"none": True}))
    _place(c, chart, *where, size)


def points(
    c: Hand, name: str, table: str, where: tuple[str, str], size: tuple[int, int], *, title: str
) -> None:
    """AUC at each horizon as points with intervals, over a dashed line at chance."""
    chart = c.book.workbook.add_chart({"type": "line", "name": name})
    labels = f"={c.column(table, 'label')}"
    dot = {"type": "diamond", "size": 10, "fill": {"color": ACCENT}, "border": {"color": WHITE}}
    chart.add_series({
        "name": "AUC", "categories": labels, "values": f"={c.column(table, 'auc')}",
        "line": {"none": True}, "marker": dot, **intervals(c, table),
    })  # fmt: skip
    chart.add_series({
        "name": "Chance", "categories": labels, "values": f"={c.column(table, 'chance')}",
        "line": {"color": RULE, "width": 1, "dash_type": "dash"}, "marker": {"type": "none"},
    })  # fmt: skip
    calm_chart(chart, title)
    chart.set_x_axis(_named("Before the outcome", num_font=chart_font(8, INK)))
    chart.set_y_axis(_named("AUC (dashed: chance)", num_format="0.0", min=0.3, max=1,
                            major_unit=0.1, line={"none": True}))  # fmt: skip
    _place(c, chart, *where, size)


def curve(c: Hand, name: str, where: tuple[str, str], size: tuple[int, int], *, title: str) -> None:
    """Predicted against observed churn: fitted, held out, beside the illustration's."""
    chart = c.book.workbook.add_chart({"type": "scatter", "name": name})
    looks = {
        "CurvePoints": ("Fitted", "circle", ACCENT),
        "IllustrationPoints": ("Illustration", "square", SPARK),
    }
    for table, (label, shape, colour) in looks.items():
        marker = {"type": shape, "size": 7, "fill": {"color": colour}, "border": {"color": WHITE}}
        bars = intervals(c, table) if table == "CurvePoints" else {}
        chart.add_series({
            "name": label, "categories": f"={c.column(table, 'predicted')}",
            "values": f"={c.column(table, 'observed')}", "marker": marker, **bars,
        })  # fmt: skip
    chart.add_series({
        "name": "Perfect", "categories": f"={c.column('Diagonal', 'x')}",
        "values": f"={c.column('Diagonal', 'y')}", "marker": {"type": "none"},
        "line": {"color": RULE, "width": 1, "dash_type": "dash"},
    })  # fmt: skip
    calm_chart(chart, title)
    legend(chart)
    chart.set_x_axis(_named("Predicted churn", num_format="0%", min=0))
    chart.set_y_axis(_named("Churned", num_format="0%", min=0, line={"none": True}))
    _place(c, chart, *where, size)


def auc_bars(
    c: Hand,
    name: str,
    table: str,
    where: tuple[str, str],
    size: tuple[int, int],
    *,
    title: str,
    along: str,
    text: int = 8,
    low: bool = False,
) -> None:
    """Bars from 0.50 to each AUC with its interval; colour and legend say the verdict.

    The bars are light, so that the half of an interval that lies on them is seen. In a *low* chart
    the legend stands beside them: LibreOffice leaves out labels that have no room.
    """
    chart = c.book.workbook.add_chart({"type": "bar", "name": name})
    looks = {"predicts": ("Predicts", DATA_BAR, ACCENT), "wrong": ("Wrong way", LOSS_BAR, LOSS),
             "other": ("No evidence", WHITE, WATERFALL)}  # fmt: skip
    for key, (label, colour, edge) in looks.items():
        chart.add_series({
            "name": label, "categories": f"={c.column(table, 'label')}",
            "values": f"={c.column(table, key)}", "fill": {"color": colour},
            "border": {"color": edge, "width": 1}, "gap": 40, "overlap": 100,
            **intervals(c, table),
        })  # fmt: skip
    calm_chart(chart, title)
    legend(chart, text, "right" if low else "top")
    # XlsxWriter calls the upright axis of bars y; the first bar stands on top.
    labels = _named(along, text, num_font=chart_font(text, INK), reverse=True, interval_unit=1,
                    label_position="low")  # fmt: skip
    values = _named("AUC; 0.50 is chance", text, num_format="0.0", min=0.2, max=1, major_unit=0.1,
                    crossing=0.5, label_position="high",
                    num_font=chart_font(text, MUTED))  # fmt: skip
    chart.set_y_axis(labels)
    chart.set_x_axis(values)
    _place(c, chart, *where, size)
