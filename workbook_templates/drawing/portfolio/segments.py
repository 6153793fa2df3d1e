"""*Segments*: tiers, falling usage and accounts that could expand, segment by segment."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_templates.drawing.account.canvas import Head, heads, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, tier_chart
from workbook_templates.drawing.portfolio.parts import (
    chips,
    has_tier,
    money,
    money_column,
    of_segment,
    page,
    table_range,
    underline,
)
from workbook_templates.drawing.theme import MUTED, NUMBER
from workbook_templates.portfolio.basis import TIER_CELLS
from workbook_templates.portfolio.names import SEGMENTS
from workbook_templates.portfolio.segments import CHART, ROOM, TABLE

TIERS_TOP, WARNINGS_TOP, ALIKE_TOP = 6, 15, 23
"""First rows of the blocks."""


def draw(c: Canvas) -> None:
    """Draw three blocks and a chart over the Table of accounts."""
    ws = page(c, SEGMENTS, "segments")
    c.table(TABLE, height=34, row_height=22)
    last = c.at[TABLE][0]
    for row in range(4, last):
        ws.set_row_pixels(row - 1, 22)
    _tiers(c)
    _warnings(c)
    _alike(c)
    _chart(c)
    c.section(SEGMENTS, f"B{last - 1}", "Accounts of both lists, larger ARR first")
    chips(c, ws, table_range(c, TABLE, "tier"))
    for key in ("change", "usage"):
        c.book.signed_rules(ws, table_range(c, TABLE, key))
    money_column(c, TABLE, "arr", "currency")
    ws.freeze_panes(2, 2)
    ws.repeat_rows(last - 1)


def _tiers(c: Canvas) -> None:
    ws, top, end = c.sheets[SEGMENTS], TIERS_TOP, TIERS_TOP + ROOM
    c.section(SEGMENTS, f"B{top - 2}", "Tiers by segment")
    label = c.model.tier_label
    words = ["Accounts", *(label(k) for k in ("green", "amber", "red")), "No score", "Mean score",
             "ARR", f"Below {label('green')}"]  # fmt: skip
    write_heads(ws, c.book, top - 1, [("B", "Segment", "left"), *heads("CDEFGHIJ", words, "right")])
    for row in range(top, end):
        ws.write_blank(f"B{row}", None, c.book.format())
        for column, text in zip("CDEFGHIJ", _formulas(c, row), strict=True):
            form = NUMBER["points" if column == "H" else "matrix"]
            look = c.book.format(num_format=form, align="right")
            ws.write_formula(f"{column}{row}", f'=IF($B{row}="","",{text})', look)
    _total(c, end)
    underline(c, ws, f"B{top}:H{end - 1}")
    money(c, ws, f"I{top}:J{end - 1}", dot=True, label="B")
    money(c, ws, f"I{end}:J{end}", dot=True)
    c.place("segments_labels", SEGMENTS, f"B{top}:B{end - 1}")
    c.place("segments_tiers", SEGMENTS, f"C{top}:J{end - 1}")


def _formulas(c: Canvas, row: int) -> list[str]:
    """Counts, mean and sums of the segment named in column B."""
    cell, tier, arr = f"$B{row}", c.column("Accounts", "tier"), c.column("Accounts", "arr_total")
    is_tier = {k: [(tier, word, f"{tier}={word}")] for k, word in TIER_CELLS.items()}
    counts = [of_segment(c, cell, is_tier[key]) for key in ("green", "amber", "red")]
    below = [of_segment(c, cell, is_tier[key], arr) for key in ("amber", "red")]
    mean = of_segment(c, cell, [has_tier(c)], c.column("Accounts", "score"), mean=True)
    rest = f"$C{row}-SUM($D{row}:$F{row})"
    return [of_segment(c, cell), *counts, rest, f'IFERROR({mean},"–")',
            of_segment(c, cell, amounts=arr), "+".join(below)]  # fmt: skip


def _total(c: Canvas, row: int) -> None:
    ws, first = c.sheets[SEGMENTS], TIERS_TOP
    ws.write_string(f"B{row}", "Total", c.book.total())
    for column in "CDEFGIJ":
        look = c.book.total(num_format=NUMBER["matrix"], align="right")
        ws.write_formula(f"{column}{row}", f"=SUM({column}{first}:{column}{row - 1})", look)
    score, tier = (c.column("Accounts", key) for key in ("score", "tier"))
    mean = f'=IFERROR(AVERAGEIFS({score},{tier},"<>○*"),"–")'
    ws.write_formula(f"H{row}", mean, c.book.total(num_format=NUMBER["points"], align="right"))
    c.place("segments_total", SEGMENTS, f"C{row}:J{row}")


def _warnings(c: Canvas) -> None:
    top = WARNINGS_TOP
    c.section(SEGMENTS, f"B{top - 2}", "Falling usage: early warnings")
    forms = {"C": "whole", "D": "whole", "E": "percent", "F": "change_percent", "G": "date",
             "H": "percent", "I": "whole"}  # fmt: skip
    words = ("Usage known", "Declining", "Share", "Mean", "Since", "Of ARR", "ARR touched")
    _block(c, top, forms, (*words, "With it"), "warnings")


def _alike(c: Canvas) -> None:
    top = ALIKE_TOP
    c.section(SEGMENTS, f"B{top - 2}", "Expansion: accounts like those that want more")
    forms = dict.fromkeys("CDE", "whole")
    _block(c, top, forms, ("Want more", "Alike", "Their ARR", "Reach"), "alike")


def _block(c: Canvas, top: int, forms: dict[str, str], words: Sequence[str], name: str) -> None:
    """A block of values: segment in B, then figures, an amount last, then words; a note below."""
    ws, book = c.sheets[SEGMENTS], c.book
    figures, amount = "".join(forms), list(forms)[-1]
    told = chr(ord(amount) + 1)
    rest = [chr(x) for x in range(ord(told) + 1, ord("N") + 1)]
    row: list[Head] = [("B", "Segment", "left"), *heads(figures, words[:-1], "right")]
    row += [(told, words[-1], "left1"), *heads("".join(rest), [""] * len(rest), "left")]
    write_heads(ws, book, top - 1, row)
    end = top + ROOM
    for r in range(top, end):
        for column in f"B{figures}{told}":
            look = book.format(
                num_format=NUMBER[forms.get(column, "text")],
                align="right" if column in forms else "left",
                indent=int(column == told),
                bold=column == "D",
            )
            ws.write_blank(f"{column}{r}", None, look)
    underline(c, ws, f"B{top}:{chr(ord(amount) - 1)}{end - 1}")
    underline(c, ws, f"{told}{top}:N{end - 1}", "B")
    money(c, ws, f"{amount}{top}:{amount}{end - 1}", dot=True, label="B")
    c.place(f"segments_{name}", SEGMENTS, f"B{top}:{told}{end - 1}")
    ws.write_blank(f"B{end}", None, book.format(font_size=8, font_color=MUTED))
    c.place(f"segments_{name}_note", SEGMENTS, f"B{end}")


def _chart(c: Canvas) -> None:
    end = TIERS_TOP + ROOM - 1
    columns = dict(zip(("green", "amber", "red", ""), "DEFG", strict=True))
    values = {k: f"{SEGMENTS}!${x}${TIERS_TOP}:${x}${end}" for k, x in columns.items()}
    labels = f"{SEGMENTS}!$B${TIERS_TOP}:$B${end}"
    chart = tier_chart(c, CHART, "bar %", labels, values, labels="#,##0", gap=30)
    place_chart(c, chart, SEGMENTS, "L4", (450, 176), title="Share of accounts by tier",
                across="Share of accounts", along="Segment", bars=True)  # fmt: skip
