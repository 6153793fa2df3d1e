"""A source, read and scored: what every command starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.sources import read_source
from pipeline.sources.accounts import expired_overrides
from scoring.columns import account_columns
from scoring.derive import derivation_problems, derive_metrics
from scoring.history import smooth
from scoring.inputs import Inputs, Problem
from scoring.model import ScoreModel
from scoring.score import Scores, score_accounts

__all__ = ["Scored", "names_of", "score_inputs", "score_source"]


@dataclass(frozen=True)
class Scored:
    """A scored source of n accounts.

    Attributes:
        inputs: as read, with what was wrong in the source.
        accounts: n rows with derived metrics filled in.
        scores: of these rows.
        history: earlier rows, each with a score where one was given or could be computed.
        previous: (n,) the latest earlier score; NaN where there is none.
        problems: of the source, then of values that contradict each other.
    """

    inputs: Inputs
    accounts: pd.DataFrame
    scores: Scores
    history: pd.DataFrame
    previous: NDArray[np.float64]
    problems: tuple[Problem, ...]


def score_source(
    source: str | Path,
    model: ScoreModel,
    *,
    as_of: date,
    sheet: str | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    query: str | None = None,
) -> Scored:
    """Read a source and score its accounts for a day; the options are those of `read_source`."""
    inputs = read_source(
        source, model, sheet=sheet, day_first=day_first, decimal=decimal, query=query, as_of=as_of
    )
    return score_inputs(inputs, model, as_of=as_of)


def names_of(inputs: Inputs) -> dict[str, str]:
    """Account id → name, its id where it has none; in the order of the source."""
    ids = inputs.accounts["account_id"].astype(str).tolist()
    if "account_name" not in inputs.accounts:
        return dict(zip(ids, ids, strict=True))
    names = inputs.accounts["account_name"].tolist()
    return {i: n if isinstance(n, str) else i for i, n in zip(ids, names, strict=True)}


def score_inputs(inputs: Inputs, model: ScoreModel, *, as_of: date) -> Scored:
    """Score what was read, for a day."""
    contradictions = derivation_problems(inputs.accounts, model, as_of)
    accounts = derive_metrics(inputs.accounts, model, as_of)
    history = _scored_history(inputs.history, model, as_of)
    scores = score_accounts(accounts, model, as_of=as_of)
    if model.smoothing_days and not history.empty:
        today = pd.DataFrame({"account_id": scores.account_id, "score": scores.model_total})
        mean = smooth(history, today, as_of=as_of, days=model.smoothing_days)
        scores = score_accounts(accounts, model, as_of=as_of, smoothed=mean)
    previous = _previous(history, accounts["account_id"])
    problems = (
        *inputs.problems,
        *contradictions,
        *expired_overrides(inputs, as_of),
        *_without_inputs(inputs, accounts, model),
    )
    return Scored(inputs, accounts, scores, history, previous, problems)


def _without_inputs(inputs: Inputs, accounts: pd.DataFrame, model: ScoreModel) -> list[Problem]:
    """A note where no account can score because the source has none of the model's columns."""
    if any(key in accounts.columns for key in model.inputs):
        return []
    columns = {c.key: c.name for c in account_columns(model) if c.key in set(model.inputs)}
    # A typed dimension is the shortest way to a score.
    typed = [d.key for d in model.dimensions if d.key in columns]
    names = list({k: columns[k] for k in (*typed, *columns)}.values())
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    message = f"No column gives an input of {model.label}, so no account has a score."
    fix = f"Add columns named {shown}, or choose another model (-m)."
    return [Problem(inputs.source, None, "", "", "", message, fix, "note")]


def _scored_history(history: pd.DataFrame, model: ScoreModel, as_of: date) -> pd.DataFrame:
    """Rows before the day; those without a score get the one that their raw inputs give."""
    if history.empty:
        return history
    past = history[pd.to_datetime(history["date"]) < pd.Timestamp(as_of)].reset_index(drop=True)
    given = past["score"] if "score" in past.columns else pd.Series(np.nan, index=past.index)
    score = given.astype(float).copy()
    rows = derive_metrics(past[score.isna()], model, as_of)
    for day, group in rows.groupby("date"):
        found = score_accounts(group, model, as_of=pd.Timestamp(str(day)).date())
        score.loc[group.index] = found.model_total
    return past.assign(score=score)


def _previous(history: pd.DataFrame, ids: pd.Series[str]) -> NDArray[np.float64]:
    if history.empty:
        return np.full(len(ids), np.nan)
    known = history[history["score"].notna()].sort_values("date", kind="stable")
    last = known.drop_duplicates("account_id", keep="last").set_index("account_id")["score"]
    return np.asarray(last.reindex(ids).to_numpy(float))
