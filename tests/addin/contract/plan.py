"""Calls of `HEALTH_WHATIF` and `HEALTH_GOAL`."""

from __future__ import annotations

from datetime import timedelta

from addin.cells import Cell, Fault, Results, today
from tests.addin.contract.call import (
    DIMENSIONS,
    DIV,
    FOUR,
    FOUR_2,
    NA,
    NA_FAULT,
    NUM_FAULT,
    VALUE_FAULT,
    WORKED,
    Call,
    Given,
    model_range,
    row,
)

USAGE = ("Active users of seats", "Feature adoption", "Logins per week", "Feature depth")
HEADS = row(*USAGE, *DIMENSIONS[1:])
# 40 × 0.5 + 30 × 0.5 + 20 × 1 + 10 × 0: usage 55, as in the worked example.
METRICS = (0.5, 0.5, 4.5, 0.0)
LATER = today() + timedelta(days=400)
RECENT = (today() - timedelta(days=3)).isoformat()


def _whatif(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"what-if, {name}", "HEALTH_WHATIF", given, expected)


def _goal(name: str, expected: Results, *given: Given) -> Call:
    return Call(f"goal, {name}", "HEALTH_GOAL", given, expected)


HEAD = ("Metric", "From", "To", "Score after", "Gain")


def _table(start: float, *moves: tuple[str, float | str, float | str, float]) -> Results:
    """The answer: from the score at the start, each move with its name, from, to, score after."""
    scores = [start, *(after for *_, after in moves)]
    steps = zip(moves, scores, scores[1:], strict=False)
    end = ("Score", start, scores[-1], scores[-1], scores[-1] - start)
    rows = tuple((*move, after - before) for move, before, after in steps)
    return (HEAD, *rows, end)


def _there(score: float) -> Results:
    return (HEAD, ("Target already reached", score, score, score, 0.0))


WORKED_ROW, HEADED = row(*WORKED), row(*DIMENSIONS)
TO_98 = _table(65.25, ("Usage score", 55.0, 98.0, 80.3))
TYPED = row(*METRICS, 100.0, 100.0, 100.0)
SPONSOR = row("Usage", "Sentiment", "Financial", "Executive sponsor")
OUTCOMES = row(
    "Product adoption", "Engagement", "Support health", "Commercial", "Goal progress",
    "Value evidenced",
)  # fmt: skip
RATED = row(5.0, 5.0, 5.0, 5.0, "Partial", "No")
SEATS = row("Seats active", "Seats licensed", *DIMENSIONS[1:])


def _sponsored(word: Cell) -> Given:
    return row(80.0, 80.0, 80.0, word)


