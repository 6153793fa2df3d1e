"""Which accounts could move to which CSM so that load evens out: few moves, always the same.

Green accounts leave CSMs that have too much, for the one who has least; same segment and region
first. Nobody gets more than the one who gives keeps, and no account moves shortly before its
renewal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from scoring.capacity import CAPACITY, Capacity, csm_loads

__all__ = ["Move", "rebalance"]


@dataclass(frozen=True, slots=True)
class Move:
    """A proposal: an account and its next CSM.

    Attributes:
        row: position of the account in the frame.
        account_id, account_name: of the account.
        giver, taker: CSMs.
        arr, currency: of the account; NaN and "" where not known.
        reason: why, and why there.
        giver_load, taker_load: in standard accounts, after this move and those before it.
    """

    row: int
    account_id: str
    account_name: str
    giver: str
    taker: str
    arr: float
    currency: str
    reason: str
    giver_load: float
    taker_load: float


_TOLD = ("account_id", "account_name", "csm", "segment", "region", "arr", "currency", "shown")
"""Columns of the frame that a move is chosen by and told with."""

_KNOWS_ALL = 3
"""Nobody fits better than who knows the segment and the region."""


@dataclass
class _Desk:
    """A CSM while moves are chosen: load, and the segments and regions that they know."""

    csm: str
    load: float
    full: bool
    segments: frozenset[str]
    regions: frozenset[str]

    def knows(self, segment: str, region: str) -> int:
        """How well an account fits: its segment counts more than its region."""
        return 2 * (segment in self.segments) + (region in self.regions)


def rebalance(frame: pd.DataFrame, *, capacity: Capacity = CAPACITY) -> tuple[Move, ...]:
    """Moves that take load off CSMs who have too much.

    Args:
        frame: a portfolio frame. An account without a renewal date may move; one that renews
            within ``capacity.renewal_days``, or is overdue, may not.
        capacity: what one CSM can look after, and how many accounts may leave one.

    Returns:
        At most ``capacity.moves`` for each CSM who has too much, the fullest first. Each move
        leaves the taker at most at the mean, and not above the giver. Takers have too much
        themselves only where everybody else has. Empty where none helps.
    """
    desks = _desks(frame, capacity)
    rows = frame[(frame["tier"] == "green") & ~(frame["days_left"] <= capacity.renewal_days)]
    # The healthiest first: a new CSM has time to get to know them.
    rows = rows.sort_values(["score", "account_id"], ascending=[False, True])
    theirs = dict(list(rows[list(_TOLD)].groupby("csm", sort=False)))
    moves: list[Move] = []
    for giver in sorted((d for d in desks if d.full), key=lambda d: (-d.load, d.csm)):
        mine = theirs.get(giver.csm, rows.iloc[:0])
        for _ in range(capacity.moves):
            move = _best(mine, giver, desks, capacity.takes("green"))
            if move is None:
                break
            moves.append(move)
            mine = mine.drop(index=move.row)
    return tuple(moves)


def _desks(frame: pd.DataFrame, capacity: Capacity) -> list[_Desk]:
    loads = [load for load in csm_loads(frame, capacity=capacity) if load.csm]
    known = {}
    for column in ("segment", "region"):
        given = frame[frame[column] != ""]
        known[column] = {str(c): frozenset(v) for c, v in given.groupby("csm")[column]}
    none: frozenset[str] = frozenset()
    return [
        _Desk(
            load.csm,
            load.load,
            load.overloaded,
            known["segment"].get(load.csm, none),
            known["region"].get(load.csm, none),
        )
        for load in loads
    ]


def _best(rows: pd.DataFrame, giver: _Desk, desks: list[_Desk], takes: float) -> Move | None:
    """The account and taker that fit best; of equals the taker with least load."""
    mean = sum(d.load for d in desks) / len(desks)
    most = min(mean, giver.load - takes)
    room = [d for d in desks if d.load + takes <= most + 1e-9]
    takers = [d for d in room if not d.full]
    if not takers and giver.load > mean + 1e-9:
        # Where everybody has too many red accounts, the rest of the load can still even out.
        takers = room
    takers.sort(key=lambda d: (d.load, d.csm))
    if rows.empty or not takers:
        return None
    # Of accounts of one kind the first fits best: hundreds of takers look at kinds, not accounts.
    first: dict[tuple[str, str], int] = {}
    for i, kind in enumerate(zip(rows["segment"], rows["region"], strict=True)):
        first.setdefault(kind, i)
    place, i = _fitting(takers, first)
    taker, row = takers[place], rows.iloc[i]
    giver.load, taker.load = giver.load - takes, taker.load + takes
    return Move(
        row=int(rows.index[i]),
        account_id=row["account_id"],
        account_name=row["account_name"],
        giver=giver.csm,
        taker=taker.csm,
        arr=float(row["arr"]),
        currency=row["currency"],
        reason=_reason(row, taker),
        giver_load=giver.load,
        taker_load=taker.load,
    )


def _fitting(takers: list[_Desk], first: dict[tuple[str, str], int]) -> tuple[int, int]:
    """Place of the taker whom an account fits best, the first of equals, and that account's."""
    best, found = -1, (0, 0)
    for place, taker in enumerate(takers):
        knows, i = max((taker.knows(*kind), -i) for kind, i in first.items())
        if knows > best:
            best, found = knows, (place, -i)
        if best == _KNOWS_ALL:
            break
    return found


def _reason(row: pd.Series[Any], taker: _Desk) -> str:
    same = [word for word, has in (("segment", row["segment"] in taker.segments),
                                   ("region", row["region"] in taker.regions)) if has]  # fmt: skip
    shared = f"same {' and '.join(same)}" if same else "least load"
    return f"Green {row['shown']:.0f}, {shared}"
