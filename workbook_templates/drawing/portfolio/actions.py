"""*Actions*: who does what by when; people edit, close and add rows."""

from __future__ import annotations

from scoring.judgement.actions_days import WEEK_DAYS
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    Card,
    cards,
    chips,
    late_rule,
    money_column,
    page,
    printed,
    quiet_rows,
    table_range,
)
from workbook_templates.portfolio.actions import CLOSED, TABLE
from workbook_templates.portfolio.basis import AS_OF
from workbook_templates.portfolio.names import ACTIONS

_HELP = (
    "Type a text, owner or day: yours stays. Type Done or Dropped in Status. Count attempts: "
    "after three without response an executive reaches out. Add rows below the last one."
)

_LAST_ROW = 20_000


def draw(c: Canvas) -> None:
    """Draw totals over the Table of actions."""
    ws = page(c, ACTIONS, "actions")
    c.table(TABLE, height=34, row_height=42)
    cards(c, ACTIONS, 4, "Q", _cards(c))
    ws.set_row_pixels(6, 20)
    ws.write_blank("B7", None, c.book.sheet_note())
    c.place("actions_owners", ACTIONS, "B7")
    ws.set_row_pixels(7, 20)
    ws.write_string("B8", _HELP, c.book.sheet_note())
    chips(c, ws, table_range(c, TABLE, "tier"))
    money_column(c, TABLE, "arr", "currency")
    late_rule(c, TABLE, CLOSED)
    quiet_rows(c, TABLE, CLOSED)
    ws.freeze_panes(c.at[TABLE][0], 3)
    ws.repeat_rows(c.at[TABLE][0] - 1)
    printed(c, TABLE, "status")


def _cards(c: Canvas) -> tuple[Card, ...]:
    action, status, due, why = (_down(c, key) for key in ("action", "status", "due", "why"))

    def live(*tests: str) -> str:
        """Formula of a count of rows that are not closed."""
        all_of = ",".join((f'{action},"?*"', *tests))
        closed = "".join(f'-COUNTIFS({all_of},{status},"{word}")' for word in CLOSED)
        return f"COUNTIFS({all_of}){closed}"

    closed = "+".join(f'COUNTIF({status},"{word}")' for word in CLOSED)
    week = (f'{due},">="&{AS_OF}', f'{due},"<="&{AS_OF}+{WEEK_DAYS}')
    return (
        Card("actions_sum_open", "B", "Open", formula=live()),
        Card("actions_sum_late", "D", "Overdue", formula=live(f'{due},"<"&{AS_OF}')),
        Card("actions_sum_week", "G", "Due in 7 days", formula=live(*week)),
        Card("actions_sum_up", "I", "Escalated", formula=live(f'{why},"*without response"')),
        Card("actions_sum_closed", "K", "Closed", formula=closed),
    )


def _down(c: Canvas, key: str) -> str:
    """A column of the Table and the rows below it, where people add theirs.

    LibreOffice does not grow a formula's range with the Table.
    """
    first, _, _ = c.column(TABLE, key).rpartition(":")
    column = first.rpartition("!")[2].split("$")[1]
    return f"{first}:${column}${_LAST_ROW}"
