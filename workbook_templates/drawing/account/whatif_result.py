"""What *What-if* concludes: single moves to the target, the score then, and a chart."""

from __future__ import annotations

from xlsxwriter.format import Format

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import WHATIF, Canvas, blank_cells, write_heads
from workbook_templates.drawing.theme import (
    ACCENT,
    INK,
    NOW_BAR,
    NUMBER,
    calm_axis,
    calm_chart,
    chart_font,
)
from workbook_templates.typed import typing

CHART = "What-if points"
TOP = 6
"""First row of the dimension table."""
TARGET = "$K$9"
_CODES = {"L5": "P25", "L6": "P26"}
"""Cells of the tier now and then, and where the codes behind them stand, out of sight."""


def last_row(c: Canvas) -> int:
    """Last row of the dimension table, above its total."""
    return TOP + len(c.model.dimensions) - 1


def moves_top(c: Canvas) -> int:
    """First row of the moves table."""
    return TOP + len(c.model.dimensions) + 4


def draw_moves(c: Canvas) -> None:
    """What each dimension alone would have to be for the score to reach the target."""
    ws, top = c.sheets[WHATIF], moves_top(c)
    rating = typing(c.model).is_rating
    c.section(WHATIF, f"B{top - 2}", "One move that reaches the target by itself")
    heads = [("B", "Dimension", "left"), ("C", "Now", "right"), ("D", "Needed", "right"),
             ("E", "Steps" if rating else "Rise", "right"), ("F", "Points a step", "right"),
             ("G", "Reaches", "right"), ("H", "", "right")]  # fmt: skip
    write_heads(ws, c.book, top - 1, heads)
    for i, d in enumerate(c.model.dimensions):
        ws.write_string(f"B{top + i}", d.name, c.book.row())
        _move(c, i, top + i)
        ws.write_blank(f"H{top + i}", None, c.book.row())
    c.place("moves", WHATIF, f"C{top}:G{top + len(c.model.dimensions) - 1}")


def _move(c: Canvas, i: int, r: int) -> None:
    typed, score = typing(c.model), c.step("model_total")
    usable = f"AND(ISNUMBER(C{r}),ISNUMBER({score}),NOT({c.step('young')}))"
    rise = f"MAX(0,{TARGET}-{score})/F{r}"
    if typed.is_rating:
        rise = f"ROUNDUP(ROUND({rise},6),0)"
    beyond = f"C{r}+E{r}>{typed.high}+{f.TINY}"
    needed = f'IF({beyond},"not alone",C{r}+E{r})'
    reached = f'IF(ISNUMBER(D{r}),{f.half_up(f"{score}+E{r}*F{r}")},"–")'
    gain = f"{c.dimension(i, 'share')}*{typed.step}"
    form, fine = ("0", NUMBER["points"]) if typed.is_rating else ("0.0", "0.00")
    cells = (
        ("C", f"C{TOP + i}", _right(c, form)),
        ("D", f'IF({usable},{needed},"–")', _right(c, form, bold=True)),
        ("E", f'IF({usable},{rise},"–")', _right(c, form)),
        ("F", f'IF(ISNUMBER(C{r}),{gain},"–")', _right(c, fine)),
        ("G", f'IF({usable},{reached},"–")', _right(c, "0")),
    )
    for column, text, look in cells:
        c.sheets[WHATIF].write_formula(f"{column}{r}", f"={text}", look)


def _right(c: Canvas, form: str, *, bold: bool = False) -> Format:
    strong = {"bold": True} if bold else {}
    return c.book.row(num_format=form, align="right", **strong)


