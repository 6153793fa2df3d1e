"""What a formula reads, told once for all that differ only in their own row."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.dependents import Resolver
from workbook_templates.package import Package


def _resolver() -> Resolver:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("Data").write_number("A1", 1)
        book.add_worksheet("Q 7").write_number("A1", 1)
        book.define_name("rate7", "=Data!$B$2:$B$9")
    return Resolver(Book(Package(target.getvalue())))


_REFS = st.builds(
    lambda sheet, a, col, b, row: f"{sheet}{a}{col}{b}{row}",
    st.sampled_from(["", "Data!", "'Q 7'!"]),
    st.sampled_from(["", "$"]),
    st.sampled_from(["A", "AB", "XFD"]),
    st.sampled_from(["", "$"]),
    st.integers(1, 12),
)
_PARTS = st.one_of(
    _REFS,
    st.builds(lambda a, row: f"{a}:$C{row}", _REFS, st.integers(1, 12)),
    st.sampled_from(["rate7", "LOG10(5)", '"A7"', "7:7", "7", "B7.5", "OFFSET(A7,1,1)"]),
)


@given(st.lists(_PARTS, min_size=1, max_size=5).map("+".join), st.integers(1, 12))
def test_shapes_tell_what_each_formula_reads(formula: str, row: int) -> None:
    """A formula read by its shape reads the same cells as one that is read by itself."""
    resolver = _resolver()
    assert resolver.areas(formula, "Data", row, 3) == resolver.read(formula, "Data", row, 3)


@pytest.mark.parametrize("row", [3, 9])
def test_own_rows_and_fixed_ones(row: int) -> None:
    """A relative row follows the formula, a fixed one stays."""
    found = _resolver().areas(f"SUM($A$3:A{row})+B{row}+C$3", "Data", row, 4)
    assert found is not None
    assert [p.area.text() for p in found] == [f"A3:A{row}" if row > 3 else "A3", f"B{row}", "C3"]
