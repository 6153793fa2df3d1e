"""Risks and actions on *Scorecard*: the first rows of the Tables that people edit."""

from __future__ import annotations

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import (
    RISKS,
    SCORECARD,
    Canvas,
    blank_cells,
    quoted,
    write_heads,
)
from workbook_templates.drawing.account.card_layout import (
    ACTION_LETTERS,
    PLAN_LETTERS,
    RISK_LETTERS,
    RISK_ROWS,
    risks_top,
)
from workbook_templates.drawing.account.risks import ACTIONS_SHOWN, HORIZONS, RISKS_SHOWN, TOP
from workbook_templates.drawing.theme import ACCENT, NUMBER


def draw_risks(c: Canvas) -> None:
    """The first rows of the risk Table, three sheet rows each."""
    ws, book, top = c.sheets[SCORECARD], c.book, risks_top(c)
    head = book.head(align="left")
    blank_cells(ws, "BCDEFGHI", top - 1, head)
    for column, text in (("B", "Severity"), ("C", "Risk and evidence")):
        ws.write_string(f"{column}{top - 1}", text, head)
    ws.write_string(f"H{top - 1}", "Mitigation", book.head(align="left", indent=1))
    for i in range(RISKS_SHOWN):
        _risk(c, i)
    strong = book.workbook.add_format({"bold": True})
    where, rule = f"B{top}:B{top + RISK_ROWS - 1}", f'=LEFT(B{top},4)="High"'
    ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": strong})


def _risk(c: Canvas, i: int) -> None:
    ws, r = c.sheets[SCORECARD], risks_top(c) + 3 * i
    severity, dimension, risk, plan = (f"{quoted(RISKS)}!{x}{TOP + i}" for x in "BCDE")
    label = f'IF({dimension}="",{severity},{severity}&CHAR(10)&{dimension})'
    wrap = c.book.row(text_wrap=True, align="left")
    indented = c.book.row(indent=1, text_wrap=True, align="left")
    cells = (
        ("B", "B", f'{label}&""', wrap),
        ("C", "G", f.cut(risk, RISK_LETTERS), wrap),
        ("H", "I", f.cut(plan, PLAN_LETTERS), indented),
    )
    for number, (first, last, text, look) in enumerate(cells, start=1):
        ws.merge_range(f"{first}{r}:{last}{r + 2}", "", look)
        empty = "No risk recorded" if i == 0 and first == "C" else ""
        ws.write_formula(f"{first}{r}", f'=IF({risk}="","{empty}",{text})', look)
        c.place(f"card_risk_{i + 1}_{number}", SCORECARD, f"{first}{r}")


def draw_actions(c: Canvas) -> None:
    """The first actions of each horizon, found by the key column of the action Table."""
    ws, book, top = c.sheets[SCORECARD], c.book, risks_top(c)
    write_heads(ws, book, top - 1, [("K", "Action", "left"), ("L", "Owner", "left"),
                                    ("M", "", "left"), ("N", "Due", "right")])  # fmt: skip
    title = book.format(font_size=8, bold=True, font_color=ACCENT, valign="bottom")
    for h, horizon in enumerate(HORIZONS):
        r = top + (ACTIONS_SHOWN + 1) * h
        ws.write_string(f"K{r}", horizon, title)
        for n in range(1, ACTIONS_SHOWN + 1):
            _action(c, r + n, f"{horizon} {n}", "No action recorded" if n == 1 else "")
        last = r + ACTIONS_SHOWN
        c.place(f"card_actions_{h + 1}", SCORECARD, f"K{r + 1}:L{last}")
        c.place(f"card_due_{h + 1}", SCORECARD, f"N{r + 1}:N{last}")


def _action(c: Canvas, row: int, key: str, empty: str) -> None:
    ws, book = c.sheets[SCORECARD], c.book
    found = f'MATCH("{key}",hs_action_key,0)'
    text, owner, due = (f"INDEX(hs_action_{x},{found})" for x in ("text", "owner", "due"))

    def said(value: str, otherwise: str) -> str:
        return f'=IFERROR(IF({value}="",IF({text}="","","{otherwise}"),{value}),"")'

    wrap = book.row(text_wrap=True, font_size=9)
    ws.write_formula(f"K{row}", f'=IFERROR({f.cut(text, ACTION_LETTERS)},"{empty}")', wrap)
    ws.write_formula(f"L{row}", said(owner, "no owner"), book.row(shrink=True))
    ws.write_blank(f"M{row}", None, book.row())
    date = book.row(num_format=NUMBER["date"], align="right")
    ws.write_formula(f"N{row}", said(due, "no date"), date)
