"""*Horizons*: how well the score told churn apart 30, 60 and 90 days before."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scoring.rollup import TIERS
from scoring.validation.records import HORIZONS as DAYS
from workbook_templates.backtest.horizons import (
    AGREES,
    BRACKET_CHART,
    LIFT_CHART,
    MEASURES,
    ROOM,
    TABLE,
    counted_columns,
)
from workbook_templates.backtest.names import HORIZONS
from workbook_templates.drawing.account.canvas import Head, write_heads
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.charts import HORIZON_LOOKS, legend
from workbook_templates.drawing.hand import number_format
from workbook_templates.drawing.portfolio.parts import chips, page, underline
from workbook_templates.drawing.theme import (
    INK,
    LOSS,
    NUMBER,
    calm_axis,
    calm_chart,
    chart_font,
)

_TOP, _LIFT, _TIERS = 6, 20, 29
"""First rows of measures, of lift and precision, of the tiers."""


def draw(c: Canvas) -> None:
    """Draw measures, charts, lift and precision, tiers, and the Table of brackets."""
    ws = page(c, HORIZONS, "horizons")
    ws.fit_to_pages(1, 1)
    c.table(TABLE, height=34, row_height=22)
    top = c.at[TABLE][0]
    ws.set_row_pixels(2, 18)
    for row in range(4, top):
        ws.set_row_pixels(row - 1, 21)
    _measures(c, ws)
    _charts(c)
    _lift(c, ws)
    _precision(c, ws)
    _tiers(c, ws)
    c.section(HORIZONS, f"B{top - 1}", "Churn by bracket of scores")
    _agreement(c, ws)
    ws.freeze_panes(2, 0)


def _measures(c: Canvas, ws: Worksheet) -> None:
    c.section(HORIZONS, f"B{_TOP - 2}", "How well, by horizon")
    heads: list[Head] = [("B", "Measure", "left"), ("C", "", "left"), ("D", "", "left")]
    for k, days in enumerate(DAYS):
        heads.append((xl_col_to_name(4 + k), f"{days} days", "right"))
    write_heads(ws, c.book, _TOP - 1, heads)
    for row, (label, form) in enumerate(MEASURES.values(), start=_TOP):
        bold = label == "AUC"
        ws.write_string(f"B{row}", label, c.book.row(bold=bold))
        for letter in "CD":
            ws.write_blank(f"{letter}{row}", None, c.book.row())
        for k in range(len(DAYS)):
            look = c.book.row(num_format=NUMBER[form], align="right", bold=bold)
            ws.write_blank(row - 1, 4 + k, None, look)
    end = _TOP + len(MEASURES) - 1
    c.place("horizons_measures", HORIZONS, f"E{_TOP}:{xl_col_to_name(3 + len(DAYS))}{end}")


def _block(c: Canvas, ws: Worksheet, first: int, forms: list[tuple[str, str]], name: str) -> None:
    """A block of room rows: a key column, then three columns a horizon."""
    letters = [xl_col_to_name(first + k) for k in range(len(forms))]
    heads: list[Head] = [
        (letter, text, "left" if letter == letters[0] else "right")
        for letter, (text, _) in zip(letters, forms, strict=True)
    ]
    write_heads(ws, c.book, _LIFT - 1, heads)
    ws.set_row_pixels(_LIFT - 2, 30)
    for row in range(_LIFT, _LIFT + ROOM):
        for k, (_, form) in enumerate(forms):
            align = "left" if k == 0 else "right"
            look = c.book.format(num_format=NUMBER[form], align=align, bold=form == "times")
            ws.write_blank(row - 1, first + k, None, look)
    end = _LIFT + ROOM - 1
    underline(c, ws, f"{letters[0]}{_LIFT}:{letters[-1]}{end}", letters[0])
    c.place(f"horizons_{name}", HORIZONS, f"{letters[0]}{_LIFT}:{letters[-1]}{end}")


def _lift(c: Canvas, ws: Worksheet) -> None:
    c.section(HORIZONS, f"B{_LIFT - 2}", "Lift: churn among the lowest-scored over churn of all")
    forms = [("Lowest-scored", "percent")]
    for days in DAYS:
        forms += [(f"{days} days\ncases", "whole"), (f"{days} days\nchurned", "whole"),
                  (f"{days} days\nlift", "times")]  # fmt: skip
    _block(c, ws, 1, forms, "lift")


def _precision(c: Canvas, ws: Worksheet) -> None:
    c.section(HORIZONS, f"M{_LIFT - 2}", "Precision: churned of the k lowest-scored")
    forms = [("k", "whole")]
    for days in DAYS:
        forms += [(f"{days} days\nchurned", "whole"), (f"{days} days\nprecision", "percent"),
                  (f"{days} days\nof all churn", "percent")]  # fmt: skip
    _block(c, ws, 12, forms, "precision")


def _tiers(c: Canvas, ws: Worksheet) -> None:
    """A row a tier under the columns of the Table of brackets."""
    c.section(HORIZONS, f"B{_TIERS - 2}", "Churn by tier")
    spec, (_, first) = c.tables[TABLE], c.at[TABLE]
    letters = {x.key: xl_col_to_name(first + i) for i, x in enumerate(spec.columns)}
    heads: list[Head] = [("B", "Tier", "left")]
    heads += [
        (letters[x.key], x.header.replace(" days ", " days\n"), "right") for x in spec.columns[1:]
    ]
    write_heads(ws, c.book, _TIERS - 1, heads)
    ws.set_row_pixels(_TIERS - 2, 30)
    spans = {name: {x.key: c.column(name, x.key) for x in c.tables[name].columns}
             for name in ("Cases", TABLE)}  # fmt: skip
    columns = list(spec.columns[:3])
    for days in DAYS:
        columns += counted_columns(days, f"{{table[Cases][tier_{days}]}},{{label}}{{row}}")
    for row in range(_TIERS, _TIERS + len(TIERS)):
        for x in columns:
            more: dict[str, Any] = {"bold": True} if x.bold else {}
            align = "left" if x.key == "label" else "right"
            look = c.book.row(num_format=number_format(x), align=align, **more)
            cell = f"{letters[x.key]}{row}"
            if x.formula:
                text = x.formula.format(row=row, table=spans, all=spans[TABLE], **letters)
                ws.write_formula(cell, f"={text}", look, "")
            else:
                ws.write_blank(cell, None, look)
    end = _TIERS + len(TIERS) - 1
    chips(c, ws, f"B{_TIERS}:B{end}")
    last = letters[spec.columns[-1].key]
    c.place("horizons_tiers", HORIZONS, f"B{_TIERS}:{last}{end}")


def _agreement(c: Canvas, ws: Worksheet) -> None:
    """One line: how many of the document's counts differ from those over *Cases*."""
    bad = "+".join(_differ(c, days) for days in DAYS)
    word = f'IF({bad}=1," count differs"," counts differ")&" from the backtest"'
    text = f'=IF({bad}=0,"{AGREES}",({bad})&{word})'
    ws.write_formula("B3", text, c.book.format(font_size=8, bold=True, align="left"), AGREES)
    c.place("horizons_agrees", HORIZONS, "B3")
    look = c.book.workbook.add_format({"font_color": LOSS})
    rule = {"type": "cell", "criteria": "!=", "value": f'"{AGREES}"', "format": look}
    ws.conditional_format("B3", rule)


