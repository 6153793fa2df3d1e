"""The fewest moves that raise a sum far enough, and of those the smallest.

The sum is a score, or the mean of a dimension's metrics. It rises in a straight line with the
points of each lever; a dimension that goes through a whole rating rises in steps, so there the
steps are chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from scoring.levers import EPS, Lever, Stop

__all__ = ["Choice", "Plan", "fewest_moves", "fewest_steps"]

Choice = tuple[Lever, Stop]


@dataclass(frozen=True, slots=True)
class Plan:
    """Moves, what the sum wins by them, and their length in points of what moves."""

    moves: tuple[Choice, ...] = ()
    gain: float = 0.0
    length: float = 0.0

    def __add__(self, other: Plan) -> Plan:
        return Plan(self.moves + other.moves, self.gain + other.gain, self.length + other.length)


def fewest_moves(levers: Iterable[Lever], need: float) -> Plan | None:
    """The moves that raise a sum by *need*, which is above 0; None where all cannot.

    The rule: as few moves as possible; among equally many, the smallest total length in points.
    All but one go all the way. That one is worth the least a point, so that its length is the
    one to save, and it goes only as far as needed, in steps people use.
    """
    ordered = sorted(levers, key=lambda lever: -lever.worth)
    count = _how_many(ordered, need)
    if count is None:
        return None
    best: Plan | None = None
    fronts = [[Plan()], *([] for _ in range(count - 1))]
    for place, lever in enumerate(ordered):
        for plan in fronts[-1]:
            if plan.gain + lever.gain >= need - EPS:
                best = _shorter(best, plan + _last(lever, need - plan.gain))
        later = [x.gain for x in ordered[place + 1 :]]
        for n in range(count - 1, 0, -1):
            hope = sum(nlargest(count - n, later))
            longer = (plan + _whole(lever) for plan in fronts[n - 1])
            fronts[n] = _front([*fronts[n], *longer], need - hope)
    return best


def _how_many(levers: Sequence[Lever], need: float) -> int | None:
    """Moves that it takes when the largest gains come first."""
    total = 0.0
    for count, gain in enumerate(sorted((x.gain for x in levers), reverse=True), start=1):
        total += gain
        if total >= need - EPS:
            return count
    return None


def _whole(lever: Lever) -> Plan:
    return Plan(((lever, lever.full),), lever.gain, lever.room)


def _last(lever: Lever, need: float) -> Plan:
    stop = lever.least(need / lever.worth)
    return Plan(((lever, stop),), lever.worth * stop.points, stop.points)


def _shorter(a: Plan | None, b: Plan) -> Plan:
    return b if a is None or b.length < a.length - EPS else a


def _front(plans: Iterable[Plan], least: float) -> list[Plan]:
    """Plans that may still become the best: enough gain, and none gains more on a shorter way."""
    kept: list[Plan] = []
    for plan in sorted(plans, key=lambda p: (-p.gain, p.length)):
        if plan.gain < least - EPS:
            break
        if not kept or plan.length < kept[-1].length - EPS:
            kept.append(plan)
    return kept


def fewest_steps(groups: Iterable[Sequence[Plan]], need: float) -> Plan | None:
    """Of each group at most one plan, so that all raise a sum by *need*; None where they cannot.

    The rule is that of `fewest_moves`: few moves before short ones.
    """
    fronts: dict[int, list[Plan]] = {0: [Plan()]}
    for group in groups:
        longer: dict[int, list[Plan]] = {}
        # Longer plans first, so that of two equal ones that of the earlier groups stays.
        for plan in (p for count in sorted(fronts, reverse=True) for p in fronts[count]):
            for option in (Plan(), *group):
                both = plan + option
                longer.setdefault(len(both.moves), []).append(both)
        fronts = {count: _front(plans, 0.0) for count, plans in longer.items()}
    enough = (p for plans in fronts.values() for p in plans if p.gain >= need - EPS)
    return min(enough, key=lambda p: (len(p.moves), p.length), default=None)
