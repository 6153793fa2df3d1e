"""How much each CSM has to do, and which accounts could move."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.capacity import CAPACITY, Capacity, csm_loads
from scoring.rebalancing import Move, rebalance
from tests.scoring.portfolios import FRAMES, portfolio, shuffled


def desk(csm: str, green: int, amber: int = 0, red: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Accounts of one CSM: ids that start with the name, scores that differ."""
    scores = [90 + i % 10 for i in range(green)] + [70] * amber + [40] * red
    return [
        {"account_id": f"{csm}{i:02d}", "csm": csm, "score": s, "arr": 10, **more}
        for i, s in enumerate(scores)
    ]


def ids(moves: tuple[Move, ...]) -> list[tuple[str, str, str]]:
    """Account, giver and taker of each move."""
    return [(m.account_id, m.giver, m.taker) for m in moves]


def test_load_by_hand() -> None:
    """Ann: 4 green, 2 amber, 1 red are 4 + 4 + 3 = 11; Bob: 5 green are 5; the mean is 8."""
    frame = portfolio(*desk("Bob", 5), *desk("Ann", 4, 2, 1, days_left=30), {"csm": "", "arr": 10})
    ann, bob, nobody = csm_loads(frame)
    assert (ann.label, ann.accounts, ann.arr, ann.load) == ("Ann", 7, 70, 11)
    assert (ann.green, ann.amber, ann.red, ann.at_risk, ann.at_risk_arr) == (4, 2, 1, 3, 30)
    assert (ann.renewals, ann.renewals_arr, bob.renewals) == (7, 70, 0)
    assert ann.against_mean == pytest.approx(11 / 8)
    assert ann.reasons == ("138% of the mean load",)
    assert not bob.overloaded
    assert (nobody.label, nobody.no_score, nobody.overloaded) == ("Not given", 1, False)
    assert math.isnan(nobody.against_mean)


def test_more_red_accounts_than_one_can_hold() -> None:
    """Three red accounts are what the document calls ideal at most; a fourth is too many."""
    frame = portfolio(*desk("Ann", 0, 0, 3), *desk("Bob", 0, 0, 4), *desk("Cyd", 9))
    assert [load.reasons for load in csm_loads(frame)] == [
        (), ("4 red accounts, at most 3", "120% of the mean load")[:1], (),
    ]  # fmt: skip
    assert "002" in CAPACITY.source
    assert "Ours" in CAPACITY.source


def test_a_capacity_of_ones_own() -> None:
    """A company's figures take the place of ours."""
    frame = portfolio(*desk("Ann", 1, 0, 1), *desk("Bob", 5))
    own = Capacity(red=0, over_mean=1.0, effort={"red": 1.0})
    ann, bob = csm_loads(frame, capacity=own)
    assert (ann.load, bob.load) == (2, 5)
    assert ann.reasons == ("1 red account, at most 0",)
    assert bob.reasons == ("143% of the mean load",)


def test_the_document_by_hand() -> None:
    """As in the document: 12 green, 14 amber, 6 red; two or three green accounts move."""
    frame = portfolio(*desk("Sarah", 12, 14, 6), *desk("Tom", 16, 4, 1), *desk("Uma", 20, 6, 0))
    moves = rebalance(frame)
    assert ids(moves) == [("Sarah09", "Sarah", "Tom"), ("Sarah08", "Sarah", "Tom"),
                          ("Sarah07", "Sarah", "Tom")]  # fmt: skip
    # 12 + 28 + 18 = 58 and 16 + 8 + 3 = 27, one less and one more with each move.
    assert [(m.giver_load, m.taker_load) for m in moves] == [(57, 28), (56, 29), (55, 30)]
    assert moves[0].reason == "Green 99, least load"


def test_same_segment_and_region_first() -> None:
    """The account that fits the taker's own moves, though another one is healthier."""
    frame = portfolio(
        *desk("Ann", 6, 3, 4, segment="smb", region="EMEA"),
        {"account_id": "X", "csm": "Ann", "score": 81, "segment": "enterprise", "region": "APAC"},
        {"account_id": "Y", "csm": "Ann", "score": 85, "segment": "enterprise", "region": "EMEA"},
        *desk("Bob", 3, segment="enterprise", region="APAC"),
    )
    moves = rebalance(frame)
    assert ids(moves)[:2] == [("X", "Ann", "Bob"), ("Y", "Ann", "Bob")]
    assert [m.reason for m in moves[:2]] == ["Green 81, same segment and region",
                                             "Green 85, same segment"]  # fmt: skip


@pytest.mark.parametrize(("days", "moves"), [(90, 0), (0, 0), (-5, 0), (91, 3), (math.nan, 3)])
def test_nobody_moves_before_a_renewal(days: float, moves: int) -> None:
    """An account that renews within 90 days, or is overdue, stays where it is."""
    frame = portfolio(*desk("Ann", 9, 3, 4, days_left=days), *desk("Bob", 1))
    assert len(rebalance(frame)) == moves


def test_who_has_too_much_takes_nothing() -> None:
    """Another CSM takes the accounts, though the one with too many red ones has less to do."""
    frame = portfolio(*desk("Ann", 30, 5, 2), *desk("Bob", 0, 0, 4), *desk("Cyd", 20))
    assert {m.taker for m in rebalance(frame)} == {"Cyd"}


def test_nobody_is_brought_above_the_mean() -> None:
    """Who is at the mean takes nothing, however well the account would fit."""
    frame = portfolio(
        *desk("Ann", 60, segment="smb"), *desk("Bob", 35, segment="smb"),
        *desk("Cyd", 10, segment="enterprise"),
    )  # fmt: skip
    assert [(m.taker, m.reason) for m in rebalance(frame)][:1] == [("Cyd", "Green 99, least load")]
    assert {m.taker for m in rebalance(frame)} == {"Cyd"}


