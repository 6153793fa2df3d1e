"""*Checks* of the portfolio workbook: formulas held against the engine."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_templates.drawing.account.canvas import write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.summary_workings import tier_cell
from workbook_templates.drawing.theme import LOSS, NUMBER
from workbook_templates.formulas import TINY, known
from workbook_templates.portfolio.accounts import TABLE
from workbook_templates.portfolio.checks import AGREES, checked
from workbook_templates.portfolio.csm_load import TABLE as CSMS
from workbook_templates.portfolio.figures import PARTS
from workbook_templates.portfolio.names import CHECKS, SUMMARY
from workbook_templates.portfolio.renewals import TABLE as RENEWALS

_TOP = 6
"""First row of the lines."""


def draw(c: Canvas) -> None:
    """Draw the sheet: one line a figure, and how many differ as the title."""
    book = c.book
    ws = c.sheets[CHECKS] = book.sheet(CHECKS)
    book.columns(ws, {"A": 12, "B": 300, "C:E": 120, "F": 88, "G": 12})
    book.title(ws)
    lines = checked(c.model)
    end = _TOP + len(lines) - 1
    bad = f'SUMPRODUCT(--(F{_TOP}:F{end}<>"Yes"))'
    plural = f'IF({bad}=1," figure differs"," figures differ")'
    title = f'=IF({bad}=0,"{AGREES}",{bad}&{plural}&" from the engine")'
    ws.write_formula("B1", title, book.sheet_title())
    c.place("checks_title", CHECKS, "B1")
    c.place("checks_note", CHECKS, "B2")
    c.section(CHECKS, f"B{_TOP - 2}", "Formula against engine")
    write_heads(ws, book, _TOP - 1, [
        ("B", "What", "left"), ("C", "Formula", "right"), ("D", "Engine", "right"),
        ("E", "Difference", "right"), ("F", "Agrees", "center")])  # fmt: skip
    made = _formulas(c)
    for row, check in enumerate(lines, start=_TOP):
        _line(c, row, check.label, made[check.key], check.form)
        # A place a line: a workbook made by another version may have other lines.
        c.place(f"check_{check.key}", CHECKS, f"C{row}:F{row}")
    rust = book.workbook.add_format({"font_color": LOSS, "bold": True})
    differs = {"type": "cell", "criteria": "==", "value": '"No"', "format": rust}
    ws.conditional_format(f"F{_TOP}:F{end}", differs)
    ws.freeze_panes(2, 0)
    ws.set_selection("B1")


def _line(c: Canvas, row: int, label: str, formula: str, form: str) -> None:
    ws, book = c.sheets[CHECKS], c.book
    number = book.row(num_format=NUMBER[form], align="right")
    ws.write_string(f"B{row}", label, book.row())
    ws.write_formula(f"C{row}", f"={formula}", number)
    ws.write_blank(f"D{row}", None, number)
    both = known(f"C{row}", f"D{row}")
    # Sums of many amounts differ by what binary fractions cannot hold.
    near = f"ABS(C{row}-D{row})<={TINY}*MAX(1,ABS(D{row}))"
    gap = book.row(num_format=NUMBER["exact"], align="right")
    ws.write_formula(f"E{row}", f'=IF({both},IF({near},0,C{row}-D{row}),"")', gap)
    agrees = f'=IF({both},IF({near},"Yes","No"),"No")'
    ws.write_formula(f"F{row}", agrees, book.row(align="center", bold=True))


def _formulas(c: Canvas) -> Mapping[str, str]:
    """Key of a check → its formula, without "="."""
    score, engine = c.column(TABLE, "score"), c.column(TABLE, "engine_score")
    gap = f"ABS({score}-{engine})"
    # The root of a negative number, and of text, is an error: only larger gaps are numbers.
    differ = f"SUMPRODUCT(--ISNUMBER(SQRT({gap}-{TINY})))"
    without = f"SUMPRODUCT(--ISNUMBER({engine}),--NOT(ISNUMBER({score})))"
    words, engines = c.column(TABLE, "tier"), c.column(TABLE, "engine_tier")
    table = f"{SUMMARY}!$D$14:$D$17", f"{SUMMARY}!$F$14:$F$17"
    return {
        "scores_differ": f"{differ}+{without}",
        "scores": f"SUM({score})",
        "tiers_differ": f"SUMPRODUCT(--NOT(EXACT({words},{engines})))",
        "accounts": f'COUNTIF({c.column(TABLE, "account_id")},"?*")',
        "arr": f"SUM({c.column(TABLE, 'arr_total')})",
        **{f"count_{key or 'none'}": tier_cell(key, "accounts") for key in PARTS},
        **{f"arr_{key or 'none'}": tier_cell(key, "arr") for key in PARTS},
        "count_shares": f"SUM({table[0]})",
        "arr_shares": f"SUM({table[1]})",
        "csm_accounts": f"SUM({c.column(CSMS, 'accounts')})",
        "moves": f"SUM({SUMMARY}!$I$10:$K$12)",
        "renewals": f'COUNTIFS({_days(c)},">=0",{_days(c)},"<=180")',
        "listed": f'COUNTIF({c.column(RENEWALS, "account_id")},"?*")',
    }


def _days(c: Canvas) -> str:
    return c.column(TABLE, "days_left")
