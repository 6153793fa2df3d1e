"""Calls over sheets as people leave them, and with arguments of the wrong size or place."""

from __future__ import annotations

from addin.cells import Fault, Results
from tests.addin.contract.call import (
    DIMENSIONS,
    DIV,
    FOUR,
    NA,
    NA_FAULT,
    NUM_FAULT,
    VALUE_FAULT,
    WORKED,
    Call,
    Given,
    row,
)

THREES = (3.0, 3.0, 3.0, 3.0, 3.0)
EMPTY = (None, None, None, None, None)
HEADS = row(*DIMENSIONS)
# The other three dimensions give 46 of 65 % of the weight.
WITHOUT_USAGE = 46 / 0.65


def _call(name: str, function: str, expected: Results, *given: Given) -> Call:
    return Call(f"messy, {name}", function, given, expected)


CALLS: tuple[Call, ...] = (
    # Texts around numbers
    _call("spaces around numbers", "HEALTH_SCORE", 65.25, row(" 55", "72 ", " 61 ", "85"), None,
          FOUR),
    _call("every way to say nothing", "HEALTH_SCORE", 80.0, row(4.0, 4.0, "n/a", "-", " ")),
    _call("per cents in a row of points", "HEALTH_SCORE", VALUE_FAULT, row("55%", *WORKED[1:]),
          None, FOUR),
    _call("a decimal comma", "HEALTH_SCORE", VALUE_FAULT, row("55,5", *WORKED[1:]), None, FOUR),
    _call("thousands", "PORTFOLIO_SUMMARY", VALUE_FAULT, row(80.0), row("1.200.000")),
    # Headers as they come out of merged, wrapped and copied cells
    _call("line breaks in headers", "HEALTH_SCORE", 65.25, row(*WORKED),
          row("Usage\nscore", "Engage-\nment", " Sentiment\n", "FINANCIAL"), FOUR),
    _call("of equal headers the first counts", "HEALTH_SCORE", 65.25,
          row(55.0, 72.0, 99.0, 61.0, 85.0), row("Usage", "Engagement", "Usage", "Sentiment",
          "Financial"), FOUR),
    _call("a merged header over two columns", "HEALTH_SCORE", 65.25,
          row(55.0, "up", 72.0, 61.0, 85.0), row("Usage", None, *DIMENSIONS[1:]), FOUR),
    _call("an error for a header", "HEALTH_SCORE", WITHOUT_USAGE, row(*WORKED),
          row(NA, *DIMENSIONS[1:]), FOUR),
    _call("headers in another language", "HEALTH_SCORE", NA_FAULT, row(*WORKED),
          row("Nutzung", "Engagement", "Stimmung", "Finanzen"), FOUR),
    _call("yes and no in another language", "RENEWAL_PLAY", "Expand", row(85.0), row(0.0),
          row(45.0), row("ja")),
    # More rows than accounts
    _call("empty rows at the end", "HEALTH_SCORE", ((60.0,), (NA_FAULT,), (60.0,), ("",), ("",)),
          (THREES, EMPTY, THREES, EMPTY, EMPTY)),
    _call("only empty rows", "HEALTH_SCORE", (("",), ("",)), (EMPTY, EMPTY)),
    _call("empty rows of a dimension", "DIMENSION_SCORE", ((60.0,), ("",)), "Outcomes",
          (THREES, EMPTY)),
    _call("empty rows of a coverage", "HEALTH_COVERAGE", ((1.0,), ("",)), (THREES, EMPTY)),
    _call("empty rows of bounds", "HEALTH_BOUNDS", ((60.0, 60.0, "Amber"), ("", "", "")),
          (THREES, EMPTY)),
    _call("a row of errors is an account", "HEALTH_COVERAGE", ((1.0,), (0.0,)),
          (THREES, (NA, DIV, None, None, None))),
    _call("a column of ratings, the last blank", "HEALTH_SCORE", 60.0,
          ((3.0,), (3.0,), (3.0,), (3.0,), (None,))),
    _call("a header row among the accounts", "HEALTH_SCORE", ((VALUE_FAULT,), (65.25,)),
          (DIMENSIONS, WORKED), None, FOUR),
    _call("a total row among the accounts", "HEALTH_SCORE", ((65.25,), (VALUE_FAULT,)),
          (WORKED, ("Total", 72.0, 61.0, 85.0)), None, FOUR),
    _call("a sum among the accounts", "HEALTH_SCORE", ((65.25,), (NUM_FAULT,)),
          (WORKED, (110.0, 144.0, 122.0, 170.0)), None, FOUR),
    # A name in the wrong place, wrong sizes
    _call("a model for headers", "HEALTH_SCORE", VALUE_FAULT, row(*WORKED), FOUR),
    _call("a model for ARR", "PORTFOLIO_SUMMARY", VALUE_FAULT, ((80.0,), (70.0,)), "support"),
    _call("bounds with an unknown model", "HEALTH_BOUNDS", VALUE_FAULT, row(*WORKED), None, "none"),
    _call("bounds with too many values", "HEALTH_BOUNDS", VALUE_FAULT, row(*THREES, 3.0)),
    _call("a scorecard of too few values", "HEALTH_SCORECARD", VALUE_FAULT, row(3.0, 3.0)),
    _call("a scorecard with headers too narrow", "HEALTH_SCORECARD", VALUE_FAULT, row(*WORKED),
          row("Usage", "Engagement"), FOUR),
    _call("drivers with headers too wide", "HEALTH_DRIVERS", VALUE_FAULT, row(55.0), HEADS, FOUR),
    _call("a change of too few values", "HEALTH_CHANGE", VALUE_FAULT, row(3.0, 3.0), row(*THREES)),
    _call("a what-if of too few values", "HEALTH_WHATIF", VALUE_FAULT, row(55.0), HEADS, "Usage",
          5.0, FOUR),
    _call("a goal of too many values", "HEALTH_GOAL", VALUE_FAULT, row(*WORKED, 5.0), HEADS, 80.0,
          FOUR),
    _call("a goal with an unknown model", "HEALTH_GOAL", VALUE_FAULT, row(*WORKED), HEADS, 80.0,
          "none"),
    _call("velocities of different length", "HEALTH_VELOCITY", VALUE_FAULT, ((70.0,), (50.0,)),
          ((60.0,),) * 3),
    _call("CSAT and scales of different length", "CSAT_POINTS", VALUE_FAULT, ((4.0,), (5.0,)),
          ((5.0,),) * 3),
    _call("a word for nothing is no model", "HEALTH_SCORE", VALUE_FAULT, row(*THREES), None, "n/a"),
    _call("a word for nothing in a cell is no model", "HEALTH_SCORE", VALUE_FAULT, row(*THREES),
          None, row("None")),
    # Words, blanks and errors where a number belongs
    _call("a velocity in words", "HEALTH_VELOCITY", VALUE_FAULT, row("good"), row(68.0)),
    _call("a velocity of texts", "HEALTH_VELOCITY", -0.5, row("60 "), row("75")),
    _call("an NPS in words", "NPS_POINTS", VALUE_FAULT, row("good")),
    _call("a CSAT in words", "CSAT_POINTS", VALUE_FAULT, row("4.5/5")),
    _call("a blank target", "HEALTH_GOAL", VALUE_FAULT, row(*WORKED), HEADS, "", FOUR),
    _call("a blank new value", "HEALTH_WHATIF", VALUE_FAULT, row(*WORKED), HEADS, "Usage", "",
          FOUR),
    _call("no metric", "HEALTH_WHATIF", VALUE_FAULT, row(*WORKED), HEADS, row(None), 5.0, FOUR),
    _call("a goal with a blank", "HEALTH_GOAL", NA_FAULT, row(*EMPTY), None, 80.0),
    _call("a goal over an error cell", "HEALTH_GOAL",
          (("Metric", "From", "To", "Score after", "Gain"),
           ("Target already reached", *(WITHOUT_USAGE,) * 3, 0.0)),
          row(DIV, *WORKED[1:]), HEADS, 70.0, FOUR),
    _call("a day in words", "DAYS_TO_RENEWAL", VALUE_FAULT, row("31 Dez 2026"), row("2026-06-30")),
    _call("days as a text", "RENEWAL_PLAY", "Save", row("70"), row("0"), row("45 ")),
    _call("shares in a blank cell", "RENEWAL_FORECAST", Fault("#VALUE!"), row(80.0), row(8.0),
          (("Score from", "Churn", "Contraction"), (None, 0.5, 0.25))),
)  # fmt: skip
