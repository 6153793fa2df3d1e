"""Who the sample accounts are: segment, contract, owner, and the story their year tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from scoring.model import Segment
from scoring.prepare import Floats

Story = Literal[
    "steady_high",
    "steady_mid",
    "steady_low",
    "improving",
    "declining",
    "champion_left",
    "recovery",
    "seasonal",
    "new",
]

# Sixteen stories and nine segments: the cycles meet in every combination.
_STORIES: tuple[Story, ...] = (
    "steady_high", "steady_mid", "declining", "steady_high", "improving", "steady_mid",
    "champion_left", "steady_high", "seasonal", "steady_low", "steady_high", "recovery",
    "steady_mid", "declining", "steady_low", "steady_high",
)  # fmt: skip
_SEGMENTS: tuple[Segment, ...] = (
    "enterprise", "mid_market", "smb", "mid_market", "smb",
    "enterprise", "smb", "mid_market", "smb",
)  # fmt: skip
_ARR: Mapping[Segment, tuple[int, int]] = {
    "enterprise": (120_000, 480_000),
    "mid_market": (36_000, 110_000),
    "smb": (6_000, 30_000),
}
_SEATS: Mapping[Segment, tuple[int, int]] = {
    "enterprise": (150, 600),
    "mid_market": (40, 140),
    "smb": (5, 35),
}
_CSM: Mapping[Segment, str] = {"enterprise": "AB", "mid_market": "CD", "smb": "EF"}
_REGIONS = ("North America", "EMEA", "North America", "APAC", "Latin America")

_NEW: Mapping[int, int] = {20: 5, 37: 20, 54: 60}
"""Account number → days since it started: one in each part of the young lifecycle."""
_RENEWS: Mapping[int, int] = {
    4: 12, 10: 25, 18: 28, 7: 41, 25: 55, 39: 58, 3: 70, 31: 85, 46: 88,
}  # fmt: skip
"""Account number → days until it renews: some within 30, 60 and 90 days."""

NO_DATA = 29
"""The account with too little data for a score."""
RATED_BY_HAND = 33
"""The account whose CSM types every dimension."""
OVERRIDES: Mapping[int, int] = {8: 30, 26: 14, 41: -20}
"""Account number → days until its override expires; the last one has expired."""


@dataclass(frozen=True)
class Profile:
    """One sample account.

    Attributes:
        number: 1-based; everything random about the account comes from it and the seed.
        levels: (months + 1,) hidden health 0–100 a month, oldest first, today last.
        dates: the days of these levels.
        turn: index of the month in which the story turns (the champion leaves, the fall begins).
    """

    number: int
    account_id: str
    name: str
    csm: str
    segment: Segment
    region: str
    arr: float
    currency: str
    start: date
    renewal: date
    seats: int
    story: Story
    turn: int
    dates: tuple[date, ...]
    levels: Floats

    def contact(self, letter: str) -> str:
        """A contact of this account, plainly a sample: ``Sample contact 12a``."""
        return f"Sample contact {self.number:02d}{letter}"

    @property
    def champion(self) -> str:
        """Who speaks for the product today; after a champion left, the one to win over."""
        return self.contact("c" if self.story == "champion_left" else "a")


def make_profile(number: int, dates: tuple[date, ...], seed: int) -> Profile:
    """The sample account of a number, the same for the same seed, dates and number."""
    rng = np.random.default_rng([seed, number])
    segment = _SEGMENTS[(number - 1) % len(_SEGMENTS)]
    story: Story = "new" if number in _NEW else _STORIES[(number - 1) % len(_STORIES)]
    start, renewal = _contract(number, dates[-1], rng)
    low, high = _ARR[segment]
    currency = "EUR" if number % 11 == 5 else "GBP" if number % 13 == 6 else "USD"
    turn = _turn(story, len(dates), rng)
    return Profile(
        number=number,
        account_id=f"SA-{number:03d}",
        name=f"Sample Account {number:02d}",
        csm=f"CSM Sample {_CSM[segment][int(rng.integers(2))]}",
        segment=segment,
        region="EMEA" if currency != "USD" else _REGIONS[number % len(_REGIONS)],
        arr=float(round(rng.uniform(low, high), -2)),
        currency=currency,
        start=start,
        renewal=renewal,
        seats=int(rng.integers(*_SEATS[segment])),
        story=story,
        turn=turn,
        dates=dates,
        levels=_levels(story, turn, dates, rng),
    )


def _contract(number: int, as_of: date, rng: np.random.Generator) -> tuple[date, date]:
    """Start and renewal date; contracts run whole years."""
    if number in _NEW:
        start = as_of - timedelta(days=_NEW[number])
        return start, start + timedelta(days=365)
    left = _RENEWS.get(number, int(rng.integers(95, 360)))
    renewal = as_of + timedelta(days=left)
    return renewal - timedelta(days=365 * int(rng.integers(2, 6))), renewal


def _turn(story: Story, months: int, rng: np.random.Generator) -> int:
    if story == "champion_left":
        return max(months - 2 - int(rng.integers(2)), 1)
    if story == "declining":
        return max(months - 5 - int(rng.integers(2)), 0)
    return months // 2 - 1


def _levels(story: Story, turn: int, dates: tuple[date, ...], rng: np.random.Generator) -> Floats:
    """Hidden health a month: the story's line with a slow random drift around it."""
    months = np.arange(len(dates))
    after = np.clip(months - turn, 0, None)
    share = months / max(len(dates) - 1, 1)
    line: Floats = {
        "steady_high": np.full(len(dates), 89.0),
        "steady_mid": np.full(len(dates), 70.0),
        "steady_low": np.full(len(dates), 35.0),
        "improving": 50.0 + 36.0 * share,
        "declining": 88.0 - 7.5 * after,
        "champion_left": np.where(months < turn, 88.0, 43.0),
        "recovery": 84.0 - 38.0 * np.exp(-((months - turn) ** 2) / 4.0),
        "seasonal": 86.0 - 20.0 * np.isin([d.month for d in dates], (12, 1)),
        "new": 55.0 + 12.0 * share,
    }[story]
    own = rng.normal(0, 4)
    drift = np.convolve(rng.normal(0, 2.5, len(dates) + 2), np.full(3, 0.6), "valid")
    levels: Floats = np.clip(line + own + drift, 5, 99)
    return levels
