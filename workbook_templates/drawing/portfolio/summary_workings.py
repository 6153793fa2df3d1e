"""What *Summary* reads on *Workings*: tiers with their shares, figures, points of its chart."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.renewal_chart import Block
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.accounts import TABLE
from workbook_templates.portfolio.figures import DOWN, FIGURES, PARTS, UP, figure_formulas
from workbook_templates.portfolio.names import SUMMARY, WORKINGS

TIERS_TOP, TIERS_END = 21, 24
FIGURES_TOP = 28
KINDS_TOP = 45
POINTS = Block(WORKINGS, "N", 21, 37, ranks=10)
"""The renewals that the chart shows: at most 25 below Green and 12 Green."""

_MATRIX = {"green": ("I", 10), "amber": ("J", 11), "red": ("K", 12)}


def figure(key: str) -> str:
    """Address of a figure."""
    return f"{WORKINGS}!$B${FIGURES_TOP + list(FIGURES).index(key)}"


def tier_cell(key: str, what: str) -> str:
    """Address of a tier's ``accounts``, ``arr``, ``share`` or ``arr_share``; "total" for all."""
    column = {"accounts": "B", "arr": "C", "share": "F", "arr_share": "I"}[what]
    row = TIERS_END + 1 if key == "total" else TIERS_TOP + PARTS.index(key)
    return f"{WORKINGS}!${column}${row}"


def moved_cell(before: str, now: str) -> str:
    """Address on *Summary* of the accounts that moved from a tier to another."""
    return f"{SUMMARY}!${_MATRIX[now][0]}${_MATRIX[before][1]}"


def kind_cell(row: int) -> str:
    """Address of what a row of the CSM table is: "csm", "others", "total" or blank."""
    return f"{WORKINGS}!$A${KINDS_TOP + row}"


def draw_workings(c: Canvas, ws: Worksheet, csm_rows: int) -> None:
    """Draw all blocks, and name what fill gives a value."""
    _tiers(c, ws)
    _figures(c, ws)
    c.place("summary_csm_kinds", WORKINGS, f"A{KINDS_TOP}:A{KINDS_TOP + csm_rows - 1}")
    for row in range(KINDS_TOP, KINDS_TOP + csm_rows):
        ws.write_blank(f"A{row}", None, c.book.row())


def _tiers(c: Canvas, ws: Worksheet) -> None:
    book, top, end = c.book, TIERS_TOP, TIERS_END
    heads = ("Tier", "Accounts", "ARR", "Thousandths", "Whole", "Share", "Thousandths", "Whole",
             "Share")  # fmt: skip
    for column, text in zip("ABCDEFGHI", heads, strict=True):
        ws.write_string(f"{column}{top - 1}", text, book.head())
    words, arr = c.column(TABLE, "tier"), c.column(TABLE, "arr_total")
    for row, key in enumerate(PARTS, start=top):
        label = f"={basis.TIER_CELLS[key]}" if key else f'="{basis.NO_TIER}"'
        criterion = basis.TIER_CELLS[key] if key else '"○*"'
        ws.write_formula(f"A{row}", label, book.row())
        ws.write_formula(f"B{row}", f"=COUNTIF({words},{criterion})", book.row())
        ws.write_formula(f"C{row}", f"=SUMIFS({arr},{words},{criterion})", book.row())
        for source, columns in (("B", ("D", "E", "F")), ("C", ("G", "H", "I"))):
            for column, text in zip(columns, _shares(source, columns, row), strict=True):
                ws.write_formula(f"{column}{row}", f"={text}", book.row())
    for column in "BC":
        total = f"=SUM({column}{top}:{column}{end})"
        ws.write_formula(f"{column}{end + 1}", total, book.total())
    c.place("summary_tiers", WORKINGS, f"A{top}:I{end}")
    c.place("summary_tier_total", WORKINGS, f"B{end + 1}:C{end + 1}")


def _shares(source: str, columns: tuple[str, str, str], row: int) -> Sequence[str]:
    """Thousandths, their whole part, and the share: largest remainders make the sum 100.0 %."""
    top, end = TIERS_TOP, TIERS_END
    exact, whole, _ = columns
    total = f"{source}${end + 1}"
    rest = f"({exact}{row}-{whole}{row})"
    larger = f"--(({exact}${top}:{exact}${end}-{whole}${top}:{whole}${end})>{rest})"
    equal = f"--(({exact}${top}:{exact}{row}-{whole}${top}:{whole}{row})={rest})"
    place = f"SUMPRODUCT({larger})+SUMPRODUCT({equal})"
    more = f"IF({place}<=1000-SUM({whole}${top}:{whole}${end}),1,0)"
    return (
        f"IF({total}>0,{source}{row}/{total}*1000,0)",
        f"INT({exact}{row})",
        f"IF({total}>0,({whole}{row}+{more})/1000,0)",
    )


def _figures(c: Canvas, ws: Worksheet) -> None:
    moves = [moved_cell(before, now) for before, now in (*DOWN, *UP)]
    risk = f"{tier_cell('amber', 'arr')}+{tier_cell('red', 'arr')}"
    made = figure_formulas(lambda key: c.column(TABLE, key), basis.TIER_CELLS, moves, risk)
    for row, (key, label) in enumerate(FIGURES.items(), start=FIGURES_TOP):
        ws.write_string(f"A{row}", label, c.book.row())
        ws.write_formula(f"B{row}", f"={made[key]}", c.book.row())
    end = FIGURES_TOP + len(FIGURES) - 1
    c.place("summary_figures", WORKINGS, f"B{FIGURES_TOP}:B{end}")
