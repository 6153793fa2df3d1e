"""*Digest*: every figure of a leader's message, in a column as narrow as a phone.

It is drawn for one digest: as many cards as it lists, and a name at each figure's cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.rollup import TIERS
from workbook_templates.digest.layout import COLUMNS, Cell, Line
from workbook_templates.digest.records import Digest, Figure
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import chips
from workbook_templates.drawing.theme import (
    CURRENCY,
    MUTED,
    NUMBER,
    SHAPE,
    SIGNED_AMOUNT,
    SIGNED_CURRENCY,
    TEXT,
)
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.names import DIGEST, SUMMARY

__all__ = ["draw_digest"]

_WIDTHS = {"A": 12, "B": 84, "C": 136, "D": 84, "E": 84, "F": 88, "G": 88, "H": 12}
_LETTERS = {"B": 14, "C": 22, "D": 14, "E": 14, "F": 14, "G": 14}
"""Letters of 9 points that a column surely holds."""
_TITLE, _SENTENCE = 44, 84
"""Letters of a line of the title, and of the sentences below."""
_FORMS = {"count": "whole", "share": "percent1", "score": "score", "change": "change",
          "days": "days", "date": "date", "text": "text"}  # fmt: skip
_HEIGHTS = {"section": 28, "heads": 20, "gap": 10, "first": 26, "note": 18}
_WORDS = {"total": "Total", "none": f"{SHAPE['']} No score"}
_RIGHT = frozenset("DEFG")


def draw_digest(
    c: Canvas, digest: Digest, lines: tuple[Line, ...], formulas: Mapping[str, str] | None
) -> None:
    """Draw the sheet; the workbook opens on it.

    Args:
        c: the hand.
        digest: what it is about.
        lines: of `layout`.
        formulas: name of a figure → its formula, without "="; None where the sheet stands alone.
    """
    ws = c.sheets[DIGEST] = c.book.sheet(DIGEST, first=True, pages=(1, 0), landscape=False)
    if SUMMARY in c.sheets:
        # Two selected sheets would be typed into together.
        c.sheets[SUMMARY].selected = 0
    c.book.columns(ws, _WIDTHS)
    row = _head(c, digest)
    for line in lines:
        _line(c, row, line, formulas)
        row += 1
    _rules(c, row)
    ws.print_area(f"A1:H{row}")
    ws.set_selection("B1")
    ws.freeze_panes(1, 0)


def spoken(parts: tuple[str | Figure, ...]) -> str:
    """A sentence as the message prints it."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def _head(c: Canvas, digest: Digest) -> int:
    """Headline, what it is about, the summary; the first free row."""
    ws, book = c.sheets[DIGEST], c.book
    title = spoken(digest.headline)
    ws.set_row_pixels(0, 12 + 27 * (1 + len(title) // _TITLE))
    wide = {"text_wrap": True, "align": "left"}
    ws.merge_range("B1:G1", title, book.format(font_size=16, bold=True, **wide))
    ws.set_row_pixels(1, 20)
    ws.write_string("B2", f"Every figure of the message; model {digest.model}", book.sheet_note())
    for row, line in enumerate(digest.lines, start=3):
        text = spoken(line)
        ws.set_row_pixels(row - 1, 6 + 15 * (1 + len(text) // _SENTENCE))
        ws.merge_range(f"B{row}:G{row}", text, book.format(font_size=10, **wide))
    return 3 + len(digest.lines)


def _line(c: Canvas, row: int, line: Line, formulas: Mapping[str, str] | None) -> None:
    ws, book = c.sheets[DIGEST], c.book
    ws.set_row_pixels(row - 1, _height(line))
    last = line.kind == "tier" and line.label == "total"
    if line.kind == "section":
        ws.write_string(f"B{row}", line.label, book.section())
    elif line.kind == "tier":
        look = book.total() if last else book.row()
        for column in COLUMNS:
            ws.write_blank(f"{column}{row}", None, look)
        word = basis.tier_word(c.model, line.label) if line.label in TIERS else _WORDS[line.label]
        if line.label in TIERS and formulas is not None:
            ws.write_formula(f"B{row}", f"={basis.TIER_CELLS[line.label]}", look, word)
        else:
            ws.write_string(f"B{row}", word, look)
    elif line.label:
        ws.write_string(f"B{row}", line.label, book.format(font_color=MUTED, valign="top"))
    for column, text in line.texts.items():
        look = {"align": "left" if column == "B" else "right"}
        made = book.head(**look) if line.kind == "heads" else book.format(align="left")
        ws.write_string(f"{column}{row}", text, made)
    for cell in line.cells:
        _figure(c, row, line, cell, (formulas or {}).get(cell.figure.name, ""))


def _figure(c: Canvas, row: int, line: Line, cell: Cell, formula: str) -> None:
    ws, figure = c.sheets[DIGEST], cell.figure
    look = _look(c, line, cell)
    first, _, end = cell.where.partition(":")
    ref = f"{first}{row}"
    if end:
        ws.merge_range(f"{ref}:{end}{row}", "", look)
    if formula:
        ws.write_formula(ref, f"={formula}", look, "")
    else:
        ws.write_blank(ref, None, look)
    c.place(figure.name.removeprefix("hs_"), DIGEST, ref)


def _look(c: Canvas, line: Line, cell: Cell) -> Any:
    """How a figure looks: its number format, aligned by what it is and where."""
    figure, book = cell.figure, c.book
    number = not isinstance(figure.value, str)
    right = number or cell.where in ("F:G", "G")
    wanted: dict[str, Any] = {
        "num_format": number_form(figure),
        "align": "right" if right and cell.where[0] in _RIGHT | {"C"} else "left",
        "valign": "vcenter" if line.kind in ("tier", "first", "section") else "top",
    }
    if line.kind == "tier":
        make = book.total if line.label == "total" else book.row
        return make(**{**wanted, "align": "right"})
    if line.kind in ("first", "section"):
        return book.format(bold=True, font_size=11 if line.kind == "first" else 10, **wanted)
    if not number and cell.where[0] in "DEF":
        wanted["indent"] = 1  # the number before it stands at its right edge
    if not number and cell.where in ("C:G", "C:F", "C:E", "B:E", "B:F"):
        wanted["text_wrap"] = True
    return book.format(**wanted)


def number_form(figure: Figure) -> str:
    """Number format of a figure."""
    if figure.kind in ("money", "money_change"):
        signed = figure.kind == "money_change" or figure.name.endswith("_arr_change")
        known, plain = (SIGNED_CURRENCY, SIGNED_AMOUNT) if signed else (CURRENCY, NUMBER["whole"])
        return known.get(figure.currency, plain)
    if figure.kind == "days" and figure.name.endswith("late"):
        return NUMBER["late"]
    if figure.kind == "text":
        # A formula in a cell of the format "@" would be text to Excel.
        return "General"
    return NUMBER[_FORMS[figure.kind]]


def _height(line: Line) -> int:
    """Pixels: as many lines as its longest text needs."""
    lines = 1
    for cell in line.cells:
        if isinstance(cell.figure.value, str):
            first, _, end = cell.where.partition(":")
            span = COLUMNS[COLUMNS.index(first) : COLUMNS.index(end or first) + 1]
            room = sum(_LETTERS[column] for column in span)
            lines = max(lines, -(-len(cell.figure.value) // room))
    return max(_HEIGHTS.get(line.kind, 20), 5 + 15 * min(lines, 8))


def _rules(c: Canvas, end: int) -> None:
    """Tiers stand out by shape and colour beside their words, also where formulas give them."""
    ws, where = c.sheets[DIGEST], f"B3:G{end}"
    chips(c, ws, where)
    for key in TIERS:
        word = c.model.tier_label(key).replace('"', '""')
        look = {"num_format": f'"{SHAPE[key]} "@', "font_color": TEXT[key], "bold": True}
        form = c.book.workbook.add_format(look)
        rule = {"type": "formula", "criteria": f'=B3="{word}"', "format": form}
        ws.conditional_format(where, rule)
