"""Calls of `DIMENSION_SCORE`, `HEALTH_COVERAGE`, `HEALTH_BOUNDS`."""

from __future__ import annotations

from addin.cells import Cell, Results
from tests.addin.contract.call import (
    DIMENSIONS,
    DIV,
    FOUR,
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


def _dimension(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"dimension, {name}", "DIMENSION_SCORE", given, expected)


def _coverage(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"coverage, {name}", "HEALTH_COVERAGE", given, expected)


def _bounds(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"bounds, {name}", "HEALTH_BOUNDS", given, expected)


def _many_known(i: int) -> tuple[bool, ...]:
    """Which of five dimensions are known, in all combinations, one after another."""
    return tuple(bool(i >> k & 1) for k in range(5))


def _known_row(i: int) -> tuple[Cell, ...]:
    return tuple(3.0 if known else None for known in _many_known(i))


def _known_share(i: int) -> float:
    return sum(w for w, known in zip(WEIGHTS, _many_known(i), strict=True) if known) / 100


CALLS: tuple[Call, ...] = (
    # Dimensions
    _dimension("a rating of 4", 80.0, "Product adoption", row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _dimension("a rating of 5", 100.0, "engagement", row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _dimension("points", 61.0, "Sentiment", row(*WORKED), None, FOUR),
    _dimension("by its key", 80.0, "product_adoption", row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _dimension("by an alias", 55.0, " PRODUCT-usage", row(*WORKED), None, FOUR),
    _dimension("by its column", 72.0, "Engagement score", row(*WORKED), None, FOUR),
    _dimension("named in a cell", 85.0, row("Financial"), row(*WORKED), None, FOUR),
    _dimension(
        "headers in another order", 72.0,
        "Engagement", row(85.0, 72.0), row("Financial", "Engagement"), FOUR,
    ),
    _dimension(
        "headers in a column", 61.0,
        "Sentiment", tuple((v,) for v in WORKED), tuple((d,) for d in DIMENSIONS), FOUR,
    ),
    # Too little for a score of the account is enough for one of its dimensions
    _dimension("from metrics", 344 / 7, "Usage", row(0.5, 0.48),
               row("Active users of seats", "Feature adoption"), FOUR),
    _dimension("typed over metrics", 55.0, "Usage", row(0.5, 55.0),
               row("Feature adoption", "Usage"), FOUR),
    # DAU/MAU 25 % is 80 points: 1 + 4 × 0.8 = 4.2, rounded 4
    _dimension("a rating from a metric", 80.0, "Product adoption", row(0.25), row("DAU/MAU")),
    # 80 × 34 and 60 × 33 of 67 are 70.1 points: 3.8, rounded 4
    _dimension("a rating from two metrics", 80.0, "Product adoption", row("25%", 1.0),
               row("DAU/MAU", "Power users")),
    _dimension("with a segment", 55.0, "Usage", row(*WORKED), None, FOUR, "SMB"),
    _dimension("by a model range", 55.0, "Usage", row(*WORKED), None, model_range(FOUR)),
    _dimension("blank", NA_FAULT, "Engagement", row(4.0, None, 3.0, 4.0, 4.0)),
    _dimension("an error cell", NA_FAULT, "Engagement", row(4.0, DIV, 3.0, 4.0, 4.0)),
    _dimension("of new data", 48.0, "Usage", row(0.48, None), row("Feature adoption",
               "Data as of"), FOUR),
    _dimension("of old data", NA_FAULT, "Usage", row(0.48, LONG_AGO), row("Feature adoption",
               "Data as of"), FOUR),
    _dimension("unknown", VALUE_FAULT, "Usage", row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _dimension("no name", VALUE_FAULT, row(None), row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _dimension("a number for a name", VALUE_FAULT, 4.0, row(4.0, 5.0, 3.0, 4.0, 4.0)),
    _dimension("too few values", VALUE_FAULT, "Usage", row(55.0, 72.0), None, FOUR),
    _dimension("unknown preset", VALUE_FAULT, "Usage", row(*WORKED), None, "five-dimension"),
    _dimension("unknown segment", VALUE_FAULT, "Usage", row(*WORKED), None, FOUR, "Gold"),
    _dimension("text elsewhere in the row", VALUE_FAULT, "Usage", row(55.0, "x", 61.0, 85.0),
               None, FOUR),
    _dimension(
        "many rows", ((100.0,), (NA_FAULT,), (VALUE_FAULT,), (NUM_FAULT,), (20.0,)),
        "Outcomes",
        (
            (3.0, 3.0, 5.0, 3.0, 3.0),
            (3.0, 3.0, None, 3.0, 3.0),
            (3.0, 3.0, "x", 3.0, 3.0),
            (3.0, 3.0, 9.0, 3.0, 3.0),
            (None, None, 1.0, None, None),
        ),
    ),
    # Coverage: the weight that is known
    _coverage("all known", 1.0, row(3.0, 3.0, 3.0, 3.0, 3.0)),
    _coverage("one blank", 0.8, row(4.0, 5.0, None, 4.0, 4.0)),
    _coverage("one error cell", 0.8, row(4.0, NA, 3.0, 4.0, 4.0)),
    _coverage("too little for a score", 0.45, row(4.0, None, None, None, 4.0)),
    _coverage("nothing", 0.0, row(None, None, None, None, None)),
    _coverage("one dimension under headers", 0.35, row(55.0), row("Usage"), FOUR),
    # Feature adoption has 30 of usage's 100, usage 35 of 100
    _coverage("one metric", 0.3 * 0.35, row(0.48), row("Feature adoption"), FOUR),
    _coverage("a metric and its dimension", 0.35, row(0.48, 55.0),
              row("Feature adoption", "Usage"), FOUR),
    _coverage("segment column", 0.4, row(55.0, "SMB"), row("Usage", "Segment"), FOUR),
    _coverage("data too old", 0.35, row(0.48, LONG_AGO, 55.0),
              row("Feature adoption", "Data as of", "Usage"), FOUR),
    # A new account has the onboarding weights: engagement 30 of 100
    _coverage("new account", 0.3, row(72.0, NOT_YET), row("Engagement", "Start date"), FOUR),
    _coverage("by a model range", 0.6, row(55.0, None, 61.0, None), None, model_range(FOUR)),
    _coverage("too many values", VALUE_FAULT, row(3.0, 3.0, 3.0, 3.0, 3.0, 3.0)),
    _coverage("text in a number", VALUE_FAULT, row(3.0, "x", 3.0, 3.0, 3.0)),
    _coverage("off the scale", NUM_FAULT, row(3.0, 6.0, 3.0, 3.0, 3.0)),
    _coverage("unknown preset", VALUE_FAULT, row(3.0, 3.0, 3.0, 3.0, 3.0), None, "scorecards"),
    _coverage(
        "many rows", ((1.0,), (0.5,), (0.0,), (NUM_FAULT,)),
        (
            (1.0, 2.0, 3.0, 4.0, 5.0),
            (5.0, 5.0, None, None, None),
            (NA, DIV, None, "", "n/a"),
            (0.0, 3.0, 3.0, 3.0, 3.0),
        ),
    ),
    _coverage(
        "five thousand rows", tuple((_known_share(i),) for i in range(MANY)),
        tuple(_known_row(i) for i in range(MANY)),
    ),
    # Bounds: what is missing at 0, at 100
    _bounds("all known", ((65.25, 65.25, "Amber"),), row(*WORKED), None, FOUR),
    _bounds("all best", ((100.0, 100.0, "Green"),), row(5.0, 5.0, 5.0, 5.0, 5.0)),
    _bounds(
        "one blank", ((50.0, 75.0, "Amber, could be Red"),),
        row(55.0, 72.0, None, 85.0), None, FOUR,
    ),
    # 0.25 × 72 + 0.25 × 61 + 0.15 × 85, the score 46 / 0.65 = 70.8
    _bounds(
        "one error cell", ((46.0, 81.0, "Amber, could be Green or Red"),),
        row(NA, 72.0, 61.0, 85.0), None, FOUR,
    ),
    # Active users are 40 of usage's 100: 20 points are known, 60 more could be; the other three
    # dimensions give 13 + 12.25 + 9
    _bounds(
        "part of a dimension", ((0.35 * 20 + 34.25, 0.35 * 80 + 34.25, "Red, could be Amber"),),
        row(0.5, 52.0, 49.0, 60.0),
        row("Active users of seats", "Engagement", "Sentiment", "Financial"), FOUR,
    ),
    # Ratings begin at 1, which is 20 points: 0.2 × 20 to 0.2 × 100 for outcomes
    _bounds(
        "a rating", ((72.0, 88.0, "Green, could be Amber"),), row(4.0, 5.0, None, 4.0, 4.0)
    ),
    # 0.3 × 80 + 0.15 × 60, and 55 % at 20 or at 100
    _bounds(
        "too little for a score", ((44.0, 88.0, "No score, could be Green, Amber or Red"),),
        row(4.0, None, None, None, 3.0),
    ),
    _bounds(
        "nothing known", ((0.0, 100.0, "No score, could be Green, Amber or Red"),),
        row(None, None, None, None), None, FOUR,
    ),
    _bounds(
        "another word for amber", ((50.0, 60.0, "Yellow"),), row(60.0, 60.0, 40.0, None), None,
        "support",
    ),
    _bounds("with a segment", ((66.1, 66.1, "Amber"),), row(*WORKED), None, FOUR, "Enterprise"),
    _bounds(
        "capped by a gate", ((90.0, 90.0, "Amber, capped by Payment failed"),),
        row(90.0, 90.0, 90.0, 90.0, True), row(*DIMENSIONS, "Payment failed"), UNPAID,
    ),
    _bounds(
        "a gate that is no", ((90.0, 90.0, "Green"),),
        row(90.0, 90.0, 90.0, 90.0, False), row(*DIMENSIONS, "Payment failed"), UNPAID,
    ),
    _bounds("new account", NA_FAULT, row(*WORKED, NOT_YET), row(*DIMENSIONS, "Start date"), FOUR),
    _bounds("text in a number", VALUE_FAULT, row(4.0, "good", 3.0, 4.0, 4.0)),
    _bounds("too few values", VALUE_FAULT, row(4.0, 5.0)),
    _bounds(
        "many rows",
        (
            (60.0, 60.0, "Amber"),
            (VALUE_FAULT,) * 3,
            (NUM_FAULT,) * 3,
            (52.0, 68.0, "Amber, could be Red"),
        ),
        (
            (3.0, 3.0, 3.0, 3.0, 3.0),
            (3.0, 3.0, "x", 3.0, 3.0),
            (3.0, 3.0, 9.0, 3.0, 3.0),
            (3.0, 3.0, None, 3.0, 3.0),
        ),
    ),
)  # fmt: skip
