"""Calls of `HEALTH_SCORE` and `HEALTH_TIER`."""

from __future__ import annotations

from addin.cells import Fault, Results
from tests.addin.contract.call import (
    DIMENSIONS,
    DIV,
    FOUR,
    FOUR_2,
    LONG_AGO,
    MANY,
    NA,
    NA_FAULT,
    NOT_YET,
    NUM_FAULT,
    UNPAID,
    VALUE_FAULT,
    WEIGHTS,
    WORKED,
    Call,
    Given,
    model_range,
    row,
)


def _score(name: str, expected: Results, *given: Given) -> Call:
    return Call(name, "HEALTH_SCORE", given, expected)


def _tier(name: str, expected: Results, *given: Given) -> Call:
    return Call(name, "HEALTH_TIER", given, expected)


def _many_ratings(i: int) -> tuple[float, ...]:
    """Ratings 1 to 5 in all their combinations, one after another."""
    return tuple(float(1 + i // 5**k % 5) for k in range(5))


CALLS: tuple[Call, ...] = (
    # Ratings without headers
    _score("all three", 60.0, row(3.0, 3.0, 3.0, 3.0, 3.0)),
    _score("ratings", 80.0, row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _score("all best", 100.0, row(5.0, 5.0, 5.0, 5.0, 5.0)),
    _score("all worst", 20.0, row(1.0, 1.0, 1.0, 1.0, 1.0)),
    _score("ratings as text", 80.0, row("4", "5", "3", "4", "4")),
    _score("a column of ratings", 80.0, ((4.0,), (5.0,), (3.0,), (4.0,), (4.0,))),
    # (30 × 4 + 20 × 5 + 15 × 4 + 15 × 4) / 5 / 80 %
    _score("one blank", 85.0, row(4.0, 5.0, None, 4.0, 4.0)),
    _score("one error cell", 85.0, row(4.0, 5.0, NA, 4.0, 4.0)),
    _score("another error cell", 85.0, row(4.0, 5.0, DIV, 4.0, 4.0)),
    _score("n/a as text", 85.0, row(4.0, 5.0, "n/a", 4.0, 4.0)),
    _score("exactly half", 80.0, row(4.0, 4.0, None, None, None)),
    _score("too little", NA_FAULT, row(4.0, None, None, None, 4.0)),
    _score("all blank", NA_FAULT, row(None, None, None, None, None)),
    _score("all errors", NA_FAULT, row(NA, NA, DIV, NA, NA)),
    _score("text in a number", VALUE_FAULT, row(4.0, "good", 3.0, 4.0, 4.0)),
    _score("rating too high", NUM_FAULT, row(4.0, 6.0, 3.0, 4.0, 4.0)),
    _score("rating zero", NUM_FAULT, row(4.0, 0.0, 3.0, 4.0, 4.0)),
    _score("too few values", VALUE_FAULT, row(4.0, 5.0, 3.0, 4.0)),
    _score("too many values", VALUE_FAULT, row(4.0, 5.0, 3.0, 4.0, 4.0, 4.0)),
    # Models
    _score("preset by name", 65.25, row(*WORKED), None, FOUR),
    _score("preset, other case", 65.25, row(*WORKED), None, "Four-Dimension"),
    _score("second document", 67.95, row(*WORKED), None, FOUR_2),
    _score("preset in a cell", 67.95, row(*WORKED), None, row(FOUR_2)),
    _score("model in a blank cell", 60.0, row(3.0, 3.0, 3.0, 3.0, 3.0), None, row(None)),
    _score("unknown preset", VALUE_FAULT, row(*WORKED), None, "fourdimension"),
    _score("model is a number", VALUE_FAULT, row(*WORKED), None, 4.0),
    _score("model range", 65.25, row(*WORKED), None, model_range(FOUR)),
    _score(
        "model range, stricter", NA_FAULT,
        row(55.0, 72.0, None, None), None, model_range(FOUR, min_coverage=0.7),
    ),
    _score("model range, not one", VALUE_FAULT, row(*WORKED), None, (("a", "b"), ("c", 1.0))),
    # Segments
    _score("enterprise", 66.1, row(*WORKED), None, FOUR, "Enterprise"),
    _score("small", 64.4, row(*WORKED), None, FOUR, "SMB"),
    _score("unknown segment", VALUE_FAULT, row(*WORKED), None, FOUR, "Gold"),
    _score("segment column", 64.4, row(*WORKED, "smb"), row(*DIMENSIONS, "Segment"), FOUR),
    _score(
        "segment given wins", 66.1,
        row(*WORKED, "Gold"), row(*DIMENSIONS, "Segment"), FOUR, "enterprise",
    ),
    _score("bad segment", VALUE_FAULT, row(*WORKED, "Gold"), row(*DIMENSIONS, "Segment"), FOUR),
    _score(
        "segment of no matter", 67.95, row(*WORKED, "Gold"), row(*DIMENSIONS, "Segment"), FOUR_2
    ),
    # Headers
    _score("headers", 65.25, row(*WORKED), row(*DIMENSIONS), FOUR),
    _score(
        "headers in another order and spelling", 65.25,
        row(85.0, "Ann", 61.0, 72.0, 55.0),
        row("FINANCIAL", "CSM", "sentiment ", "Engagement-Score", "product usage"), FOUR,
    ),
    _score(
        "headers in a column", 65.25,
        tuple((v,) for v in WORKED), tuple((d,) for d in DIMENSIONS), FOUR,
    ),
    _score(
        "whole rows", 65.25,
        row("A-1", "Acme", "text", *WORKED), row("Account ID", "Account", "ARR", *DIMENSIONS), FOUR,
    ),
    _score("blank headers", 65.25, row(*WORKED), row(None, None), FOUR),
    _score("unknown headers", VALUE_FAULT, row(1.0, 2.0), row("Apples", "Pears"), FOUR),
    _score("only names", VALUE_FAULT, row("A-1", "Acme"), row("Account ID", "Account"), FOUR),
    _score("headers too narrow", VALUE_FAULT, row(*WORKED), row("Usage", "Engagement"), FOUR),
    # Metrics under headers: usage 100 (48% of 0–48% …) is left to the engine's own tests
    _score(
        "per cent as text", VALUE_FAULT,
        row("48 percent", *WORKED[1:]), row("Feature adoption", *DIMENSIONS[1:]), FOUR,
    ),
    _score(
        "48 in a fraction", NUM_FAULT,
        row(48.0, *WORKED[1:]), row("Feature adoption", *DIMENSIONS[1:]), FOUR,
    ),
    _score(
        "more seats active than twice the licences", NUM_FAULT,
        row(30.0, 10.0, *WORKED[1:]),
        row("Seats active", "Seats licensed", *DIMENSIONS[1:]), FOUR,
    ),
    # Many rows
    _score(
        "many rows", ((60.0,), (85.0,), (NA_FAULT,), (VALUE_FAULT,), (NUM_FAULT,)),
        (
            (3.0, 3.0, 3.0, 3.0, 3.0),
            (4.0, 5.0, NA, 4.0, 4.0),
            (None, None, None, None, None),
            (3.0, 3.0, "x", 3.0, 3.0),
            (3.0, 3.0, 9.0, 3.0, 3.0),
        ),
    ),
    _score(
        "many rows with headers", ((66.1,), (65.25,)),
        (("enterprise", *WORKED), (None, *WORKED)), row("Segment", *DIMENSIONS), FOUR,
    ),
    _score(
        "five thousand rows",
        # Σ rating / 5 × weight
        tuple(
            (sum(r / 5 * w for r, w in zip(_many_ratings(i), WEIGHTS, strict=True)),)
            for i in range(MANY)
        ),
        tuple(_many_ratings(i) for i in range(MANY)),
    ),
    _score(
        "five thousand rows, the first again and again", ((65.25,),) * MANY,
        (WORKED,) * MANY, row(*DIMENSIONS), FOUR,
    ),
    # Metrics under headers: usage from two of its metrics, (40 × 50 + 30 × 48) / 70
    _score(
        "metrics under headers", (35 * 344 / 7 + 25 * 72 + 25 * 61 + 15 * 85) / 100,
        row(0.5, 0.48, *WORKED[1:]), row("Active users of seats", "Feature adoption",
        *DIMENSIONS[1:]), FOUR,
    ),
    _score(
        "per cents as text", (35 * 344 / 7 + 25 * 72 + 25 * 61 + 15 * 85) / 100,
        row("50%", "48 %", *WORKED[1:]), row("Active users of seats", "Feature adoption",
        *DIMENSIONS[1:]), FOUR,
    ),
    # NPS −20 is 40 points of weight 40, CSAT 4 is 75 of 30: sentiment (1600 + 2250) / 70 = 55
    _score(
        "surveys", (35 * 55 + 25 * 72 + 25 * 55 + 15 * 85) / 100,
        row(55.0, 72.0, -20.0, 4.0, 85.0),
        row("Usage", "Engagement", "NPS", "CSAT", "Financial"), FOUR,
    ),
    # Passive is half of the points; the word is all that is known of engagement
    _score(
        "words", (35 * 55 + 25 * 50 + 25 * 61 + 15 * 85) / 100,
        row(55.0, " passive ", 61.0, 85.0),
        row("Usage", "Executive sponsor", "Sentiment", "Financial"), FOUR,
    ),
    _score(
        "unknown word", VALUE_FAULT,
        row(55.0, "asleep", 61.0, 85.0),
        row("Usage", "Executive sponsor", "Sentiment", "Financial"), FOUR,
    ),
    # 30 of 60 seats are 50 %, all that is known of usage
    _score(
        "a share of two counts", (35 * 50 + 25 * 72 + 25 * 61 + 15 * 85) / 100,
        row(30.0, 60.0, *WORKED[1:]), row("Seats active", "Seats licensed", *DIMENSIONS[1:]), FOUR,
    ),
    _score(
        "a typed dimension wins over its metrics", 65.25,
        row(0.1, *WORKED), row("Feature adoption", *DIMENSIONS), FOUR,
    ),
    # Dates
    _score(
        "started long ago", 65.25, row(*WORKED, LONG_AGO), row(*DIMENSIONS, "Start date"), FOUR
    ),
    _score("new account", 50.0, row(*WORKED, NOT_YET), row(*DIMENSIONS, "Start date"), FOUR),
    _score(
        "new account, day as a number", 50.0,
        row(*WORKED, 69399.0), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    _score(
        "new account, day as text", 50.0,
        row(*WORKED, "1 Jan 2090"), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    _score(
        "a day that two countries read differently", VALUE_FAULT,
        row(*WORKED, "03/04/2020"), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    _score(
        "a number that is no day", NUM_FAULT,
        row(*WORKED, 7.0), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    # Usage is too old to count: the other three share the whole weight
    _score(
        "data too old", (25 * 72 + 25 * 61 + 15 * 85) / 65,
        row(0.48, *WORKED[1:], LONG_AGO), row("Feature adoption", *DIMENSIONS[1:], "Data as of"),
        FOUR,
    ),
    _score(
        "ratings do not grow old", 65.25,
        row(*WORKED, LONG_AGO), row(*DIMENSIONS, "Data as of"), FOUR,
    ),
    # Booleans
    _score("TRUE is no rating", VALUE_FAULT, row(True, 3.0, 3.0, 3.0, 3.0)),
    _score(
        "a gate caps the tier, not the score", 65.25,
        row(*WORKED, True), row(*DIMENSIONS, "Payment failed"), UNPAID,
    ),
    # Tiers
    _tier("green", "Green", row(80.0)),
    _tier("rounds up to green", "Green", row(79.5)),
    _tier("does not round up", "Amber", row(79.4)),
    _tier("amber", "Amber", 60.0),
    _tier("rounds up to amber", "Amber", 59.5),
    _tier("red", "Red", 59.4),
    _tier("zero", "Red", row(0.0)),
    _tier("hundred", "Green", 100.0),
    _tier("support's word", "Yellow", 50.0, "support"),
    _tier("support green", "Green", 70.0, "support"),
    _tier("support red", "Red", 39.0, "support"),
    _tier("tier by a model range", "Yellow", row(50.0), model_range("support")),
    _tier("blank score", "", row(None)),
    _tier("error in, same error out", Fault("#DIV/0!"), row(DIV)),
    _tier("no score", NA_FAULT, row(NA)),
    _tier("over a hundred", NUM_FAULT, 101.0),
    _tier("under zero", NUM_FAULT, -1.0),
    _tier("text", VALUE_FAULT, row("good")),
    _tier("score as text", "Amber", row("67.95")),
    _tier("tier with unknown model", VALUE_FAULT, 50.0, "nope"),
    _tier(
        "many scores", (("Green",), ("",), (Fault("#DIV/0!"),), (NUM_FAULT,)),
        ((80.0,), (None,), (DIV,), (180.0,)),
    ),
)  # fmt: skip