CALLS: tuple[Call, ...] = (
    _whatif("dimension", 79.6, WORKED_ROW, HEADED, "Usage", 96.0, FOUR),
    _whatif("alias in another spelling", 72.25, WORKED_ROW, HEADED, "PRODUCT-usage", 75.0, FOUR),
    _whatif("number as text", 72.25, WORKED_ROW, HEADED, "Usage", "75", FOUR),
    _whatif("metric and value in cells", 72.25, WORKED_ROW, HEADED, row("Usage"), row(75.0), FOUR),
    _whatif("not in the headers", 65.25, row(*WORKED[:3]), row(*DIMENSIONS[:3]), "Financial", 85.0,
            FOUR),
    _whatif("without headers", 70.25, WORKED_ROW, None, "Engagement", 92.0, FOUR),
    _whatif("rating", 68.0, row(3.0, 3.0, 3.0, 3.0, 3.0), None, "Engagement", 5.0),
    _whatif("model range", 79.6, WORKED_ROW, HEADED, "Usage", 96.0, model_range(FOUR)),
    _whatif("enterprise", 72.1, row(*WORKED, "Enterprise"), row(*DIMENSIONS, "Segment"), "Usage",
            75.0, FOUR),
    # 35 % of the usage that follows, and 46 for the other three dimensions
    _whatif("share as text", 70.5, row(*METRICS, *WORKED[1:]), HEADS, "Feature adoption", "100%",
            FOUR),
    _whatif("share", 69.45, row(*METRICS, *WORKED[1:]), HEADS, "Feature adoption", 0.9, FOUR),
    _whatif("the cell itself is wrong", 70.5, row(0.5, "many", 4.5, 0.0, *WORKED[1:]), HEADS,
            "Feature adoption", 1.0, FOUR),
    _whatif("another cell is an error", 67.875, row(0.5, 0.5, NA, 0.0, *WORKED[1:]), HEADS,
            "Feature adoption", 1.0, FOUR),
    _whatif("another cell is wrong", VALUE_FAULT, row("many", 0.5, 4.5, 0.0, *WORKED[1:]), HEADS,
            "Feature adoption", 1.0, FOUR),
    _whatif("typed dimension wins", 65.25, WORKED_ROW, HEADED, "CSAT", 5.0, FOUR),
    _whatif("word", 85.0, _sponsored("Vacant"), SPONSOR, "sponsor", "active", FOUR),
    _whatif("no such word", VALUE_FAULT, _sponsored("Vacant"), SPONSOR, "Sponsor", "Gone", FOUR),
    _whatif("count that a share follows from", 65.25, row(20.0, 100.0, *WORKED[1:]), SEATS,
            "Seats active", 55.0, FOUR),
    _whatif("count alone", VALUE_FAULT, WORKED_ROW, HEADED, "Seats active", 55.0, FOUR),
    _whatif("date as text", 71.7, row(*WORKED[:3]), row(*DIMENSIONS[:3]), "Renewal date",
            LATER.isoformat(), FOUR_2),
    _whatif("date in a cell", 71.7, row(*WORKED[:3]), row(*DIMENSIONS[:3]), "Renewal date",
            row(LATER), FOUR_2),
    _whatif("date instead of days", 71.7, row(*WORKED[:3], 10.0),
            row(*DIMENSIONS[:3], "Days to renewal"), "Renewal date", LATER.isoformat(), FOUR_2),
    _whatif("not a date", VALUE_FAULT, WORKED_ROW, HEADED, "Renewal date", "soon", FOUR_2),
    _whatif("48 in a fraction", NUM_FAULT, row(*METRICS, *WORKED[1:]), HEADS, "Feature adoption",
            48.0, FOUR),
    _whatif("off the scale", NUM_FAULT, WORKED_ROW, HEADED, "Usage", 120.0, FOUR),
    _whatif("text in a number", VALUE_FAULT, WORKED_ROW, HEADED, "Usage", "good", FOUR),
    _whatif("error as value", Fault("#DIV/0!"), WORKED_ROW, HEADED, "Usage", row(DIV), FOUR),
    _whatif("unknown metric", VALUE_FAULT, WORKED_ROW, HEADED, "Happiness", 5.0, FOUR),
    _whatif("metric of another model", VALUE_FAULT, WORKED_ROW, HEADED, "CES", 5.0, FOUR),
    _whatif("metric is a number", VALUE_FAULT, WORKED_ROW, HEADED, 4.0, 5.0, FOUR),
    _whatif("unknown model", VALUE_FAULT, WORKED_ROW, HEADED, "Usage", 5.0, "nope"),
    _whatif("two accounts", VALUE_FAULT, (WORKED, WORKED), HEADED, "Usage", 96.0, FOUR),
    _whatif("too little", NA_FAULT, row(55.0), row("Usage"), "CSAT", 4.0, FOUR),
    # 65.25 + 35 % of 43
    _goal("one dimension", TO_98, WORKED_ROW, HEADED, 80.0, FOUR),
    _goal("target as text", TO_98, WORKED_ROW, HEADED, "80", FOUR),
    _goal("without headers", TO_98, WORKED_ROW, None, 80.0, model_range(FOUR)),
    _goal(
        "three dimensions",
        _table(
            65.25, ("Usage score", 55.0, 100.0, 81.0), ("Engagement score", 72.0, 100.0, 88.0),
            ("Sentiment score", 61.0, 89.0, 95.0),
        ),
        WORKED_ROW, HEADED, 95.0, FOUR,
    ),
    _goal(
        "all that there is",
        _table(
            65.25, ("Usage score", 55.0, 100.0, 81.0), ("Engagement score", 72.0, 100.0, 88.0),
            ("Sentiment score", 61.0, 100.0, 97.75), ("Financial score", 85.0, 100.0, 100.0),
        ),
        WORKED_ROW, HEADED, 100.0, FOUR,
    ),
    _goal("displayed score counts", _there(65.25), WORKED_ROW, HEADED, 65.0, FOUR),
    _goal("half a point above it", _there(79.5), row(79.5, 79.5, 79.5, 79.5), HEADED, 80.0, FOUR),
    _goal("far below", _there(65.25), WORKED_ROW, HEADED, 1.0, FOUR),
    _goal(
        "ratings",
        _table(
            60.0, ("Product adoption rating", 3.0, 5.0, 72.0), ("Engagement rating", 3.0, 5.0, 80.0)
        ),
        row(3.0, 3.0, 3.0, 3.0, 3.0), None, 80.0,
    ),
    _goal("one rating", _table(60.0, ("Product adoption rating", 3.0, 5.0, 72.0)),
          row(3.0, 3.0, 3.0, 3.0, 3.0), None, 70.0),
    _goal("all best already", _there(100.0), row(5.0, 5.0, 5.0, 5.0, 5.0), None, 100.0),
    # 30, 30, 25, 15 %: 66.1, and 30 % of 30
    _goal("enterprise", _table(66.1, ("Usage score", 55.0, 85.0, 75.1)), row(*WORKED, "Enterprise"),
          row(*DIMENSIONS, "Segment"), 75.0, FOUR),
    # Usage 55 counts 35 %, the others give 65; a healthy share is 80 %
    _goal("one metric, to a whole per cent", _table(84.25, (USAGE[0], 0.5, 0.77, 88.03)), TYPED,
          HEADS, 88.0, FOUR),
    _goal("two metrics, not beyond healthy", _table(
        84.25, (USAGE[0], 0.5, 0.8, 88.45), (USAGE[1], 0.5, 0.8, 91.6)), TYPED, HEADS, 92.0, FOUR),
    _goal("beyond healthy", NA_FAULT, TYPED, HEADS, 95.0, FOUR),
    # Usage 20/30 of 100, so 65 and 35 % of it; 27.9/30 with a depth of 79 %
    _goal("missing does not move", _table(65 + 70 / 3, (USAGE[3], 0.0, 0.79, 97.55)),
          row(None, NA, 4.5, 0.0, 100.0, 100.0, 100.0), HEADS, 98.0, FOUR),
    _goal("missing would be needed", NA_FAULT, row(None, NA, 4.5, 0.0, 100.0, 100.0, 100.0), HEADS,
          99.0, FOUR),
    _goal("word that suffices", _table(60.0, ("Executive sponsor", "Vacant", "Passive", 72.5)),
          _sponsored("Vacant"), SPONSOR, 72.0, FOUR),
    _goal("best word", _table(60.0, ("Executive sponsor", "Vacant", "Active", 85.0)),
          _sponsored("Vacant"), SPONSOR, 73.0, FOUR),
    # Outcomes 2 of 5 from points 50 and 0; 3 of 5 from a mean of 37.5, 4 of 5 from 62.5
    _goal("metric behind a rating", _table(88.0, ("Goal progress", "Partial", "On track", 92.0)),
          RATED, OUTCOMES, 92.0),
    _goal("two ratings up", _table(88.0, ("Value evidenced", "No", "Yes", 96.0)), RATED, OUTCOMES,
          95.0),
    _goal("too little", NA_FAULT, row(55.0), row("Usage"), 80.0, FOUR),
    _goal("new account", NA_FAULT, row(*WORKED, RECENT), row(*DIMENSIONS, "Start date"), 80.0,
          FOUR),
    _goal("target zero", NUM_FAULT, WORKED_ROW, HEADED, 0.0, FOUR),
    _goal("target above 100", NUM_FAULT, WORKED_ROW, HEADED, 101.0, FOUR),
    _goal("target in words", VALUE_FAULT, WORKED_ROW, HEADED, "Green", FOUR),
    _goal("target is an error", NA_FAULT, WORKED_ROW, HEADED, row(NA), FOUR),
    _goal("two accounts", VALUE_FAULT, (WORKED, WORKED), HEADED, 80.0, FOUR),
    _goal("wrong value", VALUE_FAULT, row(55.0, "good", 61.0, 85.0), HEADED, 80.0, FOUR),
    _goal("value off its scale", NUM_FAULT, row(55.0, 172.0, 61.0, 85.0), HEADED, 80.0, FOUR),
    _goal("unknown headers", VALUE_FAULT, row(1.0, 2.0), row("Apples", "Pears"), 80.0, FOUR),
)  # fmt: skip
