"""The cheapest choice of moves, against trying every choice."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from scoring.judgement.cheapest import NOTHING, Bundle, cheapest

BUNDLES = st.builds(
    lambda cost, moves, gain: Bundle(cost, moves, gain / 8, ()),
    st.integers(1, 9), st.integers(1, 3), st.integers(1, 40),
)  # fmt: skip
GROUPS = st.lists(st.lists(BUNDLES, max_size=4), max_size=5)


def every(groups: list[list[Bundle]], budget: float) -> list[Bundle]:
    """All choices of at most one bundle a group that the budget allows."""
    sums = (
        Bundle(sum(b.cost for b in c), sum(b.moves for b in c), sum(b.gain for b in c), ())
        for c in product(*([NOTHING, *group] for group in groups))
    )
    return [b for b in sums if b.cost <= budget]


@given(GROUPS, st.integers(1, 120), st.integers(1, 40))
def test_the_last_is_the_cheapest_of_all_that_are_enough(
    groups: list[list[Bundle]], eighths: int, budget: int
) -> None:
    """Where a choice gives enough, the front ends with the cheapest of fewest moves."""
    need = eighths / 8
    enough = [b for b in every(groups, budget) if b.gain >= need]
    last = cheapest(groups, need, budget)[-1]
    if enough:
        best = min(enough, key=lambda b: (b.cost, b.moves, -b.gain))
        assert (last.cost, last.moves, last.gain) == best[:3]
    else:
        assert last.gain == max(b.gain for b in every(groups, budget))


@given(GROUPS, st.integers(1, 40))
def test_each_of_the_front_is_the_cheapest_for_what_it_gives(
    groups: list[list[Bundle]], budget: int
) -> None:
    """No choice gives as much as one of the front for less."""
    choices = every(groups, budget)
    front = cheapest(groups, float("inf"), budget)
    assert front[0] == NOTHING
    for bundle in front:
        cheaper = [b for b in choices if b[:2] < bundle[:2] and b.gain >= bundle.gain]
        assert not cheaper


def test_greedy_would_pay_more() -> None:
    """The best points for a day are not always part of the cheapest choice."""
    groups = [[Bundle(3, 1, 6.0, ())], [Bundle(4, 1, 7.0, ())], [Bundle(5, 1, 8.0, ())]]
    last = cheapest(groups, 8.0)[-1]
    assert (last.cost, last.moves) == (5, 1)
