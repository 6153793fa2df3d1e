"""*Risks & actions*: two Tables that people edit; *Scorecard* shows their first rows."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format

from workbook_templates.drawing.account.canvas import RISKS, Canvas
from workbook_templates.drawing.theme import MUTED, NUMBER

TOP = 6
"""First data row of both Tables."""
SEVERITIES = ("High", "Medium", "Low")
HORIZONS = ("This week", "This month", "Before renewal")
STATUSES = ("Open", "In progress", "Done", "Dropped")
RISK_TABLE, ACTION_TABLE = "Risks", "Actions"
RISK_HEADS = ("Severity", "Dimension", "Risk and evidence", "Mitigation")
ACTION_HEADS = ("Horizon", "Action", "Owner", "Due", "Status", "Key", "Ref")
"""Headers of the Tables; `account.tables` fills them in this order."""
_PLACES = {
    "risk_severity": "B",
    "risk_text": "D",
    "risk_plan": "E",
    "action_text": "H",
    "action_owner": "I",
    "action_due": "J",
    "action_status": "K",
    "action_key": "L",
}
"""Columns of both Tables that formulas of other sheets read."""
ROWS = 2
ROW_PIXELS, LETTERS = 66, 290
"""Height of a row, and how much text five wrapped lines hold in the narrower text column."""
POSITIVE_LETTERS = 330
"""Two lines across the sheet, of what speaks for the account."""
RISKS_SHOWN, ACTIONS_SHOWN = 3, 2
"""How many risks, and actions of each horizon, *Scorecard* shows."""


def draw(c: Canvas) -> None:
    """Draw both Tables side by side, with dropdowns."""
    book = c.book
    ws = c.sheets[RISKS] = book.sheet(RISKS, pages=(1, 0))
    book.columns(ws, {"A": 12, "B": 66, "C": 104, "D": 330, "E": 300, "F": 20, "G": 96, "H": 232,
                      "I": 112, "J": 84, "K": 84})  # fmt: skip
    book.title(ws, "Risks and actions")
    c.place("risks_note", RISKS, "B2")
    ws.merge_range("B3:K3", "", book.format(text_wrap=True, valign="vcenter"))
    ws.set_row_pixels(2, 36)
    c.place("positives", RISKS, "B3")
    c.section(RISKS, "B4", "Risks")
    c.section(RISKS, "G4", "Actions")
    ws.set_row_pixels(3, 24)
    ws.set_row_pixels(4, 22)
    for r in range(ROWS):
        ws.set_row_pixels(TOP - 1 + r, ROW_PIXELS)
    wrap = book.row(text_wrap=True)
    _table(c, 1, RISK_TABLE, RISK_HEADS, [book.row(), book.row(shrink=True), wrap, wrap])
    due = book.row(num_format=NUMBER["date"], align="right")
    key = book.row(font_color=MUTED, font_size=8)
    looks = [book.row(), wrap, book.row(shrink=True), due, book.row(indent=1), key, key]
    _table(c, 6, ACTION_TABLE, ACTION_HEADS, looks)
    for row in range(TOP, TOP + ROWS):
        # The range starts at the header so that it grows by one with every row.
        count = f'=IF(G{row}="","",G{row}&" "&COUNTIF(G${TOP - 1}:G{row},G{row}))'
        ws.write_formula(f"L{row}", count, key)
    # People need not see the key by which the scorecard finds its actions, nor what tells the
    # next report our rows from theirs.
    ws.set_column("L:N", None, None, {"hidden": True})
    c.place("risks_written", RISKS, "N1")
    end = TOP + ROWS - 1
    for name, column in _PLACES.items():
        c.place(name, RISKS, f"{column}{TOP}:{column}{end}")
    _validations(c, end)
    ws.freeze_panes(5, 0)
    ws.repeat_rows(4)
    ws.fit_to_pages(1, 0)


def _table(c: Canvas, first: int, name: str, heads: Sequence[str], looks: Sequence[Format]) -> None:
    ws, book = c.sheets[RISKS], c.book
    spec = []
    for i, head in enumerate(heads):
        align = "right" if head == "Due" else "left"
        top = book.head(align=align, indent=int(head == "Status"))
        spec.append({"header": head, "header_format": top})
        for r in range(ROWS):
            ws.write_blank(TOP - 1 + r, first + i, None, looks[i])
    options = {"name": name, "style": None, "columns": spec, "autofilter": False}
    ws.add_table(TOP - 2, first, TOP + ROWS - 2, first + len(heads) - 1, options)


def _validations(c: Canvas, end: int) -> None:
    ws = c.sheets[RISKS]
    names = [d.name for d in c.model.dimensions]
    for column, words in (("B", SEVERITIES), ("C", names), ("G", HORIZONS), ("K", STATUSES)):
        rule = {"validate": "list", "source": list(words), "error_type": "warning"}
        ws.data_validation(f"{column}{TOP}:{column}{end}", rule)
    ws.data_validation(
        f"J{TOP}:J{end}",
        {"validate": "date", "criteria": ">=", "value": "=DATE(2000,1,1)", "input_title": "Due",
         "input_message": "The day by which it is done.", "error_message": "Type a date."},
    )  # fmt: skip
