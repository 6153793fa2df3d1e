"""*Calibration*: a churn probability for each score, or why there is none."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scoring.renewal import BRACKETS
from workbook_templates.backtest.calibration import (
    CURVE_CHART,
    FACTS,
    SCORE_CHART,
    TABLE,
    TENS,
    WORDS_ROOM,
)
from workbook_templates.backtest.names import CALIBRATION, WORKINGS
from workbook_templates.drawing.account.canvas import absolute, heads, write_heads
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.charts import curve
from workbook_templates.drawing.portfolio.parts import page
from workbook_templates.drawing.theme import (
    ACCENT,
    DATA_BAR,
    INK,
    LOSS,
    MUTED,
    NUMBER,
    SPARK,
    WATERFALL,
    calm_axis,
    calm_chart,
    chart_font,
)

RANGE = "Renewal_calibration"
"""Defined name of the Table with its headers: what RENEWAL_FORECAST takes."""
_FACTS, _END = 24, 37
"""First row of the facts below the chart, last row that is printed."""
_TENS = 6
"""First row of every tenth score."""
_HEADS = ("Score", "Churn", "95% from", "95% to", "Contraction")


def draw(c: Canvas) -> None:
    """Draw charts, facts and every tenth score; beside what is printed the Table of 101."""
    ws = page(c, CALIBRATION, "calibration")
    c.book.columns(ws, {"B": 150, "C:H": 82, "I": 16, "J:N": 108, "O": 24})
    c.table(TABLE, height=20, row_height=17)
    row, first = c.at[TABLE]
    last = first + len(c.tables[TABLE].columns) - 1
    start, end = (
        f"{xl_col_to_name(first)}{row}",
        f"{xl_col_to_name(last)}{row + c.rows.get(TABLE, 2)}",
    )
    c.book.workbook.define_name(RANGE, f"={CALIBRATION}!{absolute(start)}:{absolute(end)}")
    c.section(CALIBRATION, f"{xl_col_to_name(first)}{row - 1}", "Every score: Renewal_calibration")
    if c.shape.calibrated:
        _chart(c)
        _facts(c, ws)
        if c.shape.curve:
            curve(c, CURVE_CHART, (CALIBRATION, f"J{_TENS + len(TENS) + 1}"), (540, 320),
                  title="Held out: predicted and observed churn")  # fmt: skip
        _tens(c, ws)
    else:
        _reason(c, ws)
    ws.freeze_panes(row, 0)
    ws.print_area(f"A1:N{_END}")


def _chart(c: Canvas) -> None:
    chart = c.book.workbook.add_chart(
        {"type": "scatter", "subtype": "straight", "name": SCORE_CHART}
    )
    score = f"={c.column(TABLE, 'starts_at')}"
    for key, label, colour in (
        ("churn", "Churn", ACCENT),
        ("contraction", "Contraction", WATERFALL),
    ):
        dash = {"dash_type": "dash"} if key == "contraction" else {}
        chart.add_series({
            "name": label, "categories": score, "values": f"={c.column(TABLE, key)}",
            "line": {"color": colour, "width": 2.25, **dash},
        })  # fmt: skip
    for key, label in (("low", "95% interval"), ("high", "95% to")):
        chart.add_series({
            "name": label, "categories": f"={c.column('ScoreRange', 'score')}",
            "values": f"={c.column('ScoreRange', key)}", "line": {"color": DATA_BAR, "width": 1},
        })  # fmt: skip
    steps = _illustration(c)
    chart.add_series({
        "name": "Illustration, churn", "categories": f"={WORKINGS}!$EA$3:$EA${2 + steps}",
        "values": f"={WORKINGS}!$EB$3:$EB${2 + steps}",
        "line": {"color": SPARK, "width": 1.5, "dash_type": "round_dot"},
    })  # fmt: skip
    calm_chart(chart, "Fitted churn and contraction by score")
    chart.set_legend({"position": "top", "font": chart_font(8, INK), "delete_series": [3]})
    small = chart_font(8)
    chart.set_x_axis(calm_axis(name="Score", name_font=small, min=0, max=100, major_unit=10,
                               num_font=chart_font(8, INK)))  # fmt: skip
    chart.set_y_axis(calm_axis(name="Probability", name_font=small, num_format="0%", min=0, max=1,
                               line={"none": True}))  # fmt: skip
    chart.set_size({"width": 640, "height": 280})
    chart.show_hidden_data()
    c.sheets[CALIBRATION].insert_chart("B5", chart, {"object_position": 3, "description": ""})


def _illustration(c: Canvas) -> int:
    """The illustration's steps on *Workings*, EA and EB: two points a bracket; how many."""
    ends = [*(b.starts_at for b in BRACKETS[1:]), 100.0]
    points = [(x, b.churn) for b, end in zip(BRACKETS, ends, strict=True)
              for x in (b.starts_at, end)]  # fmt: skip

    def write(ws: Worksheet) -> None:
        ws.write_row("EA2", ("illustration score", "illustration churn"))
        for row, point in enumerate(points, start=3):
            ws.write_row(f"EA{row}", point)

    c.workings.append(write)
    return len(points)


def _facts(c: Canvas, ws: Worksheet) -> None:
    c.section(CALIBRATION, f"B{_FACTS - 1}", "What it rests on")
    for row, label in enumerate(FACTS, start=_FACTS):
        ws.write_string(f"B{row}", label, c.book.row(font_color=MUTED))
        ws.merge_range(f"C{row}:H{row}", "", c.book.row(align="left", shrink=True))
        c.place(f"calibration_fact_{row - _FACTS}", CALIBRATION, f"C{row}")
    end = _FACTS + len(FACTS)
    look = c.book.format(align="left", font_color=LOSS)
    for row in range(end, end + 3):
        ws.write_blank(f"B{row}", None, look)
    c.place("calibration_drift", CALIBRATION, f"B{end}:B{end + 2}")


def _tens(c: Canvas, ws: Worksheet) -> None:
    """Every tenth score: what people read and print."""
    c.section(CALIBRATION, f"J{_TENS - 2}", "Every tenth score")
    write_heads(ws, c.book, _TENS - 1, heads("JKLMN", _HEADS, "right"))
    end = _TENS + len(TENS) - 1
    for row in range(_TENS, end + 1):
        for letter, form in zip("JKLMN", ("score", *["percent1"] * 4), strict=True):
            ink = MUTED if letter in "LM" else INK
            look = c.book.row(num_format=NUMBER[form], align="right", font_color=ink,
                              bold=letter == "K")  # fmt: skip
            ws.write_blank(f"{letter}{row}", None, look)
    c.place("calibration_tens", CALIBRATION, f"J{_TENS}:N{end}")


def _reason(c: Canvas, ws: Worksheet) -> None:
    c.section(CALIBRATION, "B4", "Why there is none")
    for row in range(5, 5 + WORDS_ROOM):
        ws.write_blank(f"B{row}", None, c.book.format(align="left"))
    c.place("calibration_reason", CALIBRATION, f"B5:B{4 + WORDS_ROOM}")
