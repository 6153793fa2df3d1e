"""Calls with models that people made of a preset: other words, weights, dimensions, gates."""

from __future__ import annotations

from scoring.model import Gate, ScoreModel
from scoring.presets import load_preset
from tests.addin.contract.call import (
    DIMENSIONS,
    FOUR,
    NA_FAULT,
    VALUE_FAULT,
    WORKED,
    Call,
    Given,
    model_range,
    row,
)

MODEL: ScoreModel = load_preset(FOUR)
WORDS = ("Well", "Watch", "Act")
TIERS = tuple(
    tier.model_copy(update={"label": word, "starts_at": start})
    for tier, word, start in zip(MODEL.tiers, WORDS, (75.0, 50.0, 0.0), strict=True)
)
RENAMED = model_range(FOUR, tiers=TIERS)
"""Tiers of other names that start elsewhere."""


def _weighted(**changes: tuple[object, ...]) -> Given:
    """The model with a field of its dimensions changed, each to its own value."""
    rows = zip(*changes.values(), strict=True)
    fields = [dict(zip(changes, values, strict=True)) for values in rows]
    parts = [d.model_copy(update=f) for d, f in zip(MODEL.dimensions, fields, strict=True)]
    return model_range(FOUR, dimensions=tuple(parts))


EIGHTHS = _weighted(weight=(3.0, 2.0, 2.0, 1.0))
"""Weights that sum to 8."""
SMALL = _weighted(segment_weights=tuple({"smb": w} for w in (60.0, 40.0, 0.0, 0.0)))
"""For small accounts only usage and engagement count."""
ONE = model_range(FOUR, dimensions=MODEL.dimensions[:1])
GATES = (
    Gate(key="unpaid", name="Payment failed", cap="amber"),
    Gate(key="notice", name="Cancellation notice", cap="red"),
)
GATED = model_range(FOUR, gates=GATES)
FACTS = row(*DIMENSIONS, "Payment failed", "Cancellation notice")
NINETY = (90.0, 90.0, 90.0, 90.0)
ZERO, NEUTRAL = (model_range(FOUR, missing=policy) for policy in ("zero", "neutral"))
PARTLY = row(55.0, None, 61.0, 85.0)
KNOWN_LOST = (
    ("Usage score", 15.75, 55.0, 55.0, "Usage"),
    ("Sentiment score", 9.75, 61.0, 61.0, "Sentiment"),
    ("Financial score", 2.25, 85.0, 85.0, "Financial"),
)
HEADED = row(*DIMENSIONS, "Segment")
CARD = ("Dimension", "Score", "Weight", "Weighted score", "Trend")
LOST = ("Metric", "Points lost", "Points", "Value", "Dimension")
MOVES = ("Metric", "From", "To", "Score after", "Gain")


def _call(name: str, function: str, expected: object, *given: Given) -> Call:
    return Call(f"own model, {name}", function, given, expected)  # type: ignore[arg-type]


