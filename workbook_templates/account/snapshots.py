"""Rows of the history Table: one a snapshot, today last, and what its chart reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise

from scoring.account_facts import Facts, Snapshot
from scoring.model import ScoreModel
from scoring.rollup import TIERS
from workbook_templates.account import words as w
from workbook_templates.account.numbers import blank
from workbook_templates.account.steps import NOT_AVAILABLE
from workbook_templates.ooxml.cells import Value

SHOWN = 40
"""Most snapshots the Table holds, newest last."""

QUIET, NUMBER_HEIGHT = 10.0, 7.0
"""Points between a word and the line where neither hides the other; a point to its number."""


def history_rows(f: Facts) -> list[list[Value]]:
    """One row a snapshot, in the order of `drawing.account.history.FIXED` and the dimensions."""
    shots = [*f.past[-SHOWN:], Snapshot(f.as_of, f.total, f.tier, f.dimensions)]
    scores = [s.total for s in shots]
    labelled, words = _labelled(scores), _tier_words(f.model, scores)
    green, amber, _ = (tier.starts_at for tier in f.model.tiers)
    out: list[list[Value]] = []
    for i, shot in enumerate(shots):
        score = blank(shot.total)
        code = TIERS.index(shot.tier) if shot.tier else None
        out.append([
            shot.day,
            _month(shots, i),
            score,
            NOT_AVAILABLE if score is None else score,
            w.code_words(f.model, code) or "○ No score",
            amber, green - amber, 100 - green,
            score if i in labelled else NOT_AVAILABLE,
            *words[i],
            *map(blank, shot.dimensions),
        ])  # fmt: skip
    return out


def _tier_words(model: ScoreModel, scores: Sequence[float]) -> list[list[Value]]:
    """For each snapshot, the heights at which red's, amber's and green's word stand, or #N/A."""
    green, amber, _ = (tier.starts_at for tier in model.tiers)
    edges = (axis_start(model, scores), amber, green, 100.0)
    # A number stands above its point: words keep away from both.
    busy = [[s, s + NUMBER_HEIGHT] if i in _labelled(scores) else [s] for i, s in enumerate(scores)]
    spots = [_quiet_spot(busy, low, high) for low, high in pairwise(edges)]
    return [[h if i == at else NOT_AVAILABLE for at, h in spots] for i in range(len(scores))]


def _month(shots: Sequence[Snapshot], i: int) -> str:
    """Category of a chart point: the month, and the year where it is new."""
    day = shots[i].day
    new = i == 0 or day.year != shots[i - 1].day.year
    return f"{day:%b}\n{day.year}" if new else f"{day:%b}"


def _labelled(scores: Sequence[float]) -> set[int]:
    """Points that carry their number: the last, and the peak where it is higher."""
    last = len(scores) - 1
    known = {i: s for i, s in enumerate(scores) if not math.isnan(s)}
    out = {last} & known.keys()
    peak = max(known, key=lambda i: known[i], default=last)
    if known and not known[peak] <= known.get(last, -1.0):
        out.add(peak)
    return out


def _quiet_spot(busy: Sequence[Sequence[float]], low: float, high: float) -> tuple[int, float]:
    """Snapshot and height in a band where a word, which runs over two columns, is off the line."""

    def room(spot: tuple[int, float]) -> float:
        i, height = spot
        heights = chain.from_iterable(busy[i : i + 3])
        near = [abs(h - height) for h in heights if not math.isnan(h)]
        return min(near, default=100.0)

    # The middle of the band first, then a quarter from its edges.
    heights = [low + (high - low) * share for share in (0.5, 0.75, 0.25)]
    spots = [(i, height) for height in heights for i in range(max(1, len(busy) - 2))]
    return next((spot for spot in spots if room(spot) >= QUIET), max(spots, key=room))


def axis_start(model: ScoreModel, scores: Sequence[float]) -> float:
    """Where the score axis starts: at 40 if that still shows red and every score, else at 0."""
    shows_red = model.tiers[1].starts_at >= 55
    return 40.0 if shows_red and not any(s < 45 for s in scores) else 0.0
