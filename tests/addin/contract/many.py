"""Calls over 5,000 rows, one or more of each function that answers rows or cells."""

from __future__ import annotations

from collections.abc import Callable

from addin.cells import Cell, Results
from tests.addin.contract.call import MANY, Call, Given, row

JUNE_30 = 46203.0
"""30 June 2026 as a spreadsheet counts days."""

# Outcomes missing, the other four rated alike: 80 % of the weight at r × 20, 20 % at 20 to 100.
REACH = {1: "Red", 2: "Red", 3: "Amber, could be Red", 4: "Green, could be Amber", 5: "Green"}


def _call(function: str, expected: Results, *given: Given) -> Call:
    return Call(f"five thousand rows of {function}", function, given, expected)


def _column(value: Callable[[int], Cell]) -> Given:
    return tuple((value(i),) for i in range(MANY))


def _results(value: Callable[[int], float | str]) -> Results:
    return tuple((value(i),) for i in range(MANY))


def _rating(i: int) -> int:
    return 1 + i % 5


def _tier(i: int) -> str:
    score = i % 101
    return "Green" if score >= 80 else "Amber" if score >= 60 else "Red"


def _label(i: int) -> str:
    tenths = i % 21 - 10
    if abs(tenths) <= 2:
        return "Stable"
    word = "Improving" if tenths > 0 else "Declining"
    return f"{word} fast" if abs(tenths) >= 5 else word


CALLS: tuple[Call, ...] = (
    _call("HEALTH_TIER", _results(_tier), _column(lambda i: float(i % 101))),
    _call(
        "DIMENSION_SCORE", _results(lambda i: 20.0 * _rating(i)),
        "Outcomes", tuple((3.0, 3.0, float(_rating(i)), None, 3.0) for i in range(MANY)),
    ),
    _call(
        "HEALTH_BOUNDS",
        tuple((16.0 * r + 4, 16.0 * r + 20, REACH[r]) for r in map(_rating, range(MANY))),
        tuple((float(r), float(r), None, float(r), float(r)) for r in map(_rating, range(MANY))),
    ),
    _call(
        "HEALTH_TREND", _results(lambda i: "↓→↑"[(i % 101 > 50) - (i % 101 < 50) + 1]),
        _column(lambda i: float(i % 101)), row(50.0),
    ),
    _call(
        "HEALTH_VELOCITY", _results(lambda i: (i % 101 - 40) / 10),
        _column(lambda i: float(i % 101)), row(40.0), 10.0,
    ),
    _call("VELOCITY_LABEL", _results(_label), _column(lambda i: (i % 21 - 10) / 10)),
    _call(
        "RENEWAL_PLAY", _results(lambda i: "Hold" if i % 101 >= 80 else "Save"),
        _column(lambda i: float(i % 101)), row(0.0), row(45.0),
    ),
    _call(
        "DAYS_TO_RENEWAL", _results(lambda i: i - 1000.0),
        _column(lambda i: JUNE_30 + i - 1000), row(JUNE_30),
    ),
    _call("NPS_POINTS", _results(lambda i: i % 201 / 2), _column(lambda i: i % 201 - 100.0)),
    _call("CSAT_POINTS", _results(lambda i: 25.0 * (i % 5)), _column(lambda i: float(_rating(i)))),
)  # fmt: skip
