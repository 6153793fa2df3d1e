"""The top of *Workings*: what formulas of all sheets read."""

from __future__ import annotations

from scoring.model import SEGMENTS, Dimension
from scoring.rollup import TIERS
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.theme import NUMBER, SHAPE, SIGN
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.names import WORKINGS


def draw_basis(c: Canvas) -> None:
    """Draw the day, currency, tiers' words and the sets of weights, each made from *Model*."""
    ws, book = c.sheets[WORKINGS], c.book
    ws.write_string("A1", "Facts", book.section())
    labels = ("As of", "Main currency", "Previous snapshot", "Currency sign")
    for row, label in enumerate(labels, start=2):
        ws.write_string(f"A{row}", label, book.row())
    dated = book.row(num_format=NUMBER["date"], align="right")
    for ref, name, look in (("B2", "as_of", dated), ("B3", "main_currency", book.row()),
                            ("B4", "previous_day", dated)):  # fmt: skip
        ws.write_blank(ref, None, look)
        c.place(name, WORKINGS, ref)
    sign = 'IF($B$3="","",$B$3&" ")'
    for code, shown in SIGN.items():
        sign = f'IF($B$3="{code}","{shown}",{sign})'
    ws.write_formula("B5", f"={sign}", book.row(), "")
    c.place("currency_sign", WORKINGS, "B5")
    for key in reversed(TIERS):
        ref = basis.TIER_CELLS[key].rpartition("!")[2].replace("$", "")
        ws.write_string(f"A{ref[1:]}", f"Tier {key}", book.row())
        word = basis.tier_word(c.model, key)
        ws.write_formula(ref, f'="{SHAPE[key]} "&{c.cells.tier(key, "label")}', book.row(), word)
    _weights(c)


def _weights(c: Canvas) -> None:
    ws, book, top = c.sheets[WORKINGS], c.book, basis.SETS_TOP
    ws.write_string(top - 2, 0, "Weights", book.head())
    for k, dimension in enumerate(c.model.dimensions, start=1):
        ws.write_string(top - 2, k, dimension.name, book.head())
    fields = ("weight", *SEGMENTS, "onboarding")
    for i, (name, field) in enumerate(zip(basis.weight_sets(), fields, strict=True)):
        ws.write_string(top - 1 + i, 0, name, book.row())
        for k, dimension in enumerate(c.model.dimensions, start=1):
            base, own = (c.cells.dimension(dimension.key, f) for f in ("weight", field))
            text = f"={base}" if field == "weight" else f'=IF({own}="",{base},{own})'
            value = _weight(dimension, field)
            ws.write_formula(top - 1 + i, k, text, book.row(), value)


def _weight(dimension: Dimension, field: str) -> float:
    own = dimension.onboarding_weight if field == "onboarding" else None
    if field in dimension.segment_weights:
        own = dimension.segment_weights[field]
    return dimension.weight if own is None else own
