"""*What-if*: type other values in the blue cells and see the score; nothing else changes."""

from __future__ import annotations

from typing import Any

from scoring.model import StateCurve
from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import (
    CHECKS,
    WHATIF,
    Canvas,
    blank_cells,
    write_heads,
)
from workbook_templates.drawing.account.checks import healthy_words
from workbook_templates.drawing.account.evidence import value_format
from workbook_templates.drawing.theme import (
    ACCENT,
    INK,
    MUTED,
    NOW_BAR,
    NUMBER,
    calm_axis,
    calm_chart,
    chart_font,
)

CHART = "What-if points"
TOP = 6
"""First row of the dimension table."""


def moves_top(c: Canvas) -> int:
    """First row of the moves table."""
    return TOP + len(c.model.dimensions) + 4


def metrics_top(c: Canvas) -> int:
    """First row of the metric table."""
    return moves_top(c) + len(c.model.dimensions) + 3


def draw(c: Canvas) -> None:
    """Draw the sheet; only blue cells are to type in."""
    book = c.book
    ws = c.sheets[WHATIF] = book.sheet(WHATIF)
    book.columns(ws, {"A": 12, "B": 190, "C:H": 88, "I": 24, "J": 150, "K:M": 110, "N": 12})
    ws.set_column("P:S", None, None, {"hidden": True})
    note = "Type in the blue cells. A typed dimension wins over its metrics. Nothing here changes the scorecard."
    book.title(ws, "What if?", note)
    end = metrics_top(c) + len(c.model.metrics) - 1
    for row in range(4, end + 1):
        ws.set_row_pixels(row - 1, 25)
    _dimensions(c)
    _moves(c)
    _metrics(c)
    _result(c)
    _chart(c)
    ws.print_area(0, 0, end - 1, 13)
    ws.set_selection(f"D{TOP}")
    ws.freeze_panes(2, 0)


def _section(c: Canvas, ref: str, text: str) -> None:
    c.sheets[WHATIF].write_string(ref, text, c.book.format(bold=True, font_size=11))


def _dimensions(c: Canvas) -> None:
    ws, book, model = c.sheets[WHATIF], c.book, c.model
    rating = model.typed == "rating"
    _section(c, "B4", "Dimensions")
    heads = (
        "Rating now" if rating else "Score now",
        "What if",
        "Then",
        "Weight then",
        "Points now",
        "Points then",
    )
    write_heads(ws, book, 5, [("B", "Dimension", "left"),
                              *((x, h, "center" if x in "CDE" else "right") for x, h in zip("CDEFGH", heads, strict=True))])  # fmt: skip
    last = TOP + len(model.dimensions) - 1
    for i in range(len(model.dimensions)):
        _dimension(c, i, last)
    r = last + 1
    ws.write_string(f"B{r}", "Score", book.total())
    blank_cells(ws, "CDE", r, book.total())
    total = lambda column: (
        f'=IF(COUNT({column}{TOP}:{column}{last})>0,SUM({column}{TOP}:{column}{last}),"–")'
    )  # noqa: E731
    ws.write_formula(f"F{r}", f"=SUM(F{TOP}:F{last})", book.total(num_format="0%", align="right"))
    for column in "GH":
        ws.write_formula(
            f"{column}{r}", total(column), book.total(num_format=NUMBER["points"], align="right")
        )
    low, high = (1, 5) if rating else (0, 100)
    ws.data_validation(
        f"D{TOP}:D{last}",
        {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high,
         "input_title": "Rating" if rating else "Score", "input_message": f"{low} to {high}, or empty",
         "error_title": "Out of scale", "error_message": f"Type a number from {low} to {high}."},
    )  # fmt: skip
    c.place("whatif_typed", WHATIF, f"D{TOP}:D{last}")
    c.place("whatif_now", WHATIF, f"C{TOP}:C{last}")
    c.place("whatif_then", WHATIF, f"E{TOP}:H{last + 1}")
    c.place("whatif_hidden", WHATIF, f"P{TOP}:S{last}")


