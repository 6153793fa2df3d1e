"""Head of *Scorecard*: name, seven facts, the summary, and the titles of its parts."""

from __future__ import annotations

from xlsxwriter.format import Format

from workbook_templates import formulas as f
from workbook_templates.drawing.account.canvas import (
    SCORECARD,
    Canvas,
    money_rules,
)
from workbook_templates.drawing.account.card_layout import risks_top
from workbook_templates.drawing.theme import HAIRLINE, MUTED, NUMBER

LABELS = {"B": "CSM", "C": "Segment", "F": "ARR", "H": "Renewal date", "I": "Days left",
          "K": "As of", "L": "Model"}  # fmt: skip
UNKNOWN = '"not provided"'


def draw_header(c: Canvas) -> None:
    """Draw rows 1 to 5 and the titles further down."""
    ws, book = c.sheets[SCORECARD], c.book
    ws.write_blank("B1", None, book.sheet_title())
    c.place("account_name", SCORECARD, "B1")
    right = book.format(font_size=11, font_color=MUTED, align="right")
    ws.write_string("N1", "Customer health scorecard", right)
    for column, text in LABELS.items():
        ws.write_string(f"{column}2", text, book.format(font_size=8, font_color=MUTED))
    _texts(c)
    _numbers(c)
    text = book.format(top=1, top_color=HAIRLINE, text_wrap=True, align="left", valign="vcenter")
    ws.merge_range("B4:N4", "", text)
    c.place("summary", SCORECARD, "B4")
    _titles(c)


def _fact(c: Canvas, form: str = "General") -> Format:
    return c.book.format(font_size=11, bold=True, align="left", num_format=form, shrink=True)


def _texts(c: Canvas) -> None:
    ws = c.sheets[SCORECARD]
    # A long model name runs over the empty cells beside it instead of shrinking.
    whole = c.book.format(font_size=11, bold=True, align="left")
    for name, column, look in (("csm", "B", _fact(c)), ("model_label", "L", whole)):
        ws.write_blank(f"{column}3", None, look)
        c.place(name, SCORECARD, f"{column}3")
    ws.merge_range("C3:E3", "", _fact(c))
    c.place("segment_label", SCORECARD, "C3")


def _numbers(c: Canvas) -> None:
    """ARR, renewal and dates: live, so that they follow what is typed on Checks."""
    ws, arr, renewal, as_of = c.sheets[SCORECARD], *map(c.fact, ("arr", "renewal", "as_of"))
    ws.merge_range("F3:G3", "", _fact(c, NUMBER["whole"]))
    cells = (
        ("F3", f.number_or(arr, UNKNOWN), NUMBER["whole"], "head_arr"),
        ("H3", f.number_or(renewal, UNKNOWN), NUMBER["date"], "head_renewal"),
        ("I3", f'IF({f.known(renewal)},{renewal}-{as_of},"–")', "0", "days_left"),
        ("K3", as_of, NUMBER["date"], "head_as_of"),
    )
    for ref, text, form, name in cells:
        ws.write_formula(ref, f"={text}", _fact(c, form))
        c.place(name, SCORECARD, ref)
    money_rules(c, ws, "F3")


def _titles(c: Canvas) -> None:
    top, rolled = risks_top(c), c.step("rolled")
    titles = {"B5": "Score", "F5": "Score history", "K5": "Renewal", "B13": "Dimensions",
              f"B{top - 2}": "Top risks"}  # fmt: skip
    for ref, text in titles.items():
        c.section(SCORECARD, ref, text)
    some = f'"Where the "&{f.half_up("100-" + rolled)}&" points went"'
    lost = f'=IF({f.known(rolled)},{some},"Where the points went")'
    c.sheets[SCORECARD].write_formula("K13", lost, c.book.section())
    c.place("lost_title", SCORECARD, "K13")
    c.sheets[SCORECARD].write_string(f"K{top - 2}", "Actions", c.book.section())
    c.place("card_goal", SCORECARD, f"K{top - 2}")
