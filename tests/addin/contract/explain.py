"""Calls of `HEALTH_SCORECARD` and `HEALTH_DRIVERS`."""

from __future__ import annotations

from addin.cells import Fault, Result, Results
from tests.addin.contract.call import (
    DIMENSIONS,
    DIV,
    FOUR,
    LONG_AGO,
    NA,
    NA_FAULT,
    NOT_YET,
    NUM_FAULT,
    VALUE_FAULT,
    WORKED,
    Call,
    Given,
    model_range,
    row,
)

Line = tuple[Result, ...]
RATED = ("Product adoption", "Engagement", "Outcomes", "Support health", "Commercial")
RATINGS = (4.0, 5.0, 3.0, 4.0, 4.0)
BEST = (5.0, 5.0, 5.0, 5.0, 5.0)
SEATS = ("Active users of seats", "Feature adoption")
AGED = ("Feature adoption", *DIMENSIONS[1:], "Data as of")


def _card(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"scorecard, {name}", "HEALTH_SCORECARD", given, expected)


def _drivers(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"drivers, {name}", "HEALTH_DRIVERS", given, expected)


def _scores(*lines: Line) -> Results:
    return (("Dimension", "Score", "Weight", "Weighted score", "Trend"), *lines)


def _ratings(*lines: Line) -> Results:
    return (("Dimension", "Rating", "Weight", "Weighted score", "Trend"), *lines)


def _lost(*lines: Line) -> Results:
    return (("Metric", "Points lost", "Points", "Value", "Dimension"), *lines)


def _blank(dimension: str) -> Line:
    return dimension, "", "", "", ""


WORKED_CARD = _scores(
    ("Usage", 55.0, 0.35, 0.35 * 55, ""),
    ("Engagement", 72.0, 0.25, 18.0, ""),
    ("Sentiment", 61.0, 0.25, 15.25, ""),
    ("Financial", 85.0, 0.15, 0.15 * 85, ""),
    ("Total", 65.25, 1.0, 65.25, ""),
)
# Weight × (100 − score)
USAGE = ("Usage score", 0.35 * 45, 55.0, 55.0, "Usage")
SENTIMENT = ("Sentiment score", 0.25 * 39, 61.0, 61.0, "Sentiment")
ENGAGEMENT = ("Engagement score", 7.0, 72.0, 72.0, "Engagement")
FINANCIAL = ("Financial score", 0.15 * 15, 85.0, 85.0, "Financial")
WORKED_DRIVERS = _lost(USAGE, SENTIMENT, ENGAGEMENT, FINANCIAL)

