"""The 30-day goal on *What-if*: its moves, and the score with all of them, live.

The values with all moves made stand out of sight beside the rows of the sheet; from them the
score is worked out by the same formulas as from the blue cells. So a changed weight on *Model*
changes what the goal gives, before anybody believes it.
"""

from __future__ import annotations

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import (
    WHATIF,
    Canvas,
    blank_cells,
    underline_filled,
    write_heads,
)
from workbook_templates.drawing.account.check_blocks import seen_and_earned
from workbook_templates.drawing.account.whatif_result import TOP, last_row
from workbook_templates.drawing.theme import MUTED, NUMBER

__all__ = ["GOAL_ROWS", "HIDDEN", "draw_goal"]

GOAL_ROWS = 6
"""Moves that stand in rows of their own; the last row sums up more."""
HIDDEN = "T:X"


def draw_goal(c: Canvas, metrics: int) -> int:
    """Draw the block under the metrics, whose first row is given; gives its last row."""
    end = metrics + len(c.model.metrics) - 1
    title, top = end + 2, end + 5
    _moves(c, title, top)
    _hidden(c, metrics, end)
    total = top + GOAL_ROWS
    _total(c, top, total)
    for name, ref in (
        ("title", f"B{title}"), ("note", f"B{title + 1}"), ("moves", f"B{top}:H{total - 1}"),
        ("total", f"E{total}:G{total}"), ("exact", f"T{total}"), ("short", "K11:L11"),
        ("dimensions", f"T{TOP}:X{last_row(c)}"), ("metrics", f"T{metrics}:U{end}"),
    ):  # fmt: skip
        c.place(f"goal_{name}", WHATIF, ref)
    return total


def _moves(c: Canvas, title: int, top: int) -> None:
    ws, book = c.sheets[WHATIF], c.book
    ws.write_blank(f"B{title}", None, book.section())
    ws.write_blank(f"B{title + 1}", None, book.format(font_color=MUTED))
    heads = [("B", "Move", "left"), ("C", "From", "right"), ("D", "To", "right"),
             ("E", "Days of work", "right"), ("F", "Gain", "right"), ("G", "Score after", "right"),
             ("H", "What makes it", "left1"), *((x, "", "left") for x in "IJKLM")]  # fmt: skip
    write_heads(ws, book, top - 1, heads)
    right = {"align": "right"}
    looks = {
        "B": book.format(shrink=True), "C": book.format(shrink=True, **right),
        "D": book.format(bold=True, shrink=True, **right),
        "E": book.format(num_format="0.0", **right),
        "F": book.format(num_format=NUMBER["change1"], **right),
        "G": book.format(num_format=NUMBER["points"], **right), "H": book.format(indent=1),
    }  # fmt: skip
    for row in range(top, top + GOAL_ROWS):
        for column, look in looks.items():
            ws.write_blank(f"{column}{row}", None, look)
        ws.set_row_pixels(row - 1, 25)
    underline_filled(c, ws, f"B{top}:M{top + GOAL_ROWS - 1}")


def _total(c: Canvas, top: int, row: int) -> None:
    """Days of all moves, what they give, and the score with all of them."""
    ws, book = c.sheets[WHATIF], c.book
    ws.write_string(f"B{row}", "All moves, scored again here", book.total())
    blank_cells(ws, "CDHIJKLM", row, book.total())
    now = c.step("model_total")
    cells = (
        ("E", f'IF(COUNT(E{top}:E{row - 1})=0,"–",SUM(E{top}:E{row - 1}))', "0.0"),
        ("F", f'IF({f.known(f"T{row}", now)},T{row}-{now},"–")', NUMBER["change1"]),
        ("G", f'IF(ISNUMBER(T{row}),{f.half_up(f"T{row}")},"–")', "0"),
    )
    for column, text, form in cells:
        look = book.total(num_format=form, align="right")
        ws.write_formula(f"{column}{row}", f"={text}", look)
    ws.write_formula(f"T{row}", f"={_score(c)}")
    ws.write_string("J11", "30-day goal", book.row())
    ws.write_blank("K11", None, book.row(num_format="0", bold=True, font_size=11, align="right"))
    ws.write_blank("L11", None, book.row(align="center", shrink=True))


def _hidden(c: Canvas, metrics: int, end: int) -> None:
    """Dimensions: typed, share seen, points earned, mean, score. Metrics: value, points."""
    ws = c.sheets[WHATIF]
    for i, metric in enumerate(c.model.metrics):
        r = metrics + i
        ws.write_formula(f"U{r}", f"={f.points(metric, f'T{r}', c.cells)}")
    for i in range(len(c.model.dimensions)):
        r = TOP + i
        seen, earned = seen_and_earned(c, i, lambda a, b: f"$U${metrics + a}:$U${metrics + b}")
        mean = f.mean_points(c.model, f"U{r}", f"V{r}")
        score = f.dimension_score(c.model, f"T{r}", f"W{r}")
        for column, text in zip("UVWX", (seen, earned, mean, score), strict=True):
            ws.write_formula(f"{column}{r}", f"={text}")


def _score(c: Canvas) -> str:
    """Model's score with all moves: lifecycle and least coverage hold as ever."""
    last, weights = last_row(c), c.dimensions("weight")
    typed, scores = f"--ISNUMBER(T{TOP}:T{last})", f"X{TOP}:X{last}"
    seen = f"U{TOP}:U{last}"
    coverage = f"(SUMPRODUCT({weights},{typed})+SUMPRODUCT({weights},1-({typed}),{seen}))"
    mean = f"SUMPRODUCT({weights},{scores})/SUMPRODUCT({weights},--ISNUMBER({scores}))"
    enough = f.enough(coverage, c.step("age"), c.cells)
    scored = f'IF(AND({enough},COUNT({scores})>0),IFERROR({mean},""),"")'
    return f"IF({c.step('young')},{c.cells.setting('neutral_score')},{scored})"
