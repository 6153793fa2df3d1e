"""Formulas that read alike become stale together exactly where each alone would."""

from __future__ import annotations

from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from tests.workbook_templates.books import SHEET1, SHEET2
from tests.workbook_templates.bulkbooks import people
from workbook_templates.fill import Template
from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.dependents import Cells, Node, Resolver
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.stale import Dependents
from workbook_templates.package import Package

ROWS = 30
Places = set[tuple[str, int, int]]


def _more(book: Any, sheet: Any) -> None:
    """Chains down a column, fixed ends, arrays, names, any cell, and a one-off among others."""
    for row in range(4, ROWS):
        sheet.write_formula(f"L{row}", f"=L{row - 1}+F{row}", None, 0)
        sheet.write_formula(f"M{row}", f"=SUM(C$3:C{row})", None, 0)
        text = "=Sum!$B$2" if row == 9 else f"=IF(N{row + 1}>0,zero,'Sum'!A{row})"
        sheet.write_formula(f"N{row}", text, None, 0)
    sheet.write_array_formula("P3:P6", "{=C3:C6*2}", None, 0)
    sheet.write_formula("Q3", "=SUM(P4:P5)+T[[#This Row],[ARR]]", None, 0)
    sheet.write_formula("Q4", "=SUM(T[ARR])", None, 0)
    sheet.write_formula("Q5", '=INDIRECT("A1")', None, 0)
    book.define_name("far", "=Data!$L$12")
    sheet.write_formula("Q6", "=far*2", None, 0)


BOOK = people(ROWS, _more)
_cells = st.sets(
    st.tuples(st.sampled_from([SHEET1, SHEET2]), st.integers(1, ROWS + 3), st.integers(1, 18)),
    max_size=6,
)


def _set(places: Places) -> Cells:
    out = Cells()
    for place in sorted(places):
        out.add(*place)
    return out


def _each_alone(book: Book, changed: Places, given: Places) -> Places:
    """The stale formulas, each looked at on its own until no more are found."""
    resolver, now, own = Resolver(book), _set(changed), _set(given)
    nodes: list[Node] = [n for sheet in book.sheets for n in resolver.nodes(sheet)]
    left = [n for n in nodes if not own.touches(n.part, n.formula.area)]
    out: Places = set()
    while True:
        hit = [
            n for n in left if n.reads is None or any(now.touches(p.part, p.area) for p in n.reads)
        ]
        if not hit:
            return out
        for node in hit:
            now.add_area(node.part, node.area)
            out.add((node.part, node.formula.row, node.formula.col))
        left = [n for n in left if n not in hit]


@for_all(changed=_cells, given=_cells)
def test_together_is_each_alone(changed: Places, given: Places) -> None:
    """The same formulas are stale, and the cells they fill count as changed."""
    book = Book(Package(BOOK))
    now, own = _set(changed | given), _set(given)
    found = Dependents(book).stale(now, own)
    assert {(part, a.r1, a.c1) for part, a in found} == _each_alone(book, changed | given, given)
    assert all(now.touches(part, area) for part, area in found)


def test_computed_cells_are_told() -> None:
    """Of some cells those with a formula, or inside an array's, and no others."""
    dependents = Dependents(Book(Package(BOOK)))
    cells = {(3, 3), (3, 6), (3, 7), (5, 16), (7, 16), (9, 14), (99, 6)}
    assert dependents.computed(SHEET1, cells) == {(3, 6), (3, 7), (5, 16), (9, 14)}
    assert dependents.computed(SHEET2, {(1, 1), (1, 2)}) == {(1, 1)}


def test_large_areas_are_followed() -> None:
    """Formulas over a column of which thousands of rows change become stale."""
    changed, area = Cells(), Area(1, 3, 9000, 3)
    changed.add_area(SHEET1, area)
    found = Dependents(Book(Package(BOOK))).stale(changed, Cells())
    assert {(SHEET1, 8, 6), (SHEET1, 8, 13), (SHEET2, 1, 1)} <= {(p, a.r1, a.c1) for p, a in found}


def test_a_second_filling_asks_again_of_the_same_formulas() -> None:
    """What formulas read is worked out once; each filling follows them anew."""
    template = Template(BOOK)
    first = template.fill({"zero": 1})
    template.fill({"far": 3})
    assert template.fill({"zero": 1}) == first == Template(BOOK).fill({"zero": 1})
