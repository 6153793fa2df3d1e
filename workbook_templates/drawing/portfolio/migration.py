"""*Migration*: from which tier to which, by count and by ARR, and who moved."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.account.canvas import Head, heads, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    chips,
    money_column,
    page,
    table_range,
)
from workbook_templates.drawing.portfolio.recoveries import draw_recoveries
from workbook_templates.drawing.theme import DATA_BAR, LOSS_BAR, MUTED, NUMBER, TEXT, WHITE
from workbook_templates.portfolio.basis import TIER_CELLS, tier_word
from workbook_templates.portfolio.migration import NOW, TABLE
from workbook_templates.portfolio.names import MIGRATION

TOP = 6
"""First row of both matrices."""
_TIERS = NOW[:3]
_NEW = "○ New or no score"
_COUNT, _AMOUNT = ("B", "CDEF"), ("J", "KLMN")
"""Column of a matrix's labels, and those of its tiers now."""


def draw(c: Canvas) -> None:
    """Draw both matrices over the Table of accounts that changed tier."""
    ws = page(c, MIGRATION, "migration")
    c.table(TABLE, height=34, row_height=24)
    for row in range(TOP, TOP + 5):
        ws.set_row_pixels(row - 1, 28)
    c.section(MIGRATION, f"B{TOP - 2}", "Accounts: tier before ↓, now →")
    title = f'="ARR"&IF({c.currency}="",""," in "&{c.currency})&": tier before ↓, now →"'
    ws.write_formula(f"J{TOP - 2}", title, c.book.section(), "")
    c.place("migration_amount_title", MIGRATION, f"J{TOP - 2}")
    ws.set_row_pixels(TOP - 3, 26)
    _matrix(c, *_COUNT, "GH", None)
    _matrix(c, *_AMOUNT, "O", c.column("Accounts", "arr_total"))
    c.place("migration_count", MIGRATION, f"C{TOP}:H{TOP + 4}")
    c.place("migration_gone", MIGRATION, f"G{TOP}:G{TOP + 3}")
    c.place("migration_amount", MIGRATION, f"K{TOP}:O{TOP + 4}")
    ws.write_blank(f"B{TOP + 5}", None, c.book.format(font_size=8, font_color=MUTED))
    c.place("migration_below", MIGRATION, f"B{TOP + 5}")
    draw_recoveries(c)
    _list(c, ws)


def _list(c: Canvas, ws: Worksheet) -> None:
    row = c.at[TABLE][0]
    c.section(MIGRATION, f"B{row - 1}", "Accounts whose tier changed, worse first")
    ws.set_row_pixels(row - 2, 26)
    for key in ("tier", "previous_tier"):
        chips(c, ws, table_range(c, TABLE, key))
    c.book.signed_rules(ws, table_range(c, TABLE, "change"))
    money_column(c, TABLE, "arr", "currency")
    ws.freeze_panes(2, 2)
    ws.repeat_rows(row - 1)


def _matrix(c: Canvas, label: str, columns: str, totals: str, amounts: str | None) -> None:
    """One matrix: rows are tiers before, columns tiers now; the last row is those without one."""
    ws, book = c.sheets[MIGRATION], c.book
    words = ["○ No score", *(["Gone"] if amounts is None else []), "Total"]
    top: list[Head] = [(label, "", "left")]
    top += heads(columns + totals, ["", "", "", *words], "right")
    write_heads(ws, book, TOP - 1, top)
    for column, key in zip(columns, _TIERS, strict=False):
        look = book.head(align="right", font_color=TEXT[key], bold=True)
        ws.write_formula(f"{column}{TOP - 1}", f"={TIER_CELLS[key]}", look, tier_word(c.model, key))
    for row, key in enumerate((*_TIERS, ""), start=TOP):
        _line(c, row, key, label, columns, totals, amounts)
    _totals(c, label, columns + totals)
    _heat(c, columns)


def _line(
    c: Canvas, row: int, key: str, label: str, columns: str, totals: str, amounts: str | None
) -> None:
    ws, book = c.sheets[MIGRATION], c.book
    look = book.row(bold=True, font_color=TEXT.get(key, MUTED))
    if key:
        ws.write_formula(f"{label}{row}", f"={TIER_CELLS[key]}", look, tier_word(c.model, key))
    else:
        ws.write_string(f"{label}{row}", _NEW, look)
    number = book.row(num_format=NUMBER["matrix"], align="right")
    for column, now in zip(columns, NOW, strict=True):
        text = _cell(c, column, row, key, now, columns, amounts)
        ws.write_formula(f"{column}{row}", f"={text}", number)
    if amounts is None:
        ws.write_blank(f"{totals[0]}{row}", None, number)
    end = totals[-1]
    before = chr(ord(end) - 1)
    total = book.row(num_format=NUMBER["matrix"], align="right", bold=True)
    ws.write_formula(f"{end}{row}", f"=SUM({columns[0]}{row}:{before}{row})", total)


def _cell(
    c: Canvas, column: str, row: int, key: str, now: str, columns: str, amounts: str | None
) -> str:
    """Count or ARR of one move; what has no tier is what the tiers leave over."""
    tier, before = c.column("Accounts", "tier"), c.column("Accounts", "previous_tier")
    if not now:
        known = f"{columns[0]}{row}:{columns[2]}{row}"
        return f"{_sum(c, [(before, key)] if key else None, amounts, row)}-SUM({known})"
    if not key:
        known = f"{column}{TOP}:{column}{TOP + 2}"
        return f"{_sum(c, [(tier, now)], amounts, row)}-SUM({known})"
    return _sum(c, [(before, key), (tier, now)], amounts, row)


def _sum(c: Canvas, wanted: list[tuple[str, str]] | None, amounts: str | None, row: int) -> str:
    if wanted is None:
        # All accounts but those of the rows above, whose tier before is known.
        column = "C" if amounts is None else "K"
        last = "F" if amounts is None else "N"
        every = c.column("Accounts", "account_id")
        whole = f"COUNTA({every})" if amounts is None else f"SUM({amounts})"
        return f"{whole}-SUM({column}{TOP}:{last}{row - 1})"
    tests = ",".join(f"{span},{TIER_CELLS[key]}" for span, key in wanted)
    return f"COUNTIFS({tests})" if amounts is None else f"SUMIFS({amounts},{tests})"


def _totals(c: Canvas, label: str, columns: str) -> None:
    ws, row = c.sheets[MIGRATION], TOP + 4
    ws.write_string(f"{label}{row}", "Total", c.book.total())
    look = c.book.total(num_format=NUMBER["matrix"], align="right")
    for column in columns:
        ws.write_formula(f"{column}{row}", f"=SUM({column}{TOP}:{column}{row - 1})", look)


def _heat(c: Canvas, columns: str) -> None:
    """Shade what moved: rust to a worse tier, blue to a better one, the more the darker."""
    ws, (green, amber, red) = c.sheets[MIGRATION], tuple(columns[:3])
    worse = (f"{amber}{TOP}", f"{red}{TOP}", f"{red}{TOP + 1}")
    better = (f"{green}{TOP + 1}", f"{green}{TOP + 2}", f"{amber}{TOP + 2}")
    for cells, colour in ((worse, LOSS_BAR), (better, DATA_BAR)):
        rule = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": WHITE,
                "max_type": "max", "max_color": colour}  # fmt: skip
        ws.conditional_format(cells[0], {**rule, "multi_range": " ".join(cells)})
