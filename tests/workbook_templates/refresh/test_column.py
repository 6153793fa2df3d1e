"""Columns compared at once differ where their values differ."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.ooxml.cells import CellError, Value
from workbook_templates.refresh.cells import same
from workbook_templates.refresh.column import Column, Marked, differing, rearranged, written

_numbers = st.sampled_from([None, 1.0, 1.0 + 1e-15, -3.5, 0.0, float("inf")])
_texts = st.sampled_from([None, "", "a", "b", "a_x000D_"])
_other: st.SearchStrategy[Value] = st.sampled_from([True, "a", 1.0, CellError("#N/A")])
_odd = st.dictionaries(st.integers(0, 5), _other)


@st.composite
def _column(draw: st.DrawFn) -> Column:
    """Six numbers, texts or blanks, some of another kind."""
    kind, values = draw(st.sampled_from([(pa.float64(), _numbers), (pa.string(), _texts)]))
    blank = draw(st.booleans()) and draw(st.booleans())
    six = draw(st.lists(values, min_size=6, max_size=6))
    return Column(pa.nulls(6) if blank else pa.array(six, kind), draw(_odd))


@given(old=_column(), new=_column(), pairs=st.permutations(range(6)), left=st.integers(0, 6))
def test_no_difference_is_missed(old: Column, new: Column, pairs: list[int], left: int) -> None:
    """All pairs of rows that show something else are among those found."""
    before, today = np.arange(left), np.array(pairs[:left], np.int64)
    for rows in (today, np.arange(left)):
        found = differing(old, new, before, rows)
        true = [
            (s, t)
            for s, t in zip(before.tolist(), rows.tolist(), strict=True)
            if old[s] != new[t] and not same(old[s], new[t])
        ]
        assert [(s, t) for s, t in found if old[s] != new[t] and not same(old[s], new[t])] == true


def test_columns_that_are_the_same_are_not_looked_at() -> None:
    """Of a thousand rows with one change one is found, whatever the kind."""
    for values, other in (([1.5] * 1000, 2.0), (["a"] * 1000, "b"), ([None] * 1000, "x")):
        old = Column(pa.array(values, pa.string() if other == "x" else None))
        new = Column(old.array, {7: other})
        assert differing(old, new, np.arange(1000), np.arange(1000)) == [(7, 7)]


@given(old=_column(), new=_column(), data=st.data())
def test_rows_are_put_together(old: Column, new: Column, data: st.DataObject) -> None:
    """Today's value where there is one, else what the row held; a new row takes the first's."""
    row = st.integers(0, 5)
    source = data.draw(st.lists(st.none() | row, max_size=8))
    take = [data.draw(st.integers(-1, 5)) for _ in source]
    found = rearranged(new, old, take, source)
    values: list[Value] = found.to_pylist() if isinstance(found, pa.Array) else found
    wanted = [old[s or 0] if t < 0 else new[t] for s, t in zip(source, take, strict=True)]
    assert values == wanted


def test_values_are_looked_up_and_listed() -> None:
    """One by one, as a slice, from the end, and all of them."""
    column = Column(pa.array([1.0, None, 3.0]), {1: "odd"})
    assert [column[k] for k in (0, 1, -1, -2)] == [1.0, "odd", 3.0, "odd"]
    assert column[1:] == ["odd", 3.0]
    assert list(column) == [1.0, "odd", 3.0]
    assert [column[0] for _ in range(100)] == [1.0] * 100
    assert written(column) == [1.0, "odd", 3.0]
    assert written(Column(column.array)) is column.array
    assert written((1, "x")) == [1, "x"]


def test_marked_rows() -> None:
    """Rows are asked for, counted and listed."""
    marked = Marked(np.array([False, True, True]))
    assert list(marked) == [1, 2]
    assert len(marked) == 2
    assert 1 in marked
    assert 0 not in marked
    assert not Marked(np.zeros(3, bool))
