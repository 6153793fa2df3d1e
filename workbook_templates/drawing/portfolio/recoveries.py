"""The block of *Migration* about getting better: how often, how long it took, who recovered."""

from __future__ import annotations

from scoring.improvement import TARGET_RECOVERY, UP
from workbook_templates.drawing.account.canvas import heads, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.theme import MUTED, NUMBER, TEXT
from workbook_templates.portfolio.basis import tier_word
from workbook_templates.portfolio.migration import STOOD
from workbook_templates.portfolio.names import MIGRATION

TOP = 16
"""First row of the block."""


def draw_recoveries(c: Canvas) -> None:
    """Draw moves up on the left and recoveries on the right; all are values."""
    ws, book = c.sheets[MIGRATION], c.book
    for row in range(TOP - 2, TOP + 5):
        ws.set_row_pixels(row - 1, 24)
    c.section(MIGRATION, f"B{TOP - 2}", "Better in 90 days")
    c.section(MIGRATION, f"J{TOP - 2}", "Recovery of accounts that were below in 90 days")
    write_heads(ws, book, TOP - 1, [("B", "", "left"),
                                    *heads("CD", ("Moves", "Median days"), "right")])  # fmt: skip
    words = ("Were in it", "Better today", "Rate", "Fell back")
    write_heads(ws, book, TOP - 1, [("J", "", "left"), *heads("KLMN", words, "right")])
    for row, (was, now) in enumerate(UP, start=TOP):
        way = f"{tier_word(c.model, was)} → {tier_word(c.model, now)}"
        ws.write_string(f"B{row}", way, book.row(bold=True))
    ws.write_string(f"B{TOP + len(UP)}", "All", book.total())
    for row in range(TOP, TOP + len(UP) + 1):
        kind = book.total if row == TOP + len(UP) else book.row
        for column, form in (("C", "matrix"), ("D", "whole")):
            ws.write_blank(f"{column}{row}", None, kind(num_format=NUMBER[form], align="right"))
    for row, key in enumerate(STOOD, start=TOP):
        name = book.row(bold=True, font_color=TEXT[key])
        ws.write_string(f"J{row}", tier_word(c.model, key), name)
        for column, form in zip("KLMN", ("matrix", "matrix", "percent", "matrix"), strict=True):
            look = book.row(num_format=NUMBER[form], align="right", bold=column == "M")
            ws.write_blank(f"{column}{row}", None, look)
    small = book.format(font_size=8, font_color=MUTED, align="left")
    ws.write_string(f"J{TOP + len(STOOD)}", _note(), small)
    c.place("migration_up", MIGRATION, f"C{TOP}:D{TOP + len(UP)}")
    c.place("migration_recovery", MIGRATION, f"K{TOP}:N{TOP + len(STOOD) - 1}")


def _note() -> str:
    return (
        f"Fell back: were better meanwhile. A rate of {TARGET_RECOVERY:.0%} is the document's "
        "own mark. Days count where the start in the lower tier is known."
    )