def _dimension(c: Canvas, i: int, last: int) -> None:
    ws, book, model, r = c.sheets[WHATIF], c.book, c.model, TOP + i
    rating = model.typed == "rating"
    step, form = (20, "0") if rating else (1, "0.0")
    ws.write_string(f"B{r}", model.dimensions[i].name, book.row(bold=True))
    now = c.dimension(i, "H")
    mid = book.row(num_format=form, align="center")
    ws.write_formula(f"C{r}", f'=IF(ISNUMBER({now}),{now}/{step},"–")', mid)
    ws.write_blank(f"D{r}", None, book.input(num_format="General"))
    ws.write_formula(f"E{r}", f'=IF(ISNUMBER(S{r}),S{r}/{step},"–")', mid)
    weight = c.dimension(i, "C")
    all_weights = c.span(
        CHECKS, "C", c.dimensions_top, c.dimensions_top + len(model.dimensions) - 1
    )
    in_play = f"SUMPRODUCT({all_weights},--ISNUMBER(S${TOP}:S${last}))"
    ws.write_formula(
        f"F{r}",
        f"=IF(ISNUMBER(S{r}),{weight}/{in_play},0)",
        book.row(num_format="0%", align="right"),
    )
    points = {"num_format": NUMBER["points"], "align": "right"}
    ws.write_formula(f"G{r}", f"={c.dimension(i, 'J')}", book.row(**points))
    ws.write_formula(f"H{r}", f'=IF(ISNUMBER(S{r}),F{r}*S{r},"")', book.row(bold=True, **points))
    for column, text in zip("PQRS", _hidden(c, i, r), strict=True):
        ws.write_formula(f"{column}{r}", "=" + text, book.format(num_format="0.######"))


def _hidden(c: Canvas, i: int, r: int) -> list[str]:
    """Share seen, points earned, mean points, score of a dimension as typed here."""
    span = c.metric_span(c.model.dimensions[i])
    seen, earned = "0", "0"
    if span:
        shares = c.span(CHECKS, "C", c.inputs_top + span[0], c.inputs_top + span[1])
        top = metrics_top(c)
        got = f"$F${top + span[0]}:$F${top + span[1]}"
        seen, earned = f.seen_share(shares, got), f.earned(shares, got)
    mean = f.mean_points(c.model, f"P{r}", f"Q{r}")
    return [seen, earned, mean, f.dimension_score(c.model, f"D{r}", f"R{r}")]


def _moves(c: Canvas) -> None:
    ws, book, model, top = c.sheets[WHATIF], c.book, c.model, moves_top(c)
    rating = model.typed == "rating"
    _section(c, f"B{top - 2}", "One move that reaches the target by itself")
    heads = ("Now", "Needed", "Steps" if rating else "Rise", "Points a step", "Reaches")
    write_heads(ws, book, top - 1, [("B", "Dimension", "left"), *((x, h, "right") for x, h in zip("CDEFG", heads, strict=True)), ("H", "", "right")])  # fmt: skip
    step, unit, most = (20, 20, 5) if rating else (1, 1, 100)
    score, target = c.step("model_total"), "$K$9"
    form = "0" if rating else "0.0"
    for i, d in enumerate(model.dimensions):
        r, s = top + i, TOP + i
        known = f"AND(ISNUMBER(C{r}),ISNUMBER({score}),NOT({c.step('young')}))"
        rise = f"MAX(0,{target}-{score})/F{r}"
        rise = f"ROUNDUP(ROUND({rise},6),0)" if rating else rise
        ws.write_string(f"B{r}", d.name, book.row())
        number = lambda form, **k: book.row(num_format=form, align="right", **k)  # noqa: E731
        ws.write_formula(f"C{r}", f"=C{s}", number(form))
        ws.write_formula(
            f"D{r}",
            f'=IF({known},IF(C{r}+E{r}>{most}+0.000000001,"not alone",C{r}+E{r}),"–")',
            number(form, bold=True),
        )
        ws.write_formula(f"E{r}", f'=IF({known},{rise},"–")', number(form))
        ws.write_formula(
            f"F{r}",
            f'=IF(ISNUMBER(C{r}),{c.dimension(i, "I")}*{unit},"–")',
            number(NUMBER["points"] if rating else "0.00"),
        )
        ws.write_formula(
            f"G{r}",
            f'=IF({known},IF(ISNUMBER(D{r}),{f.half_up(f"{score}+E{r}*F{r}")},"–"),"–")',
            number("0"),
        )
        ws.write_blank(f"H{r}", None, book.row())
    c.place("moves", WHATIF, f"C{top}:G{top + len(model.dimensions) - 1}")