CALLS: tuple[Call, ...] = (
    # Other words and other starts
    _call("its word for green", "HEALTH_TIER", "Well", row(74.5), RENAMED),
    _call("its word for amber", "HEALTH_TIER", "Watch", row(74.4), RENAMED),
    _call("its word for red", "HEALTH_TIER", "Act", row(49.4), RENAMED),
    # 0.35 × 55 + 0.25 × 61 + 0.15 × 85, and 25 more
    _call("its words in bounds", "HEALTH_BOUNDS", ((47.25, 72.25, "Watch, could be Act"),),
          row(55.0, None, 61.0, 85.0), None, RENAMED),
    _call(
        "its words in a portfolio", "PORTFOLIO_SUMMARY",
        (
            ("Tier", "Accounts", "Share", "ARR", "ARR share", "Average score", "Without ARR"),
            ("Well", 1.0, 0.5, "", "", 75.0, ""), ("Watch", 0.0, 0.0, "", "", "", ""),
            ("Act", 1.0, 0.5, "", "", 10.0, ""), ("No score", 0.0, 0.0, "", "", "", ""),
            ("Total", 2.0, 1.0, "", "", 42.5, ""),
        ),
        ((75.0,), (10.0,)), None, RENAMED,
    ),
    # Weights on any scale: (3 × 55 + 2 × 72 + 2 × 61 + 85) / 8
    _call("weights of another sum", "HEALTH_SCORE", 64.5, row(*WORKED), None, EIGHTHS),
    _call("half of these weights", "HEALTH_COVERAGE", 0.5, row(55.0, None, None, 85.0), None,
          EIGHTHS),
    # What a segment does not count is neither missed nor told to move: 0.6 × 55 + 0.4 × 72
    _call("dimensions that do not count", "HEALTH_SCORE", 61.8, row(*WORKED), None, SMALL, "SMB"),
    _call("missing, but of no weight", "HEALTH_SCORE", 61.8, row(55.0, 72.0, None, None), None,
          SMALL, "SMB"),
    _call("missing, all that has weight", "HEALTH_SCORE", NA_FAULT, row(None, None, 61.0, 85.0),
          None, SMALL, "SMB"),
    _call("bounds without what does not count", "HEALTH_BOUNDS", ((61.8, 61.8, "Amber"),),
          row(55.0, 72.0, None, None), None, SMALL, "SMB"),
    _call("coverage of a segment", "HEALTH_COVERAGE", 0.6, row(55.0, None, 61.0, 85.0, "smb"),
          HEADED, SMALL),
    _call(
        "a scorecard with weights of 0", "HEALTH_SCORECARD",
        (
            CARD, ("Usage", 55.0, 0.6, 33.0, ""), ("Engagement", 72.0, 0.4, 28.8, ""),
            ("Sentiment", 61.0, 0.0, 0.0, ""), ("Financial", "", "", "", ""),
            ("Total", 61.8, 1.0, 61.8, ""),
        ),
        row(55.0, 72.0, 61.0, None), None, SMALL, "SMB",
    ),
    _call(
        "drivers that count", "HEALTH_DRIVERS",
        (LOST, ("Usage score", 27.0, 55.0, 55.0, "Usage"),
         ("Engagement score", 11.2, 72.0, 72.0, "Engagement")),
        row(*WORKED), None, SMALL, "SMB",
    ),
    # 61.8 + 0.6 × 31 = 80.4; 30 would be 79.8, short of the raw target
    _call(
        "moves that count", "HEALTH_GOAL",
        (MOVES, ("Usage score", 55.0, 86.0, 80.4, 18.6), ("Score", 61.8, 80.4, 80.4, 18.6)),
        row(*WORKED, "SMB"), HEADED, 80.0, SMALL,
    ),
    _call("a value that does not count", "HEALTH_WHATIF", 61.8, row(*WORKED, "SMB"), HEADED,
          "Sentiment", 100.0, SMALL),
    # A single dimension
    _call("one dimension, one cell", "HEALTH_SCORE", 55.0, row(55.0), None, ONE),
    _call("one dimension, a typed number", "HEALTH_SCORE", 55.0, 55.0, None, ONE),
    _call("one dimension, a column of accounts", "HEALTH_SCORE", ((55.0,), (NA_FAULT,), (90.0,)),
          ((55.0,), (None,), (90.0,)), None, ONE),
    _call("one dimension, a scorecard", "HEALTH_SCORECARD",
          (CARD, ("Usage", 55.0, 1.0, 55.0, ""), ("Total", 55.0, 1.0, 55.0, "")),
          row(55.0), None, ONE),
    _call("one dimension, a goal", "HEALTH_GOAL",
          (MOVES, ("Usage score", 55.0, 80.0, 80.0, 25.0), ("Score", 55.0, 80.0, 80.0, 25.0)),
          row(55.0), None, 80.0, ONE),
    _call("one dimension, two values", "HEALTH_SCORE", VALUE_FAULT, row(55.0, 72.0), None, ONE),
    # What is missing counts 0, or 50: 25 % of 100 points lost, or of 50
    _call("missing counts as zero", "HEALTH_SCORE", 47.25, PARTLY, None, ZERO),
    _call("drivers where missing counts as zero", "HEALTH_DRIVERS",
          (LOST, *KNOWN_LOST, ("Missing values", 25.0, "", "", "")), PARTLY, None, ZERO),
    _call("drivers where missing is neutral", "HEALTH_DRIVERS",
          (LOST, *KNOWN_LOST[:1], ("Missing values", 12.5, "", "", "")), PARTLY, None, NEUTRAL,
          None, 1.0),
    _call("only missing values lost points", "HEALTH_DRIVERS",
          (LOST, ("Missing values", 25.0, "", "", "")), row(100.0, None, 100.0, 100.0), None,
          ZERO),
    _call("bounds where missing counts as zero", "HEALTH_BOUNDS",
          ((47.25, 72.25, "Red, could be Amber"),), PARTLY, None, ZERO),
    _call("nothing known where missing counts as zero", "HEALTH_SCORE", NA_FAULT,
          row(None, None, None, None), None, ZERO),
    # Gates cap the tier, the lowest cap first, and leave the score
    _call("two gates", "HEALTH_BOUNDS", ((90.0, 90.0, "Red, capped by Cancellation notice"),),
          row(*NINETY, "yes", "x"), FACTS, GATED),
    _call("two gates, the score", "HEALTH_SCORE", 90.0, row(*NINETY, "yes", "x"), FACTS, GATED),
    _call("a gate in words that say neither", "HEALTH_BOUNDS", VALUE_FAULT,
          row(*NINETY, "maybe", None), FACTS, GATED),
    _call("a gate is no metric", "HEALTH_WHATIF", VALUE_FAULT, row(*NINETY, "yes", "x"), FACTS,
          "Payment failed", "no", GATED),
)  # fmt: skip
