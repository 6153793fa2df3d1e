"""Lists of *Summary*: the ten most at risk, and the load of the largest CSMs."""

from __future__ import annotations

from typing import Any

from scoring.rollup import TIERS
from workbook_templates.drawing.account.canvas import write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.summary_workings import kind_cell
from workbook_templates.drawing.theme import (
    CURRENCY,
    DATA_BAR,
    GAIN,
    HAIRLINE,
    INK,
    LOSS,
    LOSS_BAR,
    MUTED,
    NUMBER,
    SHAPE,
    SHORT_AMOUNT,
    SHORT_CURRENCY,
    TEXT,
    TINT,
)
from workbook_templates.portfolio.accounts import TABLE
from workbook_templates.portfolio.names import SUMMARY, WORKINGS
from workbook_templates.portfolio.spoken import money_formula
from workbook_templates.portfolio.summary_lists import CSM_ROWS, TOP

__all__ = ["CSM_ROWS", "draw_csms", "draw_top"]

_FIRST = 22
_SOON = 30
_BOLD = 3
"""Names that stand out."""
_CURRENCIES = "D45"
"""First cell of the currencies of the ten on *Workings*."""


def draw_top(c: Canvas) -> None:
    """Room for ten accounts: what they are worth, how they stand, why, and who does what."""
    ws, book = c.sheets[SUMMARY], c.book
    ws.write_blank("B20", None, book.section())
    c.place("summary_top_title", SUMMARY, "B20")
    write_heads(ws, book, 21, [
        ("B", "Account", "left"), ("C", "ARR", "right"), ("D", "Score", "right"),
        ("E", "Tier", "left1"), ("F", "Days left", "right"), ("G", "", "left"),
        ("H", "Leading driver", "left"), ("I", "Change", "right"), ("J", "CSM", "left1"),
        ("K", "", "left"), ("L", "Last and next action", "left")])  # fmt: skip
    left1 = {"align": "left", "indent": 1}
    looks: dict[str, dict[str, Any]] = {
        "A": {"font_size": 8, "font_color": MUTED, "align": "center"},
        "C": {"num_format": NUMBER["whole"], "align": "right"},
        "D": {"num_format": NUMBER["score"], "bold": True, "align": "right"},
        "E": {"bold": True, **left1},
        "F": {"num_format": NUMBER["whole"], "align": "right"},
        "I": {"num_format": NUMBER["arrow"], "align": "right"},
        "J": left1,
        "H": {"text_wrap": True},
        "L": {"font_size": 8, "text_wrap": True},
    }
    for row in range(_FIRST, _FIRST + TOP):
        for column in "ABCDEFGHIJKL":
            look = book.format(**looks.get(column, {}))
            if column == "B" and row < _FIRST + _BOLD:
                look = book.format(bold=True)
            ws.write_blank(f"{column}{row}", None, look)
    end = _FIRST + TOP - 1
    for name, ref in (("ranks", f"A{_FIRST}:A{end}"), ("left", f"B{_FIRST}:F{end}"),
                      ("right", f"H{_FIRST}:L{end}")):  # fmt: skip
        c.place(f"summary_top_{name}", SUMMARY, ref)
    _top_rules(c, end)


def _top_rules(c: Canvas, end: int) -> None:
    """Looks that depend on the values; each carries the hairline, for LibreOffice takes one."""
    ws, book = c.sheets[SUMMARY], c.book

    def rule(where: str, test: str, **look: Any) -> None:
        form = book.workbook.add_format({"bottom": 1, "bottom_color": HAIRLINE, **look})
        ws.conditional_format(where, {"type": "formula", "criteria": test, "format": form})

    column, row = _CURRENCIES[0], int(_CURRENCIES[1:])
    c.place("summary_top_currency", WORKINGS, f"{column}{row}:{column}{row + TOP - 1}")
    for key in TIERS:
        test = f'=LEFT($E{_FIRST},1)="{SHAPE[key]}"'
        rule(f"E{_FIRST}:E{end}", test, bg_color=TINT[key], font_color=TEXT[key])
    for sign, colour in ((">", GAIN), ("<", LOSS)):
        test = f"=AND(ISNUMBER($I{_FIRST}),$I{_FIRST}{sign}0)"
        rule(f"I{_FIRST}:I{end}", test, font_color=colour, bold=True)
    for code, form in CURRENCY.items():
        rule(f"C{_FIRST}:C{end}", f'={WORKINGS}!${column}{row}="{code}"', num_format=form)
    near = f"=AND(ISNUMBER($F{_FIRST}),$F{_FIRST}<={_SOON})"
    rule(f"F{_FIRST}:F{end}", near, font_color=LOSS, bold=True)
    faint = book.workbook.add_format({"font_color": MUTED, "italic": True, "bold": False})
    told = f'=AND($A{_FIRST}="",$B{_FIRST}<>"")'
    ws.conditional_format(f"B{_FIRST}", {"type": "formula", "criteria": told, "format": faint})
    rule(f"B{_FIRST}:L{end}", f'=$A{_FIRST}<>""')


