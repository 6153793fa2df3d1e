"""Faults on a *Model* sheet: each names its cell, what is wrong and the next step."""

from __future__ import annotations

import re
from datetime import date

import pytest

from scoring.model_cells import address
from scoring.model_sheet import model_from_rows
from scoring.parse_text import CellError
from tests.scoring.test_model_sheet import WHERE, fault, put, small


@pytest.mark.parametrize(
    ("block", "key", "field", "value", "expected"),
    [
        ("dimensions", "usage", "weight", "lots", '"lots" is not a number. Type a number.'),
        ("dimensions", "usage", "weight", 0, " Weight: must be more than 0, it is 0."),
        ("dimensions", "usage", "weight", None, " Weight: is missing. Add it."),
        ("dimensions", "usage", "weight", True, '"TRUE" is not a number'),
        ("dimensions", "usage", "weight", date(2026, 3, 1), '"2026-03-01" is not a number'),
        ("dimensions", "usage", "weight", CellError("#REF!"), '"#REF!" is not a number'),
        ("dimensions", "usage", "weight", float("inf"), "is not a finite number"),
        ("dimensions", "usage", "weight", "nan", '"nan" is not a number'),
        ("dimensions", "usage", "weight", "1,5", '"1,5" is not a number'),
        ("dimensions", "usage", "smb", -1, " SMB: must be 0 or more, it is -1."),
        ("dimensions", "usage", "onboarding", -2, " Onboarding: must be 0 or more, it is -2."),
        ("dimensions", "usage", "typical_low", 5, "one end is blank. Give both or none."),
        ("dimensions", "usage", "key", "My usage", "Key: 'My usage' is not a key."),
        ("dimensions", "usage", "name", None, " Name: is missing. Add it."),
        ("metrics", "logins", "unit", "hours", '"hours" is not allowed here. Use one of: fraction'),
        ("metrics", "logins", "unit", None, " Unit: is missing. Add it."),
        ("metrics", "logins", "leading", "maybe", '"maybe" is neither yes nor no. Type Yes or No.'),
        ("metrics", "logins", "max_age_days", 1.5, "1.5 is not a whole number."),
        ("metrics", "logins", "max_age_days", 0, " Max age (days): must be more than 0, it is 0."),
        ("metrics", "logins", "curve", "cubic", '"cubic" is not allowed here. Use one of: linear'),
        ("metrics", "logins", "x2", "5%", '"5%" is a percentage. Type a plain number in the unit'),
        ("metrics", "logins", "x2", "five", '"five" is not a number'),
        ("metrics", "logins", "key", "usage", '"usage" stands twice. Give each'),
        ("metrics", "logins", "dimension", "love", '"love" is no dimension. Use one of: usage.'),
        ("metrics", "logins", "dimension", None, '"" is no dimension. Use one of: usage.'),
        ("tiers", "green", "key", "blue", '"blue" is not allowed here. Use one of: green, amber'),
        ("tiers", "amber", "starts_at", 90, "90 is not below 80. Make tiers fall."),
        ("tiers", "red", "starts_at", -1, " Starts at: must be 0 or more, it is -1."),
        ("properties", "version", "value", "new", " Version: 'new' is not a version."),
        ("properties", "name", "value", "My Own", " Name: 'My Own' is not a model name."),
        ("properties", "min_coverage", "value", "half", '"half" is not a number'),
        ("properties", "min_coverage", "value", 50, " Minimum coverage: must be 1 or less"),
        ("properties", "missing", "value", "skip", '"skip" is not allowed here. Use one of: rew'),
        ("properties", "neutral_days", "value", "two", '"two" is not a number'),
        ("properties", "title", "value", None, " Title: is missing. Add it."),
        ("properties", "title", "property", "Titel", '"Titel" is no property. Known: Name, '),
        ("properties", "title", "property", "Version", '"Version" stands twice. Keep one.'),
    ],
)  # fmt: skip
def test_fault_names_cell_and_next_step(
    block: str, key: str, field: str, value: object, expected: str
) -> None:
    """Fault names cell and next step."""
    rows, layout = small()
    at = put(rows, layout._cell(block, key, field), value)
    message = fault(rows)
    assert expected in message
    assert re.search(rf"\b{at}\b", message), message


@pytest.mark.parametrize(
    ("block", "key", "field", "value", "expected"),
    [
        ("metrics", "logins", "y2", 101, "points must lie in 0 to 100, got [0.0, 101.0]"),
        ("metrics", "logins", "x2", -3, "raw values must rise from left to right"),
        ("metrics", "logins", "scale_high", -1, "scale (0.0, -1.0) must rise"),
        ("metrics", "sponsor", "curve", "linear", " x1: must be a number, it is 'Active'."),
        ("metrics", "sponsor", "x2", "active", "each word may stand once"),
    ],
)  # fmt: skip
def test_fault_of_a_whole_row_names_the_row(
    block: str, key: str, field: str, value: object, expected: str
) -> None:
    """Fault of a whole row names the row."""
    rows, layout = small()
    row, column = layout._cell(block, key, field)
    put(rows, (row, column), value)
    message = fault(rows)
    assert expected in message
    assert re.search(rf"\b[A-Z]+{row + 1}\b", message), message


