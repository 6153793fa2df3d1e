"""From which tier to which."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.migration import GONE, NEW, Migration, migration
from scoring.movers import tier_moves
from scoring.timeline import Timeline, score_over_time
from tests.scoring.portfolios import FRAMES, MODEL, scored, shuffled
from tests.scoring.rows import AS_OF, day


def rows(**values: float | None) -> pd.DataFrame:
    """Accounts by id with one value for all metrics and ARR 10, 20, …."""
    return pd.DataFrame(
        [
            {"account_id": k, "arr": 10.0 * n, "currency": "USD"}
            | ({} if v is None else dict.fromkeys("abcd", float(v)))
            for n, (k, v) in enumerate(values.items(), start=1)
        ]
    )


def cells(found: Migration) -> dict[tuple[str, str], tuple[int, float]]:
    """The cells that hold an account."""
    return {(a, b): found.at(a, b) for a in found.rows for b in found.columns if found.at(a, b)[0]}


def test_by_hand() -> None:
    """Fallen, risen, stayed, new, lost its score, got one, gone: one account each."""
    history = rows(F=90, R=50, S=70, L=90, G=None, Z=30).assign(date=day(30))
    frame, line = scored(rows(F=70, R=90, S=70, L=None, G=50, N=90), history)
    found = migration(frame, line)
    assert cells(found) == {
        ("green", "amber"): (1, 10),
        ("red", "green"): (1, 20),
        ("amber", "amber"): (1, 30),
        ("green", ""): (1, 40),
        ("", "red"): (1, 50),
        (NEW, "green"): (1, 60),
        ("red", GONE): (1, found.at("red", GONE)[1]),
    }
    assert math.isnan(found.at("red", GONE)[1])
    assert not found.first


def test_arr_of_those_who_left() -> None:
    """What a gone account paid can be handed in."""
    history = rows(A=90, Z=30).assign(date=day(30))
    frame, line = scored(rows(A=90), history)
    found = migration(frame, line, last_arr=pd.Series({"Z": 7.0}))
    assert found.at("red", GONE) == (1, 7.0)


def test_who_left_long_ago_is_not_told_again() -> None:
    """An account that the last snapshots lack as well is no move of this period."""
    old = rows(A=90, Z=30).assign(date=day(120))
    recent = rows(A=90).assign(date=day(30))
    frame, line = scored(rows(A=90), pd.concat([old, recent]))
    assert cells(migration(frame, line)) == {("green", "green"): (1, 10)}


def test_who_left_had_the_last_tier() -> None:
    """Of several snapshots the last one says what a gone account was, up to 45 days before."""
    early, late = rows(Z=90).assign(date=day(40)), rows(Z=30).assign(date=day(30))
    frame, line = scored(rows(A=90), pd.concat([early, late]))
    assert [key for key in cells(migration(frame, line)) if key[1] == GONE] == [("red", GONE)]
    stayed = rows(A=90).assign(date=day(10))
    for back, gone in ((55, 1), (56, 0)):
        history = pd.concat([rows(Z=30).assign(date=day(back)), stayed])
        frame, line = scored(rows(A=90), history)
        assert migration(frame, line).at("red", GONE)[0] == gone


def test_the_first_snapshot_moves_nobody() -> None:
    """Without an earlier snapshot all are new, and the matrix says that it is the first."""
    frame, line = scored(rows(A=90, B=20, C=None))
    found = migration(frame, line)
    assert found.first
    assert cells(found) == {(NEW, "green"): (1, 10), (NEW, "red"): (1, 20), (NEW, ""): (1, 30)}


def test_one_currency() -> None:
    """Accounts of other currencies are counted, their amounts are not added."""
    given = rows(A=90, B=90, C=90).assign(currency=["USD", "USD", "EUR"])
    frame, line = scored(given)
    assert migration(frame, line).at(NEW, "green") == (3, 30)
    assert migration(frame, line, currency="EUR").at(NEW, "green") == (3, 30)


@given(FRAMES, st.integers(0, 99))
@settings(max_examples=60)
def test_cells_sum_to_the_accounts(frame, seed) -> None:  # type: ignore[no-untyped-def]
    """Every account is in one cell, above and below the diagonal are the moves, in any order."""
    source = frame[["account_id"]]
    past = pd.DataFrame({"account_id": frame["account_id"], "date": day(9), "score": 50.0})
    line: Timeline = score_over_time(source, past, MODEL, as_of=AS_OF)
    found = migration(frame, line)
    assert sum(map(sum, found.accounts)) == len(frame)
    for number, tier in enumerate(found.columns[:4]):
        assert sum(row[number] for row in found.accounts) == (frame["tier"] == tier).sum()
    moves = tier_moves(frame)
    worse = sum(found.accounts[a][b] for a in range(3) for b in range(a + 1, 3))
    better = sum(found.accounts[a][b] for a in range(3) for b in range(a))
    assert (worse, better) == (moves.worse, moves.better)
    assert repr(migration(shuffled(frame, seed), line)) == repr(found)