def draw_csms(c: Canvas) -> None:
    """Accounts, ARR, ARR below Green and red accounts of each CSM, live by the name in the row."""
    ws, book = c.sheets[SUMMARY], c.book
    c.section(SUMMARY, "N20", "CSM load")
    write_heads(ws, book, 21, [
        ("N", "CSM", "left"), ("O", "Accounts", "right"), ("P", "ARR", "right"),
        ("Q", "At risk", "right"), ("R", c.model.tier_label("red"), "right")])  # fmt: skip
    end = _FIRST + CSM_ROWS - 1
    for row in range(_FIRST, end + 1):
        ws.write_blank(f"N{row}", None, book.format())
        for column, formula in _load(c, row).items():
            look = book.format(num_format=NUMBER["whole"], align="right")
            ws.write_formula(f"{column}{row}", f"={formula}", look)
    c.place("summary_csm_names", SUMMARY, f"N{_FIRST}:N{end}")
    c.place("summary_csm_load", SUMMARY, f"O{_FIRST}:R{end}")
    _csm_rules(c, end)


def _load(c: Canvas, row: int) -> dict[str, str]:
    """Formulas of a row: of a CSM, of the others, or of all."""
    kind, whose = kind_cell(row - _FIRST), f"--EXACT({c.column(TABLE, 'csm')},$N{row})"
    words, arr = c.column(TABLE, "tier"), c.column(TABLE, "arr_total")
    ids = f'--({c.column(TABLE, "account_id")}<>"")'
    red = f'--(LEFT({words},1)="■")'
    risk = f'(LEFT({words},1)="▲")+(LEFT({words},1)="■")'
    of = {"O": ids, "P": arr, "Q": f"{risk},{arr}", "R": red}
    made = {}
    for column, what in of.items():
        own, all_ = f"SUMPRODUCT({whose},{what})", f"SUMPRODUCT({what})"
        above = f"{all_}-SUM({column}${_FIRST - 1}:{column}{row - 1})"
        # The total of an amount is a text: a bar in its cell would dwarf all others.
        total = money_formula(all_) if column in "PQ" else all_
        rest = f'IF({kind}="others",{above},IF({kind}="total",{total},""))'
        made[column] = f'IF({kind}="csm",{own},{rest})'
    return made


def _csm_rules(c: Canvas, end: int) -> None:
    ws, book = c.sheets[SUMMARY], c.book
    kind = kind_cell(0).replace("$A$", "$A")
    line = {"bottom": 1, "bottom_color": HAIRLINE}
    total = {"bold": True, "top": 1, "top_color": INK}
    texts = f"N{_FIRST}:O{end} R{_FIRST}:R{end}"
    # LibreOffice shows a bar only where all rules of its cells have the same range.
    bars = {f"P{_FIRST}:P{end}": DATA_BAR, f"Q{_FIRST}:Q{end}": LOSS_BAR}

    def rule(where: str, test: str, **look: Any) -> None:
        options = {"type": "formula", "criteria": test, "format": book.workbook.add_format(look)}
        ws.conditional_format(where.split()[0], {**options, "multi_range": where})

    for where in (texts, *bars):
        rule(where, f'={kind}="total"', **total)
    rule(texts, f'={kind}<>""', **line)
    for where, colour in bars.items():
        for code, form in SHORT_CURRENCY.items():
            test = f'=AND({kind}<>"",{c.currency}="{code}")'
            rule(where, test, num_format=form, **line)
        rule(where, f'={kind}<>""', num_format=SHORT_AMOUNT, **line)
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": colour,
               "bar_border_color": colour, "min_type": "num", "min_value": 0,
               "max_type": "formula", "max_value": f"=$P${_FIRST}*2.8"}  # fmt: skip
        ws.conditional_format(where, bar)
