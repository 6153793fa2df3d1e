"""*Risks*: kinds by the ARR they touch, then every account's risks; people write the status."""

from __future__ import annotations

from scoring.judgement.records import SEVERITIES
from workbook_templates.drawing.account.canvas import heads, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    Card,
    cards,
    chips,
    money,
    money_column,
    page,
    printed,
    quiet_rows,
    table_range,
    underline,
)
from workbook_templates.drawing.theme import NUMBER
from workbook_templates.portfolio.alerts import DONE
from workbook_templates.portfolio.names import RISKS
from workbook_templates.portfolio.risks import KINDS, TABLE

TOP = 10
"""First row of the kinds."""
_BAR = 0.8
"""Bars end before the number."""


def draw(c: Canvas) -> None:
    """Draw totals and kinds over the Table of risks."""
    ws = page(c, RISKS, "risks")
    c.table(TABLE, height=34, row_height=46)
    cards(c, RISKS, 4, "P", _cards(c))
    _kinds(c)
    top = c.at[TABLE][0]
    c.section(RISKS, f"B{top - 1}", "High and medium risks of all accounts, heaviest first")
    chips(c, ws, table_range(c, TABLE, "tier"))
    money_column(c, TABLE, "arr", "currency")
    quiet_rows(c, TABLE, DONE)
    _bold(c)
    ws.freeze_panes(2, 0)
    ws.repeat_rows(top - 1)
    printed(c, TABLE, "mitigation")


def _cards(c: Canvas) -> tuple[Card, ...]:
    key, status = c.column(TABLE, "key"), c.column(TABLE, "status")
    severity = c.column(TABLE, "severity")
    done = "".join(f'-COUNTIFS({key},"?*",{status},"{word}")' for word in DONE)
    counts = (
        Card(f"risks_sum_{word.casefold()}", column, word, formula=f'COUNTIF({severity},"{word}")')
        for word, column in zip(SEVERITIES[:-1], "DE", strict=True)
    )
    return (
        Card("risks_sum_all", "B", "Risks"),
        Card("risks_sum_accounts", "C", "Accounts"),
        *counts,
        Card("risks_sum_low", "F", SEVERITIES[-1]),
        Card("risks_sum_arr", "G", "ARR they touch", "money"),
        Card("risks_sum_open", "K", "Open", formula=f'COUNTIF({key},"?*"){done}'),
    )


def _kinds(c: Canvas) -> None:
    """Which kinds are systematic: name over two columns, accounts, high, ARR, share."""
    ws, book = c.sheets[RISKS], c.book
    c.section(RISKS, f"B{TOP - 2}", "Kinds of risk, most ARR first")
    top = [
        ("B", "Risk", "left"),
        *heads("DEFG", ("Accounts", "High", "ARR", "Share of accounts"), "right"),
    ]
    write_heads(ws, book, TOP - 1, top)
    forms = {"D": "whole", "E": "matrix", "F": "whole", "G": "share"}
    end = TOP + KINDS - 1
    for row in range(TOP, end + 1):
        ws.set_row_pixels(row - 1, 22)
        ws.write_blank(f"B{row}", None, book.format(bold=True))
        for column, form in forms.items():
            look = book.format(num_format=NUMBER[form], align="right")
            ws.write_blank(f"{column}{row}", None, look)
    underline(c, ws, f"B{TOP}:E{end}")
    money(c, ws, f"F{TOP}:F{end}", label="B")
    book.bar(ws, f"G{TOP}:G{end}", _BAR)
    c.place("risks_kinds_names", RISKS, f"B{TOP}:B{end}")
    c.place("risks_kinds", RISKS, f"D{TOP}:G{end}")


def _bold(c: Canvas) -> None:
    """What is high stands out."""
    ws, row = c.sheets[RISKS], c.at[TABLE][0] + 1
    severity = table_range(c, TABLE, "severity")
    bold = c.book.workbook.add_format({"bold": True})
    rule = {"type": "formula", "criteria": f'={severity[0]}{row}="High"', "format": bold}
    ws.conditional_format(severity, rule)