def _differ(c: Canvas, days: int) -> str:
    """How many of a horizon's counts differ from those that the document gave."""
    score = c.column("Cases", f"score_{days}")
    told = {key: c.column("ToldBrackets", key) for key in ("from", "to")}
    inside = f'{score},">="&{told["from"]},{score},"<="&{told["to"]}'
    tier = f"{c.column('Cases', f'tier_{days}')},{c.column('ToldTiers', 'what')}"
    return f"{_gaps(c, 'ToldBrackets', days, inside)}+{_gaps(c, 'ToldTiers', days, tier)}"


def _gaps(c: Canvas, table: str, days: int, inside: str) -> str:
    """Counts of a Table that differ from those over *Cases*."""
    mine = f"--({c.column(table, 'days')}={days})"
    lost = f'{inside},{c.column("Cases", "outcome")},"Churned"'
    cases = f"--(COUNTIFS({inside})<>{c.column(table, 'cases')})"
    churned = f"--(COUNTIFS({lost})<>{c.column(table, 'churned')})"
    return f"SUMPRODUCT({mine},{cases})+SUMPRODUCT({mine},{churned})"


def _charts(c: Canvas) -> None:
    if not c.shape.compared:
        return
    brackets = c.book.workbook.add_chart({"type": "column", "name": BRACKET_CHART})
    for days, (colour, _) in HORIZON_LOOKS.items():
        brackets.add_series({
            "name": f"{days} days", "categories": f"={c.column('BracketLines', 'label')}",
            "values": f"={c.column('BracketLines', f'at_{days}')}", "fill": {"color": colour},
            "border": {"none": True}, "gap": 60, "overlap": 0,
        })  # fmt: skip
    _finish(c, brackets, "I4", "Churn share by score", ("Score", "Churned"), "0%")
    lift = c.book.workbook.add_chart(
        {"type": "scatter", "subtype": "straight_with_markers", "name": LIFT_CHART}
    )
    marks = dict(zip(DAYS, ("circle", "square", "triangle"), strict=True))
    for days, (colour, dash) in HORIZON_LOOKS.items():
        lift.add_series({
            "name": f"{days} days", "categories": f"={c.column('LiftLines', 'share')}",
            "values": f"={c.column('LiftLines', f'at_{days}')}",
            "line": {"color": colour, "width": 2, "dash_type": dash},
            "marker": {"type": marks[days], "size": 6, "fill": {"color": colour},
                       "border": {"color": colour}},
        })  # fmt: skip
    names = ("Lowest-scored share of cases", "Times the mean churn")
    _finish(c, lift, "P4", "Lift", names, "0.0", num_format="0%")


def _finish(
    c: Canvas, chart: Any, ref: str, title: str, names: tuple[str, str], form: str, **across: Any
) -> None:
    calm_chart(chart, title)
    legend(chart)
    small = chart_font(8)
    low = {"min": 0} if across else {}
    chart.set_x_axis(calm_axis(name=names[0], name_font=small, num_font=chart_font(8, INK), **low,
                               **across))  # fmt: skip
    chart.set_y_axis(calm_axis(name=names[1], name_font=small, num_format=form, min=0,
                               line={"none": True}))  # fmt: skip
    chart.set_size({"width": 430, "height": 292})
    chart.show_hidden_data()
    c.sheets[HORIZONS].insert_chart(ref, chart, {"object_position": 3, "description": ""})