def test_a_move_may_meet_in_the_middle() -> None:
    """Six and four accounts become five and five, and then there is nothing left to move."""
    frame = portfolio(*desk("Ann", 6), *desk("Bob", 4))
    (move,) = rebalance(frame, capacity=Capacity(over_mean=1.0))
    assert (move.giver_load, move.taker_load) == (5, 5)


def test_where_everybody_has_too_many_red_accounts() -> None:
    """Green accounts still move from who has most to who has least."""
    frame = portfolio(*desk("Ann", 20, 9, 9), *desk("Bob", 5, 3, 4), *desk("Cyd", 30, 4, 5))
    assert all(load.overloaded for load in csm_loads(frame))
    moves = rebalance(frame)
    assert [(m.giver, m.taker) for m in moves] == [("Ann", "Bob")] * 3 + [("Cyd", "Bob")] * 3
    assert moves[-1].taker_load == 5 + 6 + 12 + 6


def test_nothing_to_move() -> None:
    """Even loads, one CSM alone, no CSM at all and no accounts need no move."""
    even = portfolio(*desk("Ann", 5), *desk("Bob", 5))
    alone = portfolio(*desk("Ann", 5, 0, 9))
    nobody = portfolio(*desk("", 5, 0, 9))
    everybody_red = portfolio(*desk("Ann", 2, 0, 4), *desk("Bob", 2, 0, 4))
    for frame in (even, alone, nobody, everybody_red, portfolio()):
        assert rebalance(frame) == ()
    assert csm_loads(portfolio()) == ()


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=25)
def test_moves_even_out(frame: pd.DataFrame, seed: int) -> None:
    """Moves are few, always the same, of green accounts, and each brings two loads closer."""
    own = Capacity(red=1, over_mean=1.1)
    before = {load.csm: load for load in csm_loads(frame, capacity=own)}
    moves = rebalance(frame, capacity=own)
    assert ids(rebalance(shuffled(frame, seed), capacity=own)) == ids(moves)
    assert max(Counter(m.giver for m in moves).values(), default=0) <= own.moves
    assert len({m.account_id for m in moves}) == len(moves)
    after = frame.assign()
    for move in moves:
        row = frame.loc[move.row]
        assert (row["tier"], row["csm"]) == ("green", move.giver)
        assert not row["days_left"] <= own.renewal_days
        assert before[move.giver].overloaded
        assert before[move.taker].against_mean < 1
        assert move.taker_load <= move.giver_load + 1e-9
        after.loc[move.row, "csm"] = move.taker
    loads = {load.csm: load.load for load in csm_loads(after, capacity=own) if load.csm}
    if moves:
        assert max(loads.values()) <= max(b.load for b in before.values() if b.csm)
    final = {m.giver: m.giver_load for m in moves} | {m.taker: m.taker_load for m in moves}
    last = {m.taker: m.taker_load for m in moves}
    assert all(loads[csm] == pytest.approx(load) for csm, load in last.items())
    assert set(final) <= set(loads)


@given(FRAMES)
@settings(max_examples=15)
def test_loads_hold_every_account(frame: pd.DataFrame) -> None:
    """Accounts, tiers and loads of the CSMs sum to those of all."""
    loads = csm_loads(frame)
    assert sum(load.accounts for load in loads) == len(frame)
    tiers = [x.green + x.amber + x.red + x.no_score for x in loads]
    assert tiers == [x.accounts for x in loads]
    assert sum(x.load for x in loads) == pytest.approx(sum(map(CAPACITY.takes, frame["tier"])))


def _plainly(frame: pd.DataFrame, own: Capacity) -> list[tuple[str, str, str]]:
    """Moves found by looking at every account beside every taker, as the rules read."""
    loads = {x.csm: x.load for x in csm_loads(frame, capacity=own) if x.csm}
    full = {x.csm for x in csm_loads(frame, capacity=own) if x.overloaded}
    mean, out = sum(loads.values()) / max(len(loads), 1), list[tuple[str, str, str]]()
    rows = frame[(frame["tier"] == "green") & ~(frame["days_left"] <= own.renewal_days)]
    ordered = rows.sort_values(["score", "account_id"], ascending=[False, True])
    knows = {
        (c, key): set(frame.loc[frame["csm"] == c, key]) - {""}
        for c in loads
        for key in ("segment", "region")
    }
    for giver in sorted(full, key=lambda c: (-loads[c], c)):
        left = ordered[ordered["csm"] == giver].to_dict("records")
        for _ in range(own.moves):
            room = [c for c in loads if loads[c] + 1 <= min(mean, loads[giver] - 1) + 1e-9]
            takers = [c for c in room if c not in full]
            if not takers and loads[giver] > mean + 1e-9:
                takers = room
            takers.sort(key=lambda c: (loads[c], c))
            fits = [
                (-2 * (row["segment"] in knows[c, "segment"])
                 - (row["region"] in knows[c, "region"]), place, i)
                for place, c in enumerate(takers) for i, row in enumerate(left)
            ]  # fmt: skip
            if not fits:
                break
            _, place, i = min(fits)
            out.append((left.pop(i)["account_id"], giver, takers[place]))
            loads[giver], loads[takers[place]] = loads[giver] - 1, loads[takers[place]] + 1
    return out


@given(FRAMES)
@settings(max_examples=25)
def test_moves_are_those_that_fit_best(frame: pd.DataFrame) -> None:
    """The quick search among kinds of accounts finds what a look at every pair finds."""
    own = Capacity(red=1, over_mean=1.1)
    assert ids(rebalance(frame, capacity=own)) == _plainly(frame, own)