def test_tier_twice() -> None:
    """A tier that stands twice means that another is missing."""
    rows, layout = small()
    put(rows, layout.tier_cell("green", "key"), "red")
    header = address(layout.blocks["tiers"].header, 0)
    assert f"{header}: Tiers must hold green, amber and red, each once." in fault(rows)


def test_address_is_that_of_the_cell() -> None:
    """The whole message of a cell that cannot be read."""
    rows, layout = small()
    at = put(rows, layout.metric_cell("logins", "x2"), "five")
    assert fault(rows) == f'{WHERE}: {at}: "five" is not a number. Type a number.'


def test_address_of_a_fault_that_the_model_finds() -> None:
    """The whole message of a value that the model refuses."""
    rows, layout = small()
    at = put(rows, layout.dimension_cell("usage", "weight"), -1)
    expected = f"{WHERE}: {at} Weight: must be more than 0, it is -1. Type a larger number."
    assert fault(rows) == expected


def test_fraction_beyond_its_column_is_found_by_address_too() -> None:
    """Half a breakpoint is a fault at the half that is there."""
    rows, layout = small()
    at = put(rows, layout.metric_cell("logins", "y1"), None)
    assert f"{address_of_x(at)}: y1 is blank. Give both or none of a pair." in fault(rows)


def address_of_x(y: str) -> str:
    """The cell left of an address with a one-letter column."""
    return chr(ord(y[0]) - 1) + y[1:]


def test_all_faults_are_told_at_once() -> None:
    """All faults are told at once."""
    rows, layout = small()
    first = put(rows, layout.dimension_cell("usage"), "a")
    second = put(rows, layout.metric_cell("logins", "unit"), "b")
    lines = fault(rows).splitlines()
    assert lines[0] == f"{WHERE}: 2 faults in the score model"
    assert [line.split(":")[0].strip() for line in lines[1:]] == [first, second]


@pytest.mark.parametrize("block", ["properties", "tiers", "dimensions"])
def test_missing_block(block: str) -> None:
    """A block that is not there is named with what to add."""
    rows, layout = small()
    place = layout.blocks[block]
    del rows[place.heading : max(place.rows.values()) + 1]
    expected = f'The block "{block.title()}" is missing. Add that heading in a row of its own'
    assert expected in fault(rows)


def test_empty_sheet_names_every_block_it_needs() -> None:
    """Empty sheet names every block it needs."""
    message = fault([])
    assert all(f'"{name}"' in message for name in ("Properties", "Tiers", "Dimensions"))


def test_block_twice() -> None:
    """A second block of one name is a fault at its heading."""
    rows, _ = small()
    assert "Tiers stands twice. Keep one." in fault([*rows, ["Tiers"], ["Tier", "Label"]])


def test_header_twice_and_header_missing() -> None:
    """Repeated and absent headers are told together."""
    rows, layout = small()
    place = layout.blocks["metrics"]
    rows[place.header][layout.metric_cell("logins", "dimension")[1]] = "Name"
    message = fault(rows)
    assert f'D{place.header + 1}: "Name" stands twice. Rename one of them.' in message
    assert 'Metrics has no column "Dimension". Add it.' in message


@pytest.mark.parametrize(
    ("block", "header"),
    [("tiers", "Starts at"), ("dimensions", "Weight"), ("metrics", "Unit"), ("metrics", "y2")],
)
def test_needed_column_is_missing(block: str, header: str) -> None:
    """A column that every row needs is named once, not once a row."""
    rows, layout = small()
    place = layout.blocks[block]
    rows[place.header][rows[place.header].index(header)] = "Renamed"
    expected = f'A{place.header + 1}: {block.title()} has no column "{header}". Add it.'
    assert fault(rows) == f"{WHERE}: {expected}"


def test_no_dimension_row() -> None:
    """A model without dimensions is a fault."""
    rows, layout = small()
    for place in (layout.blocks["dimensions"], layout.blocks["metrics"]):
        for row in place.rows.values():
            rows[row] = []
    assert "dimensions: needs at least 1, it has 0. Add what is missing." in fault(rows)


def test_a_metric_without_breakpoints() -> None:
    """A curve needs two breakpoints."""
    rows, layout = small()
    for field in ("x1", "y1", "x2", "y2"):
        put(rows, layout.metric_cell("logins", field), None)
    assert "needs at least 2, it has 0" in fault(rows)


def test_gate_capped_at_no_tier() -> None:
    """A gate must be capped at one of the tiers."""
    gate = {"key": "notice", "name": "Cancellation notice", "cap": "red"}
    rows, layout = small(gates=[gate])
    assert model_from_rows(rows, "test").gates[0].cap == "red"
    at = put(rows, layout.gate_cell("notice"), "blue")
    expected = f'{at}: "blue" is not allowed here. Use one of: green, amber, red.'
    assert expected in fault(rows)
