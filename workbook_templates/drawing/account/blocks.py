"""What the blocks of *Checks* and *Evidence* hold, by key: drawing and values both read it here."""

from __future__ import annotations

FACTS = (
    ("as_of", "As of"),
    ("start", "Start date"),
    ("segment", "Segment"),
    ("arr", "ARR"),
    ("currency", "Currency"),
    ("renewal", "Renewal date"),
    ("seats_used", "Seats in use, share"),
    ("expanding", "Expansion signals (1 yes)"),
    ("leaving", "Downgrade signals (1 yes)"),
    ("override_score", "Override: score"),
    ("override_tier", "Override: tier code"),
    ("override_expires", "Override: expires"),
    ("override_note", "Override: who and why"),
    ("smoothed", "Rolling mean, engine"),
    ("cap", "Gate: best tier code"),
    ("cap_note", "Gate: which condition"),
    ("previous_date", "Previous scorecard"),
    ("previous_words", "Previous scorecard, in words"),
    ("previous_score", "Previous score"),
    ("previous_tier", "Previous tier code"),
    ("month_ago", "Score about 30 days ago"),
    ("month_days", "Days since that score"),
)
"""Plain values that the report fills in, by key, with their labels."""

STEPS = (
    ("age", "Age in days"),
    ("young", "Within the neutral days"),
    ("onboarding", "Within the onboarding days"),
    ("in_play", "Weight with a score"),
    ("rolled", "Weighted score"),
    ("coverage", "Coverage"),
    ("low", "Lower bound"),
    ("high", "Upper bound"),
    ("enough", "Enough coverage"),
    ("model_total", "Model's score"),
    ("basis", "Score that the tier follows"),
    ("model_tier", "Model's tier code"),
    ("overridden", "Override in force"),
    ("total", "Score shown"),
    ("tier", "Tier code shown"),
    ("status", "Status"),
    ("velocity", "Velocity, points a day"),
)
"""Formulas that lead from dimensions to the score, by key, with their labels."""

DIMENSION_STEPS = (
    ("weight", "Weight"),
    ("seen", "Share seen"),
    ("earned", "Points earned"),
    ("mean", "Mean points"),
    ("typed", "Typed"),
    ("score", "Score"),
    ("share", "Share of total"),
    ("points", "Points of total"),
    ("covered", "Covered"),
    ("low", "At worst"),
    ("high", "At best"),
)
"""Formulas that lead from metrics to a dimension, by key, with their labels."""

INPUT_STEPS = (
    ("share", "Share of dimension"),
    ("observed", "Counted"),
    ("counted", "Points counted"),
    ("could", "Could give"),
    ("gives", "Gives"),
    ("lost", "Loses"),
    ("order", "Order"),
    ("now", "Now"),
    ("engine", "Engine gives"),
    ("difference", "Difference"),
)
"""What an input gives to the score, by key, with its labels."""

FIRST = "C"
"""Column of the first step of dimensions and of inputs."""

DIMENSION_COLUMNS = {key: chr(ord(FIRST) + i) for i, (key, _) in enumerate(DIMENSION_STEPS)}
DIMENSION_COLUMNS["previous"] = chr(ord(FIRST) + len(DIMENSION_STEPS))
INPUT_COLUMNS = {key: chr(ord(FIRST) + i) for i, (key, _) in enumerate(INPUT_STEPS)}
INPUT_COLUMNS |= {"name": "B", "healthy": chr(ord(FIRST) + len(INPUT_STEPS))}
EVIDENCE_COLUMNS = {
    "value": "D",
    "points": "F",
    "lost": "H",
    "as_of": "J",
    "age": "K",
    "status": "L",
}

CHECKED = ("total", "model_total", "coverage", "low", "high", "tier")
"""Steps that are held against the engine; each dimension and the sum of inputs follow."""
