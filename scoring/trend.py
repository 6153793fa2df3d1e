"""Change of a score: velocity and its class, trend arrow, assessment. No numpy, no pandas."""

from __future__ import annotations

VELOCITY_DAYS = 30
"""001 Trending and velocity: change over 30 days, divided by 30."""


def velocity(score: float, previous: float, days: float = VELOCITY_DAYS) -> float:
    """Points a day between two scores ``days`` apart; NaN where either is missing."""
    return (score - previous) / days if days > 0 else float("nan")


def velocity_label(points_per_day: float) -> str:
    """Class of a velocity by 001: at −0.5 and below "Declining fast" … from +0.5 "Improving fast".

    Within ±0.2, both ends included, is "Stable"; NaN gives "".
    """
    if points_per_day != points_per_day:
        return ""
    size = abs(points_per_day)
    # Sums of decimals fall a hair short of the edges that the document names.
    if size <= 0.2 + 1e-9:
        return "Stable"
    word = "Improving" if points_per_day > 0 else "Declining"
    return f"{word} fast" if size >= 0.5 - 1e-9 else word


def trend_arrow(score: float, previous: float, tolerance: float = 0.0) -> str:
    """↑, → or ↓ against an earlier score; "" where either is missing."""
    change = score - previous
    if change != change:
        return ""
    if abs(change) <= tolerance + 1e-9:
        return "→"
    return "↑" if change > 0 else "↓"


def assessment(tier: str, label: str) -> str:
    """What tier and velocity together say (001 Risk assessment); "" where they say nothing new."""
    falling, rising = label.startswith("Declining"), label.startswith("Improving")
    if tier == "red":
        return (
            "Recovery possible"
            if label == "Improving fast"
            else "Critical, still falling"
            if falling
            else ""
        )
    if tier == "amber":
        return (
            "Urgent intervention needed"
            if label == "Declining fast"
            else "Recovering"
            if rising
            else ""
        )
    return "Early warning, reach out now" if tier == "green" and falling else ""
