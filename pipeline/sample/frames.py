"""Sample inputs as frames: accounts, their optional sheets and a year of monthly history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pipeline.sample.facts import snapshots
from pipeline.sample.judgement import sample_tables
from pipeline.sample.roster import NO_DATA, RATED_BY_HAND, Profile, make_profile
from pipeline.sample.texts import account_texts
from pipeline.sources.accounts import join_overrides
from scoring.columns import Column, account_columns, history_columns
from scoring.derive import derive_metrics
from scoring.inputs import Inputs
from scoring.model import ScoreModel

__all__ = ["sample_inputs"]

Row = dict[str, object]

_AGED_SHARE, _STALE_SHARE = 0.06, 0.4


def sample_inputs(
    model: ScoreModel, *, as_of: date, accounts: int = 64, months: int = 12, seed: int = 7
) -> Inputs:
    """Make sample accounts for a model; the same arguments give the same frames.

    Args:
        model: any score model; each of its metrics gets values from its own curve and scale.
        as_of: the day they are for; contract dates, ages and snapshots count from it.
        accounts: how many; their ids are ``SA-001`` and on.
        months: monthly snapshots before today in the history.
        seed: of everything random.

    Returns:
        Clean `Inputs` (no problems): every optional sheet, and up to ``months`` earlier rows of
        raw inputs an account. Values, snapshots and whole sheets of some accounts are missing.
    """
    dates = tuple(_month_before(as_of, k) for k in range(months, -1, -1))
    profiles = [make_profile(number, dates, seed) for number in range(1, accounts + 1)]
    panel = {p.account_id: snapshots(p, model, seed) for p in profiles}
    today = [_account_row(p, panel[p.account_id][-1], model, seed) for p in profiles]
    past = [row for p in profiles for row in _history_rows(p, panel[p.account_id], seed)]
    frame = typed_frame(today, account_columns(model))
    history = typed_frame(past, history_columns(model))
    tables = sample_tables(
        profiles,
        derive_metrics(frame, model, as_of),
        derive_metrics(history, model, as_of),
        model,
        raw={key: rows[-1] for key, rows in panel.items()},
        as_of=as_of,
    )
    frame = join_overrides(frame, tables["Overrides"])
    return Inputs(accounts=frame, tables=tables, history=history, source="sample data")


def _month_before(day: date, months: int) -> date:
    return (pd.Timestamp(day) - pd.DateOffset(months=months)).date()


def _account_row(profile: Profile, raw: Row, model: ScoreModel, seed: int) -> Row:
    rng = np.random.default_rng([seed, profile.number, 2])
    as_of = profile.dates[-1]
    row = _who(profile) | {
        "account_name": profile.name,
        "csm": profile.csm,
        "region": profile.region,
        "data_as_of": as_of - timedelta(days=int(rng.integers(3))),
    }
    if profile.number == NO_DATA:
        return row | raw
    row |= raw | account_texts(profile, raw)
    row |= _dated_values(raw, model, as_of, rng)
    return row | _typed(profile, model, rng)


def _who(profile: Profile) -> Row:
    """What scoring needs of an account besides its metrics; the same in every snapshot."""
    return {
        "account_id": profile.account_id,
        "segment": profile.segment,
        "arr": profile.arr,
        "currency": profile.currency,
        "start_date": profile.start,
        "renewal_date": profile.renewal,
    }


def _dated_values(raw: Row, model: ScoreModel, as_of: date, rng: np.random.Generator) -> Row:
    """Own dates of a few values, some of them too old to count."""
    out: Row = {}
    for metric in model.metrics:
        aged, stale, more = rng.random(), rng.random(), int(rng.integers(5, 40))
        if metric.key not in raw or metric.max_age_days is None or aged > _AGED_SHARE:
            continue
        days = metric.max_age_days + more if stale < _STALE_SHARE else more % metric.max_age_days
        out[f"{metric.key}_as_of"] = as_of - timedelta(days=days)
    return out


def _typed(profile: Profile, model: ScoreModel, rng: np.random.Generator) -> Row:
    """Dimensions that a person rated: all of one account, the last or second of a few others."""
    dimensions = model.dimensions
    if profile.number % 13 == 2:
        dimensions = (dimensions[profile.number % len(dimensions)],)
    elif profile.number != RATED_BY_HAND:
        return {}
    level = float(profile.levels[-1])
    points = np.clip(level + rng.normal(0, 8, len(dimensions)), 0, 100)
    if model.typed == "rating":
        points = np.clip(np.round(points / 20), 1, 5)
    return {d.key: float(round(p)) for d, p in zip(dimensions, points, strict=True)}


def _history_rows(profile: Profile, rows: Sequence[Row], seed: int) -> list[Row]:
    """Snapshots before today; none before the start, and a month lost here and there."""
    rng = np.random.default_rng([seed, profile.number, 3])
    lost = rng.random(len(rows)) < 0.06
    first = len(rows) - 5 if profile.number % 16 == 6 else 0
    return [
        _who(profile) | {"date": day} | row
        for k, (day, row) in enumerate(zip(profile.dates[:-1], rows[:-1], strict=True))
        if day > profile.start and not lost[k] and k >= first
    ]


def typed_frame(rows: Sequence[Row], columns: Sequence[Column]) -> pd.DataFrame:
    """Rows as a frame of the columns that any row has, in column order, canonical types."""
    present = [c for c in columns if any(c.key in row for row in rows)]
    return pd.DataFrame(
        {c.key: _series([row.get(c.key) for row in rows], c) for c in present},
        index=range(len(rows)),
    )


def _series(cells: list[object], column: Column) -> pd.Series[Any]:
    if column.kind == "date":
        return pd.Series(pd.to_datetime(pd.Series(cells, dtype=object)).astype("datetime64[us]"))
    if column.kind in ("number", "count", "money") and not column.words:
        return pd.Series(cells, dtype=float)
    return pd.Series(cells, dtype=object)
