"""Charts that several sheets of the portfolio workbook share: calm, titled, with named axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook_templates.drawing.hand import Hand
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.theme import (
    INK,
    SHAPE,
    SOLID,
    SPARK,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)
from workbook_templates.portfolio.basis import TIER_CELLS

__all__ = ["ORDER", "place_chart", "plain_chart", "tier_chart"]

ORDER = ("green", "amber", "red", "")
"""Tiers as they are stacked and listed; "" is no score."""


def tier_chart(
    c: Canvas,
    name: str,
    kind: str,
    categories: str,
    values: Mapping[str, str],
    *,
    labels: str = "0",
    gap: int = 40,
) -> Any:
    """Stacked bars or columns, one series a tier.

    Args:
        c: the hand.
        name: of the chart's frame.
        kind: "bar" or "column", or those of equal length: "bar %", "column %".
        categories: absolute range with its sheet.
        values: tier key, "" for no score → absolute range with its sheet.
        labels: number format of the labels, its shape is put before it; "" for none. Zeros
            have none.
        gap: between bars, in per cent of their width.
    """
    share = kind.endswith("%")
    subtype = "percent_stacked" if share else "stacked"
    chart = c.book.workbook.add_chart({"type": kind.rstrip(" %"), "subtype": subtype, "name": name})
    for key in ORDER:
        if key not in values:
            continue
        colour = SOLID.get(key, SPARK)
        series: dict[str, Any] = {
            "name": f"={TIER_CELLS[key]}" if key else "No score",
            "categories": f"={categories}",
            "values": f"={values[key]}",
            "fill": {"color": colour},
            "border": {"color": WHITE, "width": 0.75},
            "gap": gap,
        }
        if labels:
            ink = INK if key in ("amber", "") else WHITE
            form = f'"{SHAPE[key]} "{labels};;'
            font = chart_font(8, ink, bold=True)
            series["data_labels"] = {"value": True, "num_format": form, "font": font,
                                     "position": "center"}  # fmt: skip
        chart.add_series(series)
    return chart


def plain_chart(
    c: Hand,
    name: str,
    kind: str,
    categories: str,
    series: Mapping[str, tuple[str, str]],
    *,
    labels: str = "#,##0;;",
    gap: int = 40,
) -> Any:
    """Bars or columns of one value each; of several series only one has a value at a place.

    Args:
        c: the hand.
        name: of the chart's frame.
        kind: "bar" or "column".
        categories: absolute range with its sheet.
        series: name → absolute range with its sheet, colour.
        labels: number format of the labels; "" for none.
        gap: between bars, in per cent of their width.
    """
    chart = c.book.workbook.add_chart({"type": kind, "name": name})
    for label, (values, colour) in series.items():
        one: dict[str, Any] = {
            "name": label,
            "categories": f"={categories}",
            "values": f"={values}",
            "fill": {"color": colour},
            "border": {"none": True},
            "gap": gap,
            "overlap": 100 if len(series) > 1 else 0,
        }
        if labels:
            one["data_labels"] = {"value": True, "num_format": labels, "position": "outside_end",
                                  "font": chart_font(8, INK, bold=True)}  # fmt: skip
        chart.add_series(one)
    return chart


def place_chart(
    c: Hand,
    chart: Any,
    sheet: str,
    ref: str,
    size: tuple[int, int],
    *,
    title: str,
    across: str,
    along: str,
    bars: bool = False,
    **more: Any,
) -> None:
    """Finish a chart and put it on a sheet; its alt text is written by fill.

    Args:
        c: the hand.
        chart: as `tier_chart` or `plain_chart` made it.
        sheet: where it stands.
        ref: its upper left cell.
        size: width and height in pixels.
        title: of the chart; fill may give a better one.
        across: name of the value axis.
        along: name of the category axis.
        bars: whether bars lie, the first on top.
        more: of the value axis. Where bars tell their counts it has no numbers: of a few
            accounts it would count in fifths.
    """
    calm_chart(chart, title)
    named = {"name_font": chart_font(8)}
    labels = calm_axis(num_font=chart_font(8, INK), name=along, **named)
    values = calm_axis(name=across, line={"none": True}, min=0, **named, **more)
    if bars:
        # XlsxWriter calls the upright axis of bars y; the first bar stands on top.
        chart.set_y_axis({**labels, "reverse": True})
        chart.set_x_axis({**values, "label_position": "high"})
    else:
        chart.set_x_axis(labels)
        chart.set_y_axis(values)
    chart.set_size({"width": size[0], "height": size[1]})
    chart.show_hidden_data()
    c.sheets[sheet].insert_chart(ref, chart, {"object_position": 3, "description": ""})
