"""Values from and to COM."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from addin.cells import CellError, Fault
from addin.hosts.xlwings.values import error_number, given, shown
from tests.addin.xlwings.windows import TimeType, to_variant


@pytest.mark.parametrize(
    ("came", "wanted"),
    [
        (3.0, 3.0),
        ("text", "text"),
        (True, True),
        (None, None),
        (-2146826246, CellError("#N/A")),
        (-2146826281, CellError("#DIV/0!")),
        (-2146826243, CellError("#SPILL!")),
        (7, 7.0),
        (Decimal("12.5"), 12.5),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (((1.0, None), (-2146826273, "x")), ((1.0, None), (CellError("#VALUE!"), "x"))),
        ((1.0, -2146826252), (1.0, CellError("#NUM!"))),
        ((), ()),
    ],
)
def test_given(came: object, wanted: object) -> None:
    """Errors, currencies and whole numbers become ours, also inside ranges."""
    assert given(came) == wanted
    assert type(given(came)) is type(wanted)


def test_a_date_has_no_time_zone() -> None:
    """A date from COM claims to be UTC; it is the cell's own day and time."""
    came = TimeType(2026, 3, 1, 14, 30, tzinfo=timezone.utc)  # noqa: UP017 - as pywin32 does
    assert given(came) == datetime(2026, 3, 1, 14, 30)  # noqa: DTZ001 - that is the point
    assert type(given(((came,),))[0][0]) is datetime  # type: ignore[index]


def test_rows_as_they_are_are_not_copied() -> None:
    """The usual row of a sheet goes through untouched."""
    row = (1.0, "a", None, True)
    assert given((row, row))[1] is row  # type: ignore[index]


def test_shown() -> None:
    """Numbers are floats, errors ints, and rows are lists."""
    assert shown(60.0) == [[60.0]]
    assert shown("") == [[""]]
    assert shown(Fault("#N/A", "Insufficient data.")) == [[2042]]
    assert shown((("a", 1.0), (Fault("#NUM!"), ""))) == [["a", 1.0], [2036, ""]]
    whole = shown(((2, "a"),))
    assert type(whole[0][0]) is float


def test_errors_reach_vba_as_longs_and_numbers_as_doubles() -> None:
    """What pywin32 makes of a result tells an error from every number."""
    variants = to_variant(shown(((3.0, "Green"), (Fault("#VALUE!"), ""))))
    assert variants == [
        [("VT_R8", 3.0), ("VT_BSTR", "Green")],
        [("VT_I4", 2015), ("VT_BSTR", "")],
    ]


def test_an_unknown_error_is_a_value_error() -> None:
    """An error that Excel has no number for shows as #VALUE!."""
    assert error_number("Err:504") == 2015
    assert error_number("#CALC!") == 2050