CALLS: tuple[Call, ...] = (
    _card("points", WORKED_CARD, row(*WORKED), None, FOUR),
    _card("headers", WORKED_CARD, row("A-1", *WORKED), row("Account ID", *DIMENSIONS), FOUR),
    _card(
        "headers in a column", WORKED_CARD,
        tuple((v,) for v in WORKED), tuple((d,) for d in DIMENSIONS), FOUR,
    ),
    _card("model range", WORKED_CARD, row(*WORKED), None, model_range(FOUR)),
    _card("a blank cell for the earlier row", WORKED_CARD,
          row(*WORKED), None, FOUR, None, row(None)),
    _card("an earlier row of blanks", WORKED_CARD,
          row(*WORKED), None, FOUR, None, row(None, None, "", None)),
    # Rating / 5 × weight
    _card(
        "ratings",
        _ratings(
            ("Product adoption", 4.0, 0.3, 24.0, ""), ("Engagement", 5.0, 0.2, 20.0, ""),
            ("Outcomes", 3.0, 0.2, 12.0, ""), ("Support health", 4.0, 0.15, 12.0, ""),
            ("Commercial", 4.0, 0.15, 12.0, ""), ("Total", "", 1.0, 80.0, ""),
        ),
        row(*RATINGS),
    ),
    # The other four share the whole weight: each is divided by 0.8
    _card(
        "one dimension missing",
        _ratings(
            ("Product adoption", 4.0, 0.375, 30.0, ""), ("Engagement", 5.0, 0.25, 25.0, ""),
            _blank("Outcomes"), ("Support health", 4.0, 0.1875, 15.0, ""),
            ("Commercial", 4.0, 0.1875, 15.0, ""), ("Total", "", 1.0, 85.0, ""),
        ),
        row(4.0, 5.0, NA, 4.0, "4"),
    ),
    # Then: (30 × 3 + 20 × 5 + 20 × 3 + 15 × 5) / 5 / 85 % = 76.5
    _card(
        "trends",
        _ratings(
            ("Product adoption", 4.0, 0.3, 24.0, "↑"), ("Engagement", 5.0, 0.2, 20.0, "→"),
            ("Outcomes", 3.0, 0.2, 12.0, "→"), ("Support health", 4.0, 0.15, 12.0, "↓"),
            ("Commercial", 4.0, 0.15, 12.0, ""), ("Total", "", 1.0, 80.0, "↑"),
        ),
        row(*RATINGS), None, None, None, row(3.0, 5.0, 3.0, 5.0, None),
    ),
    _card(
        "trend against a row without a score",
        _ratings(
            ("Product adoption", 5.0, 0.3, 30.0, "↑"), ("Engagement", 5.0, 0.2, 20.0, ""),
            ("Outcomes", 5.0, 0.2, 20.0, ""), ("Support health", 5.0, 0.15, 15.0, ""),
            ("Commercial", 5.0, 0.15, 15.0, ""), ("Total", "", 1.0, 100.0, ""),
        ),
        row(*BEST), None, None, None, row(3.0, NA, None, None, None),
    ),
    _card(
        "segment",
        _scores(
            ("Usage", 55.0, 0.3, 16.5, ""), ("Engagement", 72.0, 0.3, 0.3 * 72, ""),
            ("Sentiment", 61.0, 0.25, 15.25, ""), ("Financial", 85.0, 0.15, 0.15 * 85, ""),
            ("Total", 66.1, 1.0, 66.1, ""),
        ),
        row(*WORKED), None, FOUR, "Enterprise",
    ),
    # Usage from two of its metrics: (40 × 50 + 30 × 48) / 70
    _card(
        "from metrics",
        _scores(
            ("Usage", 344 / 7, 0.35, 0.35 * 344 / 7, ""), ("Engagement", 72.0, 0.25, 18.0, ""),
            ("Sentiment", 61.0, 0.25, 15.25, ""), ("Financial", 85.0, 0.15, 0.15 * 85, ""),
            ("Total", 0.35 * 344 / 7 + 46, 1.0, 0.35 * 344 / 7 + 46, ""),
        ),
        row("50%", 0.48, *WORKED[1:]), row(*SEATS, *DIMENSIONS[1:]), FOUR,
    ),
    # Onboarding weights 35, 30, 20, 15 give 65.8; to day 14 the score is 50 whatever is measured
    _card(
        "new account",
        _scores(
            ("Usage", 55.0, 0.35, 0.35 * 55, "↑"), ("Engagement", 72.0, 0.3, 0.3 * 72, "→"),
            ("Sentiment", 61.0, 0.2, 0.2 * 61, "→"), ("Financial", 85.0, 0.15, 0.15 * 85, "→"),
            ("Provisional: neutral score", "", "", 50 - 65.8, ""), ("Total", 50.0, 1.0, 50.0, ""),
        ),
        row(*WORKED, NOT_YET), row(*DIMENSIONS, "Start date"), FOUR, None,
        row(54.0, *WORKED[1:], NOT_YET),
    ),
    _card(
        "new account without data",
        _scores(
            *map(_blank, DIMENSIONS),
            ("Provisional: neutral score", "", "", 50.0, ""), ("Total", 50.0, "", 50.0, ""),
        ),
        row(None, None, None, None, NOT_YET), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    # Too old today, the earlier data counted on their own day: 40 % is more than 30 % was
    _card(
        "an earlier row as it stood then",
        _scores(
            ("Usage", 40.0, 0.35, 14.0, "↑"), ("Engagement", 72.0, 0.25, 18.0, "→"),
            ("Sentiment", 61.0, 0.25, 15.25, "→"), ("Financial", 85.0, 0.15, 0.15 * 85, "→"),
            ("Total", 60.0, 1.0, 60.0, "↑"),
        ),
        row(0.4, *WORKED[1:], None), row(*AGED), FOUR, None, row(0.3, *WORKED[1:], LONG_AGO),
    ),
    _card("too little", NA_FAULT, row(4.0, None, None, None, 4.0)),
    _card("nothing", NA_FAULT, row(None, None, None, None, None)),
    _card("two accounts", VALUE_FAULT, (RATINGS, RATINGS)),
    _card("text in a number", VALUE_FAULT, row(4.0, "good", 3.0, 4.0, 4.0)),
    _card("TRUE in a number", VALUE_FAULT, row(4.0, True, 3.0, 4.0, 4.0)),
    _card("off the scale", NUM_FAULT, row(4.0, 6.0, 3.0, 4.0, 4.0)),
    _card("unknown preset", VALUE_FAULT, row(*RATINGS), None, "score card"),
    _card("unknown segment", VALUE_FAULT, row(*WORKED), None, FOUR, "Gold"),
    _card("unknown headers", VALUE_FAULT, row(*RATINGS), row("a", "b", "c", "d", "e")),
    _card("earlier row too short", VALUE_FAULT, row(*RATINGS), None, None, None, row(3.0, 3.0)),
    _card("two earlier rows", VALUE_FAULT, row(*RATINGS), None, None, None, (RATINGS, RATINGS)),
    _card("text in the earlier row", VALUE_FAULT,
          row(*RATINGS), None, None, None, row(4.0, "good", 3.0, 4.0, 4.0)),
    _card("earlier row off the scale", NUM_FAULT,
          row(*RATINGS), None, None, None, row(4.0, 0.0, 3.0, 4.0, 4.0)),
    # Drivers
    _drivers("points", WORKED_DRIVERS, row(*WORKED), None, FOUR),
    _drivers("headers", WORKED_DRIVERS, row(*WORKED), row(*DIMENSIONS), FOUR),
    _drivers("model range", WORKED_DRIVERS, row(*WORKED), None, model_range(FOUR)),
    _drivers("two", _lost(USAGE, SENTIMENT), row(*WORKED), None, FOUR, None, 2.0),
    _drivers("two, as text", _lost(USAGE, SENTIMENT), row(*WORKED), None, FOUR, None, "2"),
    _drivers("two and a bit", _lost(USAGE, SENTIMENT), row(*WORKED), None, FOUR, None, 2.9),
    _drivers("more than there are", WORKED_DRIVERS, row(*WORKED), None, FOUR, None, 99.0),
    _drivers("count in a blank cell", WORKED_DRIVERS, row(*WORKED), None, FOUR, None, row(None)),
    _drivers("count below zero", NUM_FAULT, row(*WORKED), None, FOUR, None, -1.0),
    _drivers("count is a text", VALUE_FAULT, row(*WORKED), None, FOUR, None, "all"),
    _drivers("count is an error", Fault("#DIV/0!"), row(*WORKED), None, FOUR, None, row(DIV)),
    # Rating 4 of weight 30 loses 6, rating 3 of weight 20 loses 8; of equal ones the first is first
    _drivers(
        "ratings",
        _lost(
            ("Outcomes rating", 8.0, 60.0, 3.0, "Outcomes"),
            ("Product adoption rating", 6.0, 80.0, 4.0, "Product adoption"),
            ("Support health rating", 3.0, 80.0, 4.0, "Support health"),
            ("Commercial rating", 3.0, 80.0, 4.0, "Commercial"),
        ),
        row(*RATINGS),
    ),
    # 25 % of days active are 80 points: rating 4 of 5, as typed
    _drivers(
        "a rating from a metric",
        _lost(
            ("DAU/MAU", 6.0, 80.0, 0.25, "Product adoption"),
            ("Outcomes rating", 4.0, 80.0, 4.0, "Outcomes"),
        ),
        row("25%", *BEST[:1], 4.0, *BEST[:2]), row("DAU/MAU", *RATED[1:]),
    ),
    # Usage has 35: seats 40 of 70 of it, 20 points at best; adoption 15
    _drivers(
        "metrics",
        _lost(
            ("Active users of seats", 10.0, 50.0, 0.5, "Usage"),
            SENTIMENT,
            ("Feature adoption", 15 * 0.52, 48.0, 0.48, "Usage"),
            ENGAGEMENT,
            FINANCIAL,
        ),
        row(0.5, "48%", *WORKED[1:]), row(*SEATS, *DIMENSIONS[1:]), FOUR,
    ),
    # Without a count there are five of six: the smallest loss is left out
    _drivers(
        "five of six",
        _lost(
            ("Executive sponsor", 12.5, 50.0, "Passive", "Engagement"),
            ("Active users of seats", 10.0, 50.0, 0.5, "Usage"),
            SENTIMENT,
            ("Feature adoption", 15 * 0.52, 48.0, 0.48, "Usage"),
            ("On-time payments", 15 * 3 / 7 * 0.5, 50.0, 0.5, "Financial"),
        ),
        row(0.5, "48%", "Passive", 61.0, 0.5, 0.0),
        row(*SEATS, "Executive sponsor", "Sentiment", "On-time payments", "ARR growth"), FOUR,
    ),
    # Without sentiment the others have the whole weight: each loss is divided by 0.75
    _drivers(
        "one missing",
        _lost(
            ("Usage score", 21.0, 55.0, 55.0, "Usage"),
            ("Engagement score", 28 / 3, 72.0, 72.0, "Engagement"),
            ("Financial score", 3.0, 85.0, 85.0, "Financial"),
        ),
        row(55.0, 72.0, NA, 85.0), None, FOUR,
    ),
    _drivers(
        "segment",
        _lost(
            ("Usage score", 18.0, 55.0, 55.0, "Usage"), SENTIMENT,
            ("Engagement score", 5.6, 72.0, 72.0, "Engagement"), FINANCIAL,
        ),
        row(*WORKED), None, FOUR, "SMB",
    ),
    _drivers("all best", _lost(("No points lost", 0.0, "", "", "")), row(*BEST)),
    # Measured 65.8 with the onboarding weights, shown 50: the neutral score takes the rest
    _drivers(
        "new account",
        _lost(
            USAGE,
            ("Engagement score", 0.3 * 28, 72.0, 72.0, "Engagement"),
            ("Sentiment score", 0.2 * 39, 61.0, 61.0, "Sentiment"),
            FINANCIAL,
            ("Provisional: neutral score", 15.8, "", "", ""),
        ),
        row(*WORKED, NOT_YET), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    _drivers(
        "new account without data", _lost(("Provisional: neutral score", 50.0, "", "", "")),
        row(None, NOT_YET), row("Usage", "Start date"), FOUR,
    ),
    _drivers("too little", NA_FAULT, row(4.0, None, None, None, 4.0)),
    _drivers("two accounts", VALUE_FAULT, (RATINGS, RATINGS)),
    _drivers("too many values", VALUE_FAULT, row(*RATINGS, 4.0)),
    _drivers("text in a number", VALUE_FAULT, row(4.0, "good", 3.0, 4.0, 4.0)),
    _drivers("off the scale", NUM_FAULT, row(4.0, 6.0, 3.0, 4.0, 4.0)),
    _drivers("unknown preset", VALUE_FAULT, row(*RATINGS), None, "fourdim"),
)  # fmt: skip
