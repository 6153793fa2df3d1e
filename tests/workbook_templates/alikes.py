"""Sheets full of random formulas that read alike, nearly alike, or nothing like each other."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.workbook_templates.books import draw
from workbook_templates.ooxml.book import Book
from workbook_templates.package import Package

FIRST, COUNT = 4, 9
LAST = FIRST + COUNT - 1
SHEETS = ("S", "Other sheet")
PARTS = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml")

_OWN = ["B{r}*2", "$B{r}+$C{r}", "SUM(B{r}:D{r})", "S!B{r}", "'Other sheet'!$A{r}", "{r}:{r}"]
_FIXED = ["B$5", "SUM($B$4:$B$12)", "SUM(C$2:C$30)", "SUM(S!$B$4:$B$12)", "'Other sheet'!A6", "A:A"]
_HALF = ["SUM(B$4:B{r})", "SUM($C{r}:$C$12)", "SUM(S!B$6:B{r})"]
_NEAR = ["B{up}", "SUM(B{r}:B{down})", "S!B{up}"]
_PLAIN = ["{r}+1", '"B{r}"', "rate", "rate{r}", "ROW()", "INDIRECT(A{r})", "T[One]", "SUM(T)", "12"]
PIECES = st.sampled_from([*_OWN, *_FIXED, *_HALF, *_NEAR, *_PLAIN])
"""What formulas are made of: own row, fixed cells, from here to there, the next row, the rest."""

Cells = dict[tuple[str, int, int], str]
"""(sheet, row, column from 0) → formula without "="."""


@st.composite
def columns(draw_: st.DrawFn) -> Cells:
    """Some columns of formulas, each mostly the same one filled down, with exceptions."""
    out: Cells = {}
    for _ in range(draw_(st.integers(1, 4))):
        sheet, col = draw_(st.sampled_from(SHEETS)), draw_(st.integers(2, 7))
        rows = draw_(st.sets(st.integers(2, LAST + 3), min_size=1))
        text = "+".join(draw_(st.lists(PIECES, min_size=1, max_size=3)))
        other = draw_(PIECES)
        odd = draw_(st.sets(st.sampled_from(sorted(rows)), max_size=2))
        for row in rows:
            form = other if row in odd else text
            out[sheet, row, col] = form.format(r=row, up=row - 1, down=row + 1)
    return out


def book(formulas: Cells, *, beside: bool = False) -> Book:
    """Sheet S with Table T in A:B of rows 4 to 12, the other sheet, and the formulas."""

    def build(made: Any) -> None:
        sheets = {name: made.add_worksheet(name) for name in SHEETS}
        heads = [{"header": "Key"}, {"header": "One"}]
        sheets["S"].add_table(FIRST - 2, 0, LAST - 1, 1, {"name": "T", "columns": heads})
        for row in range(FIRST, LAST + 1):
            sheets["S"].write_row(row - 1, 0, [f"key {row}", row])
        if beside:
            sheets["S"].merge_range(FIRST, 9, FIRST + 2, 9, "tall")
        for (sheet, row, col), text in formulas.items():
            sheets[sheet].write_formula(row - 1, col, f"={text}", None, 1)
        made.define_name("rate", "='Other sheet'!$A$6")

    return Book(Package(draw(build)))
