"""Cells with a function in them."""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scoring.model import ScoreModel
from scoring.presets import DEFAULT, load_preset
from workbook_templates.drawing.theme import NOW_BAR, SHAPE, TEXT, TINT, Book

__all__ = ["faint_rule", "live", "model_argument", "note", "tier_rules"]

_WARNING = (
    "This program cannot evaluate the functions: they need Excel 365, Excel 2024 or Excel on the "
    "web. See Where it works."
)


def live(
    ws: Worksheet, row: int, column: int, formula: str, look: Format, value: float | str
) -> None:
    """Write a formula with its cached value; NaN is #N/A.

    As a dynamic array, as Excel itself saves it: a function made of LAMBDA may give several cells.
    """
    shown = "#N/A" if value != value else value
    ws.write_dynamic_array_formula(row, column, row, column, f"={formula}", look, shown)


def model_argument(model: ScoreModel) -> str:
    """The model's name as a further argument, with its comma; nothing for the default preset.

    The functions here know one model. The add-in of the same name knows several, and may be
    installed as well: so the formulas name theirs.
    """
    return "" if model == load_preset(DEFAULT) else f',"{model.name}"'


def note(ws: Worksheet, where: str, text: str, look: Format) -> None:
    """Write a note that gives way to a warning where the functions cannot be evaluated.

    A program that keeps cached values when it opens a file still works out what follows from the
    time of day, so the warning is there at once.
    """
    told = text.replace('"', '""')
    formula = f'=IF(ISERROR(_HS_WORKS),"{_WARNING}","{told}")&T(NOW())'
    ws.write_formula(where, formula, look, text)


def tier_rules(book: Book, ws: Worksheet, where: str, cell: str) -> None:
    """Shape and colour of a tier's word in ``cell`` (relative to the range)."""
    for key in ("green", "amber", "red"):
        look = {"bg_color": TINT[key], "font_color": TEXT[key], "num_format": f'"{SHAPE[key]} "@'}
        rule = f"={cell}=_HS_{key.upper()}_WORD"
        shape = book.workbook.add_format(look)
        ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": shape})


def faint_rule(book: Book, ws: Worksheet, where: str) -> None:
    """Let errors step back where the functions cannot be evaluated: the warning says it once."""
    look = book.workbook.add_format({"font_color": NOW_BAR, "bold": False})
    rule = {"type": "formula", "criteria": "=ISERROR(_HS_WORKS)", "format": look}
    ws.conditional_format(where, rule)
