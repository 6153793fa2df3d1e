"""A read history → the dated rows that triggers look at, scored where only inputs are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from pipeline.sources import History
from scoring.alerts import HistoryRow
from scoring.columns import normalise
from scoring.derive import derive_metrics
from scoring.happenings import happenings
from scoring.model import ScoreModel
from scoring.rollup import TIERS, tier_code
from scoring.score import MANY, Scores, score_accounts
from scoring.timeline import score_over_time

__all__ = ["history_rows", "unwatched"]

_PLACE = ["account_id", "date"]
_WORDS = {"Green": "green", "Amber": "amber", "Yellow": "amber", "Red": "red"}
# Fact → the columns that tell it, the first that stands there counts.
_TOLD_BY = {
    "csat": ("csat",),
    "csat_10": ("csat_10",),
    "login_gap": ("days_since_activity",),
    "tickets": ("tickets",),
    "ticket_change": ("ticket_change", "ticket_trend_90d", "tickets_vs_average"),
    "payment_failed": ("payment_failed", "payment_failure"),
    "stakeholder_left": ("stakeholder_left", "champion_left", "sponsor_left"),
}
_YES_NO = ("payment_failed", "stakeholder_left")
_NUMBERS = ("score", "usage", "csat", "csat_10", "login_gap", "tickets", "ticket_change")
_USAGE = frozenset({"usage", "productusage"})
_WATCHED = {
    "Renewal date": ("renewal",), "Usage": ("usage",), "CSAT": ("csat", "csat_10"),
    "Days since login": ("login_gap",), "Tickets": ("tickets", "ticket_change"),
    "Payment failed": ("payment_failed",), "Stakeholder left": ("stakeholder_left",),
}  # fmt: skip


def history_rows(
    history: History,
    model: ScoreModel,
    *,
    as_of: date,
    past: Sequence[Scores] | None = None,
) -> list[HistoryRow]:
    """What was known of each account on each day up to one.

    Args:
        history: as read. Where it has today's accounts, rows of others are left out: an account
            that is gone alerts nobody.
        model: scores the rows that give inputs. The tier follows the smoothed score where the
            model smooths. A tier that a person set counts where it is better than the model's: a
            decision is no fall, and calls off what it contradicts.
        as_of: today.
        past: what `timeline.snapshots` made of the history up to that day, where somebody has it.

    Returns:
        A row for each account and day, in no order. Events are rows of the day they happened on.
    """
    scored = _scored(history, model, as_of, past)
    raw = _raw(history, as_of).drop(columns=[c for c in scored.columns if c not in _PLACE],
                                    errors="ignore")  # fmt: skip
    frame = scored.merge(raw, on=_PLACE, how="left")
    rows = {(row.account, row.day): row for row in _rows(_told(frame))}
    for event in happenings(history.inputs.tables, as_of):
        place = (event.account, event.day)
        fact: dict[str, Any] = {event.fact: event.text}
        rows[place] = replace(rows.get(place, HistoryRow(*place)), **fact)
    return list(rows.values())


def unwatched(history: History, rows: list[HistoryRow]) -> list[str]:
    """Names of columns that no row has a value for, so that their triggers cannot fire."""
    empty = HistoryRow("", date.min)
    has_events = "Events" in history.inputs.tables
    columns = {*history.inputs.accounts.columns, *history.inputs.history.columns}
    out = []
    for name, facts in _WATCHED.items():
        if any(f in _YES_NO for f in facts):
            told = has_events or any(key in columns for f in facts for key in _TOLD_BY[f])
        else:
            told = any(_given(map(attrgetter(f), rows), getattr(empty, f)) for f in facts)
        if not told:
            out.append(name)
    return out


def _given(values: Iterable[object], missing: object) -> bool:
    """Whether one is there; there may be millions."""
    return any(v is not missing and v == v for v in values)


def _raw(history: History, as_of: date) -> pd.DataFrame:
    """Facts as they stand in the source, one row an account and day."""
    past = history.inputs.history
    parts = [] if past.empty else [past]
    if history.has_today:
        parts.append(history.inputs.accounts.assign(date=pd.Timestamp(as_of)))
    frame = pd.concat([p.assign(date=pd.to_datetime(p["date"])) for p in parts], ignore_index=True)
    frame = frame.drop_duplicates(_PLACE, keep="last")
    frame["account_id"] = frame["account_id"].astype(str).astype(object)
    return frame.rename(columns={"usage": "usage_given", "tier": "recorded"})


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that `HistoryRow` has, from those that tell them."""
    out = frame[[*_PLACE, "score", "tier", "usage"]].copy()
    for fact, keys in _TOLD_BY.items():
        found = [frame[key] for key in keys if key in frame.columns]
        if found and fact in _YES_NO:
            out[fact] = np.logical_or.reduce([column.isin([True]) for column in found])
        elif found:
            out[fact] = _first(found)
    if "last_activity_date" in frame.columns:
        gap = (frame["date"] - pd.to_datetime(frame["last_activity_date"])).dt.days.astype(float)
        out["login_gap"] = _first([out["login_gap"], gap]) if "login_gap" in out else gap
    if "usage_given" in frame.columns:
        out["usage"] = _first([out["usage"], frame["usage_given"]])
    if "recorded" in frame.columns:
        given = frame["recorded"].map(_WORDS)
        out["tier"] = given.where(given.notna(), out["tier"])
    if "renewal_date" in frame.columns:
        out["renewal"] = frame["renewal_date"]
    return out


def _first(columns: list[pd.Series[Any]]) -> pd.Series[Any]:
    out = columns[0].astype(float)
    for column in columns[1:]:
        out = out.fillna(column.astype(float))
    return out


