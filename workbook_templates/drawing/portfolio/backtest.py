"""*Backtest*: one page on whether the score foretold churn, over the probabilities in use."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.account.canvas import write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import Card, cards, underline
from workbook_templates.drawing.theme import (
    ACCENT,
    DATA_BAR,
    HAIRLINE,
    LOSS,
    MUTED,
    NUMBER,
    SHAPE,
    SOLID,
    TEXT,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.backtest import BRACKETS, CHART, LISTED, METRICS, POINTS, TABLE
from workbook_templates.portfolio.names import BACKTEST, WORKINGS

_WIDTHS = {"A": 12, "B": 176, "C:D": 72, "E": 72, "F": 96, "G": 20, "H": 84, "I": 66, "J": 84,
           "K": 84, "L": 90, "M": 20, "N": 180, "O": 56, "P": 96, "Q": 92, "R": 104,
           "S": 12}  # fmt: skip
_HEIGHTS = {1: 36, 2: 24, 3: 62, 4: 20, 5: 34, 6: 20, 7: 14, 8: 26, 21: 18, 22: 14, 23: 26,
            35: 18, 36: 18, 37: 12, 38: 12, 40: 26, 41: 20}  # fmt: skip
_TOP, _TIERS, _GREEN = 10, 18, 25
"""First rows of the lines by score and metrics, of the tiers, of the green accounts."""
_TIER_ORDER = ("green", "amber", "red")
_LABELS, _FIRST = "OA", 2
"""Where the chart's cells stand on *Workings*: label, share, its interval up and down."""


def draw(c: Canvas) -> None:
    """Draw the page, and the Table below it."""
    book = c.book
    ws = c.sheets[BACKTEST] = book.sheet(BACKTEST, pages=(1, 1))
    book.title(ws)
    book.columns(ws, _WIDTHS)
    for row in range(1, 42):
        ws.set_row_pixels(row - 1, _HEIGHTS.get(row, 25 if row < 25 else 35))
    for name, where in (("title", "B1"), ("note", "B2")):
        c.place(f"backtest_{name}", BACKTEST, where)
    for name, where in (("text", "B3:L3"), ("use", "N3:R3")):
        _sentence(c, name, where, valign="top")
    cards(c, BACKTEST, 4, "R", _CARDS)
    _tiers(c)
    _scores(c)
    _metrics(c)
    _green(c)
    _lines(c)
    _below(c)
    c.workings.append(lambda hidden: _cells(c, hidden))
    ws.print_area("A1:S36")
    ws.freeze_panes(2, 0)
    ws.set_selection("B1")


_CARDS = (
    Card("backtest_auc_30", "B", "AUC, 30 days before", "auc"),
    Card("backtest_auc_60", "D", "AUC, 60 days before", "auc"),
    Card("backtest_auc_90", "H", "AUC, 90 days before", "auc"),
    Card("backtest_churned", "K", "Churned"),
    Card("backtest_surprises", "N", "Green that churned"),
    Card("backtest_until", "Q", "Probabilities until", "text"),
)


def _sentence(c: Canvas, name: str, where: str, **wanted: Any) -> None:
    """A sentence over several columns and lines."""
    look = c.book.format(**{"text_wrap": True, "align": "left", **wanted})
    c.sheets[BACKTEST].merge_range(where, "", look)
    c.place(f"backtest_{name}", BACKTEST, where.split(":")[0])


def _title(c: Canvas, name: str, ref: str) -> None:
    """Title of a part, which fill writes."""
    c.sheets[BACKTEST].write_blank(ref, None, c.book.section())
    c.place(f"backtest_{name}", BACKTEST, ref)


def _tiers(c: Canvas) -> None:
    """Chart and table of churn by tier."""
    ws, book, end = c.sheets[BACKTEST], c.book, _TIERS + 2
    _title(c, "tiers_title", "B8")
    write_heads(ws, book, _TIERS - 1, [
        ("B", "Tier", "left"), ("C", "Cases", "right"), ("D", "Churned", "right"),
        ("E", "Share", "right"), ("F", "95% interval", "right")])  # fmt: skip
    for row, key in enumerate(_TIER_ORDER, start=_TIERS):
        label = book.row(bold=True, font_color=TEXT[key])
        ws.write_formula(f"B{row}", f"={basis.TIER_CELLS[key]}", label)
        for column, form in (("C", "whole"), ("D", "whole"), ("E", "percent"), ("F", "text")):
            bold = {"bold": True} if column == "E" else {}
            look = book.row(num_format=NUMBER[form], align="right", **bold)
            ws.write_blank(f"{column}{row}", None, look)
    c.place("backtest_tier_labels", BACKTEST, f"B{_TIERS}:B{end}")
    c.place("backtest_tiers", BACKTEST, f"C{_TIERS}:F{end}")
    ws.insert_chart("B9", _chart(c), {"object_position": 3, "description": ""})


