"""*Alerts*: what fired, for whom, who acts by when; people write status and notes."""

from __future__ import annotations

from scoring.triggers import SEVERITIES
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    Card,
    cards,
    chips,
    money_column,
    page,
    printed,
    table_range,
)
from workbook_templates.drawing.theme import LOSS, MUTED
from workbook_templates.portfolio.alerts import DONE, TABLE
from workbook_templates.portfolio.basis import AS_OF
from workbook_templates.portfolio.names import ALERTS

_SEVERE = SEVERITIES[-2:]


def draw(c: Canvas) -> None:
    """Draw totals over the Table of alerts."""
    ws = page(c, ALERTS, "alerts")
    c.table(TABLE, height=34, row_height=46)
    cards(c, ALERTS, 4, "O", _cards(c))
    # What fell as it does every year: said, and no alert.
    ws.set_row_pixels(6, 18)
    ws.write_blank("B7", None, c.book.format(font_size=8, font_color=MUTED, align="left"))
    c.place("alerts_usual", ALERTS, "B7")
    chips(c, ws, table_range(c, TABLE, "tier"))
    money_column(c, TABLE, "arr", "currency")
    _rules(c)
    ws.freeze_panes(c.at[TABLE][0], 4)
    ws.repeat_rows(c.at[TABLE][0] - 1)
    printed(c, TABLE, "due")


def _cards(c: Canvas) -> tuple[Card, ...]:
    every, status = c.column(TABLE, "date"), c.column(TABLE, "status")
    done = "".join(f'-COUNTIFS({every},">0",{status},"{word}")' for word in DONE)
    due = c.column(TABLE, "due")
    late = f'COUNTIFS({due},"<"&{AS_OF})'
    late += "".join(f'-COUNTIFS({due},"<"&{AS_OF},{status},"{word}")' for word in DONE)
    severity = c.column(TABLE, "severity")
    return (
        Card("alerts_sum_all", "B", "Alerts", formula=f"COUNT({every})"),
        *(
            Card(
                f"alerts_sum_{key}",
                column,
                key.capitalize(),
                formula=f'COUNTIF({severity},"{key}")',
            )
            for key, column in zip(reversed(SEVERITIES), "DEFG", strict=False)
        ),
        Card("alerts_sum_open", "H", "Open", formula=f"COUNT({every}){done}"),
        Card("alerts_sum_late", "K", "Overdue", formula=late),
        Card("alerts_sum_arr", "L", "ARR they touch", "money"),
    )


def _rules(c: Canvas) -> None:
    """Bold where it is severe, rust where it is late, quiet where it is done."""
    ws, row = c.sheets[ALERTS], c.at[TABLE][0] + 1
    severity, due, status = (table_range(c, TABLE, key) for key in ("severity", "due", "status"))
    words = ",".join(f'{severity[0]}{row}="{s.capitalize()}"' for s in _SEVERE)
    bold = c.book.workbook.add_format({"bold": True})
    ws.conditional_format(severity, {"type": "formula", "criteria": f"=OR({words})",
                                     "format": bold})  # fmt: skip
    done = ",".join(f'${status[0]}{row}<>"{word}"' for word in DONE)
    late = f"=AND(ISNUMBER({due[0]}{row}),{due[0]}{row}<{AS_OF},{done})"
    rust = c.book.workbook.add_format({"font_color": LOSS, "bold": True})
    ws.conditional_format(due, {"type": "formula", "criteria": late, "format": rust})
