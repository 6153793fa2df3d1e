"""Calls of arrows, velocities, days and survey points."""

from __future__ import annotations

from datetime import date

from addin.cells import Fault, Results
from tests.addin.contract.call import (
    DIV,
    NA,
    NA_FAULT,
    NUM_FAULT,
    VALUE_FAULT,
    Call,
    Given,
    row,
)

DIV_FAULT = Fault("#DIV/0!")
JUNE_30 = 46203.0
"""30 June 2026 as a spreadsheet counts days."""


def _trend(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"trend, {name}", "HEALTH_TREND", given, expected)


def _velocity(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"velocity, {name}", "HEALTH_VELOCITY", given, expected)


def _label(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"velocity in words, {name}", "VELOCITY_LABEL", given, expected)


def _nps(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"NPS, {name}", "NPS_POINTS", given, expected)


def _csat(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"CSAT, {name}", "CSAT_POINTS", given, expected)


def _days(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"days, {name}", "DAYS_TO_RENEWAL", given, expected)


CALLS: tuple[Call, ...] = (
    _trend("up", "↑", row(72.0), row(68.0)),
    _trend("down", "↓", row(68.0), row(72.0)),
    _trend("level", "→", row(70.0), row(70.0)),
    _trend("typed numbers", "↑", 70.5, 70.25),
    _trend("level within the tolerance", "→", row(72.0), row(68.0), 4.0),
    _trend("beyond the tolerance", "↑", row(72.25), row(68.0), 4.0),
    _trend("tolerance in a cell", "→", row(72.0), row(68.0), row(4.0)),
    _trend("blank tolerance", "↑", row(72.0), row(68.0), row(None)),
    _trend("tolerance below zero", NUM_FAULT, row(72.0), row(68.0), -1.0),
    _trend("blank score", "", row(None), row(68.0)),
    _trend("blank previous", "", row(68.0), row(None)),
    _trend("zero is a score", "↓", row(0.0), row(68.0)),
    _trend("error in, same error out", DIV_FAULT, row(DIV), row(68.0)),
    _trend("error before", NA_FAULT, row(68.0), row(NA)),
    _trend("text", VALUE_FAULT, row("good"), row(68.0)),
    _trend("number as text", "↓", row("67.95"), row("68")),
    _trend("over a hundred", NUM_FAULT, row(101.0), row(68.0)),
    _trend("previous under zero", NUM_FAULT, row(68.0), row(-1.0)),
    _trend("true is no score", VALUE_FAULT, row(True), row(68.0)),
    _trend(
        "columns", (("↑",), ("→",), ("",), (DIV_FAULT,), (NUM_FAULT,)),
        ((70.0,), (60.0,), (None,), (DIV,), (160.0,)),
        ((60.0,), (60.0,), (60.0,), (60.0,), (60.0,)),
    ),
    _trend("rows", (("↓", "↑"),), row(50.0, 60.0), row(55.0, 55.0)),
    _trend("a column against one score", (("↑",), ("↓",)), ((70.0,), (50.0,)), row(60.0)),
    _trend("one score against a column", (("↓",), ("↑",)), row(60.0), ((70.0,), (50.0,))),
    _trend("a column against a row", VALUE_FAULT, ((70.0,), (50.0,)), row(60.0, 60.0)),
    _trend("columns of different length", VALUE_FAULT, ((70.0,), (50.0,)), ((60.0,),) * 3),
    _velocity("thirty days", 0.25, row(75.5), row(68.0)),
    _velocity("a week", -1.5, row(60.0), row(70.5), 7.0),
    _velocity("days in a cell", -1.5, row(60.0), row(70.5), row(7.0)),
    _velocity("days in a blank cell", 0.25, row(75.5), row(68.0), row(None)),
    _velocity("standing still", 0.0, row(68.0), row(68.0)),
    _velocity("no days", NUM_FAULT, row(68.0), row(60.0), 0.0),
    _velocity("days below zero", NUM_FAULT, row(68.0), row(60.0), -7.0),
    _velocity("days as a word", VALUE_FAULT, row(68.0), row(60.0), "week"),
    _velocity("blank score", "", row(None), row(60.0)),
    _velocity("blank previous", "", row(60.0), row(None)),
    _velocity("error", NA_FAULT, row(NA), row(60.0)),
    _velocity("error in the days", DIV_FAULT, row(68.0), row(60.0), row(DIV)),
    _velocity("off its scale", NUM_FAULT, row(168.0), row(60.0)),
    _velocity(
        "columns with their own days", ((1.0,), (-0.5,), ("",), (NUM_FAULT,)),
        ((67.0,), (50.0,), (None,), (50.0,)), ((60.0,), (65.0,), (65.0,), (65.0,)),
        ((7.0,), (30.0,), (30.0,), (0.0,)),
    ),
    _label("fast down", "Declining fast", row(-0.75)),
    _label("edge of fast down", "Declining fast", row(-0.5)),
    _label("within the edge of fast down", "Declining", row(-0.499)),
    _label("down", "Declining", row(-0.201)),
    _label("edge of stable, down", "Stable", row(-0.2)),
    _label("still", "Stable", 0.0),
    _label("edge of stable, up", "Stable", row(0.2)),
    _label("up", "Improving", row(0.201)),
    _label("within the edge of fast up", "Improving", row(0.499)),
    _label("edge of fast up", "Improving fast", row(0.5)),
    _label("fast up", "Improving fast", 3.0),
    _label("blank", "", row(None)),
    _label("error", DIV_FAULT, row(DIV)),
    _label("text", VALUE_FAULT, row("fast")),
    _label("number as text", "Declining fast", row("-0.6")),
    _label(
        "a column", (("Stable",), ("",), (NA_FAULT,), (VALUE_FAULT,)),
        ((0.1,), (None,), (NA,), ("x",)),
    ),
    _nps("best", 100.0, row(100.0)),
    _nps("worst", 0.0, row(-100.0)),
    _nps("middle", 50.0, row(0.0)),
    _nps("forty", 70.0, 40.0),
    _nps("signed text", 70.0, row("+40")),
    _nps("blank", "", row(None)),
    _nps("error", NA_FAULT, row(NA)),
    _nps("off its scale", NUM_FAULT, row(101.0)),
    _nps("per cent", VALUE_FAULT, row("40%")),
    _nps("false is no number", VALUE_FAULT, row(False)),
    _nps("a row", ((25.0, "", 75.0),), row(-50.0, None, 50.0)),
    _csat("best of five", 100.0, row(5.0)),
    _csat("worst", 0.0, row(1.0)),
    _csat("middle", 50.0, row(3.0)),
    _csat("of seven", 50.0, row(4.0), 7.0),
    _csat("of ten in a cell", 100.0, row(10.0), row(10.0)),
    _csat("blank scale", 75.0, row(4.0), row(None)),
    _csat("off its scale", NUM_FAULT, row(5.5)),
    _csat("below its scale", NUM_FAULT, row(0.0)),
    _csat("a scale that ends where it starts", NUM_FAULT, row(1.0), 1.0),
    _csat("number as text", 75.0, row("4.0")),
    _csat("blank", "", row(None)),
    _csat("error", DIV_FAULT, row(DIV)),
    _csat("a column", ((25.0,), (NUM_FAULT,), ("",)), ((2.0,), (9.0,), (None,))),
    _days("date cells", 45.0, row(date(2026, 8, 14)), row(date(2026, 6, 30))),
    _days("day numbers", 45.0, row(JUNE_30 + 45), row(JUNE_30)),
    _days("day number with a time", 45.0, row(JUNE_30 + 45.25), row(JUNE_30 + 0.75)),
    _days("typed day number", 1.0, JUNE_30 + 1, JUNE_30),
    _days("ISO text", 45.0, row("2026-08-14"), row("2026-06-30")),
    _days("typed text", 366.0, "1 March 2028", "1 March 2027"),
    _days("day first by its numbers", 45.0, row("14/08/2026"), row("30.06.2026")),
    _days("passed", -30.0, row(date(2026, 5, 31)), row(date(2026, 6, 30))),
    _days("the day itself", 0.0, row(date(2026, 6, 30)), row("2026-06-30")),
    _days("either order of day and month", VALUE_FAULT, row("03/04/2026"), row("2026-06-30")),
    _days("no date", VALUE_FAULT, row("soon"), row("2026-06-30")),
    _days("a number that is no day", VALUE_FAULT, row(12.0), row("2026-06-30")),
    _days("true is no date", VALUE_FAULT, row(True), row("2026-06-30")),
    _days("as of is no date", VALUE_FAULT, row("2026-08-14"), "today"),
    _days("blank", "", row(None), row("2026-06-30")),
    _days("blank counts from no day", "", row(None)),
    _days("error", NA_FAULT, row(NA), row("2026-06-30")),
    _days("error without a day", DIV_FAULT, row(DIV)),
    _days(
        "a column against one day", ((45.0,), ("",), (VALUE_FAULT,)),
        (("2026-08-14",), (None,), ("x",)), row(date(2026, 6, 30)),
    ),
    _days(
        "columns", ((1.0,), (-1.0,)),
        ((JUNE_30,), (JUNE_30,)), ((JUNE_30 - 1,), (JUNE_30 + 1,)),
    ),
    _days("different length", VALUE_FAULT, ((JUNE_30,), (JUNE_30,)), ((JUNE_30,),) * 3),
)  # fmt: skip