def _metrics(c: Canvas) -> None:
    ws, book, model, top = c.sheets[WHATIF], c.book, c.model, metrics_top(c)
    _section(c, f"B{top - 2}", "Metrics")
    heads = [("B", "Metric", "left"), ("C", "Now", "center"), ("D", "What if", "center"), ("E", "Points now", "right"),
             ("F", "Points then", "right"), ("G", "Healthy", "left1"), ("H", "Could win", "right")]  # fmt: skip
    write_heads(ws, book, top - 1, heads)
    for i, metric in enumerate(model.metrics):
        r, form = top + i, value_format(c, i)
        ws.write_string(f"B{r}", metric.name, book.row(shrink=True))
        now = c.evidence(i, "D")
        ws.write_formula(
            f"C{r}", f'=IF({now}="","no data",{now})', book.row(num_format=form, align="center")
        )
        ws.write_blank(f"D{r}", None, book.input(num_format=form))
        points = book.row(num_format="0", align="right")
        ws.write_formula(f"E{r}", f"={c.evidence(i, 'F')}", points)
        ws.write_formula(f"F{r}", f"={f.points(metric, f'D{r}', c.cells)}", points)
        ws.write_string(
            f"G{r}", healthy_words(c, i), book.row(font_color=MUTED, indent=1, shrink=True)
        )
        lost = f'=IF(ISNUMBER(E{r}),{c.input(i, "H")},"")'
        ws.write_formula(f"H{r}", lost, book.row(num_format="+0.0;−0.0;0.0", align="right"))
        _validation(ws, r, metric)
    end = top + len(model.metrics) - 1
    c.place("whatif_values", WHATIF, f"D{top}:D{end}")
    c.place("whatif_metric_now", WHATIF, f"C{top}:C{end}")
    c.place("whatif_points", WHATIF, f"E{top}:F{end}")
    c.place("whatif_win", WHATIF, f"H{top}:H{end}")


def _validation(ws: Any, r: int, metric: Any) -> None:
    if isinstance(metric.curve, StateCurve):
        ws.data_validation(f"D{r}", {"validate": "list", "source": list(metric.curve.words)})
        return
    low, high = metric.scale
    if low is None and high is None:
        return
    rule = {"validate": "decimal", "error_title": "Out of scale"}
    if low is not None and high is not None:
        rule |= {"criteria": "between", "minimum": low, "maximum": high}
        rule["error_message"] = f"Type a number from {low:g} to {high:g}."
    elif low is not None:
        rule |= {"criteria": ">=", "value": low, "error_message": f"Type {low:g} or more."}
    else:
        rule |= {"criteria": "<=", "value": high, "error_message": f"Type {high:g} or less."}
    ws.data_validation(f"D{r}", rule)


