"""Rows on which a trigger may fire: most of a large portfolio's are quiet, and need no look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.model import ScoreModel
from scoring.rollup import TIERS, tier_code
from scoring.score import MANY
from scoring.triggers import Below, Drop, Enters, Happened, Limit, Renewal, Rise, Trigger

if TYPE_CHECKING:
    from scoring.alerts import HistoryRow

__all__ = ["may_fire"]

_SLACK = 1e-6
"""Wider than what triggers allow for: a row too many is looked at, none too few."""

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]


def may_fire(
    rows: Sequence[HistoryRow], model: ScoreModel, triggers: Sequence[Trigger]
) -> list[bool]:
    """Whether any trigger may fire on each of n rows; never false where one does.

    What compares with an earlier row is compared with the best of all rows of its account.

    Args:
        rows: of any accounts, in any order.
        model: its tiers count.
        triggers: what to look for.
    """
    facts = _Facts(rows, model)
    out = np.zeros(len(rows), bool)
    if len(rows):
        for trigger in triggers:
            out |= facts.suit(trigger)
    return [bool(may) for may in out]


class _Facts:
    """The facts of n rows by column, and the best of each row's account."""

    def __init__(self, rows: Sequence[HistoryRow], model: ScoreModel) -> None:
        self.rows, self.model = rows, model
        codes: dict[str, int] = {}
        self._account = np.array([codes.setdefault(r.account, len(codes)) for r in rows], np.intp)
        self._accounts = len(codes)
        self.score = self.fact("score")

    def fact(self, name: str) -> Numbers:
        """A fact of every row, NaN where it is not known."""
        return np.array([getattr(row, name) for row in self.rows], np.float64)

    def most(self, values: Numbers) -> Numbers:
        """For every row the largest of its account's values; −inf of none."""
        best = np.full(self._accounts, -np.inf)
        known = values == values
        np.maximum.at(best, self._account[known], values[known])
        return best[self._account]

    def tier(self) -> Numbers:
        """Tier codes: as recorded, else of the score; −1 for none."""
        known = np.array([TIERS.index(r.tier) if r.tier else -1 for r in self.rows], np.float64)
        given = np.array([bool(r.tier) for r in self.rows])
        return np.where(given, known, np.asarray(tier_code(self.model, self.score, MANY)))

    def suit(self, trigger: Trigger) -> Truths:
        """The rows on which *trigger* may fire."""
        match trigger:
            case Drop():
                return self.most(self.score) - self.score >= trigger.points - _SLACK
            case Below():
                # Displayed scores are whole: within one of the raw ones.
                low = self.score < trigger.score + 1.0
                return low & (self.most(self.score) >= trigger.score - 1.0)
            case Enters():
                tier = self.tier()
                entered: Truths = (tier == TIERS.index(trigger.tier)) & (self.most(tier) > tier)
                return entered
            case Renewal():
                return self._renews(trigger)
            case Limit():
                return self._beyond(trigger)
            case Rise():
                return self._rose(trigger)
            case Happened():
                return np.array([bool(getattr(r, trigger.fact)) for r in self.rows])

    def _renews(self, trigger: Renewal) -> Truths:
        left = np.array(
            [-1 if r.renewal is None else (r.renewal - r.day).days for r in self.rows], np.int64
        )
        return (left >= 0) & (left <= trigger.days) & (self.score < trigger.score + 1.0)

    def _beyond(self, trigger: Limit) -> Truths:
        value: Any = self.fact(trigger.fact)
        if trigger.fact == "csat":
            value = np.where(np.isnan(value), 1.0 + 0.4 * self.fact("csat_10"), value)
        out = np.zeros(len(value), bool)
        if trigger.low is not None:
            out |= value < trigger.low
        if trigger.high is not None:
            out |= value > trigger.high
        return out

    def _rose(self, trigger: Rise) -> Truths:
        tickets, told = self.fact("tickets"), self.fact("ticket_change")
        fewest = np.maximum(-self.most(-tickets), 1.0)
        rose = tickets / fewest - 1.0 > trigger.share - _SLACK
        return (told > trigger.share) | rose
