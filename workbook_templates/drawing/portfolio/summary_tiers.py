"""Tiers of *Summary*: bars, table, moves between tiers, and the accounts that moved most."""

from __future__ import annotations

from typing import Any

from workbook_templates.drawing.account.canvas import blank_cells, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import money
from workbook_templates.drawing.portfolio.summary_workings import (
    TIERS_TOP,
    figure,
    tier_cell,
)
from workbook_templates.drawing.theme import (
    GAIN,
    HAIRLINE,
    INK,
    LOSS,
    LOSS_WASH,
    MUTED,
    NUMBER,
    SHAPE,
    SOLID,
    SPARK,
    TEXT,
    WASH,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.accounts import TABLE
from workbook_templates.portfolio.figures import PARTS
from workbook_templates.portfolio.names import SUMMARY, WORKINGS
from workbook_templates.portfolio.summary import TIER_CHART

_TABLE = 13
"""Row of the header of the tiers' table."""


def draw_tiers(c: Canvas) -> None:
    """Bars of accounts and ARR, and the same in numbers."""
    ws, book = c.sheets[SUMMARY], c.book
    c.section(SUMMARY, "B8", "Tiers")
    write_heads(ws, book, _TABLE, [
        ("B", "Tier", "left"), ("C", "Accounts", "right"), ("D", "Share", "right"),
        ("E", "ARR", "right"), ("F", "Share", "right")])  # fmt: skip
    what = {"C": "accounts", "D": "share", "E": "arr", "F": "arr_share"}
    forms = {"C": "whole", "D": "percent1", "E": "whole", "F": "percent1"}
    for row, key in enumerate(PARTS, start=_TABLE + 1):
        colour = TEXT[key] if key else MUTED
        label = f"={WORKINGS}!$A${TIERS_TOP + PARTS.index(key)}"
        ws.write_formula(f"B{row}", label, book.row(bold=bool(key), font_color=colour))
        for column, kind in what.items():
            look = book.row(num_format=NUMBER[forms[column]], align="right")
            ws.write_formula(f"{column}{row}", f"={tier_cell(key, kind)}", look)
    end = _TABLE + len(PARTS)
    ws.write_formula(f"B{end + 1}", '="Total"', book.total())
    for column, form in forms.items():
        total = f"=SUM({column}{_TABLE + 1}:{column}{end})"
        look = book.total(num_format=NUMBER[form], align="right")
        ws.write_formula(f"{column}{end + 1}", total, look)
    money(c, ws, f"E{_TABLE + 1}:E{end + 1}", short=True)
    c.place("summary_tier_table", SUMMARY, f"B{_TABLE + 1}:F{end + 1}")
    alt = {"object_position": 2, "description": "Share of accounts and ARR by tier."}
    ws.insert_chart("B9", _bars(c), alt)


def _bars(c: Canvas) -> Any:
    options = {"type": "bar", "subtype": "percent_stacked", "name": TIER_CHART}
    chart = c.book.workbook.add_chart(options)
    heads = f"={WORKINGS}!$B${TIERS_TOP - 1},{WORKINGS}!$C${TIERS_TOP - 1}"
    for row, key in enumerate(PARTS, start=TIERS_TOP):
        words = {"value": True, "num_format": f'[>=0.09]"{SHAPE[key]} "0%;;', "position": "center"}
        ink = INK if key in ("amber", "") else WHITE
        chart.add_series({
            "name": f"={WORKINGS}!$A${row}",
            "categories": f"=({heads[1:]})",
            "values": f"=({WORKINGS}!$F${row},{WORKINGS}!$I${row})",
            "fill": {"color": SOLID.get(key, SPARK)},
            "border": {"color": WHITE, "width": 1},
            "gap": 15,
            "data_labels": {**words, "font": chart_font(8, ink, bold=True)},
        })  # fmt: skip
    calm_chart(chart)
    chart.show_hidden_data()
    quiet = {"reverse": True, "num_font": chart_font(9, INK), "line": {"none": True}}
    chart.set_y_axis(calm_axis(**quiet))
    chart.set_x_axis({**calm_axis(), "visible": False})
    chart.set_size({"width": 404, "height": 116})
    chart.set_plotarea({"layout": {"x": 0.16, "y": 0.02, "width": 0.84, "height": 0.96}})
    return chart


def draw_matrix(c: Canvas) -> None:
    """Accounts by tier then and now; worse moves rust, better ones blue."""
    ws, book = c.sheets[SUMMARY], c.book
    ws.write_blank("H8", None, book.section())
    c.place("summary_moves_title", SUMMARY, "H8")
    ws.write_blank("H9", None, book.head())
    c.place("summary_moves_head", SUMMARY, "H9")
    tiers = [key for key in PARTS if key]
    for column, key in zip("IJK", tiers, strict=True):
        ws.write_formula(f"{column}9", f"={basis.TIER_CELLS[key]}", book.head(align="right"))
    blank_cells(ws, "L", 9, book.head())
    words, before = c.column(TABLE, "tier"), c.column(TABLE, "previous_tier")
    for row, then in enumerate(tiers, start=10):
        label = book.row(bold=True, font_color=TEXT[then])
        ws.write_formula(f"H{row}", f"={basis.TIER_CELLS[then]}", label)
        for column, now in zip("IJK", tiers, strict=True):
            tests = f"{before},{basis.TIER_CELLS[then]},{words},{basis.TIER_CELLS[now]}"
            look = book.row(num_format=NUMBER["matrix"], font_color=MUTED, align="right")
            ws.write_formula(f"{column}{row}", f"=COUNTIFS({tests})", look)
        blank_cells(ws, "L", row, book.row())
    for where, colour, wash in (("J10:K10 K11", LOSS, LOSS_WASH), ("I11:I12 J12", GAIN, WASH)):
        look = book.workbook.add_format({"font_color": colour, "bg_color": wash, "bold": True})
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": look}
        ws.conditional_format(where.split()[0], {**rule, "multi_range": where})
    c.place("summary_matrix", SUMMARY, "I10:K12")
    c.place("summary_matrix_labels", SUMMARY, "H10:H12")
    c.place("summary_matrix_heads", SUMMARY, "I9:K9")
    told = f'"↓ "&{figure("worse")}&" a tier worse, ↑ "&{figure("better")}&" a tier better"'
    ws.write_formula("H13", f"={told}", book.format(font_size=8, font_color=MUTED))
    c.place("summary_moved", SUMMARY, "H13")


def draw_moves(c: Canvas) -> None:
    """Room for the two deepest falls and the two highest rises."""
    ws, book = c.sheets[SUMMARY], c.book
    write_heads(ws, book, 14, [
        ("H", "Biggest moves", "left"), ("I", "Score", "right"), ("J", "Change", "right"),
        ("L", "", "left")])  # fmt: skip
    # Its text runs over into the next column, so it must not wrap.
    ws.write_string("K14", "Moved most by", book.head(align="left", indent=1))
    for row in range(15, 19):
        plain = {"num_format": NUMBER["score"], "align": "right"}
        arrow = {"num_format": NUMBER["arrow"], "align": "right"}
        for column, look in (("H", {}), ("I", plain), ("J", arrow),
                             ("K", {"align": "left", "indent": 1}), ("L", {})):  # fmt: skip
            ws.write_blank(f"{column}{row}", None, book.format(**look))
    c.place("summary_moves", SUMMARY, "H15:K18")
    for sign, colour in ((">", GAIN), ("<", LOSS)):
        look = {"font_color": colour, "bold": True, "bottom": 1, "bottom_color": HAIRLINE}
        moved = f"=AND(ISNUMBER($J15),$J15{sign}0)"
        rule = {"type": "formula", "criteria": moved, "format": book.workbook.add_format(look)}
        ws.conditional_format("J15:J18", rule)
    line = book.workbook.add_format({"bottom": 1, "bottom_color": HAIRLINE})
    filled = {"type": "formula", "criteria": '=$I15<>""', "format": line}
    ws.conditional_format("H15:I18", {**filled, "multi_range": "H15:I18 K15:L18"})
