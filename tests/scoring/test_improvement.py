"""Who got better, how long it took, and who fell back."""

from __future__ import annotations

import math

import pandas as pd

from scoring.improvement import improvement, tier_runs
from scoring.timeline import Timeline
from tests.scoring.portfolios import scored
from tests.scoring.rows import day


def history(**paths: dict[int, float | None]) -> Timeline:
    """Accounts by id: days back → the value of all four metrics; 0 is today."""
    rows = [
        {"account_id": name, "date": day(back)}
        | ({} if value is None else dict.fromkeys("abcd", float(value)))
        for name, path in paths.items()
        for back, value in path.items()
    ]
    frame = pd.DataFrame(rows)
    today = frame[frame["date"] == day(0)].drop(columns="date").reset_index(drop=True)
    return scored(today, frame[frame["date"] != day(0)])[1]


def test_by_hand() -> None:
    """Red to amber in 30 days, amber to green in 60, red to green in 20."""
    line = history(
        A={120: 90, 80: 50, 50: 70, 0: 70},
        B={120: 50, 70: 70, 10: 90, 0: 90},
        C={100: 90, 60: 50, 40: 90, 0: 90},
    )
    found = improvement(line)
    # B: red to amber on day 70, seen red since the first snapshot, so nobody knows how long.
    assert [(m.was, m.now, m.moves) for m in found.moves] == [
        ("red", "amber", 2), ("amber", "green", 1), ("red", "green", 1),
    ]  # fmt: skip
    assert [m.days for m in found.moves] == [30, 60, 20]
    assert (found.improved, found.median_days) == (4, 30)


def test_recovery_and_relapse() -> None:
    """Of four red accounts one is amber, one green, one fell back and one stayed."""
    line = history(
        A={60: 50, 30: 70, 0: 70},
        B={60: 50, 30: 90, 0: 90},
        C={60: 50, 30: 70, 0: 50},
        D={60: 50, 30: 50, 0: 50},
        E={60: 90, 30: 90, 0: 90},
    )
    red, amber = improvement(line).recoveries
    assert (red.accounts, red.recovered, red.rate, red.relapsed) == (4, 2, 0.5, 1)
    assert (amber.accounts, amber.recovered, amber.rate) == (2, 0, 0.0)


def test_the_period_ends_today() -> None:
    """What happened before it does not count, but who was red when it began does."""
    line = history(A={200: 50, 150: 90, 0: 90}, B={200: 50, 95: 50, 20: 90, 0: 90})
    found = improvement(line)
    assert found.improved == 1
    red = found.recoveries[0]
    assert (red.accounts, red.recovered) == (1, 1)
    assert improvement(line, days=365).improved == 2


def test_a_snapshot_without_a_score_ends_nothing() -> None:
    """A gap in a stretch neither ends it nor counts as a move."""
    line = history(A={90: 90, 60: 50, 45: None, 30: 50, 10: 70, 0: None})
    runs = tier_runs(line)
    assert runs["code"].tolist() == [2, 0, 1]
    assert runs["known_before"].tolist() == [False, False, True]
    assert runs["start"].dt.date.tolist() == [day(90), day(60), day(10)]
    found = improvement(line)
    assert (found.moves[0].moves, found.moves[0].days) == (1, 50)
    # Without a score today nobody knows whether it recovered.
    assert found.recoveries[0].recovered == 0


def test_an_account_that_left_is_no_recovery() -> None:
    """Who was red and is not in the source any more did not recover."""
    frame = pd.DataFrame(
        [
            {"account_id": name, "date": day(back), **dict.fromkeys("abcd", 50.0)}
            for name, back in (("A", 30), ("Z", 30), ("Y", 200))
        ]
    )
    today = pd.DataFrame([{"account_id": "A", **dict.fromkeys("abcd", 90.0)}])
    red = improvement(scored(today, frame)[1]).recoveries[0]
    assert (red.accounts, red.recovered) == (2, 1)


def test_nothing_to_tell() -> None:
    """One snapshot, and no account at all, show no improvement and no rate."""
    for line in (history(A={0: 90}), scored(pd.DataFrame({"account_id": []}))[1]):
        found = improvement(line)
        assert found.improved == 0
        assert math.isnan(found.median_days)
        assert all(math.isnan(m.days) for m in found.moves)
        assert all(r.accounts == 0 and math.isnan(r.rate) for r in found.recoveries)


def test_runs_alternate() -> None:
    """Two stretches in a row never have the same tier."""
    line = history(A={40: 50, 30: 50, 20: 90, 10: 50, 0: 50}, B={30: 50, 0: 50})
    runs = tier_runs(line)
    assert runs["account_id"].tolist() == ["A", "A", "A", "B"]
    assert (runs["code"] != runs["code_before"]).all()
    assert runs["end"].dt.date.tolist() == [day(30), day(20), day(0), day(0)]
