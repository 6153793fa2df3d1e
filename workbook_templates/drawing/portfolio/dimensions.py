"""*Dimensions*: where the portfolio is weak, by segment and by CSM, and what it costs."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name

from workbook_templates.drawing.account.canvas import Head, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, plain_chart
from workbook_templates.drawing.portfolio.parts import has_tier, money, of_segment, page, underline
from workbook_templates.drawing.theme import LOSS_BAR, MUTED, NUMBER, WATERFALL, WHITE
from workbook_templates.portfolio.dimensions import CHART, NONE, ROOM, TABLE
from workbook_templates.portfolio.names import DIMENSIONS

TOP = 6
"""First row of the block of segments."""
_FIRST = 4
"""Column, from 0, of the first dimension."""


def draw(c: Canvas) -> None:
    """Draw means by segment and what dimensions cost over the Table of CSMs."""
    ws, count = page(c, DIMENSIONS, "dimensions"), len(c.model.dimensions)
    losses = TOP + ROOM + 3
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
    # LibreOffice applies both rules of a range, but only one of two ranges that overlap.
    underline(c, ws, f"{first}{TOP}:{right}{TOP + ROOM - 1}", "B")
    for where in (f"{first}{TOP}:{right}{TOP + ROOM - 1}",
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
    for row in range(TOP, TOP + ROOM):
        _segment(c, row, end)
    last = xl_col_to_name(end)
    ws.write_string(f"B{TOP}", "All accounts", book.format(bold=True))
    underline(c, ws, f"B{TOP}:D{TOP + ROOM - 1}")
    underline(c, ws, f"{last}{TOP}:{last}{TOP + ROOM - 1}", "B")
    c.place("dimensions_labels", DIMENSIONS, f"B{TOP + 1}:B{TOP + ROOM - 1}")
    c.place("dimensions_groups", DIMENSIONS, f"C{TOP}:{last}{TOP + ROOM - 1}")


def _segment(c: Canvas, row: int, end: int) -> None:
    """Count and means of the segment named in column B, of all accounts in the first row."""
    ws, book = c.sheets[DIMENSIONS], c.book
    cell, tests = f"$B{row}", [has_tier(c)]
    score, *spans = (
        c.column("Accounts", key)
        for key in ("score", *(f"dim_{d.key}" for d in c.model.dimensions))
    )
    if row == TOP:
        count = f"COUNTA({c.column('Accounts', 'account_id')})"
        means = [f"AVERAGEIFS({score},{tests[0][0]},{tests[0][1]})"]
        means += [f"AVERAGE({span})" for span in spans]
    else:
        count = of_segment(c, cell)
        means = [of_segment(c, cell, tests, score, mean=True)]
        means += [of_segment(c, cell, (), span, mean=True) for span in spans]
    if row > TOP:
        ws.write_blank(f"B{row}", None, book.format())
    texts = [count, *(f'IFERROR({mean},"{NONE}")' for mean in means)]
    for i, text in enumerate(texts):
        form = NUMBER["points" if i else "whole"]
        look = book.format(num_format=form, align="right", bold=i == 1)
        ws.write_formula(row - 1, 2 + i, f'=IF($B{row}="","",{text})', look)
    _weakest(c, row, end)


def _weakest(c: Canvas, row: int, end: int) -> None:
    first, right = xl_col_to_name(_FIRST), xl_col_to_name(end - 1)
    span, heads = f"{first}{row}:{right}{row}", f"${first}${TOP - 1}:${right}${TOP - 1}"
    found = f'IFERROR(INDEX({heads},MATCH(MIN({span}),{span},0)),"{NONE}")'
    look = c.book.format(indent=1, bold=True)
    c.sheets[DIMENSIONS].write_formula(row - 1, end, f'=IF($B{row}="","",{found})', look)


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
