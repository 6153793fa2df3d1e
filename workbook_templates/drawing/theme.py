"""The only place with colours, fonts, number formats and page set-up of the workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scoring.rollup import TIERS

FONT = "Arial"  # has ● ▲ ■ ↑ → ↓ everywhere; Calibri's stand-in on Linux lacks two of them

INK, MUTED, HAIRLINE, RULE = "#1B2733", "#566474", "#D5DBE2", "#7D8995"
PANEL, ACCENT, WASH, WHITE = "#F4F6F9", "#1F4E8C", "#E8EFF8", "#FFFFFF"
GAIN, LOSS, LOSS_BAR, DATA_BAR = "#2F6DB5", "#A94C15", "#F0D2BB", "#C3D5EC"
LOSS_WASH = "#FBEDE3"
INPUT, INPUT_EDGE = "#DCE8F7", "#8FB0DA"
WATERFALL, SPARK, NOW_BAR = "#4B5A69", "#B4BFCB", "#C3CAD2"

SHAPE: Mapping[str, str] = {"green": "●", "amber": "▲", "red": "■", "": "○"}
SOLID: Mapping[str, str] = {"green": "#1A7E64", "amber": "#C98200", "red": "#A61B2B"}
TEXT: Mapping[str, str] = {"green": "#0B5B45", "amber": "#7A4B00", "red": "#8C1524"}
TINT: Mapping[str, str] = {"green": "#DBF3E8", "amber": "#FFEBB8", "red": "#F5C6C8"}
BAND: Mapping[str, str] = {"green": "#E6F6EE", "amber": "#FFF4D9", "red": "#F9DEDF"}
ON_SOLID: Mapping[str, str] = {"green": WHITE, "amber": INK, "red": WHITE, "": INK}

# The mail: light as the workbooks; dark as the task pane, with a page behind the card.
MAIL_FONT = "Segoe UI,Arial,sans-serif"
MAIL_NONE, MAIL_MONO = "#B4BDC9", "Consolas,Menlo,monospace"
CHART_NOW, CHART_PAST = "#C8434F", "#808B99"  # 3 to 1 on white and on the dark card
DARK: Mapping[str, str] = {
    "page": "#12171E", "card": "#1B222C", "raised": "#252D39", "ink": "#E9EDF2",
    "muted": "#A7B2C1", "line": "#3A4553", "accent": "#8FC1F0", "band": "#163A5C",
    "green": "#86DCCB", "amber": "#FAC53C", "red": "#F0707E", "none": "#7C8899",
    "on": "#12171E",
}  # fmt: skip

NUMBER: Mapping[str, str] = {
    "date": "d mmm yyyy",
    "whole": "#,##0",
    "score": "0",
    "rating": '0" / 5"',
    "points": "0.0",
    "percent": "0%",
    "percent1": "0.0%",
    "arrow": '"↑ +"0;"↓ −"0;"→"',
    "arrow1": '"↑ +"0.0;"↓ −"0.0;"→"',
    "change": "+0;−0;0",
    "change1": "+0.0;−0.0;0.0",
    "change_percent": "+0%;−0%;0%",
    "change2": "+0.00;−0.00;0.00",
    "share": '0%;−0%;"·"',
    "auc": "0.00",
    "p": "0.0000",
    "exact3": "0.000",
    "times": '0.0"×"',
    "gain": "+0.000;−0.000;0.000",
    "within": '#,##0 "d"',
    "matrix": '#,##0;−#,##0;"·"',
    "exact": "0.000000000",
    "text": "@",
    "days": '#,##0 "days"',
    "late": '#,##0 "days late"',
}
CURRENCY: Mapping[str, str] = {
    "USD": "[$$-409]#,##0",
    "GBP": "[$£-809]#,##0",
    "EUR": "[$€-2]#,##0",
}
SHORT_CURRENCY: Mapping[str, str] = {
    code: f'[>=999500]{sign}0.0,,"m";[>=1000]{sign}0,"k";{sign}0'
    for code, sign in (("USD", "[$$-409]"), ("GBP", "[$£-809]"), ("EUR", "[$€-2]"))
}
SHORT_AMOUNT = '[>=999500]0.0,,"m";[>=1000]0,"k";0'
"""An amount in a currency that has no sign here, in thousands or millions."""
SIGNED_CURRENCY: Mapping[str, str] = {
    code: f"+{form};−{form};{form}" for code, form in CURRENCY.items()
}
SIGNED_AMOUNT = "+#,##0;−#,##0;0"
"""A change of an amount in a currency that has no sign here."""
SIGN: Mapping[str, str] = {"USD": "$", "GBP": "£", "EUR": "€"}

UNIT_FORMAT: Mapping[str, str] = {
    "fraction": "0%",
    "change": "+0%;−0%;0%",
    "count": "#,##0",
    "days": "#,##0",
    "per_week": "0.0",
    "per_month": "0.0",
    "rating": "0",
    "csat": "0.0",
    "nps_index": "+0;−0;0",
    "nps_response": "0",
    "points": "0",
    "state": "@",
}
UNIT_LABEL: Mapping[str, str] = {
    "fraction": "share",
    "change": "change",
    "count": "count",
    "days": "days",
    "per_week": "a week",
    "per_month": "a month",
    "rating": "1 to 5",
    "nps_index": "−100 to 100",
    "nps_response": "0 to 10",
    "points": "0 to 100",
    "state": "state",
}


class Book:
    """An XlsxWriter workbook with the product's manners: one font, shared formats, quiet sheets."""

    def __init__(self, target: Any, *, title: str) -> None:
        self.workbook = xlsxwriter.Workbook(
            target,
            {
                "default_format_properties": {"font_name": FONT, "font_size": 10},
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties(
            {"title": title, "subject": "Customer health", "author": "HealthSheet"}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **wanted: Any) -> Format:
        """A cell format: Arial 9 ink, centred vertically, changed as asked; made once."""
        # Without font_scheme "none" the cell follows the theme's own font instead of Arial.
        base = {"font_name": FONT, "font_scheme": "none", "font_size": 9, "font_color": INK}
        full = {**base, "valign": "vcenter", **wanted}
        key = tuple(sorted(full.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(full)
        return self._formats[key]

    def section(self) -> Format:
        """Title of a part of a sheet."""
        return self.format(bold=True, font_size=11)

    def sheet_title(self) -> Format:
        """Conclusion at the top of a sheet."""
        # Aligned left, or a name in a right-to-left script would run off the page's left edge.
        return self.format(font_size=20, bold=True, align="left")

    def sheet_note(self) -> Format:
        """Context under a sheet's title."""
        return self.format(font_size=10, font_color=MUTED, align="left")

    def head(self, **wanted: Any) -> Format:
        """Header cell of a table: small, muted, over a rule."""
        return self.format(
            **{"font_size": 8, "font_color": MUTED, "bottom": 1, "bottom_color": RULE, **wanted}
        )

    def row(self, **wanted: Any) -> Format:
        """Body cell of a table: a hairline below."""
        return self.format(**{"bottom": 1, "bottom_color": HAIRLINE, **wanted})

    def total(self, **wanted: Any) -> Format:
        """Total row: bold under an ink line."""
        return self.format(**{"bold": True, "top": 1, "top_color": INK, **wanted})

    def input(self, **wanted: Any) -> Format:
        """A cell to type into: blue, with an edge."""
        look = {"bg_color": INPUT, "font_color": ACCENT, "bold": True, "border": 1}
        return self.format(**{**look, "border_color": INPUT_EDGE, "align": "center", **wanted})

    def sheet(
        self,
        name: str,
        *,
        first: bool = False,
        pages: tuple[int, int] = (1, 1),
        landscape: bool = True,
    ) -> Worksheet:
        """A white sheet set up for A4 (and one page on Letter), with a footer."""
        ws = self.workbook.add_worksheet(name)
        ws.hide_gridlines(2)
        ws.set_paper(9)
        if landscape:
            ws.set_landscape()
        ws.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.55)
        ws.fit_to_pages(*pages)
        ws.center_horizontally()
        small = f'&"{FONT}"&8&K{MUTED[1:]}'
        ws.set_footer(
            f"&L{small}&F · &A&C{small}Confidential&R{small}Page &P of &N", {"margin": 0.25}
        )
        if first:
            ws.set_tab_color(ACCENT)
            ws.activate()
        return ws

    def columns(self, ws: Worksheet, widths: Mapping[str, int]) -> None:
        """Set column widths in pixels: ``{"A": 12, "C:D": 52}``."""
        for where, pixels in widths.items():
            span = where if ":" in where else f"{where}:{where}"
            ws.set_column_pixels(span, pixels)

    def title(self, ws: Worksheet, text: str = "", note: str = "") -> None:
        """Conclusion as title in B1, context in B2."""
        ws.set_row_pixels(0, 36)
        ws.set_row_pixels(1, 20)
        ws.set_row_pixels(2, 8)
        ws.write_string("B1", text, self.sheet_title())
        ws.write_string("B2", note, self.sheet_note())

    def tier_rules(self, ws: Worksheet, where: str, cell: str, *, style: str = "chip") -> None:
        """Colour a range by the tier code 0, 1, 2 in ``cell`` (relative to the range)."""
        for code, key in enumerate(TIERS):
            looks = {
                "chip": {"bg_color": TINT[key], "font_color": TEXT[key]},
                "text": {"font_color": TEXT[key]},
                "fill": {"bg_color": TINT[key]},
            }
            rule = f"=AND(ISNUMBER({cell}),{cell}={code})"
            look = self.workbook.add_format(looks[style])
            ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": look})

    def bar(self, ws: Worksheet, where: str, top: float, colour: str = DATA_BAR) -> None:
        """Solid data bars from 0 to a fixed top, so that bars compare between workbooks."""
        ws.conditional_format(
            where,
            {
                "type": "data_bar",
                "bar_solid": True,
                "bar_color": colour,
                "bar_border_color": colour,
                "min_type": "num",
                "min_value": 0,
                "max_type": "num",
                "max_value": top,
            },
        )

    def signed_rules(self, ws: Worksheet, where: str) -> None:
        """Blue for gains, rust for losses."""
        for sign, colour in ((">", GAIN), ("<", LOSS)):
            look = self.workbook.add_format({"font_color": colour, "bold": True})
            ws.conditional_format(
                where, {"type": "cell", "criteria": sign, "value": 0, "format": look}
            )

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()


def chart_font(size: int = 8, colour: str = MUTED, *, bold: bool = False) -> dict[str, Any]:
    """Font of a chart text."""
    return {"name": FONT, "size": size, "color": colour, "bold": bold}


def calm_axis(**more: Any) -> dict[str, Any]:
    """An axis with small labels and a hairline, no ticks, no gridlines."""
    quiet = {"major_tick_mark": "none", "minor_tick_mark": "none"}
    lines = {"line": {"color": HAIRLINE}, "major_gridlines": {"visible": False}}
    return {"num_font": chart_font(), **quiet, **lines, **more}


def calm_chart(chart: Any, title: str = "") -> None:
    """No frame, no legend, no gridlines; a small title or none."""
    if title:
        chart.set_title({"name": title, "name_font": chart_font(9, INK, bold=True)})
    else:
        chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": WHITE}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.set_legend({"none": True})
    chart.show_blanks_as("gap")
