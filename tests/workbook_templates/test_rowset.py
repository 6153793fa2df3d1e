"""Sets of rows as whole numbers say what Python's own sets say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.ooxml.rowset import bits, first_row, last_row, rows_of, span

ROWS = st.sets(st.integers(1, 300))


@given(rows=ROWS, others=ROWS)
def test_sets_of_rows(rows: set[int], others: set[int]) -> None:
    """In common, together and without are those of sets, and rows come out in order."""
    a, b = bits(rows), bits(others)
    assert list(rows_of(a)) == sorted(rows)
    assert set(rows_of(a & b)) == rows & others
    assert set(rows_of(a | b)) == rows | others
    assert set(rows_of(a & ~b)) == rows - others
    assert a.bit_count() == len(rows)


@given(rows=st.sets(st.integers(1, 1_048_576), min_size=1, max_size=5))
def test_first_and_last(rows: set[int]) -> None:
    """The first and the last row of a set, as far down as a sheet goes."""
    assert (first_row(bits(rows)), last_row(bits(rows))) == (min(rows), max(rows))


@given(first=st.integers(1, 50), last=st.integers(1, 50))
def test_spans(first: int, last: int) -> None:
    """A span holds both of its ends, and nothing where they are the wrong way round."""
    assert list(rows_of(span(first, last))) == list(range(first, last + 1))
