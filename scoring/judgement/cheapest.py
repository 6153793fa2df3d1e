"""The cheapest moves that raise a sum far enough: exact, not greedy.

Each metric can end at one of a few values, each with its days of work; of each metric at most one
is chosen. Of all choices the cheapest counts, of equally cheap ones the one with the fewest moves,
of those the one that gives most. A front of choices keeps, from cheap to dear, only those that
give more than every cheaper one: what it drops could be replaced in any plan by what it keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scoring.judgement.effort import Option
from scoring.levers import EPS

__all__ = ["NOTHING", "Bundle", "cheapest"]

_DUST = 1e-12
"""Points by which two gains may differ and still be the same."""


class Bundle(NamedTuple):
    """Moves made together: halves of a day, how many, points of the sum, and the moves."""

    cost: int
    moves: int
    gain: float
    options: tuple[Option, ...]


NOTHING = Bundle(0, 0, 0.0, ())


def cheapest(
    groups: Iterable[Sequence[Bundle]], need: float, budget: float = float("inf")
) -> list[Bundle]:
    """The front of choices, of each group at most one bundle, up to the first that is enough.

    Args:
        groups: alternatives that exclude each other.
        need: points that the sum is to rise by.
        budget: halves of a day that may be spent.

    Returns:
        From cheap to dear, each giving more than those before; the first is to do nothing. Where
        *need* can be met, the last is the cheapest that meets it and the only one that does.
    """
    front = [NOTHING]
    for group in groups:
        longer = (
            Bundle(a.cost + b.cost, a.moves + b.moves, a.gain + b.gain, a.options + b.options)
            for a in front
            for b in group
            if a.cost + b.cost <= budget
        )
        front = _front([*front, *longer], need)
    return front


def _front(bundles: list[Bundle], need: float) -> list[Bundle]:
    kept: list[Bundle] = []
    for bundle in sorted(bundles, key=lambda b: (b.cost, b.moves, -b.gain)):
        if kept and bundle.gain <= kept[-1].gain + _DUST:
            continue
        kept.append(bundle)
        if bundle.gain >= need - EPS:
            break
    return kept