def _scored(
    history: History, model: ScoreModel, as_of: date, known: Sequence[Scores] | None
) -> pd.DataFrame:
    """Account, date, score, tier, usage and the model's metrics of every row.

    Metrics that are too old to count are missing here, as they are in the score.
    """
    inputs, until = history.inputs, as_of
    accounts, earlier = inputs.accounts, inputs.history
    if not history.has_metrics:
        earlier = earlier[["account_id", "date", "score"]]
    if not history.has_today:
        accounts, until = accounts.iloc[:0], as_of + timedelta(days=1)
    rest = earlier if known is None else earlier.iloc[:0]
    timeline = score_over_time(accounts, rest, model, as_of=until)
    if known is not None:
        timeline = replace(timeline, past=tuple(known))
    metrics = history.has_metrics
    past = [_past(scores, earlier, metrics=metrics) for scores in timeline.past]
    if past and model.smoothing_days:
        past = [_smoothed(pd.concat(past, ignore_index=True), model)]
    if history.has_today:
        past = [p[p["account_id"].isin(list(timeline.now.account_id))] for p in past]
        past.append(_today(timeline.now, accounts))
    some = [p for p in past if len(p)]
    return pd.concat(some, ignore_index=True) if some else _frame(timeline.now, [], metrics=True)


def _past(then: Scores, rows: pd.DataFrame, *, metrics: bool) -> pd.DataFrame:
    """An earlier day; recorded rows may hold what a person set, as today's do."""
    overridden = then.status == "Overridden"
    frame = _frame(then, np.where(overridden, then.model_total, then.total), metrics=metrics)
    if overridden.any():
        own = rows[pd.to_datetime(rows["date"]) == pd.Timestamp(then.as_of)]
        own = own.drop_duplicates("account_id", keep="last").set_index("account_id")
        frame["tier"] = _not_worse(then, own.loc[list(then.account_id)].reset_index())
    return frame


def _today(now: Scores, accounts: pd.DataFrame) -> pd.DataFrame:
    # A new account's neutral score is no measurement that anything could fall from.
    own = np.where(now.status == "Provisional", np.nan, now.model_total)
    today = _frame(now, own, metrics=True)
    if (now.status == "Overridden").any():
        today["tier"] = _not_worse(now, accounts)
    return today


def _not_worse(now: Scores, accounts: pd.DataFrame) -> Any:
    """The tiers of a day; one that a person set below the model's gives way to the model's."""
    plain = accounts.drop(columns=[c for c in accounts.columns if c.startswith("override_")])
    smoothed = now.smoothed if now.model.smoothing_days else None
    plain = derive_metrics(plain, now.model, now.as_of)
    own = score_accounts(plain, now.model, as_of=now.as_of, smoothed=smoothed).tier
    pairs = zip(now.tier, own, strict=True)
    return [max(pair, key=TIERS.index) if all(pair) else pair[1] for pair in pairs]


def _frame(scores: Scores, total: Any, *, metrics: bool) -> pd.DataFrame:
    usage = next((d.key for d in scores.model.dimensions if _is_usage(d)), None)
    out: dict[str, Any] = {
        "account_id": scores.account_id,
        "date": pd.Timestamp(scores.as_of),
        "score": total,
        "tier": scores.tier,
        "usage": np.nan if usage is None else scores.dimensions[usage].to_numpy(float),
    }
    if metrics:
        keys = {m.key for m in scores.model.metrics}
        told = (k for by in _TOLD_BY.values() for k in by if k in keys)
        out |= {key: scores.values[key].to_numpy(float) for key in told}
    return pd.DataFrame(out, index=range(len(scores.account_id)))


def _is_usage(dimension: Any) -> bool:
    return any(
        normalise(text) in _USAGE for text in (dimension.key, dimension.name, *dimension.aliases)
    )


def _smoothed(past: pd.DataFrame, model: ScoreModel) -> pd.DataFrame:
    """Rows with the tiers of the rolling mean; a gate that capped the raw tier caps these too."""
    ordered = past.sort_values(["account_id", "date"], kind="stable")
    window = f"{model.smoothing_days}D"
    mean = ordered.set_index("date").groupby("account_id", sort=False)["score"].rolling(window)
    smooth = pd.Series(mean.mean().to_numpy(), index=ordered.index).reindex(past.index)
    smooth = smooth.where(past["score"].notna())
    code = tier_code(model, smooth.to_numpy(float), MANY)
    plain = tier_code(model, past["score"].to_numpy(float), MANY)
    shown = past["tier"].map({**{t: i for i, t in enumerate(TIERS)}, "": -1}).to_numpy(float)
    code = np.where(shown < plain, np.minimum(code, shown), code)
    return past.assign(tier=np.array([*TIERS, ""], dtype=object)[code.astype(np.intp)])


def _rows(frame: pd.DataFrame) -> Iterator[HistoryRow]:
    facts: dict[str, list[Any]] = {
        "account": frame["account_id"].tolist(),
        "day": frame["date"].dt.date.tolist(),
        "tier": frame["tier"].tolist(),
    }
    for key in (*_NUMBERS, *_YES_NO):
        if key in frame.columns:
            column = frame[key]
            plain = column.isin([True]) if key in _YES_NO else column.astype(float)
            facts[key] = plain.tolist()
    if "renewal" in frame.columns:
        days = pd.to_datetime(frame["renewal"])
        facts["renewal"] = days.dt.date.astype(object).where(days.notna(), None).tolist()
    for row in zip(*facts.values(), strict=True):
        yield HistoryRow(**dict(zip(facts, row, strict=True)))
