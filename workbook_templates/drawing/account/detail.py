"""*Detail*: every field of a scorecard in words, filled or plainly "not provided"."""

from __future__ import annotations

from workbook_templates.drawing.account.canvas import DETAIL, Canvas
from workbook_templates.drawing.theme import MUTED, RULE

NOT_PROVIDED = "not provided"
Group = tuple[str, tuple[str, ...]]
"""A title and the labels of its fields; `account.detail` gives the texts in this order."""
LEFT: tuple[Group, ...] = (
    ("Product adoption",
     ("DAU/MAU", "Key features adopted", "Features not adopted", "Power users")),
    ("Engagement", ("Last QBR", "Next QBR", "Executive sponsor", "Champion")),
    ("Outcomes", ("Stated goals", "Progress against goals", "Evidence of value")),
)  # fmt: skip
RIGHT: tuple[Group, ...] = (
    ("Support health",
     ("Open tickets", "CSAT / NPS", "Unresolved escalations", "Ticket trend, 90 days")),
    ("Commercial", ("Seats", "Payment history", "Expansion signals", "Downgrade or cancellation")),
)  # fmt: skip
TOP = 4


def draw(c: Canvas) -> None:
    """Draw the two columns of fields, and an assessment for each dimension of the model."""
    book = c.book
    ws = c.sheets[DETAIL] = book.sheet(DETAIL)
    book.columns(ws, {"A": 12, "B": 150, "C": 440, "D": 24, "E": 150, "F": 440, "G": 12})
    book.title(ws, "Account in detail")
    c.place("detail_note", DETAIL, "B2")
    for side, (label, value, groups) in enumerate((("B", "C", LEFT), ("E", "F", RIGHT))):
        row = TOP
        for number, (title, fields) in enumerate(groups):
            row = _group(c, (label, value, row), (title, fields), f"detail_{side}_{number}")
        if side:
            names = tuple(d.name for d in c.model.dimensions)
            _group(c, (label, value, row), ("Assessment", names), "assessment")
    end = max(_end(LEFT), _end(RIGHT) + len(c.model.dimensions) + 2)
    ws.print_area(0, 0, end - 1, 6)
    ws.freeze_panes(2, 0)


def _end(groups: tuple[Group, ...]) -> int:
    return TOP + sum(len(fields) + 2 for _, fields in groups)


def _group(c: Canvas, at: tuple[str, str, int], group: Group, name: str) -> int:
    """One group under its title; returns the row after it and its gap.

    *at* gives the columns of labels and texts, and the row of the title.
    """
    ws, book = c.sheets[DETAIL], c.book
    (label, value, row), (title, fields) = at, group
    ws.set_row_pixels(row - 1, 26)
    head = book.format(bold=True, font_size=11, bottom=1, bottom_color=RULE)
    ws.write_string(f"{label}{row}", title, head)
    ws.write_blank(f"{value}{row}", None, head)
    for i, text in enumerate(fields, start=1):
        ws.set_row_pixels(row - 1 + i, 44)
        ws.write_string(f"{label}{row + i}", text, book.row(font_color=MUTED))
        ws.write_blank(f"{value}{row + i}", None, book.row(text_wrap=True, align="left"))
    c.place(name, DETAIL, f"{value}{row + 1}:{value}{row + len(fields)}")
    # One side's title row is the other side's field row: rows keep the larger height.
    return row + len(fields) + 2