def draw_result(c: Canvas) -> None:
    """Score now and then, the change, a target and what is still missing."""
    ws, book, now = c.sheets[WHATIF], c.book, c.step("model_total")
    c.section(WHATIF, "J4", "Result")
    labels = ("Score now", "Score then", "Exact score then", "Change", "Target", "Still missing")
    for r, text in enumerate(labels, start=5):
        ws.write_string(f"J{r}", text, book.row(bold=text in ("Score then", "Target")))
    cells = (
        ("K5", f'IF({f.known(now)},{f.half_up(now)},"–")', _big(c, 11)),
        ("K6", f'IF(ISNUMBER(K7),{f.half_up("K7")},"–")', _big(c, 16)),
        ("K7", _then(c), _big(c, 9, "0.00")),
        ("K8", f'IF({f.known("K5", "K6")},K6-K5,"–")', _big(c, 11, NUMBER["change"])),
    )
    for ref, text, look in cells:
        ws.write_formula(ref, f"={text}", look)
    ws.write_number("K9", c.model.tiers[0].starts_at, book.input(align="right", font_size=11))
    ws.write_formula("K10", '=IF(ISNUMBER(K6),MAX(0,K9-K6),"–")', _big(c, 11))
    reached = '=IF(ISNUMBER(K10),IF(K10=0,"Target reached","Not yet"),"")'
    ws.write_formula("L10", reached, book.row(align="center"))
    _tiers(c)
    for row in (7, 8, 9):
        blank_cells(ws, "L", row, book.row())
    scale = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    ws.data_validation("K9", scale)
    for name, ref in (("result", "K5:L8"), ("target", "K9"), ("missing", "K10:L10"),
                      ("tiers", "P25:P26")):  # fmt: skip
        c.place(f"whatif_{name}", WHATIF, ref)


def _big(c: Canvas, size: int, form: str = "0") -> Format:
    return c.book.row(num_format=form, bold=True, font_size=size, align="right")


def _tiers(c: Canvas) -> None:
    """Chips of the tier now and then; a young account has none."""
    ws, chip = c.sheets[WHATIF], c.book.row(bold=True, font_size=11, align="center")
    scores = {"L5": c.step("model_total"), "L6": "K7"}
    for ref, code in _CODES.items():
        tier = f.tier_code(scores[ref], c.cells)
        ws.write_formula(code, f'=IF({c.step("young")},"",{tier})', c.book.format())
        ws.write_formula(ref, "=" + f.tier_words(code, c.cells, '"○ No tier"'), chip)
        c.book.tier_rules(ws, ref, f"${code[0]}${code[1:]}")


def _then(c: Canvas) -> str:
    """Model's score of what is typed here: lifecycle and least coverage hold as ever."""
    last, cells, age = last_row(c), c.cells, c.step("age")
    weights = c.dimensions("weight")
    typed, seen = f"--ISNUMBER(D{TOP}:D{last})", f"P{TOP}:P{last}"
    coverage = f"(SUMPRODUCT({weights},{typed})+SUMPRODUCT({weights},1-({typed}),{seen}))"
    enough = f.enough(coverage, age, cells)
    score = f'IF(AND({enough},ISNUMBER(H{last + 1})),H{last + 1},"")'
    return f"IF({c.step('young')},{cells.setting('neutral_score')},{score})"


def draw_chart(c: Canvas) -> None:
    """Points of each dimension now and then."""
    last, sheet = last_row(c), f"'{WHATIF}'"
    chart = c.book.workbook.add_chart({"type": "bar", "name": CHART})
    for name, column, colour, font in (
        ("Now", "G", NOW_BAR, chart_font(8)),
        ("What if", "H", ACCENT, chart_font(8, INK, bold=True)),
    ):
        labels = {"value": True, "num_format": "0.0", "font": font}
        look = {"fill": {"color": colour}, "border": {"none": True}, "gap": 40, "overlap": 0}
        chart.add_series(
            {"name": name, "categories": f"={sheet}!$B${TOP}:$B${last}",
             "values": f"={sheet}!${column}${TOP}:${column}${last}", "data_labels": labels, **look}
        )  # fmt: skip
    calm_chart(chart, "Points by dimension: grey now, blue what if")
    chart.set_y_axis(calm_axis(reverse=True, num_font=chart_font(9, INK)))
    chart.set_x_axis(calm_axis(visible=False, min=0))
    chart.set_size({"width": 484, "height": 60 + 50 * len(c.model.dimensions)})
    c.sheets[WHATIF].insert_chart("J12", chart, {"object_position": 2, "description": ""})
