"""Alerts behind the cells: messages, and what the function says of itself."""

from __future__ import annotations

import tracemalloc
from datetime import date

import pytest

from addin.cells import CellError, Fault, Results
from addin.registry import FUNCTIONS
from scoring.columns import ALERTS, match_headers

DAY = date(2026, 11, 2)
HEAD = ("Account", "Date", "Score")
ALERTS_FUNCTION = next(f for f in FUNCTIONS if f.name == "HEALTH_ALERTS")


def alerts(*rows: object) -> Results:
    """`HEALTH_ALERTS` as a host calls it."""
    return ALERTS_FUNCTION.call(tuple(rows))


def message(result: object) -> str:
    """What a fault says."""
    assert isinstance(result, Fault)
    return result.message


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (("A", "soon", 80.0), "History, row 3, Date: soon. Not a date. Type it as 2026-01-31."),
        (("A", None, 80.0), "History, row 3, Date: blank. The row has no date. Type it as 2026-01"),
        (("", DAY, 80.0), "History, row 3, Account: blank. The row does not say whose it is."),
        (("A", CellError("#REF!"), 80.0), "History, row 3, Date: #REF!. The cell shows the error"),
        (("A", DAY, 180.0), "History, row 3, Score: 180. Outside the scale 0 to 100."),
        (("A", DAY, "good"), "History, row 3, Score: good. Text where a number belongs."),
    ],
)
def test_messages_name_the_cell(row: tuple[object, ...], text: str) -> None:
    """A message names row, column and value, and what to type."""
    found = message(alerts(HEAD, ("A", DAY, 90.0), row))
    assert found.startswith(text)
    assert found.endswith(".")


def test_many_bad_cells() -> None:
    """The first three are named, in the order of the rows, and the others counted."""
    bad = [(None, DAY, 80.0), *(("A", "soon", "good") for _ in range(3))]
    lines = message(alerts(HEAD, *bad)).splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "History, row 2, Account", "History, row 3, Date", "History, row 3, Score",
    ]  # fmt: skip
    assert lines[-1] == "And 4 more."


def test_missing_columns() -> None:
    """A needed column that is not there is named beside the headers that are."""
    assert message(alerts(("Account", "When", "Score"), ("A", DAY, 1.0))) == (
        "History: no Date column; the headers are Account, When, Score. "
        "Give a range that begins with the headers Account, Date and Score."
    )
    text = message(alerts((None, None)))
    assert "no Account column; the headers are blank or show errors." in text


def test_thousands_of_slips_stay_small() -> None:
    """What is wrong in many rows is told of the first ones, and takes a few bytes for each."""
    rows = [("A", f"soon {number}", 80.0) for number in range(1_000)]
    tracemalloc.start()
    try:
        assert message(alerts(HEAD, *rows)).endswith("And 997 more.")
        assert tracemalloc.get_traced_memory()[1] < 1_500_000
    finally:
        tracemalloc.stop()


def test_help_names_columns_that_are_read() -> None:
    """Each column that the help speaks of is one that the function knows."""
    text = ALERTS_FUNCTION.arguments[0].help
    names = text.split(" headed ")[1].rstrip(".").replace("; also ", ", ").split(", ")
    matched, unknown, repeated = match_headers(names, ALERTS)
    assert len(matched) == len(names) > 8
    assert not unknown
    assert not repeated
