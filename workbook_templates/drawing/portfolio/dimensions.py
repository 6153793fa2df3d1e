"""*Dimensions*: where the portfolio is weak, by segment and by CSM, and what it costs."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from workbook_templates.drawing.account.canvas import Head, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, plain_chart
from workbook_templates.drawing.portfolio.parts import money, page
from workbook_templates.drawing.theme import LOSS_BAR, MUTED, NUMBER, WATERFALL, WHITE
from workbook_templates.portfolio.dimensions import CHART, GROUPS, NONE, TABLE
from workbook_templates.portfolio.names import DIMENSIONS

TOP = 6
"""First row of the block of segments."""
_FIRST = 4
"""Column, from 0, of the first dimension."""


def draw(c: Canvas) -> None:
    """Draw means by segment and what dimensions cost over the Table of CSMs."""
    ws, count = page(c, DIMENSIONS, "dimensions"), len(c.model.dimensions)
    losses = TOP + len(GROUPS) + 3
    # What stands above the Table is as high as the model has dimensions.
    c.at[TABLE] = (losses + max(count, 6) + 3, 1)
    c.table(TABLE, height=34, row_height=24)
    for row in range(TOP - 2, c.at[TABLE][0]):
        ws.set_row_pixels(row - 1, 24)
    c.section(DIMENSIONS, f"B{TOP - 2}", "Mean of each dimension by segment")
    _segments(c)
    _losses(c, losses)
    c.section(DIMENSIONS, f"B{c.at[TABLE][0] - 1}", "By CSM, lowest score first")
    last = c.at[TABLE][0]
    first, right = xl_col_to_name(_FIRST), xl_col_to_name(_FIRST + count - 1)
    for where in (f"{first}{TOP}:{right}{TOP + len(GROUPS) - 1}",
                  f"{first}{last + 1}:{right}{last + 2}"):  # fmt: skip
        _heat(c, where)
    ws.freeze_panes(2, 2)
    ws.repeat_rows(last - 1)


def _names(c: Canvas) -> list[str]:
    return [d.name for d in c.model.dimensions]


def _segments(c: Canvas) -> None:
    ws, book = c.sheets[DIMENSIONS], c.book
    end = _FIRST + len(c.model.dimensions)
    top: list[Head] = [
        ("B", "Segment", "left"),
        ("C", "Accounts", "right"),
        ("D", "Score", "right"),
    ]
    top += [(xl_col_to_name(_FIRST + i), name, "right") for i, name in enumerate(_names(c))]
    write_heads(ws, book, TOP - 1, [*top, (xl_col_to_name(end), "Weakest", "left1")])
    number = book.row(num_format=NUMBER["points"], align="right")
    for row, group in enumerate(GROUPS, start=TOP):
        ws.write_string(f"B{row}", group, book.row(bold=row == TOP))
        mine = "" if row == TOP else f",{c.column('Accounts', 'segment')},{_criterion(group)}"
        count = f"COUNTIFS({mine[1:]})" if mine else f"COUNTA({c.column('Accounts', 'account_id')})"
        ws.write_formula(f"C{row}", f"={count}", book.row(num_format=NUMBER["whole"]))
        tier = f'{c.column("Accounts", "tier")},"<>○*"'
        score = f"AVERAGEIFS({c.column('Accounts', 'score')},{tier}{mine})"
        ws.write_formula(f"D{row}", f'=IFERROR({score},"{NONE}")', book.row(
            num_format=NUMBER["points"], align="right", bold=True))  # fmt: skip
        for i, d in enumerate(c.model.dimensions):
            span = c.column("Accounts", f"dim_{d.key}")
            mean = f"AVERAGEIFS({span}{mine})" if mine else f"AVERAGE({span})"
            ws.write_formula(row - 1, _FIRST + i, f'=IFERROR({mean},"{NONE}")', number)
        _weakest(c, row, end)
    c.place("dimensions_groups", DIMENSIONS,
            f"C{TOP}:{xl_col_to_name(end)}{TOP + len(GROUPS) - 1}")  # fmt: skip


def _criterion(group: str) -> str:
    return '""' if group == GROUPS[-1] else f'"{group}"'


def _weakest(c: Canvas, row: int, end: int) -> None:
    first, right = xl_col_to_name(_FIRST), xl_col_to_name(end - 1)
    span, heads = f"{first}{row}:{right}{row}", f"${first}${TOP - 1}:${right}${TOP - 1}"
    text = f'=IFERROR(INDEX({heads},MATCH(MIN({span}),{span},0)),"{NONE}")'
    c.sheets[DIMENSIONS].write_formula(row - 1, end, text, c.book.row(indent=1, bold=True))


def _losses(c: Canvas, top: int) -> None:
    """What each dimension costs, and a chart of it beside."""
    ws, book, count = c.sheets[DIMENSIONS], c.book, len(c.model.dimensions)
    c.section(DIMENSIONS, f"B{top - 2}", "What each dimension costs")
    heads: list[Head] = [("B", "Dimension", "left"), ("C", "Accounts", "right"),
                         ("D", "Mean", "right"), ("E", "Points lost", "right"),
                         ("F", "Weakest for", "right"), ("G", "ARR × lost", "right")]  # fmt: skip
    write_heads(ws, book, top - 1, heads)
    forms = ("text", "whole", "points", "points", "whole", "whole")
    for row in range(top, top + count):
        for column, form in zip("BCDEFG", forms, strict=True):
            align = "left" if column == "B" else "right"
            look = book.row(num_format=NUMBER[form], align=align, bold=column in "BE")
            ws.write_blank(f"{column}{row}", None, look)
    c.place("dimensions_losses", DIMENSIONS, f"B{top}:G{top + count - 1}")
    money(c, ws, f"G{top}:G{top + count - 1}", dot=True)
    ws.write_blank(f"B{top + count}", None, book.format(font_size=8, font_color=MUTED))
    c.place("dimensions_below", DIMENSIONS, f"B{top + count}")
    labels, values = (f"{DIMENSIONS}!${x}${top}:${x}${top + count - 1}" for x in "BE")
    chart = plain_chart(c, CHART, "column", labels, {"Points lost": (values, WATERFALL)},
                        labels="0.0;;")  # fmt: skip
    size = 378, 24 * (max(count, 6) + 2)
    place_chart(c, chart, DIMENSIONS, f"H{top - 2}", size, title="Mean points an account loses",
                across="Points", along="Dimension")  # fmt: skip


def _heat(c: Canvas, where: str) -> None:
    """The weaker a dimension, the darker; from 90 on white, so that workbooks compare."""
    c.sheets[DIMENSIONS].conditional_format(
        where,
        {"type": "2_color_scale", "min_type": "num", "min_value": 55, "min_color": LOSS_BAR,
         "max_type": "num", "max_value": 90, "max_color": WHITE},
    )  # fmt: skip
