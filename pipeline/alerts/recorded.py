"""A history that `healthsheet score --history` keeps, as the rows that triggers look at."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from pipeline import store
from pipeline.sources.history import History, last_rows
from scoring.errors import HistoryError
from scoring.inputs import Inputs
from scoring.model import ScoreModel

__all__ = ["recorded_history"]


def recorded_history(named: str, model: ScoreModel, *, as_of: date) -> History:
    """Every snapshot up to a day, with the raw values behind its scores.

    Args:
        named: address of the history.
        model: as for `read_history`; what another one scored is scored again.
        as_of: the last day that counts.

    Returns:
        Accounts as their last snapshot tells; events are those of the last snapshot under this
        model's version.

    Raises:
        HistoryError: it cannot be opened, or holds nothing up to that day.
    """
    kept = store.History(store.read_address(named))
    frame = kept.earlier(model, before=as_of + timedelta(days=1), full=True)
    if frame.empty:
        raise HistoryError(
            f"{kept.shown} holds no snapshot up to {as_of}. Give a later day with --as-of."
        )
    tables = _tables(kept, model, as_of)
    return History(Inputs(last_rows(frame), tables, frame, (), kept.shown), has_today=False)


def _tables(kept: store.History, model: ScoreModel, as_of: date) -> dict[str, pd.DataFrame]:
    days = [d.day for d in kept.days() if d.model == model.label and d.day <= as_of]
    last = kept.recorded(max(days), model.label) if days else None
    return last.tables if last else {}
