"""One result a cell: shapes, errors and blanks, whatever the function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.broadcast import broadcast, error_in
from addin.cells import Cell, CellError, CellProblem, Fault, Result
from addin.registry import FUNCTIONS

TWO = {f.name: f for f in FUNCTIONS if f.name in ("HEALTH_TREND", "HEALTH_VELOCITY", "CSAT_POINTS")}


def joined(*cells: Cell) -> Result:
    """The cells as one text; 13 cannot be used."""
    if 13.0 in cells:
        raise CellProblem("#NUM!", "Thirteen.")
    return "+".join("" if cell is None else f"{cell:g}" for cell in cells)


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ((1.0, 2.0), "1+2"),
        ((((1.0,),), 2.0), "1+2"),
        ((((1.0,), (2.0,)), 3.0), (("1+3",), ("2+3",))),
        ((3.0, ((1.0, 2.0),)), (("3+1", "3+2"),)),
        ((((1.0, 2.0),), ((3.0, 4.0),)), (("1+3", "2+4"),)),
        ((((1.0,), (None,), ("n/a",)), 3.0), (("1+3",), ("",), ("",))),
        ((((1.0,), (13.0,)), None), (("1+",), (Fault("#NUM!", "Thirteen."),))),
    ],
)
def test_shapes(given_: tuple[object, ...], wanted: object) -> None:
    """A single value goes with each cell of a range, and ranges of one shape pair up."""
    assert broadcast(joined, *given_) == wanted


@pytest.mark.parametrize(
    "grids",
    [
        (((1.0,), (2.0,)), ((1.0, 2.0),)),
        (((1.0,), (2.0,)), ((1.0,), (2.0,), (3.0,))),
        (5.0, ((1.0,), (2.0,)), ((1.0, 2.0), (1.0, 2.0))),
    ],
)
def test_sizes_that_differ(grids: tuple[object, ...]) -> None:
    """Ranges that do not pair up are refused, and the message gives their sizes."""
    with pytest.raises(CellProblem, match=r"differ in size: 2 × 1 and \d × \d cells") as caught:
        broadcast(joined, *grids)
    assert caught.value.fault.code == "#VALUE!"


def test_a_single_problem_is_raised() -> None:
    """What is wrong with a single cell is raised, as for every other function."""
    with pytest.raises(CellProblem, match="Thirteen"):
        broadcast(joined, 13.0)


def test_errors_come_out_as_they_went_in() -> None:
    """An error cell gives its own code, the main one first, before any blank is looked at."""
    null, ref = CellError("#NULL!"), CellError("#REF!")
    for given_, code in (((null, ref), "#NULL!"), ((1.0, ref), "#REF!"), (("#N/A", 1.0), "#N/A")):
        fault = broadcast(joined, *given_)
        assert isinstance(fault, Fault)
        assert fault.code == code
        assert fault.message == f"A cell that this one reads shows {code}. Repair that cell first."
    assert broadcast(joined, None, ref) == ""
    assert error_in("#N/A is a text") is None


CELLS = st.one_of(
    st.floats(-10, 110), st.sampled_from([None, "", "x", "12.5", CellError("#N/A"), True])
)


@given(st.sampled_from(sorted(TWO)), st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=6))
def test_a_range_is_its_cells(name: str, pairs: list[tuple[Cell, Cell]]) -> None:
    """A column gives in each row what its cells give alone."""
    function = TWO[name]
    columns = [tuple((cell,) for cell in cells) for cells in zip(*pairs, strict=True)]
    assert function.call(*columns) == tuple((function.call(*pair),) for pair in pairs)
