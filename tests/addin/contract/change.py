"""Calls of `HEALTH_CHANGE` and `HEALTH_METRICS`."""

from __future__ import annotations

from addin.cells import Result, Results
from scoring.model import Dimension
from tests.addin.contract.call import (
    DIMENSIONS,
    FOUR,
    FOUR_2,
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
RATINGS = (4.0, 5.0, 3.0, 4.0, 4.0)
MOOD = Dimension(key="mood", name="Mood", weight=1, source="ours: a test")
AGED = ("Feature adoption", *DIMENSIONS[1:], "Data as of")


def _change(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"change, {name}", "HEALTH_CHANGE", given, expected)


def _metrics(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"metrics, {name}", "HEALTH_METRICS", given, expected)


def _steps(before: float, *steps: Line, after: float) -> Results:
    head = ("Step", "Cause", "Points")
    return (head, ("Previous score", "", before), *steps, ("Score", "", after))


def _wanted(*lines: Line) -> Results:
    return (("Metric", "Dimension", "Unit", "Scale", "Healthy", "Weight"), *lines)


def _signal(name: str, dimension: str, unit: str, scale: str, healthy: str) -> Line:
    return name, dimension, unit, scale, healthy, 0.1


GREW = "Grew, Flat, Shrank"
SIGNALS = _wanted(
    _signal("Usage trend, month", "Usage", "change", "−100% or more", "0% or more"),
    _signal("Feature breadth", "Usage", "fraction", "0% to 100%", "80% or more"),
    _signal("Logins against target", "Engagement", "fraction", "0% to 1000%", "80% or more"),
    _signal("QBR attendance", "Engagement", "fraction", "0% to 100%", "80% or more"),
    _signal("CSAT (1–5)", "Satisfaction", "survey mean", "1 to 5", "4.2 or more"),
    _signal("Ticket sentiment", "Satisfaction", "word", "Positive, Neutral, Negative", "Positive"),
    _signal("Payment status", "Commercial", "word", "Current, Late", "Current"),
    _signal("Expansion history", "Commercial", "word", GREW, "Grew"),
    _signal("Champion strength", "Relationship", "word", "Strong, Moderate, Weak", "Strong"),
    _signal("Executive sponsor", "Relationship", "word", "Active, Passive, Vacant", "Active"),
)
# Share of the metric in its dimension × share of the dimension
SCORECARD = _wanted(
    ("DAU/MAU", "Product adoption", "fraction", "0% to 100%", "25% or more", 0.34 * 0.3),
    ("Feature breadth", "Product adoption", "fraction", "0% to 100%", "80% or more", 0.33 * 0.3),
    ("Power users", "Product adoption", "count", "0 or more", "3 or more", 0.33 * 0.3),
    ("Days since QBR", "Engagement", "days", "0 or more", "90 or less", 0.34 * 0.2),
    ("Executive sponsor", "Engagement", "word", "Active, Passive, Vacant", "Active", 0.33 * 0.2),
    ("Champion strength", "Engagement", "word", "Strong, Moderate, Weak", "Strong", 0.33 * 0.2),
    ("Goal progress", "Outcomes", "word", "On track, Partial, Off track", "On track", 0.1),
    ("Value evidenced", "Outcomes", "word", "Yes, No", "Yes", 0.1),
    ("Ticket trend, 90 days", "Support health", "change", "−100% or more", "0% or less", 0.0375),
    ("Unresolved escalations", "Support health", "word", "No, Yes", "No", 0.0375),
    ("CSAT (0–10)", "Support health", "survey mean", "0 to 10", "8 or more", 0.0375),
    ("NPS (−100 to 100)", "Support health", "NPS", "−100 to 100", "30 or more", 0.0375),
    ("Payment history", "Commercial", "word", "On time, Late", "On time", 0.0375),
    ("Seat utilisation", "Commercial", "fraction", "0% to 200%", "80% or more", 0.0375),
    ("Expansion signals", "Commercial", "word", "Yes, No", "Yes", 0.0375),
    ("Downgrade signals", "Commercial", "word", "No, Yes", "No", 0.0375),
)

CALLS: tuple[Call, ...] = (
    # 0.3 × (55 − 73.5) and 0.2 × (61 − 83.5)
    _change(
        "two dimensions fell",
        _steps(
            78.0, ("Product usage score", "Behaviour", -5.55),
            ("Sentiment score", "Behaviour", -4.5), after=67.95,
        ),
        row(*WORKED), row(73.5, 72.0, 83.5, 85.0), None, FOUR_2,
    ),
    _change("nothing moved", _steps(65.25, after=65.25), row(*WORKED), row(*WORKED), None, FOUR),
    _change(
        "headers", _steps(65.25, ("Financial score", "Behaviour", 0.15 * 15), after=67.5),
        row("A-1", 55.0, 72.0, 61.0, 100.0), row("A-1", *WORKED), row("Account ID", *DIMENSIONS),
        FOUR,
    ),
    _change(
        "headers in a column",
        _steps(65.25, ("Financial score", "Behaviour", 0.15 * 15), after=67.5),
        ((55.0,), (72.0,), (61.0,), (100.0,)), tuple((v,) for v in WORKED),
        tuple((d,) for d in DIMENSIONS), FOUR,
    ),
    _change(
        "model range", _steps(65.25, ("Usage score", "Behaviour", 15.75), after=81.0),
        row(100.0, *WORKED[1:]), row(*WORKED), None, model_range(FOUR),
    ),
    # Two steps of a rating are 40 points of weight 0.2
    _change(
        "ratings", _steps(80.0, ("Outcomes rating", "Behaviour", 8.0), after=88.0),
        row(4.0, 5.0, 5.0, 4.0, "4"), row(*RATINGS),
    ),
    # Without sentiment 50 / 0.75; then 5 points of usage at 0.35 / 0.75
    _change(
        "data vanished",
        _steps(
            65.25, ("Sentiment score", "Data vanished", 50 / 0.75 - 65.25),
            ("Usage score", "Behaviour", 5 * 0.35 / 0.75), after=69.0,
        ),
        row(60.0, 72.0, NA, 85.0), row(*WORKED), None, FOUR,
    ),
    _change(
        "data appeared",
        _steps(50 / 0.75, ("Sentiment score", "Data appeared", 65.25 - 50 / 0.75), after=65.25),
        row(*WORKED), row(55.0, 72.0, None, 85.0), None, FOUR,
    ),
    # Passive is 50 points, active 100; the sponsor is all that is known of engagement
    _change(
        "a word", _steps(59.75, ("Executive sponsor", "Behaviour", 12.5), after=72.25),
        row(55.0, "Active", 61.0, 85.0), row(55.0, "Passive", 61.0, 85.0),
        row("Usage", "Executive sponsor", "Sentiment", "Financial"), FOUR,
    ),
    # A score typed over 48 % of adoption: usage rises from 48 to 55
    _change(
        "typed over a metric",
        _steps(
            0.35 * 48 + 46, ("Usage score", "Data appeared", 0.35 * 7), after=65.25,
        ),
        row(0.48, *WORKED), row(0.48, None, *WORKED[1:]),
        row("Feature adoption", *DIMENSIONS), FOUR,
    ),
    _change(
        "another segment", _steps(64.4, ("Weights or model", "Weights", 1.7), after=66.1),
        row(*WORKED, "Enterprise"), row(*WORKED, "SMB"), row(*DIMENSIONS, "Segment"), FOUR,
    ),
    # With the onboarding weights 65.8 was measured; today's weights make 65.25 of it
    _change(
        "no longer new",
        _steps(
            50.0, ("Weights or model", "Weights", 65.25 - 65.8),
            ("Status", "Lifecycle or override", 15.8), after=65.25,
        ),
        row(*WORKED, LONG_AGO), row(*WORKED, NOT_YET), row(*DIMENSIONS, "Start date"), FOUR,
    ),
    # (35 × 55 + 25 × 72) / 60, then (25 × 61 + 15 × 85) / 40
    _change(
        "nothing in common",
        _steps(3725 / 60, ("All inputs", "Other data", 70 - 3725 / 60), after=70.0),
        row(None, None, 61.0, 85.0), row(55.0, 72.0, None, None), None,
        model_range(FOUR, min_coverage=0.4),
    ),
    # Too old today, the earlier data counted on their own day
    _change(
        "an earlier row as it stood then",
        _steps(0.35 * 30 + 46, ("Feature adoption", "Behaviour", 3.5), after=60.0),
        row(0.4, *WORKED[1:], None), row(0.3, *WORKED[1:], LONG_AGO), row(*AGED), FOUR,
    ),
    _change("too little now", NA_FAULT, row(4.0, None, None, None, 4.0), row(*RATINGS)),
    _change("too little then", NA_FAULT, row(*RATINGS), row(4.0, None, None, None, 4.0)),
    _change("two accounts", VALUE_FAULT, (RATINGS, RATINGS), row(*RATINGS)),
    _change("two earlier rows", VALUE_FAULT, row(*RATINGS), (RATINGS, RATINGS)),
    _change("earlier row too short", VALUE_FAULT, row(*RATINGS), row(4.0, 5.0)),
    _change("no earlier row", VALUE_FAULT, row(*RATINGS), row(None)),
    _change("text now", VALUE_FAULT, row(4.0, "good", 3.0, 4.0, 4.0), row(*RATINGS)),
    _change("off the scale then", NUM_FAULT, row(*RATINGS), row(4.0, 6.0, 3.0, 4.0, 4.0)),
    _change("unknown preset", VALUE_FAULT, row(*RATINGS), row(*RATINGS), None, "nope"),
    # What a model wants
    _metrics("of the default", SCORECARD),
    _metrics("of a blank cell", SCORECARD, row(None)),
    _metrics("of a preset", SIGNALS, "signals"),
    _metrics("of a preset in a cell", SIGNALS, row("Signals")),
    _metrics("of a model range", SIGNALS, model_range("signals")),
    _metrics(
        "of a dimension without metrics, rated",
        _wanted(("Mood rating", "Mood", "rating", "1 to 5", "4 or more", 1.0)),
        model_range("scorecard", dimensions=(MOOD,)),
    ),
    _metrics(
        "of a dimension without metrics, in points",
        _wanted(("Mood score", "Mood", "points", "0 to 100", "70 or more", 1.0)),
        model_range("support", dimensions=(MOOD,)),
    ),
    _metrics("unknown preset", VALUE_FAULT, "signal"),
    _metrics("a number for a model", VALUE_FAULT, 3.0),
    _metrics("an error cell for a model", VALUE_FAULT, row(NA)),
    _metrics("a word for nothing is no model", VALUE_FAULT, "none"),
    _metrics("no model range", VALUE_FAULT, (("a", "b"), ("c", 1.0))),
)  # fmt: skip