def _chart(c: Canvas) -> Any:
    """Shares that churned, with their intervals; the figure stands in the label."""
    last = _FIRST + len(_TIER_ORDER) - 1

    def cells(column: str) -> str:
        return f"={WORKINGS}!${column}${_FIRST}:${column}${last}"

    chart = c.book.workbook.add_chart({"type": "column", "name": CHART})
    points = [{"fill": {"color": SOLID[key]}} for key in _TIER_ORDER]
    reach = {"type": "custom", "plus_values": cells("OC"), "minus_values": cells("OD"),
             "line": {"color": MUTED, "width": 1}}  # fmt: skip
    chart.add_series({"name": "Churned", "categories": cells(_LABELS), "values": cells("OB"),
                      "points": points, "gap": 70, "border": {"color": WHITE},
                      "fill": {"color": SOLID["amber"]}, "y_error_bars": reach})  # fmt: skip
    calm_chart(chart)
    chart.show_hidden_data()
    named = {"name_font": chart_font(8)}
    chart.set_x_axis(calm_axis(name="Tier", **named))
    chart.set_y_axis(calm_axis(name="Churned, 95% interval", num_format="0%", min=0,
                               line={"none": True}, **named))  # fmt: skip
    chart.set_size({"width": 484, "height": 198})
    return chart


def _cells(c: Canvas, ws: Worksheet) -> None:
    """What the chart reads: label with its figure, share, interval up and down."""
    for at, key in enumerate(_TIER_ORDER):
        row, share = _FIRST + at, f"OB{_FIRST + at}"
        word = basis.TIER_CELLS[key].partition("!")[2]
        figure = f'CHAR(10)&FIXED({share}*100,0,TRUE)&"%"'
        ws.write_formula(f"{_LABELS}{row}", f'={word}&IF(ISNUMBER({share}),{figure},"")')
    end = _FIRST + len(_TIER_ORDER) - 1
    c.place("backtest_chart", WORKINGS, f"{_LABELS}{_FIRST}:OD{end}")


def _scores(c: Canvas) -> None:
    """What happened by score, and beside it the probability in use at some scores."""
    ws, book, end = c.sheets[BACKTEST], c.book, _TOP + BRACKETS - 1
    _title(c, "scores_title", "H8")
    write_heads(ws, book, _TOP - 1, [
        ("H", "Scores", "left"), ("I", "Churned", "right"), ("J", "Share", "right"),
        ("K", "At score", "right"), ("L", "Probability", "right")])  # fmt: skip
    found = c.column(TABLE, "score_from"), c.column(TABLE, "churn")
    percent = {"num_format": NUMBER["percent"], "align": "right"}
    for row, score in enumerate(POINTS, start=_TOP):
        ws.write_blank(f"H{row}", None, book.format())
        ws.write_blank(f"I{row}", None, book.format(align="right"))
        ws.write_blank(f"J{row}", None, book.format(**percent))
        ws.write_number(f"K{row}", score, book.row(num_format=NUMBER["score"], align="right"))
        text = f'=IFERROR(LOOKUP(K{row},{found[0]},{found[1]}),"")'
        ws.write_formula(f"L{row}", text, book.row(bold=True, **percent))
    for where in (f"J{_TOP}:J{end}", f"L{_TOP}:L{end}"):
        book.bar(ws, where, 1.8, DATA_BAR)
    underline(c, ws, f"H{_TOP}:I{end}")
    c.place("backtest_scores", BACKTEST, f"H{_TOP}:J{end}")
    c.place("backtest_probabilities", BACKTEST, f"L{_TOP}:L{end}")


