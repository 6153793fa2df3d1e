"""The sheet *Lookup*, and the defined names: the functions, and the ranges that they read."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from scoring.model import ScoreModel
from workbook_templates.drawing.theme import Book
from workbook_templates.lambdas.cells import Cell, Placed, place
from workbook_templates.lambdas.live import live
from workbook_templates.lambdas.notation import in_file
from workbook_templates.lambdas.program import FUNCTIONS, HELPERS
from workbook_templates.lambdas.tables import lookup_blocks

__all__ = ["SHEET", "define_names", "draw_lookup"]

SHEET = "Lookup"
_TOP = 4
_WIDTHS = {"A": 150, "B": 170, "C": 130, "D:AP": 76}


def draw_lookup(book: Book, model: ScoreModel) -> None:
    """Draw what the functions look up, block under block."""
    ws = book.sheet(SHEET, pages=(1, 0))
    book.columns(ws, _WIDTHS)
    note = "The functions read this sheet. Its numbers follow from Model: change them there."
    ws.write_string("A1", SHEET, book.sheet_title())
    ws.write_string("A2", note, book.sheet_note())
    ws.set_row_pixels(0, 36)
    ws.write_string("A3", "The functions work", book.head(align="left"))
    live(ws, 2, 1, "HEALTH_TIER(100)", book.head(align="left"), model.tier_label("green"))
    for placed in place(lookup_blocks(model), _TOP):
        _draw_block(book, ws, placed)
    ws.freeze_panes(2, 0)


def _draw_block(book: Book, ws: Worksheet, placed: Placed) -> None:
    ws.write_string(placed.top, 0, placed.block.heading, book.section())
    for column, header in enumerate(placed.block.headers):
        ws.write_string(placed.top + 1, column, header, book.head(align="left"))
    for row, cells in enumerate(placed.block.rows, start=placed.top + 2):
        for column, cell in enumerate(cells):
            _write(book, ws, row, column, cell)


def _write(book: Book, ws: Worksheet, row: int, column: int, cell: Cell) -> None:
    look = book.row(align="left", num_format="General")
    if cell.formula:
        ws.write_formula(row, column, cell.formula, look, cell.value)
    elif isinstance(cell.value, str):
        ws.write_string(row, column, cell.value, look)
    else:
        ws.write_number(row, column, cell.value, look)


def define_names(book: Book, model: ScoreModel) -> None:
    """Define the functions, their helpers and the ranges of *Lookup*."""
    book.workbook.define_name("_HS_WORKS", f"={SHEET}!$B$3")
    for placed in place(lookup_blocks(model), _TOP):
        for name, where in placed.names(SHEET):
            book.workbook.define_name(name, f"={where}")
    for name, formula in {**HELPERS, **FUNCTIONS}.items():
        book.workbook.define_name(name, f"={in_file(formula)}")
