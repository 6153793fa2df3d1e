"""Score with a history: what stood before comes in, and what is scored goes in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from pipeline.scored import Scored, names_of, score_inputs
from pipeline.store.exchange import snapshots_of
from pipeline.store.history import History, Recorded
from pipeline.store.rows import snapshot_of
from pipeline.store.write import Written
from scoring.errors import DataError
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel

__all__ = ["Choose", "Remembered", "refuse_future", "score_with_history"]

Choose = Callable[[Mapping[str, str]], Collection[str]]
"""Of all accounts, id → name, the ids of those that are wanted."""


@dataclass(frozen=True)
class Remembered:
    """Scores that a history took part in.

    Attributes:
        scored: as without one; only the chosen accounts.
        written: what became of the snapshot; None where nothing was to be recorded.
        reproduced: the day had been recorded, and its inputs and model were taken from there.
        names: id → name of all accounts of the day, also of those that were not chosen.
        past: earlier snapshots of some accounts with all raw inputs, by their ids.
        record: append the snapshot, for who records only after something else went well; None
            for a day that was reproduced.
    """

    scored: Scored
    written: Written | None = None
    reproduced: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    past: Callable[[Collection[str]], pd.DataFrame] = lambda _: pd.DataFrame()
    record: Callable[[], Written | None] = lambda: None


def score_with_history(
    source: Inputs | Callable[[], Inputs],
    model: ScoreModel,
    history: History,
    *,
    as_of: date,
    today: date,
    record: bool,
    correct: bool = False,
    full: bool = False,
    named: bool = True,
    choose: Choose | None = None,
) -> Remembered:
    """Score what was read, beside the snapshots of a history.

    A day that is over and was recorded is reproduced: its accounts, its model and what stood
    before it come from the history as they were known then, not from the source, which has moved
    on. Of two earlier rows for one account and date the history's counts before the source's.

    Args:
        source: as read, or what reads it; a day that is reproduced needs no reading.
        model: the score model; for a day that is reproduced, that of its name as it was then.
        history: where snapshots are kept.
        as_of: the day to score.
        today: the day it is.
        record: append the snapshot, and the source's own earlier rows, so that the day can be
            reproduced. Today's is corrected where the source changed since.
        correct: take a past day's values from the source, and record them as a correction.
        full: give every earlier snapshot with its raw inputs, which a report shows.
        named: whether a person chose the model; if not, a past day has the one that scored it.
        choose: of the accounts those to score, where nothing is recorded; all without it.

    Raises:
        DataError: a day that has not come yet is to be recorded.
    """
    if record:
        refuse_future(as_of, today)
    over = as_of < today
    past = _past(history, model, as_of, named, choose) if over and not correct else None
    inputs, given, names = _of_history(past) if past else _of_source(source, choose)
    known_to, used = (past.run, past.model) if past else (None, model)

    def earlier(wanted: Collection[str] | None, *, full: bool) -> pd.DataFrame:
        own = given.history if wanted is None else given.of_accounts(wanted).history
        kept = history.earlier(used, before=as_of, full=full, known_to=known_to, accounts=wanted)
        return _joined(own, kept)

    wanted = None if choose is None else given.accounts["account_id"].tolist()
    joined = replace(given, history=earlier(wanted, full=full))
    scored = score_inputs(joined, used, as_of=as_of)
    if past is not None:
        notes = _differences(scored, past, model, history.shown)
        scored = replace(scored, problems=(*scored.problems, *notes))

    def recorded() -> Written | None:
        if past is not None:
            return None
        return _record(inputs, scored, history, correct=correct or not over)

    done = Remembered(
        scored, None, past is not None, names, lambda ids: earlier(ids, full=True), recorded
    )
    return replace(done, written=recorded()) if record else done


_Given = tuple[Inputs, Inputs, Mapping[str, str]]
"""All that was read; the accounts of it to score; id → name of all."""


def _of_history(past: Recorded) -> _Given:
    given = Inputs(past.accounts, past.tables, source=past.source)
    return given, given, past.names


def _of_source(source: Inputs | Callable[[], Inputs], choose: Choose | None) -> _Given:
    inputs = source() if callable(source) else source
    names = names_of(inputs)
    return inputs, inputs if choose is None else inputs.of_accounts(choose(names)), names


def refuse_future(as_of: date, today: date) -> None:
    """Refuse to record a day that has not come yet.

    Raises:
        DataError: every later snapshot would compare with a guess.
    """
    if as_of > today:
        raise DataError(
            f"{as_of} is after today, {today}, and a history records no future. Give --as-of a "
            "day up to today, or add --no-history."
        )


def _past(
    history: History, model: ScoreModel, day: date, named: bool, choose: Choose | None
) -> Recorded | None:
    label = history.label_of(day, model, named=named)
    return None if label is None else history.recorded(day, label, choose)


def _record(inputs: Inputs, scored: Scored, history: History, *, correct: bool) -> Written:
    """Append the snapshot, after the earlier rows that the source has and the history lacks."""
    scores = scored.scores
    own = False
    if not inputs.history.empty:
        before = pd.to_datetime(inputs.history["date"]) < pd.Timestamp(scores.as_of)
        new = history.not_kept(inputs.history[before])
        for day in snapshots_of(new, scores.model, inputs.source):
            found = history.record(day, correct=True)
            own |= bool(found.new or found.corrected)
    snapshot = snapshot_of(inputs.accounts, scores, tables=inputs.tables, source=inputs.source)
    return history.record(snapshot, correct=correct, mark=own)


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


def _differences(scored: Scored, past: Recorded, model: ScoreModel, shown: str) -> list[Problem]:
    """Notes where today's model or program gives another outcome than was recorded."""
    notes = []
    if model.label == past.model.label and model.digest != past.model.digest:
        message = f"{model.label} was changed since {past.day.isoformat()} without a new version."
        fix = "That day stands under the model as it was; give the new one a version."
        notes.append(Problem(shown, None, "", "", "", message, fix, "note"))
    entries, scores = past.entries, scored.scores
    same = np.isclose(entries["score"], scores.total, rtol=0.0, atol=0.0, equal_nan=True)
    same &= entries["tier"].to_numpy(object) == scores.tier
    count = int((~same).sum())
    if count:
        message = (
            f"{count:,} of {len(same):,} accounts score differently from what was recorded for "
            f"{past.day.isoformat()}."
        )
        fix = "Corrections of one day came from two contents of the model, or the program changed."
        notes.append(Problem(shown, None, "", "", "", message, fix, "note"))
    return notes
