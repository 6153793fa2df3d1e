"""Score with a history: what stood before comes in, and what is scored goes in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from pipeline.scored import Scored, score_inputs
from pipeline.store.history import History, Recorded
from pipeline.store.rows import snapshot_of
from pipeline.store.write import Written
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel

__all__ = ["Remembered", "score_with_history"]


@dataclass(frozen=True)
class Remembered:
    """Scores that a history took part in.

    Attributes:
        scored: as without one.
        written: what became of the snapshot; None where nothing was to be recorded.
        reproduced: the day had been recorded, and its inputs were taken from there.
    """

    scored: Scored
    written: Written | None = None
    reproduced: bool = False


def score_with_history(
    inputs: Inputs,
    model: ScoreModel,
    history: History,
    *,
    as_of: date,
    today: date,
    record: bool,
    correct: bool = False,
    full: bool = False,
) -> Remembered:
    """Score what was read, beside the snapshots of a history.

    A day that is over and was recorded under this model's version is reproduced: its accounts
    come from the history as they were known then, not from the source, which has moved on. Of
    two earlier rows for one account and date the history's counts before the source's.

    Args:
        inputs: as read.
        model: the score model.
        history: where snapshots are kept.
        as_of: the day to score.
        today: the day it is.
        record: append the snapshot. Today's is corrected where the source changed since.
        correct: take a past day's values from the source, and record them as a correction.
        full: give every earlier snapshot with its raw inputs, which a report shows.
    """
    over = as_of < today
    past = history.recorded(as_of, model.label) if over and not correct else None
    known_to = past.run if past else None
    earlier = history.earlier(model, before=as_of, full=full, known_to=known_to)
    joined = replace(inputs, history=_joined(inputs.history, earlier))
    if past is not None:
        again = replace(joined, accounts=past.accounts, tables=past.tables, problems=())
        scored = score_inputs(again, model, as_of=as_of)
        notes = _differences(scored, past, history.shown)
        return Remembered(replace(scored, problems=(*scored.problems, *notes)), reproduced=True)
    scored = score_inputs(joined, model, as_of=as_of)
    if not record:
        return Remembered(scored)
    snapshot = snapshot_of(
        inputs.accounts, scored.scores, tables=inputs.tables, source=inputs.source
    )
    return Remembered(scored, history.record(snapshot, correct=correct or not over))


def _joined(given: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    if given.empty or kept.empty:
        return kept if given.empty else given
    sides = [given.assign(date=pd.to_datetime(given["date"]).astype("datetime64[us]")),
             kept.assign(date=kept["date"].astype("datetime64[us]"))]  # fmt: skip
    both = pd.concat(sides, ignore_index=True)
    texts = [k for k in both.columns if any(k in s and s[k].dtype == object for s in sides)]
    for key in texts:
        column = both[key].astype(object)
        both[key] = column.where(column.notna(), None)
    return both.drop_duplicates(["account_id", "date"], keep="last").reset_index(drop=True)


def _differences(scored: Scored, past: Recorded, shown: str) -> list[Problem]:
    """A note where today's program, model or source give another outcome than was recorded."""
    entries, scores = past.entries, scored.scores
    same = np.isclose(entries["score"], scores.total, rtol=0.0, atol=0.0, equal_nan=True)
    same &= entries["tier"].to_numpy(object) == scores.tier
    count = int((~same).sum())
    if not count:
        return []
    message = (
        f"{count:,} of {len(same):,} accounts score differently from what was recorded for "
        f"{past.day.isoformat()}."
    )
    changed = past.model.digest != scores.model.digest
    fix = (
        f"{past.model.label} was changed since without a new version; give it one."
        if changed
        else "The source's own history, or the program, has changed since."
    )
    return [Problem(shown, None, "", "", "", message, fix, "note")]
