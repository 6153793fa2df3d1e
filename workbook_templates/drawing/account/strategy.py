"""The 90 days before the renewal, on *Renewal*: what, by when, whose, and why."""

from __future__ import annotations

from workbook_templates.drawing.account.canvas import RENEWAL, Canvas, underline_filled, write_heads
from workbook_templates.drawing.theme import MUTED, NUMBER

__all__ = ["STRATEGY_ROWS", "draw_strategy"]

STRATEGY_ROWS = 10
"""Most steps that there are."""
_PIXELS = 44


def draw_strategy(c: Canvas, row: int) -> int:
    """Draw the block with its title in a row; gives its last row."""
    ws, book = c.sheets[RENEWAL], c.book
    c.section(RENEWAL, f"B{row}", "90-day renewal strategy")
    note = "Counted back from the renewal date to working days. A late step is due at once."
    ws.write_string(f"B{row + 1}", note, book.format(font_color=MUTED))
    write_heads(
        ws,
        book,
        row + 2,
        [
            ("B", "Step", "left"),
            ("C", "Due", "left"),
            ("D", "Role", "left"),
            ("E", "Why", "left"),
            *((letter, "", "left") for letter in "FGHIJK"),
        ],
    )
    top, wrap = row + 3, book.format(text_wrap=True)
    end = top + STRATEGY_ROWS - 1
    for r in range(top, end + 1):
        ws.write_blank(f"B{r}", None, wrap)
        ws.write_blank(f"C{r}", None, book.format(num_format=NUMBER["date"], align="left"))
        ws.write_blank(f"D{r}", None, book.format())
        ws.merge_range(f"E{r}:K{r}", "", wrap)
        ws.set_row_pixels(r - 1, _PIXELS)
    underline_filled(c, ws, f"B{top}:K{end}")
    c.place("strategy", RENEWAL, f"B{top}:E{end}")
    return end