def _result(c: Canvas) -> None:
    """Score now and then, the change, a target and what is still missing."""
    ws, book = c.sheets[WHATIF], c.book
    _section(c, "J4", "Result")
    number = lambda size, form="0": book.row(
        num_format=form, bold=True, font_size=size, align="right"
    )  # noqa: E731
    now, then = (
        f'=IF(ISNUMBER({c.step("model_total")}),{f.half_up(c.step("model_total"))},"–")',
        _then(c),
    )
    rows = (("J5", "Score now"), ("J6", "Score then"), ("J7", "Exact score then"), ("J8", "Change"),
            ("J9", "Target"), ("J10", "Still missing"))  # fmt: skip
    for ref, text in rows:
        ws.write_string(ref, text, book.row(bold=ref in ("J6", "J9")))
    ws.write_formula("K5", now, number(11))
    ws.write_formula("K6", f'=IF(ISNUMBER(K7),{f.half_up("K7")},"–")', number(16))
    ws.write_formula("K7", f"={then}", number(9, "0.00"))
    ws.write_formula(
        "K8", '=IF(AND(ISNUMBER(K5),ISNUMBER(K6)),K6-K5,"–")', number(11, NUMBER["change"])
    )
    ws.write_number("K9", c.model.tiers[0].starts_at, book.input(align="right", font_size=11))
    ws.write_formula("K10", '=IF(ISNUMBER(K6),MAX(0,K9-K6),"–")', number(11))
    ws.write_formula(
        "L10",
        '=IF(ISNUMBER(K10),IF(K10=0,"Target reached","Not yet"),"")',
        book.row(align="center"),
    )
    chip = book.row(bold=True, font_size=11, align="center")
    codes = {"5": f.tier_code(c.step("model_total"), c.cells), "6": f.tier_code("K7", c.cells)}
    for row, code in codes.items():
        young = f'IF({c.step("young")},"",{code})'
        ws.write_formula(f"P{20 + int(row)}", f"={young}", book.format())
        ws.write_formula(
            f"L{row}", "=" + f.tier_words(f"P{20 + int(row)}", c.cells, '"○ No tier"'), chip
        )
        book.tier_rules(ws, f"L{row}", f"$P${20 + int(row)}")
    blank_cells(ws, "L", 7, book.row())
    blank_cells(ws, "L", 8, book.row())
    blank_cells(ws, "L", 9, book.row())
    ws.data_validation(
        "K9", {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    )
    c.place("whatif_result", WHATIF, "K5:L8")
    c.place("whatif_target", WHATIF, "K9")
    c.place("whatif_missing", WHATIF, "K10:L10")
    c.place("whatif_tiers", WHATIF, "P25:P26")


def _then(c: Canvas) -> str:
    """Model's score of what is typed here: lifecycle and least coverage hold as ever."""
    k = len(c.model.dimensions)
    last, cells = TOP + k - 1, c.cells
    weights = c.span(CHECKS, "C", c.dimensions_top, c.dimensions_top + k - 1)
    typed = f"--ISNUMBER(D{TOP}:D{last})"
    seen = f"P{TOP}:P{last}"
    coverage = f"(SUMPRODUCT({weights},{typed})+SUMPRODUCT({weights},1-({typed}),{seen}))"
    age = c.step("age")
    partial = f"AND(ISNUMBER({age}),{age}<={cells.setting('partial_days')},{coverage}>0)"
    enough = f"OR({coverage}>={cells.setting('min_coverage')}-0.000000001,{partial})"
    score = f'IF(AND({enough},ISNUMBER(H{last + 1})),H{last + 1},"")'
    return f"IF({c.step('young')},{cells.setting('neutral_score')},{score})"


def _chart(c: Canvas) -> None:
    last = TOP + len(c.model.dimensions) - 1
    sheet = f"'{WHATIF}'"
    chart = c.book.workbook.add_chart({"type": "bar", "name": CHART})
    for name, column, colour, look in (
        ("Now", "G", NOW_BAR, chart_font(8)),
        ("What if", "H", ACCENT, chart_font(8, INK, bold=True)),
    ):
        chart.add_series(
            {"name": name, "categories": f"={sheet}!$B${TOP}:$B${last}", "values": f"={sheet}!${column}${TOP}:${column}${last}",
             "fill": {"color": colour}, "border": {"none": True}, "gap": 40, "overlap": 0,
             "data_labels": {"value": True, "num_format": "0.0", "font": look}}
        )  # fmt: skip
    calm_chart(chart, "Points by dimension: grey now, blue what if")
    chart.set_y_axis(calm_axis(reverse=True, num_font=chart_font(9, INK)))
    chart.set_x_axis(calm_axis(visible=False, min=0))
    chart.set_size({"width": 484, "height": 60 + 50 * len(c.model.dimensions)})
    c.sheets[WHATIF].insert_chart("J12", chart, {"object_position": 2, "description": ""})
