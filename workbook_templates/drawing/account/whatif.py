"""*What-if*: type other values in the blue cells and see the score; nothing else changes."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from scoring.model import Metric, StateCurve
from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import WHATIF, Canvas, blank_cells, write_heads
from workbook_templates.drawing.account.check_blocks import seen_and_earned
from workbook_templates.drawing.account.evidence import NO_DATA, value_format
from workbook_templates.drawing.account.healthy import healthy_words
from workbook_templates.drawing.account.whatif_goal import HIDDEN, draw_goal
from workbook_templates.drawing.account.whatif_result import (
    TOP,
    draw_chart,
    draw_moves,
    draw_result,
    last_row,
    moves_top,
)
from workbook_templates.drawing.theme import MUTED, NUMBER
from workbook_templates.typed import typing


def metrics_top(c: Canvas) -> int:
    """First row of the metric table."""
    return moves_top(c) + len(c.model.dimensions) + 3


def draw(c: Canvas) -> None:
    """Draw the sheet; only blue cells are to type in."""
    book = c.book
    ws = c.sheets[WHATIF] = book.sheet(WHATIF)
    book.columns(ws, {"A": 12, "B": 190, "C:H": 88, "I": 24, "J": 150, "K:M": 110, "N": 12})
    ws.set_column("P:S", None, None, {"hidden": True})
    ws.set_column(HIDDEN, None, None, {"hidden": True})
    note = (
        "Type in the blue cells. A typed dimension wins over its metrics. "
        "Nothing here changes the scorecard."
    )
    book.title(ws, "What if?", note)
    end = metrics_top(c) + len(c.model.metrics) - 1
    for row in range(4, end + 1):
        ws.set_row_pixels(row - 1, 25)
    _dimensions(c)
    draw_moves(c)
    _metrics(c)
    draw_result(c)
    draw_chart(c)
    end = draw_goal(c, metrics_top(c))
    ws.print_area(0, 0, end - 1, 13)
    ws.set_selection(f"D{TOP}")
    ws.freeze_panes(2, 0)


def _dimensions(c: Canvas) -> None:
    ws, book, typed = c.sheets[WHATIF], c.book, typing(c.model)
    c.section(WHATIF, "B4", "Dimensions")
    heads = [("B", "Dimension", "left"), ("C", f"{typed.word} now", "center"),
             ("D", "What if", "center"), ("E", "Then", "center"), ("F", "Weight then", "right"),
             ("G", "Points now", "right"), ("H", "Points then", "right")]  # fmt: skip
    write_heads(ws, book, TOP - 1, heads)
    last = last_row(c)
    for i in range(len(c.model.dimensions)):
        _dimension(c, i)
    r = last + 1
    ws.write_string(f"B{r}", "Score", book.total())
    blank_cells(ws, "CDE", r, book.total())
    share = book.total(num_format="0%", align="right")
    ws.write_formula(f"F{r}", f"=SUM(F{TOP}:F{last})", share)
    points = book.total(num_format=NUMBER["points"], align="right")
    for column in "GH":
        where = f"{column}{TOP}:{column}{last}"
        ws.write_formula(f"{column}{r}", f'=IF(COUNT({where})>0,SUM({where}),"–")', points)
    ws.data_validation(
        f"D{TOP}:D{last}",
        {"validate": "decimal", "criteria": "between", "minimum": typed.low, "maximum": typed.high,
         "input_title": typed.word, "input_message": f"{typed.scale}, or empty",
         "error_title": "Out of scale", "error_message": f"Type a number from {typed.scale}."},
    )  # fmt: skip
    c.place("whatif_typed", WHATIF, f"D{TOP}:D{last}")
    c.place("whatif_now", WHATIF, f"C{TOP}:C{last}")
    c.place("whatif_then", WHATIF, f"E{TOP}:H{last + 1}")
    c.place("whatif_hidden", WHATIF, f"P{TOP}:S{last}")


def _dimension(c: Canvas, i: int) -> None:
    ws, book, r, last = c.sheets[WHATIF], c.book, TOP + i, last_row(c)
    typed, now = typing(c.model), c.dimension(i, "score")
    ws.write_string(f"B{r}", c.model.dimensions[i].name, book.row(bold=True))
    mid = book.row(num_format="0" if typed.is_rating else "0.0", align="center")
    ws.write_formula(f"C{r}", f'=IF({f.known(now)},{now}/{typed.step},"–")', mid)
    ws.write_blank(f"D{r}", None, book.input(num_format="General"))
    ws.write_formula(f"E{r}", f'=IF(ISNUMBER(S{r}),S{r}/{typed.step},"–")', mid)
    in_play = f"SUMPRODUCT({c.dimensions('weight')},--ISNUMBER(S${TOP}:S${last}))"
    share = f"=IF(ISNUMBER(S{r}),{c.dimension(i, 'weight')}/{in_play},0)"
    ws.write_formula(f"F{r}", share, book.row(num_format="0%", align="right"))
    points = {"num_format": NUMBER["points"], "align": "right"}
    ws.write_formula(f"G{r}", f"={c.dimension(i, 'points')}", book.row(**points))
    ws.write_formula(f"H{r}", f'=IF(ISNUMBER(S{r}),F{r}*S{r},"")', book.row(bold=True, **points))
    for column, text in zip("PQRS", _hidden(c, i, r), strict=True):
        ws.write_formula(f"{column}{r}", "=" + text, book.format(num_format="0.######"))


def _hidden(c: Canvas, i: int, r: int) -> list[str]:
    """Share seen, points earned, mean points, score of a dimension as typed here."""
    top = metrics_top(c)
    seen, earned = seen_and_earned(c, i, lambda a, b: f"$F${top + a}:$F${top + b}")
    mean = f.mean_points(c.model, f"P{r}", f"Q{r}")
    return [seen, earned, mean, f.dimension_score(c.model, f"D{r}", f"R{r}")]


def _metrics(c: Canvas) -> None:
    ws, book, top = c.sheets[WHATIF], c.book, metrics_top(c)
    c.section(WHATIF, f"B{top - 2}", "Metrics")
    heads = [("B", "Metric", "left"), ("C", "Now", "center"), ("D", "What if", "center"),
             ("E", "Points now", "right"), ("F", "Points then", "right"),
             ("G", "Healthy", "left1"), ("H", "Could win", "right")]  # fmt: skip
    write_heads(ws, book, top - 1, heads)
    for i, metric in enumerate(c.model.metrics):
        _metric(c, i, metric)
    end = top + len(c.model.metrics) - 1
    for name, first, last in (
        ("values", "D", "D"), ("metric_now", "C", "C"), ("points", "E", "F"), ("win", "H", "H"),
    ):  # fmt: skip
        c.place(f"whatif_{name}", WHATIF, f"{first}{top}:{last}{end}")


def _metric(c: Canvas, i: int, metric: Metric) -> None:
    ws, book, r = c.sheets[WHATIF], c.book, metrics_top(c) + i
    now, form = c.evidence(i, "value"), value_format(c, i)
    ws.write_string(f"B{r}", metric.name, book.row(shrink=True))
    shown = book.row(num_format=form, align="center")
    ws.write_formula(f"C{r}", f'=IF({now}="","{NO_DATA}",{now})', shown)
    ws.write_blank(f"D{r}", None, book.input(num_format=form))
    points = book.row(num_format="0", align="right")
    ws.write_formula(f"E{r}", f"={c.evidence(i, 'points')}", points)
    ws.write_formula(f"F{r}", f"={f.points(metric, f'D{r}', c.cells)}", points)
    quiet = book.row(font_color=MUTED, indent=1, shrink=True)
    ws.write_string(f"G{r}", healthy_words(c.model, i), quiet)
    lost = f'=IF(ISNUMBER(E{r}),{c.input(i, "lost")},"")'
    ws.write_formula(f"H{r}", lost, book.row(num_format=NUMBER["change1"], align="right"))
    _validation(ws, f"D{r}", metric)


def _validation(ws: Worksheet, where: str, metric: Metric) -> None:
    if isinstance(metric.curve, StateCurve):
        ws.data_validation(where, {"validate": "list", "source": list(metric.curve.words)})
        return
    low, high = metric.scale
    if low is None and high is None:
        return
    rule: dict[str, Any] = {"validate": "decimal", "error_title": "Out of scale"}
    if low is not None and high is not None:
        rule |= {"criteria": "between", "minimum": low, "maximum": high}
        rule["error_message"] = f"Type a number from {low:g} to {high:g}."
    elif low is not None:
        rule |= {"criteria": ">=", "value": low, "error_message": f"Type {low:g} or more."}
    else:
        rule |= {"criteria": "<=", "value": high, "error_message": f"Type {high:g} or less."}
    ws.data_validation(where, rule)
