"""Title and cards of *Summary*: the conclusion in words and six figures."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import money
from workbook_templates.drawing.portfolio.summary_workings import figure, tier_cell
from workbook_templates.drawing.theme import MUTED, NUMBER, PANEL
from workbook_templates.portfolio.accounts import TABLE
from workbook_templates.portfolio.basis import PREVIOUS_DAY
from workbook_templates.portfolio.names import SUMMARY
from workbook_templates.portfolio.spoken import day_formula, money_formula, signed_formula

_WIDE = {"D": "E", "J": "L", "P": "Q"}
"""Card of a narrow column → the column to which its number reaches."""


def draw_title(c: Canvas) -> None:
    """The conclusion, live, over what it is about."""
    ws, book = c.sheets[SUMMARY], c.book
    ws.write_formula("B1", f"={_title(c)}", book.sheet_title())
    ws.write_blank("B2", None, book.sheet_note())
    c.place("summary_title", SUMMARY, "B1")
    c.place("summary_note", SUMMARY, "B2")


def _title(c: Canvas) -> str:
    red, green = f"LOWER({c.cells.tier('red', 'label')})", c.cells.tier("green", "label")
    count, arr = tier_cell("red", "accounts"), tier_cell("red", "arr")
    plural = f'IF({count}=1," account is "," accounts are ")'
    some = f'IF({arr}>0,{money_formula(arr)}&" of ARR is "&{red},{count}&{plural}&{red})'
    first = f'IF({count}=0,"No account is "&{red},{some})'
    soon, soon_arr = figure("soon"), figure("soon_arr")
    what = f'IF({soon_arr}>0,{money_formula(soon_arr)},IF({soon}>0,{soon}&"","nothing"))'
    verb = f'IF(AND({soon_arr}<=0,{soon}>1)," renew"," renews")'
    second = f'{what}&" below "&{green}&{verb}&" within 90 days"'
    return f'IF({tier_cell("total", "accounts")}=0,"No accounts yet",{first}&"; "&{second})'


def draw_cards(c: Canvas) -> None:
    """Six figures: label, number, context."""
    ws, book = c.sheets[SUMMARY], c.book
    for column in "BCDEFGHIJKLMNOPQR":
        for row in (4, 5, 6):
            ws.write_blank(f"{column}{row}", None, book.format(bg_color=PANEL))
    for key, column, label, form, number, note in _items(c):
        small = {"font_size": 8, "font_color": MUTED, "bg_color": PANEL, "align": "left"}
        head = book.format(indent=1, valign="bottom", **small)
        if label.startswith("="):
            ws.write_formula(f"{column}4", label, head)
            c.place("summary_card_labels", SUMMARY, f"{column}4")
        else:
            ws.write_string(f"{column}4", label, head)
        big = {"font_size": 20, "bold": True, "bg_color": PANEL, "align": "left", "indent": 1}
        form_ = NUMBER["score"] if form == "score" else NUMBER["whole"]
        look = book.format(num_format=form_, **big)
        if column in _WIDE:
            # A number that does not fit its column shows as ###, where a text would run over.
            ws.merge_range(f"{column}5:{_WIDE[column]}5", "", look)
        ws.write_formula(f"{column}5", f"={number}", look)
        ws.write_formula(f"{column}6", f"={note}", book.format(indent=1, valign="top", **small))
        c.place(f"summary_{key}", SUMMARY, f"{column}5")
        c.place(f"summary_{key}_note", SUMMARY, f"{column}6")
        if form == "money":
            money(c, ws, f"{column}5", short=True)


def _items(c: Canvas) -> list[tuple[str, str, str, str, str, str]]:
    """Key, column, label, format, formula and the context's formula of each card."""
    green = c.model.tier_label("green")
    known = f"COUNT({c.column(TABLE, 'arr_total')})>0"
    total, none = tier_cell("total", "accounts"), tier_cell("", "accounts")
    tiered = f'({total}-{none})&" with a tier, "&{none}&" without"'
    share = f"({tier_cell('amber', 'arr_share')}+{tier_cell('red', 'arr_share')})"
    mean, soon = figure("mean"), figure("soon")

    def if_known(amount: str) -> str:
        return f'IF({known},{amount},"–")'

    def of_arr(key: str) -> str:
        return f'{money_formula(figure(key))}&" of ARR"'

    label = f'=IF({figure("weight")}>0,"Score, weighted by ARR","Average score")'
    return [
        ("arr", "B", "ARR", "money", if_known(tier_cell("total", "arr")), tiered),
        ("mean", "D", label, "score", f'IF(ISNUMBER({mean}),{mean},"–")', _since()),
        ("risk", "H", f"ARR below {green}", "money", if_known(figure("risk_arr")),
         f'FIXED({share}*100,1,TRUE)&"% of ARR"'),
        ("soon", "J", f"Renews in 90 days, below {green}", "money",
         if_known(figure("soon_arr")), f'{soon}&IF({soon}=1," account"," accounts")'),
        ("worse", "N", "Worse tier", "whole", figure("worse"), of_arr("worse_arr")),
        ("better", "P", "Better tier", "whole", figure("better"), of_arr("better_arr")),
    ]  # fmt: skip


def _since() -> str:
    now, then = figure("mean_since"), figure("mean_before")
    moved = f'{signed_formula(f"({now}-{then})")}&" since "&{day_formula(PREVIOUS_DAY)}'
    known = f"AND(ISNUMBER({PREVIOUS_DAY}),ISNUMBER({now}))"
    return f'IF({known},{moved},"No earlier snapshot")'
