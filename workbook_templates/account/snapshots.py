"""Rows of the history Table: one a snapshot, today last, and what its chart reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoring.model import ScoreModel
from workbook_templates.account import words as w
from workbook_templates.account.facts import Facts, Snapshot
from workbook_templates.account.steps import NOT_AVAILABLE, Row
from workbook_templates.ooxml.cells import Value

SHOWN = 40
"""Most snapshots the Table holds, newest last."""


def history_rows(f: Facts) -> list[Row]:
    """One row a snapshot in the column order of the Table."""
    today = Snapshot(f.as_of, f.total, f.tier, tuple(float(x) for x in f.rolled.dimensions))
    shots = [*f.past[-SHOWN:], today]
    scores = [s.total for s in shots]
    green, amber, _ = f.model.tiers
    bands: Row = [amber.starts_at, green.starts_at - amber.starts_at, 100 - green.starts_at]
    labelled = _labelled(scores)
    mids = (
        (axis_start(f.model, scores) + amber.starts_at) / 2,
        (amber.starts_at + green.starts_at) / 2,
        (green.starts_at + 100) / 2,
    )
    spots = [_quiet_spot(scores, mid) for mid in mids]
    out: list[Row] = []
    for i, shot in enumerate(shots):
        shown = None if math.isnan(shot.total) else shot.total
        code = w.KEYS.index(shot.tier) if shot.tier else None
        words = [m if i == at else NOT_AVAILABLE for m, at in zip(mids, spots, strict=True)]
        out.append(
            [shot.day, _month(shots, i), shown, NOT_AVAILABLE if shown is None else shown,
             w.code_words(f.model, code) or "○ No score", *bands,
             shown if i in labelled else NOT_AVAILABLE, *words,
             *(_blank(d) for d in shot.dimensions)]
        )  # fmt: skip
    return out


def _blank(x: float) -> Value:
    return None if math.isnan(x) else x


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


def _quiet_spot(scores: Sequence[float], height: float) -> int:
    """Where a word at this height is farthest from the line; it runs over two columns."""
    if len(scores) < 4:
        return -1

    def room(i: int) -> float:
        near = [abs(s - height) for s in scores[i : i + 3] if not math.isnan(s)]
        return min(near, default=100.0)

    spots = range(len(scores) - 2)
    return next((i for i in spots if room(i) >= 9), max(spots, key=room))


def axis_start(model: ScoreModel, scores: Sequence[float]) -> float:
    """Where the score axis starts: at 40 if that still shows red and every score, else at 0."""
    shows_red = model.tiers[1].starts_at >= 55
    return 40.0 if shows_red and not any(s < 45 for s in scores) else 0.0
