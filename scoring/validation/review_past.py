"""The snapshots of one account before one loss, and what moved in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from scoring.judgement.phrases import whole
from scoring.prepare import Floats
from scoring.validation.cases import Cases
from scoring.validation.snapshots import Snapshots
from scoring.validation.words import Grid, day_at, input_name, input_phrase

__all__ = ["LEAST_FALL", "LOOKED_AT", "Fall", "Past", "pasts"]

LOOKED_AT = (180, 90, 60, 30)
"""Days before a loss at which a review shows the score; then the last."""
LEAST_FALL = 5.0
"""Points by which a metric falls at least to be told: less is noise (ours)."""
_TOLD = 3
"""Metrics that are told to have fallen, at most (ours)."""


@dataclass(frozen=True)
class Fall:
    """A metric, or a typed dimension, that lost points: before and last."""

    key: str
    name: str
    text: str
    before: float
    last: float


@dataclass(frozen=True)
class Past:
    """What the history holds of an account before a loss.

    Attributes:
        grid: of all snapshots. account: id. day: of the loss.
        since: day of the earlier loss, ``date.min`` without one; nothing up to it belongs here.
        start, end: positions of its snapshots, after the earlier loss and before this one.
        oldest: a snapshot that is more days older than asked for does not count.
    """

    grid: Grid
    account: str
    day: date
    since: date
    start: int
    end: int
    oldest: int

    @property
    def snapshots(self) -> Snapshots:
        """All of them."""
        return self.grid.snapshots

    @property
    def last(self) -> int:
        """Position of the last snapshot; −1 for none."""
        return self.end - 1 if self.end > self.start else -1

    def at(self, days: int) -> int:
        """Position of the snapshot that stood so many days before, with or without a score; −1."""
        wanted = np.datetime64(self.day - timedelta(days=days), "D")
        days_of = self.snapshots.day[self.start : self.end]
        place = self.start + int(np.searchsorted(days_of, wanted, side="right")) - 1
        if place < self.start or self.days_before(place) > days + self.oldest:
            return -1
        return place

    def days_before(self, place: int) -> int:
        """Days from a snapshot to the loss."""
        return (self.day - day_at(self.snapshots, place)).days

    def total(self, place: int) -> float | None:
        """Raw score of a snapshot, None for none."""
        found = float(self.snapshots.total[place]) if place >= 0 else np.nan
        return None if found != found else found

    def levels(self, place: int) -> Floats:
        """(m + k,) points of each input; of a metric whose dimension was typed, NaN."""
        out: Floats = self.grid.levels[place].copy()
        at = len(self.snapshots.model.metrics)
        start = 0
        for number, dimension in enumerate(self.snapshots.model.dimensions):
            if out[at + number] == out[at + number]:
                out[start : start + len(dimension.metrics)] = np.nan
            start += len(dimension.metrics)
        return out

    @cached_property
    def falls(self) -> list[Fall] | None:
        """What fell in the last 90 days, most points first; None where nothing compares.

        The last snapshot is compared with the one 90 days before, else with the one 60 before.
        """
        then = next((p for p in (self.at(90), self.at(60)) if p >= 0), -1)
        if then < 0 or then == self.last:
            return None
        before, last = self.levels(then), self.levels(self.last)
        both = ~np.isnan(before) & ~np.isnan(last)
        if not both.any():
            return None
        fell = np.where(both, before - last, 0.0)
        order = np.argsort(-fell.round(9), kind="stable")
        return [self._fall(int(i), before, last, then) for i in order if fell[i] >= LEAST_FALL]

    def _fall(self, i: int, before: Floats, last: Floats, then: int) -> Fall:
        model = self.snapshots.model
        key = model.inputs[i]
        was, now = (float(self.grid.values[p, i]) for p in (then, self.last))
        phrase = input_phrase(model, key, now, "up" if now > was else "down")
        a, b = float(before[i]), float(last[i])
        text = f"{phrase}, from {whole(a)} to {whole(b)} points"
        return Fall(key, input_name(model, key), text, a, b)

    def red_since(self) -> date | None:
        """The first day from which every snapshot was red up to the loss; None where not."""
        red = self.snapshots.tier[self.start : self.end] == "red"
        others = np.flatnonzero(~red)
        first = self.start + (int(others[-1]) + 1 if len(others) else 0)
        return day_at(self.snapshots, first) if first < self.end else None

    def fell(self) -> tuple[str, ...]:
        """The first of `falls`, as text: ``Seats active down to 41%, from 81 to 34 points``."""
        return tuple(f.text for f in (self.falls or [])[:_TOLD])


def pasts(cases: Cases) -> Iterator[tuple[pd.Series[str], Past]]:
    """Each lost account beside what stood before, newest loss first, then by account.

    Also those of which the history holds nothing before the loss, or nothing at all.
    """
    lost = cases.lost if len(cases.lost) else cases.frame[cases.churned]
    lost = lost.sort_values(["account_id", "date"], kind="stable")
    keys = ["account_id", "date"]
    begun = {(str(a), d): s for a, d, s in zip(*(cases.frame[k] for k in (*keys, "since")),
                                               strict=True)}  # fmt: skip
    earlier = lost.groupby("account_id")["date"].shift()
    lost = lost.assign(earlier=earlier).sort_values(
        ["date", "account_id"], ascending=[False, True], kind="stable"
    )
    grid = Grid.of(cases.snapshots)
    for _, row in lost.iterrows():
        name, when = str(row["account_id"]), row["date"]
        gone = date.min if pd.isna(row["earlier"]) else row["earlier"].date()
        since = begun.get((name, when))
        yield row, _past(cases, grid, name, when.date(), gone, since)


def _past(
    cases: Cases, grid: Grid, name: str, day: date, gone: date, since: pd.Timestamp | None
) -> Past:
    """The snapshots of an account from its return (else its earlier loss) to before a loss."""
    first, stop = cases.snapshots.span(name)
    days = cases.snapshots.day[first:stop]
    after = gone + timedelta(days=1) if since is None or pd.isna(since) else since.date()
    start = first + int(np.searchsorted(days, np.datetime64(after, "D")))
    end = max(start, first + int(np.searchsorted(days, np.datetime64(day, "D"))))
    return Past(grid, name, day, gone, start, end, cases.oldest)