def _metrics(c: Canvas) -> None:
    """Metrics by what they foretold: blue where a metric does, rust where it points wrong."""
    ws, book, end = c.sheets[BACKTEST], c.book, _TOP + METRICS - 1
    c.section(BACKTEST, "N8", "What foretold churn")
    write_heads(ws, book, _TOP - 1, [
        ("N", "Metric", "left"), ("O", "AUC", "right"), ("P", "95% interval", "right"),
        ("Q", "Timing", "left1"), ("R", "Finding", "left")])  # fmt: skip
    looks: dict[str, dict[str, Any]] = {
        "N": {}, "O": {"num_format": NUMBER["auc"], "align": "right", "bold": True},
        "P": {"align": "right"}, "Q": {"indent": 1}, "R": {"shrink": True},
    }  # fmt: skip
    for row in range(_TOP, end + 1):
        for column, wanted in looks.items():
            ws.write_blank(f"{column}{row}", None, book.format(**wanted))
    for word, colour in (("predicts", ACCENT), ("wrong way", LOSS), ("too good: check", LOSS)):
        # LibreOffice takes one rule a cell: this one draws the hairline as well.
        line = {"bottom": 1, "bottom_color": HAIRLINE}
        look = book.workbook.add_format({"font_color": colour, "bold": True, **line})
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
        ws.conditional_format(f"R{_TOP}:R{end}", rule)
    underline(c, ws, f"N{_TOP}:R{end}")
    c.place("backtest_metrics", BACKTEST, f"N{_TOP}:R{end}")
    ws.write_blank("N21", None, book.format(font_size=8, font_color=MUTED, align="left"))
    c.place("backtest_metrics_note", BACKTEST, "N21")


def _green(c: Canvas) -> None:
    """Accounts that were green before they churned."""
    ws, book, end = c.sheets[BACKTEST], c.book, _GREEN + LISTED - 1
    green = f"{SHAPE['green']} {c.model.tier_label('green')}"
    c.section(BACKTEST, "B23", f"{green} accounts that churned, the largest first")
    write_heads(ws, book, _GREEN - 1, [
        ("B", "Account", "left"), ("C", "ARR", "right"), ("D", "Score", "right"),
        ("E", "Seen", "right"), ("F", "Churned", "right"), ("G", "", "left")])  # fmt: skip
    ws.merge_range(f"H{_GREEN - 1}:L{_GREEN - 1}", "What cost most then", book.head(align="left"))
    looks: dict[str, dict[str, Any]] = {
        "C": {"align": "right"}, "D": {"num_format": NUMBER["score"], "align": "right"},
        "E": {"num_format": NUMBER["date"], "align": "right"},
        "F": {"num_format": NUMBER["date"], "align": "right"},
    }  # fmt: skip
    for row in range(_GREEN, end + 1):
        for column in "BCDEF":
            ws.write_blank(f"{column}{row}", None, book.format(**looks.get(column, {})))
        ws.merge_range(f"H{row}:L{row}", "", book.format(text_wrap=True, align="left"))
    underline(c, ws, f"B{_GREEN}:L{end}", "D")
    c.place("backtest_green", BACKTEST, f"B{_GREEN}:H{end}")


def _lines(c: Canvas) -> None:
    """Recommendations, alerts and overrides, data: a sentence a row."""
    c.section(BACKTEST, "N23", "Recommended, measured on held-out accounts")
    for name, title, first, last in (("recommendations", "", 24, 27),
                                     ("record", "Alerts and overrides", 29, 30),
                                     ("data", "Data and drift", 32, 34)):  # fmt: skip
        if title:
            c.section(BACKTEST, f"N{first - 1}", title)
        for row in range(first, last + 1):
            look = c.book.format(text_wrap=True, align="left")
            c.sheets[BACKTEST].merge_range(f"N{row}:R{row}", "", look)
        c.place(f"backtest_{name}", BACKTEST, f"N{first}:N{last}")


def _below(c: Canvas) -> None:
    """What the page's words mean, and the Table that `RENEWAL_FORECAST` takes."""
    ws, book = c.sheets[BACKTEST], c.book
    for row, name in ((35, "more"), (36, "legend")):
        ws.write_blank(f"B{row}", None, book.format(font_size=8, font_color=MUTED, align="left"))
        c.place(f"backtest_{name}", BACKTEST, f"B{row}")
    c.section(BACKTEST, "B40", "All probabilities in use")
    small = book.format(font_size=8, font_color=MUTED, align="left")
    # LibreOffice 7 does not know [#All]; Excel leaves the headers out without it.
    told = f"For a cell: =RENEWAL_FORECAST(score, ARR, {TABLE}[#All]); in LibreOffice {TABLE} alone"
    ws.write_string("B41", told, small)
    c.table(TABLE, height=24)
