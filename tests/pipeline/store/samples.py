"""Small snapshots to record."""

from __future__ import annotations

from datetime import date

import pandas as pd

from pipeline.store import Snapshot, snapshot_of
from scoring.inputs import Inputs
from scoring.model import ScoreModel
from scoring.presets import load_preset
from scoring.score import score_accounts

MODEL = load_preset("scorecard")
"""Five typed dimensions are enough for a score."""
JAN, FEB, MAR = date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)
TODAY = date(2026, 3, 9)


def accounts(*ratings: float, first: int = 1) -> pd.DataFrame:
    """One account a rating, which all its dimensions have: 3 scores 60."""
    numbers = range(first, first + len(ratings))
    frame = pd.DataFrame(
        {
            "account_id": [f"S-{n:03}" for n in numbers],
            "account_name": [f"Sample Account {n:02}" for n in numbers],
            "renewal_date": pd.Series([pd.Timestamp(2026, 12, 31)] * len(ratings)),
        }
    )
    texts = {k: frame[k].astype(object) for k in ("account_id", "account_name")}
    typed = {d.key: [float(r) for r in ratings] for d in MODEL.dimensions}
    return frame.assign(**texts, **typed)


def inputs(*ratings: float) -> Inputs:
    """A read source without anything beside its accounts."""
    return Inputs(accounts(*ratings), source="sample.xlsx")


def snapshot(day: date, *ratings: float, model: ScoreModel = MODEL, first: int = 1) -> Snapshot:
    """Accounts S-001, S-002, …, scored for a day."""
    frame = accounts(*ratings, first=first)
    scores = score_accounts(frame, model, as_of=day)
    return snapshot_of(frame, scores, source="sample.xlsx")
