"""*CSM load*: who has how much, of which tier, and which accounts could move to whom."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, tier_chart
from workbook_templates.drawing.portfolio.parts import money, page, table_range, underline
from workbook_templates.drawing.theme import LOSS, MUTED, TEXT
from workbook_templates.portfolio.basis import TIER_CELLS
from workbook_templates.portfolio.csm_load import CHART, CHART_TABLE, EFFORT, OVER, PROPOSALS, TABLE
from workbook_templates.portfolio.names import CSM_LOAD, WORKINGS

_TOP = 4
_ROW = 24


def draw(c: Canvas) -> None:
    """Draw the chart and the proposals over the Table of CSMs."""
    ws = page(c, CSM_LOAD, "csm")
    c.table(TABLE, height=34, row_height=_ROW)
    top = c.at[TABLE][0]
    for row in range(_TOP, top):
        ws.set_row_pixels(row - 1, _ROW)
    _chart(c)
    _proposals(c)
    ws.write_blank(f"B{top - 1}", None, c.book.format(font_size=8, font_color=MUTED))
    c.place("csm_basis", CSM_LOAD, f"B{top - 1}")
    for key in ("arr", "risk"):
        money(c, ws, table_range(c, TABLE, key), dot=True)
    _rules(c)
    ws.freeze_panes(2, 2)
    ws.repeat_rows(top - 1)
    c.workings.append(lambda sheet: _workings(c, sheet))


def _workings(c: Canvas, ws: Worksheet) -> None:
    """What the chart reads; and the mean load, over the number of CSMs that fill counted."""
    c.table(CHART_TABLE, height=20, row_height=20)
    csm, tier = (c.column("Accounts", key) for key in ("csm", "tier"))
    own = EFFORT["green"]
    load = f'{own:g}*COUNTIFS({csm},"?*")'
    for key in ("amber", "red"):
        load += f'+{EFFORT[key] - own:g}*COUNTIFS({csm},"?*",{tier},{TIER_CELLS[key]})'
    ws.write_formula("DH1", f'=IF($DH$2>0,({load})/$DH$2,"")')
    ws.write_blank("DH2", None, c.book.format())
    c.place("csm_mean", WORKINGS, "DH1:DH2")


def _chart(c: Canvas) -> None:
    values = {key: c.column(CHART_TABLE, key or "none") for key in ("green", "amber", "red", "")}
    chart = tier_chart(c, CHART, "column", c.column(CHART_TABLE, "csm"), values, gap=90)
    place_chart(c, chart, CSM_LOAD, f"B{_TOP}", (680, 286), title="Accounts by CSM",
                across="Accounts", along="CSM", label_position="none")  # fmt: skip


def _proposals(c: Canvas) -> None:
    ws = c.sheets[CSM_LOAD]
    c.section(CSM_LOAD, f"J{_TOP}", "Moves that would even it out")
    end = _TOP + PROPOSALS
    for row in range(_TOP + 1, end + 1):
        ws.write_blank(f"J{row}", None, c.book.format())
    c.place("csm_moves", CSM_LOAD, f"J{_TOP + 1}:J{end}")
    underline(c, ws, f"J{_TOP + 1}:N{end}")


def _rules(c: Canvas) -> None:
    """Bold where it is too much; red accounts in the tier's own ink."""
    ws, book = c.sheets[CSM_LOAD], c.book
    verdict, red = (table_range(c, TABLE, key) for key in ("verdict", "red"))
    rule = f'={verdict.split(":")[0]}="{OVER}"'
    bold = book.workbook.add_format({"bold": True, "font_color": LOSS})
    ws.conditional_format(verdict, {"type": "formula", "criteria": rule, "format": bold})
    ink = book.workbook.add_format({"bold": True, "font_color": TEXT["red"]})
    ws.conditional_format(red, {"type": "cell", "criteria": ">", "value": 0, "format": ink})
